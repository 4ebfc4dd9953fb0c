"""For 77-trace.sh. Argument: a scratch folder. Run from the top folder. It opens the files that a trace names, and the PDF by poppler."""
import csv
import io
import json
import os
import re
import sys
from collections import defaultdict
from fractions import Fraction
from xml.etree import ElementTree

from edoc_help import end, ok, run, text_of, vanban

WORK = os.path.abspath(sys.argv[1])
ONE, DISTRICT = "samples/bao-cao-cchc-quang-tho-2023", "samples/tong-hop-huyen-2023"
LINES = {}


def at_place(job, source):
    """What begins at file:line:column: the rest of a CSV field, or an attribute's or element's value."""
    path = os.path.join(job, source["file"])
    if path not in LINES:
        LINES[path] = text_of(path).split("\n")
    lines = LINES[path]
    if not 1 <= source["line"] <= len(lines):
        return None
    rest = lines[source["line"] - 1][source["column"] - 1:]
    if not path.endswith(".xml"):
        return next(csv.reader(io.StringIO(rest), delimiter=";"), [""])[0]
    m = re.match(r'[\w-]+\s*=\s*"([^"]*)"|<[\w-]+>([^<]*)<|"?([^"<]*)["<]', rest)
    return next((g for g in m.groups() if g is not None), None) if m else None


def number(text):
    return Fraction(text.replace(".", "").replace(",", ".").rstrip("%"))


def words_of(pdf):
    """Words by page: text, left, bottom, right, top in points from the lower left corner."""
    pages = []
    for page in re.findall(r'<page width="[\d.]+" height="([\d.]+)">(.*?)</page>', run("pdftotext", "-bbox", pdf, "-").stdout, re.S):
        h = float(page[0])
        pages.append([(w, float(x0), h - float(y1), float(x1), h - float(y0)) for x0, y0, x1, y1, w in
                      re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', page[1])])
    return pages


def stands_there(pages, f):
    """The printed text begins at, or within its cell, right of and above the place of the trace."""
    first = f["printed"].split()[0]
    for w, x0, y0, x1, y1 in pages[f["page"] - 1]:
        if first in w and x1 > f["x"] and x0 - f["x"] < 120 and -6 <= y0 - f["y"] < 60:
            return True
    return False


def sources_right(job, figures):
    """Every source, opened; the figure's own value too, where it is a value and not made of several."""
    wrong, opened = [], 0
    for f in figures:
        for s in f["sources"]:
            if s["file"] is None:  # a commune that has not reported
                continue
            opened += 1
            if at_place(job, s) != (s["raw"] or ""):
                wrong.append((f["code"], s, at_place(job, s)))
        plain = f["value"] is not None and len(f["sources"]) == 1 and f["expression"] in (f["code"], f["sources"][0]["code"])
        if plain and re.fullmatch(r"[\d.,]+%?", f["sources"][0]["raw"] or "") and number(f["sources"][0]["raw"]) != Fraction(f["value"]):
            wrong.append((f["code"], f["value"], f["sources"][0]["raw"]))
    return wrong, opened


def one():
    r = vanban("build", "--quiet", "-o", WORK + "/out", ONE)
    ok(r.returncode == 0, "the sample 001", r.stdout)
    stem = WORK + "/out/bao-cao-cchc-quang-tho-2023/quang-tho/bao-cao-cchc"
    figures = json.loads(text_of(stem + ".trace.json"))["figures"]
    wrong, opened = sources_right(ONE, figures)
    ok(not wrong and opened >= 150 and all(f["sources"] for f in figures), "each of %d figures leads to its line and column (%d opened)" % (len(figures), opened), wrong[:3])
    pages = words_of(stem + ".pdf")
    lost = [f for f in figures if not stands_there(pages, f)]
    ok(not lost, "each stands on its page at its place", lost[:3])
    appendix_of_001(figures, pages)
    forms_of(stem, figures)


def given():
    """Every figure of the two files of values: code → file and line."""
    found = {}
    rows = list(csv.reader(io.StringIO(text_of(ONE + "/so-lieu.csv")), delimiter=";"))
    head = next(i for i, row in enumerate(rows) if "Số liệu" in row)
    column = rows[head].index("Số liệu")
    for i, row in enumerate(rows[head + 1:], head + 2):
        if len(row) > column and re.fullmatch(r"[\d.,]+%?", row[column]):
            found[row[0].strip()] = ("so-lieu.csv", i, row[column])
    root = ElementTree.parse(ONE + "/so-lieu-nhom-7.xml").getroot()
    lines = text_of(ONE + "/so-lieu-nhom-7.xml").split("\n")
    for node in root.iter():
        code, value = node.get("ma"), node.get("gia-tri") or node.get("so-lieu")
        if code and value and re.fullmatch(r"[\d.,]+%?", value):
            found[code] = ("so-lieu-nhom-7.xml", next(i for i, x in enumerate(lines, 1) if 'ma="%s"' % code in x), value)
    return found


def appendix_of_001(figures, pages):
    """Nothing that was delivered is printed without a trace: all of the appendix, beginning at the page that says so."""
    first = next(i for i, words in enumerate(pages, 1) if words and any(w[0] == "THỐNG" for w in words) and any(w[0] == "CCHC" for w in words) and i > 8)
    traced = defaultdict(list)
    for f in figures:
        if f["page"] >= first:
            traced[f["sources"][0]["code"]].append((f["sources"][0]["file"], f["sources"][0]["line"], f["sources"][0]["raw"]))
    values = given()
    missing = {c: v for c, v in values.items() if v not in traced[c]}
    ok(len(values) > 60 and not missing, "all %d delivered figures stand traced in the appendix (page %d on)" % (len(values), first), missing)
    xml = [f for f in figures if f["sources"][0]["file"].endswith(".xml")]
    ok(len(xml) >= 10, "figures of the XML file among them", len(xml))
    ok(len([f for f in figures if f["page"] < first]) > 30, "and those of the body")


def forms_of(stem, figures):
    """The verb: the same as JSON; a row a source as CSV; places as text."""
    got = json.loads(vanban("trace", "--format", "json", stem + ".pdf").stdout)["figures"]
    ok(got == figures, "trace --format json is the file")
    rows = list(csv.DictReader(io.StringIO(vanban("trace", "--format", "csv", stem + ".pdf").stdout, newline="")))
    want = [(f["printed"], s["file"], str(s["line"]), str(s["column"]), s["raw"] or "") for f in figures for s in f["sources"]]
    ok([(r["printed"], r["file"], r["line"], r["column"], r["raw"]) for r in rows] == want, "trace --format csv, row by row")
    text = vanban("trace", stem + ".pdf").stdout
    lost = [s for f in figures for s in f["sources"] if "    %s:%d:%d: " % (s["file"], s["line"], s["column"]) not in text]
    ok(not lost and text.count("page ") == len(figures), "trace as text names each place", lost[:2])
    some = vanban("trace", "--code", "1.1.2", "--format", "json", os.path.dirname(os.path.dirname(stem))).stdout
    ok([f["code"] for f in json.loads(some)["figures"]] == [f["code"] for f in figures if f["code"] == "1.1.2"] != [], "--code, over a manifest", some)
    ok("[trace-code]" in vanban("trace", "--code", "9.9.9", stem + ".pdf").stdout, "a code that is not there")


def separate():
    """Appendices in files of their own: their figures name the file and stand on its pages."""
    import shutil
    job = WORK + "/job"
    shutil.copytree(ONE, job)
    path = job + "/job.xml"
    text = text_of(path).replace('mode="paper"', 'mode="electronic" appendices="separate"')
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    r = vanban("build", "--quiet", "-o", WORK + "/apart", job)
    stem = WORK + "/apart/bao-cao-cchc-quang-tho-2023/quang-tho/bao-cao-cchc"
    figures = json.loads(text_of(stem + ".trace.json"))["figures"]
    apart = [f for f in figures if f.get("pdf")]
    pages = {name: words_of(os.path.join(os.path.dirname(stem), name)) for name in {f["pdf"] for f in apart}}
    ok(r.returncode == 0 and len(apart) > 60 and set(pages) == {"bao-cao-cchc-pl1.pdf"}, "figures of a separate appendix", len(apart))
    lost = [f for f in apart if not stands_there(pages[f["pdf"]], f)]
    ok(not lost, "each stands on a page of that file", lost[:3])
    wrong, _ = sources_right(job, figures)
    ok(not wrong, "and leads to its line", wrong[:3])


def district():
    r = vanban("build", "--quiet", "-o", WORK + "/out", DISTRICT)
    ok(r.returncode == 0, "the district", r.stdout)
    stem = WORK + "/out/tong-hop-huyen-2023/huong-dien/bao-cao-huyen"
    figures = json.loads(text_of(stem + ".trace.json"))["figures"]
    wrong, opened = sources_right(DISTRICT, figures)
    ok(not wrong and opened > 500, "its figures lead to %d places of the communes' files" % opened, wrong[:3])
    pages = words_of(stem + ".pdf")
    lost = [f for f in figures if not stands_there(pages, f)]
    ok(not lost, "each of %d stands on its page" % len(figures), (len(lost), lost[:3]))
    bare = {f["expression"] for f in figures if not f["sources"]}
    ok(bare <= {"da_gui", "so_don_vi", "chua_gui", "gui_muon", "dinh_chinh", "lan", "ngay_nhan", "da_gui_truoc"} and
       any(f["expression"] == "1.1.2-chenh / 1.1.2-truoc * 100" and len(f["sources"]) > 20 for f in figures),
       "only counts of deliveries have no figure behind them; what is computed of cells has theirs", bare)
    summed, wrong = 0, []
    for f in figures:
        units = {s["unit"] for s in f["sources"] if s["period"] == "2023" and s["raw"] is not None}
        codes = {s["code"] for s in f["sources"]}
        if f["value"] is None or len(codes) != 1 or len(units) < 5 or f["code"] not in codes or not re.fullmatch(r"[\d.]+", f["printed"]):
            continue
        if f["code"] in ("3.2.3", "3.5.7", "3.4.3"):  # extremes, and no sums
            continue
        summed += 1
        if "huong-dien" in units or sum(number(s["raw"]) for s in f["sources"] if s["period"] == "2023" and re.fullmatch(r"[\d.,]+", s["raw"] or "")) != Fraction(f["value"]):
            wrong.append((f["code"], f["value"], [(s["unit"], s["raw"]) for s in f["sources"]]))
    ok(summed >= 15 and not wrong, "%d sums are those of the communes that they name" % summed, wrong[:2])
    rows = list(csv.DictReader(io.StringIO(vanban("trace", "--format", "csv", WORK + "/out/tong-hop-huyen-2023/manifest.json").stdout, newline="")))
    ok({r["document_unit"] for r in rows} >= {"huong-dien", "an-phu"} and {r["document"] for r in rows} == {"bao-cao-xa", "bao-cao-huyen"}, "one CSV for a manifest")
    several = json.loads(vanban("trace", "--format", "json", WORK + "/out/tong-hop-huyen-2023").stdout)
    ok(len(several["figures"]) > len(figures) and {f["unit"] for f in several["figures"]} >= {"huong-dien", "an-phu"}, "one JSON object for a manifest")


one()
separate()
district()
end()
