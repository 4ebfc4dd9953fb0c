/* builtin: the data tables that every job has. docs/formats.md is made to agree with this; the reader matches headings by the
 * aliases. Columns in the order in which `vanban new` writes them.
 */
#include "store/store_int.h"

#include <string.h>

#define COLUMN(id, title, aliases, type, required, key) {(id), (title), (aliases), VB_TYPE_##type, 0, (required), (key), NULL}
#define MANY(columns) (columns), sizeof(columns) / sizeof((columns)[0])
#define UNIT_COLUMN COLUMN("unit", "Mã đơn vị", "mã đơn vị|đơn vị|ma-don-vi|don-vi|unit code", UNIT, false, false)
#define SINCE_COLUMN COLUMN("since", "Từ ngày", "từ ngày|có hiệu lực từ|hiệu lực từ|tu-ngay|from|valid from", DATE, false, false)
#define UNTIL_COLUMN COLUMN("until", "Đến ngày", "đến ngày|hết hiệu lực|hết hiệu lực từ|den-ngay|to|valid to", DATE, false, false)

static const vb_data_column unit_columns[] = {
  COLUMN("code", "Mã", "mã|mã đơn vị|ma|ma-don-vi|unit|unit code|id", TEXT, true, true),
  COLUMN("name", "Tên", "tên|tên đơn vị|ten|ten-don-vi|unit name", TEXT, true, false),
  COLUMN("short", "Tên ngắn", "tên ngắn|tên viết tắt|viết tắt|ten-ngan|short name", TEXT, false, false),
  COLUMN("organ", "Cơ quan ban hành", "cơ quan ban hành|cơ quan|tên cơ quan|co-quan|organ name|agency", TEXT, false, false),
  COLUMN("kind", "Loại", "loại|loại đơn vị|loai|unit kind|type", TEXT, false, false),
  COLUMN("level", "Cấp", "cấp|cấp hành chính|cap|unit level", TEXT, false, false),
  COLUMN("parent", "Đơn vị cấp trên", "cấp trên|mã cấp trên|mã đơn vị cấp trên|trực thuộc|thuộc|cap-tren|parent code", TEXT, false, false),
  COLUMN("ident", "Mã định danh", "định danh|mã định danh điện tử|dinh-danh|ma-dinh-danh|identifier|organ id", TEXT, false, false),
  COLUMN("stat", "Mã thống kê", "mã hành chính|mã đơn vị hành chính|ma-thong-ke|statistical code", TEXT, false, false),
  COLUMN("place", "Địa danh", "địa danh|nơi ban hành|dia-danh|place name", TEXT, false, false),
  COLUMN("superior", "Cơ quan chủ quản", "chủ quản|cơ quan cấp trên|chu-quan|superior organ", TEXT, false, false),
  COLUMN("symbol", "Ký hiệu", "ký hiệu|viết tắt trong số ký hiệu|ky-hieu|abbreviation", TEXT, false, false),
  COLUMN("address", "Địa chỉ", "địa chỉ|trụ sở|dia-chi", TEXT, false, false),
  SINCE_COLUMN,
  UNTIL_COLUMN,
};

static const vb_data_column citation_columns[] = {
  COLUMN("id", "Mã", "mã|mã viện dẫn|ma|key", TEXT, true, true),
  COLUMN("type", "Loại văn bản", "loại|tên loại|loại văn bản|loai|kind", TEXT, true, false),
  COLUMN("number", "Số, ký hiệu", "số|số ký hiệu|số và ký hiệu|so|so-ky-hieu|symbol", TEXT, false, false),
  COLUMN("date", "Ngày ban hành", "ngày|ngày ban hành|ngày ký|ngay|ngay-ban-hanh|issued", DATE, false, false),
  COLUMN("agency", "Cơ quan ban hành", "cơ quan|cơ quan ban hành|co-quan|organ|issuer", TEXT, false, false),
  COLUMN("title", "Trích yếu", "trích yếu|trích yếu nội dung|tên văn bản|trich-yeu|subject", TEXT, false, false),
  SINCE_COLUMN,
  UNTIL_COLUMN,
  COLUMN("replaced_by", "Thay bằng", "thay bằng|thay thế bởi|được thay thế bởi|thay-bang|replaced by", TEXT, false, false),
};

static const vb_data_column signer_columns[] = {
  UNIT_COLUMN,
  COLUMN("name", "Họ và tên", "họ tên|họ và tên|người ký|ho-ten|nguoi-ky|full name|signer", TEXT, true, false),
  COLUMN("position", "Chức vụ", "chức vụ|chức danh|chuc-vu|title", TEXT, true, false),
  COLUMN("authority", "Quyền hạn", "quyền hạn|thẩm quyền|quyen-han", TEXT, false, false),
  COLUMN("document", "Văn bản", "văn bản|mã văn bản|van-ban|document id", TEXT, false, false),
  SINCE_COLUMN,
  UNTIL_COLUMN,
};

static const vb_data_column document_columns[] = {
  COLUMN("document", "Văn bản", "văn bản|mã văn bản|van-ban|ma-van-ban|document id|id", TEXT, true, true),
  COLUMN("number", "Số", "số|số văn bản|so|so-van-ban|document number", TEXT, false, false),
  COLUMN("date", "Ngày ban hành", "ngày|ngày ban hành|ngày ký|ngay|ngay-ban-hanh|issued", DATE, false, false),
  COLUMN("state", "Tình trạng", "tình trạng|trạng thái|tinh-trang|status", TEXT, false, false),
  COLUMN("authority", "Quyền hạn", "quyền hạn|thẩm quyền|quyen-han", TEXT, false, false),
  COLUMN("position", "Chức vụ", "chức vụ|chức danh người ký|chuc-vu|title", TEXT, false, false),
  COLUMN("signer", "Người ký", "người ký|họ tên người ký|họ và tên|nguoi-ky|signer name", TEXT, false, false),
  COLUMN("place", "Địa danh", "địa danh|nơi ban hành|dia-danh", TEXT, false, false),
  COLUMN("drafter", "Người soạn", "người soạn thảo|đơn vị soạn thảo|người soạn|nguoi-soan|drafted by", TEXT, false, false),
  COLUMN("archive", "Lưu", "lưu|nơi lưu|luu|file", TEXT, false, false),
};

static const vb_data_column recipients_columns[] = {
  UNIT_COLUMN,
  COLUMN("document", "Văn bản", "văn bản|mã văn bản|van-ban|ma-van-ban|document id", TEXT, false, false),
  COLUMN("role", "Vai trò", "vai trò|loại nơi nhận|vai-tro|kind", TEXT, false, false),
  COLUMN("name", "Nơi nhận", "tên|nơi nhận|tên nơi nhận|ten|noi-nhan|recipient", TEXT, true, false),
  COLUMN("ident", "Mã định danh", "định danh|mã định danh|ma-dinh-danh|dinh-danh|identifier", TEXT, false, false),
  COLUMN("ord", "Thứ tự", "thứ tự|stt|tt|thu-tu|order", COUNT, false, false),
};

static const vb_data_column holiday_columns[] = {
  COLUMN("date", "Ngày", "ngày|ngày nghỉ|ngay|day", DATE, true, true),
  COLUMN("name", "Tên", "tên|tên ngày nghỉ|lý do|ten|reason", TEXT, false, false),
  COLUMN("kind", "Loại", "loại|loai|type", TEXT, false, false),
};

static const vb_data_column period_columns[] = {
  COLUMN("code", "Kỳ", "kỳ|kỳ báo cáo|mã kỳ|ky|ky-bao-cao|period", PERIOD, true, true),
  SINCE_COLUMN,
  UNTIL_COLUMN,
  COLUMN("deadline", "Hạn gửi", "hạn gửi|hạn nộp|thời hạn|thời hạn gửi báo cáo|han-gui|han-nop|due|due date", DATE, false, false),
};

static const vb_data_table builtins[] = {
  {"unit", MANY(unit_columns), false, {NULL, 0, 0, NULL}, NULL},
  {"citation", MANY(citation_columns), false, {NULL, 0, 0, NULL}, NULL},
  {"signer", MANY(signer_columns), false, {NULL, 0, 0, NULL}, NULL},
  {"document", MANY(document_columns), true, {NULL, 0, 0, NULL}, NULL},
  {"recipients", MANY(recipients_columns), false, {NULL, 0, 0, NULL}, NULL},
  {"holiday", MANY(holiday_columns), false, {NULL, 0, 0, NULL}, NULL},
  {"period", MANY(period_columns), false, {NULL, 0, 0, NULL}, NULL},
};

const vb_data_table *vb_store_builtin(const char *name)
{
  for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++)
    if (strcmp(name, builtins[i].name) == 0)
      return &builtins[i];
  return NULL;
}

vb_status vb_tables_builtin(vb_diag *d, vb_store *s)
{
  vb_status status = VB_OK;
  for (size_t i = 0; status == VB_OK && i < sizeof builtins / sizeof builtins[0]; i++)
    if (strcmp(builtins[i].name, "period") != 0) /* has a table of the store's own */
      status = vb_store_declare(d, s, &builtins[i]);
  return status;
}
