"""For 75-edoc.sh. Argument: a scratch folder. Run from the top folder."""
import json
import os
import re
import shutil
import sys

from edoc_help import PROGRAM, bytes_of, end, ok, package_of, run, text_of, vanban, write

WORK = os.path.abspath(sys.argv[1])
TOP = os.getcwd()


# ---- the worked example ----------------------------------------------------------------------------------------

def example():
    """Commands and what they print, block by block, in one shell."""
    page = text_of("docs/edoc.md")
    blocks = re.findall(r"^```(sh|text)\n(.*?)^```$", page, re.M | re.S)
    folder = os.path.join(WORK, "example")
    os.makedirs(os.path.join(folder, "bin"))
    os.symlink(PROGRAM, os.path.join(folder, "bin", "vanban"))
    home = os.path.join(folder, "home")
    os.makedirs(home)
    script, wanted = "set -eu\ncd '%s'\n" % home, []
    for i, (kind, body) in enumerate(blocks):
        if kind == "sh":
            script += "echo '@@@'\n" + body
            wanted.append("")
        else:
            wanted[-1] = body
    env = dict(os.environ, PATH=os.path.join(folder, "bin") + ":" + os.environ["PATH"], LC_ALL="C.UTF-8")
    r = run("sh", "-c", script, env=env)
    got = r.stdout.split("@@@\n")[1:]
    ok(r.returncode == 0 and len(got) == len(wanted) >= 8, "the example of docs/edoc.md runs to its end", r.stdout)
    for i, (g, w) in enumerate(zip(got, wanted)):
        ok(g == w, "docs/edoc.md, block %d prints what the page shows" % (i + 1), g)
    return home


# ---- packages --------------------------------------------------------------------------------------------------

def job_text(state="issued", number="", package="", attrs="", ident="000.00.99.H57", more=""):
    return """<?xml version="1.0" encoding="UTF-8"?>
<job name="thu" period="2023" date="2023-12-14" state="%s" %s>
  <units file="don-vi.csv"/>
  <values file="so-lieu.csv" unit="an-phu" received="2023-12-12"/>
  <document id="bao-cao" template="bao-cao-cchc-xa-ngan" units="an-phu" %s priority="1">
    <addressee name="Ủy ban nhân dân huyện Hương Điền" ident="%s"/>
    <recipient name="Phòng Nội vụ &amp; các phòng" ident="000.05.99.H57"/>
    <recipient name="Như trên"/>
    <recipient name="Thường trực HĐND xã"/>
    <signer authority="TM. ỦY BAN NHÂN DÂN|KT. CHỦ TỊCH" position="PHÓ CHỦ TỊCH" name="Trần Văn Thử"/>
    <archive unit="VT" drafter="VP.(02)" file="05.BC" retention="10" keywords="cải cách hành chính" description="Bản chính"/>
    %s
  </document>%s
</job>
""" % (state, attrs, number and 'number="%s"' % number, ident, package, more)


def new_job(name, **more):
    """A copy of the example's job under another job.xml."""
    folder = os.path.join(WORK, name)
    shutil.copytree(os.path.join(HOME, "an-phu"), folder)
    write(os.path.join(folder, "job.xml"), job_text(**more))
    return folder


def build(name, *args, **more):
    folder = new_job(name, **more)
    r = vanban("build", "--quiet", "-o", os.path.join(WORK, "out-" + name), *args, folder)
    return r, os.path.join(WORK, "out-" + name, "thu"), os.path.join(WORK, "out-" + name, "thu", "an-phu", "bao-cao")


def valid(path):
    well = run("xmllint", "--noout", path)
    fits = run("xmllint", "--noout", "--relaxng", "templates/schemas/edxml.rng", path)
    return ok(well.returncode == 0 and well.stdout == "" and fits.returncode == 0, "xmllint takes " + os.path.basename(path), well.stdout + fits.stdout)


STAFF = '<staff department="Văn phòng - Thống kê" name="Lê Thị Mẫu" email="mau@example.vn" mobile="0900000000"/>'
FULL = ('<package type="2" type-detail="14" steering="3" due="2023-12-31" sphere="Cải cách hành chính" content="Tóm tắt &lt;1&gt;" paper="yes">'
        '<sender email="a@example.vn" telephone="02343 123" fax="02343 124" website="anphu.example.vn"/>' + STAFF +
        '<reply ident="000.00.99.H57" code="12/KH-UBND" date="2023-01-05" document="000.00.99.H57,2023/01/05,12/KH-UBND"/></package>')
OF = "000.01.99.H57,2023/12/01,231/BC-UBND"


def expected(pages, number="232"):
    return {
        "MessageHeader/From/OrganId": ["000.01.99.H57"], "MessageHeader/From/OrganName": ["Ủy ban nhân dân xã An Phú"],
        "MessageHeader/From/OrganizationInCharge": [""], "MessageHeader/From/OrganAdd": ["Thôn Trung, xã An Phú"],
        "MessageHeader/From/Email": ["a@example.vn"], "MessageHeader/From/Telephone": ["02343 123"], "MessageHeader/From/Fax": ["02343 124"],
        "MessageHeader/From/Website": ["anphu.example.vn"],
        "MessageHeader/To/OrganId": ["000.00.99.H57", "000.05.99.H57"],
        "MessageHeader/To/OrganName": ["Ủy ban nhân dân huyện Hương Điền", "Phòng Nội vụ & các phòng"],
        "MessageHeader/DocumentId": ["000.01.99.H57,2023/12/14,%s/BC-UBND" % number],
        "MessageHeader/Code/CodeNumber": [number], "MessageHeader/Code/CodeNotation": ["BC-UBND"],
        "MessageHeader/PromulgationInfo/Place": ["An Phú"], "MessageHeader/PromulgationInfo/PromulgationDate": ["2023/12/14"],
        "MessageHeader/DocumentType/Type": ["2"], "MessageHeader/DocumentType/TypeDetail": ["14"], "MessageHeader/DocumentType/TypeName": ["Báo cáo"],
        "MessageHeader/Subject": ["Kết quả công tác cải cách hành chính năm 2023"], "MessageHeader/Content": ["Tóm tắt <1>"],
        "MessageHeader/SignerInfo/Competence": ["TM."], "MessageHeader/SignerInfo/Position": ["PHÓ CHỦ TỊCH"],
        "MessageHeader/SignerInfo/FullName": ["Trần Văn Thử"], "MessageHeader/DueDate": ["2023/12/31"],
        "MessageHeader/OtherInfo/Priority": ["1"], "MessageHeader/OtherInfo/SphereOfPromulgation": ["Cải cách hành chính"],
        "MessageHeader/OtherInfo/TyperNotation": ["VP.(02)"], "MessageHeader/OtherInfo/PromulgationAmount": ["1"],
        "MessageHeader/OtherInfo/PageAmount": [str(pages)], "MessageHeader/OtherInfo/Direction": ["false"],
        "MessageHeader/OtherInfo/Appendixes/Appendix": ["Phụ lục: Số liệu công tác cải cách hành chính năm 2023"],
        "MessageHeader/ResponseFor/OrganId": ["000.00.99.H57"], "MessageHeader/ResponseFor/Code": ["12/KH-UBND"],
        "MessageHeader/ResponseFor/PromulgationDate": ["2023/01/05"], "MessageHeader/SteeringType": ["3"],
        "MessageHeader/ToPlaces/Place": ["Thường trực HĐND xã"],
        "TraceHeaderList/TraceHeader/OrganId": ["000.01.99.H57"], "TraceHeaderList/TraceHeader/Timestamp": ["2023/12/15 00:00:00"],
        "TraceHeaderList/Bussiness/BussinessDocType": ["0"], "TraceHeaderList/Bussiness/Paper": ["1"],
        "TraceHeaderList/Bussiness/StaffInfo/Department": ["Văn phòng - Thống kê"], "TraceHeaderList/Bussiness/StaffInfo/Staff": ["Lê Thị Mẫu"],
        "TraceHeaderList/Bussiness/StaffInfo/Email": ["mau@example.vn"], "TraceHeaderList/Bussiness/StaffInfo/Mobile": ["0900000000"],
    }


def pages_of(*paths):
    return sum(int(re.search(r"^Pages: *(\d+)", run("pdfinfo", p).stdout, re.M).group(1)) for p in paths)


def packages():
    r, folder, stem = build("goi", "-f", "pdf,xlsx,edxml", "--date", "2023-12-15", number="232", package=FULL, attrs='appendices="separate" mode="electronic"')
    if not ok(r.returncode == 0, "a package with every field", r.stdout) or not valid(stem + ".edxml"):
        return
    fields, files = package_of(stem + ".edxml")
    for name, want in expected(pages_of(stem + ".pdf", stem + "-pl1.pdf")).items():
        ok(fields.get(name) == want, "field " + name, fields.get(name))
    wanted = [os.path.basename(stem) + end_ for end_ in (".pdf", "-pl1.pdf", ".xlsx")]
    ok(sorted(files) == sorted(wanted), "attachments", sorted(files))
    for name in wanted:
        ok(files.get(name) == bytes_of(os.path.join(os.path.dirname(stem), name)), name + " comes out byte for byte")
    again, _, stem2 = build("goi2", "-f", "pdf,xlsx,edxml", "--date", "2023-12-15", number="232", package=FULL, attrs='appendices="separate" mode="electronic"')
    ok(again.returncode == 0 and bytes_of(stem + ".edxml") == bytes_of(stem2 + ".edxml"), "the same package twice")
    kinds()
    limits()


def kinds():
    business = "TraceHeaderList/Bussiness/"
    for kind, code, more, fields_of in [
            ("update", "2", 'changed="both"', {"DocumentId": [OF], "BussinessDocumentInfo/DocumentInfo": ["1"], "BussinessDocumentInfo/DocumentReceiver": ["1"],
                                             "BussinessDocumentInfo/ReceiverList/Receiver/OrganId": ["000.07.99.H57", "000.08.99.H57"],
                                             "BussinessDocumentInfo/ReceiverList/Receiver/ReceiverType": ["1", "0"]}),
            ("replacement", "3", "", {"ReplacementInfoList/ReplacementInfo/DocumentId": [OF],
                                      "ReplacementInfoList/ReplacementInfo/OrganIdList/OrganId": ["000.00.99.H57", "000.05.99.H57"]}),
            ("revocation", "1", "", {"DocumentId": [OF]})]:
        receivers = '<receiver ident="000.07.99.H57" change="added"/><receiver ident="000.08.99.H57" change="removed"/>' if kind == "update" else ""
        text = '<package kind="%s" of="%s" reason="Đính chính" %s>%s</package>' % (kind, OF, more, receivers)
        r, folder, stem = build(kind, "-f", "pdf,edxml", number="232", package=text)
        if not ok(r.returncode == 0, kind, r.stdout) or not valid(stem + ".edxml"):
            continue
        fields, _ = package_of(stem + ".edxml")
        for name, want in dict(fields_of, BussinessDocType=[code], BussinessDocReason=["Đính chính"]).items():
            ok(fields.get(business + name) == want, "%s: %s" % (kind, name), fields.get(business + name))
        ok(vanban("verify", folder).returncode == 0, kind + ": verify")
        bare, _, stem = build(kind + "-bare", "-f", "pdf,edxml", number="232", package='<package kind="%s"/>' % kind)
        ok(bare.returncode == 1 and "[edxml-missing]" in bare.stdout and not os.path.exists(stem + ".edxml"), kind + " of nothing is refused", bare.stdout)


def limits():
    for name, ident, good in [("old13", "000.00.99.H57", True), ("old14", "0000.00.99.H57", False), ("new35", "H57.12.34." + "A" * 25, True),
                              ("new36", "H57.12.34." + "A" * 26, False), ("lower", "h57.12", False), ("groups", "0.0.0.0.H57", False)]:
        r, _, stem = build(name, "-f", "pdf,edxml", number="232", ident=ident)
        ok((r.returncode == 0) == good and os.path.exists(stem + ".edxml") == good and (good or ident in r.stdout or "35" in r.stdout or "13" in r.stdout),
           "identifier " + ident, r.stdout)
    folder = new_job("nobody", number="232")
    text = re.sub(r' ident="[^"]*"', ' ident=""', job_text(number="232"))
    write(os.path.join(folder, "job.xml"), text)
    r = vanban("build", "-f", "pdf,edxml", "-o", os.path.join(WORK, "out-nobody"), folder)
    doc = json.loads(bytes_of(os.path.join(WORK, "out-nobody/thu/manifest.json")))["documents"][0]
    ok(r.returncode == 1 and "[edxml-receiver]" in r.stdout, "a package for nobody", r.stdout)
    ok(doc["status"] == "withheld" and doc["files"] == [] and not os.path.exists(os.path.join(WORK, "out-nobody/thu/an-phu/bao-cao.pdf")),
       "a document whose package cannot be made is withheld", str(doc))
    future = dict(number="232")
    r, _, _ = build("before", "-f", "pdf,edxml", "--date", "2023-12-13", **future)
    ok(r.returncode == 1 and "[edxml-date]" in r.stdout, "dated behind --date", r.stdout)
    folder = new_job("later", **future)
    write(os.path.join(folder, "job.xml"), job_text(**future).replace('date="2023-12-14"', 'date="2099-12-14"'))
    ok(vanban("build", "--quiet", "-f", "pdf,edxml", "-o", os.path.join(WORK, "out-later"), folder).returncode == 0, "the clock is not asked")
    for state in ("draft", "to-stamp"):
        r, folder, stem = build(state, "-f", "pdf,edxml", "--archive", state=state)
        ok(r.returncode == 0 and os.path.exists(stem + ".pdf") and not os.path.exists(stem + ".edxml") and "[handing-state]" in vanban(
            "build", "-f", "pdf,edxml", "-o", os.path.join(WORK, "out-" + state), os.path.join(WORK, state)).stdout, state + " has no package yet", r.stdout)


# ---- records for the archive -----------------------------------------------------------------------------------

def archive():
    from xml.etree import ElementTree
    r, folder, stem = build("luu", "-f", "xlsx", "--archive", number="7")
    if not ok(r.returncode == 0, "--archive", r.stdout):
        return
    pages = str(pages_of(stem + ".pdf"))
    want = {
        ".nd30.xml": {"FileCode/OrganId": "000.01.99.H57", "FileCode/FileCatalog": "2023", "FileCode/FileNotation": "05.BC", "TypeName": "Báo cáo", "CodeNumber": "7",
                      "CodeNotation": "BC-UBND", "IssuedDate": "14/12/2023", "OrganName": "Ủy ban nhân dân xã An Phú", "PageAmount": pages,
                      "Subject": "Kết quả công tác cải cách hành chính năm 2023", "Language": "Tiếng Việt", "Description": "Bản chính",
                      "SignerInfo/Position": "PHÓ CHỦ TỊCH", "SignerInfo/FullName": "Trần Văn Thử", "Priority": "1", "IssuedAmount": "1",
                      "To[1]/OrganId": "000.00.99.H57", "To[2]/OrganName": "Phòng Nội vụ & các phòng", "To[3]/OrganName": "Thường trực HĐND xã"},
        ".simpledc.xml": {"docId": "000.01.99.H57.2023.7", "arcDocCode": "000.01.99.H57.2023.05.BC", "maintenance": "06", "typeName": "14", "codeNumber": "7",
                          "codeNotation": "BC-UBND", "issuedDate": "14/12/2023", "language": "01", "numberOfPage": pages, "keyword": "cải cách hành chính",
                          "organName": "Ủy ban nhân dân xã An Phú", "mode": "01", "confidenceLevel": "01"}}
    manifest = json.loads(text_of(os.path.join(folder, "manifest.json")))
    for suffix, fields in want.items():
        ok(run("xmllint", "--noout", stem + suffix).stdout == "", suffix + " is well-formed")
        root = ElementTree.parse(stem + suffix).getroot()
        for name, value in fields.items():
            ok(root.findtext(name) == value, "%s: %s" % (suffix, name), root.findtext(name))
        ok(any(f["path"] == "an-phu/bao-cao" + suffix and f["type"] == "archive" for f in manifest["documents"][0]["files"]), suffix + " in the manifest")
    ok(vanban("verify", folder).returncode == 0, "records: verify")
    own = new_job("luu-rieng", number="7")
    write(os.path.join(own, "templates/mappings/archive.xml"), '<archive><record root="HoSo" suffix=".ho-so.xml">'
          '<field name="So" from="number" required="true"/><field name="HanNgan" from="organ.name" max="%d"/></record></archive>' % 40)
    out = os.path.join(WORK, "out-rieng")
    r = vanban("build", "--quiet", "--archive", "-o", out, own)
    ok(r.returncode == 0 and ElementTree.parse(out + "/thu/an-phu/bao-cao.ho-so.xml").getroot().findtext("So") == "7" and not os.path.exists(
        out + "/thu/an-phu/bao-cao.nd30.xml"), "a job's own mapping", r.stdout)
    path = os.path.join(own, "templates/mappings/archive.xml")
    write(path, text_of(path).replace('"40"', '"4"'))
    r = vanban("build", "--archive", "-o", out, own)
    ok(r.returncode == 1 and "HanNgan" in r.stdout and "[archive]" in r.stdout and not os.path.exists(out + "/thu/an-phu/bao-cao.pdf"), "a field that is too long", r.stdout)


# ---- numbers ---------------------------------------------------------------------------------------------------

UNITS = "Mã;Tên;Loại;Cấp;Mã định danh;Địa danh\n" + "".join("xa-%d;xã Số %d;xã;xa;000.0%d.99.H57;Số %d\n" % (i, i, i, i) for i in (1, 2, 3))
VALUES = "Mã đơn vị;Mã chỉ tiêu;Số liệu\n" + "".join("xa-%d;%s\n" % (i, v) for i in (1, 2, 3) for v in (
    "1.1.1;27", "1.1.2;26", "1.1.3;24", "3.5.3/1;1714", "3.5.3/2;1690"))
LIST = "Đơn vị;Văn bản;Số\n"


def numbers_job(name, period="2023", listed="", documents='<document id="a" template="bao-cao-cchc-xa-ngan"/><document id="b" template="bao-cao-cchc-xa-ngan"/>'):
    folder = os.path.join(WORK, "so-" + name)
    shutil.rmtree(folder, ignore_errors=True)
    for file, text in (("don-vi.csv", UNITS), ("so-lieu.csv", VALUES), ("van-ban.csv", LIST + listed), ("job.xml", """<?xml version="1.0" encoding="UTF-8"?>
<job name="%s" period="%s" date="%s-12-14" state="issued">
  <units file="don-vi.csv"/><values file="so-lieu.csv" received="%s-12-12"/><data table="document" file="van-ban.csv"/>%s
</job>""" % (name, period, period[:4], period[:4], documents.replace("/>", "><signer position='CHỦ TỊCH' name='Trần Văn Thử'/></document>")))):
        write(os.path.join(folder, file), text)
    return folder


def given(folder, *args, code=0, out="out-so"):
    out = os.path.join(WORK, out)
    r = vanban("build", "-f", "tree", "--db", os.path.join(WORK, "so.db"), "-o", out, *args, folder)
    ok(r.returncode == code, "numbers: exit %d" % code, r.stdout)
    path = os.path.join(out, re.search(r'name="([^"]+)"', text_of(os.path.join(folder, "job.xml"))).group(1), "manifest.json")
    docs = json.loads(text_of(path))["documents"]
    return {d["unit"][-1] + d["document"]: d["number"] for d in docs if d["status"] in ("written", "unchanged")}, r.stdout


def numbers():
    first = numbers_job("nam")
    want = {"1a": "01", "1b": "02", "2a": "01", "2b": "02", "3a": "01", "3b": "02"}
    r = vanban("check", "--db", os.path.join(WORK, "so.db"), first)
    ok(r.returncode == 0 and "template-state" not in r.stdout, "check sees the numbers to come", r.stdout)
    got, _ = given(first, "--unit", "xa-2", "--document", "b", out="out-so-1")
    ok(got == {"2b": "01"}, "one document alone has the first, check took none", got)
    got, _ = given(first)
    want.update({"2a": "02", "2b": "01"})
    ok(got == want, "each unit from 01, known ones keep theirs", got)
    shutil.rmtree(os.path.join(WORK, "out-so"))
    ok(given(first)[0] == want, "a rerun into an empty folder reads the same numbers back")
    second = numbers_job("nam-khac", listed="xa-1;a;9\nxa-2;a;3\nxa-3;b;07b\n")
    got, _ = given(second)
    ok(got == {"1a": "9", "1b": "10", "2a": "3", "2b": "04", "3a": "03", "3b": "07b"}, "given numbers go first, the others follow them", got)
    ok(given(first)[0] == want, "the list of another job in the same database changes nothing")
    clash = numbers_job("trung", listed="xa-1;a;09\nxa-1;b;11\n")
    got, said = given(clash, code=1)
    ok("1a" not in got and got.get("1b") == "11" and got.get("2a") == "05" and "nam-khac" in said and "[number-taken]" in said, "a number twice withholds the second", (got, said))
    got, said = given(numbers_job("trong-dot", listed="xa-1;a;20\nxa-1;b;020\n"), code=1)
    ok(got.get("1a") == "20" and "1b" not in got, "a number twice in one job", said)
    got, _ = given(numbers_job("nam", period="2024"), out="out-so-2024")
    ok(set(got.values()) == {"01", "02"}, "a new year begins with 01", got)
    series = numbers_job("day", documents='<document id="a" template="bao-cao-cchc-xa-ngan" series="rieng"/><document id="b" template="bao-cao-cchc-xa-ngan" series="rieng"/>')
    got, _ = given(series)
    ok(len(set(got[u + x] for u in "123" for x in "ab")) >= 2 and all(got["1" + x] not in ("01", "02", "9", "10", "11", "20") for x in "ab"),
       "a series of its own never repeats number and symbol", got)
    part, said = given(numbers_job("phan"), "--shard", "1/2", code=1) if shards() else (None, "")
    ok(part is None or (part == {} and "[number-shard]" in said and "--shard" in said), "a part of a job gives no numbers", said)
    if shards():
        r = vanban("build", "-f", "tree", "--db", os.path.join(WORK, "so.db"), "-o", os.path.join(WORK, "out-so-p"), "--shard", "1/2", first)
        ok(r.returncode == 0, "a part of a job reads known numbers", r.stdout)
    r = vanban("build", "-f", "tree", "-o", os.path.join(WORK, "out-so-0"), numbers_job("khong"))
    ok(r.returncode == 1 and "[template-state]" in r.stdout, "no database, no number", r.stdout)


def shards():
    return "--shard" in vanban("build", "--help").stdout


HOME = example()
packages()
archive()
numbers()
end()
