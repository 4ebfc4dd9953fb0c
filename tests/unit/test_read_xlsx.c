/* Workbooks: files saved by LibreOffice and openpyxl (tests/unit/data/read), and small ones made here part by part, right and wrong. */
#include "read_sink.h"

#include "zip/zip.h"

#define DATA "tests/unit/data/read/"
#define PATH "build/test_read.xlsx"

static const char *read_path(const char *path, const char *sheet, const vb_dataset *set, vb_status want)
{
  vb_source src = {path, "v.xlsx", VB_ENC_AUTO, sheet, {NULL, 0}};
  return read_with(set, &src, want);
}

static void test_libreoffice(void **state)
{
  (void)state;
  assert_string_equal(read_path(DATA "libreoffice.xlsx", NULL, &open_values, VB_OK),
    "unit=- code=1.1.1@s!A3 value=29#@s!B3 note=Tốt, đủ@s!C3 +ngày nhận=2023-12-06d@s!D3\n"
    "unit=- code=1.1.2@s!A4 value=56.1#@s!B4 note=- +ngày nhận=2023-01-31d@s!D4\n"
    "unit=- code=1.1.3@s!A5 value=98.5#@s!B5 note=hai\ndòng@s!C5 +ngày nhận=-\n"
    "unit=- code=00.12.34@s!A6 value=1714#@s!B6 note=- +ngày nhận=-\n");
  assert_string_equal(read_path(DATA "libreoffice.ods", NULL, &values, VB_BAD), "v.xlsx: error: this is an OpenDocument file; save it as .xlsx [read-kind]");
  vb_span ods = file_bytes(DATA "libreoffice.ods"); /* under a wrong name too */
  (void)vb_dir_make(d, "build");
  assert_int_equal(vb_file_write(d, PATH, ods.p, ods.n), VB_OK);
  assert_string_equal(read_path(PATH, NULL, &values, VB_BAD), "v.xlsx: error: this is an OpenDocument file; save it as .xlsx [read-kind]");
  assert_int_equal(vb_file_remove(d, PATH), VB_OK);
}

/* Rows 4 to 9 are the same in both; hidden row 6 is read; B5 is covered by a merge. */
#define ROWS() \
  "unit=xa-a@Số liệu 1!B4 code=1.1@Số liệu 1!A4 value=29#@Số liệu 1!C4 note=-\n"                                              \
  "unit=- code=1.2@Số liệu 1!A5 value=56.1#@Số liệu 1!C5 note=tỷ lệ@Số liệu 1!D5\n"                                            \
  "unit=xa-b@Số liệu 1!B6 code=1.3#@Số liệu 1!A6 value=56.1#@Số liệu 1!C6 note=Tốt, \"đủ\"\ndòng 2@Số liệu 1!D6\n"              \
  "unit=xa-b@Số liệu 1!B7 code=1.4@Số liệu 1!A7 value=2023-12-06d@Số liệu 1!C7 note=-\n"

static void test_openpyxl(void **state)
{
  (void)state;
  static const char stt[] = "v.xlsx:Số liệu 1!E3: info: the column \"STT\" is not used [read-extra]\n";
  char want[4096];
  snprintf(want, sizeof want, "%s%s%s", ROWS() 
    "unit=xa-b@Số liệu 1!B10 code=1.7@Số liệu 1!A10 value=TRUE@Số liệu 1!C10 note=-\n"
    "unit=xa-b@Số liệu 1!B12 code=1.9@Số liệu 1!A12 value=1234567890123#@Số liệu 1!C12 note=-\n"
    "unit=xa-b@Số liệu 1!B13 code=1.10@Số liệu 1!A13 value=012@Số liệu 1!C13 note=-\n"
    "unit=- code=2.1@Số liệu 1!A200000 value=5#@Số liệu 1!C200000 note=-\n", stt,
    "v.xlsx:Số liệu 1!C8: error: the formula has no saved value; open the workbook in a spreadsheet program and save it [xlsx-cell]\n"
    "v.xlsx:Số liệu 1!C9: error: the formula has no saved value; open the workbook in a spreadsheet program and save it [xlsx-cell]\n"
    "v.xlsx:Số liệu 1!C11: error: the formula has no saved value; open the workbook in a spreadsheet program and save it [xlsx-cell]\n"
    "v.xlsx:Số liệu 1!C14: error: the formula has no saved value; open the workbook in a spreadsheet program and save it [xlsx-cell]");
  assert_string_equal(read_path(DATA "openpyxl.xlsx", NULL, &values, VB_BAD), want);
  snprintf(want, sizeof want, "%s%s%s", ROWS()
    "unit=xa-b@Số liệu 1!B8 code=1.5@Số liệu 1!A8 value=85.1#@Số liệu 1!C8 note=công thức@Số liệu 1!D8\n"
    "unit=xa-b@Số liệu 1!B9 code=1.6@Số liệu 1!A9 value=0.3#@Số liệu 1!C9 note=-\n"
    "unit=xa-b@Số liệu 1!B10 code=1.7@Số liệu 1!A10 value=TRUE@Số liệu 1!C10 note=-\n"
    "unit=xa-b@Số liệu 1!B12 code=1.9@Số liệu 1!A12 value=1234567890123#@Số liệu 1!C12 note=-\n"
    "unit=xa-b@Số liệu 1!B13 code=1.10@Số liệu 1!A13 value=012@Số liệu 1!C13 note=-\n"
    "unit=xa-b@Số liệu 1!B14 code=1.11@Số liệu 1!A14 value=29x@Số liệu 1!C14 note=-\n"
    "unit=- code=2.1@Số liệu 1!A200000 value=5#@Số liệu 1!C200000 note=-\n", stt,
    "v.xlsx:Số liệu 1!C11: error: the cell holds the error #DIV/0!; correct the formula [xlsx-cell]");
  assert_string_equal(read_path(DATA "libreoffice-formulas.xlsx", NULL, &values, VB_BAD), want);
}

static void test_sheets(void **state)
{
  (void)state;
  assert_string_equal(read_path(DATA "openpyxl.xlsx", "Khác", &values, VB_BAD),
                      "v.xlsx: error: there is no sheet named \"Khác\"; the workbook has: Bìa, Số liệu 1 [xlsx-sheet]");
  assert_non_null(strstr(read_path(DATA "openpyxl.xlsx", "số  LIỆU 1", &values, VB_BAD), "code=2.1@Số liệu 1!A200000"));
  assert_string_equal(read_path(DATA "openpyxl.xlsx", "Bìa", &values, VB_BAD),
                      "v.xlsx: error: none of the first 20 rows holds the column headings; needed: code (mã), value (giá trị) [read-header]");
}

/* ---- made here ---- */

typedef struct parts { const char *rels, *book, *book_rels, *sheet, *strings, *styles; } parts;

#define NS "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
#define R "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define PR "xmlns='http://schemas.openxmlformats.org/package/2006/relationships'"

static const parts plain = {
  "<Relationships " PR "><Relationship Id='a' Type='" R "officeDocument' Target='xl/workbook.xml'/></Relationships>",
  "<workbook " NS " xmlns:x='" R "'><sheets><sheet name='T' sheetId='1' x:id='r1'/></sheets></workbook>",
  "<Relationships " PR "><Relationship Id='r1' Type='" R "worksheet' Target='worksheets/sheet1.xml'/>"
  "<Relationship Id='r2' Type='" R "sharedStrings' Target='/xl/sharedStrings.xml'/><Relationship Id='r3' Type='" R "styles' Target='./styles.xml'/></Relationships>",
  NULL,
  "<sst " NS "><si><t>Mã</t></si><si><t>Giá trị</t></si><si><r><t xml:space='preserve'>Gi </t></r><r><rPr/><t>c_x0041_</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si></sst>",
  "<styleSheet " NS "><numFmts><numFmt numFmtId='164' formatCode='[$-42A]dd/mm/yyyy;@'/><numFmt numFmtId='165' formatCode='0.0&quot;%&quot;'/>"
  "<numFmt numFmtId='166' formatCode='#,##0\\d;\\-0%'/><numFmt numFmtId='167' formatCode='[h]:mm:ss'/></numFmts><cellXfs>"
  "<xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/><xf numFmtId='9'/><xf numFmtId='165'/><xf numFmtId='166'/><xf numFmtId='167'/><xf numFmtId='10'/></cellXfs></styleSheet>",
};

static void put(vb_zip_entry *e, size_t *n, const char *name, const char *text)
{
  if (text)
    e[(*n)++] = (vb_zip_entry){name, vb_span_of(text)};
}

/* Writes the parts as a workbook to PATH. */
static void make(const parts *p)
{
  vb_zip_entry e[8];
  size_t n = 0;
  put(e, &n, "_rels/.rels", p->rels);
  put(e, &n, "xl/workbook.xml", p->book);
  put(e, &n, "xl/_rels/workbook.xml.rels", p->book_rels);
  put(e, &n, "xl/worksheets/sheet1.xml", p->sheet);
  put(e, &n, "xl/sharedStrings.xml", p->strings);
  put(e, &n, "xl/styles.xml", p->styles);
  put(e, &n, "other.txt", "x");
  vb_buf b;
  vb_buf_init(&b);
  assert_int_equal(vb_zip_write(d, e, n, &b), VB_OK);
  assert_int_equal(vb_dir_make(d, "build"), VB_OK);
  write_quickly(PATH, (vb_span){b.p, b.n});
  vb_buf_free(&b);
}

static const char *read_parts(const parts *p, vb_status want)
{
  make(p);
  const char *s = read_path(PATH, NULL, &values, want);
  assert_int_equal(vb_file_remove(d, PATH), VB_OK);
  return s;
}

/* Rows below a header in A1:B1; cells as written. */
static const char *read_rows(const char *rows, vb_status want)
{
  parts p = plain;
  p.sheet = vb_arena_printf(a, "<worksheet " NS "><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c></row>%s</sheetData></worksheet>", rows);
  return read_parts(&p, want);
}

static void test_values(void **state)
{
  (void)state;
  static const struct { const char *cell, *want; } cases[] = {
    {"<c><v>0.56100000000000005</v></c>", "0.561#"}, {"<c><v>56.1</v></c>", "56.1#"}, {"<c><v>0.30000000000000004</v></c>", "0.3#"},
    {"<c><v>1.7139999999999999E3</v></c>", "1714#"}, {"<c><v>1.5e-7</v></c>", "0.00000015#"}, {"<c><v>-0</v></c>", "0#"}, {"<c><v>-12.50</v></c>", "-12.5#"},
    {"<c><v>999999999999999.9</v></c>", "1000000000000000#"}, {"<c><v>123456789012345678</v></c>", "123456789012346000#"}, {"<c><v>+007</v></c>", "7#"},
    {"<c><v>.5</v></c>", "0.5#"}, {"<c><v>9.9999999999999995E-2</v></c>", "0.1#"}, {"<c><v>0.0</v></c>", "0#"},
    {"<c s='3'><v>0.56100000000000005</v></c>", "56.1#"}, {"<c s='7'><v>1</v></c>", "100#"}, {"<c s='4'><v>56.1</v></c>", "56.1#"}, {"<c s='5'><v>5</v></c>", "5#"},
    {"<c s='1'><v>45266</v></c>", "2023-12-06d"}, {"<c s='2'><v>45266.75</v></c>", "2023-12-06d"}, {"<c s='1'><v>1</v></c>", "1900-01-01d"},
    {"<c s='1'><v>59</v></c>", "1900-02-28d"}, {"<c s='1'><v>60</v></c>", "60#"}, {"<c s='1'><v>61</v></c>", "1900-03-01d"}, {"<c s='1'><v>0.5</v></c>", "0.5#"},
    {"<c s='6'><v>1.25</v></c>", "1.25#"}, {"<c s='1'><v>-3</v></c>", "-3#"}, {"<c s='1'><v>2958465</v></c>", "9999-12-31d"}, {"<c s='1'><v>2958466</v></c>", "2958466#"},
    {"<c t='d'><v>2023-12-06T00:00:00</v></c>", "2023-12-06d"}, {"<c t='d'><v>2023-13-06</v></c>", "2023-13-06"},
    {"<c t='s'><v>2</v></c>", "Gi cA"}, {"<c t='str'><f>A1</f><v> x </v></c>", "x"}, {"<c t='str'><f>A1</f><v/></c>", ""}, {"<c t='b'><v>0</v></c>", "FALSE"},
    {"<c t='inlineStr'><is><t>a</t><r><t>b</t></r><rPh><t>z</t></rPh></is></c>", "ab"}, {"<c><f>1+1</f><v>2</v></c>", "2#"},
    {"<c s='99'><v>5</v></c>", "5#"}, {"<c t='inlineStr'><is><t>e\xCC\x82\xCC\x81</t></is></c>", "\xE1\xBA\xBF"}, {"<c t='inlineStr'><is><t>_x000D_ _x00ZZ_ _x</t></is></c>", "_x00ZZ_ _x"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char row[256], want[128];
    snprintf(row, sizeof row, "<row><c><v>1.1</v></c>%s</row>", cases[i].cell); /* no references: place by order */
    snprintf(want, sizeof want, "unit=- code=1.1#@T!A2 value=%s@T!B2 note=-\n", cases[i].want);
    assert_string_equal(read_rows(row, VB_OK), want);
  }
}

static void test_date1904(void **state)
{
  (void)state;
  parts p = plain;
  p.book = "<workbook " NS " xmlns:x='" R "'><workbookPr date1904='1'/><sheets><sheet name='T' sheetId='1' x:id='r1'/></sheets></workbook>";
  p.sheet = "<worksheet " NS "><sheetData><row r='1'><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row><row><c s='1'><v>0</v></c><c s='1'><v>43804</v></c></row></sheetData></worksheet>";
  assert_string_equal(read_parts(&p, VB_OK), "unit=- code=1904-01-01d@T!A2 value=2023-12-06d@T!B2 note=-\n");
}

static void test_cell_faults(void **state)
{
  (void)state;
  assert_string_equal(read_rows("<row r='14'><c r='A14'><v>1</v></c><c r='B14' t='e'><v>#REF!</v></c></row><row r='15'><c r='A15'><v>2</v></c><c r='B15'><f>X</f></c></row>"
                                "<row r='16'><c r='A16' t='s'><v>3</v></c><c r='B16'><v>abc</v></c><c r='BC16' t='e'><v>#N/A</v></c></row>"
                                "<row r='17'><c r='A17' t='s'><v/></c><c r='B17' t='s'><v>-1</v></c></row><row r='18'><c r='A18'><v>4</v></c></row>", VB_BAD),
    "unit=- code=4#@T!A18 value=- note=-\n"
    "v.xlsx:T!B14: error: the cell holds the error #REF!; correct the formula [xlsx-cell]\n"
    "v.xlsx:T!B15: error: the formula has no saved value; open the workbook in a spreadsheet program and save it [xlsx-cell]\n"
    "v.xlsx:T!BC16: info: cells without a heading are not used, the first is here [read-extra]\n"
    "v.xlsx:T!A16: error: the cell cannot be read (s=3); open the workbook and save it anew [xlsx-cell]\n"
    "v.xlsx:T!B16: error: the cell cannot be read (abc); open the workbook and save it anew [xlsx-cell]\n"
    "v.xlsx:T!B17: error: the cell cannot be read (s=-1); open the workbook and save it anew [xlsx-cell]");
}

static void test_parts(void **state)
{
  (void)state;
  static const char sheet[] = "<worksheet " NS "><sheetData><row r='1'><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row><row r='2'><c><v>1</v></c><c><v>2</v></c></row></sheetData></worksheet>";
  static const char record[] = "unit=- code=1#@T!A2 value=2#@T!B2 note=-\n";
  parts p = plain;
  p.sheet = sheet;
  assert_string_equal(read_parts(&p, VB_OK), record);
  p.rels = NULL;
  assert_string_equal(read_parts(&p, VB_BAD), "v.xlsx: error: this is no workbook; save it as .xlsx [xlsx]");
  p.rels = plain.rels;
  p.book = NULL;
  assert_string_equal(read_parts(&p, VB_BAD), "v.xlsx: error: the workbook lacks its part xl/workbook.xml; open it and save it anew [xlsx]");
  p.book = "<document/>";
  assert_string_equal(read_parts(&p, VB_BAD), "v.xlsx: error: this is no workbook; save it as .xlsx [xlsx]");
  p.book = "<workbook " NS "><sheets/></workbook>";
  assert_string_equal(read_parts(&p, VB_BAD), "v.xlsx: error: the workbook has no sheet with cells [xlsx-sheet]");
  p.book = "<workbook " NS " xmlns:x='" R "'><sheets><sheet name='T' x:id='r9'/></sheets></workbook>";
  assert_string_equal(read_parts(&p, VB_BAD), "v.xlsx: error: the workbook lacks its part T; open it and save it anew [xlsx]");
  p.book = plain.book;
  p.sheet = NULL;
  assert_string_equal(read_parts(&p, VB_BAD), "v.xlsx: error: the workbook lacks its part xl/worksheets/sheet1.xml; open it and save it anew [xlsx]");
  p.sheet = "<worksheet><sheetData>";
  assert_string_equal(read_parts(&p, VB_BAD), "v.xlsx: error: the workbook is damaged in its part xl/worksheets/sheet1.xml; open it and save it anew [xlsx]");
  p.sheet = "<!DOCTYPE w [<!ENTITY a 'x'>]><worksheet/>";
  assert_string_equal(read_parts(&p, VB_BAD), "v.xlsx: error: the workbook is damaged in its part xl/worksheets/sheet1.xml; open it and save it anew [xlsx]");
  p.sheet = sheet;
  p.strings = NULL;
  assert_string_equal(read_parts(&p, VB_BAD), "v.xlsx: error: the workbook lacks its part xl/sharedStrings.xml; open it and save it anew [xlsx]");
  p.strings = plain.strings;
  p.styles = NULL;
  assert_string_equal(read_parts(&p, VB_BAD), "v.xlsx: error: the workbook lacks its part xl/styles.xml; open it and save it anew [xlsx]");
  p.styles = plain.styles;
  p.book_rels = "<Relationships " PR "><Relationship Id='r1' Type='" R "worksheet' Target='../../etc/passwd'/></Relationships>";
  assert_string_equal(read_parts(&p, VB_BAD), "v.xlsx: error: the workbook lacks its part T; open it and save it anew [xlsx]");
  p.book_rels = "<Relationships " PR "><Relationship Id='r1' Type='" R "worksheet' Target='../xl/./worksheets/sheet1.xml'/><Relationship Id='r2' Type='" R "sharedStrings' "
                "Target='sharedStrings.xml'/><Relationship Id='m' Type='http://schemas.microsoft.com/office/2006/relationships/vbaProject' Target='vbaProject.bin'/>"
                "<Relationship Id='l' Type='" R "externalLink' Target='externalLinks/externalLink1.xml'/></Relationships>";
  char want[512];
  snprintf(want, sizeof want, "%sv.xlsx: info: the macros of the workbook are ignored [xlsx-content]\n"
           "v.xlsx: warning: the workbook is linked to other files; their last saved values are read [xlsx-content]", record);
  assert_string_equal(read_parts(&p, VB_OK), want);
}

static void test_not_workbooks(void **state)
{
  (void)state;
  static const struct { const char *bytes; size_t n; const char *want; } cases[] = {
    {"", 0, "v.xlsx: error: this is no archive (zip): the file is damaged or of another kind; save it anew [zip-form]"},
    {"ma,gia", 6, "v.xlsx: error: this is no archive (zip): the file is damaged or of another kind; save it anew [zip-form]"},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "v.xlsx: error: the workbook has a password or is an old .xls; save it as .xlsx without a password [read-kind]"},
  };
  (void)vb_dir_make(d, "build");
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(vb_file_write(d, PATH, cases[i].bytes, cases[i].n), VB_OK);
    assert_string_equal(read_path(PATH, NULL, &values, VB_BAD), cases[i].want);
  }
  assert_int_equal(vb_file_remove(d, PATH), VB_OK);
}

static void test_merges(void **state)
{
  (void)state;
  parts p = plain;
  p.sheet = "<worksheet " NS "><sheetData><row r='2'><c r='A2' t='s'><v>0</v></c><c r='B2' t='s'><v>1</v></c></row>"
            "<row r='3'><c r='A3'><v>1</v></c><c r='B3'><v>5</v></c></row><row r='4'><c r='A4'><v>2</v></c><c r='B4'><v>6</v></c></row>"
            "<row r='9'><c r='A9'><v>3</v></c><c r='B9'><v>7</v></c></row><row r='10'><c r='A10'><v>4</v></c><c r='B10'><v>8</v></c></row></sheetData>"
            "<mergeCells><mergeCell/><mergeCell ref='A9:B9'/><mergeCell ref='B3:B8'/><mergeCell ref='X'/><mergeCell ref='B9:A1'/></mergeCells></worksheet>";
  assert_string_equal(read_parts(&p, VB_OK), "unit=- code=1#@T!A3 value=5#@T!B3 note=-\nunit=- code=2#@T!A4 value=- note=-\n"
                      "unit=- code=3#@T!A9 value=- note=-\nunit=- code=4#@T!A10 value=8#@T!B10 note=-\n");
}

/* Rows out of order, as a broken program writes them: merges count all the same. */
static void test_rows_out_of_order(void **state)
{
  (void)state;
  parts p = plain;
  p.sheet = "<worksheet " NS "><sheetData><row r='2'><c r='A2' t='s'><v>0</v></c><c r='B2' t='s'><v>1</v></c></row>"
            "<row r='9'><c r='A9'><v>3</v></c><c r='B9'><v>7</v></c></row><row r='4'><c r='A4'><v>2</v></c><c r='B4'><v>6</v></c></row></sheetData>"
            "<mergeCells><mergeCell ref='B3:B8'/></mergeCells></worksheet>";
  assert_string_equal(read_parts(&p, VB_OK), "unit=- code=3#@T!A9 value=7#@T!B9 note=-\nunit=- code=2#@T!A4 value=- note=-\n");
}

/* Numbers that no spreadsheet writes; a text above the limit; a part that is nested too deep: each is told with its cell or part. */
static void test_what_no_program_writes(void **state)
{
  (void)state;
  static const char *const numbers[] = {"1E", "1E+", "1E12345", "1E2x", "x", "1E300", "1E-300", "."};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    const char *want = vb_arena_printf(a, "v.xlsx:T!B2: error: the cell cannot be read (%s); open the workbook and save it anew [xlsx-cell]", numbers[i]);
    assert_string_equal(read_rows(vb_arena_printf(a, "<row r='2'><c r='A2'><v>1</v></c><c r='B2'><v>%s</v></c></row>", numbers[i]), VB_BAD), want);
  }
  char *text = vb_arena_alloc(a, VB_FIELD_BYTES_MAX + 2);
  uint32_t seed = 1;
  for (size_t i = 0; i <= VB_FIELD_BYTES_MAX; i++, seed = seed * 1664525 + 1013904223) /* what packs well is refused for that */
    text[i] = (char)('a' + (seed >> 24) % 26);
  text[VB_FIELD_BYTES_MAX + 1] = '\0';
  assert_string_equal(read_rows(vb_arena_printf(a, "<row r='2'><c r='A2'><v>1</v></c><c r='B2' t='inlineStr'><is><t>%s</t></is></c></row>", text), VB_BAD),
                      "v.xlsx:T!B2: error: the field is longer than 1048576 bytes [read-limit]");
  vb_buf deep;
  vb_buf_init(&deep);
  for (int i = 0; i <= VB_XML_DEPTH_MAX; i++)
    vb_buf_str(&deep, "<r>");
  for (int i = 0; i <= VB_XML_DEPTH_MAX; i++)
    vb_buf_str(&deep, "</r>");
  assert_non_null(strstr(read_rows(vb_buf_cstr(&deep), VB_BAD), "[xml-limit]"));
  vb_buf_free(&deep);
}

/* A table with a column a unit: a cell that cannot be read is told, and the other units' are taken. */
static void test_wide_faults(void **state)
{
  (void)state;
  parts p = plain;
  p.sheet = "<worksheet " NS "><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='inlineStr'><is><t>Xã A</t></is></c><c r='C1' t='inlineStr'><is><t>Xã B</t></is></c></row>"
            "<row r='2'><c r='A2'><v>1</v></c><c r='B2' t='e'><v>#REF!</v></c><c r='C2'><v>7</v></c></row></sheetData></worksheet>";
  const char *all = read_parts(&p, VB_BAD);
  assert_non_null(strstr(all, "v.xlsx:T!B2: error: the cell holds the error #REF!; correct the formula [xlsx-cell]"));
  assert_non_null(strstr(all, "value=7#@T!C2"));
}

static void test_empty_rows(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_str(&b, "<worksheet " NS "><sheetData><row r='1'><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row>");
  for (int i = 2; i < 1000000; i++)
    vb_buf_printf(&b, "<row r='%d'/>", i);
  vb_buf_str(&b, "<row r='1048576'><c r='A1048576'><v>1</v></c><c r='B1048576'><v>2</v></c></row></sheetData></worksheet>");
  parts p = plain;
  p.sheet = vb_buf_cstr(&b);
  assert_string_equal(read_parts(&p, VB_OK), "unit=- code=1#@T!A1048576 value=2#@T!B1048576 note=-\n");
  vb_buf_free(&b);
}

static vb_status ignore(void *ctx, const vb_record *r)
{
  size_t *n = ctx;
  *n += r->fields[1].text.n;
  return VB_OK;
}

/* Changed inside its parts, so that the archive stays whole and the change reaches the reader. */
static void test_mutations(void **state)
{
  (void)state;
  static const char sheet[] = "<worksheet " NS "><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c></row>"
    "<row r='2'><c r='A2'><v>1.1</v></c><c r='B2' s='3'><v>0.561</v></c></row><row r='3'><c r='A3' t='s'><v>2</v></c><c r='B3' t='inlineStr'><is><t>x</t></is></c></row>"
    "</sheetData><mergeCells><mergeCell ref='A3:A4'/></mergeCells></worksheet>";
  vb_source src = {PATH, "m.xlsx", VB_ENC_AUTO, NULL, {NULL, 0}};
  vb_buf b;
  vb_buf_init(&b);
  size_t read = 0;
  int good = 0;
  for (int i = 0; i < 2500; i++) {
    parts p = plain;
    p.sheet = sheet;
    const char **slot[] = {&p.sheet, &p.sheet, &p.sheet, &p.strings, &p.styles, &p.book, &p.book_rels, &p.rels};
    const char **s = slot[i % 8];
    mutated(vb_span_of(*s), &b);
    *s = vb_buf_cstr(&b);
    make(&p);
    vb_status st = vb_read_file(d, &src, &values, (vb_sink){ignore, &read});
    assert_true(st == VB_OK || st == VB_BAD);
    assert_int_equal(vb_diag_count(d, VB_ERROR) > 0, st == VB_BAD);
    good += st == VB_OK;
    vb_diag_free(d);
    d = vb_diag_new();
    vb_arena_reset(a);
  }
  assert_in_range(good, 200, 2300);
  assert_true(read > 1000);
  vb_buf_free(&b);
  assert_int_equal(vb_file_remove(d, PATH), VB_OK);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
    T(test_libreoffice), T(test_openpyxl), T(test_sheets), T(test_values), T(test_date1904), T(test_cell_faults), T(test_parts), T(test_not_workbooks),
    T(test_merges), T(test_rows_out_of_order), T(test_what_no_program_writes), T(test_wide_faults), T(test_empty_rows), T(test_mutations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
