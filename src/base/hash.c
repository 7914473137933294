#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"

_Static_assert(TK_SHA256_LEN == crypto_hash_sha256_BYTES, "digest size");

void tk_hash_init(void)
{
	if (sodium_init() < 0) {
		fputs("tenken: libsodium cannot start\n", stderr);
		abort();
	}
}

void tk_sha256(const void *p, size_t n, unsigned char out[TK_SHA256_LEN])
{
	crypto_hash_sha256(out, p ? p : (const void *)"", n);
}

void tk_hex(const unsigned char *p, size_t n, char *out)
{
	sodium_bin2hex(out, 2 * n + 1, p, n);
}

bool tk_unhex(const char *s, unsigned char *out, size_t n)
{
	size_t len = 0;

	return strlen(s) == 2 * n && sodium_hex2bin(out, n, s, 2 * n, NULL, &len, NULL) == 0 &&
	       len == n;
}

void tk_sha256_hex(const void *p, size_t n, char out[TK_SHA256_HEX])
{
	unsigned char d[TK_SHA256_LEN];

	tk_sha256(p, n, d);
	tk_hex(d, sizeof(d), out);
}

void tk_sha256_base64(const void *p, size_t n, char out[TK_SHA256_BASE64])
{
	unsigned char d[TK_SHA256_LEN];

	tk_sha256(p, n, d);
	sodium_bin2base64(out, TK_SHA256_BASE64, d, sizeof(d), sodium_base64_VARIANT_ORIGINAL);
}

void tk_fingerprint_hex(const void *p, size_t n, char out[TK_SHA256_HEX])
{
	unsigned char d[TK_SHA256_LEN];

	crypto_generichash(d, sizeof(d), p ? p : (const void *)"", n, NULL, 0);
	tk_hex(d, sizeof(d), out);
}

void tk_mac_hex(const unsigned char key[TK_MAC_KEY], const void *p, size_t n, char out[TK_MAC_HEX])
{
	unsigned char d[crypto_auth_BYTES];

	crypto_auth(d, p ? p : (const void *)"", n, key);
	tk_hex(d, sizeof(d), out);
}

bool tk_mac_ok(const unsigned char key[TK_MAC_KEY], const void *p, size_t n, const char *hex)
{
	unsigned char d[crypto_auth_BYTES];

	return tk_unhex(hex, d, sizeof(d)) &&
	       crypto_auth_verify(d, p ? p : (const void *)"", n, key) == 0;
}

_Static_assert(crypto_auth_KEYBYTES == TK_MAC_KEY && crypto_auth_BYTES * 2 + 1 == TK_MAC_HEX,
	       "the size of a seal");

struct tk_hasher { crypto_hash_sha256_state st; };

struct tk_hasher *tk_hasher_new(void)
{
	struct tk_hasher *h = tk_xmalloc(sizeof(*h));

	crypto_hash_sha256_init(&h->st);
	return h;
}

void tk_hasher_add(struct tk_hasher *h, const void *p, size_t n)
{
	crypto_hash_sha256_update(&h->st, p, n);
}

void tk_hasher_end(struct tk_hasher *h, unsigned char out[TK_SHA256_LEN])
{
	crypto_hash_sha256_final(&h->st, out);
	free(h);
}

void tk_random(void *p, size_t n)
{
	randombytes_buf(p, n);
}

char *tk_token(struct tk_arena *a, size_t n)
{
	unsigned char raw[64];
	size_t cap;
	char *s;

	if (n > sizeof(raw))
		n = sizeof(raw);
	tk_random(raw, n);
	cap = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	s = tk_alloc(a, cap);
	sodium_bin2base64(s, cap, raw, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(raw, sizeof(raw));
	return s;
}

static pthread_mutex_t id_lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t id_ms, id_count;

int64_t tk_id_new(void)
{
	const int64_t span = INT64_C(1) << 21;
	int64_t id, now = tk_now_ms();

	pthread_mutex_lock(&id_lock);
	if (now > id_ms) {
		id_ms = now;
		id_count = (int64_t)randombytes_uniform((uint32_t)(span / 2));
	} else if (++id_count == span) { /* 2 million ids in a millisecond: borrow the next */
		id_ms++;
		id_count = 0;
	}
	id = id_ms << 21 | id_count;
	pthread_mutex_unlock(&id_lock);
	return id & INT64_MAX;
}

enum { ARGON_OPS = 2, ARGON_MEM = 19 * 1024 * 1024 };

enum tk_rc tk_password_hash(struct tk_arena *a, const char *password, char **ret, struct tk_err *e)
{
	char *s = tk_alloc(a, crypto_pwhash_STRBYTES);

	if (crypto_pwhash_str_alg(s, password, strlen(password), ARGON_OPS, ARGON_MEM,
				  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return tk_fail(e, TK_EBUSY, NULL,
			       N_("Not enough memory to protect the password. Please try again."));
	*ret = s;
	return TK_OK;
}

bool tk_password_ok(const char *verifier, const char *password)
{
	return crypto_pwhash_str_verify(verifier, password, strlen(password)) == 0;
}
