"""What the fault scripts share: a small job in two versions, runs with a fault, and what counts as ended well.

A run over an output folder that holds the first version's files, with the second version's input, may end in three ways: it was not disturbed (exit 0), a document
was withheld (1), or a system fault stopped it (3). After each, every file is the old or the new one, whole; a message says what was wrong unless nothing was;
and a run after it gives the same bytes as one that was never disturbed."""
import argparse
import errno
import os
import re
import shutil
import struct
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
SHIMS = os.path.join(TOP, "build/check/fault")
FORMATS = "pdf,xlsx,edxml"


def arguments():
    """--step N: every N-th fault; --most N: at most N of a kind, spread; --mem: allocations as well; --only: parts by name, "a,b", where a script has parts."""
    args = argparse.ArgumentParser()
    args.add_argument("program")
    args.add_argument("--step", type=int, default=1)
    args.add_argument("--most", type=int, default=0)
    args.add_argument("--mem", action="store_true")
    args.add_argument("--only")
    return args.parse_args()


def tree(root):
    """Every file below root but locks: path → bytes. Which documents were made in this run and which kept may differ."""
    out = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            rel = os.path.relpath(path, root)
            if name.startswith(".") and not is_temp(name):
                continue  # the run's own: lock, book, database
            with open(path, "rb") as f:
                out[rel] = f.read()
            if name == "manifest.json":
                out[rel] = re.sub(rb'"status": ?"(written|unchanged)"', b'"status":"made"', re.sub(rb'"(written|unchanged)": ?\d+', b'"made":0', out[rel]))
                out[rel] = re.sub(rb'"made_of": ?"[0-9a-f]*"', b'"made_of":""', out[rel])  # the program with all its libraries, the one loaded before among them
            if name == "index.html":
                out[rel] = b""  # says which were made in this run; the manifest is compared
    return out


def room():
    """Where to work: in memory where there is room, for every file is synced."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > 256 << 20 else None


def make_key(work):
    """A key and its certificate in work: a.p12 with the passphrase x, and cert."""
    made = subprocess.run("openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -subj /CN=Thu -days 3650 && openssl pkcs12 -export -inkey key -in cert -out a.p12 -passout pass:x", shell=True, cwd=work,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert made.returncode == 0, made.stdout
    return os.path.join(work, "a.p12")


def is_temp(rel):
    name = os.path.basename(rel)
    return name.startswith(".vanban-") and name.endswith(".part")


def with_fault(work, run, shim, op, at, number, **env):
    """run(env) with a fault: what it gives, the calls counted, and whether the fault came."""
    state = os.path.join(work, "state")
    with open(state, "wb") as f:
        f.write(bytes(64))
    given = run({"LD_PRELOAD": os.path.join(SHIMS, shim), "FAULT_STATE": state, "FAULT_OP": op, "FAULT_AT": str(at), "FAULT_ERRNO": str(number),
                 "ASAN_OPTIONS": "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", ""), **env})
    with open(state, "rb") as f:
        calls, fired = struct.unpack("ll", f.read(16))
    return (*given, calls, bool(fired))


class Bench:
    """A job in two versions below `work`, the output of the first, and what the second gives."""

    def __init__(self, program, work, extra=(), texts=0):
        self.program = os.path.abspath(program)
        self.work = work
        self.extra = list(extra)
        self.fresh = False
        self.old_job, self.job = os.path.join(work, "old"), os.path.join(work, "job")
        for job in (self.old_job, self.job):
            shutil.copytree(os.path.join(HERE, "job"), job)
            for i in range(texts):
                with open(os.path.join(job, f"noi-dung/them-{i:02}.txt"), "w", encoding="utf-8") as f:
                    f.write(f"Nội dung thêm, số {i}.\n")
        self.edit("so-lieu.csv", "x1;1.2;02", "x1;1.2;03")
        self.edit("so-lieu.csv", "x1;1.3;6,9", "x1;1.3;10,3")
        self.edit("so-lieu.xml", "<value>3<", "<value>6<")
        self.edit("so-lieu.xml", '"25,0"', '"50,0"')
        self.out, self.kept = os.path.join(work, "out"), os.path.join(work, "kept")
        code, said = self.run(job=self.old_job, out=self.kept)
        assert code == 0, said
        self.before = tree(self.kept)
        fresh = os.path.join(work, "fresh")
        code, said = self.run(out=fresh)
        assert code == 0, said
        self.after = tree(fresh)
        assert self.before.keys() == self.after.keys() and self.before != self.after

    def edit(self, name, old, new):
        path = os.path.join(self.job, name)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        assert old in text, (name, old)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace(old, new))

    def reset(self):
        shutil.rmtree(self.out, ignore_errors=True)
        if not self.fresh:
            shutil.copytree(self.kept, self.out)

    def command(self, job=None, out=None, extra=()):
        return [self.program, "build", "--lang", "en", "-f", FORMATS, "-o", out or self.out, *self.extra, *extra, job or self.job]

    def run(self, job=None, out=None, env=None, extra=(), **more):
        p = subprocess.run(self.command(job, out, extra), cwd=TOP, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
        return p.returncode, p.stderr.decode("utf-8", "replace")

    def shimmed(self, shim, op, at, number, extra=(), **env):
        """One run with a fault; its exit code, messages, calls counted, and whether the fault came."""
        return with_fault(self.work, lambda given: self.run(env=given, extra=extra), shim, op, at, number, **env)

    def judge(self, code, said, temp_allowed=False, killed=False):
        """None when the run ended well, else what is wrong."""
        now = tree(self.out)
        if "AddressSanitizer" in said or "runtime error" in said:
            return "sanitizer: " + said[-2000:]
        if not killed and code not in (0, 1, 3):
            return f"exit {code}: {said[-400:]}"
        if code == 0 and now != self.after:
            return "exit 0, but the output is not complete: " + ", ".join(sorted(k for k in set(now) | set(self.after) if now.get(k) != self.after.get(k)))
        if code in (1, 3) and not re.search(r"(error|lỗi): \S", said):
            return f"exit {code} without a message: {said[-400:]}"
        for rel, data in now.items():
            if is_temp(rel):
                if not (temp_allowed or killed):
                    return "a temporary file stays: " + rel
            elif os.path.basename(rel) not in ("manifest.json", "index.html") and data not in (self.before.get(rel), self.after.get(rel)):
                return f"neither the old file nor the new: {rel} ({len(data)} bytes)"
            elif os.path.basename(rel) == "manifest.json" and data.strip()[-1:] != b"}":
                return "half a manifest"
        if now in (self.before, self.after) and not self.fresh:
            return None  # untouched, or complete: the next run begins as it would have
        code, said = self.run()
        if code != 0:
            return f"the run after it: exit {code}: {said[-400:]}"
        now = tree(self.out)
        if now != self.after:
            return "the run after it differs: " + ", ".join(sorted(k for k in set(now) | set(self.after) if now.get(k) != self.after.get(k)))
        return None


class Score:
    def __init__(self):
        self.rows, self.failed, self.exits = [], 0, {}

    def note(self, kind, n, wrong, code):
        if wrong:
            self.failed += 1
            print(f"not ok {kind} {n}: {wrong}", flush=True)
        e = self.exits.setdefault(kind, {})
        e[code] = e.get(code, 0) + 1
        e["n"] = e.get("n", 0) + 1
        e["bad"] = e.get("bad", 0) + bool(wrong)

    def show(self):
        total = good = 0
        for kind, e in self.exits.items():
            total += e["n"]
            good += e["n"] - e["bad"]
            codes = ", ".join(f"exit {c}: {n}" for c, n in sorted((c, n) for c, n in e.items() if isinstance(c, int)))
            print(f"{kind}: {e['n']} injected, {e['n'] - e['bad']} ended well ({codes})")
        print(f"{total} faults injected, {good} ended well")
        print(f"{good} passed, {total - good} failed")
        return 0 if total == good else 1


ERRNO = {"write": errno.ENOSPC, "read": errno.EIO, "fsync": errno.EIO, "close": errno.EIO, "rename": errno.EACCES, "mkdir": errno.EROFS, "create": errno.EROFS,
         "open": errno.EACCES, "unlink": errno.EACCES, "truncate": errno.EIO, "fclose": errno.ENOSPC, "fopen": errno.EMFILE}
