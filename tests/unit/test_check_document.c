/* Rules on words: each fires on a true mistake, and none on the places that are right. tests/check.d/40-rules.sh reads POSITIVE and NEGATIVE. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "batch/batch_int.h"
#include "check/check.h"
#include "doc_make.h"
#include "store_make.h"

typedef enum where { BODY, CELL, APPENDIX } where;
typedef struct text_case { const char *rule; bool fires; const char *text; where where; const char *kind; vb_date date; } text_case;
#define POSITIVE(rule, text) rule, true, text
#define NEGATIVE(rule, text) rule, false, text
#define IN_2023 BODY, "BC", {2023, 12, 6}
#define PLAN_2023 BODY, "KH", {2023, 2, 2}
#define PLAN_2020 BODY, "KH", {2020, 12, 24}

static vb_registers *words; /* as shipped */

static const text_case cases[] = {
    {POSITIVE("W01", "theo quy định của cấp cấp xã và huyện"), IN_2023},
    {POSITIVE("W01", "báo cáo kết kết quả"), IN_2023},
    {POSITIVE("W01", "Ủy ban nhân dân xã XÃ"), IN_2023},
    {NEGATIVE("W01", "triển khai song song với cải cách chế độ công vụ"), IN_2023},
    {NEGATIVE("W01", "xử lý nghiêm các hành vi vi phạm pháp luật"), IN_2023},
    {NEGATIVE("W01", "do Ủy ban ban hành"), IN_2023},
    {NEGATIVE("W01", "phục vụ Nhân dân, dân chủ, công khai"), IN_2023},
    {NEGATIVE("W01", "thực hiện nội quy, quy chế cơ quan"), IN_2023},
    {NEGATIVE("W01", "cơ chế một cửa, một cửa liên thông; tiêu chí, tiêu chí thành phần"), IN_2023},
    {NEGATIVE("W01", "xây dựng cả hệ thống thống nhất, trong năm năm tới"), IN_2023},
    {NEGATIVE("W01", "viết “của của” là sai"), IN_2023},
    {POSITIVE("W01", "phục vụ vụ lợi"), IN_2023}, /* one of the two is no word that the registers know */
    {NEGATIVE("W01", "phục vụ vụ việc, rất rất nhiều, ngày ngày"), IN_2023},
    {POSITIVE("W02", "cài đặt phầm mềm quản lý văn bản"), IN_2023},
    {POSITIVE("W02", "xử lý công chức quan liêu, tặc trách"), IN_2023},
    {POSITIVE("W02", "Phần đầu đạt từ 35% hồ sơ"), IN_2023},
    {POSITIVE("W02", "khắc phục tồn tại sau thành tra"), IN_2023},
    {POSITIVE("W02", "Báo cáo 6 háng, năm"), IN_2023},
    {POSITIVE("W02", "Chất lượng công thông tin điện tử"), IN_2023},
    {POSITIVE("W02", "các ban nghành liên quan"), IN_2023},
    {NEGATIVE("W02", "Phần đầu của báo cáo nêu 959 hộ, 450 tài khoản, dịch vụ công thông tin kịp thời"), IN_2023},
    {NEGATIVE("W02", "thôn Thành Công, xã Tân Thanh, huyện Kim Bảng"), IN_2023},
    {NEGATIVE("W02", "văn hoá, văn hóa; uỷ ban, ủy ban; viết “phầm mềm” là sai"), IN_2023},
    {POSITIVE("W03", "để nâng hiệu lực, hiệu quản lý nhà nước"), IN_2023},
    {NEGATIVE("W03", "hiệu lực, hiệu quả quản lý; khẩu hiệu tuyên truyền"), IN_2023},
    {NEGATIVE("W03", "công tác tuyên\ntruyền, phổ biến"), IN_2023},
    {POSITIVE("M03", "chủ trì lĩnh vực cải cách hành chính công"), IN_2023},
    {POSITIVE("M03", "kết quả chỉ số Cải cách hành chính 2022"), IN_2023},
    {POSITIVE("M03", "dịch vụ công mức 3,4"), PLAN_2020},
    {NEGATIVE("M03", "cải cách hành chính công khai, minh bạch; trung tâm phục vụ hành chính công"), IN_2023},
    {NEGATIVE("M03", "Chỉ số cải cách hành chính năm 2022; “cải cách hành chính công”"), IN_2023},
    {POSITIVE("W08", "giải quyết TTHC; tự kiểm tra CCHC, kiểm soát TTTC"), IN_2023},
    {POSITIVE("W08", "Chất lượng của LĐTĐ&XH"), IN_2023},
    {POSITIVE("W08", "xử lý PA,KN thuộc thẩm quyền"), IN_2023},
    {POSITIVE("W08", "danh sách CB, CC của UBND xã"), IN_2023},
    {NEGATIVE("W08", "TTHC, CBCC, PAKN; UBND, HĐND; LĐTB&XH; Chương trình số 164/CTr-UBND; trung tâm thể chất (TTTC), các TTTC"), IN_2023},
    {NEGATIVE("W08", "QUY ĐỊNH TTTC KÈM THEO"), IN_2023},
    {POSITIVE("M01", "kết quả của xã Quãng Thọ"), IN_2023},
    {NEGATIVE("M01", "xã Quảng Thọ, xã Quảng Phú và xã Hương Thọ; “xã Quãng Thọ”"), IN_2023},
    {POSITIVE("M02", "Bộ phận Văn phòng - Thống kê chủ trì; gửi Văn phòng Thống kê"), IN_2023},
    {POSITIVE("M02", "Văn phòng – Nội vụ chủ trì; gửi Văn phòng, nội vụ"), IN_2023},
    {NEGATIVE("M02", "Văn phòng - Thống kê, Văn phòng – Thống kê; công tác văn phòng, thống kê; Văn phòng Nội vụ"), IN_2023},
    {POSITIVE("C04", "Thực hiện Nghị định số 43/2011/NĐ-CP ngày 13/6/2011 của Chính phủ về dịch vụ công trực tuyến"), IN_2023},
    {NEGATIVE("C04", "Thực hiện Nghị định số 42/2022/NĐ-CP ngày 24/6/2022 của Chính phủ về dịch vụ công trực tuyến; Nghị định số 61/2018/NĐ-CP ngày 23/4/2018"), IN_2023},
    {POSITIVE("S01", "sắp xếp thôn, tổ dân phố"), IN_2023},
    {NEGATIVE("S01", "sắp xếp thôn; Quyết định số 12/QĐ-UBND về sắp xếp tổ dân phố"), IN_2023},
    {POSITIVE("W04", "ký số và ban hành): năm 2022 đạt 1,6/2 điểm"), IN_2023},
    {POSITIVE("W04", "theo quyết định (đã ban hành"), IN_2023},
    {POSITIVE("W04", "phong trào “Dân vận khéo"), IN_2023},
    {NEGATIVE("W04", "a) Chỉ tiêu; b) Nhiệm vụ; c) Giải pháp"), IN_2023},
    {NEGATIVE("W04", "Phấn đấu (từ 95% trở lên (tối thiểu))"), IN_2023},
    {NEGATIVE("W04", "(một)\nhai (ba\nbốn)"), CELL, "BC", {2023, 12, 6}},
    {POSITIVE("W09", "Tỷ lệ hồ sơ mức độ 4 đạt 43%"), IN_2023},
    {NEGATIVE("W09", "dịch vụ công mức độ 3, mức độ 4"), PLAN_2020},
    {NEGATIVE("W09", "Tổng số TTHC cung cấp trực tuyến mức độ 3"), CELL, "BC", {2023, 12, 6}},
    {NEGATIVE("W09", "Quyết định số 12/QĐ-UBND ngày 05/3/2020 về dịch vụ công mức độ 3; kết quả tốt"), IN_2023},
    {POSITIVE("W13", "UBND  xã"), IN_2023},
    {POSITIVE("W13", "công khai , minh bạch"), IN_2023},
    {NEGATIVE("W13", "công khai, minh bạch (theo mẫu)."), IN_2023},
    {POSITIVE("C02", "theo Nghị định 61/2018/NĐ-CP"), IN_2023},
    {NEGATIVE("C02", "theo Nghị định số 61/2018/NĐ-CP"), IN_2023},
    {NEGATIVE("C02", "Nghị quyết 18-NQ/TW, Kế hoạch 69-KH/TU"), IN_2023},
    {NEGATIVE("C02", "Chương trình số 164/CTr-UBND; Quyết định số 468/QĐ-TTg ngày 27/3/2021"), IN_2023},
    {NEGATIVE("C02", "20 % không hoàn thành, đạt 1,6/2 điểm; 5.320.000 đồng = 720.000 + 2.100.000 + 2.500.000"), IN_2023},
    {NEGATIVE("C02", "Luật Ban hành văn bản quy phạm pháp luật"), IN_2023},
    {POSITIVE("C03", "thực hiện quyết định số 468/QĐ-TTg"), IN_2023},
    {NEGATIVE("C03", "thực hiện Quyết định số 468/QĐ-TTg; ban hành 05 quyết định"), IN_2023},
    {POSITIVE("D02", "hoàn thành trong tháng 01/2023"), PLAN_2023},
    {POSITIVE("D02", "Trước 15/11/2020"), PLAN_2020},
    {NEGATIVE("D02", "Trước 31/12/2020"), PLAN_2020},
    {NEGATIVE("D02", "tăng so với quý I/2022"), PLAN_2023},
    {NEGATIVE("D02", "hoàn thành trong tháng 01/2023"), BODY, "KH", {2023, 1, 31}}, /* its last day */
    {POSITIVE("D02", "hoàn thành trong tháng 02/2024"), BODY, "KH", {2024, 3, 1}},
    {NEGATIVE("D02", "hoàn thành trong quý IV/2023"), BODY, "KH", {2023, 12, 31}},
    {NEGATIVE("D02", "hoàn thành trong quý I/2023"), PLAN_2023},
    {NEGATIVE("D02", "trong quý I/2022 đã nhận 12 hồ sơ"), IN_2023},
    {POSITIVE("D02", "Trước ngày 15/01/2023 gửi báo cáo"), PLAN_2023},
    {POSITIVE("D02", "UBND xã báo cáo kết quả đánh giá trước ngày 15/01/2023"), PLAN_2023},
    {POSITIVE("D02", "UBND xã hoàn thành trong tháng 01/2023"), PLAN_2023},
    {NEGATIVE("D02", "hồ sơ đã nộp trước ngày 15/01/2023"), PLAN_2023},
    {NEGATIVE("D02", "Trước ngày 02/02/2023 gửi báo cáo"), PLAN_2023}, /* the day of the plan itself */
    {NEGATIVE("D02", "Ngày 15/01/2023 đã họp"), PLAN_2023},
    {NEGATIVE("D02", "phát huy kết quả tháng 01/2023; số liệu từ tháng 01/2023"), PLAN_2023},
    {NEGATIVE("D02", "theo đánh giá tháng 01/2023; việc đã xong tháng 01/2023"), PLAN_2023},
    {POSITIVE("D02", "kết quả kiểm tra của đoàn liên ngành phải xong trong tháng 01/2023"), PLAN_2023}, /* too far before it */
    {NEGATIVE("D02", "xong trong tháng 13/2022, quý V/2022"), PLAN_2023}, /* no such month, no such quarter */
    {POSITIVE("D05", "ngày 5/3/2020"), IN_2023},
    {POSITIVE("D05", "ngày 15/1/2020"), IN_2023},
    {POSITIVE("D05", "5/3/2020"), IN_2023},
    {NEGATIVE("D05", "ngày 31/4/2020, ngày 5/13/2020"), IN_2023}, /* no such days */
    {NEGATIVE("D05", "số 5/3/2020-BC, mục 2/5/3/2020, lô 1.5/3/2020, ngày 5/3/20"), IN_2023}, /* parts of something longer */
    {NEGATIVE("D05", "ngày 28/9/2022, ngày 05/3/2020, đạt 1,5/3 điểm, xếp thứ 2/16 xã"), IN_2023},
    {NEGATIVE("D05", "ngày 06 tháng 12 năm 2023"), IN_2023},
    {POSITIVE("D03", "mùng hai Tết"), BODY, "BC", {2023, 1, 23}},
    {POSITIVE("D03", "thứ bảy"), BODY, "BC", {2021, 3, 27}},
    {NEGATIVE("D03", "thứ tư"), IN_2023},
    {POSITIVE("F04", "Báo cáo kết quả"), APPENDIX, "BC", {2023, 12, 6}},
    {NEGATIVE("F04", "Số liệu ở Phụ lục kèm theo"), APPENDIX, "BC", {2023, 12, 6}},
    {POSITIVE("F04", "đồng bào dân tộc thiểu số"), APPENDIX, "BC", {2023, 12, 6}},
    {NEGATIVE("F04", "SỐ LIỆU KÈM THEO"), APPENDIX, "BC", {2023, 12, 6}},
    {NEGATIVE("F04", "không có gì"), IN_2023},
    {POSITIVE("F10", "báo cáo (theo mẫu gửi kèm)"), IN_2023},
    {NEGATIVE("F10", "theo mẫu gửi kèm"), APPENDIX, "BC", {2023, 12, 6}},
    {NEGATIVE("F10", "quy chế ban hành kèm theo quyết định của tỉnh"), IN_2023},
    {POSITIVE("D01", "Trong năm 2019 đã tiếp nhận 12 hồ sơ"), IN_2023},
    {POSITIVE("D01", "Năm 2025 đã tiếp nhận 12 hồ sơ"), IN_2023},
    {NEGATIVE("D01", "mục tiêu đến năm 2030; xã thành lập năm 2010; duy trì kể từ năm 2011"), IN_2023},
    {NEGATIVE("D01", "cùng kỳ năm 2021; định hướng năm 2030; trước năm 2016"), IN_2023},
    {NEGATIVE("D01", "nhiệm kỳ năm 2020-2025; nhiệm kỳ năm 2020 - 2025; nhiệm kỳ năm 2020 – 2025"), IN_2023},
    {NEGATIVE("D01", "mã năm 20190, số 2019, 2019 hồ sơ"), IN_2023},
    {POSITIVE("D01", "So với nhiệm vụ được giao thì Trong năm 2019 đã nhận 12 hồ sơ"), IN_2023}, /* too far before it */
    {POSITIVE("D01", "Quý I/2022 hoàn thành; Tháng 11/2022 tổng kết"), PLAN_2023},
    {NEGATIVE("D01", "năm 2022, năm 2023 và kế hoạch năm 2024"), IN_2023},
    {NEGATIVE("D01", "giảm so với năm 2015; giai đoạn 2021 - 2030; ngày 06 tháng 12 năm 2019"), IN_2023},
    {NEGATIVE("D01", "Kế hoạch số 05/KH-UBND ngày 05 tháng 01 năm 2019 về cải cách hành chính năm 2019"), IN_2023},
    {POSITIVE("D01", "hoàn thành trong quý I/2022"), PLAN_2023},
    {POSITIVE("D01", "xong trong tháng 11/2022"), PLAN_2023},
    {NEGATIVE("D01", "tăng so với quý I/2022; hoàn thành trong quý I/2023"), PLAN_2023},
    {POSITIVE("D04", "thực hiện Kế hoạch số 12/KH-UBND ngày 15/12/2023 của huyện"), IN_2023},
    {POSITIVE("D04", "Trong năm đã ban hành Kế hoạch số 12/KH-UBND ngày 15/12/2021"), IN_2023},
    {NEGATIVE("D04", "đã ban hành Kế hoạch số 12/KH-UBND ngày 15/12/2021"), PLAN_2023}, /* a plan counts nothing */
    {NEGATIVE("D04", "đã ban hành văn bản ngày 15/12/2021, 03 văn bản ngày 15/12/2021"), IN_2023}, /* no act of a number */
    {NEGATIVE("D04", "Đã ban hành 03 văn bản; tuyên truyền Kế hoạch số 12/KH-UBND ngày 15/12/2021"), IN_2023}, /* another clause */
    {NEGATIVE("D04", "Đã ban hành 03 văn bản. Tuyên truyền Kế hoạch số 12/KH-UBND ngày 15/12/2021"), IN_2023},
    {NEGATIVE("D04", "Đã ban hành văn bản căn cứ Kế hoạch số 12/KH-UBND ngày 15/12/2021; ban hành văn bản sửa đổi Kế hoạch số 12/KH-UBND ngày 15/12/2021"), IN_2023},
    {NEGATIVE("D04", "Đã ban hành văn bản thay thế Kế hoạch số 12/KH-UBND ngày 15/12/2021; ban hành văn bản triển khai Kế hoạch số 12/KH-UBND ngày 15/12/2021"), IN_2023},
    {NEGATIVE("D04", "Đã ban hành văn bản bãi bỏ Kế hoạch số 12/KH-UBND ngày 15/12/2021; ban hành văn bản hướng dẫn Kế hoạch số 12/KH-UBND ngày 15/12/2021"), IN_2023},
    {NEGATIVE("D04", "thực hiện Kế hoạch số 12/KH-UBND ngày 06/12/2023"), IN_2023}, /* of the same day */
    {NEGATIVE("D04", "đã ban hành Kế hoạch số 12/KH-UBND ngày 15/02/2023 theo Kế hoạch số 9/KH-UBND ngày 30/12/2022"), IN_2023},
    {NEGATIVE("D04", "thực hiện Kế hoạch số 4592/KH-UBND ngày 20/10/2021; có hiệu lực từ ngày 01/7/2024"), IN_2023},
    {POSITIVE("X03", "in tem cho 06 sản phẩm gồm: trà túi lọc; trà sao khô; bột gói; bột hộp; tim sen. Đã bán trên sàn"), IN_2023},
    {POSITIVE("X03", "thực hiện 04 nhiệm vụ sau: (1) rà soát, (2) kiểm tra, (3) báo cáo"), IN_2023},
    {POSITIVE("X03", "4 nhiệm vụ sau đây: rà soát; kiểm tra; báo cáo"), IN_2023},
    {POSITIVE("X03", "02 nhiệm vụ cụ thể: rà soát; kiểm tra; báo cáo"), IN_2023},
    {POSITIVE("X03", "có 02 nhiệm vụ chính là: rà soát; kiểm tra; báo cáo"), IN_2023},
    {POSITIVE("X03", "03 nhiệm vụ gồm có: 1. rà soát; 2. kiểm tra"), IN_2023},
    {NEGATIVE("X03", "02 nhiệm vụ sau: 1. rà soát; 2. kiểm tra. Ngoài ra; còn việc; khác"), IN_2023},
    {NEGATIVE("X03", "02 nhiệm vụ gồm: rà soát; kiểm tra;"), IN_2023},
    {NEGATIVE("X03", "02 nhiệm vụ gồm: (1) rà soát; kiểm tra lại (2) báo cáo; gửi; lưu"), IN_2023},
    {NEGATIVE("X03", "02 xã, các nhiệm vụ gồm: rà soát; kiểm tra; báo cáo"), IN_2023}, /* counts something else */
    {NEGATIVE("X03", "Tại 02 xã đã triển khai đồng bộ và hiệu quả nhiệm vụ gồm: rà soát; kiểm tra; báo cáo"), IN_2023}, /* too far before it */
    {NEGATIVE("X03", "2/16 nhiệm vụ gồm: rà soát; kiểm tra; báo cáo"), IN_2023},
    {NEGATIVE("X03", "nhiệm vụ năm 23 gồm: rà soát; kiểm tra; báo cáo"), IN_2023},
    {NEGATIVE("X03", "102 nhiệm vụ gồm: rà soát; kiểm tra; báo cáo"), IN_2023}, /* nobody lists them all */
    {NEGATIVE("X03", "01 nhiệm vụ gồm: rà soát; kiểm tra; báo cáo"), IN_2023}, /* one task of parts */
    {NEGATIVE("X03", "in tem cho 05 sản phẩm gồm: trà túi lọc; trà sao khô; bột gói; bột hộp; tim sen. Đã bán trên sàn"), IN_2023},
    {NEGATIVE("X03", "Năm 2023 xã có kết quả gồm: rà soát; kiểm tra; báo cáo"), IN_2023},
    {NEGATIVE("X03", "03 nhiệm vụ sau: rà soát, kiểm tra và báo cáo"), IN_2023},
    {POSITIVE("X09", "100% văn bản áp dụng chữ ký số; 90% văn bản được áp dụng chữ ký số điện tử"), IN_2023},
    {NEGATIVE("X09", "100% văn bản áp dụng chữ ký số; 90% hồ sơ chứng thực được nộp qua mạng"), IN_2023},
    {NEGATIVE("X09", "có 20% nhiệm vụ huyện giao không hoàn thành; 90% nhiệm vụ huyện giao hoàn thành"), IN_2023},
    {POSITIVE("X09", "100% hồ sơ TN&TKQ được số hóa đúng hạn; 90% hồ sơ TN&TKQ được số hóa đúng hạn"), IN_2023},
    {NEGATIVE("X09", "100% việc0 việc1 việc2 việc3 việc4 việc5 việc6 việc7 việc8 việc9 việc10 việc11 việc12 việc13 việc14 việc15 việc16 việc17 việc18 việc19 việc20 việc21 việc22 việc23 việc24 việc25 việc26 việc27 việc28 việc29 việc30 việc31 việc32 việc33 việc34 việc35 việc36 việc37 việc38 việc39 việc40 việc41 việc42 việc43 việc44 việc45 việc46 việc47 việc48 việc49 việc50 việc51 việc52 việc53 việc54 việc55 việc56 việc57 việc58 việc59 việc60 việc61 việc62 việc63 việc64 việc65 việc66 việc67 việc68 việc69; 90% việc0 việc1 việc2 việc3 việc4 việc5 việc6 việc7 việc8 việc9 việc10 việc11 việc12 việc13 việc14 việc15 việc16 việc17 việc18 việc19 việc20 việc21 việc22 việc23 việc24 việc25 việc26 việc27 việc28 việc29 việc30 việc31 việc32 việc33 việc34 việc35 việc36 việc37 việc38 việc39 việc40 việc41 việc42 việc43 việc44 việc45 việc46 việc47 việc48 việc49 việc50 việc51 việc52 việc53 việc54 việc55 việc56 việc57 việc58 việc59 việc60 việc61 việc62 việc63 việc64 việc65 việc66 việc67 việc68 việc69"), IN_2023},
    {POSITIVE("W04", "theo mẫu” đã gửi"), IN_2023},
    {NEGATIVE("C02", "Kế hoạch 05/3/2020 của xã"), IN_2023},
    {NEGATIVE("C07", "Kế hoạch của đơn vị về tuyên truyền; Chỉ thị của ai đó"), IN_2023},
    {NEGATIVE("C08", "Quyết định số 12/QĐ-UBND ngày 05/3/2020 của UBND thành phố Huế về việc trên địa bàn huyện"), IN_2023},
    {NEGATIVE("D01", "hoàn thành trong quý tới, quý x/2019"), PLAN_2023},
    {POSITIVE("W06", "Chất lượng của LĐTBXH đạt yêu cầu"), IN_2023},
    {NEGATIVE("W06", "cải cách hành chính (CCHC); công tác CCHC của UBND, HĐND"), IN_2023},
    {NEGATIVE("W06", "PHẦN THỨ NHẤT: KẾT QUẢ, phần I, II, III và XIV"), IN_2023},
    {POSITIVE("W07", "phản ánh, kiến nghị (PAKN) và phản ánh, kiến nghị (PAKN)"), IN_2023},
    {NEGATIVE("W07", "phản ánh, kiến nghị (PAKN); số PAKN đã xử lý"), IN_2023},
    {POSITIVE("L03", "2020-12-24T09:19:46+0700"), IN_2023},
    {POSITIVE("L03", "cải cách&nbsp;hành chính"), IN_2023},
    {NEGATIVE("L03", "TTHC từ 2020-2024, TN&TKQ"), IN_2023},
    {POSITIVE("L04", "đạt …… hồ sơ"), IN_2023},
    {POSITIVE("L04", "ngày … tháng … năm 2023"), IN_2023},
    {NEGATIVE("L04", "tập huấn, hội nghị, v.v…"), IN_2023},
    {NEGATIVE("L04", "……"), CELL, "BC", {2023, 12, 6}},
    {POSITIVE("L04", "(viết ở đây: Về kiểm tra công tác cải cách hành chính)"), IN_2023},
    {POSITIVE("L04", "(ví dụ)"), CELL, "BC", {2023, 12, 6}},
    {NEGATIVE("L05", "người dân viết ở đây ý kiến góp ý (họ tên, địa chỉ)"), IN_2023},
};

static vb_doc *document(const text_case *c) {
  vb_doc *doc = make_doc();
  vb_node *body = make_sequence(doc, VB_SEQ_BODY, NULL, false);
  doc->meta.kind = c->kind;
  doc->meta.date = c->date;
  if (c->where == CELL) {
    vb_node *t = make_table(doc, body, (vb_table_column[1]){{.width = 1000}}, 1);
    make_cell(doc, make_row(doc, t, VB_ROW_DATA), c->text);
  } else {
    make_para(doc, body, VB_STYLE_BODY, c->text);
  }
  if (c->where == APPENDIX) make_para(doc, make_sequence(doc, VB_SEQ_APPENDIX, "Phụ lục", false), VB_STYLE_BODY, "Bảng");
  return doc;
}

static vb_store *empty_store(vb_diag *d, const char *holiday) {
  vb_store *s = NULL;
  assert_int_equal(vb_store_open(d, NULL, &s), VB_OK);
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  if (holiday != NULL) assert_int_equal(STORE_ROW(d, s, "holiday", 2, NULL, holiday, "Nghỉ lễ", ""), VB_OK);
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  return s;
}

/* No rule at all may call a right place an error. */
static void test_cases(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vb_diag *d = vb_diag_new();
    vb_store *s = empty_store(d, NULL);
    vb_doc *doc = document(&cases[i]);
    vb_status st = vb_check_document(d, s, words, doc);
    bool found = false;
    for (const vb_finding *f = vb_diag_first(d); f != NULL; f = f->next) {
      found = found || strcmp(f->rule, cases[i].rule) == 0;
      assert_string_equal(f->unit, "19909");
      assert_string_equal(f->document, "bc-cchc");
    }
    if (found != cases[i].fires) fail_msg("%s: %s", cases[i].rule, cases[i].text);
    if (!cases[i].fires) assert_int_equal(st, VB_OK);
    vb_doc_free(doc);
    vb_store_close(s);
    vb_diag_free(d);
  }
}

static vb_severity first_severity(const text_case *c, const char *holiday, vb_state issue) {
  vb_diag *d = vb_diag_new();
  vb_store *s = empty_store(d, holiday);
  vb_doc *doc = document(c);
  doc->meta.state = issue;
  (void)vb_check_document(d, s, words, doc);
  vb_severity severity = vb_diag_first(d) == NULL ? VB_FATAL : vb_diag_first(d)->severity;
  vb_doc_free(doc);
  vb_store_close(s);
  vb_diag_free(d);
  return severity;
}

static void test_severity_belongs_to_the_condition(void **state) {
  (void)state;
  const text_case plain = {"", true, "xong", BODY, "BC", {2023, 12, 6}}, saturday = {"", true, "xong", BODY, "BC", {2021, 3, 27}};
  const text_case sure = {"", true, "do cấp cấp xã", BODY, "BC", {2023, 12, 6}}, likely = {"", true, "kết kết quả", BODY, "BC", {2023, 12, 6}};
  const text_case gap = {"", true, "đạt ……", BODY, "BC", {2023, 12, 6}};
  assert_int_equal(first_severity(&plain, NULL, VB_STATE_ISSUED), VB_FATAL); /* none */
  assert_int_equal(first_severity(&plain, "2023-12-06", VB_STATE_ISSUED), VB_WARNING);
  assert_int_equal(first_severity(&saturday, NULL, VB_STATE_ISSUED), VB_INFO);
  assert_int_equal(first_severity(&sure, NULL, VB_STATE_ISSUED), VB_ERROR);
  assert_int_equal(first_severity(&likely, NULL, VB_STATE_ISSUED), VB_WARNING);
  assert_int_equal(first_severity(&gap, NULL, VB_STATE_ISSUED), VB_ERROR);
  assert_int_equal(first_severity(&gap, NULL, VB_STATE_DRAFT), VB_FATAL);
  static const text_case unwritten = {POSITIVE("L05", "(viết ở đây: Kiến nghị, đề xuất)"), BODY, "BC", {2023, 12, 6}};
  assert_int_equal(first_severity(&unwritten, NULL, VB_STATE_DRAFT), VB_WARNING);
  static const text_case written = {NEGATIVE("L05", "Kiến nghị, đề xuất"), BODY, "BC", {2023, 12, 6}};
  assert_int_equal(first_severity(&written, NULL, VB_STATE_DRAFT), VB_FATAL);
}

/* The first finding is of the rule, and its message holds the text. */
static void assert_told(const text_case *c, const char *text) {
  vb_diag *d = vb_diag_new();
  vb_store *s = empty_store(d, NULL);
  vb_doc *doc = document(c);
  assert_int_equal(vb_check_document(d, s, words, doc), VB_OK);
  assert_string_equal(vb_diag_first(d)->rule, c->rule);
  assert_non_null(strstr(vb_diag_first(d)->args[0], text));
  vb_doc_free(doc);
  vb_store_close(s);
  vb_diag_free(d);
}

/* A word of the lexicon with any figure is shown with the one that stands there. */
static void test_figure_in_the_hint(void **state) {
  (void)state;
  assert_told(&(text_case){POSITIVE("W02", "Báo cáo 6 háng, năm"), IN_2023}, "“6 tháng”?");
}

/* What stands around a mistake is told in whole words. */
static void test_extract(void **state) {
  (void)state;
  assert_told(&(text_case){POSITIVE("D01", "phải rà soát trong quý I/2022 và quý III/2023"), PLAN_2023}, "“trong quý I/2022 và quý”");
  assert_told(&(text_case){POSITIVE("D01", "rà soát\nquý I/2022\nxong"), PLAN_2023}, "“quý I/2022”");
  assert_told(&(text_case){POSITIVE("D01", "(quý I/2022), 45.000.000 đồng"), PLAN_2023}, "“(quý I/2022),”");
  assert_told(&(text_case){POSITIVE("D01", "rà soát-rồi-quý I/2022-xong-rồi-mới"), PLAN_2023}, "“soát-rồi-quý I/2022”");
}

/* Words of two cells, or of two paragraphs, are not neighbours. */
static void test_boundaries(void **state) {
  (void)state;
  vb_diag *d = vb_diag_new();
  vb_store *s = empty_store(d, NULL);
  vb_doc *doc = make_doc();
  vb_node *body = make_sequence(doc, VB_SEQ_BODY, NULL, false);
  vb_node *row = make_row(doc, make_table(doc, body, (vb_table_column[2]){{.width = 500}, {.width = 500}}, 2), VB_ROW_DATA);
  make_cell(doc, row, "HĐND và của");
  make_cell(doc, row, "của Nghị quyết");
  make_para(doc, body, VB_STYLE_BODY, "Nghị quyết của");
  make_para(doc, body, VB_STYLE_BODY, "của xã");
  assert_int_equal(vb_check_document(d, s, words, doc), VB_OK);
  assert_null(vb_diag_first(d));
  vb_doc_free(doc);
  vb_store_close(s);
  vb_diag_free(d);
}

static void test_slot_is_the_code(void **state) {
  (void)state;
  vb_diag *d = vb_diag_new();
  vb_store *s = empty_store(d, NULL);
  vb_doc *doc = make_doc();
  make_para(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false), VB_STYLE_BODY, "của của")->at = (vb_place){"noi-dung/xa-1/II.3.2.txt", 4, 1, NULL};
  assert_int_equal(vb_check_document(d, s, words, doc), VB_BAD);
  assert_string_equal(vb_diag_first(d)->code, "II.3.2");
  assert_int_equal(vb_diag_first(d)->at.line, 4);
  vb_doc_free(doc);
  vb_store_close(s);
  vb_diag_free(d);
}

/* ---- body and appendix, figures of the store ---------------------------------------------------------------- */

typedef struct pair_case { const char *rule; bool fires; const char *body, *appendix; } pair_case;
static const pair_case pairs[] = {
    {POSITIVE("X04", "100% văn bản áp dụng chữ ký số đúng quy định."), "Từ 90% văn bản điện tử áp dụng chữ ký số"},
    {NEGATIVE("X04", "90% văn bản áp dụng chữ ký số đúng quy định."), "Từ 90% văn bản điện tử áp dụng chữ ký số"},
    {POSITIVE("S01", "Trang TTĐT của UBND cấp xã"), "Số vấn đề"},
    {NEGATIVE("S01", "Trang TTĐT của xã"), "Trang TTĐT của UBND cấp xã; tổ dân phố"},
    {NEGATIVE("X04", "100% hồ sơ được giải quyết đúng hạn."), "Từ 90% văn bản điện tử áp dụng chữ ký số"},
};

static size_t rule_count(const vb_diag *d, const char *rule) {
  size_t n = 0;
  for (const vb_finding *f = vb_diag_first(d); f != NULL; f = f->next) n += strcmp(f->rule, rule) == 0;
  return n;
}

static void test_body_and_appendix(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    vb_diag *d = vb_diag_new();
    vb_store *s = empty_store(d, NULL);
    vb_doc *doc = make_doc();
    make_para(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false), VB_STYLE_BODY, pairs[i].body);
    make_para(doc, make_sequence(doc, VB_SEQ_APPENDIX, "Phụ lục", false), VB_STYLE_BODY, pairs[i].appendix);
    assert_int_equal(vb_check_document(d, s, words, doc), VB_OK);
    if ((rule_count(d, pairs[i].rule) > 0) != pairs[i].fires) fail_msg("%s: %s", pairs[i].rule, pairs[i].body);
    vb_doc_free(doc);
    vb_store_close(s);
    vb_diag_free(d);
  }
}

typedef struct typed_case { const char *rule; bool fires; const char *text, *file; vb_severity severity; } typed_case;
static const typed_case typed[] = {
    {POSITIVE("X01", "Đã phát 120 phiếu khảo sát mức độ hài lòng của người dân."), "noi-dung/I.1.txt", VB_INFO},
    {POSITIVE("X01", "Đã phát 125 phiếu khảo sát mức độ hài lòng của người dân."), "noi-dung/I.1.txt", VB_WARNING},
    {POSITIVE("X01", "Về mức độ hài lòng của người dân đã khảo sát 125 phiếu"), "noi-dung/I.1.txt", VB_WARNING},
    {NEGATIVE("X01", "Số phiếu khảo sát mức độ hài lòng của người dân tăng 125 phiếu so với năm trước."), "noi-dung/I.1.txt", VB_INFO},
    {NEGATIVE("X01", "Đã phát 125 phiếu bầu cử."), "noi-dung/I.1.txt", VB_INFO},
    {POSITIVE("X01", "Tỷ lệ chứng thực bản sao điện tử của xã đạt 56,1%."), "noi-dung/I.1.txt", VB_INFO},
    {POSITIVE("X01", "Tỷ lệ chứng thực bản sao điện tử của xã đạt 65,1 %."), "noi-dung/I.1.txt", VB_WARNING},
    {NEGATIVE("X01", "Năm 125 phiếu khảo sát mức độ hài lòng của người dân; Số 125 phiếu; 2/125 phiếu; (125 phiếu)."), "noi-dung/I.1.txt", VB_INFO},
    {NEGATIVE("X01", "Đã phát 125 phiếu khảo sát mức độ hài lòng của người dân, trong đó 5 phiếu hỏng."), "noi-dung/I.1.txt", VB_INFO}, /* a part is counted */
    {NEGATIVE("X01", "Đã hỏi mức độ hài lòng của người dân qua 125 tờ phiếu khảo sát."), "noi-dung/I.1.txt", VB_INFO}, /* another measure */
    {POSITIVE("X01", "Đã họp. Đã phát 125 phiếu khảo sát mức độ hài lòng của người dân; tăng cường kiểm tra."), "noi-dung/I.1.txt", VB_WARNING}, /* each sentence for itself */
    {NEGATIVE("X01", "Tỷ lệ chứng thực bản sao điện tử của xã được tính trên 65 hồ sơ."), "noi-dung/I.1.txt", VB_INFO}, /* no percentage */
    {NEGATIVE("X01", "Đã phát 125 phiếu khảo sát mức độ hài lòng của người dân."), "bao-cao.xml", VB_INFO},
};

/* Words of a clerk's file against indicators “Số phiếu khảo sát mức độ hài lòng của người dân” of 120, “Tỷ lệ chứng thực bản sao điện tử” of 56,1 %. */
static void test_typed_figures(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
    vb_diag *d = vb_diag_new();
    vb_store *s = NULL;
    vb_doc *doc = make_doc();
    assert_int_equal(vb_store_open(d, NULL, &s), VB_OK);
    assert_int_equal(vb_store_begin(d, s), VB_OK);
    store_units(d, s);
    assert_int_equal(vb_store_add_indicator(d, s, &(vb_indicator){.form = "k", .code = "1.4.1", .label = "Số phiếu khảo sát mức độ hài lòng của người dân", .measure = "Phiếu", .type = VB_TYPE_COUNT, .rollup = "sum"}), VB_OK);
    assert_int_equal(vb_store_add_indicator(d, s, &(vb_indicator){.form = "k", .code = "7.1", .label = "Tỷ lệ chứng thực bản sao điện tử", .measure = "%", .type = VB_TYPE_PERCENT, .places = 2, .rollup = "none"}), VB_OK);
    assert_int_equal(store_value(d, s, "xa-1", "2023", "1.4.1", "120"), VB_OK);
    assert_int_equal(store_value(d, s, "xa-1", "2023", "7.1", "56,1"), VB_OK);
    assert_int_equal(vb_store_commit(d, s), VB_OK);
    doc->meta.period = "2023";
    doc->meta.unit = "xa-1";
    vb_node *p = make_para(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false), VB_STYLE_BODY, typed[i].text);
    p->at = (vb_place){typed[i].file, 1, 1, NULL};
    for (vb_node *k = p->first; k != NULL; k = k->next) k->at = p->at;
    assert_int_equal(vb_check_document(d, s, words, doc), VB_OK);
    if ((rule_count(d, typed[i].rule) > 0) != typed[i].fires) fail_msg("%s: %s", typed[i].rule, typed[i].text);
    for (const vb_finding *f = vb_diag_first(d); f != NULL; f = f->next)
      if (strcmp(f->rule, "X01") == 0) assert_int_equal(f->severity, typed[i].severity);
    vb_doc_free(doc);
    vb_store_close(s);
    vb_diag_free(d);
  }
}

/* ---- bounds ------------------------------------------------------------------------------------------------- */

typedef struct bound_case { const char *head, *tail, *mistake, *rule; int own, most; } bound_case;

/* A document with a paragraph of each number up to n, and behind them one with a mistake that the rule tells of. */
static vb_doc *long_document(const bound_case *c, int n) {
  vb_doc *doc = make_doc();
  vb_node *body = make_sequence(doc, VB_SEQ_BODY, NULL, false);
  doc->meta.kind = "BC";
  doc->meta.date = (vb_date){2023, 12, 6};
  for (int i = 1; i <= n; i++) {
    char text[200];
    (void)snprintf(text, sizeof text, "%s%d%s", c->head, i, c->tail);
    make_para(doc, body, VB_STYLE_BODY, text);
  }
  make_para(doc, body, VB_STYLE_BODY, c->mistake);
  return doc;
}

/* Up to the bound all are compared; the next one, and those behind it, are not, and one message says so. */
static void test_bounds_are_told(void **state) {
  (void)state;
  static const bound_case bounds[] = {
      {"Kế hoạch số ", "/KH-UBND ngày 05 tháng 01 năm 2023 về tuyên truyền", "Kế hoạch số 1/KH-UBND ngày 06 tháng 02 năm 2023 về tuyên truyền", "G03", 1, VB_CHECK_ACTS_MAX},
      {"Mục tiêu ", " của riêng phần này: 100% việc được giao", "100% văn bản áp dụng chữ ký số; 90% văn bản được áp dụng chữ ký số điện tử", "X09", 2, VB_CHECK_TARGETS_MAX},
  };
  for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
    for (int over = 0; over < 2; over++) {
      const bound_case *c = &bounds[i];
      vb_diag *d = vb_diag_new();
      vb_store *s = empty_store(d, NULL);
      vb_doc *doc = long_document(c, c->most - c->own + over);
      assert_int_equal(vb_check_document(d, s, words, doc), VB_OK);
      assert_int_equal(rule_count(d, c->rule), over ? 0 : 1);
      assert_int_equal(rule_count(d, "check-limit"), over);
      vb_doc_free(doc);
      vb_store_close(s);
      vb_diag_free(d);
    }
}

int main(void) {
  static const char *const library[] = {"templates"};
  vb_run run = {.diag = vb_diag_new(), .arena = vb_arena_new(0), .lib = {(const char **)(uintptr_t)library, 1}};
  if (vb_registers_load(&run) != VB_OK) return 1;
  words = run.words;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cases), cmocka_unit_test(test_severity_belongs_to_the_condition), cmocka_unit_test(test_figure_in_the_hint), cmocka_unit_test(test_extract),
      cmocka_unit_test(test_boundaries),
      cmocka_unit_test(test_body_and_appendix), cmocka_unit_test(test_typed_figures), cmocka_unit_test(test_slot_is_the_code),
      cmocka_unit_test(test_bounds_are_told),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  vb_registers_free(words);
  vb_diag_free(run.diag);
  vb_arena_free(run.arena);
  vb_xml_cleanup();
  return failed;
}
