"""The same report in other tools, ours beside them in one run: `<peer>.ratio: value`, ours over the peer's pages a second, both with a process a
processor. peers.py VANBAN FOLDER, where FOLDER holds the peers: a folder each with run.sh COUNT OUTDIR, which writes COUNT reports of this
length (or workbooks, where its name begins with x_) and reads the variable PEERS. Peers that are not there, or that fail, are named.

Each peer is given as many reports as keep it busy for some seconds; ours is measured anew before each, so that a machine that is busy with
other things is as slow for both."""
import os, re, shutil, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import country

# name, folder, reports a process, ratio to reach
PEERS = [("typst", "typst", 24, 15), ("reportlab", "reportlab", 12, 15), ("libreoffice", "lo_fodt_batch", 12, 25), ("weasyprint", "weasyprint", 2, 120), ("pdfkit", "pdfkit", 12, None),
         ("xlsxwriter", "x_xlsxwriter", 150, 2.5), ("openpyxl", "x_openpyxl", 75, None)]
OURS = 900  # as long at work as the quickest peer
CPUS = os.cpu_count() or 1


def pages_in(folder):
    total = 0
    for d, _, files in os.walk(folder):
        for f in files:
            if f.endswith(".pdf"):
                info = subprocess.run(["pdfinfo", os.path.join(d, f)], capture_output=True, text=True).stdout
                total += int(re.search(r"Pages:\s+(\d+)", info)[1])
    return total


def books_in(folder):
    return sum(f.endswith(".xlsx") for _, _, files in os.walk(folder) for f in files)


def rate_of_ours(vanban, job, tmp, sheets):
    out = tmp + "/ours"
    shutil.rmtree(out, ignore_errors=True)
    begin = time.monotonic()
    p = subprocess.run([vanban, "-q", "build", "-j", str(CPUS), "-o", out, "-f", "xlsx" if sheets else "pdf", job], capture_output=True, text=True)
    clock = time.monotonic() - begin
    if p.returncode != 0:
        sys.exit("vanban: " + p.stderr[:400])
    return (books_in(out) if sheets else pages_in(out)) / clock


def rate_of(script, folder, count, tmp, sheets):
    """A process a processor, each with its own reports; None: it failed."""
    env = dict(os.environ, PEERS=folder)
    outs = [tmp + "/peer%d" % i for i in range(CPUS)]
    for o in outs:
        shutil.rmtree(o, ignore_errors=True)
        os.makedirs(o)
    begin = time.monotonic()
    running = [subprocess.Popen(["sh", script, str(count), o], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for o in outs]
    codes = [p.wait() for p in running]
    clock = time.monotonic() - begin
    made = sum(books_in(o) if sheets else pages_in(o) for o in outs)
    return None if any(codes) or made == 0 else made / clock


def main():
    vanban, folder = os.path.abspath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    if not os.path.isdir(folder):
        sys.exit("bench-peers: name the folder of the peers: make bench-peers PEERS=folder")
    folder = os.path.abspath(folder)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as tmp:
        country.make(tmp + "/report", OURS)
        country.make(tmp + "/table", 2 * OURS, table_only=True)
        for name, sub, count, least in PEERS:
            script, sheets = os.path.join(folder, sub, "run.sh"), sub.startswith("x_")
            if not os.path.exists(script):
                print("%s: not there" % name, flush=True)
                continue
            ours = rate_of_ours(vanban, tmp + ("/table" if sheets else "/report"), tmp, sheets)
            theirs = rate_of(script, folder, count, tmp, sheets)
            what = "workbooks" if sheets else "pages"
            if theirs is None:
                print("%s: not installed, or it failed" % name, flush=True)
            else:
                print("%s.ratio: %.1f (ours %.0f, theirs %.1f %s a second%s)" % (name, ours / theirs, ours, theirs, what, ", to reach %g" % least if least else ""), flush=True)


main()
