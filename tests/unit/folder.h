/* A folder of a test's own, removed with all that is in it. For the tests of every room. */
#ifndef VB_TEST_FOLDER_H
#define VB_TEST_FOLDER_H

#include <stddef.h>

/* Makes a new folder below $TMPDIR or /tmp; ends the test when it cannot. The path is absolute, links followed. */
void folder_make(char path[256]);
/* Removes it and everything below; links are removed, not followed. */
void folder_drop(const char *path);
/* dir/name, in one of eight buffers used in turn. */
const char *folder_path(const char *dir, const char *name);
/* Writes a text file; ends the test when it cannot. */
void folder_put(const char *dir, const char *name, const char *text);
/* How many entries the folder has; -1 when it cannot be read. */
int folder_count(const char *dir);

#endif
