"""For 76-sign.sh. Argument: a scratch folder. Run from the top folder."""
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
import zlib

from edoc_help import PROGRAM, bytes_of, end, ok, package_of, run, text_of, vanban, write

WORK = os.path.abspath(sys.argv[1])
PASS = "mật khẩu 7f3a"
MODULE = "/usr/lib/softhsm/libsofthsm2.so"
SUBJECT = "/CN=UBND xã An Phú"
WHEN = "2030-06-01T02:19:46Z"  # 09:19:46 in Vietnam
JOB = """<?xml version="1.0" encoding="UTF-8"?>
<job name="ky" period="2023" date="2023-12-14" state="%s" mode="electronic" appendices="%s">
  <units file="don-vi.csv"/>
  <values file="so-lieu.csv" unit="an-phu" received="2023-12-12"/>
  <document id="bao-cao" template="bao-cao-cchc-xa-ngan" units="an-phu" %s>
    <addressee name="Ủy ban nhân dân huyện" ident="000.00.99.H57"/>
    <signer authority="TM. ỦY BAN NHÂN DÂN" position="CHỦ TỊCH" name="Trần Văn Thử"/>
    <archive unit="VT"/>
  </document>
</job>
"""
FOLDER = os.path.join(WORK, "job")
MADE = {}  # a build of each kind, copied for each test


def shell(command):
    r = subprocess.run(["sh", "-c", "cd '%s' && %s" % (WORK, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if r.returncode != 0:
        print(command, r.stdout)
    return r.returncode == 0


def job(state="issued", appendices="same", number='number="05"'):
    write(os.path.join(FOLDER, "don-vi.csv"), "Mã;Tên;Loại;Cấp;Mã định danh;Địa danh\nan-phu;xã An Phú;xã;xa;000.01.99.H57;An Phú\n")
    write(os.path.join(FOLDER, "so-lieu.csv"), "Mã chỉ tiêu;Số liệu\n1.1.1;27\n1.1.2;26\n1.1.3;24\n3.5.3/1;1714\n3.5.3/2;1690\n")
    write(os.path.join(FOLDER, "job.xml"), JOB % (state, appendices, number))


def build(out, *more, formats="pdf,edxml", **how):
    job(**how)
    return vanban("build", "--quiet", "-f", formats, "-o", out, *more, FOLDER)


def fresh(name, appendices):
    """A built folder of its own; built once a kind."""
    if appendices not in MADE:
        MADE[appendices] = os.path.join(WORK, "made-" + appendices)
        r = build(MADE[appendices], appendices=appendices)
        ok(r.returncode == 0, "built: " + appendices, r.stdout)
    out = os.path.join(WORK, "out-" + name)
    shutil.copytree(MADE[appendices], out)
    return out, os.path.join(out, "ky", "an-phu")


def sign(*args, key=("--p12", "rsa.p12"), word=PASS, **more):
    """The passphrase through descriptor 0."""
    return subprocess.run([PROGRAM, "--lang", "en", "sign", *key, "--pass-fd", "0", *args], input=word + "\n", stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, cwd=WORK, **more)


def png(name, w, h, color, ring):
    """RGBA with transparency: a ring, or strokes."""
    def alpha(x, y):
        r = (x / w * 2 - 1) ** 2 + (y / h * 2 - 1) ** 2
        return 200 if (0.8 < r < 0.98 if ring else abs(x * h - y * w) < 8 * w) else 0
    rows = b"".join(b"\0" + b"".join(struct.pack("4B", *color, alpha(x, y)) for x in range(w)) for y in range(h))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    with open(os.path.join(WORK, name), "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", w, h, 8, 6, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def keys():
    with open(os.path.join(WORK, "pass"), "w", encoding="utf-8") as f:
        f.write(PASS + "\n")
    good = True
    for name, kind in (("rsa", "rsa:2048"), ("ec", "ec -pkeyopt ec_paramgen_curve:P-256")):
        good = good and shell("openssl req -x509 -newkey %s -noenc -keyout %s.key -out %s.pem -utf8 -subj '%s' -days 3650 2>/dev/null && "
                              "openssl pkcs12 -export -inkey %s.key -in %s.pem -out %s.p12 -passout file:pass" % (kind, name, name, SUBJECT, name, name, name))
    os.environ["SOFTHSM2_CONF"] = os.path.join(WORK, "softhsm2.conf")
    write(os.environ["SOFTHSM2_CONF"], "directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n" % WORK)
    good = good and shell("mkdir tokens && { softhsm2-util --init-token --free --label vanban --so-pin 87654321 --pin 1234 && "
                          "openssl pkcs8 -topk8 -nocrypt -in rsa.key -out rsa.p8 && openssl x509 -in rsa.pem -outform DER -out rsa.der && "
                          "softhsm2-util --import rsa.p8 --token vanban --label ky --id A1 --pin 1234 && pkcs11-tool --module %s --token-label vanban --login "
                          "--pin 1234 --write-object rsa.der --type cert --id A1 --label ky; } >token.log 2>&1" % MODULE)
    png("chu-ky.png", 240, 110, (20, 20, 190), False)
    png("dau.png", 200, 200, (220, 20, 30), True)
    return ok(good, "throw-away keys and a token")


def sound(name, path, signatures, parts=None):
    """What the layout tests ask of a PDF, and what pdfsig says; parts: bytes at its head that signing must leave alone."""
    r = run("qpdf", "--check", path)
    ok(r.returncode == 0 and "warning" not in r.stdout.lower(), name + ": qpdf", r.stdout)
    r = run("/usr/bin/python3", "tests/check.d/pdf_check.py", path)
    ok(r.returncode == 0, name + ": PDF/A and PDF/UA", r.stdout)
    r = run("pdffonts", path)
    ok(all(" yes yes yes " in line for line in r.stdout.splitlines()[2:]), name + ": fonts", r.stdout)
    r = run("mutool", "draw", "-q", "-r", "30", "-o", os.path.join(WORK, "draw%d.pgm"), path)
    ok(r.returncode == 0 and not [x for x in r.stdout.splitlines() if x and "ICC support" not in x], name + ": drawn", r.stdout)
    r = run("pdfsig", "-nocert", path)
    ok(r.stdout.count("Signature is Valid") == signatures and "Total document signed" in r.stdout and r.stdout.count("ETSI.CAdES.detached") == signatures
       and r.stdout.count("SHA-256") == signatures, name + ": pdfsig", r.stdout)
    if parts is not None:
        ok(bytes_of(path).startswith(parts), name + ": what was there stays byte for byte")


def variants():
    for name, appendices, steps, counts in [
            ("p12", "same", [("bao-cao", ("--role", "leader"), {})], {"bao-cao": 1}),
            ("ec", "same", [("bao-cao", ("--role", "organ", "--reason", "Ban hành"), {"key": ("--p12", "ec.p12")})], {"bao-cao": 1}),
            ("pkcs11", "same", [("bao-cao", (), {"key": ("--pkcs11", "pkcs11:token=vanban;object=ky?module-path=" + MODULE), "word": "1234"})], {"bao-cao": 1}),
            ("two", "same", [("bao-cao", ("--image", "chu-ky.png"), {}), ("bao-cao", ("--role", "organ", "--image", "dau.png"), {"key": ("--p12", "ec.p12")})], {"bao-cao": 2}),
            ("separate", "separate", [("bao-cao", ("--image", "chu-ky.png"), {}), ("bao-cao", ("--role", "organ", "--image", "dau.png"), {}),
                                      ("bao-cao-pl1", ("--role", "organ", "--image", "dau.png"), {})], {"bao-cao": 2, "bao-cao-pl1": 1})]:
        out, folder = fresh(name, appendices)
        before = {stem: bytes_of(os.path.join(folder, stem + ".pdf")) for stem in counts}
        for stem, args, how in steps:
            r = sign(*args, "--date", WHEN, os.path.join(folder, stem + ".pdf"), **how)
            ok(r.returncode == 0 and "signed by" in r.stdout, "%s: %s signed" % (name, stem), r.stdout)
        for stem, n in counts.items():
            sound("%s/%s" % (name, stem), os.path.join(folder, stem + ".pdf"), n, before[stem])
        r = vanban("verify", "--trust", os.path.join(WORK, "all.pem"), out)
        ok(r.returncode == 0, name + ": verify, chain given", r.stdout)
        manifest = json.loads(text_of(os.path.join(out, "ky", "manifest.json")))
        ok(manifest["documents"][0]["signatures"] == sum(counts.values()), name + ": the manifest counts", manifest["documents"][0]["signatures"])
        r = run("xmllint", "--noout", "--relaxng", "templates/schemas/edxml.rng", os.path.join(folder, "bao-cao.edxml"))
        _, files = package_of(os.path.join(folder, "bao-cao.edxml"))
        ok(r.returncode == 0 and all(files[s + ".pdf"] == bytes_of(os.path.join(folder, s + ".pdf")) for s in counts), name + ": the package holds the signed files", r.stdout)
    mark(os.path.join(WORK, "out-separate/ky/an-phu/bao-cao-pl1.pdf"))
    ok(not run("pdftotext", os.path.join(WORK, "out-two/ky/an-phu/bao-cao.pdf"), "-").stdout.count("; 01/06/2030"), "no mark on the document itself")


def words_of(path, page=1):
    text = run("pdftotext", "-bbox", "-f", str(page), "-l", str(page), path, "-").stdout
    height = float(re.search(r'<page width="[\d.]+" height="([\d.]+)"', text).group(1))
    return [(w, float(x0), height - float(y1), float(x1), height - float(y0)) for x0, y0, x1, y1, w in
            re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', text)]


def mark(path):
    """ND30 PL III, mẫu 2.2: top right corner of page 1, size 10, upright black, number and Vietnam's time."""
    ok("Số: 05/BC-UBND; 01/06/2030; 09:19:46" in run("pdftotext", "-layout", "-l", "1", path, "-").stdout, "the mark of the appendix")
    words = [w for w in words_of(path) if w[0] in ("05/BC-UBND;", "09:19:46")]
    ok(len(words) == 2 and all(w[2] > 842 - 85 and w[1] > 298 and 9 <= w[4] - w[2] <= 13 for w in words) and words[1][3] < 596 - 42, "it stands top right", words)
    ok("/BC-UBND" in run("pdftotext", "-layout", "-l", "1", path, "-").stdout, "its Kèm theo line names the symbol")


# ---- slots -----------------------------------------------------------------------------------------------------

def rects_of(path):
    """Fields of a PDF: page and rectangle by name, read by qpdf."""
    doc = json.loads(run("qpdf", "--json", path).stdout)
    objects = {k[4:]: o.get("value") for k, o in doc["qpdf"][1].items()}
    pages = {p["object"]: i + 1 for i, p in enumerate(doc["pages"])}
    return {o["/T"][2:] if o["/T"].startswith("u:") else o["/T"]: (pages[o["/P"]], o["/Rect"]) for o in objects.values()
            if isinstance(o, dict) and o.get("/Subtype") == "/Widget"}


def slots():
    out = os.path.join(WORK, "out-slots")
    r = build(out, formats="pdf", state="to-stamp", appendices="separate", number="")
    ok(r.returncode == 0, "to-stamp builds", r.stdout)
    folder = os.path.join(out, "ky")
    doc = json.loads(text_of(os.path.join(folder, "manifest.json")))["documents"][0]
    found = {s["name"]: s for s in doc["slots"]}
    ok(sorted(s["kind"] for s in doc["slots"]) == ["date", "mark", "number", "seal", "signature"] and doc["number"] is None, "a slot of each kind", doc["slots"])
    for name in ("leader", "organ", "phu-luc-1"):
        s = found[name]
        page, rect = rects_of(os.path.join(folder, s["file"]))[name]
        x, y, w, h = s["box"]
        ok(page == s["page"] and all(abs(a - b) < 0.02 for a, b in zip(rect, (x, y, x + w, y + h))), "field %s is where the manifest says" % name, (page, rect, s))
    words = words_of(os.path.join(folder, found["so"]["file"]))
    for name, before, after in (("so", "Số:", "/BC-UBND"), ("ngay", "Phú,", None)):
        x, y, w, h = found[name]["box"]
        line = [k for k in words if k[2] < y + h / 2 < k[4] and (k[0] == before or k[0] == after)]
        ok(found[name]["page"] == 1 and line and line[0][3] <= x + 0.5 and (after is None or line[-1][1] >= x + w - 0.5), "slot %s stands between its words" % name, (found[name], line))
        ok(not [k for k in words if k[1] < x + w - 1 and k[3] > x + 1 and k[2] < y + h - 3 and k[4] > y + 3], "slot %s is empty" % name)
    r = sign("--role", "organ", "--date", WHEN, os.path.join(folder, found["phu-luc-1"]["file"]))
    ok(r.returncode == 1 and "[sign-mark]" in r.stdout, "a mark needs the number", r.stdout)


# ---- what stays ------------------------------------------------------------------------------------------------

def stays():
    out, folder = fresh("stays", "separate")
    pdf, appendix = os.path.join(folder, "bao-cao.pdf"), os.path.join(folder, "bao-cao-pl1.pdf")
    home = os.getcwd()
    os.chdir(folder)  # a bare file name, called from inside
    r = sign("--date", WHEN, "--role", "organ", appendix)
    os.chdir(home)
    ok(r.returncode == 0, "an appendix signed", r.stdout)
    signed, package, plain = bytes_of(appendix), bytes_of(os.path.join(folder, "bao-cao.edxml")), bytes_of(pdf)
    write(os.path.join(FOLDER, "so-lieu.csv"), "Mã chỉ tiêu;Số liệu\n1.1.1;30\n1.1.2;29\n1.1.3;24\n3.5.3/1;1714\n3.5.3/2;1690\n")
    job_text = JOB % ("issued", "separate", 'number="05"')
    write(os.path.join(FOLDER, "job.xml"), job_text)
    r = vanban("build", "--quiet", "-f", "pdf,edxml", "-o", out, FOLDER)
    ok(r.returncode == 0 and bytes_of(appendix) == signed and bytes_of(pdf) == plain and bytes_of(os.path.join(folder, "bao-cao.edxml")) == package,
       "a later build leaves a signed document alone", r.stdout)
    ok(vanban("verify", out).returncode == 0, "and the manifest tells of it as it is")
    status = json.loads(text_of(os.path.join(out, "ky/manifest.json")))["documents"][0]
    ok(status["status"] == "unchanged" and status["signatures"] == 1, "status unchanged, one signature", status["status"])
    os.remove(os.path.join(out, ".ky.made"))
    os.remove(os.path.join(out, "ky/manifest.json"))
    r = vanban("build", "--quiet", "-f", "pdf,edxml", "-o", out, FOLDER)
    ok(r.returncode == 0 and bytes_of(appendix) == signed and bytes_of(pdf) == plain, "nor does one that has lost book and manifest touch it", r.stdout)
    r = vanban("build", "--quiet", "-f", "pdf,edxml", "--replace-signed", "-o", out, FOLDER)
    now = json.loads(text_of(os.path.join(out, "ky/manifest.json")))["documents"][0]
    ok(r.returncode == 0 and bytes_of(appendix) != signed and now["status"] == "written" and now["signatures"] == 0 and
       "Signature is Valid" not in run("pdfsig", "-nocert", appendix).stdout, "--replace-signed makes it anew", (r.stdout, now["status"], now["signatures"]))


def verdicts():
    out, folder = fresh("verdicts", "same")
    pdf = os.path.join(folder, "bao-cao.pdf")
    sign("--date", WHEN, pdf)
    good = bytes_of(pdf)
    for at in (200, len(good) // 3, good.index(b"/Contents<") - 60, len(good) - 20):
        with open(pdf, "wb") as f:
            f.write(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
        r = vanban("verify", out)
        s = run("pdfsig", "-nocert", pdf).stdout
        ok(r.returncode == 1 and "CHANGED  " in r.stdout and not ("Signature is Valid" in s and "Total document signed" in s), "a flipped byte at %d" % at, r.stdout + s)
    with open(pdf, "wb") as f:
        f.write(good)
    write(os.path.join(folder, "la.pdf"), "x")
    os.remove(os.path.join(folder, "bao-cao.trace.json"))
    r = vanban("verify", out)
    ok(r.returncode == 1 and re.search(r"^ORPHAN .*la\.pdf$", r.stdout, re.M) and re.search(r"^MISSING .*trace\.json$", r.stdout, re.M), "orphan and missing", r.stdout)
    r = vanban("verify", "--trust", os.path.join(WORK, "ec.pem"), out)
    ok("[verify-trust]" in r.stdout, "a chain that leads elsewhere", r.stdout)


# ---- secrets ---------------------------------------------------------------------------------------------------

def secrets():
    out, folder = fresh("secrets", "same")
    pdf = os.path.join(folder, "bao-cao.pdf")
    r = sign("-v", "--date", WHEN, pdf, word="sai mật khẩu 7f3a")
    ok(r.returncode == 2 and "[sign-pass]" in r.stdout and "7f3a" not in r.stdout, "a wrong passphrase: exit 2, and not repeated", r.stdout)
    r = sign("-v", "--date", WHEN, pdf)
    everything = r.stdout + "".join(bytes_of(os.path.join(d, f)).decode("latin-1") for d, _, files in os.walk(out) for f in files)
    ok(r.returncode == 0 and "7f3a" not in everything and "PRIVATE KEY" not in everything, "neither passphrase nor key in what was written")
    r = sign(pdf + ".khac", word="sai mật khẩu")
    ok(r.returncode == 3 and "is not there" in r.stdout and "[sign-pass]" not in r.stdout, "a PDF that is not there is said before the key is opened", r.stdout)
    r = sign("--pkcs11", "x", key=("--pkcs11", "pkcs11:token=vanban;pin-value=1234"))
    ok(r.returncode != 0 and "1234" not in r.stdout, "a PIN in the URI is refused, unspoken", r.stdout)
    env = dict(os.environ, ASAN_OPTIONS="disable_coredump=0:" + os.environ.get("ASAN_OPTIONS", ""))
    p = subprocess.Popen([PROGRAM, "sign", "--p12", "rsa.p12", "--pass-fd", "0", "--role", "organ", pdf], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL, cwd=WORK, env=env)
    p.stdin.write(PASS.encode())  # no end of line: it waits with all of it in memory
    p.stdin.flush()
    limits = ""
    for _ in range(200):
        limits = text_of("/proc/%d/limits" % p.pid)
        if re.search(r"^Max core file size +0 ", limits, re.M):
            break
        time.sleep(0.05)
    cmdline = bytes_of("/proc/%d/cmdline" % p.pid).decode("utf-8", "replace")
    ok(re.search(r"^Max core file size +0 ", limits, re.M) is not None and "7f3a" not in cmdline, "no core while a passphrase is held, nothing on the command line", limits)
    p.send_signal(signal.SIGABRT)
    p.communicate()
    ok(not [f for f in os.listdir(WORK) if f.startswith("core")], "and none was left")


if keys():
    shell("cat rsa.pem ec.pem >all.pem")
    variants()
    slots()
    stays()
    verdicts()
    secrets()
end()
