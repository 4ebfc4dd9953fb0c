/* CSV: separators, quotes, headers long and wide, encodings. The first byte chooses the dataset and the declared encoding. */
#include "fuzz_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return fuzz_read("so-lieu.csv", data, size); }
