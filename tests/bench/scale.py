"""Time and memory against the number of units as an SVG: scale.py TABLE SVG, where TABLE is what `bench.py --scale` printed: a row a run (where
it lies, units, seconds, MB of the largest process), and lines with a colon that say on which machine."""
import sys
from xml.sax.saxutils import escape

W, H, PANEL_W, PANEL_H, TOP, LEFTS = 860, 400, 310, 250, 70, (70, 500)
# what bench.py calls it: colour, words
SERIES = {"memory": ("#0b5394", "input and output in memory"), "disk": ("#b45f06", "on disk")}
PANELS = ((1, "seconds, start to manifest"), (2, "MB, largest process"))


def step(most):
    """A round distance between the lines of a grid, four to eight of them."""
    for power in range(-1, 9):
        for digit in (1, 2, 5):
            if most / (digit * 10 ** power) <= 6:
                return digit * 10 ** power


def number(v):
    return "{:,.0f}".format(v) if v == int(v) else "%g" % v


def grid(out, x, y, most_x, most_y, title):
    left, right = x(0), x(most_x)
    out.append('<text x="%.1f" y="%d" font-weight="bold">%s</text>' % (left, TOP - 14, title))
    v = 0
    while v <= most_y * 1.001:
        out.append('<path d="M%.1f %.1fH%.1f" stroke="#ddd"/><text x="%.1f" y="%.1f" text-anchor="end">%s</text>' % (left, y(v), right, left - 7, y(v) + 4, number(v)))
        v += step(most_y)
    v = 0
    while v <= most_x * 1.001:
        out.append('<path d="M%.1f %.1fv5" stroke="#555"/><text x="%.1f" y="%.1f" text-anchor="middle">%s</text>' % (x(v), y(0), x(v), y(0) + 19, number(v)))
        v += step(most_x)
    out.append('<path d="M%.1f %.1fH%.1f" stroke="#555"/><text x="%.1f" y="%.1f" text-anchor="middle">units</text>' % (left, y(0), right, (left + right) / 2, y(0) + 36))


def panel(out, rows, left, column, title):
    most_x = max(r[1] for r in rows)
    most_y = max(r[1 + column] for r in rows)
    most_y = step(most_y) * (int(most_y / step(most_y)) + 1)
    x = lambda n: left + PANEL_W * n / most_x
    y = lambda v: TOP + PANEL_H * (1 - v / most_y)
    grid(out, x, y, most_x, most_y, title)
    for name, (colour, _) in SERIES.items():
        points = [(x(r[1]), y(r[1 + column])) for r in rows if r[0] == name]
        if not points:
            continue
        out.append('<path d="M%s" fill="none" stroke="%s" stroke-width="2"/>' % ("L".join("%.1f %.1f" % p for p in points), colour))
        out.extend('<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s"/>' % (*p, colour) for p in points)


def main():
    lines = [l.strip() for l in open(sys.argv[1], encoding="utf-8") if l.strip()]
    rows = [(l.split()[0], *map(float, l.split()[1:])) for l in lines if ":" not in l]
    about = [l[len("machine: "):] for l in lines if l.startswith("machine: ")]
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" fill="#222">' % (W, H), '<title>Time and memory against the number of units</title>',
           '<rect width="100%" height="100%" fill="#fff"/>']
    at = LEFTS[0]
    for name, (colour, words) in SERIES.items():
        if not any(r[0] == name for r in rows):
            continue
        out.append('<path d="M%d 20h22" stroke="%s" stroke-width="3"/><text x="%d" y="24">%s (%s units)</text>'
                   % (at, colour, at + 28, words, ", ".join(number(r[1]) for r in rows if r[0] == name)))
        at = LEFTS[1] - 50
    for left, (column, title) in zip(LEFTS, PANELS):
        panel(out, rows, left, column, title)
    out.append('<text x="%d" y="%d" font-size="10" fill="#555">%s</text></svg>' % (LEFTS[0], H - 14, escape(about[0] if about else "")))
    with open(sys.argv[2], "w", encoding="utf-8") as f:
        f.write("\n".join(out) + "\n")


main()
