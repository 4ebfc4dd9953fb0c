#!/usr/bin/env python3
"""Every SQL rule of the shipped templates and forms fires on a true mistake and stays silent on its neighbour (tests/proof/rules.txt).

A block is headed by rule, template or form, POSITIVE or NEGATIVE, and the sample that it is typed into. The rules are those that
`vanban check --list-rules` names with their owners; each needs a block of both kinds.
"""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from proof import HERE, JOBS, PROOF, Copy, read_blocks, run  # noqa: E402


def listed(program):
    """(rule, owner) of every rule that is SQL: its owners stand in the last brackets."""
    out = subprocess.run([program, "check", "--list-rules", "--lang", "en"], capture_output=True, text=True, check=True).stdout
    folder = os.path.join(HERE, "..", "..", "templates")
    owners = {f[:-4] for sub in ("", "forms") for f in os.listdir(os.path.join(folder, sub)) if f.endswith(".xml")}
    rules = set()
    for line in out.split("\n"):
        m = re.match(r"(\S+) (?:error|warning|info): .*\(([^()]*)\)$", line)
        if m and set(m.group(2).split(", ")) <= owners:
            rules |= {(m.group(1), o) for o in m.group(2).split(", ")}
    return rules


def keys(found, rule):
    return {(f["code"], f["message"]) for f in found if f["rule"] == rule}


def main():
    program = os.path.abspath(sys.argv[-1])
    failed, passed, before, have = [], 0, {}, set()
    with tempfile.TemporaryDirectory() as root:
        for seed in JOBS:
            copy = Copy(seed, root)
            before[seed] = run(program, copy.dir)
        for b in read_blocks(os.path.join(PROOF, "rules.txt")):
            rule, owner, kind, seed = b.id, *b.kind
            with tempfile.TemporaryDirectory(dir=root) as one:
                copy = Copy(seed, one)
                copy.type(b)
                new = keys(run(program, copy.dir), rule) - keys(before[seed], rule)
            have.add((rule, owner, kind))
            if bool(new) == (kind == "POSITIVE"):
                passed += 1
            else:
                failed.append(f"{rule} of {owner}, {kind}: {sorted(new) or 'not found'}")
    rules = listed(program)
    for rule, owner in sorted(rules):
        for kind in ("POSITIVE", "NEGATIVE"):
            if (rule, owner, kind) not in have:
                failed.append(f"{rule} of {owner} has no {kind} test")
    for rule, owner, kind in sorted(have):
        if (rule, owner) not in rules:
            failed.append(f"{rule} of {owner}: no such rule")
    for line in failed:
        print("41-sql-rules:", line)
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


sys.exit(main())
