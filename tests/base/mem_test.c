#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/mem.h"

static void arena_gives_zeroed_aligned_memory(void **state)
{
	struct tk_arena *a = tk_arena_new(1 << 20);

	(void)state;
	for (size_t n = 0; n < 300; n += 7) {
		unsigned char *p = tk_alloc(a, n);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xAA, n);
	}
	assert_string_equal(tk_strndup(a, "abcdef", 3), "abc");
	assert_null(tk_strdup(a, NULL));
	assert_string_equal(tk_sprintf(a, "%d-%s", 7, "x"), "7-x");
	tk_arena_reset(a);
	assert_int_equal(tk_arena_used(a), 0);
	tk_arena_free(a);
	tk_arena_free(NULL);
}

static int freed[3], nfreed;

static void note(void *arg)
{
	freed[nfreed++] = *(int *)arg;
}

static void arena_calls_back_last_first(void **state)
{
	struct tk_arena *a = tk_arena_new(4096);
	int one = 1, two = 2;

	(void)state;
	nfreed = 0;
	tk_on_free(a, note, &one);
	tk_on_free(a, note, &two);
	tk_arena_reset(a);
	assert_int_equal(nfreed, 2);
	assert_int_equal(freed[0], 2);
	assert_int_equal(freed[1], 1);
	tk_arena_free(a);
	assert_int_equal(nfreed, 2);
}

static bool fits(struct tk_arena *a, size_t n, size_t size)
{
	if (tk_arena_guard(a))
		return false;
	tk_alloc_n(a, n, size);
	tk_arena_unguard(a);
	return true;
}

static void arena_ceiling_jumps_to_the_guard(void **state)
{
	struct tk_arena *a = tk_arena_new(10000);

	(void)state;
	assert_true(fits(a, 1, 6000));
	assert_false(fits(a, 1, 6000));
	assert_true(fits(a, 1, 4000));          /* a refusal takes nothing */
	assert_false(fits(a, SIZE_MAX / 2, 3)); /* the product does not fit in a size_t */
	assert_false(fits(a, 1, SIZE_MAX));
	assert_true(tk_arena_used(a) <= 10000);
	assert_false(fits(a, 1, 16));
	/* whoever was jumped back to has room to say so, though the arena is full to its last byte */
	assert_int_equal(strlen(tk_sprintf(a, "%0900d", 7)), 900);
	assert_false(fits(a, 1, 16));
	tk_arena_reset(a);
	assert_true(fits(a, 1, 10000));
	assert_false(fits(a, 1, 1));
	tk_arena_free(a);
}

static void buffer_ceiling_is_sticky(void **state)
{
	struct tk_buf b = TK_BUF(8);

	(void)state;
	assert_string_equal(tk_buf_cstr(&b), "");
	tk_buf_str(&b, "1234567");
	assert_false(b.bad);
	assert_string_equal(tk_buf_cstr(&b), "1234567");
	tk_buf_chr(&b, '8');                    /* the NUL counts */
	assert_true(b.bad);
	tk_buf_clear(&b);
	assert_false(b.bad);
	tk_buf_str(&b, "123456789");
	tk_buf_chr(&b, 'x');
	assert_true(b.bad);
	assert_string_equal(tk_buf_cstr(&b), "");
	tk_buf_drop(&b);
	assert_int_equal(b.max, 8);
}

static void buffer_formats_long_texts(void **state)
{
	struct tk_buf b = TK_BUF(4096);

	(void)state;
	tk_buf_fmt(&b, "%s%0*d", "a", 1000, 5);
	assert_false(b.bad);
	assert_int_equal(b.len, 1001);
	assert_int_equal(b.p[1000], '5');
	tk_buf_fmt(&b, "%0*d", 5000, 5);
	assert_true(b.bad);
	assert_int_equal(b.len, 1001);
	tk_buf_drop(&b);
}

static void error_text_is_cut_between_characters(void **state)
{
	struct tk_err e = { .lang = TK_EN };
	char text[600];

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 3; i += 3)
		memcpy(text + i, "検", 4);
	assert_int_equal(tk_fail(&e, TK_EINVAL, "name", "%s", text), TK_EINVAL);
	assert_string_equal(e.field, "name");
	assert_int_equal(strlen(e.msg) % 3, 0);
	assert_true(strlen(e.msg) > 470);
	assert_int_equal(tk_fail(NULL, TK_EPERM, NULL, "%s", "x"), TK_EPERM);
	assert_int_equal(tk_rc_http(TK_EVERSION), 412);
	assert_string_equal(tk_rc_slug(TK_EGONE), "gone");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(arena_calls_back_last_first),
		cmocka_unit_test(arena_ceiling_jumps_to_the_guard),
		cmocka_unit_test(buffer_ceiling_is_sticky),
		cmocka_unit_test(buffer_formats_long_texts),
		cmocka_unit_test(error_text_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
