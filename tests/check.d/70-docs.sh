#!/bin/sh
# What the pages say is so: docs/formats.md names every column of the built-in lists and every element and attribute of job.xml, and its
# example job builds; the commands of README.md are those of the program, and README.vi.md shows the same ones.
exec python3 tests/check.d/docs.py "${VANBAN:-build/vanban}"
