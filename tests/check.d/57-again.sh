#!/bin/sh
# What a run leaves of the run before: a job edited at random, built on in one folder, against a fresh folder and against shards. Longer by hand: AGAIN_STEPS, AGAIN_SEED.
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
exec python3 tests/check.d/57-again.py "${VANBAN:-build/check/vanban}" tests/fault/job "${AGAIN_SEED:-2}" "${AGAIN_STEPS:-25}"
