#!/usr/bin/env python3
"""decree.py REPORT DAY-DU-A DAY-DU-B CONG-VAN-A CONG-VAN-B: the pages against Decree 30/2020, annex I, row by row.

RULES has one function a row of the decree's table of components (mục V; the numbers are those of gen/doc/styles.def) and of its page
rules (mục I). A row without a function, or a function that looks at nothing, fails. Sizes: set A is 12/13/13, set B 13/14/14 (mục V,
footnote). The facts come from trace.py.
"""
import re
import sys

from trace import Document

MM = 72 / 25.4
ASCENT, DESCENT, SINGLE = 0.891, 0.216, 1.149  # of Times New Roman, and of Liberation Serif, in em
ROWS = ["1a", "1b", "2a", "2b", "3", "4", "5a-1", "5a-2", "5b", "6a", "6b", "6c", "6d", "6e", "6f", "6g", "6h", "7a", "7b", "7c", "8", "9a",
        "9b-1", "9b-2", "10", "10t", "10k", "11", "12", "13", "14", "15", "16", "paper", "margins", "font", "number-place", "number-restart"]
RULES = {}


def rule(name):
    def keep(function):
        RULES[name] = function
        return function
    return keep


class Job:
    """A document with what its template asks of it."""

    def __init__(self, path, size_set, body, margins, indent, kind):
        self.doc, self.set, self.body, self.indent, self.kind = Document(path), size_set, body, indent * MM, kind
        self.top, self.right, self.bottom, self.left = (m * MM for m in margins)
        self.page = self.doc.pages[0]
        self.x0, self.x1 = self.left, self.page.width - self.right
        self.middle = (self.x0 + self.x1) / 2
        self.name = path.split("/")[-1]

    def of_set(self, a, b):
        return a if self.set == "A" else b

    def sign_page(self):
        return self.doc.pages[self.doc.find("Nơi nhận:")[0]]

    def appendices(self):
        """Index of the first page of each appendix."""
        return [i for i, p in enumerate(self.doc.pages) if any(re.fullmatch(r"Phụ lục( [IVX]+)?", x.text) for x in p.lines)]


class Verdict:
    def __init__(self):
        self.count, self.faults, self.rule, self.job = 0, [], None, None

    def __call__(self, good, what, more=""):
        self.count += 1
        if not good:
            self.faults.append("row %s, %s: %s %s" % (self.rule, self.job.name, what, more))
        return bool(good)

    def near(self, got, want, what, by=0.5):
        return self(abs(got - want) <= by, what, "is %.2f, not %.2f" % (got, want))

    def between(self, got, low, high, what):
        return self(low <= got <= high, what, "is %.2f, not in %.2f–%.2f" % (got, low, high))

    def line(self, line, what, size, bold, italic=False, upper=None):
        """A line is there, of one size, weight and slope, and in capitals or not."""
        if not self(line is not None, what, "is missing"):
            return False
        self(line.sizes == {size}, what + ": size", "%s, not %s" % (line.sizes, size))
        self(line.bold() == {bold}, what + ": weight", line.fonts)
        self(line.italic() == {italic}, what + ": slope", line.fonts)
        if upper is not None:
            self((line.text == line.text.upper()) == upper, what + ": case", line.text)
        return True


ok = Verdict()


def rule_below(job, lines, low, high, page=None):
    """The solid rule below a text: its length in shares of the longest line, its place, its weight."""
    page = page or job.page
    longest = max(lines, key=lambda x: x.width)
    s = page.rule_below(lines[-1])
    if not ok(s is not None, "rule below", "is missing"):
        return None
    ok.between(s.w / longest.width, low - 0.005, high + 0.005, "rule: share of the longest line")
    ok(s.w <= high * lines[-1].width + 0.5 or s.w <= longest.width / 3 + 0.5, "rule: share of the last line", "%.1f of %.1f" % (s.w, lines[-1].width))
    ok.near(s.x + s.w / 2, longest.center, "rule: centred")
    ok.near(s.weight, 0.75, "rule: weight", 0.01)
    ok(s.color == (0, 0, 0), "rule: black", s.color)
    ok(s.y < lines[-1].y - DESCENT * lines[-1].size, "rule: clear of the letters")
    return s


# ---- zones 1 to 5 -------------------------------------------------------------------------------------------------

def nation(job):
    return job.page.find("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")


def organ_lines(job):
    """The lines of the left column above the number, by weight: superior, organ."""
    number = job.page.find("Số: ")
    left = [x for x in job.page.lines if x.y > number.y and x.center < nation(job).x0]
    return [x for x in left if x.bold() == {False}], [x for x in left if x.bold() == {True}]


@rule("1a")
def _(job):
    n = nation(job)
    if ok.line(n, "nation", job.of_set(12, 13), True, upper=True):
        ok(n.y == max(x.y for x in job.page.lines), "first line of the page")
        ok.near(n.y + ASCENT * n.size, job.page.height - job.top, "at the top margin", 2)
        ok(n.center > job.page.width / 2 and n.x1 <= job.x1 + 0.5, "right half of the page, on one line", n.x1)


@rule("1b")
def _(job):
    m = job.page.find("Độc lập - Tự do - Hạnh phúc")
    if ok.line(m, "motto", job.of_set(13, 14), True, upper=False):
        ok.near(m.center, nation(job).center, "centred under the nation")
        ok.near(nation(job).y - m.y, SINGLE * m.size, "single spacing", 1.5)
        rule_below(job, [m], 1, 1)


@rule("2a")
def _(job):
    above, organ = organ_lines(job)
    if job.kind == "full":
        ok(len(above) >= 2, "superior organ in lines of its own", len(above))
    for x in above:
        ok.line(x, "superior organ", job.of_set(12, 13), False, upper=True)
        ok(x.y > organ[0].y, "above the agency")
        ok.near(x.center, organ[0].center, "centred with the agency")


@rule("2b")
def _(job):
    above, organ = organ_lines(job)
    ok(len(organ) >= (3 if job.kind == "full" else 2), "lines of the agency's name", len(organ))
    for x in organ:
        ok.line(x, "agency", job.of_set(12, 13), True, upper=True)
        ok.near(x.center, organ[0].center, "centred")
        ok.between(x.x1, job.x0, nation(job).x0 - 2, "keeps to its column")
    for a, b in zip(above + organ, (above + organ)[1:]):
        ok.near(a.y - b.y, SINGLE * b.size, "single spacing", 0.5)
    rule_below(job, organ, 1 / 3, 1 / 2)
    ok.near((above + organ)[0].y, nation(job).y, "first line level with the nation", 1)


@rule("3")
def _(job):
    n = job.page.find("Số: ")
    if ok.line(n, "number", 13, False):
        ok(re.fullmatch(r"Số: [0-9]{2,}/[A-ZĐ]+(-[A-ZĐ]+)+", n.text), "number and symbol", n.text)
        ok.near(n.center, organ_lines(job)[1][0].center, "centred under the agency")
        ok(n.y < job.page.rule_below(organ_lines(job)[1][-1]).y, "below the agency's rule")


@rule("4")
def _(job):
    d = next((x for x in job.page.lines if re.search(r", ngày \d\d tháng", x.text)), None)
    if ok.line(d, "place and date", job.of_set(13, 14), False, True):
        ok.near(d.y, job.page.find("Số: ").y, "same line as the number", 0.05)
        ok.near(d.center, nation(job).center, "centred under the nation")
        m = re.fullmatch(r"([A-ZĐ]\w*( [A-ZĐ]\w*)*), ngày (\d\d) tháng ([1-9]|0[12]|1[0-2]) năm \d{4}", d.text)
        ok(m and not re.match(r"[12]$", m.group(4)), "form: place, day of two digits, zero before months 1 and 2 alone", d.text)


def title(job):
    return job.page.find("BÁO CÁO")


@rule("5a-1")
def _(job):
    if job.kind == "letter":
        ok(title(job) is None, "a letter has no title")
    elif ok.line(title(job), "kind", 14, True, upper=True):
        ok.near(title(job).center, job.middle, "centred over the whole width")


@rule("5a-2")
def _(job):
    if job.kind == "letter":
        return
    i = job.page.lines.index(title(job))
    lines = []
    for x in job.page.lines[i + 1:]:
        if x.bold() != {True}:
            break
        lines.append(x)
    ok(len(lines) == 2, "two lines of subject", len(lines))
    for x in lines:
        ok.line(x, "subject", 14, True, upper=False)
        ok.near(x.center, job.middle, "centred")
    ok.near(title(job).y - lines[0].y, SINGLE * 14, "directly below the kind", 1)
    s = rule_below(job, lines, 1 / 3, 1 / 2)
    after = job.page.lines[i + 1 + len(lines)]
    ok(s and s.y - (after.y + ASCENT * after.size) >= 11, "room between the rule and what follows", s and s.y - after.y)


@rule("5b")
def _(job):
    lines = [x for x in job.page.lines if x.y < job.page.find("Số: ").y and x.center < nation(job).x0 and x.sizes == {job.of_set(12, 13)}
             and x.y > job.page.find("Kính gửi").y]
    if job.kind != "letter":
        ok(not any(x.text.startswith("V/v") for x in lines), "only a letter has V/v")
        return
    if not ok(lines and lines[0].text.startswith("V/v "), "V/v below the number", [x.text for x in lines]):
        return
    lines = [x for x in lines if x.text != "KHẨN"]
    number = job.page.find("Số: ")
    for x in lines:
        ok.line(x, "subject of a letter", job.of_set(12, 13), False, upper=False)
        ok.near(x.center, number.center, "centred under the number")
    gap = number.y - lines[0].y - (SINGLE - ASCENT) * number.size - ASCENT * lines[0].size
    ok.near(gap, 6, "6 pt below the number", 0.6)
    ok(job.page.rule_below(lines[-1]) is None, "no rule below it")


# ---- zone 6 -------------------------------------------------------------------------------------------------------

def all_lines(job):
    return [x for p in job.doc.pages for x in p.lines]


def one(job, start, what, **style):
    """A line of the body that begins so; checks its style."""
    _, x = job.doc.find(start)
    return x if ok.line(x, what, job.body, **style) else None


def starts_indented(job, x):
    ok.near(x.x0, job.x0 + job.indent, "first line's indent", 0.3)


@rule("6a")
def _(job):
    if job.kind != "full":
        return
    first = [one(job, "Căn cứ Luật", "basis", bold=False, italic=True), one(job, "Căn cứ Nghị", "basis", bold=False, italic=True)]
    ok(first[0] and first[0].text.endswith(";"), "ends with ;")
    for x in first:
        starts_indented(job, x)
    last = job.page.lines[job.page.lines.index(first[1]) + 1]
    ok.line(last, "basis", job.body, False, True)
    ok(last.text.endswith("."), "the last ends with .", last.text)


def paragraph(job):
    """The lines of a body paragraph of at least three lines on one page."""
    start = "Đoạn văn của nội dung" if job.kind == "full" else "Thực hiện Kế hoạch số 203" if job.kind == "report" else "Ủy ban nhân dân xã An Phú gửi"
    i, first = job.doc.find(start)
    lines = job.doc.pages[i].lines
    k = lines.index(first)
    end = k + 1
    while lines[end].x0 < job.x0 + 1 and lines[end].size == job.body:
        end += 1
    return lines[k - 1] if k else None, lines[k:end], lines[end] if end < len(lines) else None


@rule("6b")
def _(job):
    _, lines, after = paragraph(job)
    ok(len(lines) >= 2, "lines of the paragraph", len(lines))
    for x in lines:
        ok.line(x, "body", job.body, False)
    starts_indented(job, lines[0])
    for x in lines[:-1]:
        ok.near(x.x1, job.x1, "justified: right edge")
    for x in lines[1:]:
        ok.near(x.x0, job.x0, "justified: left edge", 0.1)
    pitches = {round(a.y - b.y, 1) for a, b in zip(lines, lines[1:])}
    for p in pitches:
        ok.between(p / job.body / SINGLE, 0.99, 1.51, "line spacing")
    if after and after.size == job.body:
        ok(lines[-1].y - after.y - max(pitches) >= 5.9, "6 pt between paragraphs", lines[-1].y - after.y - max(pitches))


def centred_pair(job, first, second):
    a, b = one(job, first, first, bold=True, upper=False), one(job, second, second, bold=True, upper=True)
    if a and b:
        ok.near(a.center, job.middle, first + ": centred")
        ok.near(b.center, job.middle, second + ": centred")
        ok(a.text == first, "stands on a line of its own", a.text)
        ok.between((a.y - b.y) / job.body / SINGLE, 0.99, 1.51, "title right below")


@rule("6c")
def _(job):
    if job.kind == "full":
        centred_pair(job, "Phần I", "QUY ĐỊNH CHUNG")


@rule("6d")
def _(job):
    if job.kind == "full":
        centred_pair(job, "Mục 1", "PHẠM VI")


@rule("6e")
def _(job):
    if job.kind == "full":
        x = one(job, "Điều 1. Phạm vi điều chỉnh", "article", bold=True, upper=False)
        if x:
            starts_indented(job, x)


@rule("6f")
def _(job):
    if job.kind == "full":
        for start, bold in (("1. Khoản có tiêu đề", True), ("2. Khoản không có tiêu đề", False)):
            x = one(job, start, start, bold=bold)
            if x:
                starts_indented(job, x)
                ok(not bold or x.text == start, "titled: number and title on a line of their own", x.text)


@rule("6g")
def _(job):
    if job.kind == "full":
        points = [x for x in all_lines(job) if re.match(r"\w\) Nội dung của điểm", x.text)]
        ok("".join(x.text[0] for x in points) == "abcdđ", "letters in Vietnamese order", [x.text[0] for x in points])
        for x in points:
            ok.line(x, "point", job.body, False)
            starts_indented(job, x)


@rule("6h")
def _(job):
    heads = {"full": ("I. TIÊU ĐỀ", "1. Tiêu đề của khoản"), "report": ("I. CÔNG TÁC CHỈ ĐẠO", "1. Về kế hoạch")}.get(job.kind, ())
    for start, upper in zip(heads, (True, False)):
        x = one(job, start, start, bold=True, upper=upper)
        if x:
            starts_indented(job, x)


# ---- zones 7 to 9 -------------------------------------------------------------------------------------------------

def sign(job):
    p = job.sign_page()
    name = next((x for x in p.lines if x.text in ("Trần Thị Bình An", "Lê Văn Minh An")), None)
    right = [x for x in p.lines if x.x0 > job.middle - 30 and x.bold() == {True} and x.text == x.text.upper() and name and x.y > name.y
             and x.y <= p.find("Nơi nhận:").y + 1]
    return p, right, name


@rule("7a")
def _(job):
    p, lines, name = sign(job)
    want = ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"] if job.kind == "report" else ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    if not ok([x.text for x in lines] == want, "authority and position", [x.text for x in lines]):
        return
    for x in lines:
        ok.line(x, "authority", 14, True, upper=True)
        ok.near(x.center, lines[0].center, "centred")
    ok.near(lines[0].y, p.find("Nơi nhận:").y, "level with Nơi nhận", 0.5)
    ok(lines[0].center > job.page.width / 2, "right column")


@rule("7b")
def _(job):
    _, lines, name = sign(job)
    if ok.line(name, "name", 14, True, upper=False):
        ok.near(name.center, lines[0].center, "centred under the authority")
        ok.between((lines[-1].y - name.y) / MM, 20, 40, "room to sign, mm")


@rule("7c")
def _(job):
    _, lines, name = sign(job)
    f = job.doc.fields.get("leader")
    if ok(f is not None, "signature field", list(job.doc.fields)):
        ok(f.y1 <= lines[-1].y and f.y >= name.y, "between position and name", (f.y1, f.y))
        ok.near((f.x + f.x1) / 2, name.center, "centred", 1)


@rule("8")
def _(job):
    f, organ = job.doc.fields.get("leader"), job.doc.fields.get("organ")
    if ok(f is not None and organ is not None, "fields of leader and organ", list(job.doc.fields)):
        ok(organ.x < f.x < organ.x1 < f.x1, "on the left of the signature", (organ.x, f.x, organ.x1, f.x1))
        ok.between((organ.x1 - f.x) / (f.x1 - f.x), 0.3, 0.37, "share of the signature that it covers")
        ok.near((organ.y + organ.y1) / 2, (f.y + f.y1) / 2, "level with it", 1)
        ok(organ.x >= job.x0 and organ.y1 <= job.page.height - job.top, "inside the margins")


@rule("9a")
def _(job):
    k = job.page.find("Kính gửi:")
    if not ok.line(k, "addressee", 14, False):
        return
    if job.kind == "full":
        ok(k.text == "Kính gửi: Sở Nội vụ tỉnh Đông Hải", "one addressee on the same line", k.text)
        ok.near(k.center, job.middle, "centred", 1)
        return
    ok(k.text == "Kính gửi:", "alone on its line", k.text)
    i = job.page.lines.index(k)
    names = [x for x in job.page.lines[i + 1:] if x.text.startswith("- ") and x.size == 14][:2]
    ok(len(names) == 2, "a line for each", len(names))
    for x, end in zip(names, ";."):
        ok.line(x, "addressee", 14, False)
        ok.near(x.x0, k.x_of(":"), "dash below the colon")
        ok(x.text.endswith(end), "ends with " + end, x.text)


@rule("9b-1")
def _(job):
    p, lines, _ = sign(job)
    n = p.find("Nơi nhận:")
    if ok.line(n, "recipients", 12, True, True, upper=False):
        ok(n.text == "Nơi nhận:", "on a line of its own", n.text)
        ok.near(n.x0, job.x0, "at the left margin", 6)


@rule("9b-2")
def _(job):
    p, _, _ = sign(job)
    head = p.find("Nơi nhận:")
    lines = [x for x in p.lines if x.text.startswith("- ") and x.size == 11 and x.y < head.y]
    ok(len(lines) >= 3, "lines of the list", len(lines))
    for x in lines:
        ok.line(x, "recipient", 11, False)
        ok.near(x.x0, head.x0, "dash at the left margin", 0.1)
        ok(x.text.endswith("." if x is lines[-1] else ";"), "ends with ; and the last with .", x.text)
    ok(lines and re.fullmatch(r"- Lưu: VT[^.;]*\.", lines[-1].text), "the last is Lưu", lines and lines[-1].text)
    ok(lines and lines[0].text == "- Như trên;", "the first is Như trên, for there is a Kính gửi")


# ---- appendices ---------------------------------------------------------------------------------------------------

def heads(job):
    for i in job.appendices():
        lines = job.doc.pages[i].lines
        k = next(k for k, x in enumerate(lines) if x.text.startswith("Phụ lục"))
        end = next(e for e, x in enumerate(lines) if x.text.startswith("(Kèm theo"))
        yield job.doc.pages[i], lines[k], lines[k + 1:end], lines[end]


def middle_of(job, page):
    """Landscape pages turn the margins with the sheet: the left one is at the top."""
    return (job.bottom + page.width - job.top) / 2 if page.width > page.height else job.middle


@rule("10")
def _(job):
    found = list(heads(job))
    ok([x.text for _, x, _, _ in found] == (["Phụ lục I", "Phụ lục II"] if job.kind == "full" else ["Phụ lục"]), "Roman numbers where there are two",
       [x.text for _, x, _, _ in found])
    for page, label, _, _ in found:
        ok.line(label, "label", 14, True, upper=False)
        ok.near(label.center, middle_of(job, page), "centred", 1)
    body = "\n".join(x.text for p in job.doc.pages[:job.appendices()[0]] for x in p.lines)
    for _, label, _, _ in found:
        ok(label.text in body, "the body speaks of it", label.text)


@rule("10t")
def _(job):
    for page, label, lines, _ in heads(job):
        ok(lines, "title")
        for x in lines:
            ok.line(x, "title of an appendix", 14, True, upper=True)
            ok.near(x.center, middle_of(job, page), "centred", 1)
        ok(lines and lines[0].y < label.y, "below the label")


@rule("10k")
def _(job):
    for page, _, lines, ref in heads(job):
        ok.line(ref, "reference", 14, False, True)
        ok(ref.y < lines[-1].y, "below the title")
        ok.near(ref.center, middle_of(job, page), "centred", 1)
        whole = " ".join(x.text for x in page.lines[page.lines.index(ref):][:2])
        ok(re.match(r"\(Kèm theo .+ số \d+/\S+ ngày \d\d tháng \d+ năm \d{4} của [^|)]+\)", whole), "filled on paper", whole)
        ok(ref.colors == {(0, 0, 0)}, "black")


# ---- the rest -----------------------------------------------------------------------------------------------------

@rule("11")
def _(job):
    ok(not any(x.text in ("TUYỆT MẬT", "TỐI MẬT", "MẬT") for x in all_lines(job)), "marks of secrecy are stamped, never printed")


@rule("12")
def _(job):
    want = {("full", "A"): ("KHẨN", 20), ("full", "B"): ("THƯỢNG KHẨN", 40), ("letter", "A"): ("HỎA TỐC", 30), ("letter", "B"): ("KHẨN", 20)}.get((job.kind, job.set))
    found = [x for x in job.page.lines if x.text in ("KHẨN", "THƯỢNG KHẨN", "HỎA TỐC")]
    if not want:
        ok(not found, "no mark of urgency on an ordinary document")
        return
    if not ok([x.text for x in found] == [want[0]], "mark", [x.text for x in found]):
        return
    x, box = found[0], job.page.box_around(found[0])
    ok.line(x, "mark", job.of_set(13, 14), True, upper=True)
    ok(all(r > 0.8 and g < 0.2 and b < 0.2 for r, g, b in x.colors), "bright red", x.colors)
    if ok(box is not None, "box"):
        ok.near(box.w / MM, want[1], "box: width, mm", 0.2)
        ok.near(box.h / MM, 8, "box: height, mm", 0.2)
        ok(box.color[0] > 0.8 and max(box.color[1:]) < 0.2, "box: red", box.color)
        ok.near(box.x + box.w / 2, x.center, "text in its middle", 0.5)
        ok(box.y + box.h < job.page.find("Số: ").y, "below the number")
        ok.near(box.x + box.w / 2, job.page.find("Số: ").center, "centred under the number", 1)


@rule("13")
def _(job):
    x = job.page.find("LƯU HÀNH NỘI BỘ")
    if job.kind != "full":
        ok(x is None, "no circulation asked for")
        return
    if ok.line(x, "circulation", job.of_set(13, 14), True, upper=True):
        box = job.page.box_around(x)
        if ok(box is not None, "box"):
            ok.near(box.x + box.w / 2, x.center, "centred in its box", 0.5)
            ok.between(box.w - x.width, 2, 20, "box as wide as its text")
            ok(box.color == (0, 0, 0), "box: black")


@rule("14")
def _(job):
    p, _, _ = sign(job)
    x = p.find("PL.(300)")
    if job.kind == "report":
        ok(x is None, "no drafter's mark asked for")
        return
    if ok.line(x, "drafter's mark", 11, False, upper=True):
        ok(x.y < p.find("- Lưu").y, "below the list")
        ok.near(x.x0, job.x0, "at the left", 6)


@rule("15")
def _(job):
    lines = [x for x in job.page.lines if x.size == 11 and x.y < job.bottom + 60 and not x.text.startswith(("-", "PL."))]
    if job.kind != "full":
        ok(not [x for x in lines if "Điện thoại" in x.text], "no address asked for")
        return
    if not ok(len(lines) == 2 and "Điện thoại" in lines[1].text, "address and contacts", [x.text for x in lines]):
        return
    for x in lines:
        ok.line(x, "address", 11, False, upper=False)
    ok.between(lines[1].y - DESCENT * 11 - job.bottom, -0.5, 6, "at the foot of the page")
    above = [s for s in job.page.rules() if s.y > lines[0].y and abs(s.w - (job.x1 - job.x0)) < 0.5]
    if ok(len(above) == 1, "rule over the whole width"):
        ok.between(above[0].y - lines[0].y, 9, 24, "rule right above")
        ok(min(x.y for x in job.page.lines if x.y > above[0].y) - DESCENT * job.body >= above[0].y, "no text on the rule")
    ok(not any("Điện thoại" in x.text for p in job.doc.pages[1:] for x in p.lines), "page 1 alone")


def number_of(job, page):
    found = [x for x in page.lines if re.fullmatch(r"\d+", x.text) and x.y > page.height - (job.left if page.width > page.height else job.top)]
    return found[0] if found else None


def sequences(job):
    starts = [0] + job.appendices() + [len(job.doc.pages)]
    return [job.doc.pages[a:b] for a, b in zip(starts, starts[1:])]


@rule("16")
def _(job):
    for pages in sequences(job):
        for page in pages[1:]:
            n = number_of(job, page)
            if ok(n is not None, "page number"):
                ok(n.bold() == {False} and n.italic() == {False}, "upright")
                ok(n.sizes == {job.of_set(13, 14)}, "size", n.sizes)


@rule("number-place")
def _(job):
    for pages in sequences(job):
        ok(number_of(job, pages[0]) is None, "hidden on the first page")
        for page in pages[1:]:
            n = number_of(job, page)
            ok(n is not None and abs(n.center - middle_of(job, page)) < 0.5, "in the middle")
            ok(n is not None and n.y + 0.7 * n.size < page.height, "inside the top margin")


@rule("number-restart")
def _(job):
    for pages in sequences(job):
        got = [number_of(job, p).text for p in pages[1:] if number_of(job, p)]
        ok(got == [str(i) for i in range(2, len(pages) + 1)], "Arabic numbers from 1 in each appendix", got)
    if job.kind == "full":
        ok(len(sequences(job)) == 3 and len(sequences(job)[1]) >= 3, "an appendix of several pages", [len(s) for s in sequences(job)])


@rule("paper")
def _(job):
    for page in job.doc.pages:
        ok(sorted((round(page.width / MM), round(page.height / MM))) == [210, 297], "A4", (page.width, page.height))
    ok(job.page.width < job.page.height, "the body is portrait")
    if job.kind == "full":
        ok(job.doc.pages[-1].width > job.doc.pages[-1].height, "the second appendix is landscape")


@rule("margins")
def _(job):
    ok.between(job.top / MM, 20, 25, "top")
    ok.between(job.bottom / MM, 20, 25, "bottom")
    ok.between(job.left / MM, 30, 35, "left")
    ok.between(job.right / MM, 15, 20, "right")
    for page in job.doc.pages:
        wide = page.width > page.height
        left, right, top, bottom = (job.bottom, job.top, job.left, job.right) if wide else (job.left, job.right, job.top, job.bottom)
        n = number_of(job, page)
        for x in page.lines:
            if x is n:
                continue
            ok(x.x0 >= left - 0.3 and x.x1 <= page.width - right + 0.3, "left and right", (x.x0, x.x1, x.text))
            ok(x.y - DESCENT * x.size >= bottom - 1 and x.y + ASCENT * x.size <= page.height - top + 1, "top and bottom", (x.y, x.text))
    starts = [x.x0 for x in all_lines(job)]
    ok(any(abs(x - job.left) < 0.1 for x in starts), "text begins at the left margin")


@rule("font")
def _(job):
    ok(job.doc.fonts, "fonts")
    for f in job.doc.fonts:
        ok(re.match(r"[A-Z]{6}\+(LiberationSerif|TimesNewRoman)", f[0]), "Times New Roman or its equal", f[0])
        ok(f[-5:-2] == ["yes", "yes", "yes"], "embedded, subset, with Unicode", f)
    for x in all_lines(job):
        ok(x.colors == {(0, 0, 0)} or x.text in ("KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"), "black", (x.text, x.colors))


def main(paths):
    jobs = [Job(paths[0], "B", 14, (20, 20, 20, 30), 12.7, "report"),
            Job(paths[1], "A", 13, (25, 15, 25, 35), 10, "full"), Job(paths[2], "B", 14, (20, 20, 20, 30), 12.7, "full"),
            Job(paths[3], "A", 13, (25, 15, 25, 35), 10, "letter"), Job(paths[4], "B", 14, (20, 20, 20, 30), 12.7, "letter")]
    passed = failed = 0
    for name in ROWS + [r for r in RULES if r not in ROWS]:
        before, faults = ok.count, len(ok.faults)
        seen = set()
        for job in jobs if name in RULES and name in ROWS else ():
            ok.rule, ok.job = name, job
            looked = ok.count
            try:
                RULES[name](job)
            except (AttributeError, IndexError, StopIteration, ValueError) as e:
                ok(False, "cannot be looked at", repr(e))
            if ok.count > looked:
                seen.add(job.set)
        if seen != {"A", "B"}:
            ok.faults.append("row %s: not looked at in both size sets" % name)
        bad = len(ok.faults) > faults
        passed, failed = passed + (not bad), failed + bad
        print("row %-14s %s (%d looked at)" % (name, "FAIL" if bad else "ok", ok.count - before))
        for f in ok.faults[faults:][:8]:
            print("  " + f)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
