"""A job of many units made from the sample, for 55-batch.sh: 55-batch.py DIR UNITS."""
import os, re, shutil, sys

SAMPLE = "samples/bao-cao-cchc-quang-tho-2023"
dir, units = sys.argv[1], int(sys.argv[2])
codes = ["xa-%03d" % i for i in range(units)]
shutil.copytree(SAMPLE, dir)


def change(name, edit):
    with open(os.path.join(dir, name), encoding="utf-8") as f:
        text = f.read()
    with open(os.path.join(dir, name), "w", encoding="utf-8") as f:
        f.write(edit(text))


def per_unit(text):
    head, *rows = text.splitlines()
    return "Mã đơn vị;" + head + "\n" + "".join("%s;%s\n" % (c, re.sub(r"(?<=;)1714(?=;)", str(1700 + i), r)) for i, c in enumerate(codes) for r in rows)


def job(text):
    text = text.replace(' units="quang-tho"', ' units="level:xa"')
    return text.replace(' unit="quang-tho"/>', "/>").replace(' unit="quang-tho"', "")


change("job.xml", job)
change("don-vi.csv", lambda t: t.replace("quang-tho;xã Quảng Thọ;xã;xa;", "quang-tho;xã Quảng Thọ;xã;xa-khac;") + "".join("%s;xã Mẫu %d;xã;xa;quang-dien;;Mẫu %d\n" % (c, i, i) for i, c in enumerate(codes)))
for name in ("so-lieu.csv", "thiet-bi.csv", "nhiem-vu.csv"):
    change(name, per_unit)
change("so-lieu-nhom-7.xml", lambda t: "<so-lieu>" + "".join(l.replace("<chi-tieu", '<chi-tieu don-vi="%s"' % c) for c in codes for l in re.findall(r"<chi-tieu .*?/>", t)) + "</so-lieu>")
