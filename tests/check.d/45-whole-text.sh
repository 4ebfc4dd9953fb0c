#!/bin/sh
# A generated document of the longest real one's size, read back word by word.
set -eu
exec python3 tests/check.d/45-whole-text.py
