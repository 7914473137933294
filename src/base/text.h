/* text.h - UTF-8, CP932 and the habits of Japanese office files.  Pure functions, any thread. */
#pragma once
#include "base/mem.h"

bool   tk_utf8_valid(const char *s, size_t n);
/* Decodes the code point at s (valid UTF-8), returns its length in bytes; 0 at NUL. */
size_t tk_utf8_get(const char *s, uint32_t *cp);
size_t tk_utf8_put(uint32_t cp, char out[4]);
size_t tk_utf8_count(const char *s);                            /* code points */
/* Columns of a fixed-width screen: wide and full-width characters take two, combining marks none.
 */
size_t tk_utf8_columns(const char *s);
/* Copies at most max code points (whole characters only). */
char  *tk_utf8_head(struct tk_arena *a, const char *s, size_t max);

/* CP932 -> UTF-8.  Duplicate codes (NEC/IBM rows) are accepted.  NULL and *bad = byte offset of the
 * first byte that is no CP932. */
char  *tk_from_cp932(struct tk_arena *a, const char *s, size_t n, size_t *ret_len, size_t *bad);
/* UTF-8 -> CP932.  Characters CP932 cannot hold become 〓 (GETA MARK) and are counted; the first is
 * returned in *lost (a code point) so that the caller can name it.  Both wave dashes, minus signs
 * and long dashes are taken (〜 ～, − －, — ―); reading gives ～ － ―, as Windows does. */
char *tk_to_cp932(struct tk_arena *a, const char *s, size_t *ret_len, size_t *nlost,
		  uint32_t *lost);

/* Full-width ASCII, full-width blank and NBSP to their plain forms; nothing else changes. */
char  *tk_narrow(struct tk_arena *a, const char *s);
/* Trims (full-width blanks too) and folds runs of blanks and line breaks to one plain blank. */
char  *tk_squeeze(struct tk_arena *a, const char *s);
/* Removes every blank (full-width too) and line break: for matching header words. */
char  *tk_unblank(struct tk_arena *a, const char *s);
/* Key for comparing and searching: narrow, lower case, half-width kana to full, hiragana to
 * katakana, common variant kanji kept as they are. */
char  *tk_fold(struct tk_arena *a, const char *s);
bool   tk_is_blank(const char *s);                              /* NULL, "" or only blanks */
/* Strict whole number after narrowing ("１２" and "12" pass, "12a" and "" do not). */
bool   tk_parse_int(const char *s, int64_t *ret);
/* Loose check for an e-mail address: one @, a dotted domain, no blanks, ASCII. */
bool   tk_is_mail(const char *s);
/* Escapes for XML and HTML, in text and in attributes; control characters that XML 1.0 cannot hold
 * become U+FFFD. */
void   tk_buf_xml(struct tk_buf *b, const char *s);
