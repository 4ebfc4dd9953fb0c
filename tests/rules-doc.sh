#!/bin/sh
# Prints docs/checking.md from the program's own list: sh tests/rules-doc.sh PROGRAM
set -eu
cat <<'TEXT'
# What is checked

`vanban check JOB` reads a job, checks its figures, its documents and the batch, and writes nothing; `vanban build` does the same and withholds a document while an
error about it stands. `--strict` counts warnings as errors. Rules of a form or template stand there as SQL with id, severity and messages (docs/templates.md) and
run beside these.

A finding that is known and accepted is waived in `job.xml`; it stays in the manifest, marked. Keys that are left out hold for all; a waiver that meets nothing is a warning.

    <waive rule="A06" unit="quang-tho" code="3.4.3" reason="…" who="…" date="2023-12-06"/>

`code` is the indicator, or for words the slot of the text file that they stand in. This table is printed by `tests/rules-doc.sh` from the program (`vanban check --list-rules`).

| rule | usual severity | what it checks (basis) |
|---|---|---|
TEXT
"$1" check --list-rules --lang en | sed 's/^\([A-Za-z0-9-]*\) \([a-z]*\): \(.*\)$/| \1 | \2 | \3 |/'
cat <<'TEXT'

## What the rules find

Three real plans were read line by line, and their mistakes are typed into the sample jobs as their clerks typed them (`tests/proof/findings.txt`). The tables are
printed by `tests/check.d/42-proof.py`, which fails where a mistake that is certain and must be corrected is missed although a rule of its kind is there. Places that are
right and look wrong (`tests/proof/right.txt`) must pass without an error, and so must every sample once its true mistakes are mended (`tests/proof/mended.txt`).

TEXT
python3 tests/check.d/42-proof.py --table "$1"
