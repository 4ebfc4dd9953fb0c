"""Shared by the scripts on electronic documents: running the program, counting, reading a package with a reader that is not ours."""
import base64
import io
import os
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

PROGRAM = os.path.abspath(os.environ["VANBAN"])
NS = "{http://www.mic.gov.vn/TBT/QCVN_102_2016}"
passed = failed = 0


def ok(good, said, shown=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("FAIL", said, str(shown)[:1500])
    return good


def end():
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0)


def run(*args, **more):
    return subprocess.run([str(a) for a in args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", **more)


def vanban(*args, **more):
    return run(PROGRAM, "--lang", "en", *args, **more)


def text_of(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def bytes_of(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def package_of(path):
    """Header as a dict of paths to lists of texts, attachments as a dict of names to bytes."""
    root = ElementTree.parse(path).getroot()
    fields, files = {}, {}

    def walk(node, path_so_far):
        for child in node:
            name = path_so_far + "/" + child.tag.replace(NS, "") if path_so_far else child.tag.replace(NS, "")
            if len(child):
                walk(child, name)
            else:
                fields.setdefault(name, []).append(child.text or "")

    walk(root.find(NS + "edXMLEnvelope/" + NS + "edXMLHeader"), "")
    references = {r.findtext(NS + "ContentId"): r for r in root.iter(NS + "Reference")}
    for a in root.iter(NS + "Attachment"):
        cid, name = a.findtext(NS + "ContentId"), a.findtext(NS + "AttachmentName")
        raw = base64.b64decode(a.findtext(NS + "ContentTransferEncoded"), validate=True)
        if a.findtext(NS + "ContentType") == "application/zip" and not name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(raw)) as z:
                assert z.namelist() == [name], z.namelist()
                raw = z.read(name)
        assert references[cid].findtext(NS + "AttachmentName") == name
        files[name] = raw
    assert len(files) == len(references)
    return fields, files
