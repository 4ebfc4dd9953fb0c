#!/usr/bin/env python3
"""Faults of files and of memory in a whole build. run.py PROGRAM [--step K] [--mem] [--most N]: every K-th call of each kind fails once (--most: at most N of a kind,
spread over the run); --mem: allocation too, of all libraries (not for a program with the address sanitizer): one of every way that leads to one. Prints how many were injected and how they ended."""
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

from faults import ERRNO, SHIMS, TOP, Bench, Score, arguments, is_temp, room, tree


def spread(calls, step, most):
    if most and calls > most * step:
        return sorted({1 + i * (calls - 1) // (most - 1) for i in range(most)}) if most > 1 else [1]
    return range(1, calls + 1, step)


def ways(bench, extra):
    """The numbers of those allocations that come by a way of their own: the innermost sixteen callers were never the same before."""
    path = os.path.join(bench.work, "ways")
    if os.path.exists(path):
        os.remove(path)
    bench.reset()
    bench.shimmed("memory.so", "alloc", 0, 12, extra, FAULT_STACKS=path)
    with open(path, encoding="ascii") as f:
        return sorted({int(line) for line in f})


def allocations(score, bench, step, most, kind="allocation", extra=("-j", "1")):  # one worker, so that the numbers of one run are those of the next
    """Of every way to allocate one, and of those every step-th; or a few spread over all."""
    if most:
        return each(score, bench, kind, "memory.so", "alloc", 12, step, most, extra)
    numbers = ways(bench, extra)
    print(f"{kind}: {len(numbers)} ways", flush=True)
    for k, n in enumerate(numbers[::step]):
        bench.reset()
        code, said, _, fired = bench.shimmed("memory.so", "alloc", n, 12, extra)
        wrong = bench.judge(code, said)
        if fired or wrong:
            score.note(kind, n, wrong, code)
        if k % 500 == 499:
            print(f"{kind}: {k + 1} done", flush=True)


def each(score, bench, kind, shim, op, number, step, most, extra=(), **env):
    bench.reset()
    _, _, calls, _ = bench.shimmed(shim, op, 0, number, extra, **env)
    for n in spread(calls, step, most):
        bench.reset()
        code, said, _, fired = bench.shimmed(shim, op, n, number, extra, **env)
        wrong = bench.judge(code, said)
        if fired:
            score.note(kind, n, wrong, code)
        elif wrong:
            score.note(kind + " (not reached)", n, wrong, code)


def files(score, bench, step, most):
    for op, number in ERRNO.items():
        each(score, bench, op, "files.so", op, number, step, most)
    each(score, bench, "write, and all after it", "files.so", "write", ERRNO["write"], step * 3, most, FAULT_ON="1")
    bench.fresh = True  # into a folder that is not there yet
    for op in ("mkdir", "fsync"):
        each(score, bench, op + ", first run", "files.so", op, ERRNO[op], step, most)
    bench.fresh = False
    system_calls(score, bench, step, most)


def system_calls(score, bench, step, most):
    """Writes of the libraries' own streams, which no library loaded before can reach: strace lets the system call fail."""
    log = os.path.join(bench.work, "strace")

    def traced(rule):
        p = subprocess.run(["strace", "-f", "-qq", "-o", log, "-e", "trace=write", *rule, *bench.command()], cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with open(log, encoding="utf-8", errors="replace") as f:
            return p.returncode, p.stderr.decode("utf-8", "replace"), f.read()

    bench.reset()
    if not shutil.which("strace") or traced([])[0] != 0:
        print("writes of streams: strace cannot trace here")
        return
    bench.reset()
    calls = sum(" write(" in line for line in traced([])[2].splitlines())
    for n in spread(calls, step, most):
        bench.reset()
        code, said, seen = traced(["-e", f"inject=write:error=ENOSPC:when={n}"])
        if "INJECTED" in seen:
            score.note("write of any kind (system call)", n, bench.judge(code, said), code)


def database(score, bench, step, most):
    """Databases: errors of their file, and what is left of a kept one in a run after."""
    db = os.path.join(bench.work, "kept.db")
    for op in ("write", "read", "fsync", "truncate", "unlink"):
        if os.path.exists(db):
            os.remove(db)
        bench.reset()
        each(score, bench, "database: " + op, "files.so", op, ERRNO[op], step, most, ("--db", db), FAULT_UNDER=db)
    for op in ("write", "read", "open"):  # that of a run alone; workers read it too
        each(score, bench, f"the run's own database, workers too: {op}", "files.so", op, ERRNO[op], step, most, ("-j", "1"), FAULT_UNDER=os.path.join(bench.out, ".nho.db"))


TEXTS, NEVER = 60, 1 << 30


def many_texts(score, bench, step, most):
    """A child notes many texts while the figures are loaded: what fails it, or kills it, is made good by the run."""
    own = Bench(bench.program, os.path.join(bench.work, "texts"), texts=TEXTS)
    under = os.path.join(own.out, ".nho.texts")
    opened = []
    for workers in "12":
        own.reset()
        code, said, calls, _ = own.shimmed("files.so", "open", NEVER, 0, ("-j", workers))
        opened.append(calls)
    wrong = own.judge(code, said) or (f"opened {opened[1]} files, {opened[0]} without a child: the run walks after it" if opened[1] - opened[0] > TEXTS // 2 else None)
    score.note("the list of texts: taken", 1, wrong, code)
    for op in ("create", "open", "write", "read", "close", "unlink"):
        each(score, own, f"the list of texts: {op}", "files.so", op, ERRNO[op], step, most, ("-j", "2"), FAULT_UNDER=under)
    for op in ("create", "write"):
        each(score, own, f"the list of texts: killed before {op}", "files.so", op, 0, step, most, ("-j", "2"), FAULT_UNDER=under)


def broken_database(score, bench, most):
    """Bytes of a kept database changed: refused or used, never a crash, and never other figures."""
    db, good = os.path.join(bench.work, "bad.db"), os.path.join(bench.work, "good.db")
    bench.reset()
    assert bench.run(extra=("--db", good))[0] == 0
    with open(good, "rb") as f:
        data = f.read()
    cases = [("empty", b""), ("no database", b"x" * 5000), ("half", data[: len(data) // 2]), ("a byte short", data[:-1]), ("head alone", data[:100])]
    seed = 20231231
    for i in range(most):
        changed = bytearray(data)
        for _ in range(4):
            seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
            changed[(seed >> 20) % len(data)] = seed >> 56
        cases.append((f"changed {i}", bytes(changed)))
    for name, content in cases:
        with open(db, "wb") as f:
            f.write(content)
        for rest in ("-wal", "-journal", "-shm"):
            if os.path.exists(db + rest):
                os.remove(db + rest)
        bench.reset()
        code, said = bench.run(extra=("--db", db))
        score.note("a damaged database", name, bench.judge(code, said), code)


def disk_full(score, bench, most):
    """A file system of its own that is too small, where mounting is allowed."""
    mount = os.path.join(bench.work, "small")
    os.makedirs(mount, exist_ok=True)
    need = sum(len(b) for b in tree(bench.kept).values())
    sizes = sorted({(64 << 10) + i * (need + (64 << 10)) // most for i in range(most)})
    for size in sizes:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", mount], stderr=subprocess.DEVNULL).returncode != 0:
            print("a full disk: mounting is not allowed here; the failing writes above stand for it")
            return
        try:
            code, said = bench.run(out=mount)
            now = tree(mount)
            wrong = None
            if code not in (0, 3) or (code == 3 and "error:" not in said):
                wrong = f"exit {code}: {said[-300:]}"
            elif code == 0 and now != bench.after:
                wrong = "exit 0, but not complete"
            elif [k for k in now if k != "nho/manifest.json" and now[k] != bench.after[k]]:
                wrong = "half a file"
            score.note("a full disk", size, wrong, code)
        finally:
            subprocess.run(["umount", mount], check=True)
    full_scratch(score, bench, mount)


def full_scratch(score, bench, mount):
    """No room for temporary files: a small job needs none; of a long table the workbook is withheld, and the next run makes it."""
    long_job, out = os.path.join(bench.work, "long"), os.path.join(bench.work, "long-out")
    shutil.copytree(bench.job, long_job)
    with open(os.path.join(long_job, "viec.csv"), "w", encoding="utf-8") as f:
        f.write("Tên việc;Số\n" + "".join(f"Việc số {i} của xã trong năm;{i}\n" for i in range(25000)))
    with open(os.path.join(long_job, "job.xml"), encoding="utf-8") as f:
        text = f.read()
    with open(os.path.join(long_job, "job.xml"), "w", encoding="utf-8") as f:
        f.write(text.replace("viec.xlsx", "viec.csv"))
    command = [bench.program, "build", "--lang", "en", "-f", "xlsx", "-o", out, long_job]
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=65536", "tmpfs", mount], check=True)
    try:
        bench.reset()
        code, said = bench.run(env={"TMPDIR": mount})
        score.note("a full folder for temporary files", "small", bench.judge(code, said) or (code and f"exit {code}"), code)
        p = subprocess.run(command, cwd=TOP, env={**os.environ, "TMPDIR": mount}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    finally:
        subprocess.run(["umount", mount], check=True)
    said = p.stdout.decode("utf-8", "replace")
    wrong = None if p.returncode == 3 and "set TMPDIR" in said and "Sanitizer" not in said else f"exit {p.returncode}: {said[-700:]}"
    if not wrong and [k for k in tree(out) if is_temp(k) or k.endswith("x1/tin.xlsx")]:
        wrong = "a workbook that is not whole"
    if not wrong and (subprocess.run(command, cwd=TOP, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0 or "nho/x1/tin.xlsx" not in tree(out)):
        wrong = "the run after it does not make it"
    score.note("a full folder for temporary files", "long table", wrong, p.returncode)


def read_only(score, bench):
    """Folders of a file system that cannot be written: for temporary files another is taken; for the output there is none."""
    mount = os.path.join(bench.work, "fixed")
    os.makedirs(mount, exist_ok=True)
    for what, want in (("a folder for temporary files that is read-only", 0), ("an output folder that is read-only", 3)):
        if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", mount], stderr=subprocess.DEVNULL).returncode != 0:
            print("folders that are read-only: mounting is not allowed here")
            return
        try:
            bench.reset()
            shutil.copytree(bench.kept, os.path.join(mount, "kept"))
            subprocess.run(["mount", "-o", "remount,ro", mount], check=True)
            code, said = bench.run(env={"TMPDIR": mount}) if want == 0 else bench.run(out=os.path.join(mount, "kept"))
            wrong = bench.judge(code, said) if want == 0 else None if "no right to write" in said else said[-300:]
            if not wrong and code != want:
                wrong = f"exit {code}: {said[-300:]}"
            if not wrong and tree(os.path.join(mount, "kept")) != bench.before:
                wrong = "what stood there has changed"
            score.note(what, "", wrong, code)
        finally:
            subprocess.run(["umount", mount], check=True)


def folders(score, bench):
    """Folders that are not there, or may not be written."""
    read_only(score, bench)
    bench.reset()
    code, said = bench.run(env={"TMPDIR": os.path.join(bench.work, "none")})
    score.note("no folder for temporary files", "", bench.judge(code, said) or (code and f"exit {code}"), code)
    plain = os.path.join(bench.work, "file")
    with open(plain, "w", encoding="ascii") as f:
        f.write("x")
    for out, want in ((os.path.join(plain, "out"), 3), (plain, 3), ("/proc/none/out", 3)):
        code, said = bench.run(out=out)
        score.note("an output folder that cannot be made", out, None if code == want and "error:" in said else f"exit {code}: {said[-300:]}", code)


def truncated_font(score, bench, most):
    """Each of the four faces cut at several places."""
    source = "/usr/share/fonts/truetype/liberation2"
    fonts = os.path.join(bench.work, "fonts")
    faces = [f"LiberationSerif-{s}.ttf" for s in ("Regular", "Bold", "Italic", "BoldItalic")]
    for i in range(most):
        shutil.rmtree(fonts, ignore_errors=True)
        os.makedirs(fonts)
        for name in faces:
            shutil.copy(os.path.join(source, name), fonts)
        path = os.path.join(fonts, faces[i % 4])
        os.truncate(path, os.path.getsize(path) * (i + 1) // (most + 1))
        bench.reset()
        code, said = bench.run(extra=("--font-dir", fonts))
        score.note("a font cut short", i, bench.judge(code, said), code)


def changing_input(score, bench, most):
    """Input that vanishes or grows while it is read: another process takes it away, over and over."""
    path = os.path.join(bench.job, "so-lieu.csv")
    with open(path, "rb") as f:
        data = f.read()
    for i in range(most):
        bench.reset()
        script = (f"while :; do mv '{path}' '{path}.away'; mv '{path}.away' '{path}'; done" if i % 2 else
                  f"while :; do head -c {len(data) // 2} '{path}.whole' >'{path}'; cat '{path}.whole' >'{path}'; done")
        shutil.copy(path, path + ".whole")
        other = subprocess.Popen(["sh", "-c", script], stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            code, said = bench.run()
        finally:
            os.killpg(other.pid, 9)
            other.wait()
        for rest in (path + ".away", path + ".whole"):
            if os.path.exists(rest):
                os.remove(rest)
        with open(path, "wb") as f:
            f.write(data)
        # A half of the file that was read as it stood is input like any other: the documents say so, or are withheld.
        now = tree(bench.out)
        wrong = None if code in (0, 1, 3) else f"exit {code}"
        if not wrong and [k for k in now if k.endswith(".part")]:
            wrong = "a temporary file stays"
        if not wrong:
            code_after, said = bench.run()
            wrong = None if code_after == 0 and tree(bench.out) == bench.after else f"the run after it: exit {code_after}: {said[-300:]}"
        score.note("input that changes while it is read", i, wrong, code)


def go_on(pid):
    """The one of a process and its children that stands still. No other: a sanitizer that looks for leaks is disturbed by the signal."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            family = [pid, *map(int, f.read().split())]
        for one in family:
            with open(f"/proc/{one}/stat", encoding="utf-8", errors="replace") as f:
                if f.read().rsplit(")", 1)[1].split()[0] == "T":
                    os.kill(one, signal.SIGCONT)
    except (FileNotFoundError, ProcessLookupError):
        pass  # ended meanwhile


def stopped(bench, op, n, change, under=None):
    """A run that stands still at its n-th call on the job's files, or on one of them, while `change` is made. Exit code, what it said, whether it stood."""
    state = os.path.join(bench.work, "state")
    with open(state, "wb") as f:
        f.write(bytes(64))
    env = {**os.environ, "LD_PRELOAD": os.path.join(SHIMS, "files.so"), "FAULT_STATE": state, "FAULT_OP": op, "FAULT_AT": str(n), "FAULT_ERRNO": "0",
           "FAULT_SIGNAL": str(int(signal.SIGSTOP)), "FAULT_UNDER": under or bench.job, "ASAN_OPTIONS": "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", "")}
    p = subprocess.Popen(bench.command(extra=("-j", "1")), cwd=TOP, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    stood = False
    while p.poll() is None:
        with open(state, "rb") as f:
            fired = struct.unpack("ll", f.read(16))[1]
        if fired and not stood:
            change()
            stood = True
        if stood:
            go_on(p.pid)
        time.sleep(0.002)
    return p.returncode, p.stderr.read().decode("utf-8", "replace"), stood


def files_of(job):
    return [os.path.relpath(os.path.join(folder, name), job) for folder, _, names in os.walk(job) for name in names]


def stepped_input(score, bench, most):
    """An input is another one, shorter or gone from one call on the job's files to the next: between the reading of job.xml and that of the data, between the plan
    and the worker that reads the texts. The run ends with a message or makes documents of what it read; and the next run, over the job as it is then, makes what a
    run that began anew makes of it: nothing that was read before the change counts as read after."""
    whole = os.path.join(bench.work, "whole")
    shutil.copytree(bench.job, whole)
    changes = {"another": lambda path, data: data.replace(b"2", b"3").replace("Xã".encode(), "xã".encode()), "half": lambda path, data: data[:len(data) // 2], "gone": None}
    names = [n for n in sorted(files_of(whole)) if not n.startswith("templates")]
    for op in ("open", "fopen"):
        bench.reset()
        calls = bench.shimmed("files.so", op, 0, 0, ("-j", "1"), FAULT_UNDER=bench.job)[2]
        cases = [(n, name, how) for n in range(1, calls + 1) for name in names for how in changes]
        for i in spread(len(cases), 1, most):
            n, name, how = cases[i - 1]
            path = os.path.join(bench.job, name)

            def change():
                with open(path, "rb") as f:
                    data = f.read()
                os.remove(path)
                if changes[how]:
                    with open(path, "wb") as f:
                        f.write(changes[how](path, data))

            bench.reset()
            code, said, stood = stopped(bench, op, n, change)
            wrong = None
            if "Sanitizer" in said or "runtime error" in said or code not in (0, 1, 3):
                wrong = f"exit {code}: {said[-1500:]}"
            elif code and "error: " not in said:
                wrong = f"exit {code} without a message"
            else:
                anew = os.path.join(bench.work, "anew")
                code_anew = bench.run(out=anew)[0]
                before = tree(bench.out)
                code_next, said = bench.run()
                want = tree(anew) if os.path.isdir(anew) else before  # a job.xml that is wrong now: what stands, stays
                if (code_next, tree(bench.out)) != (code_anew, want):
                    differ = [k for k in set(tree(anew)) | set(tree(bench.out)) if tree(anew).get(k) != tree(bench.out).get(k)]
                    wrong = f"the run after it ends with {code_next}, one that begins anew with {code_anew}; they differ in {sorted(differ)}: {said[-300:]}"
                shutil.rmtree(anew, ignore_errors=True)
            shutil.rmtree(bench.job)
            shutil.copytree(whole, bench.job)
            if stood or wrong:
                score.note(f"an input that is {how} from one call to the next", f"{op} {n} {name}", wrong, code)


def long_input(score, bench):
    """An input too long to be held is opened for its hash, for its figures and for its hash again: one that grows in between ends the run, one that grew before does not."""
    path = os.path.join(bench.job, "so-lieu.csv")
    with open(path, "rb") as f:
        data = f.read()
    long = data + b"\n" * (1 << 20)

    def write(more):
        with open(path, "wb") as f:
            f.write(long + more)

    write(b"")
    bench.reset()
    told = 0
    calls = bench.shimmed("files.so", "open", 0, 0, ("-j", "1"), FAULT_UNDER=path)[2]
    for n in range(1, calls + 1):
        write(b"")
        bench.reset()
        code, said, stood = stopped(bench, "open", n, lambda: write(b"\n"), under=path)
        caught = "changed while it was read" in said
        told += caught
        score.note("a long input that grows while it is read", n, None if stood and code == (3 if caught else 0) else f"exit {code}: {said[-300:]}", code)
    score.note("a long input that grows while it is read", "all", None if told else f"{calls} calls, and it was never told", 3)
    with open(path, "wb") as f:
        f.write(data)


def main():
    a = arguments()
    score = Score()
    some = min(a.most, 40) if a.most else 40
    with tempfile.TemporaryDirectory(prefix="vanban-fault-", dir=room()) as work:
        bench = Bench(a.program, work)
        steps = {"files": lambda: files(score, bench, a.step, a.most), "database": lambda: database(score, bench, a.step, a.most),
                 "texts": lambda: many_texts(score, bench, a.step, a.most),
                 "broken": lambda: broken_database(score, bench, some), "disk": lambda: disk_full(score, bench, min(some, 12)),
                 "folders": lambda: folders(score, bench), "font": lambda: truncated_font(score, bench, min(some, 24)),
                 "input": lambda: changing_input(score, bench, min(some, 12)), "long": lambda: long_input(score, bench), "stepped": lambda: stepped_input(score, bench, a.most)}
        if a.mem:
            steps["mem"] = lambda: allocations(score, bench, a.step, a.most)
        for name, step in steps.items():
            if not a.only or name in a.only.split(","):
                step()
    return score.show()


if __name__ == "__main__":
    sys.exit(main())
