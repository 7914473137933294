#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/clock.h"
#include "base/hash.h"

static void digest_of_known_texts(void **state)
{
	char hex[TK_SHA256_HEX], hex2[TK_SHA256_HEX];
	unsigned char d[TK_SHA256_LEN], back[TK_SHA256_LEN];
	struct tk_hasher *h = tk_hasher_new();

	(void)state;
	tk_sha256_hex("abc", 3, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	tk_hasher_add(h, "a", 1);
	tk_hasher_add(h, "bc", 2);
	tk_hasher_end(h, d);
	tk_hex(d, sizeof(d), hex2);
	assert_string_equal(hex, hex2);
	tk_sha256_hex(NULL, 0, hex2);
	assert_string_equal(hex2, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_true(tk_unhex(hex, back, sizeof(back)));
	assert_memory_equal(back, d, sizeof(d));
	assert_false(tk_unhex("ba78", back, sizeof(back)));
	hex[5] = 'g';
	assert_false(tk_unhex(hex, back, sizeof(back)));
}

static void tokens_differ(void **state)
{
	struct tk_arena *a = tk_arena_new(4096);
	const char *one = tk_token(a, 32), *two = tk_token(a, 32);

	(void)state;
	assert_int_equal(strlen(one), 43);
	assert_string_not_equal(one, two);
	assert_int_equal(strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 43);
	tk_arena_free(a);
}

enum { THREADS = 4, EACH = 50000 };
static int64_t ids[THREADS][EACH];

static void *draw(void *arg)
{
	int64_t *mine = arg;

	for (int i = 0; i < EACH; i++)
		mine[i] = tk_id_new();
	return NULL;
}

static int id_cmp(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return (a > b) - (a < b);
}

static void ids_are_unique_and_rise(void **state)
{
	pthread_t t[THREADS];
	int64_t *all = &ids[0][0], before = tk_now_ms();

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, draw, ids[i]), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	for (int i = 0; i < THREADS; i++)       /* every thread sees its own rise */
		for (int k = 1; k < EACH; k++)
			assert_true(ids[i][k] > ids[i][k - 1]);
	qsort(all, THREADS * EACH, sizeof(*all), id_cmp);
	for (int i = 1; i < THREADS * EACH; i++)
		assert_true(all[i] != all[i - 1]);
	assert_true(all[0] > 0);
	assert_true(all[0] >> 21 >= before);
	assert_true(all[THREADS * EACH - 1] >> 21 <= tk_now_ms() + 1);
	assert_true(tk_id_new() > all[THREADS * EACH - 1]);
}

static void passwords_are_checked(void **state)
{
	struct tk_arena *a = tk_arena_new(4096);
	char *v = NULL, *w = NULL;

	(void)state;
	assert_int_equal(tk_password_hash(a, "合言葉は山", &v, NULL), TK_OK);
	assert_int_equal(tk_password_hash(a, "合言葉は山", &w, NULL), TK_OK);
	assert_string_not_equal(v, w);          /* salted */
	assert_memory_equal(v, "$argon2id$", 10);
	assert_true(tk_password_ok(v, "合言葉は山"));
	assert_false(tk_password_ok(v, "合言葉は川"));
	assert_false(tk_password_ok("", "合言葉は山"));
	tk_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digest_of_known_texts),
		cmocka_unit_test(tokens_differ),
		cmocka_unit_test(ids_are_unique_and_rise),
		cmocka_unit_test(passwords_are_checked),
	};

	tk_hash_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
