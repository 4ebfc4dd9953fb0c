/* Limits of templates at their edge (gen/base/limits.h): as many as are allowed pass, one more is refused with the message that names the limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "template_lab.h"

static char dir[256];

static int set_up(void **state)
{
  (void)state;
  folder_make(dir);
  assert_int_equal(vb_dir_make(NULL, folder_path(dir, "parts")), VB_OK);
  lab_own(dir);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  lab_own(NULL);
  folder_drop(dir);
  return 0;
}

static void repeat(vb_buf *b, const char *text, int n)
{
  for (int i = 0; i < n; i++)
    vb_buf_str(b, text);
}

/* A template with this in its body is built; msg: it is refused, and this is the first message. VB_MSG_COUNT: it is built. */
static void built(vb_buf *body, vb_msg msg)
{
  lab l;
  lab_make(&l);
  const char *text = vb_arena_printf(l.a, "<template id=\"x\" kind=\"BC\" form=\"bieu\"><about lang=\"vi\">Mẫu</about><subject>Thử</subject><body>%s</body></template>", vb_buf_cstr(body));
  vb_buf_free(body);
  folder_put(dir, "x.xml", text);
  vb_status st = lab_open(&l, "x");
  if (st == VB_OK)
    st = lab_build(&l);
  if (msg == VB_MSG_COUNT && st != VB_OK)
    fail_msg("%s", lab_findings(&l));
  assert_int_equal(st, msg == VB_MSG_COUNT ? VB_OK : VB_BAD);
  if (msg != VB_MSG_COUNT)
    assert_int_equal(vb_diag_first(l.d)->msg, msg);
  lab_drop(&l);
}

static void test_loops(void **state)
{
  (void)state;
  for (int n = VB_LOOP_DEPTH_MAX; n <= VB_LOOP_DEPTH_MAX + 1; n++) {
    vb_buf b;
    vb_buf_init(&b);
    repeat(&b, "<for query=\"SELECT 1 AS a\">", n);
    vb_buf_str(&b, "<p>Chữ.</p>");
    repeat(&b, "</for>", n);
    built(&b, n > VB_LOOP_DEPTH_MAX ? VB_MSG_TEMPLATE_LOOPS : VB_MSG_COUNT);
  }
}

static void test_includes_of_includes(void **state)
{
  (void)state;
  for (int n = VB_INCLUDE_DEPTH_MAX; n <= VB_INCLUDE_DEPTH_MAX + 1; n++) {
    for (int i = 0; i < n; i++) {
      char name[32], text[160];
      (void)snprintf(name, sizeof name, "parts/p%d.xml", i);
      if (i + 1 < n)
        (void)snprintf(text, sizeof text, "<part id=\"p%d\"><include part=\"p%d\"/></part>", i, i + 1);
      else
        (void)snprintf(text, sizeof text, "<part id=\"p%d\"><p>Chữ.</p></part>", i);
      folder_put(dir, name, text);
    }
    vb_buf b;
    vb_buf_init(&b);
    vb_buf_str(&b, "<include part=\"p0\"/>");
    built(&b, n > VB_INCLUDE_DEPTH_MAX ? VB_MSG_TEMPLATE_RECURSION : VB_MSG_COUNT);
  }
}

static void test_many_includes(void **state)
{
  (void)state;
  folder_put(dir, "parts/m.xml", "<part id=\"m\"><p>Chữ.</p></part>");
  for (int n = VB_INCLUDES_MAX; n <= VB_INCLUDES_MAX + 1; n++) {
    vb_buf b;
    vb_buf_init(&b);
    repeat(&b, "<include part=\"m\"/>", n);
    built(&b, n > VB_INCLUDES_MAX ? VB_MSG_TEMPLATE_INCLUDES : VB_MSG_COUNT);
  }
}

/* The longest statement, and the longest text that one gives: a byte more is refused, when the template is read and when the document is built. */
static void test_statements(void **state)
{
  (void)state;
  for (int over = 0; over < 2; over++) {
    vb_buf b;
    vb_buf_init(&b);
    const char head[] = "SELECT 'x' AS t -- ";
    vb_buf_str(&b, "<let name=\"t\" select=\"");
    vb_buf_str(&b, head);
    repeat(&b, "-", (int)(VB_SQL_LENGTH_MAX - strlen(head)) + over);
    vb_buf_str(&b, "\"/><p>{t}</p>");
    built(&b, over ? VB_MSG_SQL_TOO_BIG : VB_MSG_COUNT);
    vb_buf_init(&b);
    vb_buf_str(&b, "<let name=\"t\" select=\"SELECT length(replace('");
    repeat(&b, "x", 512);
    vb_buf_str(&b, "', 'x', '");
    repeat(&b, "y", VB_SQL_TEXT_MAX / 512);
    vb_buf_str(&b, over ? "') || 'x')\"/><p>{t}</p>" : "'))\"/><p>{t}</p>");
    built(&b, over ? VB_MSG_SQL_TOO_BIG : VB_MSG_COUNT);
  }
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
  const struct CMUnitTest tests[] = {T(test_loops), T(test_includes_of_includes), T(test_many_includes), T(test_statements)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
