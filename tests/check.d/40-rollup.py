"""Works the figures of rolled-up reports out again from the CSV files, and reads what was written: text by poppler, sheets by openpyxl.

Called by 40-rollup.sh: MODE JOB OUT (title: title OUT TEXT; before: before OUT). It knows the file formats of the sample and the rules of its form
(below), nothing of the program."""
import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
import unicodedata
from fractions import Fraction

import openpyxl

RATES = {"1.1.4": ("1.1.2", "1.1.1"), "1.3.4": ("1.3.2", "1.3.1"), "1.4.4": ("1.4.3", "1.4.1"), "3.5.3": ("3.5.3/2", "3.5.3/1"),
         "7.6.2/1": ("7.6.2/2", "7.6.2"), "7.8.4": ("7.8.4/2", "7.8.4/1")}
EXTREMES = {"3.2.3": max, "3.5.7": max, "3.4.3": min}
CODED = {"1.4.2": ["Trực tuyến", "Phát phiếu", "Kết hợp"], "1.5": ["Không", "Có"], "7.1": ["Chưa", "Hoàn thành"]}
ORDER = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"
failures = []


def check(what, got, want):
    if got != want:
        failures.append(f"{what}: got {got!r}, want {want!r}")


def number(text):
    """A figure as the files have it: 1.714, 56,1, - (zero), blank (none)."""
    text = text.strip().rstrip("%")
    if text == "":
        return None
    return Fraction(0) if text == "-" else Fraction(text.replace(".", "").replace(",", "."))


def rounded(x, places):
    """Half away from zero."""
    y = abs(x) * 10 ** places
    whole = (2 * y.numerator + y.denominator) // (2 * y.denominator)
    return Fraction(whole if x >= 0 else -whole, 10 ** places)


def shown(x, places=0):
    digits = str(abs(x.numerator * 10 ** places // x.denominator)).rjust(places + 1, "0") if x >= 0 else shown(-x, places)
    if x < 0:
        return "-" + digits
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
    return f"{int(whole):,}".replace(",", ".") + ("," + part if part else "")


def table(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.reader(f, delimiter=";"))


def long_values(path):
    found = {}
    for unit, code, value, *_ in table(path)[1:]:
        found.setdefault(unit, {})[code] = number(value)
    return found


def wide_values(path, names):
    rows = table(path)
    units = [names[h] for h in rows[0][2:]]
    found = {u: {} for u in units}
    for row in rows[1:]:
        for u, value in zip(units, row[2:]):
            found[u][row[0]] = number(value)
    return found


def total(values, code):
    """The figure of a code over units: a rate from sums over the units that have both counts."""
    if code in RATES:
        pairs = [(v.get(RATES[code][0]), v.get(RATES[code][1])) for v in values.values()]
        pairs = [p for p in pairs if None not in p]
        below = sum(p[1] for p in pairs)
        return rounded(sum(p[0] for p in pairs) * 100 / below, 2) if below else None
    given = [v[code] for v in values.values() if v.get(code) is not None]
    return (EXTREMES.get(code, sum))(given) if given else None


def text_of(pdf):
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True).stdout.decode()
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text))


def exact(cell):
    """A cell's figure as a fraction of what it shows; a double stands for its shortest decimal."""
    return None if cell is None or cell == "-" else Fraction(repr(cell)) if isinstance(cell, float) else Fraction(cell) if isinstance(cell, int) else cell


def rows_of(path, sheet, formulas=False):
    book = openpyxl.load_workbook(path, data_only=not formulas)
    return [[c.value for c in row] for row in book[sheet].iter_rows()]


def collation(name):
    """Letters before tones would need two passes; the sample's names differ in letters alone."""
    strip = {c: "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz".index(b) for c in ORDER for b in [base(c)]}
    return [[strip[c] for c in word] for word in name.lower().split()]


def base(c):
    marks = "\u0300\u0301\u0303\u0309\u0323"
    return unicodedata.normalize("NFC", "".join(x for x in unicodedata.normalize("NFD", c) if x not in marks))


def labels():
    form = open("templates/forms/cchc-tong-hop-2023.xml", encoding="utf-8").read()
    found = re.findall(r'<indicator code="([^"]+)" label="([^"]+)"', form)
    return {code: label.replace("*", "") for code, label in found}


def check_sums(xlsx, now, before):
    """Appendix I: last year, this year, difference, percent of every indicator, by its label."""
    sheet = rows_of(xlsx, "Phụ lục I")
    by_label = {str(r[1]).removeprefix("- "): r for r in sheet if r[1]}
    for code, label in labels().items():
        row = by_label.get(label)
        if row is None:
            failures.append(f"no row of {code}")
            continue
        if code in CODED:
            for column, values in ((3, before), (4, now)):
                counts = [sum(1 for v in values.values() if v.get(code) == i) for i in range(len(CODED[code]))]
                check(f"{code} codes", row[column], "; ".join(f"{n}: {k}" for n, k in zip(CODED[code], counts) if k) or "-")
            continue
        a, b = total(before, code), total(now, code)
        check(f"{code} last year", exact(row[3]), a)
        check(f"{code} this year", exact(row[4]), b)
        check(f"{code} change", exact(row[5]), b - a if None not in (a, b) else None)
        if code not in RATES and code not in ("3.4.3",):
            check(f"{code} percent", exact(row[6]), rounded((b - a) * 100 / a, 1) if None not in (a, b) and a else None)
    formulas = {str(r[1]).removeprefix("- "): r for r in rows_of(xlsx, "Phụ lục I", True) if r[1]}
    for code in RATES:
        check(f"{code} is a formula", str(formulas[labels()[code]][4]).startswith("=ROUND("), True)


def check_units(xlsx, units, now, before, remarks):
    """Appendix II: a row a unit in Vietnamese order, then the total with formulas."""
    sheet, formulas = rows_of(xlsx, "Phụ lục II"), rows_of(xlsx, "Phụ lục II", True)
    first = next(i for i, r in enumerate(sheet) if str(r[0]) == "1")
    order = sorted(units, key=lambda u: collation(units[u][1]))
    both = "3.5.3"
    for i, u in enumerate(order + [None]):
        row = sheet[first + i]
        one = {u: now.get(u, {})} if u else now
        old = {u: before.get(u, {})} if u else before
        if u:
            check("order of units", row[1], units[u][0])
            check(f"{u} remark", row[13] or "", remarks.get(u, ""))
        want = [total(one, "1.1.1"), total(one, "1.1.2"), total(one, "1.1.4"), total(one, "3.5.3/1"), total(one, "3.5.3/2"), total(one, both), total(old, both)]
        want += [want[5] - want[6] if None not in want[5:7] else None, total(one, "7.8.4/1"), total(one, "7.8.4/2"), total(one, "7.8.4")]
        for k, w in enumerate(want):
            check(f"{u or 'total'} column {k + 3}", exact(row[2 + k]), w)
    last = formulas[first + len(order)]
    for k in (2, 3, 5, 6, 10, 11):
        check(f"total {k + 1} is a sum", re.match(r"=SUM\([A-Z]+\d+:[A-Z]+\d+\)$", str(last[k])) is not None, True)
    for k in (4, 7, 12):
        check(f"total {k + 1} is a rate", str(last[k]).startswith("=ROUND("), True)


def has(text, *wanted):
    for w in wanted:
        check(f"text has «{w}»", w in text, True)


def check_text(text, now, before, year):
    t = lambda c: total(now, c)
    p = lambda c: total(before, c)
    was = lambda c: f"{shown(t(c), 2)}% (năm {year - 1}: {shown(p(c), 2)}%)"
    change = lambda c, noun: (f"{'tăng' if t(c) > p(c) else 'giảm'} {shown(abs(t(c) - p(c)))} {noun} so với năm {year - 1} "
                              f"({shown(rounded(abs(t(c) - p(c)) * 100 / p(c), 1), 1)}%)")
    has(text, f"đề ra {shown(t('1.1.1'))} nhiệm vụ", f"hoàn thành {shown(t('1.1.2'))} nhiệm vụ, đạt {was('1.1.4')}",
        f"ban hành {shown(t('1.1.3'))} văn bản chỉ đạo, {change('1.1.3', 'văn bản')}.", f"hoàn thành đúng hạn {shown(t('1.3.2'))} nhiệm vụ, đạt {was('1.3.4')}",
        f"Khảo sát {shown(t('1.4.1'))} phiếu, {shown(t('1.4.3'))} phiếu hài lòng trở lên, đạt {was('1.4.4')}",
        f"Đã giải quyết {shown(t('3.5.3/1'))} hồ sơ thủ tục hành chính (TTHC), {change('3.5.3/1', 'hồ sơ')}; đúng hạn {shown(t('3.5.3/2'))} hồ sơ, đạt {was('3.5.3')}.",
        f"quá hạn {shown(t('3.5.7'))} ngày", f"trực tuyến {shown(t('7.8.4/2'))}/{shown(t('7.8.4/1'))} hồ sơ, đạt {was('7.8.4')}", f"điện tử đạt {was('7.6.2/1')}",
        f"các xã, thị trấn là {shown(t('6.6'))} đồng", change("6.6", "đồng"))
    pairs = [(v["3.5.3/1"], before[u]["3.5.3/1"]) for u, v in now.items() if u in before]
    has(text, f"riêng {len(pairs)} đơn vị có số liệu cả hai năm, số hồ sơ đã giải quyết năm {year} là {shown(sum(x for x, _ in pairs))} hồ sơ, "
              f"năm {year - 1} là {shown(sum(y for _, y in pairs))} hồ sơ")


def district(job, out):
    register = {r[0]: r for r in table(f"{job}/don-vi.csv")[1:]}
    units = {c: (r[1], r[2]) for c, r in register.items() if r[4] == "xa"}
    before = wide_values(f"{job}/so-lieu-2022.csv", {r[1]: c for c, r in register.items()})
    first = long_values(f"{job}/so-lieu-2023.csv")
    now = dict(first, **long_values(f"{job}/so-lieu-2023-binh-lam-lan-2.csv"), **long_values(f"{job}/so-lieu-2023-phu-cam.csv"))
    check("the sample corrects a figure", first["binh-lam"] != now["binh-lam"], True)
    check("units without data", sorted(set(units) - set(now)), ["dong-xuyen"])
    pdf, xlsx = f"{out}/huong-dien/bao-cao-huyen.pdf", f"{out}/huong-dien/bao-cao-huyen.xlsx"
    text = text_of(pdf)
    check_sums(xlsx, now, before)
    check_units(xlsx, units, now, before, {"dong-xuyen": "Chưa gửi", "phu-cam": "Gửi muộn", "binh-lam": "Đính chính"})
    check_text(text, now, before, 2023)
    has(text, "đã có 11/12 xã, thị trấn gửi báo cáo (hạn gửi: ngày 18 tháng 12 năm 2023); còn 01 đơn vị chưa gửi: xã Đông Xuyên.",
        "Có 01 đơn vị gửi sau thời hạn: xã Phú Cẩm (nhận ngày 21 tháng 12 năm 2023).", "xã Bình Lâm (lần 2, nhận ngày 18 tháng 12 năm 2023).",
        "Số liệu năm 2022 dùng để so sánh gồm 12/12 xã, thị trấn.")
    # The same figures on paper: every row of the sheets as the page has it.
    for sheet, places in (("Phụ lục I", None), ("Phụ lục II", None)):
        for row in rows_of(xlsx, sheet):
            cells = [exact(c) for c in row if isinstance(c, (int, float))]
            for x in cells:
                ways = [shown(x, k) for k in range(3) if (x * 10 ** k).denominator == 1]
                check(f"{sheet}: {ways[0]} is printed", any(w in text for w in ways), True)
    data = {r[0]: r for r in rows_of(xlsx, "Số liệu")}
    for code in labels():
        if code not in CODED:
            check(f"data sheet {code}", exact(data[code][2]), total(now, code))
    for u, v in now.items():
        own = {r[0]: r for r in rows_of(f"{out}/{u}/bao-cao-xa.xlsx", "Số liệu")}
        for code, x in v.items():
            if code in own and x is not None:
                check(f"{u} {code}", exact(own[code][2]), x)
        has(text_of(f"{out}/{u}/bao-cao-xa.pdf"), f"Đã giải quyết {shown(v['3.5.3/1'])} hồ sơ", f"{shown(v['3.5.3/2'])} hồ sơ đúng hạn, đạt {shown(total({u: v}, '3.5.3'), 2)}%")
    manifest = json.load(open(f"{out}/manifest.json", encoding="utf-8"))
    status = {d["unit"]: d["status"] for d in manifest["documents"]}
    check("documents", sorted(status.values()), ["no-data"] + ["written"] * 12)
    check("who is without data", status["dong-xuyen"], "no-data")
    check("numbers of the register", {d["unit"]: (d["number"], d["date"]) for d in manifest["documents"] if d["status"] == "written"},
          {r[0]: (r[2], r[3]) for r in table(f"{job}/van-ban.csv")[1:]})


def database(job, path):
    """The kept database: which delivery counts, which is late, and that the figures of the one before stay on record."""
    db = sqlite3.connect(path)
    rows = db.execute("SELECT unit, period, received, version, in_force, late FROM delivery ORDER BY unit, period, received").fetchall()
    communes = [r[0] for r in table(f"{job}/don-vi.csv")[1:] if r[4] == "xa"]
    want = [(u, "2022", "2022-12-15", 1, 1, 0) for u in communes]
    want += [(u, "2023", "2023-12-15", 1, int(u != "binh-lam"), 0) for u in communes if u not in ("dong-xuyen", "phu-cam")]
    want += [("binh-lam", "2023", "2023-12-18", 2, 1, 0), ("phu-cam", "2023", "2023-12-21", 1, 1, 1)]
    check("deliveries", rows, sorted(want))
    for name, values in (("value", long_values(f"{job}/so-lieu-2023-binh-lam-lan-2.csv")), ("value_past", long_values(f"{job}/so-lieu-2023.csv"))):
        found = {c: Fraction(n, 10 ** (2 if c in RATES or c == "3.4.3" else 0)) for c, n in
                 db.execute(f"SELECT code, num FROM {name} WHERE unit = 'binh-lam' AND period = '2023'")}
        check(f"figures in {name}", found, values["binh-lam"])


def half(job, out):
    text = text_of(f"{out}/mau/bao-cao.pdf")
    has(text, "cải cách hành chính 6 tháng đầu năm 2023", "hành chính 6 tháng cuối năm 2023", "NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH 6 THÁNG CUỐI NĂM 2023", "Số: 07/BC-UBND",
        "Mẫu, ngày 16 tháng 6 năm 2023")
    check("nothing of a whole year", "năm 2024" in text.lower(), False)
    data = {r[0]: r for r in rows_of(f"{out}/mau/bao-cao.xlsx", "Số liệu")}
    for code, value in table(f"{job}/so-lieu.csv")[1:]:
        check(code, exact(data[code][2]), number(value))
        check(f"{code} period", data[code][4], "2023-6T")


def any_template(job, out):
    """The communes' own long report, run for their parent: its figures are the sums of theirs, a rate without counts is none."""
    values = long_values(f"{job}/so-lieu.csv")
    sheet = rows_of(f"{out}/huyen-mau/bao-cao.xlsx", "Số liệu")
    data = {r[0]: r for r in sheet}
    for code in ("1.1.1", "1.1.2", "1.1.3"):
        check(code, exact(data[code][2]), total(values, code))
    check("a rate whose rule is none", data["3.5.3"][2], None)
    has(text_of(f"{out}/huyen-mau/bao-cao.pdf"), f"Đề ra {shown(total(values, '1.1.1'))} nhiệm vụ.")


def title(out, wanted):
    text = text_of(f"{out}/mau/bao-cao.pdf")
    for one in wanted.split("|"):
        has(text, one)


def levels(job, out):
    values = long_values(f"{job}/so-lieu.csv")
    text = text_of(f"{out}/huong-giang/bao-cao-tinh.pdf")
    has(text, "TỈNH HƯƠNG GIANG", "của các xã, phường trên địa bàn tỉnh Hương Giang", "đã có 2/2 xã, phường gửi báo cáo.",
        f"đề ra {shown(total(values, '1.1.1'))} nhiệm vụ", f"đạt {shown(total(values, '1.1.4'), 2)}%", f"đúng hạn {shown(total(values, '3.5.3/2'))} hồ sơ, đạt {shown(total(values, '3.5.3'), 2)}%",
        "cao nhất là xã Phú Lộc Hải (99,92%)", "thấp nhất là phường An Đông (90,00%)")
    check("no figure that is missing is spoken of", "chưa có số liệu" in text, False)
    check("no district", "huyện" in text.lower(), False)
    commune = text_of(f"{out}/loc-hai/bao-cao-xa.pdf")
    check("nothing above the commune", re.sub(r"\s+", " ", commune)[:16], " ỦY BAN NHÂN DÂN"[:16] if commune[0] == " " else "ỦY BAN NHÂN DÂN "[:16])
    has(commune, "XÃ PHÚ LỘC HẢI", "Ủy ban nhân dân tỉnh Hương Giang; - Sở Nội vụ tỉnh Hương Giang.", "Phú Lộc Hải, ngày 17 tháng 12 năm 2025")
    check("no superior", "HUYỆN" in commune, False)
    check("the district that is gone writes nothing", os.path.exists(f"{out}/phu-luong"), False)
    has(text_of(f"{out}/an-cuu-dong/bao-cao-xa.pdf"), "PHƯỜNG AN ĐÔNG")


def before(out):
    commune = text_of(f"{out}/loc-hai/bao-cao-xa.pdf")
    has(commune, "UBND HUYỆN PHÚ LƯƠNG", "XÃ LỘC HẢI", "Lộc Hải, ngày 17 tháng 6 năm 2025", "6 tháng đầu năm 2025")
    has(text_of(f"{out}/phu-luong/bao-cao-huyen.pdf"), "HUYỆN PHÚ LƯƠNG", "thị trấn An Đông (90,00%)", "đã có 2/2 xã, thị trấn gửi báo cáo")
    has(text_of(f"{out}/huong-giang/bao-cao-tinh.pdf"), "đã có 2/2 xã, phường gửi báo cáo", "đúng hạn 1.469 hồ sơ, đạt 97,93%")


MODES = {"district": district, "half": half, "database": database, "any": any_template, "title": title, "levels": levels, "before": before}
MODES[sys.argv[1]](*sys.argv[2:])
for f in failures:
    print(f)
sys.exit(1 if failures else 0)
