#!/usr/bin/env python3
"""Which lines the tests reached: reads what gcov says of every object below build/coverage/obj, prints a table a room, and writes build/coverage/lines.txt, every
line that none reached as `file:line: text`. coverage.py OBJECTS OUT"""
import collections
import glob
import json
import os
import subprocess
import sys


def counts(objects):
    """file → line → how often it ran. A file of which nothing ran has its notes alone."""
    out = collections.defaultdict(dict)
    for notes in sorted(glob.glob(os.path.join(objects, "*/*.gcno"))):
        said = subprocess.run(["gcov", "--json-format", "--stdout", notes], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
        for part in json.loads(said)["files"]:
            if part["file"].startswith("gen/"):
                lines = out[part["file"]]
                for line in part["lines"]:
                    lines[line["line_number"]] = max(lines.get(line["line_number"], 0), line["count"])
    return out


def main():
    objects, path = sys.argv[1:]
    rooms = collections.defaultdict(lambda: [0, 0])
    with open(path, "w", encoding="utf-8") as out:
        for name, lines in sorted(counts(objects).items()):
            with open(name, encoding="utf-8") as f:
                text = f.read().splitlines()
            for n, count in sorted(lines.items()):
                for row in (rooms[name.split("/")[1]], rooms["all"]):
                    row[0] += 1
                    row[1] += count == 0
                if count == 0:
                    out.write(f"{name}:{n}: {text[n - 1].strip()}\n")
    with open("gen/ROOMS", encoding="utf-8") as f:
        order = [line.split(":")[0] for line in f if not line.startswith("#")] + ["all"]
    print("| room | lines | reached | not reached |\n| --- | --- | --- | --- |")
    for room in order:
        lines, missed = rooms[room]
        print(f"| {room} | {lines:,} | {100 * (lines - missed) / max(lines, 1):.1f} % | {missed:,} |")
    print(f"Lines not reached: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
