"""Checks of the sample workbooks; called by 30-xlsx.sh with the folder that holds them."""
import datetime
import glob
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from xml.etree import ElementTree

import openpyxl

import xlsx_height

DIR = sys.argv[1]
passed = failed = 0


def check(name, good, more=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("FAIL", name, more)


def equal(name, got, want):
    check(name, got == want, f"got {got!r}, want {want!r}")


def soffice(source, kind, folder):
    """Converts with LibreOffice and gives the path of the result."""
    out = os.path.join(DIR, folder)
    os.makedirs(out, exist_ok=True)
    subprocess.run(["soffice", "-env:UserInstallation=file://" + os.path.join(DIR, "profile"), "--headless", "--convert-to", kind,
                    "--outdir", out, source], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    return os.path.join(out, os.path.splitext(os.path.basename(source))[0] + "." + kind)


def rewrite(source, target, change):
    """Copies an archive with change(name, bytes) in between."""
    with zipfile.ZipFile(source) as a, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as b:
        for name in a.namelist():
            b.writestr(name, change(name, a.read(name)))


def row_of(ws, text, column=1):
    for row in ws.iter_rows(min_col=column, max_col=column):
        if row[0].value == text:
            return row[0].row
    raise SystemExit(f"no row {text} in {ws.title}")


# ---- the parts ---------------------------------------------------------------------------------------------------

report = os.path.join(DIR, "report.xlsx")
with zipfile.ZipFile(report) as z:
    equal("the archive is whole", z.testzip(), None)
    for part in z.namelist():
        ElementTree.fromstring(z.read(part))
        equal("the archive carries no clock: " + part, z.getinfo(part).date_time[0], 1980)

book = openpyxl.load_workbook(report)
values = openpyxl.load_workbook(report, data_only=True)
equal("sheets", book.sheetnames, ["Bảng 1 - Kết quả giải quyết hồ…", "Hồ sơ tiếp nhận theo năm", "Hồ sơ tiếp nhận theo năm (2)", "Phụ lục I",
                                  "Phụ lục II", "Số liệu"])
for name in book.sheetnames:
    check("sheet name is safe", len(name) <= 31 and not set(name) & set("[]:*?/\\"), name)
p = book.properties
equal("title", p.title, "Báo cáo công tác cải cách hành chính năm 2023")
equal("author", p.creator, "Ủy ban nhân dân xã Quảng Thọ")
equal("subject", p.subject, "Công tác cải cách hành chính năm 2023")
equal("keywords", p.keywords, "cải cách hành chính; báo cáo")
equal("created is the document's date", p.created, datetime.datetime(2023, 12, 6))

# ---- the appendix ------------------------------------------------------------------------------------------------

ws, vs = book["Phụ lục I"], values["Phụ lục I"]
equal("label", ws["A1"].value, "Phụ lục I")
equal("title in capitals", ws["A2"].value, "THỐNG KÊ SỐ LIỆU VỀ CÔNG TÁC CẢI CÁCH HÀNH CHÍNH NĂM 2023")
check("reference line", ws["A3"].value.startswith("(Kèm theo Báo cáo số 232/BC-UBND"))
check("reference is italic", ws["A3"].font.i and not ws["A3"].font.b)
merges = {str(r) for r in ws.merged_cells.ranges}
check("head and title merges", {"A1:E1", "A2:E2", "A3:E3", "A5:A6", "B5:B6", "C5:D5", "E5:E6", "B7:E7"} <= merges, merges)
equal("head", [ws["A5"].value, ws["B5"].value, ws["C5"].value, ws["E5"].value, ws["C6"].value, ws["D6"].value],
      ["STT", "Tiêu chí", "Kết quả thống kê", "Ghi chú", "Đơn vị tính", "Số liệu"])
check("head is bold and centred", all(ws[c].font.b and ws[c].alignment.horizontal == "center" for c in ("A5", "C5", "D6")))
for row in ws.iter_rows(min_row=5, max_row=row_of(ws, "Tổng cộng", 2)):
    for cell in row:
        if isinstance(cell, openpyxl.cell.cell.MergedCell):
            continue
        check("borders", cell.border.left.style == cell.border.top.style == "thin", cell.coordinate)
        if cell.value is not None:
            check("font", cell.font.name == "Times New Roman" and cell.font.sz == 13, cell.coordinate)
at = {code: row_of(ws, code) for code in ("1.1", "1.1.1", "1.1.2", "1.1.3", "1.2", "1.3", "1.5", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "3.1", "3.2", "3.3")}


def figure(code):
    return ws.cell(at[code], 4), vs.cell(at[code], 4).value


for code, value, form in (("1.1", 35, "#,##0"), ("1.1.2", 3, "00"), ("1.1.3", 0, '#,##0;-#,##0;"-"'), ("1.2", 85.7, "0.0"), ("2.1", 1714, "#,##0"),
                          ("2.2", 12900000, "#,##0"), ("2.4", 110, "#,##0"), ("2.5", 93.58, '0.00"%"'), ("2.7", 99, "#,##0")):
    equal("value " + code, figure(code)[1], value)
    equal("format " + code, figure(code)[0].number_format, form)
equal("identifier is text", figure("2.6")[1], "046099001234")
equal("date", figure("2.8")[1], datetime.datetime(2023, 1, 9))
equal("date format", figure("2.8")[0].number_format, "dd/mm/yyyy")
first = at["1.1.1"]
equal("sum of neighbours is a range", figure("1.1")[0].value, f"=SUM(D{first}:D{first + 3})")
equal("ratio", figure("1.2")[0].value, f"=ROUND(D{first}*100/D{at['1.1']},1)")
equal("ratio without denominator is guarded", figure("1.3")[0].value, f'=IF(D{at["1.3"] + 1}=0,"",ROUND(D{at["1.5"]}*100/D{at["1.3"] + 1},1))')
equal("difference", figure("2.4")[0].value, f"=D{at['2.1']}-D{at['2.3']}")
equal("a wrong total stays a figure", figure("2.7")[0].value, 99)
equal("formulas in a circle: the first is a figure", figure("3.1")[0].value, 9)
equal("formulas in a circle: the second stands", figure("3.3")[0].value, f"=D{at['3.1']}-D{at['3.2']}")
total = row_of(ws, "Tổng cộng", 2)
equal("sum of cells apart", ws.cell(total, 4).value, f"=SUM(D{at['1.1']},D{at['2.1']})")
for code, text in (("2.1", '=1+1'), ("2.2", "+84 không phải công thức"), ("2.3", "@đơn vị"), ("2.4", "-5 so với năm trước")):
    cell = ws.cell(at[code], 5)
    # openpyxl takes a string that begins with "=" for a formula, so the file itself is asked below
    equal("text stays text", str(cell.value), text)
with zipfile.ZipFile(report) as z:
    sheet = z.read("xl/worksheets/sheet4.xml").decode()
    strings = z.read("xl/sharedStrings.xml").decode()
check("a text with = is a string", re.search(rf'<c r="E{at["2.1"]}" [^>]*t="s"', sheet))
check("no hostile formula", "<f>1+1" not in sheet)
check("rich string", re.search(r"<r>.{0,300}<i/>.{0,300}\(dự thảo\)</t></r>", strings))
check("note below the table", str(ws.cell(total + 1, 1).value).startswith("Ghi chú: số liệu tính"))
equal("paper", (ws.page_setup.paperSize, ws.page_setup.orientation, ws.page_setup.fitToWidth, ws.page_setup.fitToHeight), (9, "portrait", None, 0))
check("fit to page", ws.sheet_properties.pageSetUpPr.fitToPage)
equal("margins in mm", [round(getattr(ws.page_margins, m) * 25.4) for m in ("left", "right", "top", "bottom")], [30, 20, 20, 20])
equal("repeated rows", ws.print_title_rows, "$5:$6")
equal("print area", ws.print_area, [f"$A$1:$E${total + 1}"])
equal("frozen", ws.freeze_panes, "A7")
equal("page number", ws.oddHeader.center.text, "&P")
check("centred", ws.print_options.horizontalCentered)
check("no grid lines", ws.sheet_view.showGridLines is False)
equal("outline", [ws.row_dimensions[r].outlineLevel for r in (7, 8, at["2.1"] - 1, at["2.1"], total)], [0, 1, 0, 1, 0])
check("groups are headed", ws.sheet_properties.outlinePr.summaryBelow is False)
widths = [xlsx_height.columns_pixels(ws, c, c) for c in range(1, 6)]
check("widths are those of the paper", all(abs(w - k * 604.7 / 1000) <= 1.5 for w, k in zip(widths, (90, 390, 130, 200, 190))), widths)
numbers = [a for a in re.findall(r'numberStoredAsText="1"', sheet)]
check("codes are no warnings", numbers)

# ---- body table, landscape appendix, charts ----------------------------------------------------------------------

ws = book[book.sheetnames[0]]
equal("caption", ws["A1"].value, "Kết quả giải quyết hồ sơ theo lĩnh vực [2023]")
equal("unit line", (ws["A2"].value, ws["A2"].alignment.horizontal, ws["A2"].font.i), ("Đơn vị tính: hồ sơ", "right", True))
equal("year is not grouped", ws["C5"].number_format, "0")
equal("note", ws["A9"].value, "Nguồn: Bộ phận Tiếp nhận và Trả kết quả.")
equal("nothing else of the body", ws.max_row, 9)
ws = book["Phụ lục II"]
equal("landscape", ws.page_setup.orientation, "landscape")
equal("turned margins in mm", [round(getattr(ws.page_margins, m) * 25.4) for m in ("left", "right", "top", "bottom")], [20, 20, 30, 20])
tall = row_of(ws, "2")
parts = [r for r in ws.merged_cells.ranges if r.min_row == tall and r.min_col == 2][0]
check("a cell higher than Excel allows takes several rows", parts.max_row > tall, str(parts))
check("no row is too high", all((d.height or 0) <= 409.5 for s in book for d in s.row_dimensions.values()))
check("row spans", {"A5:A7", "B5:B7"} <= {str(r) for r in ws.merged_cells.ranges})
for sheet_file in sorted(n for n in zipfile.ZipFile(report).namelist() if re.match(r"xl/charts/chart\d", n)):
    xml = zipfile.ZipFile(report).read(sheet_file).decode()
    check("chart has its title", "Hồ sơ tiếp nhận theo năm" in xml)
    check("series differ without colour", "pattFill" in xml or "prstDash" in xml, sheet_file)
    colours = set(re.findall(r'srgbClr val="([0-9A-F]{6})"', xml))
    check("grey only", all(c[0:2] == c[2:4] == c[4:6] for c in colours), colours)
drawing = zipfile.ZipFile(report).read("xl/drawings/drawing1.xml").decode()
check("alt text", 'descr="Số hồ sơ tăng đều' in drawing)

# ---- data sheet and names ----------------------------------------------------------------------------------------

ws = book["Số liệu"]
equal("data head", [c.value for c in ws[1]], ["Mã", "Chỉ tiêu", "Giá trị", "Đơn vị tính", "Kỳ", "Đơn vị", "Ghi chú", "Tệp nguồn", "Dòng", "Cột"])
equal("data row", [c.value for c in ws[2]], ["1.1", "Tổng số nhiệm vụ được giao", 35, "Nhiệm vụ", "2023", "xã Quảng Thọ", None, "so-lieu/2023.csv", 2, 3])
equal("source in a workbook", ws.cell(row_of(ws, "9.9"), 9).value, "Sheet1!D14")
names = {n.name: n.attr_text for n in book.defined_names.definedName}
equal("name of an indicator in the appendix", names["CT_1_1_1"], f"'Phụ lục I'!$D${first}")
equal("name of one that is only data", names["CT_9_9"], f"'Số liệu'!$C${row_of(ws, '9.9')}")
equal("codes that would share a name", names["CT_9_9__2"], f"'Số liệu'!$C${row_of(ws, '9-9')}")
for s in book:
    for row in s.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                check("NFC", unicodedata.is_normalized("NFC", cell.value), cell.coordinate)

# ---- LibreOffice recalculates ------------------------------------------------------------------------------------

bare = os.path.join(DIR, "bare.xlsx")
rewrite(report, bare, lambda name, data: re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data) if name.startswith("xl/worksheets/") else data)
formulas = [(s.title, c.coordinate) for s in book for row in s.iter_rows() for c in row if isinstance(c.value, str) and c.value.startswith("=") and c.data_type == "f"
            and c.value != "=1+1"]
check("formulas are there", len(formulas) == 8, formulas)
again = openpyxl.load_workbook(soffice(bare, "xlsx", "recalculated"), data_only=True)
for sheet_name, where in formulas:
    got, want = again[sheet_name][where].value, values[sheet_name][where].value
    same = abs(got - want) < 1e-9 if isinstance(got, (int, float)) and isinstance(want, (int, float)) else (got or "") == (want or "")
    check("recalculated " + where, same, f"{got!r} {want!r}")
    check("no error value", not str(got).startswith("#"), got)

# ---- row heights: LibreOffice's best height of each cell's text in its width is never more than ours ---------------

measured = xlsx_height.measure(book, lambda path: soffice(path, "xlsx", "measured"), DIR)
tightest = {}
for title, where, height, width, need in measured:
    check("height fits", need <= height + 0.01, f"{title}!{where}: {height} pt, LibreOffice needs {need} pt in {width} px")
    row = (title, re.sub("[A-Z]", "", where))
    tightest[row] = min(tightest.get(row, 1e9), height - need)
needs = [m[4] for m in measured]
check("heights were measured", len(measured) > 150 and max(needs) > 60 and min(needs) > 10, (len(measured), max(needs), min(needs)))
print("spare height of a row, points: mean %.1f, largest %.1f" % (sum(tightest.values()) / len(tightest), max(tightest.values())))

# ---- printed: every word is on the page, within the margins -------------------------------------------------------

pdf = soffice(report, "pdf", "printed")
words = {}
for page, body in enumerate(re.findall(r"<page [^>]*>(.*?)</page>", subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True,
                                                                                  text=True).stdout, re.S)):
    for x0, y0, x1, y1, w in re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>', body):
        words.setdefault(page, []).append((float(x0), float(x1), w))
flow = re.sub(r"\s", "", "".join(w for page in words.values() for _, _, w in page))
for s in book:
    if s.title == "Số liệu":
        continue
    for row in s.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.data_type == "s":
                for w in cell.value.split():
                    check("printed word", re.sub(r"&.*?;", "", w)[:6].replace('"', "&quot;") in flow, f"{cell.coordinate} {w}")
right = max(x1 for _, x1, _ in words[3])
left = min(x0 for x0, _, _ in words[3])
check("within the margins, at full size", 84 <= left <= 95 and 530 <= right <= 540, f"{left} {right}")

# ---- streamed ----------------------------------------------------------------------------------------------------

stream = openpyxl.load_workbook(os.path.join(DIR, "stream.xlsx"), read_only=True)
ws = stream["Phụ lục"]
rows = ws.iter_rows(values_only=True)
top = [next(rows) for _ in range(5)]
equal("streamed head", [top[2][:3], top[3][2:5]], [("STT", "Tiêu chí", "Kết quả"), ("Đơn vị tính", "Số liệu", "Tỷ lệ")])
equal("streamed group", top[4][0], "Nhóm 1")
count = 0
good = True
for i, row in enumerate(rows, 1):
    if i % 1000 == 0 or i >= 25000:
        good &= str(row[0]).startswith("Nhóm" if i < 25000 else "Hết")
        continue
    good &= row[0] == str(i) and row[3] == i % 999 and abs(row[4] - (i % 100 + (i % 10) / 10)) < 1e-9
    count += 1
check("streamed rows", good and count == 25000 - 25, count)
with zipfile.ZipFile(os.path.join(DIR, "stream.xlsx")) as z:
    sheet = z.read("xl/worksheets/sheet1.xml").decode()
merges = set(re.findall(r'<mergeCell ref="([A-Z0-9:]+)"', sheet))
check("streamed merges", {"A1:E1", "A3:A4", "B3:B4", "C3:E3", "A5:E5"} <= merges and len(merges) == 4 + 25 + 1, len(merges))

print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
