"""Progress of long work, on a pseudo-terminal and in a pipe: 56-terminal.py VANBAN. The documents are slow by themselves: each asks the database for a sum
over hundreds of thousands of rows, so that the line is met on any machine."""
import os, pty, re, subprocess, sys, tempfile

VANBAN, UNITS = sys.argv[1], 4
TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<template id="cham" kind="BC"><about lang="vi">Chậm</about><subject>Việc lâu</subject>
<body><include part="letterhead"/><include part="title"/><p>Số: {= WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i &lt; 700000) SELECT max(i) FROM n | plain}.</p>
<include part="signature"/></body></template>
"""
JOB = """<job name="cham" period="2023" date="2023-12-06" state="draft"><units file="don-vi.csv"/><document id="cham" template="cham" data="none">
<recipient name="Như trên"/><signer authority="TM. ỦY BAN NHÂN DÂN" position="CHỦ TỊCH" name="Trần Thị Thử"/><archive unit="VT"/></document></job>
"""
passed = failed = 0


def check(good, what):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("failed: " + what)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def build(tmp, lang, terminal, *more, **env):
    """What came on standard error, and the exit code; standard output is a pipe."""
    args = [VANBAN, "--lang", lang, *more, "build", "--force", "-j", "1", "-f", "tree", "-o", tmp + "/out", tmp + "/job"]
    env = dict(os.environ, TERM="xterm", **env)
    ends = pty.openpty() if terminal else os.pipe()
    p = subprocess.Popen(args, env=env, stdout=subprocess.PIPE, stderr=ends[1])
    os.close(ends[1])
    said = b""
    while True:
        try:
            part = os.read(ends[0], 65536)
        except OSError:  # a pseudo-terminal whose other end is closed
            break
        if not part:
            break
        said += part
    os.close(ends[0])
    p.stdout.read()
    return said.decode("utf-8"), p.wait()


def main():
    with tempfile.TemporaryDirectory() as tmp:
        write(tmp + "/job/templates/cham.xml", TEMPLATE)
        write(tmp + "/job/job.xml", JOB)
        write(tmp + "/job/don-vi.csv", "Mã;Tên;Cấp;Địa danh\n" + "".join("xa-%d;xã %d;xa;Mẫu\n" % (i, i) for i in range(UNITS)))
        said, code = build(tmp, "en", True)
        lines = re.findall(r"\r(\d+)/(\d+) documents, \d+\.\d a second, \d+:\d\d left *", said)
        check(code == 0 and len(lines) > 0, "a line in English: %r" % said)
        check(all(total == str(UNITS) for _, total in lines), "of all documents")
        done = [int(n) for n, _ in lines]
        check(done == sorted(done) and done[0] >= 1 and done[-1] <= UNITS, "documents done grow: %r" % done)
        last = said[said.rindex("left"):]
        check(re.match(r"left *\r *\rvanban: documents written: %d" % UNITS, last), "the line is wiped before what the run came to is said: %r" % last)
        said = build(tmp, "vi", True, NO_COLOR="1")[0]
        check("\x1b" not in said, "no escapes with NO_COLOR: %r" % said)
        check(re.search(r"\r\d+/%d văn bản, \d+,\d văn bản/giây, còn \d+:\d\d" % UNITS, said), "a line in Vietnamese: %r" % said)
        said, code = build(tmp, "en", False)
        check(code == 0 and "\r" not in said and "a second" not in said, "nothing in a pipe: %r" % said)
        said, code = build(tmp, "en", True, "-q")
        check(code == 0 and "\r" not in said.replace("\r\n", "\n") and "a second" not in said, "nothing for the quiet: %r" % said)
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


sys.exit(main())
