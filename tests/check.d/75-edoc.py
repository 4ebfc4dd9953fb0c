"""For 75-edoc.sh. Argument: a scratch folder. Run from the top folder."""
import json
import os
import re
import shutil
import sys

from edoc_help import PROGRAM, bytes_of, end, ok, package_of, run, text_of, vanban, write

WORK = os.path.abspath(sys.argv[1])
TOP = os.getcwd()


# ---- the worked example ----------------------------------------------------------------------------------------

def example():
    """Commands and what they print, block by block, in one shell."""
    page = text_of("docs/edoc.md")
    blocks = re.findall(r"^```(sh|text)\n(.*?)^```$", page, re.M | re.S)
    folder = os.path.join(WORK, "example")
    os.makedirs(os.path.join(folder, "bin"))
    os.symlink(PROGRAM, os.path.join(folder, "bin", "vanban"))
    home = os.path.join(folder, "home")
    os.makedirs(home)
    script, wanted = "set -eu\ncd '%s'\n" % home, []
    for i, (kind, body) in enumerate(blocks):
        if kind == "sh":
            script += "echo '@@@'\n" + body
            wanted.append("")
        else:
            wanted[-1] = body
    env = dict(os.environ, PATH=os.path.join(folder, "bin") + ":" + os.environ["PATH"], LC_ALL="C.UTF-8")
    r = run("sh", "-c", script, env=env)
    got = r.stdout.split("@@@\n")[1:]
    ok(r.returncode == 0 and len(got) == len(wanted) >= 8, "the example of docs/edoc.md runs to its end", r.stdout)
    for i, (g, w) in enumerate(zip(got, wanted)):
        ok(g == w, "docs/edoc.md, block %d prints what the page shows" % (i + 1), g)
    return home


HOME = example()
end()
