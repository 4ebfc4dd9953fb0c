"""For 78-index.sh. Argument: a scratch folder. Run from the top folder."""
import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from xml.etree import ElementTree

from edoc_help import end, ok, run, text_of, vanban

WORK = os.path.abspath(sys.argv[1])
KEYS = {"Tab": 9, "Enter": 13, " ": 32, "ArrowLeft": 37, "ArrowRight": 39}


class Browser:
    """Chromium on --remote-debugging-pipe: JSON messages, each ended by a zero byte; it reads descriptor 3 and writes 4."""

    def __init__(self, program):
        to_read, self.to = os.pipe()
        self.answers, to_write = os.pipe()
        keep = [os.dup(to_read), os.dup(to_write)]  # away from 3 and 4

        def plumb():
            os.dup2(keep[0], 3)
            os.dup2(keep[1], 4)

        for fd in keep:
            os.set_inheritable(fd, False)
        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync",
             "--disable-component-update", "--remote-debugging-pipe", "--user-data-dir=" + tempfile.mkdtemp(dir=WORK), "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=plumb, close_fds=False)
        os.close(to_read)
        os.close(to_write)
        for fd in keep:
            os.close(fd)
        self.n, self.rest, self.session, self.complaints, self.events = 0, b"", None, [], set()

    def close(self):
        self.process.terminate()
        self.process.wait()

    def message(self):
        while b"\0" not in self.rest:
            piece = os.read(self.answers, 1 << 20)
            if not piece:
                raise EOFError("Chromium has gone")
            self.rest += piece
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, **params):
        self.n += 1
        request = {"id": self.n, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.to, json.dumps(request).encode() + b"\0")
        while True:
            m = self.message()
            if m.get("id") == self.n:
                if "error" in m:
                    raise RuntimeError(m["error"])
                return m["result"]
            self.note(m)

    def note(self, m):
        self.events.add(m.get("method"))
        if m.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            self.complaints.append(m)

    def open(self, path):
        self.session = None
        target = self.ask("Target.createTarget", url="file://" + path)["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.complaints, self.events = [], set()
        for domain in ("Page", "Runtime", "Log"):
            self.ask(domain + ".enable")
        ok(self.until("location.protocol==='file:'&&document.readyState==='complete'"), "opened " + os.path.basename(path))

    def js(self, expression):
        r = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in r, r
        return r["result"].get("value")

    def press(self, key):
        text = {"Enter": "\r", " ": " "}.get(key)
        common = dict(key=key, code={" ": "Space"}.get(key, key), windowsVirtualKeyCode=KEYS[key])
        self.ask("Input.dispatchKeyEvent", type="keyDown", **common, **({"text": text} if text else {}))
        self.ask("Input.dispatchKeyEvent", type="keyUp", **common)

    def focus(self):
        return self.js("(function(e){return e.id||e.tagName.toLowerCase()+(e.closest('th')?':'+e.closest('th').cellIndex:'')}(document.activeElement))")

    def until(self, expression):
        for _ in range(1200):
            if self.js(expression):
                return True
            time.sleep(0.1)
        return False


SEEN = "Array.prototype.filter.call(document.getElementById('documents').tBodies[0].rows,function(r){return r.hidden===false})"


def walk(b, name, rows, query, hits):
    """Tab by tab through the page, as one without a mouse does."""
    ok(b.js("document.getElementById('documents').tBodies[0].rows.length") == rows, "%s: %d rows" % (name, rows))
    b.press("Tab")
    ok(b.focus() in ("lang-vi", "lang-en"), name + ": Tab reaches the choice of language", b.focus())
    before = b.js("document.querySelector('h1+p').innerText")
    b.press("ArrowLeft" if b.focus() == "lang-en" else "ArrowRight")
    ok(b.js("document.querySelector('h1+p').innerText") != before, name + ": an arrow changes the language")
    b.press("Tab")
    ok(b.focus() == "unit", name + ": then the search", b.focus())
    b.ask("Input.insertText", text=query)
    ok(b.until(SEEN + ".length===%d" % hits), "%s: %d rows for %s" % (name, hits, query), b.js(SEEN + ".length"))
    ok(b.js("document.getElementById('count').textContent") == "%d / %d" % (hits, rows), name + ": they are counted aloud")
    b.js("document.getElementById('unit').value='';document.getElementById('unit').dispatchEvent(new Event('input'))")
    ok(b.until(SEEN + ".length===%d" % rows), name + ": all again")
    b.press("Tab")
    ok(b.focus() == "button:0", name + ": then the headings", b.focus())
    b.press("Tab")
    b.press("Enter")
    column = "Array.prototype.map.call(document.getElementById('documents').tBodies[0].rows,function(r){return r.cells[1].textContent})"
    names = b.js(column)
    sort = "document.getElementById('documents').tHead.rows[0].cells[1].getAttribute('aria-sort')"
    ok(b.js(sort) == "ascending" and len(names) == rows, name + ": Enter sorts")
    b.press(" ")
    ok(b.js(sort) == "descending" and b.js(column)[0] == names[-1], name + ": the space bar turns it round", (names[-1], b.js(column)[0]))
    for _ in range(7):
        b.press("Tab")
    ok(b.focus() in ("a", "summary"), name + ": then links and findings", b.focus())
    return names


def heard(b, name):
    """What a screen reader gets: tables with names, headers of columns and rows, a labelled search."""
    b.ask("Accessibility.enable")
    nodes = b.ask("Accessibility.getFullAXTree")["nodes"]
    b.ask("Accessibility.disable")
    roles = {}
    for n in nodes:
        if not n.get("ignored"):
            roles.setdefault(n["role"]["value"], []).append(n.get("name", {}).get("value", ""))
    tables = [x for role in ("table", "Table", "grid") for x in roles.get(role, [])]
    ok(len(tables) == 2 and all(tables), name + ": tables have names", tables)
    ok(len(roles.get("columnheader", [])) == 21 and all(roles["columnheader"]), name + ": headers of columns", roles.get("columnheader"))
    ok(len(roles.get("rowheader", [])) >= 5, name + ": headers of rows")
    ok(any(roles.get("searchbox", [])), name + ": a labelled search", list(roles))
    lang = b.js("document.documentElement.lang")
    ok(lang in ("vi", "en") and b.js("document.querySelectorAll('[lang=vi]').length>20&&document.querySelectorAll('[lang=en]').length>20"), name + ": languages are marked")


def printed(b, name):
    data = b.ask("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)["data"]
    path = os.path.join(WORK, name + ".pdf")
    with open(path, "wb") as f:
        f.write(base64.b64decode(data))
    text = run("pdftotext", "-layout", path, "-").stdout
    return text


def page_alone(path):
    """Without a browser: well-formed, nothing from outside, every heading with a scope."""
    root = ElementTree.fromstring(text_of(path).split("\n", 1)[1])
    urls = [n.get(a) for n in root.iter() for a in ("href", "src", "action") if n.get(a)]
    ok(root.get("lang") in ("vi", "en") and all(n.get("scope") for n in root.iter("th")), "headings have a scope")
    ok(not [u for u in urls if "//" in u or u.startswith("/")] and "http" not in text_of(path), "nothing from outside", urls[:3])


def main():
    r = vanban("build", "--quiet", "-f", "pdf,xlsx,edxml", "--archive", "-o", WORK + "/out", "samples/tong-hop-huyen-2023")
    district = WORK + "/out/tong-hop-huyen-2023/index.html"
    ok(r.returncode in (0, 1) and os.path.exists(district), "the district", r.stdout)
    page_alone(district)
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        return
    b = Browser(program)
    try:
        b.open(district)
        names = walk(b, "district", 13, "AN PHÚ", 1)
        ok(names[0] == "huyện Hương Điền" and names.index("xã Dương Thạch") < names.index("xã Đan Thượng") < names.index("xã Hương Trạch"),
           "district: names sorted as Vietnamese sorts them", names)
        heard(b, "district")
        text = printed(b, "district")
        ok("Tìm đơn vị" not in text and "Find a unit" not in text and "Cẩm" in text, "district: prints without its tools", text[:300])
        ok(not b.complaints, "district: no word in the console", b.complaints)
    finally:
        b.close()


signal.alarm(600)  # a browser that has gone silent is a failure, and no wait without end
main()
end()
