"""For 74-mistakes.sh. Argument: the program. Run from the top folder.

Each mistake is one change of a job that is right otherwise; the job is made of BASE. A block of docs/mistakes.md that begins with
`<!-- mistake: NAME -->` is followed by the messages in English and in Vietnamese."""
import os
import re
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
PAGE = "docs/mistakes.md"

BASE = {
    "job.xml": """<?xml version="1.0" encoding="UTF-8"?>
<job period="2023" date="2023-12-06" state="issued">
  <form id="cchc-xa-2023"/>
  <units file="don-vi.csv"/>
  <data table="document" file="van-ban.csv"/>
  <data table="lich-hop" file="lich-hop.csv"/>
  <values file="so-lieu.csv"/>
  <document id="tom-tat" template="tom-tat">
    <recipient name="Như trên"/>
    <signer authority="TM. ỦY BAN NHÂN DÂN" position="CHỦ TỊCH" name="Trần Thị Thử"/>
    <archive unit="VT"/>
  </document>
  <waive rule="T02" reason="ví dụ ngắn" who="Phòng Nội vụ" date="2023-12-05"/>
</job>
""",
    "don-vi.csv": "Mã;Tên;Loại;Cấp;Địa danh\nan-phu;xã An Phú;xã;xa;An Phú\nbinh-lam;xã Bình Lâm;xã;xa;Bình Lâm\n",
    "van-ban.csv": "Đơn vị;Văn bản;Số\nan-phu;tom-tat;15\nbinh-lam;tom-tat;21\n",
    "lich-hop.csv": "Đơn vị;Ngày họp\nan-phu;04/12/2023\n",
    "so-lieu.csv": "Đơn vị;Mã chỉ tiêu;Số liệu;Ghi chú\nan-phu;1.1.1;29;\nan-phu;1.1.2;27;\nan-phu;7.8.3;56,1;\nbinh-lam;1.1.1;30;\nbinh-lam;1.1.2;29;\nbinh-lam;7.8.3;48,25;\n",
    "templates/tom-tat.xml": """<?xml version="1.0" encoding="UTF-8"?>
<template id="tom-tat" kind="BC" form="cchc-xa-2023">
  <about lang="vi">Báo cáo tóm tắt</about>
  <about lang="en">A short report</about>
  <data name="lich-hop" title="Lịch họp" per-unit="yes"><column id="ngay" title="Ngày họp" type="date"/></data>
  <subject>Kết quả công tác {period_name}</subject>
  <body>
    <include part="letterhead"/>
    <include part="title"/>
    <p>Xã đã hoàn thành {1.1.2}/{1.1.1} nhiệm vụ; tỷ lệ hồ sơ trực tuyến là {7.8.3}%./.</p>
    <include part="signature"/>
  </body>
</template>
""",
}


def change(name, old, new):
    return lambda files: files.update({name: files[name].replace(old, new)})


# mistake → (change of the files, words of the call). BASE's job stands in viec/.
MISTAKES = {
    "separator": (change("so-lieu.csv", "an-phu;1.1.1;29;\nan-phu;1.1.2;27;\nan-phu;7.8.3;56,1;\n", "an-phu,1.1.1,29,\nan-phu;1.1.2;27;\nan-phu;7.8.3;56,1;\n"), ["check", "viec"]),
    "no-separator": (lambda files: files.update({"so-lieu.csv": files["so-lieu.csv"].replace(";", ":")}), ["check", "viec"]),
    "decimal": (change("so-lieu.csv", "56,1", "56.1"), ["check", "viec"]),
    "column": (change("so-lieu.csv", "Số liệu;Ghi chú", "Kết qủa thực hiện;Ghi chú"), ["check", "viec"]),
    "unit": (change("so-lieu.csv", "an-phu;1.1.1", "an-phú;1.1.1"), ["check", "viec"]),
    "folder": (lambda files: None, ["build", "viecc"]),
    "rights": (lambda files: None, ["build", "-o", "khoa/ket-qua", "viec"]),
    "encoding": (lambda files: files.update({"don-vi.csv": b"M\xb7;T\xaan;Lo\xb9i;C\xcap;\xa7\xdea danh\nan-phu;x\xb7 An Ph\xf3;x\xb7;xa;An Ph\xf3\nbinh-lam;x\xb7 B\xd7nh L\xa9m;x\xb7;xa;B\xd7nh L\xa9m\n"}), ["check", "viec"]),
    "number": (change("job.xml", "  <waive", '  <document id="bo-sung" template="tom-tat" units="an-phu" number="15">\n    <recipient name="Như trên"/>\n    <signer authority="TM. ỦY BAN NHÂN DÂN" position="CHỦ TỊCH" name="Trần Thị Thử"/>\n  </document>\n  <waive'), ["check", "viec"]),
    "font": (lambda files: None, ["build", "--font-dir", "phong", "viec"]),
    "font-folder": (lambda files: None, ["build", "--font-dir", "khong-co", "viec"]),
    "date": (change("job.xml", 'date="2023-12-06"', 'date="06/12/2023"'), ["check", "viec"]),
    "date-row": (change("lich-hop.csv", "04/12/2023", "12/2023"), ["check", "viec"]),
}


def make(folder, files):
    for name, text in files.items():
        path = os.path.join(folder, "viec", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
    os.mkdir(os.path.join(folder, "phong"))
    os.mkdir(os.path.join(folder, "khoa"), 0o555)
    os.mkdir(os.path.join(folder, "output"))
    os.chmod(os.path.join(folder, "output"), 0o777)
    os.chmod(folder, 0o755)


def say(folder, words, lang):
    """What the program says; as nobody where we are root, for root may write everywhere. check ends with a verdict on standard error."""
    call = [PROGRAM, "--lang", lang, *words]
    if os.geteuid() == 0:
        call = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *call]
    did = subprocess.run(call, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", env={**os.environ, "LC_ALL": "C"})
    lines = (did.stdout + did.stderr).splitlines()
    return "".join(x + "\n" for x in lines if not re.search(r"^vanban: (checked|đã kiểm tra|documents written|đã lập) |\((waived|miễn trừ): ", x))


def main():
    page = open(PAGE, encoding="utf-8").read()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        for name in [None, *MISTAKES]:
            change_files, words = MISTAKES[name] if name else (lambda files: None, ["check", "--strict", "viec"])
            files, folder = dict(BASE), os.path.join(work, name or "right")
            os.mkdir(folder)
            change_files(files)
            make(folder, files)
            said = [say(folder, words, lang) for lang in ("en", "vi")]
            if name is None:
                wrong = said != ["", ""]
            else:
                shown = "<!-- mistake: %s -->\n\n```text\n%s```\n\n```text\n%s```\n" % (name, *said)
                wrong = shown not in page
                if os.environ.get("UPDATE") == "1":
                    page = re.sub(r"<!-- mistake: %s -->\n(\n```text\n.*?```\n){0,2}" % name, lambda m: shown, page, flags=re.S)
            if wrong:
                print("mistakes: %s: not as %s shows it:\n%s" % (name or "the job without a mistake", PAGE, "".join(said)))
            passed, failed = passed + (not wrong), failed + wrong
    if os.environ.get("UPDATE") == "1":
        with open(PAGE, "w", encoding="utf-8") as f:
            f.write(page)
    missing = [m for m in MISTAKES if "<!-- mistake: %s -->" % m not in page]
    if missing:
        print("mistakes: %s lacks %s" % (PAGE, missing))
    print("%d passed, %d failed" % (passed, failed + len(missing)))
    sys.exit(failed > 0 or missing != [])


main()
