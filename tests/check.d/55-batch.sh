#!/bin/sh
# Many documents: the same bytes from any number of workers, from shards that are merged, and from a run that was killed and run again; a worker
# that dies costs its document; what has not changed is not made again, roll-ups included. docs/scale.md: its YAML is read and its GNU parallel line runs.
set -u
vanban=${VANBAN:-$PWD/build/check/vanban}
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
name=bao-cao-cchc-quang-tho-2023
ok() { if [ "$2" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "failed: $1"; fi; }
build() { "$vanban" --lang en -q build "$@"; }
same() { diff -r "$1" "$2" >"$dir/diff" 2>&1; code=$?; [ $code = 0 ] || head -n 5 "$dir/diff"; return $code; }
but_status() { # the manifest may differ in status alone
  diff -r -x manifest.json "$1" "$2" >"$dir/diff" 2>&1 || { head -n 5 "$dir/diff"; return 1; }
  sed 's/"status": "unchanged"/"status": "written"/' "$1/$name/manifest.json" >"$dir/a"
  sed 's/"status": "unchanged"/"status": "written"/' "$2/$name/manifest.json" | cmp -s - "$dir/a"
}
with_status() { grep -c "\"status\": \"$2\"" "$1/$name/manifest.json"; }

python3 tests/check.d/55-batch.py "$dir/job" 5 || exit 1
build -j 1 -o "$dir/one" "$dir/job" 2>"$dir/log"; ok "-j 1" $?
grep -q "Sanitizer\|runtime error" "$dir/log"; ok "no worker complains" $((!$?))
build -j 2 -o "$dir/two" "$dir/job" && same "$dir/one" "$dir/two"; ok "-j 2 gives the bytes of -j 1" $?
build -j 7 -o "$dir/seven" "$dir/job" && same "$dir/one" "$dir/seven"; ok "-j 7 gives the bytes of -j 1" $?

# texts are noted by a child where there are workers; links and what is no text, by the run itself
cp -r "$dir/job" "$dir/odd"
ln -s ../job.xml "$dir/odd/noi-dung/lien-ket.txt"; ln -s /etc/hosts "$dir/odd/noi-dung/ra-ngoai.txt"; mkfifo "$dir/odd/noi-dung/ong.txt"
mkdir "$dir/odd/noi-dung/xa-001" && cp "$dir/odd/noi-dung/I.1.txt" "$dir/odd/noi-dung/xa-001" && ln -s xa-001 "$dir/odd/noi-dung/xa-002"
build -j 1 -o "$dir/odd1" "$dir/odd" && build -j 2 -o "$dir/odd2" "$dir/odd" && same "$dir/odd1" "$dir/odd2"; ok "links and pipes among the texts: -j 2 as -j 1" $?
grep -q '"path": "noi-dung/lien-ket.txt"' "$dir/odd2/$name/manifest.json" && ! grep -q "ra-ngoai\|ong.txt" "$dir/odd2/$name/manifest.json"; ok "and the inputs are those that were read" $?
build -j 2 -o "$dir/odd1" "$dir/odd" && [ "$(with_status "$dir/odd1" unchanged)" = 5 ]; ok "who noted them makes no difference to the next run" $?

# shards, as the batch systems name them
SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_MIN=4 SLURM_ARRAY_TASK_COUNT=3 build --shard auto -o "$dir/s1" "$dir/job"; ok "a Slurm array" $?
JOB_COMPLETION_INDEX=1 VANBAN_SHARDS=3 build --shard auto -o "$dir/s2" "$dir/job"; ok "a Kubernetes Indexed Job" $?
"$vanban" -q merge -o "$dir/none" "$dir/s1" "$dir/s2" 2>"$dir/log"; [ $? = 1 ] && grep -q "shard 3 of 3 is missing" "$dir/log" && [ ! -e "$dir/none" ]; ok "a missing shard is named" $?
build --shard 3/3 -o "$dir/s3" "$dir/job"; ok "a shard by its number" $?
"$vanban" -q merge -o "$dir/merged" "$dir/s3" "$dir/s1/$name" "$dir/s2" && same "$dir/one" "$dir/merged"; ok "merged shards are one run" $?
"$vanban" -q verify "$dir/merged"; ok "the merged folder verifies" $?
"$vanban" -q merge -o "$dir/s1" "$dir/s1" "$dir/s2" "$dir/s3" 2>/dev/null; [ $? = 2 ]; ok "not into itself" $?
sed 's|</job>|<waive rule="T01" reason="thử" who="thử" date="2023-12-06"/></job>|' "$dir/job/job.xml" >"$dir/job.xml"
cp -r "$dir/job" "$dir/warned" && mv "$dir/job.xml" "$dir/warned/job.xml"
for k in 1 2; do build --strict -f pdf --unit xa-001,xa-002 --shard $k/2 -o "$dir/w$k" "$dir/warned" 2>/dev/null; done
build --strict -f pdf --unit xa-001,xa-002 -o "$dir/w" "$dir/warned" 2>/dev/null; [ $? = 1 ]; ok "a waiver that meets nothing is an error with --strict" $?
"$vanban" -q merge -o "$dir/w3" "$dir/w1" "$dir/w2" 2>/dev/null; [ $? = 1 ] && same "$dir/w" "$dir/w3"; ok "and for shards that were made with it" $?
pdf=$(find "$dir/s2" -name '*.pdf' | head -n 1); echo x >>"$pdf"
"$vanban" -q merge -o "$dir/broken" "$dir/s1" "$dir/s2" "$dir/s3" 2>"$dir/log"; [ $? = 1 ] && [ "$(with_status "$dir/broken" withheld)" = 1 ] && [ "$(with_status "$dir/broken" written)" = 4 ]; ok "a damaged file withholds its document" $?
for bad in 0/3 4/3 1 a/b 1/ /2; do "$vanban" build --shard $bad "$dir/job" 2>/dev/null; [ $? = 2 ]; ok "--shard $bad is refused" $?; done
env -u SLURM_ARRAY_TASK_ID -u JOB_COMPLETION_INDEX "$vanban" build --shard auto "$dir/job" 2>/dev/null; [ $? = 2 ]; ok "--shard auto needs its variables" $?

# killed at several points, then run again
for made in 0 1 3; do
  rm -rf "$dir/killed"
  "$vanban" -q build -j 2 -o "$dir/killed" "$dir/job" 2>/dev/null & # not by the function: $! is to be its own
  pid=$!
  while kill -0 $pid 2>/dev/null && [ "$(find "$dir/killed" -name '*.trace.json' 2>/dev/null | wc -l)" -lt $made ]; do sleep 0.02; done
  kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
  build -j 2 -o "$dir/killed" "$dir/job" && but_status "$dir/one" "$dir/killed"; ok "killed after $made documents, and run again" $?
done

# nothing, one figure, the template
build -o "$dir/two" "$dir/job" && [ "$(with_status "$dir/two" unchanged)" = 5 ] && but_status "$dir/one" "$dir/two"; ok "nothing changed, nothing made" $?
cp -r "$dir/job" "$dir/other"
sed -i '/^xa-003;/s/;1703;/;1799;/' "$dir/other/so-lieu.csv"
build -o "$dir/two" "$dir/other" && [ "$(with_status "$dir/two" written)" = 1 ] && [ "$(with_status "$dir/two" unchanged)" = 4 ]; ok "one figure, one document" $?
build -o "$dir/fresh" "$dir/other" && but_status "$dir/fresh" "$dir/two"; ok "and its bytes are those of a fresh run" $?
rm "$dir/two/$name/xa-001/bao-cao-cchc.xlsx"; echo x >>"$dir/two/$name/xa-002/bao-cao-cchc.pdf"
build -o "$dir/two" "$dir/other" && [ "$(with_status "$dir/two" written)" = 2 ] && but_status "$dir/fresh" "$dir/two"; ok "files that went or changed are made again" $?
mkdir -p "$dir/other/templates" && sed 's/<\/about>/ <\/about>/' templates/bao-cao-cchc.xml >"$dir/other/templates/bao-cao-cchc.xml"
build -o "$dir/two" "$dir/other" && [ "$(with_status "$dir/two" written)" = 5 ]; ok "a new template, all documents" $?
build --force --unit xa-001 -o "$dir/two" "$dir/other" && [ "$(with_status "$dir/two" written)" = 1 ]; ok "--force" $?

# a roll-up hangs on the figures of its communes, and on nothing else of theirs
cp -r samples/tong-hop-huyen-2023 "$dir/district"
district() { "$vanban" --lang en -q build -j 2 -f pdf,xlsx -o "$dir/rolled" "$dir/district" 2>/dev/null; }
written() { python3 -c 'import json, sys; print(*sorted(d["unit"] for d in json.load(open(sys.argv[1]))["documents"] if d["status"] == "written"))' "$dir/rolled/tong-hop-huyen-2023/manifest.json"; }
district
district && [ "$(written)" = "" ]; ok "nothing changed, no roll-up" $?
sed -i '/^an-phu;1.1.3;/s/24/25/' "$dir/district/so-lieu-2023.csv"
district && [ "$(written)" = "an-phu huong-dien" ]; ok "a commune's figure: its report and the roll-up" $?
sed -i '/^an-loc;/s/;132;/;133;/' "$dir/district/van-ban.csv"
district && [ "$(written)" = "an-loc" ]; ok "a commune's number: its report alone" $?

# a worker that is killed: one document, by a query that lasts
mkdir -p "$dir/slow/templates"
cat >"$dir/slow/templates/cham.xml" <<'X'
<?xml version="1.0" encoding="UTF-8"?>
<template id="cham" kind="BC"><about lang="vi">Chậm</about><subject>Việc lâu</subject>
<body><include part="letterhead"/><include part="title"/><p>Đơn vị: {= CASE WHEN :unit = 'xa-b' THEN (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i &lt; 3000000) SELECT max(i) FROM n) ELSE 1 END | plain}.</p><include part="signature"/></body></template>
X
printf 'Mã;Tên;Cấp;Địa danh\nxa-a;xã A;xa;A\nxa-b;xã B;xa;B\nxa-c;xã C;xa;C\n' >"$dir/slow/don-vi.csv"
echo '<job name="cham" period="2023" date="2023-12-06" state="draft"><units file="don-vi.csv"/><document id="cham" template="cham" data="none"><recipient name="Như trên"/><signer authority="TM. ỦY BAN NHÂN DÂN" position="CHỦ TỊCH" name="Trần Thị Thử"/><archive unit="VT"/></document></job>' >"$dir/slow/job.xml"
"$vanban" --lang en build -j 1 -f pdf -o "$dir/lost" "$dir/slow" 2>"$dir/log" &
pid=$!
while kill -0 $pid 2>/dev/null && [ ! -e "$dir/lost/cham/xa-a/cham.pdf" ]; do sleep 0.02; done
sleep 0.1
kill -9 "$(cat /proc/$pid/task/$pid/children)" 2>/dev/null
wait $pid; code=$?
[ $code = 1 ] && grep -q "worker-lost" "$dir/log" && [ -e "$dir/lost/cham/xa-a/cham.pdf" ] && [ ! -e "$dir/lost/cham/xa-b/cham.pdf" ] && [ -e "$dir/lost/cham/xa-c/cham.pdf" ]
ok "a worker that dies costs one document" $?
[ $failed = 0 ] || cat "$dir/log"

# the recipes
python3 - docs/scale.md <<'P'
import re, sys, yaml
text = open(sys.argv[1], encoding="utf-8").read()
jobs = [yaml.safe_load(t) for t in re.findall(r"```yaml\n(.*?)```", text, re.S)]
job = next(j for j in jobs if j["kind"] == "Job")
pod = job["spec"]["template"]["spec"]
env = {e["name"]: e["value"] for c in pod["containers"] for e in c.get("env", [])}
assert job["spec"]["completionMode"] == "Indexed" and env["VANBAN_SHARDS"] == str(job["spec"]["completions"]), env
assert "auto" in pod["containers"][0]["args"], pod
P
ok "the YAML of docs/scale.md" $?
line=$(sed -n 's/^parallel /parallel /p' docs/scale.md | head -n 1)
(mkdir -p "$dir/par" && cd "$dir/par" && cp -r ../job cong-viec && PATH="$dir/bin:$PATH" && mkdir -p "$dir/bin" && ln -s "$vanban" "$dir/bin/vanban" && eval "$line" && vanban -q merge -o ca-nuoc phan-*) >"$dir/log" 2>&1 && same "$dir/one" "$dir/par/ca-nuoc"
ok "GNU parallel as docs/scale.md has it" $?
echo "$passed passed, $failed failed"
[ $failed = 0 ]
