"""A document as long as the longest of the real ones: 40 blocks on five levels, 80 KB of text, an appendix of 77 rows in 8 groups.

Text is generated from a fixed seed, put through `vanban build`, read back by poppler, and every word must be there, in order, once. No words
of a real document are needed, and none can be lost without this noticing."""
import os, random, re, subprocess, sys, tempfile, unicodedata

VANBAN = os.environ["VANBAN"]
rnd = random.Random(20231206)
ONSET = "b c ch d đ g gh gi h k kh l m n ng nh ph qu r s t th tr v x".split()
RHYME = "a à ả ã á ạ an àn ảng ánh ạch ăn ằng ắt ặc ân ầm ẩu ấp ận e è ẻo én ẹp ê ề ểnh ến ệt i ì iên iều iểm iễn iết iện o ò oan oàng ỏi ón ọng ô ồng ổi ỗ ốt ộc ơ ời ởn ớp ợt u ùng ủ ũ úc ụng ư ừng ửi ữ ức ực ươi ười ưởng ước ượng uy uyên uyết".split()


def word():
    return unicodedata.normalize("NFC", rnd.choice(ONSET) + rnd.choice(RHYME))


def words(n):
    return " ".join(word() for _ in range(n))


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def section(depth, slot, narrative, wanted):
    """One block: a title, text of its own in a slot, and blocks below it."""
    title = words(rnd.randint(6, 18)).capitalize()
    wanted.append(title)
    paragraphs = []
    for kind in ("", "- ", "+ ", "")[: rnd.randint(1, 4)]:
        text = words(rnd.randint(90, 220)) + "."
        paragraphs.append(kind + text)
        wanted.append(text)
    name = "s%d" % len(narrative)
    narrative[name] = "\n\n".join(paragraphs) + "\n"
    slot[0] -= 1
    inner = ""
    while slot[0] > 0 and depth < 5 and rnd.random() < 0.62:
        inner += section(depth + 1, slot, narrative, wanted)
    return '<section><title>%s</title><narrative slot="%s" required="yes"/>%s</section>\n' % (title, name, inner)


def template(body):
    return """<?xml version="1.0" encoding="UTF-8"?>
<template id="dai" kind="KH">
  <about lang="vi">Văn bản dài để thử</about>
  <data name="hang" title="Hàng của phụ lục"><column id="nhom" title="Nhóm"/><column id="tt" title="TT" type="count"/><column id="a" title="A"/><column id="b" title="B"/><column id="c" title="C"/></data>
  <numbering><level style="heading-1" format="I."/><level style="heading-2" format="1."/><level style="heading-3" format="1.1."/><level style="heading-4" format="a)"/><level style="clause" format="-"/></numbering>
  <subject>Văn bản dài</subject>
  <body><include part="letterhead"/><include part="title"/>%s<p>Hết phần chính, xem <ref to="pl"/>.</p><include part="signature"/></body>
  <appendix id="pl" landscape="yes"><title>Bảng dài</title><include part="appendix-head"/>
    <table id="bang" title="Bảng"><col id="tt" width="6" align="center"/><col id="a" width="34"/><col id="b" width="34"/><col id="c" width="26"/>
      <head><row><cell>TT</cell><cell>Nội dung</cell><cell>Mục tiêu</cell><cell>Cơ quan</cell></row></head>
      <for query="SELECT DISTINCT nhom FROM hang ORDER BY CAST(nhom AS INTEGER)">
        <row kind="group"><cell colspan="4">Nhóm {nhom}</cell></row>
        <for query="SELECT _row, tt, a, b, c FROM hang WHERE nhom = :nhom ORDER BY tt"><row><cell>{tt | plain}</cell><cell>{a}</cell><cell>{b}</cell><cell>{c}</cell></row></for>
      </for>
    </table>
  </appendix>
</template>
""" % body


def build_job(job):
    narrative, wanted, left = {}, [], [40]
    body = ""
    while left[0] > 0:
        body += section(1, left, narrative, wanted)
    rows, cells = ["Nhóm;TT;A;B;C"], []
    for i in range(77 - 8):
        texts = [words(rnd.randint(4, 40)) for _ in range(3)]
        rows.append(";".join([str(i * 8 // 69 + 1), str(i + 1)] + texts))
        cells += texts
    write(job + "/templates/dai.xml", template(body))
    write(job + "/hang.csv", "\n".join(rows) + "\n")
    write(job + "/don-vi.csv", "Mã;Tên;Cấp;Địa danh\nxa-mau;xã Mẫu;xa;Mẫu\n")
    for name, text in narrative.items():
        write(job + "/noi-dung/%s.txt" % name, text)
    write(job + "/job.xml", """<?xml version="1.0" encoding="UTF-8"?>
<job name="dai" period="2023" date="2023-12-06" state="issued"><units file="don-vi.csv"/><data table="hang" file="hang.csv" unit="xa-mau"/><narrative dir="noi-dung"/>
<document id="dai" template="dai" data="none" number="9"><recipient name="Như trên"/><signer authority="TM. ỦY BAN NHÂN DÂN" position="CHỦ TỊCH" name="Trần Thị Thử"/><archive unit="VT"/></document></job>
""")
    return wanted, cells, len(narrative)


def main():
    with tempfile.TemporaryDirectory() as tmp:
        wanted, cells, blocks = build_job(tmp + "/job")
        run = subprocess.run([VANBAN, "build", "-o", tmp + "/out", "-f", "pdf", tmp + "/job"], capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit("build failed: " + run.stderr[:2000])
        pdf = tmp + "/out/dai/xa-mau/dai.pdf"
        text = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, text=True)
        if text.stderr:
            sys.exit("poppler: " + text.stderr)
        info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True).stdout
        # Page numbers stand alone on a line; headings are numbered and may be in capitals.
        got = [w for line in text.stdout.split("\n") if not re.fullmatch(r"\s*\d+\s*|\f", line) for w in line.replace("\f", " ").split()]
        got = [w.lower() for w in got]
        at, lost = 0, []
        for t in wanted:
            for w in t.lower().split():
                try:
                    at = got.index(w, at) + 1
                except ValueError:
                    lost.append(w)
        rest = "".join(got[at:]).replace("tt", "")
        flat = " ".join(got)
        missing = [c for c in cells if any(w not in flat for w in c.lower().split())]
        total = sum(len(t.split()) for t in wanted)
        count = {}
        for w in got:
            count[w] = count.get(w, 0) + 1
        need = {}
        for t in wanted + cells:
            for w in t.lower().split():
                need[w] = need.get(w, 0) + 1
        short = [w for w, n in need.items() if count.get(w, 0) < n]
        print("%d blocks, %d words, %d cells, %s" % (blocks, total, len(cells), re.search(r"Pages:\s+(\d+)", info).group(0)))
        bad = (lost[:5], missing[:2], short[:5])
        if lost or missing or short or not rest:
            sys.exit("lost: %r" % (bad,))
        if sum(len(t.encode()) for t in wanted) < 80000 or blocks < 40:
            sys.exit("the text is shorter than it is meant to be")
    print("3 passed, 0 failed")


main()
