#!/bin/sh
# Roll-up: the sample district is built, and every sum, rate and change in its report and its workbook is worked out again from the CSV
# files by a program of its own. Then reports of other periods, and of the two levels that stand since 1 July 2025.
set -eu
VANBAN=${VANBAN:-$PWD/build/check/vanban}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# ok NAME COMMAND...: counts; the output of a failure is shown.
ok() {
  what=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $what"
    head -n 30 "$work/log"
  fi
}

ok "the district's job" "$VANBAN" build -o "$work/out" -f pdf,xlsx samples/tong-hop-huyen-2023
ok "its figures" /usr/bin/python3 tests/check.d/40-rollup.py district samples/tong-hop-huyen-2023 "$work/out/tong-hop-huyen-2023"

ok "the district's job with a database" "$VANBAN" build -o "$work/out2" -f pdf --db "$work/vanban.db" samples/tong-hop-huyen-2023
ok "deliveries on record" /usr/bin/python3 tests/check.d/40-rollup.py database samples/tong-hop-huyen-2023 "$work/vanban.db"

# half PERIOD NAME: a copy of the small job in $work/job, with a text for every slot of the template.
half() {
  rm -rf "$work/job"
  cp -R tests/data/cchc-6-thang "$work/job"
  mkdir "$work/job/noi-dung"
  grep -o 'slot="[^"]*"' templates/bao-cao-cchc.xml | cut -d'"' -f2 | while read -r slot; do
    echo "Nội dung của mục $slot." >"$work/job/noi-dung/$slot.txt"
  done
  sed -i -e "s/period=\"2023-6T\"/period=\"$1\"/" -e "s/name=\"cchc-6-thang\"/name=\"$2\"/" "$work/job/job.xml"
}

half 2023-6T cchc-6-thang
ok "a half-year's job" "$VANBAN" build -o "$work/out" -f pdf,xlsx "$work/job"
ok "its title and figures" /usr/bin/python3 tests/check.d/40-rollup.py half tests/data/cchc-6-thang "$work/out/cchc-6-thang"
for part in 'Q1:quý I năm 2023|quý II năm 2023' '9T:9 tháng năm 2023|3 tháng cuối năm 2023'; do
  half "2023-${part%%:*}" ky
  ok "a report of ${part%%:*}" "$VANBAN" build -o "$work/out" -f pdf "$work/job"
  ok "its title says ${part#*:}" /usr/bin/python3 tests/check.d/40-rollup.py title "$work/out/ky" "${part#*:}"
done

half 2023-6T huyen
printf 'Mã;Tên;Loại;Cấp;Trực thuộc;Địa danh\nhuyen-mau;huyện Mẫu;huyện;huyen;;Mẫu\nmau;xã Mẫu;xã;xa;huyen-mau;Mẫu\nmau-2;xã Mẫu Hai;xã;xa;huyen-mau;Mẫu\n' >"$work/job/don-vi.csv"
sed -i -e '1s/^/Mã đơn vị;/' -e '2,$s/^/mau;/' "$work/job/so-lieu.csv"
printf 'mau-2;1.1.1;31\nmau-2;1.1.2;30\nmau-2;1.1.3;95\nmau-2;3.5.3;100\n' >>"$work/job/so-lieu.csv"
echo 'Đề ra {1.1.1} nhiệm vụ.' >"$work/job/noi-dung/I.1.txt"
sed -i -e 's/file="so-lieu.csv" unit="mau"/file="so-lieu.csv"/' -e 's/units="mau"/units="huyen-mau" data="children"/' "$work/job/job.xml"
ok "the communes' template for their parent" "$VANBAN" build -o "$work/out" -f pdf,xlsx "$work/job"
ok "its figures are those of the communes" /usr/bin/python3 tests/check.d/40-rollup.py any "$work/job" "$work/out/huyen"

ok "two levels" "$VANBAN" build -o "$work/out" -f pdf,xlsx tests/data/hai-cap-2025
ok "names, addressees and figures of two levels" /usr/bin/python3 tests/check.d/40-rollup.py levels tests/data/hai-cap-2025 "$work/out/hai-cap-2025"
rm -rf "$work/job"
cp -R tests/data/hai-cap-2025 "$work/job"
sed -i -e 's/date="2025-12-18"/date="2025-06-20"/' -e 's/name="hai-cap-2025" period="2025"/name="truoc" period="2025-6T"/' "$work/job/job.xml"
sed -i -e 's/2025-12-1[0-9]/2025-06-17/' "$work/job/van-ban.csv"
ok "the same units before 1 July 2025" "$VANBAN" build -o "$work/out" -f pdf "$work/job"
ok "they bear the names of that time" /usr/bin/python3 tests/check.d/40-rollup.py before "$work/out/truoc"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
