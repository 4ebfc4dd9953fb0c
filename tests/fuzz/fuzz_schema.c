/* A RELAX NG schema of a job's own folder of templates. */
#include "fuzz.h"

#include "xml/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  vb_diag *d = fuzz_diag();
  vb_arena *a = vb_arena_new(0);
  vb_xml_schema *schema = NULL;
  FUZZ_CHECK(a != NULL);
  vb_status s = vb_xml_schema_open(d, fuzz_file("a.rng", data, size), &schema);
  if (s == VB_OK) {
    vb_xml_node *root = NULL;
    s = vb_xml_parse(d, a, "a.xml", VB_LIT("<a x=\"1\"><b>2</b><c y=\"2023-12-06\"/></a>"), schema, &root);
  }
  vb_xml_schema_close(schema);
  vb_arena_free(a);
  fuzz_end(d, s);
  return 0;
}
