/* terminal.c: what the stream that a verb prints to can show. Part of batch. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch/batch.h"

bool vb_terminal_colours(FILE *to) {
  const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
  return isatty(fileno(to)) && (no == NULL || no[0] == '\0') && term != NULL && strcmp(term, "dumb") != 0;
}
