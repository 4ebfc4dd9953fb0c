"""For 72-cli.sh. Argument: the program. Run from the top folder."""
import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
passed = failed = 0
VIETNAMESE = re.compile("[ạảãàáâậầấẩẫăắằặẳẵọỏõòóôộổỗồốơờớợởỡẹẻẽèéêệểễềếụủũùúưựửữừứịỉĩìíỵỷỹỳýđ]", re.I)


def check(good, said):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("cli:", said)


def run(*words, cwd=None, **env):
    e = {k: v for k, v in os.environ.items() if not k.startswith("LC_") and k not in ("LANG", "NO_COLOR", "POSIXLY_CORRECT")}
    return subprocess.run([PROGRAM, *words], cwd=cwd, env={**e, "LC_ALL": "C", **env}, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8")


def table(name, macro):
    text = open("gen/cli/" + name, encoding="utf-8").read()
    return re.findall(r"^%s\((.*)\)$" % macro, text, re.M)


VERBS = [re.search(r'"(\w+)"', v).group(1) for v in table("verbs.def", "VB_VERB")]
EXAMPLES = [re.search(r'"(.*?)"', e).group(1) for e in table("examples.def", "VB_EXAMPLE")]


def check_help():
    check(len(VERBS) >= 8 and len(EXAMPLES) >= len(VERBS), "the tables of gen/cli are not read as they are written")
    for lang in ("en", "vi"):
        whole = run("--lang", lang, "--help")
        check(whole.returncode == 0 and not whole.stderr, "--help in " + lang)
        for verb in VERBS:
            did = run(verb, "--help", "--lang", lang)
            check(re.search(r"^  %s +" % verb, whole.stdout, re.M), "--help does not list " + verb)
            check(did.returncode == 0 and "vanban " + verb in did.stdout.splitlines()[0] and "  vanban " + verb in did.stdout,
                  "%s --help has no usage or no example" % verb)
            check(bool(VIETNAMESE.search(did.stdout)) == (lang == "vi"), "%s --help --lang %s is in the other language" % (verb, lang))
            check(max(len(line) for line in did.stdout.splitlines() if "vanban " not in line) <= 80, verb + " --help is wider than 80 columns")
            check(run("--lang", lang, "help", verb).stdout == did.stdout, "`help %s` differs from `%s --help`" % (verb, verb))
        lines = [re.sub(r"\s*\n {10,}", " ", x) for x in re.findall(r"^  [a-z]+ .*$", whole.stdout, re.M)]
        columns = {x.rindex("  ") for x in lines}
        check(len(columns) == 1, "the lines of --help are out of column: %s" % columns)
    check(run().returncode == 2, "no command at all is wrong usage")
    check(run("--version").stdout == run("build", "--version").stdout, "--version differs from place to place")


# words, exit code, English, Vietnamese: what standard error must hold
WRONG = [
    (["buidl"], "did you mean `build`?", "có phải bạn muốn gõ `build`?"),
    (["frobnicate"], "there is no command \"frobnicate\"; `vanban --help` lists", "không có lệnh “frobnicate”"),
    (["--output=x"], "--output=x cannot stand before the command", "--output=x không đứng trước lệnh được"),
    (["build", "--fromats=pdf"], "there is no option --fromats; did you mean --formats?", "không có tùy chọn --fromats; có phải bạn muốn gõ --formats?"),
    (["check", "--replace-signed"], "--replace-signed is an option of `vanban build`", "--replace-signed là tùy chọn của `vanban build`"),
    (["build", "--zzzzzz"], "there is no option --zzzzzz; `vanban build --help`", "không có tùy chọn --zzzzzz"),
    (["build", "-z"], "there is no option -z", "không có tùy chọn -z"),
    (["build", "--re", "--d"], "did you mean", None),
    (["build", "--d=x"], "--d can mean --document or --date", "--d có thể là --document hoặc --date"),
    (["build", "--strict=yes"], "--strict takes no value; leave \"=yes\" out", "--strict không nhận giá trị; hãy bỏ “=yes”"),
    (["build", "-o"], "--output needs a value: --output=DIR", "--output cần một giá trị: --output=DIR"),
    (["build", "--db"], "--db needs a value: --db=FILE", "--db cần một giá trị: --db=FILE"),
    (["build", "-f", "pfd"], "-f takes pdf, xlsx, edxml, tree, pages, not \"pfd\"; did you mean \"pdf\"?", "không nhận “pfd”; có phải “pdf” không?"),
    (["build", "-f", "pdf,word"], "not \"word\"", "không nhận “word”"),
    (["build", "-f", ""], "not \"\"", "không nhận “”"),
    (["build", "--pdfa", "1b"], "--pdfa takes 2a, 3a, not \"1b\"", "--pdfa nhận 2a, 3a"),
    (["build", "--date", "06/12/2023"], "\"06/12/2023\" is no date; write year-month-day", "“06/12/2023” không phải ngày; hãy viết năm-tháng-ngày"),
    (["build", "--encoding", "tcvn4"], "did you mean \"tcvn3\"?", "có phải “tcvn3” không?"),
    (["check", "--format", "jsno"], "did you mean \"json\"?", "có phải “json” không?"),
    (["new", "bao-cao-cchc"], "something is missing; write it as `vanban new TEMPLATE DIR`", "còn thiếu tham số; hãy gõ theo dạng `vanban new MẪU THƯMỤC`"),
    (["build", "a", "b"], "\"b\" is one too many; write it as `vanban build [JOB]`", "thừa “b”"),
    (["sign", "--pass-fd", "x", "a.pdf"], "--pass-fd takes 0 … 9999, not \"x\"", "--pass-fd nhận 0 … 9999"),
    (["--lang", "fr", "build"], "--lang takes vi or en, not \"fr\"", None),
    (["build", "--lang", "fr"], "--lang takes vi, en, not \"fr\"", None),
    (["samples/bao-cao-cchc-quang-tho-2023"], "is a job folder, and the command is missing", "là thư mục đợt lập văn bản, còn thiếu lệnh"),
]


def check_wrong():
    for words, en, vi in WRONG:
        for env, lead, want in (({}, [], en), ({"LC_ALL": "vi_VN.UTF-8"}, [], vi), ({}, ["--lang", "vi"], vi), ({"LANG": "vi_VN.UTF-8", "LC_ALL": ""}, [], vi)):
            if want is None or ("--lang" in words and lead):
                continue
            did = run(*lead, *words, **env)
            if words == ["build", "--re", "--d"]: # a beginning that is enough of one, then one that is not
                want = "can mean"
            check(did.returncode == 2 and want in did.stderr and not did.stdout and did.stderr.count("\n") == 1,
                  "%s %s: exit %d, %r, wanted %r" % (env, lead + words, did.returncode, did.stderr, want))


def check_parsing(work):
    job = os.path.join(work, "viec")
    check(run("new", "bao-cao-cchc", job).returncode == 0, "new")
    out = os.path.join(work, "ra")
    for words in (["-q", "-fpdf", "-o" + out, job], ["-o", out, "--formats", "pdf", "--quiet", "--", job], [job, "-qf", "pdf", "--output=" + out]):
        did = run("build", *words)
        check(did.returncode in (0, 1) and os.path.exists(os.path.join(out, "viec/manifest.json")), "build %s: %s" % (words, did.stderr))
        subprocess.run(["rm", "-rf", out], check=True)
    did = run("build", job, "-q", "-o", out, POSIXLY_CORRECT="1")
    check(did.returncode in (0, 1), "options behind the job, under POSIXLY_CORRECT: " + did.stderr)


def check_examples(work):
    """Each example of the help, in their order: new, then forms, check, build, trace, verify. sign needs a key: tests of its own."""
    order = ["new", "forms", "check", "build", "trace", "verify", "templates"]
    for verb in order:
        for example in sorted(EXAMPLES, key=lambda e: "edxml" not in e): # a draft has no package: that one is withheld, the next writes it
            words = shlex.split(example)
            if words[1] != verb:
                continue
            did = run(*words[1:], cwd=work)
            if verb == "new":
                path = os.path.join(work, "cong-viec/so-lieu.csv")
                with open(path, encoding="utf-8") as f:
                    text = f.read()
                with open(path, "w", encoding="utf-8") as f:
                    f.write(re.sub(r"^(1\.1\.[12];.*?;.*?;);", r"\g<1>29;", text, flags=re.M))
            check(did.returncode in ((0, 1) if verb in ("check", "build") else (0,)), "%s: exit %d, %s" % (example, did.returncode, did.stderr))
    check(os.path.exists(os.path.join(work, "output/cong-viec/xa-mau/bao-cao-cchc.pdf")), "the examples leave no PDF: " + str(os.listdir(work)))


def on_terminal(*words, **env):
    """What the program prints on a terminal."""
    child, fd = pty.fork()
    if child == 0:
        os.environ.update({"TERM": "xterm", **env})
        os.execv(PROGRAM, [PROGRAM, *words])
    text = b""
    try:
        while True:
            part = os.read(fd, 4096)
            if not part:
                break
            text += part
    except OSError: # a terminal ends with EIO
        pass
    os.close(fd)
    os.waitpid(child, 0)
    return text.decode()


def check_colours():
    job = "tests/golden/values-wrong/in"
    coloured, plain = on_terminal("check", job, NO_COLOR=""), on_terminal("check", job, NO_COLOR="1")
    check("\x1b[1;31merror\x1b[0m: " in coloured and "\x1b[33mwarning\x1b[0m" in coloured, "no colours on a terminal: %r" % coloured[:200])
    check("\x1b" not in plain and ": error: " in plain, "colours in spite of NO_COLOR")
    check("\x1b" not in on_terminal("check", job, TERM="dumb", NO_COLOR=""), "colours on a dumb terminal")
    check("\x1b" not in run("check", job).stdout, "colours in a pipe")


def check_languages():
    job = "tests/golden/values-wrong/in"
    for words in (["check", job], ["check", "-v", job]):
        check(VIETNAMESE.search(re.sub(r"[“\"].*?[”\"]|[0-7] = [^,]*", "", run(*words).stdout)) is None, "an English run says Vietnamese: %s" % words)
    vi = run("--lang", "vi", "check", job).stdout
    check(vi == run("check", job, LC_ALL="vi_VN.UTF-8").stdout and ": lỗi: " in vi and ": error: " not in vi, "--lang vi under LC_ALL=C differs from a vi locale")


check_help()
check_wrong()
with tempfile.TemporaryDirectory() as folder:
    check_parsing(folder)
    check_examples(folder)
check_colours()
check_languages()
# ---- a new job folder of every template: its example rows refer to each other, and nothing is wrong but what is still to be written

with tempfile.TemporaryDirectory() as work:
    templates = [line.split()[0] for line in run("templates", cwd=work).stdout.splitlines()]
    check(len(templates) == len([f for f in os.listdir("templates") if f.endswith(".xml")]), "templates: %s" % templates)
    for name in templates:
        made = run("new", "--period", "2025", name, name, cwd=work)
        did = run("check", name, cwd=work)
        found = set(re.findall(r"\[(\S+)\]$", did.stdout, re.M))
        check(made.returncode == 0 and did.returncode == 0 and ": error: " not in did.stdout and found <= {"L05"}, "new, check of %s: %s" % (name, did.stdout + did.stderr))
        job = os.path.join(work, name, "job.xml")
        text = open(job, encoding="utf-8").read()
        if "so-lieu.csv" not in text: # a plan is made of lists alone: the draft is there at once, and cannot go out as it is
            check("[L05]" in did.stdout and run("build", name, cwd=work).returncode == 0 and os.path.exists(os.path.join(work, "output", name, "xa-mau", name + ".xlsx")), "no draft of " + name)
            open(job, "w", encoding="utf-8").write(text.replace('state="draft"', 'state="issued"').replace('template="', 'number="7" template="'))
            did = run("build", "-v", name, cwd=work)
            check(did.returncode == 1 and set(re.findall(r"error: .*\[(\S+)\]$", did.stderr, re.M)) == {"L04"} and "(ví dụ)" in did.stderr, "examples go out with %s: %s" % (name, did.stderr))

# ---- a job folder that is filled in ------------------------------------------------------------------------------

with tempfile.TemporaryDirectory() as work:
    read = lambda name: open(os.path.join(work, name), encoding="utf-8").read()
    did = run("new", "--period", "2025-Q3", "bao-cao-cchc", "quy", cwd=work)
    check(did.returncode == 0 and '<job period="2025-Q3" date="2025-09-14"' in read("quy/job.xml"), "a quarter: " + read("quy/job.xml"))
    run("new", "--period", "2025", "ke-hoach-cchc", "ke-hoach", cwd=work)
    check('<job period="2025" date="2024-12-15"' in read("ke-hoach/job.xml"), "a plan is dated before its year: " + read("ke-hoach/job.xml"))
    did = run("new", "--period", "2025-Q5", "bao-cao-cchc", "sai", cwd=work)
    check(did.returncode == 2 and "2025-Q5" in did.stderr and not os.path.exists(os.path.join(work, "sai")), "no period: " + did.stderr)
    run("new", "bao-cao-cchc", "nam", cwd=work, SOURCE_DATE_EPOCH="1700000000")
    check('<job period="2023" date="2023-12-14"' in read("nam/job.xml"), "the year of SOURCE_DATE_EPOCH: " + read("nam/job.xml"))
    # Spreadsheets: known as UTF-8, and the same fields with any mark. The unit's code stands in one place.
    figures = read("nam/so-lieu.csv")
    check(figures.startswith("\ufeffMã chỉ tiêu;") and '"Cơ quan, đơn vị"' in figures, "so-lieu.csv does not open in a spreadsheet")
    figures = figures.replace("1.1.1;Số nhiệm vụ đề ra trong kế hoạch;Nhiệm vụ;;", "1.1.1;Số nhiệm vụ đề ra trong kế hoạch;Nhiệm vụ;29;")
    open(os.path.join(work, "nam/so-lieu.csv"), "w", encoding="utf-8").write(figures)
    register = read("nam/don-vi.csv").replace("xa-mau;xã Mẫu", "tan-an;xã Tân An")
    open(os.path.join(work, "nam/don-vi.csv"), "w", encoding="utf-8").write(register)
    did = run("build", "-f", "pdf", "nam", cwd=work)
    check(did.returncode == 0 and os.path.exists(os.path.join(work, "output/nam/tan-an/bao-cao-cchc.pdf")), "figures of the only unit: " + did.stderr)
    # What is still to be written: counted in a draft, refused in a document that goes out.
    check("[L05]" in did.stderr and "noi-dung/I.1.txt:1:1" in did.stderr, "the draft does not say what is to be written: " + did.stderr)
    issued = read("nam/job.xml").replace('state="draft"', 'state="issued"').replace('template="', 'number="7" template="')
    open(os.path.join(work, "nam/job.xml"), "w", encoding="utf-8").write(issued)
    did = run("--lang", "vi", "build", "-v", "-f", "pdf", "nam", cwd=work)
    check(did.returncode == 1 and did.stderr.count("[L04]") >= 30 and "(họ và tên)" in did.stderr, "an unwritten document goes out: " + did.stderr)
    check(not os.path.exists(os.path.join(work, "output/nam/tan-an/bao-cao-cchc.pdf")), "an unwritten document is there")
    did = run("forms", "nam", cwd=work)
    check('file="forms/*.xlsx"' in did.stdout, "forms does not say how the workbook is read: " + did.stdout)
    open(os.path.join(work, "nam/job.xml"), "w", encoding="utf-8").write(issued.replace('file="so-lieu.csv"', 'file="forms/*.xlsx"'))
    os.remove(os.path.join(work, "nam/forms/tan-an.xlsx"))
    check('file="forms' not in run("forms", "nam", cwd=work).stdout, "forms says what has been done already")
    # The official form's own oddities are no warnings: nobody who fills it in can mend them.
    did = run("check", "nam", cwd=work)
    check("[T03]" not in did.stdout and "[T04]" not in did.stdout, "the form itself is warned of: " + did.stdout)

print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
