/* The package for the document axis: what is written reads back equal, byte for byte; xmllint and our own reader find it valid; what the
 * rules forbid is named; packages of others are read. */
#define _DEFAULT_SOURCE
#include "read_help.h"

#include <stdlib.h>

#include "package/package.h"
#include "xml/xml.h"

#define PATH "build/test_package.edxml"

static const vb_edxml_organ to[] = {
  {"000.00.00.H57", "", "UBND thành phố Huế", "16 Lê Lợi", "ubnd@example.vn", "0234 000000", "0234 000001", "example.vn"},
  {"H57.12.34", NULL, "Sở Nội vụ & <các sở>", NULL, NULL, NULL, NULL, NULL}};
static const char *const places[] = {"Thường trực Đảng ủy xã", "Các thôn trên địa bàn"};
static const char *const appendixes[] = {"Phụ lục thống kê số liệu"};
static const char *const organ_ids[] = {"000.00.00.H57", "H57.12"};
static const vb_edxml_replaced replaced[] = {{"000.00.01.H57,2023/12/01,230/BC-UBND", organ_ids, 2}};
static const vb_edxml_receiver receivers[] = {{"H57.9", true}, {"H57.8", false}};
static const vb_edxml_reply replies[] = {{"H57.1", "15/SNV-CCHC", {2023, 11, 2}, "H57.1,2023/11/02,15/SNV-CCHC"}};
static const vb_edxml_step steps[] = {{"000.00.01.H57", {{2023, 12, 6}, 9, 19, 46, VB_MOMENT_VIETNAM}}};

static vb_edxml sample(void)
{
  static vb_edxml_file files[3];
  static char big[70001];
  for (size_t i = 0; i < sizeof big; i++) big[i] = (char)(i * 31 + i / 251);
  files[0] = (vb_edxml_file){"232_BC-UBND.pdf", "Báo cáo 232/BC-UBND", {big, sizeof big}};
  files[1] = (vb_edxml_file){"232_BC-UBND_phụ lục.xlsx", NULL, {big, 4000}};
  files[2] = (vb_edxml_file){"rong.bin", NULL, {"", 0}};
  vb_edxml e = {.from = {"000.00.01.H57", "UBND thành phố Huế", "UBND xã Quảng Thọ", NULL, NULL, NULL, NULL, NULL}, .to = to, .n_to = 2};
  e.number = "232";
  e.notation = "BC-UBND";
  e.place = "Quảng Thọ";
  e.date = (vb_date){2023, 12, 6};
  e.type_name = "Báo cáo";
  e.subject = "Kết quả công tác cải cách hành chính năm 2023";
  e.competence = "TM.";
  e.position = "Chủ tịch";
  e.signer = "Nguyễn Văn A";
  e.due = (vb_date){2023, 12, 31};
  e.priority = 1;
  e.typer = "PL";
  e.copies = 5;
  e.pages = 23;
  e.direction = true;
  e.appendixes = appendixes;
  e.n_appendixes = 1;
  e.replies = replies;
  e.n_replies = 1;
  e.places = places;
  e.n_places = 2;
  e.steps = steps;
  e.n_steps = 1;
  e.staff = (vb_edxml_staff){"Văn phòng", "Nguyễn Thị B", "vp@example.vn", "0900"};
  e.files = files;
  e.n_files = 3;
  return e;
}

static vb_xml_schema *schema;

static int group_setup(void **state)
{
  (void)state;
  vb_diag *own = vb_diag_new();
  vb_status s = vb_xml_schema_open(own, "templates/schemas/edxml.rng", &schema);
  vb_diag_free(own);
  return s == VB_OK ? 0 : -1;
}

static int group_teardown(void **state)
{
  (void)state;
  vb_xml_schema_close(schema);
  return 0;
}

static vb_status try_write(const vb_edxml *e, vb_buf *out)
{
  vb_edxml_rules r = {"g.edxml", {2023, 12, 7}, schema};
  return vb_edxml_write(d, e, &r, out);
}

static void same_text(const char *x, const char *y) { assert_string_equal(x ? x : "", y ? y : ""); }

static void same_organ(const vb_edxml_organ *x, const vb_edxml_organ *y)
{
  same_text(x->id, y->id);
  same_text(x->in_charge, y->in_charge);
  same_text(x->name, y->name);
  same_text(x->address, y->address);
  same_text(x->email, y->email);
  same_text(x->telephone, y->telephone);
  same_text(x->fax, y->fax);
  same_text(x->website, y->website);
}

static void same_header(const vb_edxml *x, const vb_edxml *y)
{
  same_organ(&x->from, &y->from);
  assert_int_equal(x->n_to, y->n_to);
  for (size_t i = 0; i < x->n_to; i++) same_organ(&x->to[i], &y->to[i]);
  same_text(x->number, y->number);
  same_text(x->notation, y->notation);
  same_text(x->place, y->place);
  assert_int_equal(vb_date_cmp(x->date, y->date), 0);
  assert_int_equal(x->type ? x->type : 2, y->type);
  assert_int_equal(x->type_detail, y->type_detail);
  same_text(x->type_name, y->type_name);
  same_text(x->subject, y->subject);
  same_text(x->content, y->content);
  same_text(x->competence, y->competence);
  same_text(x->position, y->position);
  same_text(x->signer, y->signer);
  assert_int_equal(vb_date_cmp(x->due, y->due), 0);
  assert_int_equal(x->priority, y->priority);
  same_text(x->sphere, y->sphere);
  same_text(x->typer, y->typer);
  assert_int_equal(x->copies, y->copies);
  assert_int_equal(x->pages, y->pages);
  assert_int_equal(x->direction, y->direction);
  assert_int_equal(x->steering ? x->steering : 1, y->steering);
}

static void same_lists(const vb_edxml *x, const vb_edxml *y)
{
  assert_int_equal(x->n_appendixes, y->n_appendixes);
  for (size_t i = 0; i < x->n_appendixes; i++) same_text(x->appendixes[i], y->appendixes[i]);
  assert_int_equal(x->n_places, y->n_places);
  for (size_t i = 0; i < x->n_places; i++) same_text(x->places[i], y->places[i]);
  assert_int_equal(x->n_replies, y->n_replies);
  for (size_t i = 0; i < x->n_replies; i++) {
    same_text(x->replies[i].organ_id, y->replies[i].organ_id);
    same_text(x->replies[i].code, y->replies[i].code);
    same_text(x->replies[i].document_id, y->replies[i].document_id);
    assert_int_equal(vb_date_cmp(x->replies[i].date, y->replies[i].date), 0);
  }
  assert_int_equal(x->n_files, y->n_files);
  for (size_t i = 0; i < x->n_files; i++) {
    same_text(x->files[i].name, y->files[i].name);
    same_text(x->files[i].description, y->files[i].description);
    assert_int_equal(x->files[i].bytes.n, y->files[i].bytes.n);
    assert_memory_equal(x->files[i].bytes.p, y->files[i].bytes.p, x->files[i].bytes.n);
  }
}

static void same_business(const vb_edxml *x, const vb_edxml *y)
{
  assert_int_equal(x->n_steps, y->n_steps);
  for (size_t i = 0; i < x->n_steps; i++) {
    same_text(x->steps[i].organ_id, y->steps[i].organ_id);
    assert_int_equal(vb_moment_unix(&x->steps[i].at), vb_moment_unix(&y->steps[i].at));
  }
  assert_int_equal(x->business, y->business);
  same_text(x->referenced, y->referenced);
  same_text(x->business == VB_EDXML_NEW ? "Văn bản điện tử mới" : x->reason, y->reason);
  assert_int_equal(x->paper, y->paper);
  assert_int_equal(x->info_changed, y->info_changed);
  assert_int_equal(x->receivers_changed, y->receivers_changed);
  assert_int_equal(x->n_receivers, y->n_receivers);
  for (size_t i = 0; i < x->n_receivers; i++) {
    same_text(x->receivers[i].organ_id, y->receivers[i].organ_id);
    assert_int_equal(x->receivers[i].added, y->receivers[i].added);
  }
  assert_int_equal(x->n_replaced, y->n_replaced);
  for (size_t i = 0; i < x->n_replaced; i++) {
    same_text(x->replaced[i].document_id, y->replaced[i].document_id);
    assert_int_equal(x->replaced[i].n_organ_ids, y->replaced[i].n_organ_ids);
    for (size_t k = 0; k < x->replaced[i].n_organ_ids; k++) same_text(x->replaced[i].organ_ids[k], y->replaced[i].organ_ids[k]);
  }
  same_text(x->staff.department, y->staff.department);
  same_text(x->staff.name, y->staff.name);
  same_text(x->staff.email, y->staff.email);
  same_text(x->staff.mobile, y->staff.mobile);
}

/* Written, valid for xmllint, read back equal, written again the same. */
static void round_trip(const vb_edxml *e)
{
  vb_buf out, again;
  vb_buf_init(&out);
  vb_buf_init(&again);
  assert_int_equal(try_write(e, &out), VB_OK);
  assert_int_equal(vb_file_write(d, PATH, out.p, out.n), VB_OK);
  assert_int_equal(system("xmllint --noout --relaxng templates/schemas/edxml.rng " PATH " 2>/dev/null"), 0);
  vb_edxml *back = NULL;
  assert_int_equal(vb_edxml_read(d, a, PATH, (vb_span){out.p, out.n}, &back), VB_OK);
  same_header(e, back);
  same_lists(e, back);
  same_business(e, back);
  assert_int_equal(try_write(back, &again), VB_OK);
  assert_int_equal(again.n, out.n);
  assert_memory_equal(again.p, out.p, out.n);
  assert_string_equal(findings(), "");
  vb_buf_free(&out);
  vb_buf_free(&again);
}

static void test_the_four_kinds(void **state)
{
  (void)state;
  vb_edxml e = sample();
  round_trip(&e);
  e.business = VB_EDXML_REVOKE;
  e.reason = "Ban hành nhầm số";
  e.referenced = "000.00.01.H57,2023/12/01,230/BC-UBND";
  e.n_files = 0;
  round_trip(&e);
  e = sample();
  e.business = VB_EDXML_UPDATE;
  e.reason = "Bổ sung nơi nhận";
  e.referenced = "000.00.01.H57,2023/12/01,230/BC-UBND";
  e.receivers_changed = true;
  e.receivers = receivers;
  e.n_receivers = 2;
  round_trip(&e);
  e = sample();
  e.business = VB_EDXML_REPLACE;
  e.reason = "Thay số liệu mục 3";
  e.replaced = replaced;
  e.n_replaced = 1;
  e.paper = true;
  round_trip(&e);
}

/* Another program's eyes: names with their namespace and prefix, content types, the archive around the workbook. */
static void test_as_others_see_it(void **state)
{
  (void)state;
  vb_edxml e = sample();
  vb_buf out;
  vb_buf_init(&out);
  assert_int_equal(try_write(&e, &out), VB_OK);
  assert_int_equal(vb_file_write(d, PATH, out.p, out.n), VB_OK);
  vb_buf_free(&out);
  assert_int_equal(system(
    "python3 -c '\n"
    "import base64,io,sys,zipfile\nimport xml.etree.ElementTree as T\n"
    "t=T.parse(\"" PATH "\").getroot();n=\"{http://www.mic.gov.vn/TBT/QCVN_102_2016}\"\n"
    "h=t.find(n+\"edXMLEnvelope/\"+n+\"edXMLHeader/\"+n+\"MessageHeader\")\n"
    "assert [c.tag for c in h]==[n+x for x in \"From To To DocumentId Code PromulgationInfo DocumentType Subject Content SignerInfo DueDate "
    "OtherInfo ResponseFor SteeringType ToPlaces\".split()]\n"
    "assert h.find(n+\"DocumentId\").text==\"000.00.01.H57,2023/12/06,232/BC-UBND\"\n"
    "f=t.findall(n+\"AttachmentEncoded/\"+n+\"Attachment\")\n"
    "assert [x.find(n+\"ContentType\").text for x in f]==[\"application/pdf\",\"application/zip\",\"application/octet-stream\"]\n"
    "b=base64.b64decode(f[1].find(n+\"ContentTransferEncoded\").text,validate=True)\n"
    "z=zipfile.ZipFile(io.BytesIO(b));assert z.namelist()==[f[1].find(n+\"AttachmentName\").text] and len(z.read(z.namelist()[0]))==4000\n"
    "r=open(\"" PATH "\",encoding=\"utf-8\").read();assert r.count(\"<edXML:edXMLEnvelope xmlns:edXML=\")==1 and \"<AttachmentEncoded>\" in r and \"<edXML:Bussiness>\" in r'"), 0);
}

static char *repeat(const char *s, size_t n)
{
  vb_buf b;
  vb_buf_init(&b);
  for (size_t i = 0; i < n; i++) vb_buf_str(&b, s);
  char *r = vb_arena_str(a, b.p, b.n);
  vb_buf_free(&b);
  return r;
}

static void expect(const vb_edxml *e, const char *want)
{
  vb_buf out;
  vb_buf_init(&out);
  assert_int_equal(try_write(e, &out), VB_BAD);
  assert_int_equal(out.n, 0);
  assert_string_equal(findings(), want);
  vb_buf_free(&out);
}

/* Lengths count characters, not bytes: the limit itself passes, one more does not. */
static void test_lengths(void **state)
{
  (void)state;
  static const struct { const char *name; size_t offset, most; } fields[] = {
    {"Code/CodeNumber", offsetof(vb_edxml, number), 11}, {"Code/CodeNotation", offsetof(vb_edxml, notation), 30},
    {"PromulgationInfo/Place", offsetof(vb_edxml, place), 50}, {"DocumentType/TypeName", offsetof(vb_edxml, type_name), 100},
    {"Subject", offsetof(vb_edxml, subject), 500}, {"Content", offsetof(vb_edxml, content), 500},
    {"SignerInfo/Position", offsetof(vb_edxml, position), 100}, {"SignerInfo/FullName", offsetof(vb_edxml, signer), 50},
    {"OtherInfo/SphereOfPromulgation", offsetof(vb_edxml, sphere), 100}, {"OtherInfo/TyperNotation", offsetof(vb_edxml, typer), 10}};
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    vb_edxml e = sample();
    e.document_id = "1";
    const char *fits = repeat("ộ", fields[i].most), *over = repeat("ộ", fields[i].most + 1);
    memcpy((char *)&e + fields[i].offset, &fits, sizeof fits);
    round_trip(&e);
    memcpy((char *)&e + fields[i].offset, &over, sizeof over);
    expect(&e, vb_arena_printf(a, "g.edxml: error: %s has %zu characters, the document axis takes at most %zu; shorten it [edxml-length]",
                               fields[i].name, fields[i].most + 1, fields[i].most));
  }
}

static void test_organ_lengths(void **state)
{
  (void)state;
  static const struct { const char *name; size_t offset, most; } fields[] = {
    {"OrganizationInCharge", offsetof(vb_edxml_organ, in_charge), 200}, {"OrganName", offsetof(vb_edxml_organ, name), 200},
    {"OrganAdd", offsetof(vb_edxml_organ, address), 250}, {"Email", offsetof(vb_edxml_organ, email), 100},
    {"Telephone", offsetof(vb_edxml_organ, telephone), 20}, {"Fax", offsetof(vb_edxml_organ, fax), 20},
    {"Website", offsetof(vb_edxml_organ, website), 100}};
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    vb_edxml e = sample();
    vb_edxml_organ other = to[1];
    const char *over = repeat("ă", fields[i].most + 1);
    memcpy((char *)&e.from + fields[i].offset, &over, sizeof over);
    memcpy((char *)&other + fields[i].offset, &over, sizeof over);
    e.to = &other;
    e.n_to = 1;
    const char *tail = "characters, the document axis takes at most";
    expect(&e, vb_arena_printf(a, "g.edxml: error: From/%s has %zu %s %zu; shorten it [edxml-length]\ng.edxml: error: To/%s has %zu %s %zu; shorten it [edxml-length]",
                               fields[i].name, fields[i].most + 1, tail, fields[i].most, fields[i].name, fields[i].most + 1, tail, fields[i].most));
  }
}

static void test_missing(void **state)
{
  (void)state;
  vb_edxml e = {.business = VB_EDXML_REPLACE, .type_name = "Báo cáo", .pages = 1};
  vb_buf out;
  vb_buf_init(&out);
  assert_int_equal(try_write(&e, &out), VB_BAD);
  const char *all = findings();
  static const char *const names[] = {"From/OrganId", "From/OrganName", "the package has nowhere to go", "PromulgationInfo/PromulgationDate", "Code/CodeNumber", "Code/CodeNotation",
                                      "Subject", "Bussiness/BussinessDocReason", "Bussiness/ReplacementInfoList", "TraceHeaderList/TraceHeader",
                                      "AttachmentEncoded/Attachment"};
  size_t lines = 1;
  for (const char *s = all; *s; s++) lines += *s == '\n';
  assert_int_equal(lines, sizeof names / sizeof names[0]);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) assert_non_null(strstr(all, names[i]));
  vb_buf_free(&out);
}

static void test_values(void **state)
{
  (void)state;
  vb_edxml e = sample();
  e.priority = 5;
  expect(&e, "g.edxml: error: OtherInfo/Priority is 5; the document axis allows 0 to 4 [edxml-value]");
  e = sample();
  e.pages = 0;
  expect(&e, "g.edxml: error: OtherInfo/PageAmount is 0; the document axis allows 1 to 99999 [edxml-value]");
  e = sample();
  e.steering = 4;
  expect(&e, "g.edxml: error: SteeringType is 4; the document axis allows 0 to 3 [edxml-value]");
  e = sample();
  e.date = (vb_date){2023, 12, 8};
  expect(&e, "g.edxml: error: the date of promulgation 2023-12-08 lies behind the day of the run 2023-12-07; correct one of them [edxml-date]");
  e = sample();
  vb_edxml_organ twice[2] = {to[0], to[0]};
  e.to = twice;
  expect(&e, "g.edxml: error: To/OrganId holds \"000.00.00.H57\" twice; each may stand once [edxml-twice]");
  e = sample();
  vb_edxml_file bad = {"../x.pdf", NULL, VB_LIT("1")};
  e.files = &bad;
  e.n_files = 1;
  expect(&e, "g.edxml: error: the attachment's name \"../x.pdf\" holds a slash; give the bare file name [edxml-file]");
}

static void test_identifiers(void **state)
{
  (void)state;
  static const char *const good[] = {"000.00.00.H57", "002.00.20.H13", "28.22.H17", "H57", "H57.12.34", "G09.01", "Z01.ABC123",
                                     "H57.123456789.123456789.123456789.1"};
  static const struct { const char *id, *why; } bad[] = {
    {"", "missing"}, {"h57.1", "edxml-organ"}, {"H57..1", "edxml-organ"}, {".H57", "edxml-organ"}, {"H57.", "edxml-organ"}, {"12.34", "edxml-organ"},
    {"1234.123.00.H57", "edxml-length"}, {"1.2.3.4.H57", "edxml-organ"}, {"H57.123456789.123456789.123456789.12", "edxml-length"},
    {"000.00.A0.H57", "edxml-organ"}, {"vxp.saas.03", "edxml-organ"}, {"H57 .1", "edxml-organ"}};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) assert_int_equal(vb_edxml_check_organ_id(d, VB_NOWHERE, "From/OrganId", good[i]), VB_OK);
  assert_string_equal(findings(), "");
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    assert_int_equal(vb_edxml_check_organ_id(d, VB_NOWHERE, "From/OrganId", bad[i].id), VB_BAD);
    assert_int_equal(vb_diag_count(d, VB_ERROR), 1);
    assert_non_null(strstr(findings(), bad[i].why));
  }
}

/* Elements in another order and another prefix, a signature, unknown elements, identifiers of a test system, base64 in lines. */
static void test_packages_of_others(void **state)
{
  (void)state;
  vb_edxml *e = NULL;
  vb_span bytes = file_bytes("tests/unit/data/package/other.edxml");
  assert_int_equal(vb_edxml_read(d, a, "other.edxml", bytes, &e), VB_OK);
  same_text(e->from.id, "vxp.test.03");
  assert_int_equal(e->n_to, 2);
  same_text(e->to[1].id, "H17.28");
  same_text(e->subject, "V/v thử & kiểm");
  same_text(e->number, "12a");
  same_text(e->notation, "UBND-VX");
  same_text(e->staff.name, "Văn thư");
  assert_int_equal(e->steps[0].at.second, 9);
  assert_int_equal(e->n_files, 1);
  assert_int_equal(e->files[0].bytes.n, 6);
  assert_memory_equal(e->files[0].bytes.p, "sample", 6);
}

static void expect_read(const char *from, const char *by, const char *want)
{
  vb_span bytes = file_bytes("tests/unit/data/package/other.edxml");
  const char *text = vb_arena_str(a, bytes.p, bytes.n), *at = strstr(text, from);
  assert_non_null(at);
  const char *changed = vb_arena_printf(a, "%.*s%s%s", (int)(at - text), text, by, at + strlen(from));
  vb_edxml *e = NULL;
  assert_int_equal(vb_edxml_read(d, a, "o", vb_span_of(changed), &e), VB_BAD);
  assert_null(e);
  assert_string_equal(findings(), want);
}

static void test_damaged(void **state)
{
  (void)state;
  expect_read("UEsD", "UE*D", "o:35:7: error: the attachment thu.doc is damaged: not base64 [edxml-read]");
  expect_read("UEsD", "UED", "o:35:7: error: the attachment thu.doc is damaged: not base64 [edxml-read]");
  expect_read(">cid:7<", ">cid:8<", "o:26:9: error: the package refers to \"cid:8\", and has no such attachment [edxml-read]");
  expect_read("2025/10/01", "2025/02/30", "o:19:29: error: PromulgationDate holds \"2025/02/30\", which the format does not allow there [edxml-read]");
  expect_read(" 17:05:09", " 17:65:09", "o:10:24: error: Timestamp holds \"2025/10/02 17:65:09\", which the format does not allow there [edxml-read]");
  expect_read("DocType>0<", "DocType>4<", "o:6:9: error: BussinessDocType holds \"4\", which the format does not allow there [edxml-read]");
  expect_read("<AttachmentName>thu.doc</AttachmentName>", "", "o:31:5: error: this is no complete edXML package: AttachmentName is missing; ask the sender for it again [edxml-read]");
  vb_edxml *e = NULL;
  assert_int_equal(vb_edxml_read(d, a, "o", VB_LIT("<edXML/>"), &e), VB_BAD);
  assert_string_equal(findings(), "o:1:1: error: this is no complete edXML package: MessageHeader is missing; ask the sender for it again [edxml-read]");
}

/* A large attachment passes both ways: the longest text of an XML file that libxml2 takes without being asked is 10 MB. */
static void test_large(void **state)
{
  (void)state;
  size_t n = 12000000;
  char *big = vb_mem_zalloc(n);
  assert_non_null(big);
  for (size_t i = 0; i < n; i++) big[i] = (char)help_random();
  vb_edxml e = sample();
  vb_edxml_file f = {"lon.pdf", NULL, {big, n}};
  e.files = &f;
  e.n_files = 1;
  vb_buf out;
  vb_buf_init(&out);
  assert_int_equal(try_write(&e, &out), VB_OK);
  vb_edxml *back = NULL;
  assert_int_equal(vb_edxml_read(d, a, "lon.edxml", (vb_span){out.p, out.n}, &back), VB_OK);
  assert_int_equal(back->files[0].bytes.n, n);
  assert_memory_equal(back->files[0].bytes.p, big, n);
  vb_buf_free(&out);
  vb_mem_free(big);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
  const struct CMUnitTest tests[] = {T(test_the_four_kinds), T(test_as_others_see_it), T(test_lengths), T(test_organ_lengths), T(test_missing),
                                     T(test_values), T(test_identifiers), T(test_packages_of_others), T(test_damaged), T(test_large)};
  return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
