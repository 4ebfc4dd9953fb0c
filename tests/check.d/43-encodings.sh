#!/bin/sh
# Files of each kind in each encoding under each declaration.
exec python3 "$(dirname "$0")/43-encodings.py" "${VANBAN:-build/check/vanban}"
