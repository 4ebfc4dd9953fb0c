"""What the scripts on rules share: blocks of mistakes to type in, copies of samples to type them into, the findings that come of it."""
import json
import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PROOF = os.path.join(HERE, "..", "proof")
SAMPLES = os.path.join(HERE, "..", "..", "samples")
JOBS = {"000": "ke-hoach-chi-so-cchc-to-tung-2022", "001": "bao-cao-cchc-quang-tho-2023", "002": "ke-hoach-cchc-loc-binh-2023",
        "003": "ke-hoach-cchc-thuong-lo-2021", "004": "ke-hoach-khac-phuc-tung-anh-2023", "huyen": "tong-hop-huyen-2023"}


class Block:
    """One finding or control: what is typed where, and what must come of it."""

    def __init__(self, head):
        words = head.split()
        self.id, self.kind = words[0], words[1:]
        self.file, self.old, self.new, self.add = None, None, None, []
        self.by, self.prints, self.never, self.refused, self.silent, self.because = [], [], [], None, [], ""
        self.place, self.alone = None, False


def read_blocks(path):
    blocks = []
    for line in open(path, encoding="utf-8").read().split("\n"):
        if line.startswith("= "):
            blocks.append(Block(line[2:]))
        elif line.startswith("#") or not line.strip() or not blocks:
            continue
        else:
            b, (word, _, rest) = blocks[-1], line.partition(" ")
            if word == "-":
                b.old = rest
            elif word == "+":
                b.new = rest
            elif word == "<<":
                b.add.append(rest)
            elif word == "file":
                b.file = rest
            elif word in ("by", "silent"):
                getattr(b, word).extend(rest.split())
            elif word in ("prints", "never"):
                getattr(b, word).append(rest)
            elif word == "alone":
                b.alone = True
            elif word in ("refused", "because"):
                setattr(b, word, rest)
            else:
                raise SystemExit(f"{path}: {line!r}")
    return blocks


def fields(text):
    """Every field of a CSV text: (offset of its first character, offset behind it)."""
    out, i, n = [], 0, len(text)
    while i < n:
        start = i
        if text[i] == '"':
            i += 1
            while i < n and (text[i] != '"' or text[i + 1:i + 2] == '"'):
                i += 2 if text[i] == '"' else 1
            i += 1
        while i < n and text[i] not in ";\n":
            i += 1
        out.append((start, i))
        i += 1
    return out


def spot(text, offset):
    """Line and column, from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


class Copy:
    """A copy of a sample without its waivers, into which mistakes are typed."""

    def __init__(self, seed, root):
        self.dir = os.path.join(root, seed)
        shutil.copytree(os.path.join(SAMPLES, JOBS[seed]), self.dir)
        self.change("job.xml", lambda t: re.sub(r"  <waive [^>]*/>\n", "", t))
        self.pending = []

    def path(self, name):
        return os.path.join(self.dir, name)

    def change(self, name, how):
        text = open(self.path(name), encoding="utf-8").read() if os.path.exists(self.path(name)) else ""
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(how(text))

    def type(self, b):
        if b.add:
            self.change(b.file, lambda t: t + ("\n" if t and not t.endswith("\n\n") and b.file.endswith(".txt") else "") + "\n".join(b.add) + "\n")
        elif b.old is not None:
            def swap(t):
                if b.old not in t:
                    raise SystemExit(f"{b.id}: {b.file} has no {b.old!r}")
                return t.replace(b.old, b.new, 1)
            self.change(b.file, swap)
        else:
            return
        self.pending.append(b)

    def settle(self):
        """Where each mistake stands when all are typed in: lines and columns that may be named."""
        for b in self.pending:
            text = open(self.path(b.file), encoding="utf-8").read()
            needle = b.new if b.new is not None else [x for x in b.add if x][-1]
            at = text.find(needle)
            if at < 0:
                raise SystemExit(f"{b.id}: another mistake was typed over it")
            end = at + len(needle)
            if b.file.endswith(".csv"):
                from_ = max([s for s, e in fields(text) if s <= at] or [0])
            else:
                from_ = text.rfind("\n\n", 0, at) + 2 if "\n\n" in text[:at] else 0
            b.place = (spot(text, from_), spot(text, end))


def run(program, job, out=None):
    args = [program, "check", "--format", "json", "--lang", "vi", job] if out is None else [program, "build", "-f", "tree", "-o", out, job]
    p = subprocess.run(args, capture_output=True, text=True, check=False)
    if p.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(args)}: exit {p.returncode}\n{p.stderr}")
    return json.loads(p.stdout)["findings"] if out is None else None
