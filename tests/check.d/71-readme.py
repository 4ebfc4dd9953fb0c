"""For 71-readme.sh. Argument: the program. Run from the top folder."""
import csv
import glob
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
TOP = os.getcwd()
SAMPLE = "samples/bao-cao-cchc-quang-tho-2023"
PASSPHRASE = "mat-khau-thu"
passed = failed = 0


def check(good, said):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("readme:", said)


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def commands(page):
    return [re.sub(r"\s+#.*", "", c).strip() for c in re.findall(r"^    ((?:build/vanban|make|openssl)\b.*)$", read(page), re.M)]


def fill_in(work):
    """What step 2 asks for: figures, words, who signs, number and date. Zero for all that is not said."""
    job = os.path.join(work, "cong-viec")
    with open(job + "/so-lieu.csv", encoding="utf-8-sig", newline="") as f:
        rows = list(csv.reader(f, delimiter=";"))
    given = {"1.1.1": "29", "1.1.2": "29"}
    for row in rows[1:]:
        row[3] = given.get(row[0], "-")
    with open(job + "/so-lieu.csv", "w", encoding="utf-8", newline="") as f:
        csv.writer(f, delimiter=";", lineterminator="\n").writerows(rows)
    for path in glob.glob(job + "/noi-dung/*.txt"):
        write(path, "Ủy ban nhân dân xã đã triển khai đầy đủ các nhiệm vụ theo kế hoạch, hoàn thành {1.1.2}/{1.1.1} nhiệm vụ.\n")
    for path in glob.glob(job + "/*.csv"):
        write(path, read(path).replace("(ví dụ)", "Máy tính"))
    write(job + "/don-vi.csv", read(job + "/don-vi.csv").replace("xa;;;Mẫu", "xa;;000.01.99.H57;Mẫu"))
    text = read(job + "/job.xml").replace('state="draft"', 'state="issued"').replace('template="bao-cao-cchc"', 'template="bao-cao-cchc" number="232"')
    text = text.replace("(họ và tên)", "Trần Thị Thử").replace('ident=""', 'ident="000.00.00.H57"')
    write(job + "/job.xml", text)


def on_terminal(words, work, typed):
    """Runs a command on a terminal and types a line when it asks."""
    child, fd = pty.fork()
    if child == 0:
        os.chdir(work)
        os.execv(words[0], words)
    said, sent = b"", False
    try:
        while True:
            part = os.read(fd, 4096)
            if not part:
                break
            said += part
            if not sent and said.rstrip().endswith(b":"):
                os.write(fd, typed.encode() + b"\n")
                sent = True
    except OSError: # a terminal ends with EIO
        pass
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said.decode()


def run_page(page):
    with tempfile.TemporaryDirectory() as work:
        os.mkdir(os.path.join(work, "build"))
        os.symlink(PROGRAM, os.path.join(work, "build/vanban"))
        for command in commands(page):
            words = shlex.split(command)
            if words[0] == "make":
                check(re.search(r"^%s:" % words[1], read("Makefile"), re.M), "%s: no such target: %s" % (page, command))
                continue
            if words[1] == "sign":
                code, said = on_terminal(words, work, PASSPHRASE)
            else:
                did = subprocess.run(words, cwd=work, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8")
                code, said = did.returncode, did.stdout + did.stderr
            check(code == 0, "%s: `%s` ends with %d:\n%s" % (page, command, code, said))
            if words[1] == "new":
                fill_in(work)
            if words[1] == "trace":
                check("29" in said and "so-lieu.csv:3" in said, "%s: trace does not lead to the source:\n%s" % (page, said))
        made = [f for f in ("pdf", "xlsx", "edxml") if os.path.exists(os.path.join(work, "output/cong-viec/xa-mau/bao-cao-cchc." + f))]
        check(made == ["pdf", "xlsx", "edxml"], "%s: the five steps leave only %s" % (page, made))
        signed = subprocess.run(["pdfsig", "-nocert", os.path.join(work, "output/cong-viec/xa-mau/bao-cao-cchc.pdf")], capture_output=True, text=True)
        check("Signature is Valid" in signed.stdout, "%s: poppler finds no valid signature:\n%s" % (page, signed.stdout + signed.stderr))
        check(os.path.exists(os.path.join(work, "cong-viec/forms/xa-mau.xlsx")), page + ": no workbook to fill in")


def run_input_page():
    """input/README.md: the default job, from nothing."""
    with tempfile.TemporaryDirectory() as work:
        os.mkdir(os.path.join(work, "build"))
        os.symlink(PROGRAM, os.path.join(work, "build/vanban"))
        shutil.copytree("input", os.path.join(work, "input"))
        did = subprocess.run(["build/vanban", "--lang", "vi", "build"], cwd=work, capture_output=True, text=True, encoding="utf-8")
        check(did.returncode == 3 and "vanban new bao-cao-cchc input" in did.stderr, "an empty input folder is not explained: " + did.stderr)
        for command in commands("input/README.md"):
            did = subprocess.run(command.split(), cwd=work, capture_output=True, text=True, encoding="utf-8")
            check(did.returncode == 0, "input/README.md: `%s` ends with %d: %s" % (command, did.returncode, did.stderr))
        check(os.path.exists(os.path.join(work, "output/input/manifest.json")), "input/README.md leaves no manifest")


english = commands("README.md")
check(len(english) >= 11 and english == commands("README.vi.md"), "the two READMEs show different commands")
run_page("README.md")
run_page("README.vi.md")
run_input_page()
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
