#!/usr/bin/env python3
"""Faults and kills while a PDF is signed. sign.py PROGRAM [--step K] [--most N] [--mem] [--only "signing,signing with a seal"]: every K-th call for files ends the process, or fails, once;
--mem: allocation too, one of every way that leads to one. After each, verify finds
all good, or says that a signing was broken off; and signing again (in every second case after a build) gives the bytes of one that nobody disturbed."""
import errno
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

from faults import HERE, TOP, Score, arguments, make_key, room, tree, with_fault
from run import allocations, spread


def picture(path):
    """A seal of 24 by 24 points of colour, half of them clear."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes(v for x in range(24) for v in (200, 10 * y, 10 * x, 255 if (x + y) % 2 else 60)) for y in range(24))
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 24, 24, 8, 6, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Signing:
    """The leader's signature; or with seal the organ's, with its picture, on what the leader has signed."""

    def __init__(self, program, work, seal=False):
        self.program, self.work, self.how = os.path.abspath(program), work, []
        os.makedirs(work, exist_ok=True)
        self.job, self.kept, self.out = (os.path.join(work, n) for n in ("job", "kept", "out"))
        shutil.copytree(os.path.join(HERE, "job"), self.job)
        make_key(work)
        assert self.run("build", "-q", "-f", "pdf,xlsx,edxml", "-o", self.kept, self.job)[0] == 0
        if seal:
            shutil.copytree(self.kept, self.out)
            code, said = self.sign()
            assert code == 0, said
            shutil.rmtree(self.kept)
            shutil.move(self.out, self.kept)
            picture(os.path.join(work, "dau.png"))
            self.how = ["--role", "organ", "--image", os.path.join(work, "dau.png")]
        self.before = tree(self.kept)
        self.reset()
        code, said = self.sign()
        assert code == 0, said
        self.after = tree(self.out)
        assert self.before.keys() == self.after.keys() and self.before["nho/x1/tin.pdf"] != self.after["nho/x1/tin.pdf"]

    def reset(self):
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.copytree(self.kept, self.out)

    def run(self, *args, env=None):
        p = subprocess.run([self.program, "--lang", "en", *args], cwd=TOP, input=b"x\n", env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return p.returncode, p.stdout.decode("utf-8", "replace")

    def sign(self, env=None):
        return self.run("sign", "--p12", os.path.join(self.work, "a.p12"), "--pass-fd", "0", "--date", "2030-06-01", *self.how, os.path.join(self.out, "nho/x1/tin.pdf"), env=env)

    def shimmed(self, shim, op, at, number, extra=(), **env):
        return with_fault(self.work, self.sign, shim, op, at, number, **env)

    def judge(self, code, said, killed=False, with_build=False):
        if "Sanitizer" in said or "runtime error" in said or (not killed and code not in (0, 1, 2, 3)):
            return f"exit {code}: {said[-1500:]}"
        if not killed and code != 0 and not re.search(r"error: \S", said):
            return f"exit {code} without a message: {said[-400:]}"
        for rel, data in tree(self.out).items():
            own = rel.startswith(".nho.signing/") or ".vanban-" in rel
            if not own and os.path.basename(rel) not in ("manifest.json", "index.html") and data not in (self.before.get(rel), self.after.get(rel)):
                return "neither the old file nor the new: " + rel
        code, said = self.run("verify", self.out)
        left = [rel for rel in tree(self.out) if ".vanban-" in rel and not rel.startswith(".nho.signing/")]
        if code != 0 and "was broken off" not in said and not (killed and left):
            return f"verify: exit {code}: {said[-600:]}"
        if with_build:
            code, said = self.run("build", "-q", "-f", "pdf,xlsx,edxml", "-o", self.out, self.job)
            if code != 0:
                return f"the build after it: exit {code}: {said[-400:]}"
        code, said = self.sign()
        if code != 0 and "signed already" not in said:
            return f"signing again: exit {code}: {said[-400:]}"
        now = tree(self.out)
        if with_build and b"was broken off is done now" in now["nho/manifest.json"]:  # the build that ended it says so, in its own manifest alone
            code, said = self.run("build", "-q", "-f", "pdf,xlsx,edxml", "-o", self.out, self.job)
            if code != 0:
                return f"the second build after it: exit {code}: {said[-400:]}"
            now = tree(self.out)
        if now != self.after:
            return "differs from one that nobody disturbed: " + ", ".join(sorted(k for k in set(now) | set(self.after) if now.get(k) != self.after.get(k)))
        code, said = self.run("verify", self.out)
        return None if code == 0 else f"verify at the end: exit {code}: {said[-400:]}"


def main():
    a = arguments()
    score = Score()
    with tempfile.TemporaryDirectory(prefix="vanban-sign-", dir=room()) as work:
        for name, seal in (("signing", False), ("signing with a seal", True)):
            if a.only and name not in a.only.split(","):
                continue
            s = Signing(a.program, os.path.join(work, name.replace(" ", "-")), seal)
            s.reset()
            calls = s.shimmed("files.so", "any", 0, 0)[2]
            for kind, number in ((name + ": killed", 0), (name + ": a call fails", errno.EIO)):
                for i, n in enumerate(spread(calls, a.step, a.most)):
                    s.reset()
                    code, said, _, fired = s.shimmed("files.so", "any", n, number)
                    wrong = s.judge(code, said, number == 0, i % 2 == 1)
                    if fired or wrong:
                        score.note(kind, n, wrong, code)
            if a.mem:
                allocations(score, s, a.step, a.most, name + ": allocation", ())
    return score.show()


if __name__ == "__main__":
    sys.exit(main())
