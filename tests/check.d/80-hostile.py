#!/usr/bin/env python3
"""Input made to do harm: a case a line. Each changes the small job of tests/fault/job, runs a verb, and says how the run must end: exit code, and words of a message.
No case may crash, hang, read or write outside the job and the output, or reach the network.

  80-hostile.py PROGRAM          runs all; the last line is "N passed, N failed"
  80-hostile.py --table          the table of docs/security.md, which the run holds against the page"""
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
SMALL = os.path.join(TOP, "tests/fault/job")
PAGE = os.path.join(TOP, "docs/security.md")
SECRET = "bi-mat-khong-duoc-doc"  # stands in a file outside the job; may appear nowhere
XMLNS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


class Job:
    def __init__(self, work):
        self.work, self.dir, self.out = work, os.path.join(work, "job"), os.path.join(work, "out")
        self.outside = os.path.join(work, "outside")
        os.makedirs(self.outside)
        with open(os.path.join(self.outside, "secret.csv"), "w", encoding="utf-8") as f:
            f.write(f"Mã đơn vị;Mã;Số liệu\nx1;1.1;{SECRET}\n")
        shutil.copytree(SMALL, self.dir)
        self.args = []
        self.verb = "build"

    def put(self, name, data):
        path = os.path.join(self.dir, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data.encode() if isinstance(data, str) else data)

    def edit(self, name, old, new):
        with open(os.path.join(self.dir, name), encoding="utf-8") as f:
            text = f.read()
        assert old in text, (name, old)
        self.put(name, text.replace(old, new))

    def values(self, body, head="Mã đơn vị;Mã;Số liệu;Ghi chú\n"):
        self.put("so-lieu.csv", head + body)

    def xml(self, doctype="", body='<r code="1.1" value="12"/><r code="1.2" value="3"/><r code="1.3" value="25,0"/>', attrs=""):
        self.put("so-lieu.xml", f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}<so-lieu{attrs}>{body}</so-lieu>\n')

    def template(self, old, new):
        self.edit("templates/nho.xml", old, new)

    def paragraph(self, text):
        self.template("<narrative slot=\"loi\"/>", text + "<narrative slot=\"loi\"/>")

    def link(self, target, name):
        path = os.path.join(self.dir, name)
        if os.path.lexists(path):
            os.remove(path)
        os.symlink(target, path)

    def book(self, parts=None, sheet=None, **more):
        """viec.xlsx anew: the usual parts, some replaced, others added."""
        usual = {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {XMLNS} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": sheet or SHEET.format(""),
        }
        usual.update(parts or {})
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
            for name, data in usual.items():
                z.writestr(name, data)
            for name, data in more.items():
                z.writestr(name, data)
        self.put("viec.xlsx", out.getvalue())


SHEET = (f'<worksheet {XMLNS}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Tên việc</t></is></c><c r="B1" t="inlineStr"><is><t>Số</t></is></c></row>'
         '<row r="2"><c r="A2" t="inlineStr"><is><t>Họp</t></is></c><c r="B2"><v>3</v></c></row>{}</sheetData></worksheet>')


class Net:
    """A server that must not be asked."""

    def __init__(self):
        self.asked = 0
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen()
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/x"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                s, _ = self.socket.accept()
            except OSError:
                return
            self.asked += 1
            s.close()


NET = Net()
LAUGHS = '<!DOCTYPE so-lieu [<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)) + "]>\n"


def bomb(j, size):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        with z.open("xl/workbook.xml", "w", force_zip64=True) as f:
            for _ in range(size // (1 << 20)):
                f.write(bytes(1 << 20))
    j.put("viec.xlsx", out.getvalue())


def lying_zip(j):
    j.book()
    with open(os.path.join(j.dir, "viec.xlsx"), "rb") as f:
        b = bytearray(f.read())
    at = b.rindex(b"PK\x01\x02")
    b[at + 24:at + 28] = (5).to_bytes(4, "little")  # says that it unpacks to 5 bytes
    j.put("viec.xlsx", bytes(b))


def no_formula(j):
    """After a run: cells that begin like formulas are texts."""
    for unit in os.listdir(os.path.join(j.out, "nho")):
        path = os.path.join(j.out, "nho", unit, "tin.xlsx")
        if not os.path.exists(path):
            continue
        with zipfile.ZipFile(path) as z:
            for name in z.namelist():
                text = z.read(name).decode("utf-8", "replace")
                for f in re.findall(r"<f[ >][^<]*</f>|<f>[^<]*</f>", text):
                    if "cmd" in f or "HYPERLINK" in f or "WEBSERVICE" in f:
                        return f"a formula came in: {f}"
                if "ddeLink" in text or "externalLink" in name:
                    return "a link came in"
    return None


def no_markup(j):
    with open(os.path.join(j.out, "nho", "index.html"), encoding="utf-8") as f:
        text = f.read()
    return "markup came into index.html" if "<img src=x" in text or "<script>alert" in text else None


def kept_outside(j):
    path = os.path.join(j.outside, "secret.csv")
    return None if os.path.exists(path) else "a file outside the output was removed"


def own_schema(j):
    j.put("templates/schemas/job.rng", '<grammar xmlns="http://relaxng.org/ns/structure/1.0"><start><element name="job"><ref name="any"/></element></start><define name="any"><zeroOrMore><choice><attribute><anyName/></attribute><text/><element><anyName/><ref name="any"/></element></choice></zeroOrMore></define></grammar>')
    j.edit("job.xml", 'name="nho"', 'name="../../outside"')


def stale_link(j):
    os.makedirs(os.path.join(j.out, "nho"))
    os.symlink(j.outside, os.path.join(j.out, "nho", "x9"))


def output_link(j):
    os.makedirs(os.path.join(j.out, "nho"))
    os.symlink(j.outside, os.path.join(j.out, "nho", "x1"))


def not_written_through(j):
    return None if os.listdir(j.outside) == ["secret.csv"] else "written through a link of the output folder: " + ", ".join(os.listdir(j.outside))


def old_manifest(j):
    os.makedirs(os.path.join(j.out, "nho"))
    with open(os.path.join(j.out, "nho", "manifest.json"), "w", encoding="utf-8") as f:
        f.write('{"format":1,"job":"nho","period":"2023","generator":"x","inputs":[],"documents":[{"unit":"x1","unit_name":"x","document":"tin","template":"nho","kind":"BC",'
                '"state":"issued","number":"7","symbol":"","date":"","status":"written","pages":1,"signatures":1,"slots":[],"files":[{"path":"../../outside/secret.csv",'
                '"bytes":1,"sha256":"' + "0" * 64 + '","type":"pdf"}],"findings":[]}],"findings":[],"totals":{}}')


def many(n, line):
    return "".join(line.format(i=i) for i in range(n))


# What is tried; how it is made; exit code; words that a message must hold (None: no error); what must hold afterwards.
CASES = [
    # XML
    ("external entity in figures", lambda j: j.xml(f'<!DOCTYPE so-lieu [<!ENTITY x SYSTEM "file://{j.outside}/secret.csv">]>\n', '<r code="1.1" value="12"/><r code="1.2" value="&x;"/>'), 1, "DOCTYPE"),
    ("external entity from the network", lambda j: j.xml(f'<!DOCTYPE so-lieu [<!ENTITY x SYSTEM "{NET.url}">]>\n', "<r code=\"1.1\"><value>&x;</value></r>"), 1, "DOCTYPE"),
    ("parameter entity from the network", lambda j: j.xml(f'<!DOCTYPE so-lieu [<!ENTITY % x SYSTEM "{NET.url}"> %x;]>\n'), 1, "DOCTYPE"),
    ("document type from the network", lambda j: j.xml(f'<!DOCTYPE so-lieu SYSTEM "{NET.url}">\n'), None, None),
    ("billion laughs", lambda j: j.xml(LAUGHS, "<r code=\"1.1\"><value>&j;</value></r>"), 1, "DOCTYPE"),
    ("one entity of 100 KB named 10,000 times", lambda j: j.xml('<!DOCTYPE so-lieu [<!ENTITY x "' + "x" * 100000 + '">]>\n', "<r code=\"1.1\"><value>" + "&x;" * 10000 + "</value></r>"), 1, "DOCTYPE"),
    ("XInclude of a file", lambda j: j.xml("", f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{j.outside}/secret.csv" parse="text"/>'), 1, "so-lieu.xml"),
    ("schema location and style sheet on the network", lambda j: j.xml(f'<?xml-stylesheet type="text/xsl" href="{NET.url}"?>\n', attrs=f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{NET.url}"'), None, None),
    ("XML of 100,000 levels", lambda j: j.xml("", "<a>" * 100000 + "</a>" * 100000), 1, "nested deeper"),
    ("an element with 20,000 attributes", lambda j: j.xml("", "<r " + " ".join(f'a{i}="1"' for i in range(20000)) + "/>"), 1, "so-lieu.xml"),
    ("a name of 2 MB in XML", lambda j: j.xml("", "<" + "a" * 2000000 + "/>"), 1, "so-lieu.xml"),
    ("XML that says UTF-16 and is not", lambda j: j.put("so-lieu.xml", '<?xml version="1.0" encoding="UTF-16"?><so-lieu/>'), 1, "so-lieu.xml"),
    ("XML in an encoding that nobody has", lambda j: j.put("so-lieu.xml", '<?xml version="1.0" encoding="x-none"?><so-lieu/>'), 1, "so-lieu.xml"),
    ("entity in job.xml", lambda j: j.edit("job.xml", "<!-- A small", f'<!DOCTYPE job [<!ENTITY x SYSTEM "file://{j.outside}/secret.csv">]><!-- A small'), 1, "DOCTYPE"),
    ("entity in a template", lambda j: j.template('<template id="nho"', f'<!DOCTYPE template [<!ENTITY x SYSTEM "file://{j.outside}/secret.csv">]><template id="nho"'), 1, "DOCTYPE"),
    # paths
    ("input file ../outside/secret.csv", lambda j: j.edit("job.xml", 'file="so-lieu.csv"', 'file="../outside/secret.csv"'), 1, "leaves the job folder"),
    ("input file by an absolute path", lambda j: j.edit("job.xml", 'file="so-lieu.csv"', f'file="{j.outside}/secret.csv"'), 1, "begins with /"),
    ("input pattern ../outside/*", lambda j: j.edit("job.xml", 'file="so-lieu.csv"', 'file="../outside/*"'), 1, "leaves the job folder"),
    ("input file that is a link out of the job", lambda j: j.link(os.path.join(j.outside, "secret.csv"), "so-lieu.csv"), 1, "link"),
    ("input folder that is a link out of the job", lambda j: (j.link(j.outside, "ngoai"), j.edit("job.xml", 'file="so-lieu.csv"', 'file="ngoai/secret.csv"')), 1, "link"),
    ("text folder ../outside", lambda j: j.edit("job.xml", 'dir="noi-dung"', 'dir="../outside"'), 1, "leaves the job folder"),
    ("a clerk's text that is a link out of the job", lambda j: j.link(os.path.join(j.outside, "secret.csv"), "noi-dung/x1/loi.txt"), 1, "link"),
    ("a folder of a unit's texts that is a link out of the job", lambda j: (shutil.rmtree(os.path.join(j.dir, "noi-dung", "x1"), ignore_errors=True), j.link(j.outside, "noi-dung/x1")), 1, "link"),
    ("a clerk's text that is a pipe", lambda j: (os.remove(os.path.join(j.dir, "noi-dung/x1/loi.txt")), os.mkfifo(os.path.join(j.dir, "noi-dung/x1/loi.txt"))), None, None),
    ("a clerk's text that is a link to /dev/zero", lambda j: j.link("/dev/zero", "noi-dung/x1/loi.txt"), 1, "link"),
    ("input that is a pipe", lambda j: (os.remove(os.path.join(j.dir, "so-lieu.csv")), os.mkfifo(os.path.join(j.dir, "so-lieu.csv"))), 1, "so-lieu.csv"),
    ("input that is a link to /dev/zero", lambda j: j.link("/dev/zero", "so-lieu.csv"), 1, "link"),
    ("input that is a link to itself", lambda j: j.link("so-lieu.csv", "so-lieu.csv"), 1, "so-lieu.csv"),
    ("a text folder that is a link to the job", lambda j: (shutil.rmtree(os.path.join(j.dir, "noi-dung")), j.link(".", "noi-dung")), None, None),
    ("job.xml that is a link out of the job", lambda j: (shutil.move(os.path.join(j.dir, "job.xml"), os.path.join(j.work, "job.xml")), j.link("../job.xml", "job.xml")), None, None),
    ("job.xml that is a pipe", lambda j: (os.remove(os.path.join(j.dir, "job.xml")), os.mkfifo(os.path.join(j.dir, "job.xml"))), 3, "job.xml"),
    ("input that is a folder", lambda j: (os.remove(os.path.join(j.dir, "so-lieu.csv")), os.mkdir(os.path.join(j.dir, "so-lieu.csv"))), 1, "so-lieu.csv"),
    ("unit code ../x", lambda j: j.edit("don-vi.csv", "x1,xã Một", "../x1,xã Một"), 1, "cannot be the code of a unit"),
    ("unit code /etc", lambda j: j.edit("don-vi.csv", "x1,xã Một", "/etc,xã Một"), 1, "cannot be the code of a unit"),
    ("unit code of 65 letters", lambda j: j.edit("don-vi.csv", "x1,xã Một", "x" * 65 + ",xã Một"), 1, "cannot be the code of a unit"),
    ("unit code nul, a device on other systems", lambda j: j.edit("don-vi.csv", "x1,xã Một", "nul,xã Một"), 1, "for a device"),
    ("unit code COM1.bak, a device too", lambda j: j.edit("don-vi.csv", "x1,xã Một", "COM1.bak,xã Một"), 1, "for a device"),
    ("job name ../x", lambda j: j.edit("job.xml", 'name="nho"', 'name="../x"'), 1, "job.xml"),
    ("job name .. under a schema of the job's own", own_schema, 1, "job.xml", kept_outside),
    ("document id ../x", lambda j: j.edit("job.xml", 'id="tin"', 'id="../x"'), 1, "job.xml"),
    ("template id ../x", lambda j: j.edit("job.xml", 'template="nho"', 'template="../nho"'), 1, "job.xml"),
    ("part ../../outside/secret", lambda j: j.template('part="letterhead"', 'part="../../outside/secret"'), 1, "nho.xml"),
    ("a link to elsewhere in the output folder", stale_link, None, None, kept_outside),
    ("a unit's output folder that is a link to elsewhere", output_link, None, None, not_written_through),
    ("a manifest that names files elsewhere", old_manifest, None, "manifest.json", kept_outside),
    # text
    ("control characters in a name", lambda j: j.edit("don-vi.csv", "xã Một", "xã \x07\x1b[31mMột"), 1, "U+0007"),
    ("a NUL in a CSV", lambda j: j.values("x1;1.1;2\0009;\nx1;1.2;02;\nx1;1.3;6,9;\n"), 1, "so-lieu.csv"),
    ("direction marks in a name (bidi)", lambda j: j.edit("don-vi.csv", "xã Một", "xã \u202eMột"), 1, "U+202E"),
    ("zero-width characters in a name", lambda j: j.edit("don-vi.csv", "xã Một", "xã M\u200bột"), 1, "U+200B"),
    ("a letter that the fonts lack", lambda j: j.edit("don-vi.csv", "XÃ MỘT", "XÃ 一"), 1, "U+4E00"),
    ("10,000 marks on one letter", lambda j: j.put("noi-dung/x1/loi.txt", "Đoạn a" + "\u0301" * 10000 + " của xã.\n"), None, None),
    ("a word of 100,000 letters", lambda j: j.put("noi-dung/x1/loi.txt", "Đoạn " + "a" * 100000 + " của xã.\n"), None, None),
    ("a word of 20,000 letters in a table", lambda j: j.edit("templates/forms/nho.xml", "Tổng số văn bản", "T" * 20000), None, None),
    ("a CSV field of 2 MB", lambda j: j.values("x1;1.1;" + "9" * 2000000 + ";\n"), 1, "so-lieu.csv"),
    ("a CSV of 50,000 columns", lambda j: j.values("", "Mã;" + ";".join(f"x{i}" for i in range(50000)) + "\n"), 1, "so-lieu.csv"),
    ("a quote that never closes", lambda j: j.values('x1;1.1;"29;\n' + "x1;1.2;02;\n" * 20000), 1, "so-lieu.csv"),
    ("cells that begin like formulas", lambda j: (j.put("viec.csv", "Tên việc;Số\n" + "\n".join(['"=cmd|\'/C calc\'!A0";1', '"+HYPERLINK(""http://x"")";2', '"@WEBSERVICE(""http://x"")";3', '"-1+cmd";4']) + "\n"), j.edit("job.xml", "viec.xlsx", "viec.csv")), 0, None, no_formula),
    ("markup in a name, for index.html", lambda j: j.edit("don-vi.csv", "xã Một", "xã <img src=x onerror=alert(1)><script>alert(1)</script>"), None, None, no_markup),
    ("bytes of no encoding", lambda j: j.put("so-lieu.csv", bytes(range(128, 256)) * 50), 1, "so-lieu.csv"),
    # workbooks
    ("a zip bomb: 600 MB of zeros", lambda j: bomb(j, 600 << 20), 1, "viec.xlsx"),
    ("a zip that lies about a size", lying_zip, 1, "viec.xlsx"),
    ("a zip of 5,000 entries", lambda j: j.book({f"x{i}": "x" for i in range(5000)}), 1, "viec.xlsx"),
    ("a zip with the name ../x", lambda j: j.book({"../x": "x"}), 1, "viec.xlsx"),
    ("an entity in a sheet", lambda j: j.book(sheet=f'<!DOCTYPE x [<!ENTITY x SYSTEM "file://{j.outside}/secret.csv">]>' + SHEET.format("").replace("Họp", "&x;")), 1, "viec.xlsx"),
    ("a sheet that lies on the network", lambda j: j.book({"xl/_rels/workbook.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="{NET.url}" TargetMode="External"/></Relationships>'}), 1, "viec.xlsx"),
    ("a sheet outside of the workbook", lambda j: j.book({"xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="../../../etc/passwd"/></Relationships>'}), 1, "viec.xlsx"),
    ("a cell in the last column of the last row", lambda j: j.book(sheet=SHEET.format('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), None, None),
    ("a cell beyond the last row", lambda j: j.book(sheet=SHEET.format('<row r="4294967295"><c r="ZZZZ4294967295"><v>1</v></c></row>')), None, None),
    ("a text by a number that is not there", lambda j: j.book(sheet=SHEET.format('<row r="3"><c r="A3" t="s"><v>99999999</v></c></row>')), 1, "viec.xlsx"),
    # SQL and templates
    ("SQL that writes", lambda j: j.paragraph("<let name=\"a\" select=\"DELETE FROM value\"/><p>{a}</p>"), 1, "syntax error"),
    ("SQL that opens a file", lambda j: j.paragraph("<p>{= (SELECT readfile('/etc/passwd'))}</p>"), 1, "readfile"),
    ("SQL that loads code", lambda j: j.paragraph("<p>{= load_extension('x')}</p>"), 1, "load_extension"),
    ("SQL that loops for ever", lambda j: j.paragraph("<p>{= (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c)}</p>"), 1, "steps"),
    ("SQL that multiplies tables", lambda j: j.paragraph("<p>{= (SELECT count(*) FROM indicator a, indicator b, indicator c, indicator d, indicator e, indicator f, indicator g, indicator h, indicator i, indicator k, indicator l, indicator m, indicator n, indicator o, indicator p)}</p>"), 1, "steps"),
    ("SQL that fills memory", lambda j: j.paragraph("<p>{= (WITH RECURSIVE c(n, t) AS (SELECT 1, 'xxxxxxxx' UNION ALL SELECT n + 1, t || t FROM c) SELECT max(length(t)) FROM c)}</p>"), 1, "nho.xml"),
    ("a rule of a form that writes", lambda j: j.edit("templates/forms/nho.xml", "SELECT code FROM value WHERE num &lt; 0", "UPDATE value SET num = 0"), 1, "SELECT"),
    ("a form that names rules of a part", lambda j: j.edit("templates/forms/nho.xml", "</form>", '<rules part="x"/></form>'), 1, "nho.xml"),
    ("a loop over a billion rows", lambda j: j.paragraph("<for query=\"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 1000000000) SELECT n FROM c\"><p>{n}</p></for>"), 1, "nho.xml"),
    ("loops in loops: 200 to the fourth", lambda j: j.paragraph("".join(f"<for query=\"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 200) SELECT n AS v{i} FROM c\">" for i in range(4)) + "<p>{v0}</p>" + "</for>" * 4), 1, "blocks, cells and texts"),
    ("loops 17 deep", lambda j: j.paragraph("<for query=\"SELECT 1 AS a\">" * 17 + "<p>x</p>" + "</for>" * 17), 1, "nho.xml"),
    ("a part that includes itself", lambda j: (j.put("templates/parts/vong.xml", '<part id="vong"><include part="vong"/></part>'), j.paragraph('<include part="vong"/>')), 1, "vong"),
    ("parts that multiply, ten of ten of ten", lambda j: ([j.put(f"templates/parts/n{i}.xml", f'<part id="n{i}">' + f'<include part="n{i + 1}"/>' * 10 + "</part>") for i in range(8)], j.put("templates/parts/n8.xml", '<part id="n8"><p>x</p></part>'), j.paragraph('<include part="n0"/>')), 1, "more than 2000 parts"),
    ("a template of 60 levels", lambda j: j.paragraph("<list><item>" * 60 + "x" + "</item></list>" * 60), 1, "nho.xml"),
    # quantity
    ("a million wrong values", lambda j: (j.values(many(1000000, "x1;9.{i};a;\n")), setattr(j, "verb", "check")), 1, "more"),
    ("2,000 documents of templates that are not there", lambda j: j.edit("job.xml", "</job>", many(1999, '<document id="d{i}" template="none{i}"/>') + "</job>"), 1, "none"),
    ("2,001 documents", lambda j: j.edit("job.xml", "</job>", many(2000, '<document id="d{i}" template="nho"/>') + "</job>"), 1, "at most 2000"),
    ("300 recipients of one document", lambda j: (j.put("noi-nhan.csv", "Mã đơn vị;Văn bản;Vai trò;Tên\n" + many(300, "x1;tin;recipient;Phòng {i}\n")), j.edit("job.xml", "<narrative", '<data table="recipients" file="noi-nhan.csv"/><narrative')), 1, "more than 256"),
    ("a form with a list of 300 codes, for data entry", lambda j: (j.edit("templates/forms/nho.xml", '<group code="1"', '<codes id="dai">' + many(300, '<code value="{i}" label="Mục {i}"/>') + '</codes><group code="1"'), j.edit("templates/forms/nho.xml", 'measure="%" type="percent" places="1" rollup="ratio" num="1.2" den="1.1"', 'type="code" codes="dai"'), setattr(j, "verb", "forms")), None, None,
     lambda j: None if "Mục 299 = 299" in parts(os.path.join(j.dir, "forms/x1.xlsx")) else "codes are missing in the workbook"),
    ("a text that cites 2,000 acts", lambda j: j.put("noi-dung/x1/loi.txt", "\n\n".join(f"Thực hiện Kế hoạch số {i}/KH-UBND ngày 05/01/2023 về tuyên truyền." for i in range(2000))), None, "more than 400 times"),
    ("a text of 2,000 targets in per cent", lambda j: j.put("noi-dung/x1/loi.txt", "\n\n".join(f"{i % 99 + 1}% hồ sơ loại a{i} của nhóm b{i} đạt." for i in range(2000))), None, "more than 600 targets"),
    ("a citation without its agency, and one whose year is in the next clause", lambda j: j.put("noi-dung/x1/loi.txt", "Thực hiện Kế hoạch số 1/KH-UBND ngày 05/01/2023 của về tuyên truyền.\n\nTheo Kế hoạch số 2/KH-UBND ngày 5; năm 2023 của UBND huyện."), None, None),
    ("a text of 5 MB", lambda j: j.put("noi-dung/x1/loi.txt", "Đoạn.\n\n" * 700000), 1, "loi.txt"),
]


def crashed(code):
    return code < 0 or code > 3


def run(program, case):
    what, make, want, words = case[:4]
    after = case[4] if len(case) > 4 else None
    work = tempfile.mkdtemp(prefix="vanban-hostile-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    try:
        j = Job(work)
        make(j)
        command = [program, j.verb, "--lang", "en", *(["-f", "pdf,xlsx", "-o", j.out] if j.verb == "build" else []), *j.args, j.dir]
        p = subprocess.run(command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
        said = p.stdout.decode("utf-8", "replace")
        asked = NET.asked
        if crashed(p.returncode) or "Sanitizer" in said:
            return f"exit {p.returncode}: {said[-1500:]}"
        if (want is not None and p.returncode != want) or (want is None and p.returncode not in (0, 1)):
            return f"exit {p.returncode}, not {want}: {said[-700:]}"
        if words and words not in said:
            return f"no message with “{words}”: {said[-700:]}"
        if SECRET in said or any(SECRET.encode() in open(os.path.join(d, n), "rb").read() for d, _, names in os.walk(j.out) for n in names):
            return "a file outside of the job was read"
        if asked:
            NET.asked = 0
            return "the network was asked"
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", said):
            return f"control characters reach the terminal: {said[:300]!r}"
        return after(j) if after else None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def parts(path):
    """All XML of a workbook."""
    with zipfile.ZipFile(path) as z:
        return "".join(z.read(n).decode("utf-8") for n in z.namelist())


def ending(case):
    want, words = case[2], case[3]
    if want == 0:
        return "written as text"
    if want is None:
        return f"told: a message with “{words}”; nothing else is touched" if words else "ignored, or a finding; nothing else is touched"
    return f"refused: a message with “{words}”" + ("" if want == 1 else f", exit code {want}")


def table():
    return "\n".join(["| input | what happens |", "| --- | --- |"] + [f"| {c[0]} | {ending(c)} |" for c in CASES])


def main():
    if sys.argv[1:] == ["--table"]:
        print(table())
        return 0
    passed = failed = 0
    only = sys.argv[2:]
    for case in CASES:
        if only and not any(o in case[0] for o in only):
            continue
        wrong = run(sys.argv[1], case)
        passed, failed = passed + (not wrong), failed + bool(wrong)
        print(("ok " if not wrong else "not ok ") + case[0] + (f": {wrong}" if wrong else ""), flush=True)
    with open(PAGE, encoding="utf-8") as f:
        same = table() in f.read()
    print("ok the table of docs/security.md" if same else "not ok the table of docs/security.md is not that of --table")
    passed, failed = passed + same, failed + (not same)
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
