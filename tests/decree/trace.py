"""What stands on the pages of a PDF, as mutool and pdffonts tell it: lines of text, strokes, boxes, signature fields.

Lengths are points from the lower left corner. A line is a run of glyphs in the order of the file on one baseline without a gap wider
than a word space can be.
"""
import re
import subprocess
from xml.etree import ElementTree


def run(*args):
    return subprocess.run(args, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode("utf-8", "replace")


class Glyph:
    def __init__(self, char, x, y, advance, font, size, color):
        self.char, self.x, self.y, self.w, self.font, self.size, self.color = char, x, y, advance * size, font, size, color


class Line:
    def __init__(self, glyphs):
        self.glyphs = glyphs
        self.text = "".join(g.char for g in glyphs).replace("\u00a0", " ").rstrip()
        ink = [g for g in glyphs if g.char.strip()]
        self.x0, self.x1 = ink[0].x, ink[-1].x + ink[-1].w
        self.y = glyphs[0].y
        self.sizes = {g.size for g in ink}
        self.fonts = {g.font for g in ink}
        self.colors = {g.color for g in ink}

    @property
    def size(self):
        return max(self.sizes)

    @property
    def width(self):
        return self.x1 - self.x0

    @property
    def center(self):
        return (self.x0 + self.x1) / 2

    def bold(self):
        return {"Bold" in f for f in self.fonts}

    def italic(self):
        return {"Ital" in f for f in self.fonts}  # mutool cuts long names

    def x_of(self, char):
        return next(g.x for g in self.glyphs if g.char == char)


class Stroke:
    """A straight line (h or w is 0) or a box."""

    def __init__(self, points, weight, color):
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        self.x, self.y, self.w, self.h = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
        self.box, self.weight, self.color = len(points) > 2, weight, color


class Page:
    def __init__(self, element):
        _, _, self.width, self.height = (float(v) for v in element.get("mediabox").split())
        self.lines, self.strokes = [], []
        run_ = []
        for e in element.iter():
            if e.tag == "fill_text":
                color = rgb(e)
                for span in e.iter("span"):
                    if "+" not in span.get("font"):
                        continue  # mutool's own mark on an empty signature field; pdffonts lists the fonts of the file
                    size = round(float(span.get("trm").split()[0]), 3)
                    for g in span.iter("g"):
                        glyph = Glyph(g.get("unicode", ""), float(g.get("x")), float(g.get("y")), float(g.get("adv")), span.get("font"), size, color)
                        if run_ and not follows(run_[-1], glyph):
                            self.add(run_)
                            run_ = []
                        run_.append(glyph)
            elif e.tag == "stroke_path":
                points = [(float(p.get("x")), float(p.get("y"))) for p in e if p.tag in ("moveto", "lineto")]
                self.strokes.append(Stroke(points, float(e.get("linewidth")), rgb(e)))
        self.add(run_)

    def add(self, glyphs):
        if any(g.char.strip() for g in glyphs):
            self.lines.append(Line(glyphs))

    def find(self, start, n=0):
        found = [x for x in self.lines if x.text.startswith(start)]
        return found[n] if len(found) > n else None

    def rules(self):
        return [s for s in self.strokes if not s.box and s.h < 0.01]

    def rule_below(self, line):
        """The rule that stands next below a line of text, at most 12 pt lower."""
        near = [s for s in self.rules() if 0 < line.y - s.y <= 12 and s.x < line.x1 and s.x + s.w > line.x0]
        return max(near, key=lambda s: s.y) if near else None

    def box_around(self, line):
        return next((s for s in self.strokes if s.box and s.x <= line.x0 and s.x + s.w >= line.x1 and s.y < line.y < s.y + s.h), None)


def rgb(element):
    values = [float(v) for v in element.get("color").split()]
    return tuple(values * 3 if len(values) == 1 else values)


def follows(a, b):
    gap = b.x - (a.x + a.w)
    return abs(a.y - b.y) < 0.3 and -0.5 * a.size < gap < (3 if a.char.strip() and b.char.strip() else 9)


class Field:
    def __init__(self, name, rect):
        self.name = name
        self.x, self.y, self.x1, self.y1 = rect


class Document:
    def __init__(self, path):
        self.path = path
        tree = ElementTree.fromstring(run("mutool", "trace", path))
        self.pages = [Page(p) for p in tree.iter("page")]
        self.fonts = [f.split() for f in run("pdffonts", path).split("\n")[2:] if f]
        self.fields = {}
        for number in re.findall(r"(\d+) 0 R", run("mutool", "show", path, "trailer/Root/AcroForm/Fields")):
            text = run("mutool", "show", path, number)
            name = re.search(r"/T \((.*?)\)", text).group(1)
            rect = [float(v) for v in re.search(r"/Rect \[ ([^\]]*) \]", text).group(1).split()]
            self.fields[name] = Field(name, rect)

    def find(self, start, n=0):
        """Page index and line of the n-th line of the document that begins so."""
        for i, page in enumerate(self.pages):
            found = [x for x in page.lines if x.text.startswith(start)]
            if n < len(found):
                return i, found[n]
            n -= len(found)
        return None, None
