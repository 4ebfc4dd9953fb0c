/* version.c: what the build tells the program: its version, and where its templates are installed. The Makefile compiles it anew for each. */
#include "batch/batch.h"
#include "batch/batch_int.h"

#ifndef VB_VERSION
#define VB_VERSION "0"
#endif
#ifndef VB_DATADIR
#define VB_DATADIR "/usr/local/share/vanban"
#endif

const char *vb_generator(void) { return "vanban " VB_VERSION; }
const char *vb_installed_templates(void) { return VB_DATADIR "/templates"; }
