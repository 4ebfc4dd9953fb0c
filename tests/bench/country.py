#!/usr/bin/env python3
"""A country of communes to measure with: country.py [--seed N] [--figures] UNITS DIR makes the job folder DIR.

34 provinces and UNITS communes with made-up names, each with the year-end report of the sample bao-cao-cchc-quang-tho-2023 at the full length
that such a report has in an office (about 23 pages: 130 blocks, a table of 19 rows, an appendix of 130 rows). A commune's own texts are the
sample's, with its own names, figures and dates, and a third as much again of sentences put together by chance: no two communes share a
paragraph of the texts. The figures agree with each other as the form asks, so that a run has nothing to withhold.
--figures: registers and figures alone, with a document of a unit without any, for `check`. The same seed gives the same bytes."""
import argparse, os, random, re, sys

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../samples/bao-cao-cchc-quang-tho-2023")
PROVINCES = 34
CHARACTERS_TO_ADD = 8500  # the sample's texts are 19,000 characters, a full report's 27,500

FIRST = "An Bình Cẩm Châu Đại Đông Gia Hải Hòa Hồng Hưng Khánh Kim Lâm Long Lương Minh Mỹ Nam Nghĩa Ngọc Ninh Phong Phú Phước Quang Sơn Tam Tân Tây Thanh Thành Thạnh Thiện Thuận Thượng Trung Trường Tường Vạn Văn Vĩnh Xuân Yên".split()
SECOND = "An Bảo Bình Cát Châu Cường Điền Định Đức Giang Hà Hải Hiệp Hòa Hội Hưng Khê Lạc Lâm Lập Lộc Lợi Luân Mỹ Nguyên Ninh Phong Phú Phúc Quý Sơn Tâm Tân Thái Thắng Thịnh Thọ Thủy Tiến Trạch Trung Tú Văn Vinh".split()
FAMILY, MIDDLE, GIVEN = "Trần Nguyễn Lê Phạm Hoàng Võ Đặng Bùi Đỗ Hồ".split(), "Văn Thị Hữu Đình Quốc Xuân Ngọc Minh".split(), "Thử Mẫu Nghiệm Ví Phỏng Giả Tập Nháp Khuôn Dựng".split()

WHO = ["Công chức Văn phòng - Thống kê", "Bộ phận Tiếp nhận và Trả kết quả", "Tổ công nghệ số cộng đồng thôn {thon}", "Lãnh đạo Ủy ban nhân dân xã", "Công chức Tư pháp - Hộ tịch",
       "Công chức Địa chính - Xây dựng", "Cán bộ phụ trách truyền thanh", "Đoàn thanh niên thôn {thon}", "Chi hội phụ nữ thôn {thon}", "Ban cán sự thôn {thon}", "Công chức Tài chính - Kế toán",
       "Công chức Văn hóa - Xã hội", "Nhóm hướng dẫn tại quầy", "Thường trực Ủy ban nhân dân xã"]
DOES = ["soát lại danh mục việc đã giao theo từng tuần và ghi rõ lý do của việc còn chậm", "mở thêm một buổi hướng dẫn vào sáng thứ bảy cho người bận làm đồng", "in lại bảng chỉ dẫn bằng chữ lớn và đặt ở lối vào trụ sở",
        "gọi điện báo trước cho người nộp khi hồ sơ còn thiếu giấy tờ", "ghi sổ những câu hỏi gặp nhiều lần để soạn thành tờ hỏi đáp", "đối chiếu dữ liệu trên phần mềm với sổ giấy vào ngày cuối tháng",
        "tập huấn lại cách dùng phần mềm cho người mới nhận việc", "lấy ý kiến của trưởng thôn trước khi sửa quy trình nội bộ", "đăng lịch tiếp công dân và lịch nghỉ lễ trên trang thông tin điện tử",
        "rút bớt một bước trình ký trong việc xác nhận giấy tờ thông thường", "kiểm tra đường truyền và máy quét vào đầu giờ mỗi ngày", "đến từng nhà giúp người cao tuổi cài đặt và dùng tài khoản định danh",
        "lập bảng theo dõi hồ sơ sắp đến hạn và nhắc người phụ trách trước hai ngày", "chuyển hồ sơ đã số hóa vào kho dùng chung để các bộ phận cùng tra cứu", "gửi phiếu hỏi ý kiến bằng tin nhắn sau khi trả kết quả",
        "dành một góc ở nhà văn hóa thôn {thon} để người dân dùng máy tính", "đọc trên loa truyền thanh các thủ tục vừa thay đổi vào giờ nghỉ trưa", "bàn giao công việc bằng văn bản khi có người đi học hoặc nghỉ phép"]
SO = ["nhờ vậy người dân không phải đi lại nhiều lần", "các bộ phận không còn hỏi lại nhau cùng một việc", "số hồ sơ phải bổ sung giảm rõ so với đầu năm", "người mới làm quen việc nhanh hơn trước",
      "cách làm này được các thôn khác học theo", "kết quả được nêu trong phiên giao ban tháng {thang}", "việc chậm được nhìn thấy sớm và có người chịu trách nhiệm", "thời gian chờ tại quầy ngắn lại trong những ngày đông người",
      "ý kiến của người dân được trả lời ngay trong tuần", "giấy tờ lưu trữ tìm thấy trong vài phút", "người cao tuổi đã tự nộp được những hồ sơ đơn giản", "tinh thần phục vụ được người dân ghi nhận",
      "không để việc của tháng trước sang tháng sau", "lãnh đạo xã nắm được tình hình mà không cần thêm báo cáo giấy"]


def read(name):
    with open(os.path.join(SAMPLE, name), encoding="utf-8") as f:
        return f.read()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        f.write(text)


def dots(n):
    return "{:,}".format(n).replace(",", ".")


def per_cent(a, b):
    """a of b in hundredths of a per cent, half away from zero, as an office writes it."""
    n = (a * 20000 + b) // (2 * b)
    return "%d,%02d" % (n // 100, n % 100)


def figures(rnd):
    """Code → figure as it is typed. What the form adds up adds up; what is only for districts does not apply."""
    v = {}
    tasks, given, propaganda = rnd.randint(18, 60), rnd.randint(40, 180), rnd.randint(4, 15)
    own, district, province = rnd.randint(95, 150), rnd.randint(60, 120), rnd.randint(20, 60)
    staff, same, other = rnd.randint(17, 25), rnd.randint(1, 9), rnd.randint(40, 90)
    level3, level4 = rnd.randint(40, 90), rnd.randint(30, 70)
    late, flaws, ideas = rnd.randint(0, 3), rnd.randint(0, 9), rnd.randint(0, 12)
    part3 = rnd.randint(3000, 6000)
    sent = rnd.randint(700, 4200)
    v.update({"1.1.1": tasks, "1.1.2": tasks - rnd.randint(0, 4), "1.1.3": rnd.randint(12, 60), "1.2.1": rnd.randint(1, 4), "1.2.2": rnd.randint(1, 4), "1.2.3": flaws, "1.2.4": max(0, flaws - rnd.randint(0, 2)),
              "1.3": given, "1.3.1": given, "1.3.2": given - late, "1.3.3": late, "1.4.1": rnd.randint(300, 3000), "1.4.2": rnd.randint(0, 2), "1.5": 1, "1.6": ideas, "1.6.1": ideas, "1.6.2": 0,
              "1.7": propaganda, "1.7.1": propaganda, "1.7.2": propaganda - rnd.randint(0, 2), "1.7.3": rnd.randint(3, 8)})
    acts = rnd.randint(1, 6)
    v.update({"2.1": acts, "2.2": acts, "2.3": acts + rnd.randint(0, 9), "2.4": 0, "2.5": 0, "2.6": rnd.randint(1, 3), "2.7": rnd.randint(0, 2)})
    whole = own + district + province
    v.update({"3.1": own, "3.1.1": own, "3.1.2": own, "3.1.3": 12, "3.2": whole, "3.2.1": rnd.randint(0, 20), "3.2.2": rnd.randint(0, 20), "3.2.3": whole, "3.2.3/1": province, "3.2.3/2": district, "3.2.3/3": own,
              "3.3.1": whole, "3.3.2": level3 + level4, "3.4": same + other, "3.4.1": same, "3.4.2": other, "3.4.3": "100", "3.4.4": per_cent(own - rnd.randint(0, 9), own),
              "3.5.1": "KAD", "3.5.2": "KAD", "3.5.3": per_cent(sent - rnd.randint(0, 30), sent), "3.5.4": per_cent(sent - rnd.randint(0, 60), sent), "3.5.5": "100", "3.5.6": per_cent(sent - rnd.randint(0, 99), sent),
              "3.6.1": whole, "3.6.2": level3 + level4, "3.6.3": rnd.randint(20, level3 + level4), "3.6.4": whole, "3.6.5": sent})
    v.update({c: "KAD" for c in "4.1.1 4.1.2 4.1.3 4.1.4 4.1.4/1 4.1.4/2 4.3.1 4.3.2 4.3.3 4.3.4 5.1.2 5.2.3 5.3.2 5.4.1 5.4.2 7.7.1 7.6.1/1".split()})
    v.update({"4.2": staff, "4.2.1": staff, "4.2.2": staff, "4.2.3": rnd.randint(0, 4), "4.2.4": 0, "4.2.5": per_cent(rnd.randint(0, 3), staff)})
    v.update({c: 0 for c in "5.1.3 5.2.1 5.2.2 5.2.4 5.2.5 5.4.3 6.1 6.2 6.4 6.5".split()})
    v.update({"5.1.1": 1, "5.3.1": rnd.randint(0, 1), "6.3": rnd.randint(0, 3)})
    v.update({"7.1": 1, "7.2": 2, "7.3": rnd.randint(1, 2), "7.4": 1, "7.5": rnd.randint(1, 2), "7.6": sent, "7.6.1": sent, "7.6.1/2": "100", "7.6.2": sent, "7.6.2/1": "100", "7.6.2/2": "0", "7.7.2": "100",
              "7.8.1": level3, "7.8.2": level4, "7.8.3": "%d,%02d" % (part3 // 100, part3 % 100), "7.8.4": "%d,%02d" % ((9900 - part3) // 100, (9900 - part3) % 100)})
    return {c: str(n) for c, n in v.items()}


NOTES = {"1.1.1": "Theo kế hoạch của xã và nhiệm vụ cấp trên giao", "1.1.2": "Hoàn thành {1.1.2}/{1.1.1} nhiệm vụ của kế hoạch năm 2023", "1.2.2": "Có kế hoạch giám sát của Hội đồng nhân dân xã {ten}",
         "1.3": "{1.3.2}/{1.3.1} ý kiến chỉ đạo hoàn thành trước hạn và đúng hạn", "2.6": "Chỉ áp dụng cho cấp xã", "2.7": "Chỉ áp dụng cho cấp xã",
         "3.1.3": "Hằng tháng đăng công khai tiến độ, kết quả giải quyết hồ sơ trên Trang TTĐT của xã {ten}", "3.2": "Theo quyết định công bố của UBND tỉnh {tinh}, thống kê theo cấp quản lý",
         "3.3.1": "Theo quyết định công bố của UBND tỉnh {tinh}, thống kê theo cấp quản lý", "3.4": "Theo quyết định công bố của UBND tỉnh {tinh}, thống kê theo cấp quản lý"}


class Commune:
    def __init__(self, rnd, code, name, province, parent):
        self.rnd, self.code, self.name, self.province, self.parent = rnd, code, name, province, parent
        self.number, self.day = rnd.randint(100, 399), rnd.randint(11, 19)
        self.chair = " ".join((rnd.choice(FAMILY), rnd.choice(MIDDLE), rnd.choice(GIVEN)))
        self.hamlets = rnd.sample(FIRST, 8)
        self.v = figures(rnd)

    def place(self, text):
        """The sample's text with this commune's names and dates."""
        rnd = self.rnd
        text = text.replace("quangtho.thuathienhue", "xa%s.vidu" % self.code).replace("Quảng Thọ", self.name).replace("huyện Quảng Điền", "tỉnh " + self.province)
        text = text.replace("Thừa Thiên Huế", self.province).replace("của huyện và", "của cấp trên và")
        text = re.sub(r"Kế hoạch số (\d+)/KH-UBND", lambda m: "Kế hoạch số %02d/KH-UBND" % (1 + (int(m[1]) * 7 + self.number) % 290), text)
        staff = int(self.v["4.2.2"])
        text = text.replace("có 20 người trình độ đại học", "có %d người trình độ đại học" % staff)
        middle = rnd.randint(staff // 2, staff - 2)
        text = re.sub(r"cao cấp 01 người, .* 80%", "cao cấp 01 người, chiếm tỷ lệ %s%%; trung cấp %02d người, chiếm tỷ lệ %s%%" % (per_cent(1, staff), middle, per_cent(middle, staff)), text)
        whole, some = rnd.randint(4000, 9000), 0
        for old in ("6.548/6.971 nhân khẩu, đạt 93,93", "4.222/6.225 nhân khẩu, đạt 67,82"):
            some = rnd.randint(whole // 2, whole)
            text = text.replace(old, "%s/%s nhân khẩu, đạt %s" % (dots(some), dots(whole), per_cent(some, whole)))
        a, b = rnd.randint(300, 800), rnd.randint(200, 700)
        text = text.replace("1.065/1.959", "%s/%s" % (dots(a + b), dots(a + b + rnd.randint(200, 1500)))).replace("615 tài", "%d tài" % a).replace("450 tài", "%d tài" % b)
        text = text.replace("mức độ 3 mới đạt", "một phần mới đạt").replace("mức độ 4 đạt", "toàn trình đạt")
        return text.replace("130 TTHC", "%s TTHC" % self.v["3.1.2"]).replace("2.018 địa chỉ", "%s địa chỉ" % dots(rnd.randint(1500, 4000))).replace("139 bài", "%d bài" % rnd.randint(60, 300))

    def sentence(self):
        rnd = self.rnd
        words = "%s %s, %s." % (rnd.choice(WHO), rnd.choice(DOES), rnd.choice(SO))
        return words.replace("{thon}", rnd.choice(self.hamlets)).replace("{thang}", str(rnd.randint(2, 11)))

    def texts(self):
        """Slot → text. Sentences go behind paragraphs that end with one, until the report is as long as it should be."""
        slots = [(s, [self.place(p) for p in t.split("\n\n")]) for s, t in TEXTS]
        open_to = [(ps, i) for _, ps in slots for i, p in enumerate(ps) if p.rstrip().endswith(".") and not p.startswith("+")]
        left = CHARACTERS_TO_ADD
        used = set()
        while left > 0:
            for ps, i in self.rnd.sample(open_to, 24):
                s = self.sentence()
                if left <= 0 or s in used:
                    continue
                used.add(s)
                ps[i] = ps[i].rstrip() + " " + s
                left -= len(s)
        return [(s, "\n\n".join(p.rstrip() for p in ps) + "\n") for s, ps in slots]


TEXTS = sorted((n[:-4], read("noi-dung/" + n)) for n in os.listdir(os.path.join(SAMPLE, "noi-dung")))
EQUIPMENT = [l.split(";") for l in read("thiet-bi.csv").splitlines()[1:]]
TASKS = read("nhiem-vu.csv").splitlines()[1:]

JOB = """<?xml version="1.0" encoding="UTF-8"?>
<job name="ca-nuoc" period="2023" date="2023-12-20" state="issued" mode="paper">
  <form id="cchc-xa-2023"/>
  <units file="don-vi.csv"/>
  <data table="document" file="van-ban.csv"/>
  <data table="recipients" file="noi-nhan.csv"/>
  <values file="so-lieu/*.csv" received="2023-12-10"/>
%s</job>
"""
WHOLE = """  <data table="thiet-bi" file="thiet-bi.csv"/>
  <data table="nhiem-vu" file="nhiem-vu.csv"/>
  <narrative dir="noi-dung"/>
  <document id="bao-cao-cchc" template="bao-cao-cchc" units="level:xa"/>
"""
TABLE = '  <document id="bao-cao-cchc" template="bang" units="level:xa"/>\n'
FIGURES = '  <document id="bao-cao-cchc" template="bao-cao-cchc" units="tinh-34" data="own"/>\n'


def communes(rnd, units):
    names = [a + " " + b for a in FIRST for b in SECOND if a != b]
    provinces = rnd.sample(names, PROVINCES)
    for p, province in enumerate(provinces):
        count = units * (p + 1) // PROVINCES - units * p // PROVINCES
        for i, name in enumerate(rnd.sample(names, count)):
            yield p, Commune(rnd, str(10001 + units * p // PROVINCES + i), name, province, "tinh-%02d" % (p + 1))


def make(dir, units, seed=1, figures_only=False, table_only=False):
    figures_only = figures_only or table_only
    rnd = random.Random(seed)
    reports = open_all(dir, figures_only)
    if table_only:
        write(dir + "/job.xml", JOB % TABLE)
        write(dir + "/templates/bang.xml", table_template())
    last = -1
    for p, c in communes(rnd, units):
        if p != last:
            last = p
            reports["units"].write("%s;tỉnh %s;tỉnh;tinh;;000.00.00.H%02d;%s\n" % (c.parent, c.province, p + 1, c.province))
            values = reports["values"](p)
        reports["units"].write("%s;xã %s;xã;xa;%s;000.%02d.%02d.H%02d;%s\n" % (c.code, c.name, c.parent, int(c.code) // 100 % 100, int(c.code) % 100, p + 1, c.name))
        reports["document"].write("%s;bao-cao-cchc;%d;2023-12-%02d;TM. ỦY BAN NHÂN DÂN;CHỦ TỊCH;%s;VT\n" % (c.code, c.number, c.day, c.chair))
        for i, who in enumerate(("Ủy ban nhân dân tỉnh " + c.province, "Sở Nội vụ tỉnh " + c.province)):
            reports["recipients"].write("%s;bao-cao-cchc;addressee;%s;000.%02d.00.H%02d;%d\n" % (c.code, who, i, p + 1, i + 1))
        for i, who in enumerate(("Như trên", "Ban Thường vụ Đảng ủy xã", "Thường trực HĐND xã", "CT, các PCT UBND xã", "Trang TTĐT xã")):
            reports["recipients"].write("%s;bao-cao-cchc;recipient;%s;;%d\n" % (c.code, who, i + 1))
        for code, figure in c.v.items():
            note = NOTES.get(code, "")
            for k in re.findall(r"\{([\d.]+)\}", note):
                note = note.replace("{%s}" % k, c.v[k])
            values.write("%s;%s;%s;%s\n" % (c.code, code, figure, note.replace("{ten}", c.name).replace("{tinh}", c.province)))
        if not figures_only:
            write_own(dir, reports, c)
    for f in reports["files"]:
        f.close()


def table_template():
    """The report's appendix of 130 rows alone: one workbook, hardly any text."""
    with open(os.path.join(SAMPLE, "../../templates/bao-cao-cchc.xml"), encoding="utf-8") as f:
        report = f.read()
    appendix = report[report.index("  <appendix "):]
    return """<?xml version="1.0" encoding="UTF-8"?>
<template id="bang" kind="BC" form="cchc-xa-2023">
  <about lang="vi">Phụ lục thống kê</about>
  <subject>Số liệu cải cách hành chính {period_name}</subject>
  <body><include part="letterhead"/><include part="title"/><p>Số liệu tại <ref to="thong-ke"/>.</p><include part="signature"/></body>
""" + appendix


def write_own(dir, reports, c):
    for row in EQUIPMENT:
        reports["thiet-bi"].write("%s;%s;%s;%02d;%s;%s\n" % (c.code, row[0], row[1], max(1, int(row[2]) + c.rnd.randint(-1, 6)), row[3], row[4]))
    for row in TASKS:
        reports["nhiem-vu"].write("%s;%s\n" % (c.code, row[:-2] + ' của xã %s."' % c.name if row.endswith('."') else row))
    for slot, text in c.texts():
        write("%s/noi-dung/%s/%s.txt" % (dir, c.code, slot), text)


def open_all(dir, figures_only):
    if os.path.exists(dir):
        sys.exit("%s: there already" % dir)
    files = []

    def begin(name, head):
        os.makedirs(os.path.dirname(os.path.join(dir, name)), exist_ok=True)
        files.append(open(os.path.join(dir, name), "w", encoding="utf-8", newline="\n"))
        files[-1].write(head + "\n")
        return files[-1]

    write(dir + "/job.xml", JOB % (FIGURES if figures_only else WHOLE))
    out = {"files": files, "units": begin("don-vi.csv", "Mã;Tên;Loại;Cấp;Trực thuộc;Mã định danh;Địa danh"), "document": begin("van-ban.csv", "Đơn vị;Văn bản;Số;Ngày ban hành;Quyền hạn;Chức vụ;Người ký;Lưu"),
           "recipients": begin("noi-nhan.csv", "Mã đơn vị;Văn bản;Vai trò;Nơi nhận;Mã định danh;Thứ tự"),
           "values": lambda p: begin("so-lieu/tinh-%02d.csv" % (p + 1), "Mã đơn vị;Mã chỉ tiêu;Số liệu;Ghi chú")}
    if not figures_only:
        out["thiet-bi"] = begin("thiet-bi.csv", "Mã đơn vị;STT;Loại trang thiết bị, phần mềm CNTT;Số lượng;Đơn vị tính;Ghi chú")
        out["nhiem-vu"] = begin("nhiem-vu.csv", "Mã đơn vị;STT;Nhiệm vụ")
    return out


if __name__ == "__main__":
    arg = argparse.ArgumentParser(description="A country of communes to measure with.")
    arg.add_argument("--seed", type=int, default=1)
    arg.add_argument("--figures", action="store_true", help="registers and figures alone")
    arg.add_argument("units", type=int)
    arg.add_argument("dir")
    a = arg.parse_args()
    make(a.dir, a.units, a.seed, a.figures)
