"""Figures of speed and size: `name: value unit`, a line each. Whole processes, processor time of the kernel's own accounts, medians.

The cost of one document is the difference between a job of many units and a job of one, so that start-up, schemas and fonts do not count; what
they cost is first_pdf.ms. Paragraphs and figures differ from unit to unit."""
import os, platform, re, resource, shutil, statistics, subprocess, sys, tempfile

VANBAN = os.path.abspath(sys.argv[1])
SAMPLE = "samples/bao-cao-cchc-quang-tho-2023"
UNITS, RUNS = 120, 3


def make_job(dir, units):
    shutil.copytree(SAMPLE, dir)
    job = open(dir + "/job.xml", encoding="utf-8").read()
    job = re.sub(r' units="quang-tho"', ' units="level:xa"', job)
    job = re.sub(r'file="so-lieu(-nhom-7)?\.(csv|xml)" unit="quang-tho"', r'file="so-lieu\1.\2"', job)
    job = job.replace(' unit="quang-tho"/>', "/>").replace('unit="quang-tho"', "")
    open(dir + "/job.xml", "w", encoding="utf-8").write(job)
    codes = ["xa-%03d" % i for i in range(units)]
    with open(dir + "/don-vi.csv", "a", encoding="utf-8") as f:
        f.writelines("%s;xã Mẫu %d;xã;xa;quang-dien;;Mẫu %d\n" % (c, i, i) for i, c in enumerate(codes))
    register = open(dir + "/don-vi.csv", encoding="utf-8").read().replace("quang-tho;xã Quảng Thọ;xã;xa;", "quang-tho;xã Quảng Thọ;xã;xa-khac;")
    open(dir + "/don-vi.csv", "w", encoding="utf-8").write(register)
    for name in ("so-lieu.csv", "thiet-bi.csv", "nhiem-vu.csv"):
        head, *rows = open(dir + "/" + name, encoding="utf-8").read().splitlines()
        with open(dir + "/" + name, "w", encoding="utf-8") as f:
            f.write("Mã đơn vị;" + head + "\n")
            for i, c in enumerate(codes):
                for r in rows:
                    f.write("%s;%s\n" % (c, re.sub(r"(?<=;)(1714|961|3040)(?=;)", str(1000 + 7 * i), r)))
    xml = open(dir + "/so-lieu-nhom-7.xml", encoding="utf-8").read()
    lines = re.findall(r"<chi-tieu .*?/>", xml)
    with open(dir + "/so-lieu-nhom-7.xml", "w", encoding="utf-8") as f:
        f.write("<so-lieu>" + "".join(l.replace("<chi-tieu", '<chi-tieu don-vi="%s"' % c) for c in codes for l in lines) + "</so-lieu>")
    for c in codes:
        os.makedirs(dir + "/noi-dung/" + c)
        for slot in ("I.1", "II.3.3", "III.1"):
            text = open(dir + "/noi-dung/%s.txt" % slot, encoding="utf-8").read()
            words = text.split(" ")
            at = 7 + int(c[3:]) % 40
            open(dir + "/noi-dung/%s/%s.txt" % (c, slot), "w", encoding="utf-8").write(" ".join(words[:at] + ["tại", "xã", "Mẫu", c[3:]] + words[at:]))


def run(job, out, formats):
    shutil.rmtree(out, ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = subprocess.run([VANBAN, "-q", "build", "-o", out, "-f", formats, job], capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if p.returncode != 0:
        sys.exit("build failed: " + p.stderr[:800])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cost(jobs, out, formats):
    one = statistics.median(run(jobs[0], out, formats) for _ in range(RUNS))
    many = statistics.median(run(jobs[1], out, formats) for _ in range(RUNS))
    return one, (many - one) / (UNITS - 1)


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


def run_alone(job, out, formats):
    """Seconds and peak memory (MB) of one process."""
    shutil.rmtree(out, ignore_errors=True)
    pid = os.posix_spawn(VANBAN, [VANBAN, "-q", "build", "-o", out, "-f", formats, job], os.environ)
    _, status, use = os.wait4(pid, 0)
    if status != 0:
        sys.exit("build failed")
    return use.ru_utime + use.ru_stime, use.ru_maxrss / 1024


def long_tables(tmp):
    rows = 100000
    make_long(tmp + "/long", rows)
    make_long(tmp + "/short", 10)
    for name, formats in (("xlsx_100k", "xlsx"), ("pdf_100k", "pdf")):
        base, _ = run_alone(tmp + "/short", tmp + "/out", formats)
        seconds, memory = run_alone(tmp + "/long", tmp + "/out", formats)
        if formats == "xlsx":
            print("%s.rows_per_second: %.0f rows" % (name, rows / (seconds - base)))
        else:
            print("%s.seconds: %.1f s" % (name, seconds))
        print("%s.peak_memory_mb: %.0f MB" % (name, memory))


def main():
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as tmp:
        make_job(tmp + "/one", 1)
        make_job(tmp + "/many", UNITS)
        jobs, out = (tmp + "/one", tmp + "/many"), tmp + "/out"
        first, pdf = cost(jobs, out, "pdf")
        pdfs = [os.path.join(d, f) for d, _, fs in os.walk(out) for f in fs if f.endswith(".pdf")]
        kb = statistics.median(os.path.getsize(f) for f in pdfs) / 1024
        pages = int(re.search(r"Pages:\s+(\d+)", subprocess.run(["pdfinfo", pdfs[0]], capture_output=True, text=True).stdout).group(1))
        _, xlsx = cost(jobs, out, "xlsx")
        print("machine: %s, %d processors, %s" % (platform.machine(), os.cpu_count(), subprocess.run([VANBAN, "--version"], capture_output=True, text=True).stdout.strip()))
        print("one_pdf.pages: %d pages, %d documents measured" % (pages, UNITS))
        print("one_pdf.ms: %.2f ms" % (pdf * 1000))
        print("one_pdf.page_ms: %.3f ms" % (pdf * 1000 / pages))
        print("one_pdf.kb: %.1f KB" % kb)
        print("first_pdf.ms: %.1f ms" % (first * 1000))
        print("one_xlsx.per_second: %.0f workbooks" % (1 / xlsx))
        long_tables(tmp)


main()
