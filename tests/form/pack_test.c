/* The packed answers: round trips of every kind, and damaged blobs refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "form/pack.h"

static const struct tk_layout_item item[] = {
	{ .name = "q1", .kind = TK_Q_SINGLE, .noption = 3 },
	{ .name = "q2", .kind = TK_Q_MULTI, .noption = 8 },
	{ .name = "q3", .kind = TK_Q_MULTI, .noption = 60 },
	{ .name = "q4", .kind = TK_Q_NUMBER },
	{ .name = "q5", .kind = TK_Q_TEXT },
	{ .name = "q6", .kind = TK_Q_SINGLE, .noption = 246 },
	{ .name = "q7", .kind = TK_Q_MULTI, .noption = 9 },
	{ .name = "q8", .kind = TK_Q_DATE },
	{ .name = NULL, .kind = TK_Q_DECIMAL },
};

static int setup(void **state)
{
	struct tk_arena *a = tk_arena_new(1 << 20);

	*state = a;
	return 0;
}

static int teardown(void **state)
{
	tk_arena_free(*state);
	return 0;
}

static struct tk_layout *layout(void **state)
{
	struct tk_layout *l;

	assert_int_equal(tk_layout_new(*state, item, TK_LEN(item), &l, NULL), TK_OK);
	return l;
}

static void offsets(void **state)
{
	static const uint32_t off[] = { 0, 1, 3, 12, 13, 14, 15, 18, 19 };
	static const unsigned ncode[] = { 7, 12, 64, 5, 5, 250, 13, 5, 5 };
	struct tk_layout *l = layout(state);

	assert_int_equal(l->size, 20);
	for (size_t i = 0; i < l->nitem; i++) {
		assert_int_equal(l->item[i].off, off[i]);
		assert_int_equal(tk_layout_ncode(&l->item[i]), ncode[i]);
	}
}

static void layouts_refused(void **state)
{
	static const struct tk_layout_item bad[] = {
		{ .name = "a", .kind = TK_Q_SINGLE }, { .name = "a", .kind = TK_Q_SINGLE, .noption = 247 },
		{ .name = "a", .kind = TK_Q_MULTI }, { .name = "a", .kind = TK_Q_MULTI, .noption = 61 },
		{ .name = "a", .kind = TK_Q_KIND_MAX },
	};
	struct tk_layout *l;
	struct tk_err e = { .lang = TK_EN };

	for (size_t i = 0; i < TK_LEN(bad); i++) {
		assert_int_equal(tk_layout_new(*state, &bad[i], 1, &l, &e), TK_EINVAL);
		assert_string_equal(e.field, "a");
	}
	assert_int_equal(tk_layout_new(*state, item, 0, &l, &e), TK_EINVAL);
}

static void round_trip(void **state)
{
	struct tk_layout *l = layout(state);
	uint8_t blob[20] = { 0 }, copy[20];
	struct tk_err e = { .lang = TK_EN };

	assert_int_equal(tk_pack_check(l, blob, sizeof(blob), &e), TK_OK);
	for (size_t i = 0; i < l->nitem; i++)
		assert_int_equal(tk_pack_state(l, blob, i), TK_ANSWER_NOT_ASKED);
	for (unsigned k = 0; k < 246; k++) {
		assert_int_equal(tk_pack_set_option(l, blob, 5, k, &e), TK_OK);
		assert_int_equal(tk_pack_option(l, blob, 5), k);
		assert_int_equal(tk_pack_state(l, blob, 5), TK_ANSWER_VALUE);
	}
	for (unsigned k = 0; k < 60; k++) {
		uint64_t bits = UINT64_C(1) << k | 1;
		assert_int_equal(tk_pack_set_bits(l, blob, 2, bits, &e), TK_OK);
		assert_int_equal(tk_pack_bits(l, blob, 2), bits);
		assert_int_equal(tk_pack_check(l, blob, sizeof(blob), &e), TK_OK);
	}
	assert_int_equal(tk_pack_set_bits(l, blob, 1, 0xA5, &e), TK_OK);
	assert_int_equal(tk_pack_set_bits(l, blob, 6, 0x1FF, &e), TK_OK);
	for (int s = 0; s < TK_ANSWER_VALUE; s++) {
		memcpy(copy, blob, sizeof(blob));
		for (size_t i = 0; i < l->nitem; i++) {
			assert_int_equal(tk_pack_set_state(l, copy, i, (enum tk_answer)s, &e), TK_OK);
			assert_int_equal(tk_pack_state(l, copy, i), s);
			assert_int_equal(tk_pack_option(l, copy, i), -1);
			assert_int_equal(tk_pack_bits(l, copy, i), 0);
			/* the neighbours keep what they had */
			if (i + 1 < l->nitem)
				assert_memory_equal(copy + l->item[i + 1].off, blob + l->item[i + 1].off,
						    20 - l->item[i + 1].off);
		}
		assert_int_equal(tk_pack_check(l, copy, sizeof(copy), &e), TK_OK);
	}
	assert_int_equal(tk_pack_bits(l, blob, 1), 0xA5);
	assert_int_equal(tk_pack_bits(l, blob, 6), 0x1FF);
	assert_int_equal(tk_pack_set_bits(l, blob, 1, 0, &e), TK_OK);
	assert_int_equal(tk_pack_state(l, blob, 1), TK_ANSWER_NO_ANSWER);
	assert_int_equal(tk_pack_set_state(l, blob, 3, TK_ANSWER_VALUE, &e), TK_OK);
	assert_int_equal(tk_pack_check(l, blob, sizeof(blob), &e), TK_OK);
}

static void writes_refused(void **state)
{
	struct tk_layout *l = layout(state);
	uint8_t blob[20] = { 0 }, zero[20] = { 0 };
	struct tk_err e = { .lang = TK_EN };

	assert_int_equal(tk_pack_set_option(l, blob, 0, 3, &e), TK_EINVAL);
	assert_string_equal(e.field, "q1");
	assert_string_equal(e.msg, "The item has 3 options; there is no option number 4.");
	assert_int_equal(tk_pack_set_option(l, blob, 0, UINT32_MAX, &e), TK_EINVAL);
	assert_int_equal(tk_pack_set_option(l, blob, 1, 0, &e), TK_EINVAL);
	assert_int_equal(tk_pack_set_option(l, blob, 99, 0, &e), TK_EINVAL);
	assert_int_equal(tk_pack_set_bits(l, blob, 1, 0x100, &e), TK_EINVAL);
	assert_int_equal(tk_pack_set_bits(l, blob, 0, 1, &e), TK_EINVAL);
	assert_int_equal(tk_pack_set_state(l, blob, 0, TK_ANSWER_VALUE, &e), TK_EINVAL);
	assert_int_equal(tk_pack_set_state(l, blob, 1, TK_ANSWER_VALUE, &e), TK_EINVAL);
	assert_int_equal(tk_pack_set_state(l, blob, 3, (enum tk_answer)5, &e), TK_EINVAL);
	assert_memory_equal(blob, zero, sizeof(blob));
}

static void damage_refused(void **state)
{
	/* byte, value, item named */
	static const struct { size_t at; uint8_t v; const char *field; } bad[] = {
		{ 0, 7, "q1" }, { 0, 255, "q1" }, { 1, 4, "q2" }, { 2, 1, "q2" }, { 1, 5, "q2" }, { 3, 4, "q3" },
		{ 11, 0x10, "q3" }, { 11, 0x08, "q3" }, { 12, 5, "q4" }, { 13, 9, "q5" }, { 14, 250, "q6" }, { 17, 2, "q7" },
		{ 17, 1, "q7" }, { 18, 200, "q8" }, { 19, 5, "" },
	};
	struct tk_layout *l = layout(state);
	struct tk_err e = { .lang = TK_EN };
	uint8_t blob[21] = { 0 };

	assert_int_equal(tk_pack_check(l, blob, 19, &e), TK_EINVAL);
	assert_int_equal(tk_pack_check(l, blob, 21, &e), TK_EINVAL);
	assert_int_equal(tk_pack_check(l, blob, 0, &e), TK_EINVAL);
	for (size_t i = 0; i < TK_LEN(bad); i++) {
		memset(blob, 0, sizeof(blob));
		blob[bad[i].at] = bad[i].v;
		assert_int_equal(tk_pack_check(l, blob, 20, &e), TK_EINVAL);
		assert_string_equal(e.field, bad[i].field);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(offsets, setup, teardown),
		cmocka_unit_test_setup_teardown(layouts_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(round_trip, setup, teardown),
		cmocka_unit_test_setup_teardown(writes_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(damage_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
