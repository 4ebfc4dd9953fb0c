/* A form: indicators, code lists, rules with their SQL. */
#include "fuzz.h"

#include "store/store.h"
#include "template/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const char *const dirs[] = {fuzz_dir(), "templates"};
  const vb_library lib = {dirs, 2};
  vb_diag *d = fuzz_diag();
  vb_form *f = NULL;
  vb_store *store = NULL;
  (void)fuzz_file("forms/mau.xml", data, size);
  vb_status s = vb_form_open(d, &lib, VB_LIT("mau"), VB_NOWHERE, &f);
  if (s == VB_OK) {
    s = vb_store_open(d, NULL, &store);
    if (s == VB_OK) s = vb_store_begin(d, store);
    if (s == VB_OK) s = vb_form_load(d, f, store);
    if (s == VB_OK) s = vb_store_commit(d, store);
    if (s == VB_OK) s = vb_form_check(d, f, store);
    vb_form_close(f);
    vb_store_close(store);
  }
  fuzz_end(d, s);
  return 0;
}
