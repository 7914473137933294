/* The archive writer: what goes in comes out, the same content is the same bytes, ceilings hold. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <zip.h>
#include "sheet/archive.h"

enum { AT = 1330000000, MANY = 1 << 20 };

static void make(struct tk_buf *out)
{
	struct tk_err e = { .lang = TK_EN };
	struct tk_archive *z = tk_archive_new(AT, MANY, TK_EN);

	tk_archive_add(z, "表/設問.csv", "a,b\n1,2\n", 8);
	tk_archive_add(z, "empty.txt", "", 0);
	assert_int_equal(tk_archive_close(z, tk_out_to_buf, out, &e), TK_OK);
}

static void test_read_back(void **state)
{
	struct tk_buf out = TK_BUF(MANY);
	zip_source_t *src;
	zip_error_t ze;
	zip_file_t *f;
	zip_t *z;
	char text[16] = "";

	(void)state;
	make(&out);
	zip_error_init(&ze);
	src = zip_source_buffer_create(out.p, out.len, 0, &ze);
	z = zip_open_from_source(src, ZIP_RDONLY, &ze);
	assert_non_null(z);
	assert_int_equal(zip_get_num_entries(z, 0), 2);
	f = zip_fopen(z, "表/設問.csv", 0);
	assert_non_null(f);
	assert_int_equal(zip_fread(f, text, sizeof(text) - 1), 8);
	assert_string_equal(text, "a,b\n1,2\n");
	zip_fclose(f);
	zip_discard(z);
	tk_buf_drop(&out);
}

static void test_same_bytes(void **state)
{
	struct tk_buf a = TK_BUF(MANY), b = TK_BUF(MANY);

	(void)state;
	make(&a);
	make(&b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.p, b.p, a.len);
	tk_buf_drop(&a);
	tk_buf_drop(&b);
}

static void test_faults(void **state)
{
	struct tk_buf out = TK_BUF(MANY);
	struct tk_err e = { .lang = TK_EN };
	struct tk_archive *z = tk_archive_new(AT, 10, TK_EN);

	(void)state;
	tk_archive_add(z, "large.csv", "12345678901", 11);
	tk_archive_add(z, "small.csv", "1", 1);
	assert_int_equal(tk_archive_close(z, tk_out_to_buf, &out, &e), TK_ETOOBIG);
	assert_non_null(strstr(e.msg, "large.csv"));
	assert_int_equal(out.len, 0);
	z = tk_archive_new(AT, 10, TK_EN);
	tk_archive_add(z, "twice", "1", 1);
	tk_archive_add(z, "twice", "2", 1);
	assert_int_equal(tk_archive_close(z, tk_out_to_buf, &out, &e), TK_EINTERNAL);
	tk_archive_free(NULL);
	tk_buf_drop(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
