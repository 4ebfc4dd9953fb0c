"""For 70-docs.sh: the pages against the sources, the schema and the program. Argument: the program. Run from the top folder."""
import csv
import glob
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from xml.etree import ElementTree
from xml.sax.saxutils import escape

PROGRAM = os.path.abspath(sys.argv[1])
passed = failed = 0


def check(good, said):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("docs:", said)


def text_of(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def run(verb, *args, lang="en"):
    """Both streams as one; without the last line of check, which is no finding."""
    did = subprocess.run([PROGRAM, "--lang", lang, verb, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")
    did.stdout = re.sub(r"^vanban: checked \d+, .*\n", "", did.stdout, flags=re.M)
    return did


def check_columns(page):
    """Each built-in list has a section of its own that names its columns, and the titles and headings of each."""
    source = text_of("gen/store/builtin.c")
    macros = dict(re.findall(r"#define (\w+_COLUMN) (COLUMN\(.*\))", source))
    tables = re.findall(r"static const vb_data_column (\w+)_columns\[\] = \{(.*?)\n\};", source, re.S)
    check(len(tables) >= 7, "gen/store/builtin.c is not read as it is written")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", page, re.M)
    for table, body in tables:
        heads = re.findall(r"^### (.*)$", page, re.M)
        check(any(table in h.split(", ") for h in heads), "formats.md has no section on the list " + table)
        body = re.sub(r"\w+_COLUMN\b", lambda m: macros[m.group()], body)
        for column, title in re.findall(r'COLUMN\("([^"]+)", "([^"]+)"', body):
            check((column, title) in rows, "formats.md lacks the column %s (%s) of %s" % (column, title, table))


def check_job(page):
    """Elements and attributes of the schema of job.xml."""
    rng = "{http://relaxng.org/ns/structure/1.0}"
    names = {"element": set(), "attribute": set()}
    for node in ElementTree.parse("templates/schemas/job.rng").iter():
        kind = node.tag.replace(rng, "")
        if kind in names:
            names[kind].add(node.get("name"))
    check(len(names["attribute"]) >= 25, "templates/schemas/job.rng is not read as it is written")
    for name in sorted(names["element"]):
        check(re.search(r"`<%s[ >]" % name, page), "formats.md lacks the element <%s> of job.xml" % name)
    for name in sorted(names["attribute"]):
        check("`%s`" % name in page or re.search(r"`<\w+ [^`]*\b%s\b[^`]*>`" % name, page), "formats.md lacks the attribute %s of job.xml" % name)


def check_manifest(page):
    schema = json.loads(text_of("templates/schemas/manifest.schema.json"))
    parts = [schema] + [schema["$defs"][k] for k in ("input", "document", "finding", "file", "slot", "totals")]
    for name in sorted({n for p in parts for n in list(p["properties"]) + p["required"]}):
        check("`%s`" % name in page, "formats.md lacks the field %s of manifest.json" % name)


def workbook(rows, sheet):
    """An ordinary workbook of one sheet; whole numbers are typed."""
    def cell(r, c, v):
        ref = "%s%d" % (chr(65 + c), r)
        return '<c r="%s"><v>%s</v></c>' % (ref, v) if v.isdigit() else '<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (ref, escape(v))
    body = "".join('<row r="%d">%s</row>' % (r, "".join(cell(r, c, v) for c, v in enumerate(row) if v)) for r, row in enumerate(rows, 1))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/"
    relation = '<Relationships xmlns="%srelationships"><Relationship Id="r1" Type="%s/%%s" Target="%%s"/></Relationships>' % (package, office)
    types = "application/vnd.openxmlformats-"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("[Content_Types].xml", '<Types xmlns="%scontent-types"><Default Extension="rels" ContentType="%spackage.relationships+xml"/>'
                   '<Override PartName="/xl/workbook.xml" ContentType="%sofficedocument.spreadsheetml.sheet.main+xml"/>'
                   '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="%sofficedocument.spreadsheetml.worksheet+xml"/></Types>'
                   % (package, types, types, types))
        z.writestr("_rels/.rels", relation % ("officeDocument", "xl/workbook.xml"))
        z.writestr("xl/_rels/workbook.xml.rels", relation % ("worksheet", "worksheets/sheet1.xml"))
        z.writestr("xl/workbook.xml", '<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="%s" sheetId="1" r:id="r1"/></sheets></workbook>'
                   % (main, office, escape(sheet)))
        z.writestr("xl/worksheets/sheet1.xml", '<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (main, body))
    return out.getvalue()


def write_example(page, folder):
    """The named blocks of the page as files: a workbook where the name says so, in the encoding that its job.xml declares."""
    blocks = re.findall(r"^```\w+ (\S+)\n(.*?)^```$", page, re.M | re.S)
    job = dict(blocks).get("job.xml", "")
    check(len(blocks) >= 15 and job, "formats.md holds no example job")
    lines = [dict(re.findall(r'([\w-]+)="([^"]*)"', line)) for line in job.splitlines()]
    lines = {x["file"]: x for x in lines if "file" in x}
    for name, text in blocks:
        line = lines.get(name, {})
        if name.endswith(".xlsx"):
            data = workbook(csv.reader(text.splitlines(), delimiter=";"), line["sheet"])
        else:
            data = subprocess.run(["iconv", "-f", "UTF-8", "-t", line.get("encoding", "utf-8")], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)


def check_readme_message(job, name, lang):
    """The READMEs' table, with their wrong figure in it, gives the message that they show."""
    page = text_of(name)
    table = re.search(r"^    (Mã chỉ tiêu;.*)\n    (.*;.*)\n    (.*;.*)$", page, re.M)
    shown = re.search(r"^    (so-lieu\.csv:\d+:\d+: .*)$", page, re.M)
    check(table and shown, name + " shows no table or no message")
    if not table or not shown:
        return
    table = table.groups()
    fields = table[2].split(";")
    fields[3] = "12a"
    with open(os.path.join(job, "so-lieu.csv"), "w", encoding="utf-8") as f:
        f.write("\n".join([*table[:2], ";".join(fields)]) + "\n")
    did = run("check", job, lang=lang)
    check(shown.group(1) in did.stdout.splitlines(), "%s shows another message than:\n%s" % (name, did.stdout))


def check_example(page, work):
    job = os.path.join(work, "vi-du")
    write_example(page, job)
    did = run("check", "--strict", job)
    open_ones = [x for x in did.stdout.splitlines() if "(waived: " not in x]
    check(did.returncode == 0 and open_ones == [], "the example of formats.md has findings:\n" + did.stdout)
    did = run("build", "-q", "--strict", "-f", "pdf,xlsx,edxml,tree", "-o", os.path.join(work, "out"), job)
    check(did.returncode == 0, "the example of formats.md does not build:\n" + did.stdout)
    try:
        manifest = json.loads(text_of(os.path.join(work, "out/vi-du/manifest.json")))
    except OSError as e:
        check(False, e)
        return
    written = [d["unit"] for d in manifest["documents"] if d["status"] == "written"]
    check(written == ["an-phu", "binh-lam", "cam-son"], "the example writes other documents")
    if len(written) < 3:
        return
    check(manifest["totals"]["waived"] == 4, "the example's <waive>s do not accept the unused column and the blanks of three units")
    check([(d["number"], d["date"]) for d in manifest["documents"]] == [("15", "2023-12-20")] * 2 + [("21", "2023-12-19")], "the list document does not count")
    tree = text_of(os.path.join(work, "out/vi-du/binh-lam/tom-tat.tree"))
    check('"29"' in tree and '"30"' not in tree and "48,25" not in tree, "the corrected delivery does not count whole")
    an_phu = text_of(os.path.join(work, "out/vi-du/an-phu/tom-tat.tree"))
    for printed in ('"27"', '"26"', '"56,1', "hai năm liền", "đúng hạn", "viết {\"", "\" để in dấu ngoặc"):
        check(printed in an_phu, "the example does not print " + printed)
    check("Phòng Nội vụ huyện" in text_of(os.path.join(work, "out/vi-du/cam-son/tom-tat.tree")), "the list recipients does not count")
    path = os.path.join(job, "job.xml")
    text = text_of(path)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace('<values file="so-lieu.csv"', '<values file="so-lieu.csv" unit="an-phu"'))
    check_readme_message(job, "README.md", "en")
    check_readme_message(job, "README.vi.md", "vi")


def commands(page):
    """Lines of indented code that call the program, without the remark behind."""
    return [re.sub(r"\s+#.*", "", c).strip() for c in re.findall(r"^    (build/vanban\b.*)$", page, re.M)]


def check_command(command):
    words = command.split()[1:]
    verb = next((w for w in words if not w.startswith("-")), None)
    helped = run(verb, "--help") if verb else None
    check(helped and helped.returncode == 0 and "Usage: vanban %s" % verb in helped.stdout, "no such command: " + command)
    if helped:
        for option in [w.split("=")[0] for w in words if w.startswith("-")]:
            check(re.search(r"(^|[\s,])%s\b" % re.escape(option), helped.stdout), "%s has no option %s: %s" % (verb, option, command))


def check_commands():
    english, vietnamese = text_of("README.md"), text_of("README.vi.md")
    found = commands(english)
    check(len(found) >= 3, "README.md shows no commands")
    for command in found + commands(text_of("docs/formats.md")):
        check_command(command)
    check(commands(vietnamese) == found, "README.vi.md shows other commands than README.md")
    verbs = set(re.findall(r"`(?:build/)?vanban (\w+)", english + vietnamese)) - {"COMMAND", "LỆNH"}
    for verb in sorted(verbs):
        check(run(verb, "--help").returncode == 0, "the READMEs name a command that is none: " + verb)
    for page, links in (("README.md", ["README.vi.md", "docs/formats.md"]), ("README.vi.md", ["README.md", "docs/formats.md"])):
        for link in links:
            check("](%s)" % link in text_of(page), "%s does not link to %s" % (page, link))
        for link in re.findall(r"\]\(([^)#:]+)\)", text_of(page)):
            check(os.path.exists(link), "%s links to %s, which is not there" % (page, link))


NUMBERS_JOB = """<job period="2023" date="2023-12-20"><units file="don-vi.csv"/><data table="thu" file="thu.csv" unit="an-phu"/>
<document id="thu" template="thu"/></job>
"""
NUMBERS_TEMPLATE = """<template id="thu" kind="BC"><about lang="vi">Thử</about><about lang="en">Test</about><data name="thu" title="Thử" per-unit="yes">
<column id="count" title="A" type="count"/><column id="decimal" title="B" type="decimal" places="1"/><column id="percent" title="C" type="percent" places="1"/>
<column id="money" title="D" type="money"/><column id="date" title="E" type="date"/><column id="ky-nao" title="period" type="period"/></data>
<subject>Thử</subject><body><p>Thử.</p></body></template>
"""


def check_numbers(page, folder):
    """What the table of numbers and dates says is taken is taken, and the rest is an error on its line."""
    kinds = ["count", "decimal", "percent", "money", "date", "period"]
    rows = []  # kind, written, taken
    for names, good, bad in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (`.*?) \| (`.*?) \|$", page[page.index("## Numbers and dates"):page.index("## Encodings")], re.M):
        for kind in re.findall(r"\w+", names):
            rows += [(kind, w, True) for w in re.findall(r"`([^`]*)`", good) if "%" not in w or kind == "percent"]
            rows += [(kind, w, False) for w in re.findall(r"`([^`]*)`", bad)]
    rows += [(kind, w, True) for kind in kinds[:4] for w in ("-", "không áp dụng", "KAD", "n/a")]
    check({r[0] for r in rows} == set(kinds), "formats.md has no table of numbers")
    os.makedirs(os.path.join(folder, "templates"))
    files = {"job.xml": NUMBERS_JOB, "templates/thu.xml": NUMBERS_TEMPLATE, "don-vi.csv": "Mã;Tên\nan-phu;xã An Phú\n",
             "thu.csv": ";".join(kinds) + "\n" + "".join(";".join('"%s"' % w if k == kind else "" for k in kinds) + "\n" for kind, w, _ in rows)}
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    did = run("check", folder)
    wrong = {int(n) for n in re.findall(r"^thu\.csv:(\d+):\d+: error: ", did.stdout, re.M)}
    check(len(wrong) == did.stdout.count("\n"), "other findings than those of numbers:\n" + did.stdout)
    for line, (kind, written, taken) in enumerate(rows, 2):
        check((line in wrong) != taken, "formats.md says that %s is %s as %s" % (written, "taken" if taken else "not taken", kind))


def check_links():
    for page in sorted(glob.glob("docs/*.md")) + ["input/README.md"]:
        for link in re.findall(r"\]\(([^)#:]+)\)", text_of(page)):
            check(os.path.exists(os.path.join(os.path.dirname(page), link)), "%s links to %s, which is not there" % (page, link))


formats = text_of("docs/formats.md")
check_columns(formats)
check_job(formats)
check_manifest(formats)
with tempfile.TemporaryDirectory() as work:
    check_example(formats, work)
    check_numbers(formats, os.path.join(work, "thu"))
check_commands()
check_links()
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
