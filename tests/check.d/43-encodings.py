#!/usr/bin/env python3
"""Encodings at the door: files of each kind, in each encoding, under no declaration, the right one and each wrong one.

A file in its own encoding, or one that proves itself (UTF-8 composed or not, UTF-16 with its mark), gives the document that UTF-8 gives, letter for
letter. Any other is an error that stands in that file and names the encoding that the file has.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from proof import HERE, JOBS, SAMPLES, run  # noqa: E402

LEGACY = ("windows-1258", "tcvn3", "vni")
FILES = {"values": ("001", "so-lieu.csv"), "table": ("004", "diem-tieu-chi.csv"), "narrative": ("001", "noi-dung/III.1.txt")}


def vni_pairs():
    """The published pairs as the unit test of the decoder holds them, capitals 32 below."""
    text = open(os.path.join(HERE, "..", "unit", "test_text_encoding.c"), encoding="utf-8").read()
    body = text[text.index("} vni[] = {"):text.index("enum { VNI")]
    pairs = {}
    for letter, code in re.findall(r'\{"(.)",\s*"([^"]*)"\}', body):
        small = re.sub(rb"\\x([0-9A-F]{2})", lambda m: bytes([int(m.group(1), 16)]), code.encode("latin-1"))
        pairs[letter] = small
        pairs[letter.upper()] = bytes(b & ~0x20 for b in small)
    return pairs


def windows_1258(text):
    """Letters with a hat or horn that the code page has, the tone behind them."""
    out = bytearray()
    for c in text:
        d = unicodedata.normalize("NFD", c)
        tones = "".join(x for x in d if x in "\u0300\u0309\u0303\u0301\u0323")
        base = unicodedata.normalize("NFC", "".join(x for x in d if x not in tones))
        out += (base + tones).encode("cp1258")
    return bytes(out)


def encode(text, name, pairs):
    if name == "windows-1258":
        return windows_1258(text)
    if name == "tcvn3":
        return subprocess.run(["iconv", "-f", "UTF-8", "-t", "TCVN"], input=text.encode(), capture_output=True, check=True).stdout
    if name == "vni":
        return b"".join(pairs[c] if c in pairs else c.encode("ascii") for c in text)
    if name == "nfd":
        return unicodedata.normalize("NFD", text).encode()
    return text.encode({"utf-8": "utf-8", "bom": "utf-8-sig", "utf-16": "utf-16"}[name])


def plain(text):
    """What all encodings can hold: no dashes, quotation marks or dots of typography."""
    return re.sub("[–—]", "-", re.sub("[“”]", "'", text)).replace("…", "...")


def declare(job, name, where):
    path = os.path.join(job, "job.xml")
    text = open(path, encoding="utf-8").read()
    if where.startswith("noi-dung/"):
        text = text.replace('<narrative dir="noi-dung"/>', f'<narrative dir="noi-dung" encoding="{name}"/>')
    else:
        text = re.sub(f'file="{re.escape(where)}"', lambda m: m.group(0) + f' encoding="{name}"', text)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def trees(program, job, root):
    out = os.path.join(root, "out")
    shutil.rmtree(out, ignore_errors=True)
    run(program, job, out)
    text = ""
    for folder, _, names in sorted(os.walk(out)):
        for name in sorted(n for n in names if n.endswith(".tree")):
            text += open(os.path.join(folder, name), encoding="utf-8").read()
    return text


def main():
    program, pairs = os.path.abspath(sys.argv[-1]), vni_pairs()
    failed, passed = [], 0
    with tempfile.TemporaryDirectory() as root:
        for kind, (seed, where) in FILES.items():
            base = os.path.join(root, kind)
            shutil.copytree(os.path.join(SAMPLES, JOBS[seed]), base)
            if kind == "narrative":  # one declaration holds for the folder: keep one text in it
                for name in os.listdir(os.path.join(base, "noi-dung")):
                    if name != os.path.basename(where):
                        path = os.path.join(base, "noi-dung", name)
                        with open(path, "w", encoding="ascii") as f:
                            f.write("- Xong.\n")
            text = plain(open(os.path.join(base, where), encoding="utf-8").read())
            with open(os.path.join(base, where), "w", encoding="utf-8") as f:
                f.write(text)
            want = trees(program, base, root)
            if not want:
                failed.append(f"{kind}: no document")
            for name in ("utf-8", "bom", "nfd", "utf-16") + LEGACY:
                for said in (None, "utf-8") + LEGACY:
                    if said is not None and name in ("bom", "nfd", "utf-16") and said != "utf-8":
                        continue
                    job = os.path.join(root, "job")
                    shutil.rmtree(job, ignore_errors=True)
                    shutil.copytree(base, job)
                    with open(os.path.join(job, where), "wb") as f:
                        f.write(encode(text, name, pairs))
                    if said:
                        declare(job, said, where)
                    case = f"{kind} in {name}, declared {said}"
                    errors = [f for f in run(program, job) if f["rule"] == "encoding"]
                    real = "utf-8" if name in ("bom", "nfd") else name
                    if (said is None and name not in LEGACY) or said == real:
                        good = not errors and trees(program, job, root) == want
                    else:
                        good = bool(errors) and all(f["severity"] == "error" and f["file"] == where and f["line"] for f in errors) and any(real in f["message"].lower() for f in errors)
                    if good:
                        passed += 1
                    else:
                        failed.append(case + ": " + "; ".join(f"{f['severity']} {f['file']}:{f['line']} {f['message']}" for f in errors))
    for line in failed:
        print("43-encodings:", line)
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


sys.exit(main())
