#!/bin/sh
# Every command of README.md and README.vi.md runs, in the order of the page, as a clerk would run them: in a fresh copy, with the files
# filled in where the page says so, the passphrase typed on a terminal.
exec python3 tests/check.d/71-readme.py "${VANBAN:-build/vanban}"
