"""Time and memory against the number of units as an SVG: scale.py TABLE SVG, where TABLE is what `bench.py --scale` printed."""
import sys

W, H, LEFT, RIGHT, TOP, BOTTOM = 640, 320, 60, 60, 30, 45


def main():
    rows = [tuple(map(float, l.split())) for l in open(sys.argv[1], encoding="utf-8") if l.strip()]
    most = [max(r[i] for r in rows) for i in range(3)]
    x = lambda n: LEFT + (W - LEFT - RIGHT) * n / most[0]
    y = lambda v, i: H - BOTTOM - (H - TOP - BOTTOM) * v / (most[i] * 1.1)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="11">' % (W, H), '<rect width="100%" height="100%" fill="#fff"/>',
           '<path d="M%d %dV%dH%dV%d" fill="none" stroke="#000"/>' % (LEFT, TOP, H - BOTTOM, W - RIGHT, TOP)]
    for i, colour, name, anchor, at in ((1, "#036", "seconds", "end", LEFT - 6), (2, "#a30", "MB, largest process", "start", W - RIGHT + 6)):
        out.append('<path d="M%s" fill="none" stroke="%s" stroke-width="2"/>' % ("L".join("%.1f %.1f" % (x(r[0]), y(r[i], i)) for r in rows), colour))
        for r in rows:
            out.append('<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (x(r[0]), y(r[i], i), colour))
        for part in (0.25, 0.5, 0.75, 1):
            out.append('<text x="%d" y="%.1f" text-anchor="%s" fill="%s">%.0f</text>' % (at, y(most[i] * part, i) + 4, anchor, colour, most[i] * part))
        out.append('<text x="%d" y="%d" text-anchor="%s" fill="%s">%s</text>' % (LEFT if i == 1 else W - RIGHT, TOP - 10, "start" if i == 1 else "end", colour, name))
    for r in rows:
        out.append('<text x="%.1f" y="%d" text-anchor="middle">%d</text>' % (x(r[0]), H - BOTTOM + 16, r[0]))
    out.append('<text x="%d" y="%d" text-anchor="middle">units</text></svg>' % (W // 2, H - 8))
    with open(sys.argv[2], "w", encoding="utf-8") as f:
        f.write("\n".join(out) + "\n")


main()
