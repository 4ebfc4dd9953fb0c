/* The published XML shape of figures. The first byte chooses the dataset. */
#include "fuzz_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return fuzz_read("so-lieu.xml", data, size); }
