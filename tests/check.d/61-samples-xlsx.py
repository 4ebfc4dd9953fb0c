"""Checks of the samples' workbooks against LibreOffice and the PDF beside them; called by 61-samples-xlsx.sh with the folder."""
import csv
import glob
import os
import re
import subprocess
import sys
import zipfile

import openpyxl

import xlsx_height

DIR = sys.argv[1]
passed = failed = 0
SWAP = str.maketrans(",.", ".,")
AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true,true,false,false,-1"


def check(name, good, more=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("FAIL", name, more)


def soffice(source, kind, folder):
    os.makedirs(folder, exist_ok=True)
    subprocess.run(["soffice", "-env:UserInstallation=file://" + os.path.join(DIR, "profile"), "--headless", "--convert-to", kind, "--outdir", folder, source],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    return os.path.join(folder, os.path.splitext(os.path.basename(source))[0])


def bare(text):
    return re.sub(r"\s", "", text)


def recalculated(path, book, values, folder):
    """Without the values that stand beside the formulas, LibreOffice has to find them itself."""
    empty = os.path.join(folder, "bare.xlsx")
    with zipfile.ZipFile(path) as a, zipfile.ZipFile(empty, "w", zipfile.ZIP_DEFLATED) as b:
        for name in a.namelist():
            data = a.read(name)
            b.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data) if name.startswith("xl/worksheets/") else data)
    again = openpyxl.load_workbook(soffice(empty, "xlsx", os.path.join(folder, "again")) + ".xlsx", data_only=True)
    count = 0
    for s in book:
        for row in s.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                got, want = again[s.title][cell.coordinate].value, values[s.title][cell.coordinate].value
                same = abs(got - want) < 1e-9 if isinstance(got, (int, float)) and isinstance(want, (int, float)) else (got or "") == (want or "")
                check("recalculated", same, f"{path} {s.title}!{cell.coordinate}: {got!r}, stands {want!r}")
                count += 1
    return count


def as_printed(path, values, folder):
    """Each figure, as LibreOffice shows it, stands in the PDF beside the texts that it stands beside in its row."""
    pdf = os.path.splitext(path)[0] + ".pdf"
    flow = bare(subprocess.run(["pdftotext", "-raw", pdf, "-"], check=True, capture_output=True, text=True).stdout)
    shown = soffice(path, AS_SHOWN, os.path.join(folder, "shown"))
    count = 0
    for s in values:
        check("without marks of italics", not [c.value for row in s.iter_rows() for c in row if isinstance(c.value, str) and re.search(r"\*\S.*\*", c.value)], f"{path} {s.title}")
        if s.title == "Số liệu":
            continue
        with open(f"{shown}-{s.title}.csv", encoding="utf-8", newline="") as f:
            table = list(csv.reader(f))
        for r, cells in enumerate(table, 1):
            texts = []
            for c, text in enumerate(cells, 1):
                number = isinstance(s.cell(r, c).value, (int, float))
                if text.strip():
                    texts.append((bare(text.translate(SWAP) if number else text), number, c))
            whole = "".join(t for t, _, _ in texts)
            for i, (text, number, c) in enumerate(texts):
                if not number:
                    continue
                count += 1
                before = texts[i - 1][0][-12:] + text if i else None
                behind = text + texts[i + 1][0][:12] if i + 1 < len(texts) else None
                good = whole in flow or (before is not None and before in flow) or (behind is not None and behind in flow)
                # a chart prints as bars: what they are made of stands on its sheet alone
                check("as printed", good or s._charts, f"{path} {s.title} row {r} column {c}: {text!r} beside {before!r}, {behind!r}")
    return count


books = sorted(glob.glob(os.path.join(DIR, "out", "*", "*", "*.xlsx")))
check("there are workbooks", len(books) >= 3, books)
figures = 0
for k, path in enumerate(books):
    work = os.path.join(DIR, str(k))
    os.makedirs(work)
    plain, kept = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    formulas = recalculated(path, plain, kept, work)
    printed = as_printed(path, kept, work)
    heights = xlsx_height.measure(plain, lambda p: soffice(p, "xlsx", os.path.join(work, "measured")) + ".xlsx", work)
    for title, where, height, width, need in heights:
        check("height fits", need <= height + 0.01, f"{path} {title}!{where}: {height} pt, LibreOffice needs {need} pt in {width} px")
    check("heights were measured", len(heights) > 20, len(heights))
    print(f"{os.path.relpath(path, DIR)}: {formulas} formulas, {printed} figures, {len(heights)} heights")
    figures += printed
check("figures were compared", figures > 60, figures)

print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
