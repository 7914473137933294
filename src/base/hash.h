/* hash.h - digests, random tokens and ids, over libsodium.  Any thread after tk_hash_init(). */
#pragma once
#include "base/mem.h"

enum { TK_SHA256_LEN = 32, TK_SHA256_HEX = 65 };
void tk_hash_init(void); /* once, before anything else; aborts on failure */
void    tk_sha256(const void *p, size_t n, unsigned char out[TK_SHA256_LEN]);
void    tk_sha256_hex(const void *p, size_t n, char out[TK_SHA256_HEX]);
enum { TK_SHA256_BASE64 = 45 };
void    tk_sha256_base64(const void *p, size_t n, char out[TK_SHA256_BASE64]);
struct tk_hasher;                                               /* incremental */
struct tk_hasher *tk_hasher_new(void);
void    tk_hasher_add(struct tk_hasher *h, const void *p, size_t n);
void    tk_hasher_end(struct tk_hasher *h, unsigned char out[TK_SHA256_LEN]);  /* frees h */
/* BLAKE2b-256: three times as fast, for what is only ever compared in here (long bodies). */
void    tk_fingerprint_hex(const void *p, size_t n, char out[TK_SHA256_HEX]);
/* A seal that only who has the key can make: HMAC-SHA-512, cut to 256 bits. */
enum { TK_MAC_KEY = 32, TK_MAC_HEX = 65 };
void    tk_mac_hex(const unsigned char key[TK_MAC_KEY], const void *p, size_t n,
		   char out[TK_MAC_HEX]);
bool    tk_mac_ok(const unsigned char key[TK_MAC_KEY], const void *p, size_t n, const char *hex);
void    tk_hex(const unsigned char *p, size_t n, char *out);    /* out: 2n+1 bytes */
bool    tk_unhex(const char *s, unsigned char *out, size_t n);
/* Random URL-safe text of n bytes of entropy (32 -> 43 characters). */
char   *tk_token(struct tk_arena *a, size_t n);
void    tk_random(void *p, size_t n);
/* 63-bit, time-ordered, unique in this process and, with overwhelming odds, between processes:
 * 42 bits of milliseconds, 21 bits that count up from a random start within the millisecond. */
int64_t tk_id_new(void);
/* argon2id verifier text (19 MiB, t=2) and its check; each takes about 25 ms of CPU. */
enum tk_rc tk_password_hash(struct tk_arena *a, const char *password, char **ret,
			    struct tk_err *e) TK_MUST_USE;
bool    tk_password_ok(const char *verifier, const char *password);
