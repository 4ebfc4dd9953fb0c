#!/usr/bin/env python3
"""Faults of files and of memory in the verbs beside build. verbs.py PROGRAM [--step K] [--mem] [--most N] [--only VERB,…]: as run.py does it in a build, every K-th call
of each kind fails once; --mem: allocation too, one of every way that leads to one. After each the exit code and the message are looked at, and what was written and
printed: that of a run that nobody disturbed, or 3 and one message; and the next run gives what an undisturbed one gives. Output that cannot be taken (a full disk behind
standard output) is tried with each verb too."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from faults import ERRNO, HERE, TOP, Score, arguments, is_temp, make_key, room, tree, with_fault
from run import allocations, each

OPS = ("write", "read", "fsync", "close", "rename", "mkdir", "create", "open", "unlink", "truncate", "fclose", "fopen")
ERROR = re.compile(r'(?m)^.*(?:(?:error|lỗi): \S.*|"severity": "error",.*(?:\n.*){8}"message": ".*)$')  # as a line, and as check --format json has it


class Verb:
    """One call of the program, what it needs, and what it gives when nobody disturbs it."""

    def __init__(self, program, work, name, args, sources=(), out=None, kept=None, again=True, given=b"", code=0):
        self.program, self.work, self.name, self.args = os.path.abspath(program), work, name, args
        self.sources, self.out, self.kept, self.again, self.given = sources, out, kept, again, given
        self.read = [tree(source) for source in sources]
        self.reset()
        self.before = self.stands()
        self.want = self.run()
        self.printed_want, self.after = self.printed, self.stands()
        assert self.want[0] == code, (name, self.want)
        assert not out or self.after != self.before, name
        self.reset()
        assert self.run() == self.want and self.printed == self.printed_want and self.stands() == self.after, name  # else nothing can be told by comparing

    def stands(self):
        return tree(self.out) if self.out else {}

    def reset(self):
        if self.out:
            shutil.rmtree(self.out, ignore_errors=True)
            if self.kept:
                shutil.copytree(self.kept, self.out)

    def run(self, env=None):
        p = subprocess.run([self.program, *self.args], cwd=TOP, input=self.given, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.printed = p.stdout.decode("utf-8", "replace")
        return p.returncode, p.stderr.decode("utf-8", "replace")

    def shimmed(self, shim, op, at, number, extra=(), **env):
        return with_fault(self.work, self.run, shim, op, at, number, **env)

    def told(self, code, said):
        """What is wrong with what was said and printed."""
        if "AddressSanitizer" in said or "runtime error" in said:
            return "sanitizer: " + said[-2000:]
        if code == self.want[0] and said == self.want[1] and self.printed == self.printed_want:
            return None
        errors = [line for line in ERROR.findall(said + self.printed) if line not in self.want[1] + self.printed_want]
        if code == self.want[0] and (code == 0 or not errors):
            return f"exit {code}, but it said and printed something else: {said[-700:]}{self.printed[-700:]}"
        if code not in (1, 3):
            return f"exit {code}: {said[-700:]}"
        if code == 1 and not re.search("(?:read|there|open|worker-lost)", "".join(errors)):  # a worker that dies costs its document alone, as in any build
            return f"exit 1, which is for what is wrong in files: {said[-700:]}{self.printed[-700:]}"
        own = [line for line in errors if "[worker-lost]" not in line]
        if not errors or (code == 3 and len(own) > 1):  # a file that cannot be read has consequences, which are told too
            return f"exit {code} with {len(errors)} messages: {said[-700:]}{self.printed[-700:]}"
        return "an empty line is said" if said.startswith("\n") or "\n\n" in said else None

    def judge(self, code, said):
        """None when the run ended well, else what is wrong."""
        wrong = self.told(code, said)
        if wrong:
            return wrong
        now = self.stands()
        if code == self.want[0] == 0 and now != self.after:
            return "exit 0, but the output is not complete: " + ", ".join(sorted(k for k in set(now) | set(self.after) if now.get(k) != self.after.get(k)))
        for rel, data in now.items():
            if is_temp(rel):
                return "a temporary file stays: " + rel
            if os.path.basename(rel) not in ("manifest.json", "index.html") and data not in (self.before.get(rel), self.after.get(rel)):
                return f"neither the old file nor the new: {rel} ({len(data)} bytes)"
            if os.path.basename(rel) == "manifest.json" and data.strip()[-1:] != b"}":
                return "half a manifest"
        if [tree(source) for source in self.sources] != self.read:
            return "what it only reads has changed"
        if code == self.want[0] == 0:
            return None
        code, said = self.run()
        if code != self.want[0] or (self.again and (said, self.printed) != (self.want[1], self.printed_want)):
            return f"the run after it: exit {code}: {said[-400:]}"
        now = self.stands()
        if now != self.after:
            return "the run after it differs: " + ", ".join(sorted(k for k in set(now) | set(self.after) if now.get(k) != self.after.get(k)))
        return None


def edit(path, old, new):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert old in text, (path, old)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new))


def verbs(program, work):
    """The calls, by name: a function that makes each, for what it needs takes time."""
    program = os.path.abspath(program)

    def call(*args, given=b""):
        p = subprocess.run([program, *args], cwd=TOP, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        assert p.returncode == 0, p.stdout.decode()

    def path(*names):
        return os.path.join(work, *names)

    def job(name):
        """The small job with words that the checks say something about."""
        shutil.copytree(os.path.join(HERE, "job"), path(name))
        with open(path(name, "noi-dung/x1/loi.txt"), "a", encoding="utf-8") as f:
            f.write("\nTheo Nghị định số 30/2020/ND-CP ngày 5/3/2020 của Chính phủ, xã đã lam 35 việc ,  đạt 120%. Ngày 31/02/2023 hoàn thành 7 việc... Năm 2021 có 12 việc..\n")
        return path(name)

    def key():
        return path("a.p12") if os.path.exists(path("a.p12")) else make_key(work)

    def sign_args(pdf):
        return ("sign", "--lang", "en", "--p12", key(), "--pass-fd", "0", "--date", "2030-06-01", pdf)

    def made(name):
        if not os.path.exists(path(name)):
            call("build", "-q", "-f", "pdf,xlsx,edxml", "-o", path(name), os.path.join(HERE, "job"))
        return path(name)

    def signed():
        if not os.path.exists(path("signed")):
            shutil.copytree(made("made"), path("signed"))
            call(*sign_args(path("signed/nho/x1/tin.pdf")), given=b"x\n")
        return path("signed")

    def spoilt():
        """Output of which a file is missing, one is another, and one is nobody's."""
        if not os.path.exists(path("spoilt")):
            shutil.copytree(signed(), path("spoilt"))
            os.remove(path("spoilt/nho/x1/tin.xlsx"))
            for name, at in (("x2/tin.pdf", 5000), ("x2/tin.edxml", 400), ("x2/tin.trace.json", 60)):
                with open(path("spoilt/nho", name), "r+b") as f:
                    f.seek(at)
                    f.write(b"~")
            shutil.copy(path("spoilt/nho/x1/tin.pdf"), path("spoilt/nho/x1/khac.pdf"))
        return path("spoilt")

    def shards(books, words):
        """The parts of a job in two versions, and what the first gives when it is merged. Without books a part tells by its manifest; with words it has findings."""
        name = "words" if words else "books" if books else "manifests"
        for version in ("old", "new"):
            source = path(name, version, "nho")
            if words:
                os.makedirs(path(name, version))
                job(os.path.join(name, version, "nho"))
            else:
                shutil.copytree(os.path.join(HERE, "job"), source)
            if version == "new":
                edit(os.path.join(source, "so-lieu.csv"), "x1;1.2;02", "x1;1.2;03")
                edit(os.path.join(source, "so-lieu.csv"), "x1;1.3;6,9", "x1;1.3;10,3")
            for k in ("1", "2"):
                call("build", "-q", "-f", "pdf,xlsx,edxml", "--shard", k + "/2", "-o", path(name, version, k), source)
                if not books:
                    os.remove(path(name, version, k, ".nho.made"))
        call("merge", "-q", "-o", path(name, "kept"), path(name, "old/1"), path(name, "old/2"))
        return path(name)

    def merge(name, books, words=False):
        at = shards(books, words)
        parts = [os.path.join(at, "new", k) for k in ("1", "2")]
        return Verb(program, work, name, ["merge", "--lang", "en", "-o", path(name), *parts], sources=parts, out=path(name), kept=os.path.join(at, "kept"))

    def job_verb(name, *args, code=0, **more):
        source = more.pop("source", None) or job(name + ".job")
        return Verb(program, work, name, [*args, "--lang", "en", source], sources=[source], code=code, **more)

    def copied(golden):
        shutil.copytree(os.path.join(TOP, "tests/golden", golden, "in"), path(golden))
        return path(golden)

    def trace(name, *args):
        return Verb(program, work, name, ["trace", "--lang", "en", *args], sources=[signed()])

    return {
        "forms": lambda: job_verb("forms", "forms", "-o", path("forms"), out=path("forms"), again=False),
        "merge": lambda: merge("merge", True),
        "merge of manifests": lambda: merge("merge of manifests", False),
        "merge with findings": lambda: merge("merge with findings", True, True),
        "preview": lambda: job_verb("preview", "build", "-q", "--preview", "-f", "pdf", "-o", path("preview"), source=os.path.join(HERE, "job"), out=path("preview"), again=False),
        "new": lambda: Verb(program, work, "new", ["new", "--lang", "en", "--period", "2023", "bao-cao-cchc", path("new")], out=path("new"), again=False),
        "new plan": lambda: Verb(program, work, "new plan", ["new", "--lang", "en", "--period", "2023", "ke-hoach-cchc", path("plan")], out=path("plan"), again=False),
        "trace": lambda: trace("trace", os.path.join(signed(), "nho/manifest.json")),
        "trace csv": lambda: trace("trace csv", "--format", "csv", "--code", "1.2", os.path.join(signed(), "nho")),
        "trace json": lambda: trace("trace json", "--format", "json", os.path.join(signed(), "nho/x2/tin.pdf")),
        "verify": lambda: Verb(program, work, "verify", ["verify", "--lang", "en", "--trust", path("cert"), signed()], sources=[signed()]),
        "verify spoilt": lambda: Verb(program, work, "verify spoilt", ["verify", "--lang", "en", "-v", spoilt()], sources=[spoilt()], code=1),
        "check": lambda: job_verb("check", "check", "-v"),
        "check json": lambda: job_verb("check json", "check", "--format", "json", source=copied("waivers"), code=1),
        "check wrong": lambda: job_verb("check wrong", "check", "-v", source=copied("values-wrong"), code=1),
        "check rules": lambda: Verb(program, work, "check rules", ["check", "--lang", "en", "--list-rules"]),
        "templates": lambda: Verb(program, work, "templates", ["templates", "--lang", "vi"]),
    }


def found_once(score, work, made):
    """What a run over all calls found, each by its name, so that a run over a few meets it too: the call on that file fails; the exit code, and what verb.judge looks at."""
    cases = (("forms", "read", os.path.join(work, "forms.job/so-lieu.csv"), 1), ("forms", "open", os.path.join(work, "forms.job/don-vi.csv"), 1),
             ("new plan", "open", os.path.join(TOP, "templates/ke-hoach-cchc.xml"), 3), ("new", "read", os.path.join(TOP, "templates/forms/cchc-xa-2023.xml"), 3),
             ("merge", "unlink", os.path.join(work, "merge/.nho.db"), 3), ("verify", "open", os.path.join(work, "cert"), 3), ("verify", "read", os.path.join(work, "cert"), 3),
             ("preview", "fopen", os.path.join(HERE, "job/templates/nho.xml"), 3))
    for name, op, under, want in cases:
        verb = made.get(name)
        if verb:
            verb.reset()
            code, said, _, fired = verb.shimmed("files.so", op, 1, ERRNO[op], FAULT_UNDER=under)
            wrong = verb.judge(code, said) or (None if fired and code == want else f"exit {code}, not {want}: {said[-300:]}")
            score.note("found once", f"{name}: {op} {under}", wrong, code)
    verb = made.get("verify")
    if verb:  # a file of trusted certificates that is not there is no judgement of a signature
        p = subprocess.run([verb.program, "verify", "--lang", "en", "--trust", os.path.join(work, "none.pem"), verb.args[-1]], cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        said = p.stderr.decode("utf-8", "replace")
        score.note("found once", "verify: no such file", None if p.returncode == 3 and "none.pem" in said and len(ERROR.findall(said)) == 1 else said[-400:], p.returncode)
    if "templates" in made:  # help goes to its end by another way than the verbs
        with open("/dev/full", "wb") as full:
            p = subprocess.run([made["templates"].program, "--lang", "en", "--help"], stdout=full, stderr=subprocess.PIPE, check=False)
        score.note("found once", "help", None if p.returncode == 3 and b"error: " in p.stderr else f"exit {p.returncode}", p.returncode)


def full_output(score, verb):
    """Standard output leads to a full disk. Nothing is printed by some verbs."""
    if not verb.printed_want:
        return
    verb.reset()
    with open("/dev/full", "wb") as full:
        p = subprocess.run([verb.program, *verb.args], cwd=TOP, input=verb.given, stdout=full, stderr=subprocess.PIPE, check=False)
    said = p.stderr.decode("utf-8", "replace")
    own = [line for line in ERROR.findall(said) if line not in verb.want[1]]
    wrong = None if p.returncode == 3 and len(own) == 1 else f"exit {p.returncode}: {said[-300:]}"
    score.note("standard output is full", verb.name, wrong, p.returncode)


def main():
    a = arguments()
    score = Score()
    with tempfile.TemporaryDirectory(prefix="vanban-verbs-", dir=room()) as work:
        ready = {}
        for name, make in verbs(a.program, work).items():
            if a.only and name not in a.only.split(","):
                continue
            verb = ready[name] = make()
            if a.most:
                each(score, verb, name + ": a call for files", "files.so", ",".join(OPS), ERRNO["read"], a.step, a.most)
            for op in OPS if not a.most else ():
                each(score, verb, f"{name}: {op}", "files.so", op, ERRNO[op], a.step, a.most)
            full_output(score, verb)
            if a.mem:
                allocations(score, verb, a.step, a.most, name + ": allocation", ())
        found_once(score, work, ready)
    return score.show()


if __name__ == "__main__":
    sys.exit(main())
