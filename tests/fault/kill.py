#!/usr/bin/env python3
"""Kills at random moments of a run of 200 documents. kill.py PROGRAM [--kills N] [--units N] [--finish K]: a run over the output of another version of the data is
killed (SIGKILL, now and then SIGTERM or SIGINT; the process, or it with its children) after a time between nothing and the length of a whole run, and what stands is
looked at: every file is of the one version or the other, whole. The next run, with the other version again, begins on what was left so; every K-th is finished: the
bytes must be those of a run that nobody disturbed. The moments come from a fixed seed; where they fall in the run is up to the machine."""
import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from faults import TOP, is_temp, room, tree

HERE = os.path.dirname(os.path.abspath(__file__))


def make_job(path, units, second):
    shutil.copytree(os.path.join(HERE, "job"), path)

    def edit(name, change):
        file = os.path.join(path, name)
        with open(file, encoding="utf-8") as f:
            text = f.read()
        with open(file, "w", encoding="utf-8") as f:
            f.write(change(text))

    edit("don-vi.csv", lambda t: t.splitlines()[0] + "\n" + t.splitlines()[1] + "\n" + "".join(
        f"x{i},xã Số {i},ỦY BAN NHÂN DÂN XÃ SỐ {i},xã,xa,h,000.{i}.01.H57,Số {i},ỦY BAN NHÂN DÂN HUYỆN THỬ,UBND\n" for i in range(1, units + 1)))
    done = 3 if second else 2
    rate = "15,0" if second else "10,0"
    edit("so-lieu.csv", lambda t: t.splitlines()[0] + "\n" + "".join(f"x{i};1.1;20;\nx{i};1.2;{done};\nx{i};1.3;{rate};\n" for i in range(1, units + 1)))
    edit("job.xml", lambda t: re.sub(r'  <values file="so-lieu.xml".*\n', "", t.replace('units="x1,x2"', 'units="level:xa"')))
    for i in range(1, units + 1):
        os.makedirs(os.path.join(path, "noi-dung", f"x{i}"), exist_ok=True)
        with open(os.path.join(path, "noi-dung", f"x{i}", "loi.txt"), "w", encoding="utf-8") as f:
            f.write(f"Xã Số {i} có {{1.1}} văn bản.\n")


def finish(command, out, want):
    """Runs to the end; what is wrong with what stands then."""
    for _ in range(200):  # workers of a killed parent let go of the lock as they die
        p = subprocess.run(command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if p.returncode != 3 or b"lock" not in p.stdout:
            break
        time.sleep(0.05)
    if p.returncode != 0:
        return [f"the next run: exit {p.returncode}: {p.stdout.decode()[-300:]}"]
    after = tree(out)
    if after == want:
        return []
    return ["the next run differs: " + ", ".join(sorted(k for k in set(after) | set(want) if after.get(k) != want.get(k))[:5])]


def main():
    args = argparse.ArgumentParser()
    args.add_argument("program")
    args.add_argument("--kills", type=int, default=1000)
    args.add_argument("--units", type=int, default=200)
    args.add_argument("--jobs", default="2")
    args.add_argument("--finish", type=int, default=4)
    a = args.parse_args()
    program = os.path.abspath(a.program)
    chance = random.Random(20231231)
    with tempfile.TemporaryDirectory(prefix="vanban-kill-", dir=room()) as work:
        old_job, job, out = (os.path.join(work, n) for n in ("a/job", "b/job", "out"))
        make_job(old_job, a.units, False)
        make_job(job, a.units, True)

        def command(which):
            return [program, "build", "--quiet", "--lang", "en", "-j", a.jobs, "-f", "pdf,xlsx", "-o", out, which]

        def whole(which):
            p = subprocess.run(command(which), cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            assert p.returncode == 0, p.stdout.decode()
            return tree(os.path.join(out, "nho"))

        versions = [whole(old_job)]
        began = time.monotonic()
        versions.append(whole(job))
        length = time.monotonic() - began
        jobs = [old_job, job]
        assert versions[0].keys() == versions[1].keys() and len(versions[0]) >= 2 * a.units
        killed = finished = bad = temps = 0
        now = 1  # which version stands
        for n in range(a.kills):
            other = 1 - now
            how = chance.choice([signal.SIGKILL] * 6 + [signal.SIGTERM, signal.SIGINT])
            group = chance.random() < 0.5
            p = subprocess.Popen(command(jobs[other]), cwd=TOP, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
            time.sleep(chance.random() * length)
            if p.poll() is None:
                killed += 1
            else:
                finished += 1
            try:
                os.killpg(p.pid, how) if group else os.kill(p.pid, how)
            except ProcessLookupError:
                pass
            p.wait()
            wrong = []
            for rel, data in tree(os.path.join(out, "nho")).items():
                if is_temp(rel):
                    temps += 1
                elif os.path.basename(rel) not in ("manifest.json", "index.html") and data not in (versions[0].get(rel), versions[1].get(rel)):
                    wrong.append(f"half a file: {rel}")
            if (n + 1) % a.finish == 0 or n + 1 == a.kills:
                wrong += finish(command(jobs[other]), os.path.join(out, "nho"), versions[other])
            now = other
            if wrong:
                bad += 1
                print(f"not ok kill {n} ({how.name}): {'; '.join(wrong[:3])}", flush=True)
                shutil.rmtree(out)
                whole(jobs[now])
            if (n + 1) % 50 == 0:
                print(f"{n + 1} runs, {killed} killed", flush=True)
        print(f"{a.kills} runs of {a.units} documents: {killed} killed before their end, {finished} had just ended; {temps} temporary files left and removed; {bad} ended badly")
        print(f"{a.kills - bad} passed, {bad} failed")
    return 0 if bad == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
