#!/bin/sh
# What `make fuzz` alone needs: clang with its fuzzer.
set -eu
if ! command -v clang >/dev/null; then
  [ "$(id -u)" = 0 ] || { echo "fuzz: install clang and libclang-rt-14-dev" >&2; exit 1; }
  apt-get -q update
  DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install clang libclang-rt-14-dev
fi
