/* job.xml against its schema, and its meaning. */
#include "fuzz.h"

#include "batch/job.h"
#include "xml/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const char *const dirs[] = {"templates"};
  const vb_library lib = {dirs, 1};
  vb_diag *d = fuzz_diag();
  vb_job *job = NULL;
  (void)fuzz_file("job.xml", data, size);
  vb_status s = vb_job_open(d, fuzz_dir(), &lib, &job);
  if (s == VB_OK) {
    for (size_t i = 0; i < job->n_files; i++) FUZZ_CHECK(job->files[i].pattern.p != NULL);
    for (size_t i = 0; i < job->n_docs; i++) FUZZ_CHECK(job->docs[i].id && job->docs[i].template_id);
    for (size_t i = 0; i < job->n_waivers; i++) FUZZ_CHECK(job->waivers[i].rule && job->waivers[i].reason);
    FUZZ_CHECK(job->name && !strchr(job->name, '/') && strcmp(job->name, "..") != 0);
  }
  vb_job_close(job);
  fuzz_end(d, s);
  return 0;
}
