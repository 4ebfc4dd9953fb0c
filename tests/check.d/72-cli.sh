#!/bin/sh
# The command line: help with examples that run, the nearest right word for a wrong one, both languages under any locale, colours.
exec python3 tests/check.d/72-cli.py "${VANBAN:-build/vanban}"
