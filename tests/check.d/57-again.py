"""For 57-again.sh: a job is edited at random, step by step, and built each time in the folder of the step before, now and then in part first. That folder must be what a
fresh one gets, and so must two or three shards that are merged: file by file, with the same messages and exit code; in the manifest, status alone may differ. Arguments: program, job,
seed, steps. The seed says all that is done."""
import filecmp
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

PROGRAM, JOB, SEED, STEPS = os.path.abspath(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
FORMATS = ["pdf,xlsx,edxml,tree,pages", "pdf", "xlsx", "pdf,xlsx", "pdf,xlsx,edxml"]
OPTIONS = [[], [], ["--strict"], ["--archive"], ["--pdfa", "3a"], ["--date", "2025-12-01"]]
rnd = random.Random(SEED)


def texts(job):
    found = [os.path.join(d, f) for d, _, names in os.walk(job) for f in names]
    return sorted(p for p in found if p.endswith((".csv", ".txt", ".xml")))


def read(path):
    with open(path, encoding="utf-8", newline="") as f:
        return f.read()


def edit(path):
    """One small change, as a clerk or an accident makes it."""
    text = read(path)
    lines, kind = text.split("\n"), rnd.choice(["digit", "twice", "gone", "swapped", "typed"])
    i, k = rnd.randrange(len(lines)), rnd.randrange(len(lines))
    digits = [n for n, c in enumerate(text) if c.isdigit()]
    if kind == "digit" and digits:
        n = rnd.choice(digits)
        text = text[:n] + rnd.choice("0123456789") + text[n + 1:]
    elif kind == "twice":
        text = "\n".join(lines[:i] + [lines[i]] + lines[i:])
    elif kind == "gone":
        text = "\n".join(lines[:i] + lines[i + 1:])
    elif kind == "swapped":
        lines[i], lines[k] = lines[k], lines[i]
        text = "\n".join(lines)
    else:
        n = rnd.randrange(len(text) + 1)
        text = text[:n] + rnd.choice([" thử", "x", "1", ";", "-", "Đ", "\n", "ạ"]) + text[n:]
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)
    return kind


def files(folder):
    return sorted(os.path.relpath(os.path.join(d, f), folder) for d, _, names in os.walk(folder) for f in names if not f.startswith("."))


def manifest(path):
    with open(path, encoding="utf-8") as f:
        m = json.load(f)
    for d in m["documents"]:
        d["status"] = d["status"].replace("unchanged", "written")
    return m


def differs(one, two):
    """What tells one output folder from the other; None where nothing does. A job that was called otherwise left another folder."""
    jobs = os.listdir(two)
    names = [n for n in files(one) if n.split("/")[0] in jobs]
    if names != files(two):
        return "files: %s" % sorted(set(names) ^ set(files(two)))
    for name in names:
        a, b = os.path.join(one, name), os.path.join(two, name)
        same = manifest(a) == manifest(b) if name.endswith("manifest.json") else name.endswith("index.html") or filecmp.cmp(a, b, False)
        if not same:
            return name
    return None


def main(work):
    job, out, fresh, parts = (os.path.join(work, n) for n in ("job", "out", "fresh", "parts"))
    shutil.copytree(JOB, job)
    passed = failed = 0

    def run(verb, folder, *args):
        did = subprocess.run([PROGRAM, "--lang", "en", verb, "-q", "-o", folder, *args], capture_output=True, text=True, encoding="utf-8")
        return did.returncode, did.stderr

    run("build", out, job)
    for step in range(STEPS):
        before = {p: read(p) for p in texts(job)}
        done = ["%s %s" % (os.path.relpath(p, job), edit(p)) for p in rnd.choices(texts(job), k=rnd.choice([1, 1, 1, 2, 3]))]
        if rnd.random() < 0.1:
            gone = rnd.choice([p for p in texts(job) if not p.endswith("job.xml")])
            os.remove(gone)
            done.append(os.path.relpath(gone, job) + " removed")
        if rnd.random() < 0.3:
            part = rnd.choice([["--unit", "x1"], ["--unit", "x2"], ["--force"], ["--shard", "1/2"]])
            run("build", out, "-f", rnd.choice(FORMATS), *rnd.choice(OPTIONS), *part, job)
            done.append("built with " + " ".join(part))
        options = ["-f", rnd.choice(FORMATS), *rnd.choice(OPTIONS)]
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(parts, ignore_errors=True)
        again, anew = run("build", out, *options, "-j", rnd.choice("12"), job), run("build", fresh, *options, job)
        said = None
        if again != anew or anew[0] not in (0, 1) or "Sanitizer" in anew[1]:
            said = "%s\n%s" % (again, anew)
        elif files(fresh):
            said = differs(out, fresh)
            n = rnd.choice([2, 3])
            if said is None and rnd.random() < 0.5:
                shards = [os.path.join(parts, str(k)) for k in range(1, n + 1)]
                for k, shard in enumerate(shards, 1):
                    run("build", shard, *options, "--shard", "%d/%d" % (k, n), job)
                code = run("merge", os.path.join(parts, "all"), *shards)[0]
                said = "exit %d, not %d" % (code, anew[0]) if code != anew[0] else differs(os.path.join(parts, "all"), fresh)
                said = said and "merged: " + said
        passed, failed = passed + (said is None), failed + (said is not None)
        if said:
            print("again: seed %d, step %d (%s; %s): %s" % (SEED, step, ", ".join(done), " ".join(options), said))
        if anew[0] != 0 or rnd.random() < 0.5:  # else the job decays
            for p, text in before.items():
                with open(p, "w", encoding="utf-8", newline="") as f:
                    f.write(text)
    print("%d passed, %d failed" % (passed, failed))
    return failed == 0


with tempfile.TemporaryDirectory() as folder:
    sys.exit(not main(folder))
