"""Checks of entry workbooks; called by 60-forms.sh with an empty folder."""
import csv
import datetime
import os
import re
import shutil
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import openpyxl

DIR = sys.argv[1]
VANBAN = os.environ["VANBAN"]
SAMPLE = os.path.join(os.getcwd(), "samples", "bao-cao-cchc-quang-tho-2023")
FORM = os.path.join(os.getcwd(), "templates", "forms", "cchc-xa-2023.xml")
UNIT = "quang-tho"
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


def run(*args, want=0):
    r = subprocess.run([VANBAN, *args], capture_output=True, text=True, env=dict(os.environ, LC_ALL="C"), timeout=300)
    check("exit of " + " ".join(args)[-90:], r.returncode == want, f"{r.returncode}: {r.stdout}{r.stderr}")
    return r.stderr


def soffice(source, kind, folder):
    os.makedirs(folder, exist_ok=True)
    subprocess.run(["soffice", "-env:UserInstallation=file://" + os.path.join(DIR, "profile"), "--headless", "--convert-to", kind, "--outdir", folder, source],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    return os.path.join(folder, os.path.splitext(os.path.basename(source))[0] + "." + kind)


def edit(path, change):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    new = change(text)
    check("the job was changed", new != text, path)
    with open(path, "w", encoding="utf-8") as f:
        f.write(new)


def job(name, values):
    """A copy of the sample whose figures come from elsewhere."""
    to = os.path.join(DIR, name)
    shutil.copytree(SAMPLE, to)
    os.remove(os.path.join(to, "so-lieu.csv"))
    os.remove(os.path.join(to, "so-lieu-nhom-7.xml"))
    edit(os.path.join(to, "job.xml"), lambda s: re.sub(r"( *<values [^>]*>\n)+", values + "\n", s))
    return to


def pdf(folder, want=0):
    out = folder + ".out"
    shutil.rmtree(out, ignore_errors=True)
    said = run("build", "-f", "pdf", "-o", out, folder, want=want)
    path = os.path.join(out, "bao-cao-cchc-quang-tho-2023", UNIT, "bao-cao-cchc.pdf")
    return (open(path, "rb").read() if os.path.exists(path) else None), said


def number(text):
    """A figure as a clerk would key it in."""
    if re.fullmatch(r"\d+", text):
        return int(text)
    if re.fullmatch(r"\d+,\d+", text):
        return float(text.replace(",", "."))
    return text


with open(os.path.join(SAMPLE, "so-lieu.csv"), encoding="utf-8") as f:
    figures = [(r["Mã chỉ tiêu"], r["Số liệu"], r["Ghi chú"]) for r in csv.DictReader(f, delimiter=";")]
figures += [(e.get("ma"), e.get("gia-tri"), "") for e in ElementTree.parse(os.path.join(SAMPLE, "so-lieu-nhom-7.xml")).getroot()]
by_code = {c: (v, n) for c, v, n in figures}
form = [e for e in ElementTree.parse(FORM).getroot().iter() if e.tag in ("group", "indicator")]
reference = pdf(shutil.copytree(SAMPLE, os.path.join(DIR, "csv")))[0]

# ---- the blank workbook ------------------------------------------------------------------------------------------

FROM_FORMS = '  <values file="forms/*.xlsx" received="2023-12-05"/>'
filled = job("filled", FROM_FORMS)
run("forms", filled)
blank = os.path.join(filled, "forms", UNIT + ".xlsx")
equal("one workbook a reporting unit", os.listdir(os.path.join(filled, "forms")), [UNIT + ".xlsx"])
run("forms", "-o", os.path.join(DIR, "again"), filled)
equal("the same bytes again", open(os.path.join(DIR, "again", UNIT + ".xlsx"), "rb").read(), open(blank, "rb").read())
with zipfile.ZipFile(blank) as z:
    for part in z.namelist():
        ElementTree.fromstring(z.read(part))
        equal("no clock in " + part, z.getinfo(part).date_time[0], 1980)
book = openpyxl.load_workbook(blank)
ws = book.active
equal("head", [c.value for c in ws[5]], ["Mã chỉ tiêu", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Kỳ trước", "Ghi chú", "Điều kiện", "Mã đơn vị", "Kỳ báo cáo"])
equal("unit and period on top", (ws["B3"].value, ws["D3"].value, ws["A2"].value), (UNIT, "2023", "xã Quảng Thọ"))
equal("frozen", ws.freeze_panes, "A6")
equal("head repeated", ws.print_title_rows, "$5:$5")
equal("page", (ws.page_setup.orientation, ws.page_setup.paperSize, ws.page_setup.fitToHeight), ("landscape", 9, 0))
check("protected without a password", ws.protection.sheet and not ws.protection.password and not ws.protection.hashValue)
check("unit and period of rows are out of sight", all(ws.column_dimensions[c].hidden for c in "EHI"))
equal("a row for each line of the form", [c.value for c in ws["A"][5:]], [e.get("code") for e in form])
checks = {}
for v in ws.data_validations.dataValidation:
    for area in str(v.sqref).split():
        checks[area] = v
rows = {}
for e, row in zip(form, ws.iter_rows(min_row=6)):
    code, kind = e.get("code"), e.get("type")
    rows[code] = row[0].row
    where = "D%d" % row[0].row
    open_ = kind is not None and e.get("applies") in (None, "xa")
    equal("locks of " + code, [c.protection.locked for c in row], [c not in ((3, 5) if open_ else (5,)) for c in range(9)])
    check("blank " + code, row[3].value is None and row[5].value is None)
    check("font", all(c.font.name == "Times New Roman" for c in row))
    check("heading is bold " + code, bool(row[1].font.b) == (kind is None or e in list(ElementTree.parse(FORM).getroot())) or row[1].font.b is False, code)
    v = checks.get(where)
    check("watched " + code, (v is not None) == (open_ and kind != "text"), str(v))
    if v is None:
        continue
    items = [c.get("value") for c in ElementTree.parse(FORM).getroot().findall(f"codes[@id='{e.get('codes')}']/code")]
    want = {"count": ("whole", "greaterThanOrEqual", "0", None), "percent": ("decimal", None, "0", "100"),
            "code": ("list", None, '"' + ",".join(sorted(items)) + '"', None)}[kind]
    equal("validation of " + code, (v.type, None if v.operator == "between" else v.operator, v.formula1, v.formula2), want)
    if kind == "code":
        check("the codes are explained " + code, all(f"{c} = " in v.prompt for c in items), v.prompt)
check("groups are bold", ws.cell(rows["1.1"], 2).font.b and not ws.cell(rows["1.1.1"], 2).font.b)

said = run("forms", "-o", os.path.join(DIR, "none"), os.path.join(os.getcwd(), "samples", "ke-hoach-cchc-loc-binh-2023"), want=1)
check("a job without a form", said.count(": error: ") == 1 and "[forms-none]" in said and not os.path.exists(os.path.join(DIR, "none")), said)
os.makedirs(os.path.join(DIR, "readonly"))
open(os.path.join(DIR, "readonly", "file"), "w").close()
said = run("forms", "-o", os.path.join(DIR, "readonly", "file"), filled, want=3)
check("a file where the folder should be", said.count("error: ") == 1, said)

# ---- filled in, saved by LibreOffice, read back -------------------------------------------------------------------

for code, value, note in figures:
    if value:
        ws.cell(rows[code], 4).value = number(value)
    if note:
        ws.cell(rows[code], 6).value = note
work = os.path.join(DIR, "work")
os.makedirs(work)
book.save(os.path.join(work, UNIT + ".xlsx"))
saved = soffice(os.path.join(work, UNIT + ".xlsx"), "xlsx", os.path.join(DIR, "saved"))
before = open(blank, "rb").read()
said = run("forms", filled)
check("a workbook that is there is left alone", "forms-kept" in said and open(blank, "rb").read() == before, said)
shutil.copy(saved, blank)
got, said = pdf(filled)
check("filled by LibreOffice: the PDF of the CSV job", got == reference, said)
shutil.copy(os.path.join(work, UNIT + ".xlsx"), blank)
check("filled by openpyxl: the PDF of the CSV job", pdf(filled)[0] == reference)
os.rename(blank, os.path.join(filled, "forms", "gui lai (2).xlsx"))
check("a renamed workbook knows its unit", pdf(filled)[0] == reference)
again = job("prefilled", FROM_FORMS)
shutil.copytree(os.path.join(filled, "forms"), os.path.join(again, "forms"))
run("forms", "-o", os.path.join(DIR, "carried"), again)
sheet = openpyxl.load_workbook(os.path.join(DIR, "carried", UNIT + ".xlsx")).active
equal("what was delivered stands in a new workbook", [(sheet.cell(rows[c], 4).value, sheet.cell(rows[c], 6).value or "") for c, v, n in figures if v],
      [(number(v), n) for c, v, n in figures if v])

# ---- wrong cells: the place is the cell's ---------------------------------------------------------------------------

wrong = job("wrong", FROM_FORMS)
os.makedirs(os.path.join(wrong, "forms"))
for code, value in (("1.1.1", "hai"), ("1.1.2", 2.5), ("1.4.2", 7), ("1.5", "Không rõ"), ("7.8.3", datetime.date(2023, 1, 9))):
    sheet = openpyxl.load_workbook(os.path.join(work, UNIT + ".xlsx"))
    sheet.active.cell(rows[code], 4).value = value
    sheet.save(os.path.join(wrong, "forms", UNIT + ".xlsx"))
    got, said = pdf(wrong, want=1)
    errors = [x for x in said.splitlines() if ": error: " in x and "(waived: " not in x]
    check("one message for " + code, got is None and len(errors) == 1 and errors[0].startswith(f"forms/{UNIT}.xlsx:Số liệu!D{rows[code]}: error: "), said)

# ---- cells turn red -------------------------------------------------------------------------------------------------

own = job("rules", FROM_FORMS)
os.makedirs(os.path.join(own, "templates", "forms"))
with open(os.path.join(own, "templates", "forms", "thu.xml"), "w", encoding="utf-8") as f:
    f.write("""<?xml version="1.0" encoding="UTF-8"?>
<form id="thu" title="Biểu thử">
  <codes id="c"><code value="A" label="Chữ a"/><code value="B" label="Chữ bê"/></codes>
  <indicator code="t1" label="Tiếp nhận" measure="Hồ sơ" type="count"/>
  <indicator code="t2" label="Đúng hạn" measure="Hồ sơ" type="count"/>
  <indicator code="t2/1" label="Trong đó: trực tuyến" measure="Hồ sơ" type="count" sub="yes"/>
  <indicator code="t3" label="Tỷ lệ" measure="%" type="percent" places="1" num="t2" den="t1"/>
  <indicator code="t4" label="Loại" type="code" codes="c"/>
  <indicator code="t5" label="Điểm" type="decimal" places="2"/>
  <indicator code="t6" label="Ngày" type="date"/>
  <indicator code="t7" label="Lời" type="text"/>
  <indicator code="t8" label="Kinh phí" measure="đồng" type="money"/>
  <rule id="T1" severity="warning"><sql>SELECT 't2' AS code WHERE val('t2') &gt; val('t1')</sql>
    <message lang="vi">đúng hạn nhiều hơn tiếp nhận</message><message lang="en">more in time than received</message></rule>
</form>
""")
edit(os.path.join(own, "job.xml"), lambda s: s.replace('<form id="cchc-xa-2023"/>', '<form id="thu"/><form id="cchc-xa-2023"/>'))
run("forms", own)
path = os.path.join(own, "forms", UNIT + ".xlsx")
sheet = openpyxl.load_workbook(path).active
check("several forms are headed", sheet["B6"].value == "Biểu thử" and sheet["A6"].value is None and sheet["A1"].value == "Biểu nhập số liệu")
at = {r[0].value: r[0].row for r in sheet.iter_rows(min_row=6) if r[0].value}
equal("conditions in words", [sheet.cell(at[c], 7).value for c in ("t1", "t2", "t2/1", "t3", "t4", "t6", "t7")],
      ["số nguyên từ 0", "số nguyên từ 0; ≤ t1", "số nguyên từ 0; ≤ t2", "từ 0 đến 100; = t2 : t1 × 100", "A = Chữ a; B = Chữ bê", "ngày/tháng/năm", None])
part = "số nguyên từ 0; ≤ 3.2.3"
equal("a part is held against its row", [sheet.cell(at[c], 7).value for c in ("3.2.3/1", "3.2.3/2", "3.2.3/3")], [part] * 3)
GOOD = {"t1": 200, "t2": 150, "t2/1": 150, "t3": 75, "t4": "B", "t5": 1.25, "t6": datetime.date(2023, 5, 1), "t7": "lời", "t8": 12900000}
TRIALS = [({}, set()), ({"t2": 201, "t2/1": None, "t3": 100.5}, {"t2", "t3"}), ({"t2/1": 151}, {"t2/1"}), ({"t3": 80}, {"t3"}), ({"t3": 75.04}, {"t3"}),
          ({"t3": 120, "t1": None}, {"t3"}), ({"t4": "C"}, {"t4"}), ({"t5": 1.255}, {"t5"}), ({"t6": "mai"}, {"t6"}), ({"t1": 1.5, "t2": None}, {"t1"}),
          ({"t1": -1, "t2": None}, {"t1"}), ({"t1": "nhiều"}, {"t1"}), ({"t8": 0.5}, {"t8"}), ({"t1": 0, "t2": 0, "t2/1": 0}, set()),
          ({"t1": "KAD", "t2": "-", "t4": "kad", "t5": "n/a", "t8": "không áp dụng"}, set()), ({c: None for c in GOOD}, set())]
for i, (change, _) in enumerate(TRIALS):
    trial = openpyxl.load_workbook(path)
    s = trial.active
    for code, value in {**GOOD, **change}.items():
        s.cell(at[code], 4).value = value
    column = 12
    for area in s.conditional_formatting:
        for rule in area.rules:
            column += 1
            s.cell(s[str(area.sqref)].row, 12 + column % 40).value = "=" + rule.formula[0] if s[str(area.sqref)].row < 16 else None
            check("red", rule.dxf.fill.bgColor.rgb == "FFFFC7CE" and rule.dxf.font.color.rgb == "FF9C0006")
    trial.save(os.path.join(work, f"trial{i}.xlsx"))
subprocess.run(["soffice", "-env:UserInstallation=file://" + os.path.join(DIR, "profile"), "--headless", "--convert-to", "xlsx", "--outdir", os.path.join(DIR, "trials"),
                *[os.path.join(work, f"trial{i}.xlsx") for i in range(len(TRIALS))]], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
for i, (change, want) in enumerate(TRIALS):
    s = openpyxl.load_workbook(os.path.join(DIR, "trials", f"trial{i}.xlsx"), data_only=True).active
    red = set()
    for code in GOOD:
        values = [s.cell(at[code], c).value for c in range(12, 53)]
        check("every formula gives an answer", all(v in (None, True, False, 0, 1) for v in values), (code, values))
        if any(values):
            red.add(code)
    equal(f"red cells of {change}", red, want)

# ---- last year's figures ---------------------------------------------------------------------------------------------

last = shutil.copytree(SAMPLE, os.path.join(DIR, "last"))
edit(os.path.join(last, "job.xml"), lambda s: s.replace('name="bao-cao-cchc-quang-tho-2023" period="2023"', 'name="nam-truoc" period="2022"'))
db = os.path.join(DIR, "kept.db")
run("check", "--db", db, last)
now = job("now", FROM_FORMS)
run("forms", "--db", db, now)
sheet = openpyxl.load_workbook(os.path.join(now, "forms", UNIT + ".xlsx")).active
equal("last year's head", (sheet["E5"].value, sheet.column_dimensions["E"].hidden), ("Kỳ trước (2022)", False))
equal("last year's figures", [sheet.cell(rows[c], 5).value for c, v, _ in figures if v], [number(v) for c, v, _ in figures if v])
check("and no figure of this year", all(sheet.cell(r, 4).value is None for r in rows.values()))

# ---- an office's own sheets ------------------------------------------------------------------------------------------


def own_sheet(path, head, lines):
    b = openpyxl.Workbook()
    s = b.active
    s.append(["UBND XÃ QUẢNG THỌ"])
    s.append(["SỐ LIỆU CÔNG TÁC CẢI CÁCH HÀNH CHÍNH NĂM 2023"])
    s.merge_cells(start_row=2, start_column=1, end_row=2, end_column=len(head))
    s.append([])
    s.append(head)
    for line in lines:
        s.append(line)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    b.save(path)


def own_csv(path, head, lines):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as f:
        csv.writer(f, delimiter=";").writerows([head, *lines])


long_ = job("long", '  <values file="rieng/*.xlsx" received="2023-12-05"/>')
own_sheet(os.path.join(long_, "rieng", UNIT + ".xlsx"), ["TT", "Mã chỉ tiêu", "Ghi chú", "Số liệu"], [[i, c, n, number(v)] for i, (c, v, n) in enumerate(figures, 1)])
check("a long sheet, its unit by the file's name: the PDF of the CSV job", pdf(long_)[0] == reference)
os.rename(os.path.join(long_, "rieng", UNIT + ".xlsx"), os.path.join(long_, "rieng", "khong-biet.xlsx"))
got, said = pdf(long_, want=1)
check("a file whose name is no unit", got is None and said.count(": error: ") == 1 and "unit" in said, said)
wide = job("wide", '  <values file="rieng.xlsx" received="2023-12-05"/>')
wide_csv = job("wide-csv", '  <values file="rieng.csv" received="2023-12-05"/>')
head = ["Mã chỉ tiêu", "Xã Quảng Thọ"]
own_sheet(os.path.join(wide, "rieng.xlsx"), head, [[c, number(v)] for c, v, _ in figures])
own_csv(os.path.join(wide_csv, "rieng.csv"), head, [[c, v] for c, v, _ in figures])
want, said = pdf(wide_csv)
check("a wide CSV is read", want is not None and want != reference, said)
got, said = pdf(wide)
check("a wide sheet: the PDF of the wide CSV", got is not None and got == want, said)

# ---- broken workbooks ------------------------------------------------------------------------------------------------

broken = job("broken", FROM_FORMS)
os.makedirs(os.path.join(broken, "forms"))
target = os.path.join(broken, "forms", UNIT + ".xlsx")
source = os.path.join(DIR, "saved", UNIT + ".xlsx")
sound = open(source, "rb").read()
SHEET = "xl/worksheets/sheet1.xml"


def parts(change):
    """The sound workbook with change(dict of parts)."""
    with zipfile.ZipFile(source) as z:
        all_ = {n: z.read(n) for n in z.namelist()}
    change(all_)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as z:
        for n, data in all_.items():
            z.writestr(n, data)


def refused(name, words):
    got, said = pdf(broken, want=1)
    errors = [x for x in said.splitlines() if ": error: " in x and "(waived: " not in x]
    check("refused: " + name, got is None and len(errors) == 1 and errors[0].startswith("forms/" + UNIT + ".xlsx") and re.search(words, errors[0]), said)


def taken(name, words):
    got, said = pdf(broken)
    check("taken: " + name, got == reference and re.search(words, said), said)


for name, data, words in (("empty", b"", "zip-form"), ("text", b"ma;gia tri\n", "zip-form"), ("cut short", sound[:len(sound) // 2], "zip-form"),
                          ("a password", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "without a password")):
    with open(target, "wb") as f:
        f.write(data)
    refused(name, words)
for part in ("xl/workbook.xml", SHEET, "xl/sharedStrings.xml", "xl/styles.xml"):
    parts(lambda p: p.pop(part))
    refused("without " + part, r"lacks its part " + part)
parts(lambda p: p.update({SHEET: b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + b" " * (300 << 20)}))
refused("a zip bomb", "zip-limit")
parts(lambda p: p.update({SHEET: p[SHEET][:len(p[SHEET]) // 2]}))
refused("a sheet cut short", "damaged in its part")
parts(lambda p: p.update({SHEET: b'<!DOCTYPE x [<!ENTITY a "b">]>' + p[SHEET][p[SHEET].index(b"<worksheet"):]}))
refused("an entity", "damaged in its part")
parts(lambda p: p.update({SHEET: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData>" + b"".join(b'<row r="%d"/>' % i for i in range(1, 1000001)) + b"</sheetData>", p[SHEET], flags=re.S)}))
refused("a million empty rows", "no sheet with cells|zip-limit")
parts(lambda p: p.update({SHEET: re.sub(rb"</sheetData>", b"".join(b'<row r="%d"><c r="A%d"/></row>' % (i, i) for i in range(2000, 802000, 8)) + b"</sheetData>", p[SHEET])}))
taken("empty rows behind the figures", "")
parts(lambda p: p.update({"xl/_rels/workbook.xml.rels": p["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>",
      b'<Relationship Id="rIdM" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>'), "xl/vbaProject.bin": b"\0" * 99}))
taken("macros are not run", "")
parts(lambda p: p.update({"xl/_rels/workbook.xml.rels": p["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>",
      b'<Relationship Id="rIdL" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>')}))
taken("external links are not followed", "xlsx-content")
book = openpyxl.load_workbook(os.path.join(work, UNIT + ".xlsx"))
book.active.cell(rows["1.1.1"], 4).value = "=1/0"
book.save(os.path.join(work, "formula.xlsx"))
shutil.copy(os.path.join(work, "formula.xlsx"), target)
refused("a formula without a value", rf"D{rows['1.1.1']}: error: .*no saved value")
shutil.copy(soffice(os.path.join(work, "formula.xlsx"), "xlsx", os.path.join(DIR, "saved")), target)
refused("an error value", rf"D{rows['1.1.1']}: error: .*#DIV/0!")

print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
