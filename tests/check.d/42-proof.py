#!/usr/bin/env python3
"""The mistakes of three real plans, typed in as their clerks would: found, at the right place, or impossible (tests/proof/findings.txt).

42-proof.py PROGRAM           checks; last line "N passed, N failed"
42-proof.py --table PROGRAM   prints recall and precision for docs/checking.md
"""
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from proof import HERE, JOBS, PROOF, SAMPLES, Copy, read_blocks, run  # noqa: E402


def in_c():
    """Rules of the program itself."""
    text = open(os.path.join(HERE, "..", "..", "gen", "check", "rules.def"), encoding="utf-8").read()
    return set(re.findall(r"^VB_CHECK_RULE\((\w+),", text, re.M))


def at_place(f, b):
    if f["file"] != b.file or not f["line"]:
        return False
    (l0, c0), (l1, c1) = b.place
    here = (f["line"], f["column"] or 1)
    return (l0, c0) <= here <= (l1, c1)


def printed(program, seed, root):
    out = os.path.join(root, "out-" + seed)
    run(program, os.path.join(SAMPLES, JOBS[seed]), out)
    text = ""
    for folder, _, names in os.walk(out):
        for name in sorted(names):
            if name.endswith(".tree"):
                text += open(os.path.join(folder, name), encoding="utf-8").read()
    return text


def look(program, root):
    """All findings with what came of them: (block, state, what), and of the copies what else was found."""
    blocks = read_blocks(os.path.join(PROOF, "findings.txt"))
    others = []
    for seed in ("002", "003", "004"):
        mine = [b for b in blocks if b.id.startswith(seed)]
        copy = Copy(seed, root)
        for b in mine:
            if b.kind[2] != "P" and not b.alone:
                copy.type(b)
        copy.settle()
        found = run(program, copy.dir)
        used = set()
        tree = printed(program, seed, root)
        for b in mine:
            b.state, b.what = judge(program, root, b, found, used, tree, seed)
        others += [(seed, f) for i, f in enumerate(found) if i not in used]
    return blocks, others


def judge(program, root, b, found, used, tree, seed):
    if b.kind[2] == "P":
        for t in b.prints:
            if t not in tree:
                return "failed", f"the document does not print “{t}”"
        for t in b.never:
            if t in tree:
                return "failed", f"the document prints “{t}”"
        if b.refused:
            with tempfile.TemporaryDirectory(dir=root) as one:
                copy = Copy(seed, one)
                copy.type(b)
                copy.settle()
                hits = [f for f in run(program, copy.dir) if f["rule"] == b.refused and f["severity"] == "error" and f["file"] == b.file]
                if not hits:
                    return "failed", f"{b.refused} does not refuse it"
        shown = b.because or ("prints “%s”" % b.prints[0] if b.prints else "")
        return "impossible", shown
    if b.silent:
        hits = [f for f in found if f["rule"] in b.silent and at_place(f, b)]
        return ("failed", "found, and must not be") if hits else ("right", "nothing is said of it, which is right for its date")
    if b.alone:
        with tempfile.TemporaryDirectory(dir=root) as one:
            copy = Copy(seed, one)
            copy.type(b)
            copy.settle()
            found, used = run(program, copy.dir), set()
    if b.place is None:
        return "missed", b.because
    hits = [i for i, f in enumerate(found) if f["rule"].split("-")[0] in b.by and at_place(f, b)]
    used.update(hits)
    if not hits and not any(r in in_c() for r in b.by):
        return "missed", b.because or f"there is no rule {' or '.join(b.by)} of this kind"
    if not hits:
        return "missed", b.because or "the rule does not reach it"
    f = found[hits[0]]
    return "found", f"{f['rule']} {f['severity']}, {f['file']}:{f['line']}:{f['column']}"


def right(program, root):
    """Negative controls: what is right, typed in; no error there, and not a word by the rule that could misfire."""
    wrong, done, warned = [], 0, []
    blocks = read_blocks(os.path.join(PROOF, "right.txt"))
    for seed in sorted({b.id.split(":")[0] for b in blocks}):
        copy = Copy(seed, os.path.join(root, "right"))
        mine = [b for b in blocks if b.id.split(":")[0] == seed]
        for b in mine:
            copy.type(b)
        copy.settle()
        found = run(program, copy.dir)
        for b in mine:
            done += 1
            for f in found:
                if b.place is None or not at_place(f, b):
                    continue
                if f["severity"] == "error" or (f["rule"] in b.silent and f["severity"] != "info"):
                    wrong.append(f"{b.id}: {f['rule']} {f['severity']}: {f['message']}")
                elif f["severity"] == "warning":
                    warned.append(f"{b.id}: {f['rule']}: {f['message']}")
    return done, wrong, warned


def put_right(program, root):
    """Samples with their true mistakes mended: no error stands."""
    wrong, done = [], 0
    blocks = read_blocks(os.path.join(PROOF, "mended.txt"))
    for seed in sorted(JOBS):
        copy = Copy(seed, os.path.join(root, "mended"))
        for b in blocks:
            if b.id == seed:
                copy.type(b)
        done += 1
        wrong += [f"{JOBS[seed]}: {f['rule']} {f['file']}:{f['line']}: {f['message']}" for f in run(program, copy.dir) if f["severity"] == "error"]
    return done, wrong


def reviewed():
    """Findings on the same copies that the reading of the originals did not list: true or false, looked at by hand."""
    out = []
    for line in open(os.path.join(PROOF, "also.txt"), encoding="utf-8").read().split("\n"):
        if line.strip() and not line.startswith("#"):
            verdict, seed, rule, part = line.split(" ", 3)
            out.append((verdict, seed, rule, part))
    return out


def verdicts(others):
    known, counts, open_ = reviewed(), {"true": 0, "false": 0}, []
    for seed, f in others:
        if f["severity"] == "info" or f["rule"] == "findings-limit":
            continue
        v = next((v for v, s, r, part in known if s == seed and r == f["rule"] and part in f["message"]), None)
        counts["true" if v == "true" else "false"] += 1
        if v is None:
            open_.append(f"{seed} {f['rule']} {f['file']}:{f['line']}:{f['column']} {f['message']}")
    return counts, open_


def ratio(a, b):
    return "–" if b == 0 else f"{a} of {b}"


def table(program, root):
    blocks, others = look(program, root)
    counts, _ = verdicts(others)
    by_rule = [b for b in blocks if b.kind[2] == "V" and not b.silent]
    found = [b for b in by_rule if b.state == "found"]
    print("| mistakes marked for a check | all | found |\n|---|---|---|")
    for title, test in (("must be corrected, certain (E, H)", lambda b: b.kind[:2] == ["E", "H"]), ("must be corrected (E)", lambda b: b.kind[0] == "E"),
                        ("suspicion (W)", lambda b: b.kind[0] == "W"), ("style (I)", lambda b: b.kind[0] == "I"), ("all", lambda b: True)):
        print(f"| {title} | {sum(map(test, by_rule))} | {sum(map(test, found))} |")
    warned = [b for b in found if " info," not in b.what]
    true = len(warned) + counts["true"]
    print(f"\nPrecision: of {true + counts['false']} errors and warnings on these three jobs {true} are true: {len(warned)} of the mistakes listed here, {counts['true']} that the reading of the originals "
          f"did not list, {counts['false']} false or not yet judged (tests/proof/also.txt).\n")
    print("| mistake | severity, confidence | what came of it |\n|---|---|---|")
    for b in blocks:
        word = {"found": "found: ", "missed": "**missed**: ", "impossible": "impossible: ", "right": "right: ", "failed": "**failed**: "}[b.state]
        print(f"| {b.id} | {b.kind[0]}, {b.kind[1]} | {word}{b.what.replace('|', '/')} |")


def check(program, root):
    blocks, others = look(program, root)
    failed = [f"{b.id}: {b.what}" for b in blocks if b.state == "failed"]
    failed += [f"{b.id}: severity E, confidence H, and missed: {b.what}" for b in blocks if b.state == "missed" and b.kind[:2] == ["E", "H"] and not b.because and any(r in in_c() for r in b.by)]
    n, wrong, warned = right(program, root)
    m, unmended = put_right(program, root)
    for line in failed + wrong + unmended:
        print("42-proof:", line)
    if "-v" in sys.argv:
        for line in warned:
            print("warning on what is right:", line)
        for line in verdicts(others)[1]:
            print("not judged:", line)
    bad = len(failed) + len(wrong) + len(unmended)
    print(f"{len(blocks) + n + m - bad} passed, {bad} failed")
    return 1 if bad else 0


def main():
    program = os.path.abspath(sys.argv[-1])
    with tempfile.TemporaryDirectory() as root:
        for sub in ("right", "mended"):
            os.mkdir(os.path.join(root, sub))
        if "--table" in sys.argv:
            table(program, root)
            return 0
        return check(program, root)


if __name__ == "__main__":
    sys.exit(main())
