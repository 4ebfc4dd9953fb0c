#!/bin/sh
# Long work on a terminal: how many documents are done, how many a second, how long it still takes, in a line that goes when the work is done.
exec python3 tests/check.d/56-terminal.py "${VANBAN:-$PWD/build/check/vanban}"
