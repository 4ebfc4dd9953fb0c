#!/bin/sh
# Rules of templates and forms: a positive and a negative test each.
exec python3 "$(dirname "$0")/41-sql-rules.py" "${VANBAN:-build/check/vanban}"
