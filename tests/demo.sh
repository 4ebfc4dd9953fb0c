#!/bin/sh
# Runs every job under samples/ into output/ and says in both languages where to look. Ends with 1 when a job did not end well.
set -u

bad=
count=0
for job in samples/*/job.xml; do
  [ -f "$job" ] || continue
  job=${job%/job.xml}
  echo "== $job"
  build/vanban build -o output "$job" || bad="$bad $job"
  count=$((count + 1))
done

echo
if [ "$count" = 0 ]; then
  echo "samples/ chưa có đợt lập văn bản nào."
  echo "There is no job under samples/ yet."
  exit 0
fi
echo "Đã chạy $count đợt lập văn bản. Kết quả nằm trong output/:"
echo "$count jobs have run. The results are in output/:"
for index in output/*/index.html; do
  [ -f "$index" ] && echo "  $index"
done
echo "Hãy mở các trang đó bằng trình duyệt; tệp PDF, XLSX nằm cạnh, theo từng đơn vị."
echo "Open these pages in a browser; PDF and XLSX stand beside them, a folder for each unit."
if [ -n "$bad" ]; then
  echo "Không trọn vẹn / not complete:$bad" >&2
  exit 1
fi
