"""Figures of speed and size: `name: value unit`, a line each. bench.py VANBAN [--quick | --scale] [--units N]

Seconds are the clock's where all processors work, and the processor's own accounts where one process is measured; memory is the kernel's peak
of the largest process. What one document costs is the difference between a job of many units and a job of one, so that start-up does not count;
what that costs is first_pdf.ms. The data is country.py's: paragraphs and figures differ from unit to unit.
--quick: a country of 200, for a first look. --scale: time and memory against the number of units, for scale.py: the whole report as PDF and
workbook, up to six countries, once in memory and once on disk; 8 GB of each."""
import argparse, os, platform, re, shutil, statistics, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import country

UNITS, RUNS = 60, 3
PAIR = 400  # units of the run that is made by one worker and by two
SCALE = (100, 1000, 3321, 20000)
PLACES = {"memory": "/dev/shm", "disk": None}  # where tempfile makes folders otherwise
VANBAN = ""


def run(job, out, formats, more=(), verb="build"):
    """Clock seconds, processor seconds of all processes, and the peak memory in MB of the largest, of one run into a fresh folder."""
    shutil.rmtree(out, ignore_errors=True)
    args = [VANBAN, "-q", verb] + (["-o", out, "-f", formats] if verb == "build" else []) + list(more) + [job]
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    begin = time.monotonic()
    _, status, use = os.wait4(os.posix_spawn(VANBAN, args, os.environ, file_actions=quiet), 0)
    clock = time.monotonic() - begin
    if status != 0:
        sys.exit("%s: failed" % " ".join(args))
    return clock, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024


def median(n, *args, **more):
    return [statistics.median(x) for x in zip(*(run(*args, **more) for _ in range(n)))]


def per_document(one, many, out, formats):
    """Processor seconds of one document in one worker, and of a run with one."""
    first = median(RUNS, one, out, formats, ("-j", "1"))[1]
    return (median(RUNS, many, out, formats, ("-j", "1"))[1] - first) / (UNITS - 1), first


LONG = """<?xml version="1.0" encoding="UTF-8"?>
<template id="dai" kind="BC">
  <about lang="vi">Phụ lục dài</about>
  <data name="hang" title="Hàng"><column id="tt" title="TT" type="count"/><column id="ten" title="Chỉ tiêu"/><column id="dv" title="Đơn vị tính"/><column id="so" title="Số liệu" type="count"/><column id="ghi" title="Ghi chú"/></data>
  <subject>Phụ lục dài</subject>
  <body><include part="letterhead"/><include part="title"/><p>Số liệu tại <ref to="pl"/>.</p><include part="signature"/></body>
  <appendix id="pl"><title>Bảng dài</title><include part="appendix-head"/>
    <table id="bang" title="Bảng" sheet="yes"><col id="tt" width="11" align="center"/><col id="ten" width="39"/><col id="dv" width="16" align="center"/><col id="so" width="14" align="right"/><col id="ghi" width="20"/>
      <head><row><cell>TT</cell><cell>Chỉ tiêu</cell><cell>Đơn vị tính</cell><cell>Số liệu</cell><cell>Ghi chú</cell></row></head>
      <for query="SELECT _row, tt, ten, dv, so, ghi FROM hang ORDER BY tt"><row><cell>{tt | plain}</cell><cell>{ten}</cell><cell>{dv}</cell><cell>{so | num}</cell><cell>{ghi ?? ''}</cell></row></for>
    </table>
  </appendix>
</template>
"""


def make_long(dir, rows):
    os.makedirs(dir + "/templates")
    open(dir + "/templates/dai.xml", "w", encoding="utf-8").write(LONG.replace("''", '""'))
    open(dir + "/don-vi.csv", "w", encoding="utf-8").write("Mã;Tên;Cấp;Địa danh\nxa-mau;xã Mẫu;xa;Mẫu\n")
    with open(dir + "/hang.csv", "w", encoding="utf-8") as f:
        f.write("TT;Chỉ tiêu;Đơn vị tính;Số liệu;Ghi chú\n")
        f.writelines("%d;Số hồ sơ thủ tục hành chính của xã thứ %d đã giải quyết;Hồ sơ;%d;%s\n" % (i, i, i * 37 % 9973, "đúng hạn" if i % 3 else "") for i in range(1, rows + 1))
    open(dir + "/job.xml", "w", encoding="utf-8").write("""<job name="dai" period="2023" date="2023-12-06" state="issued"><units file="don-vi.csv"/><data table="hang" file="hang.csv" unit="xa-mau"/>
<document id="dai" template="dai" data="none" number="9"><recipient name="Như trên"/><signer authority="TM. ỦY BAN NHÂN DÂN" position="CHỦ TỊCH" name="Trần Thị Thử"/><archive unit="VT"/></document></job>""")


def one_document(tmp):
    country.make(tmp + "/one", 1)
    country.make(tmp + "/many", UNITS)
    out = tmp + "/out"
    cost, _ = per_document(tmp + "/one", tmp + "/many", out, "pdf")
    pdfs = [os.path.join(d, f) for d, _, fs in os.walk(out) for f in fs if f.endswith(".pdf")]
    info = subprocess.run(["pdfinfo", pdfs[0]], capture_output=True, text=True).stdout
    print("one_pdf.pages: %s pages" % re.search(r"Pages:\s+(\d+)", info)[1])
    print("one_pdf.ms: %.2f ms" % (cost * 1000))
    print("one_pdf.kb: %.1f KB" % (statistics.median(os.path.getsize(f) for f in pdfs) / 1024))
    print("first_pdf.ms: %.1f ms" % (median(7, tmp + "/one", out, "pdf", ("-j", "1"))[0] * 1000))
    country.make(tmp + "/table-one", 1, table_only=True)
    country.make(tmp + "/table-many", UNITS, table_only=True)
    cost, _ = per_document(tmp + "/table-one", tmp + "/table-many", out, "xlsx")
    print("one_xlsx.per_second: %.0f workbooks" % (1 / cost))


def long_tables(tmp):
    rows = 100000
    make_long(tmp + "/long", rows)
    make_long(tmp + "/short", 10)
    out = tmp + "/out"
    base = run(tmp + "/short", out, "xlsx")[1]
    _, seconds, memory = run(tmp + "/long", out, "xlsx")
    print("xlsx_100k.rows_per_second: %.0f rows" % (rows / (seconds - base)))
    print("xlsx_100k.peak_memory_mb: %.0f MB" % memory)
    _, seconds, memory = run(tmp + "/long", out, "pdf")
    print("pdf_100k.seconds: %.1f s" % seconds)
    print("pdf_100k.peak_memory_mb: %.0f MB" % memory)


def whole_country(tmp, units):
    """The database is a file in the folder of the output, as it is without --db."""
    country.make(tmp + "/country", units)
    out = tmp + "/out"
    for name, formats in (("country_pdf", "pdf"), ("country", "pdf,xlsx")):
        clock, _, memory = run(tmp + "/country", out, formats)
        print("%s.documents_per_second: %.1f documents" % (name, units / clock), flush=True)
    print("country.peak_memory_mb: %.0f MB" % memory)
    shutil.rmtree(tmp + "/country")
    shutil.rmtree(out)


def two_workers(tmp):
    """How many times the work of one worker two do, of the whole run from start to manifest: the median of pairs, for a machine may slow down in between."""
    country.make(tmp + "/pair", PAIR)
    pairs = [[run(tmp + "/pair", tmp + "/out", "pdf,xlsx", ("-j", n))[0] for n in "12"] for _ in range(RUNS)]
    print("country.two_workers: %.2f times one (%d units)" % (statistics.median(one / two for one, two in pairs), PAIR), flush=True)
    shutil.rmtree(tmp + "/pair")


def check_country(tmp, units):
    country.make(tmp + "/figures", units, figures_only=True)
    clock, cpu, memory = median(RUNS, tmp + "/figures", tmp + "/out", "", verb="check")
    print("check_country.seconds: %.2f s" % clock)
    print("check_country.cpu_seconds: %.2f s" % cpu)
    print("check_country.peak_memory_mb: %.0f MB" % memory)


def scale():
    """One line a size and place: where input, database and output lie, units, clock seconds, peak memory in MB."""
    for place, dir in PLACES.items():
        for units in SCALE if os.path.isdir(dir or "/") else ():
            tmp = tempfile.mkdtemp(dir=dir)
            try:  # made and removed by others: the kernel counts what this process held once to the peak of those that it starts
                subprocess.run([sys.executable, country.__file__, str(units), tmp + "/country"], check=True, stdout=subprocess.DEVNULL)
                clock, _, memory = run(tmp + "/country", tmp + "/out", "pdf,xlsx")
                print("%s %d %.1f %.1f" % (place, units, clock, memory), flush=True)
            finally:
                subprocess.run(["rm", "-rf", tmp], check=True)


def about(units):
    version = subprocess.run([VANBAN, "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    cpu = ""
    if os.path.exists("/proc/cpuinfo"):
        found = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
        cpu = found[1] if found else ""
    names = ("libhpdf-2.3.0", "libxlsxwriter4", "libxml2", "libsqlite3-0", "libdeflate0")
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}, ", *names], capture_output=True, text=True).stdout if shutil.which("dpkg-query") else ""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    print("machine: %s, %s, %d processors, %d GB, %s" % (platform.machine(), cpu, os.cpu_count(), memory, version))
    print("versions: %s" % found.rstrip(", "))
    print("counts: %d units in the country, %d in a job for one document, median of %d" % (units, UNITS, RUNS))


def main():
    global VANBAN
    arg = argparse.ArgumentParser(description="Figures of speed and size.")
    arg.add_argument("vanban")
    arg.add_argument("--units", type=int, default=3321)
    arg.add_argument("--quick", action="store_true")
    arg.add_argument("--scale", action="store_true")
    a = arg.parse_args()
    VANBAN = os.path.abspath(a.vanban)
    units = 200 if a.quick else a.units
    about(units)
    if a.scale:
        scale()
        return
    # In memory where there is such a place: the program is measured, not the disk.
    with tempfile.TemporaryDirectory(dir=PLACES["memory"] if os.path.isdir(PLACES["memory"]) else None) as tmp:
        one_document(tmp)
        long_tables(tmp)
        whole_country(tmp, units)
        two_workers(tmp)
        check_country(tmp, units)


if __name__ == "__main__":
    main()
