#!/bin/sh
# Ten common mistakes: docs/mistakes.md shows what the program says to each, in both languages, and it says exactly that. UPDATE=1 writes
# anew what the page shows.
exec python3 tests/check.d/74-mistakes.py "${VANBAN:-build/vanban}"
