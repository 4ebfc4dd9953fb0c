#!/bin/sh
# `make deb`: copies what git knows of the tree (all of it outside git) to build/deb/vanban-<version>, writes the changelog from git, and
# builds the package there. The version is the tag's (v1.2.3 → 1.2.3), or that of the file VERSION with day and commit behind it.
set -eu
for tool in dpkg-buildpackage dh; do
  command -v $tool >/dev/null || { echo "make deb: $tool is missing; apt-get install dpkg-dev debhelper" >&2; exit 1; }
done
base=$(cat VERSION)
if commit=$(git rev-parse --short=7 HEAD 2>/dev/null); then
  version=$(git describe --tags --exact-match --match 'v[0-9]*' 2>/dev/null | sed 's/^v//') || version=
  [ -n "$version" ] || version=$base+git$(git log -1 --format=%cd --date=format:%Y%m%d).$commit
  day=$(git log -1 --format=%cD)
  list() { git ls-files -z; }
else
  version=$base
  day=$(date -R -r VERSION)
  list() { find . -type f -not -path './build/*' -not -path './output/*' -print0; }
fi
# Who packs it, as Debian's own tools ask for it; without, a name whose address is plainly none (RFC 2606).
packer="${DEBFULLNAME:-vanban authors} <${DEBEMAIL:-vanban@vanban.invalid}>"
stage=build/deb/vanban-$version
rm -rf build/deb
mkdir -p "$stage"
list | tar --null --no-recursion --files-from=- -cf - | tar -C "$stage" -xf -
sed -i "s/^Maintainer: .*/Maintainer: $packer/" "$stage/debian/control"
cat >"$stage/debian/changelog" <<TEXT
vanban ($version) unstable; urgency=medium

  * Built from the source tree; its history is the list of changes.

 -- $packer  $day
TEXT
(cd "$stage" && dpkg-buildpackage -us -uc -b -d >../build.log 2>&1) || { tail -n 40 build/deb/build.log >&2; exit 1; }
rm -rf "$stage"
ls build/deb/*.deb
