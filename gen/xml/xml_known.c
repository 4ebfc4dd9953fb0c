/* xml_known: files that were valid when the program was made are not validated anew. For gen/xml alone.
 *
 * The templates, forms and registers that come with the program are nearly always the ones a job uses. Compiling their schemas and validating them was a
 * sixth of all that a first document costs. tests/made.py lets xmllint validate each and writes it into xml_known.def, and `make check` holds the list
 * against the files. A file that differs by a byte, or a schema that does, is none of the list, and is validated like any other.
 */
#include "xml/xml_int.h"

#include <string.h>

static const struct { const char *schema, *file; } known[] = {
#define VB_XML_KNOWN(schema, file) {schema, file},
#include "xml/xml_known.def"
#undef VB_XML_KNOWN
};
enum { KNOWN = sizeof known / sizeof known[0] };

bool vb_xml_known_schema(const char *schema)
{
  for (size_t i = 0; i < KNOWN; i++)
    if (strcmp(known[i].schema, schema) == 0) return true;
  return false;
}

bool vb_xml_known(const char *schema, vb_span bytes)
{
  char sha256[VB_SHA256_HEX];
  if (!vb_sha256(bytes.p, bytes.n, sha256)) return false;
  for (size_t i = 0; i < KNOWN; i++)
    if (strcmp(known[i].file, sha256) == 0 && strcmp(known[i].schema, schema) == 0) return true;
  return false;
}
