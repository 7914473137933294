#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "base/text.h"
#include "case/receipt.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
enum { YEAR = 4, RANDOM = 11, BODY = 1 + YEAR + RANDOM, WHOLE = BODY + 1 };

static int value_of(char c)
{
	const char *p;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
	p = c ? strchr(alphabet, c) : NULL;
	return p ? (int)(p - alphabet) : -1;
}

/* Sum of the values times 1, x, x^2 ... in the field of 32 elements (x^5 = x^2 + 1): the weights
 * are all different and none is zero, so one wrong value or two swapped ones always change the sum.
 */
static int check_of(const int v[BODY])
{
	int sum = 0;

	for (int i = BODY - 1; i >= 0; i--) {
		sum = (sum ^ v[i]) << 1;
		if (sum & 32)
			sum ^= 0x25;
	}
	return sum;
}

static char *write_out(struct tk_arena *a, const int v[BODY])
{
	char s[WHOLE + 1];

	for (int i = 0; i < BODY; i++)
		s[i] = alphabet[v[i]];
	s[BODY] = alphabet[check_of(v)];
	s[WHOLE] = '\0';
	return tk_sprintf(a, "%.5s-%.4s-%.4s-%.4s", s, s + 5, s + 9, s + 13);
}

char *tk_receipt_no(struct tk_arena *a, const char *prefix, int fiscal_year)
{
	unsigned char r[RANDOM];
	int v[BODY] = { value_of(prefix[0]) };

	if (v[0] < 10 || prefix[1] || fiscal_year < 1000 || fiscal_year > 9999)
		abort();                        /* prefixes are program constants */
	for (int i = YEAR; i >= 1; i--, fiscal_year /= 10)
		v[i] = fiscal_year % 10;
	tk_random(r, sizeof(r));
	for (int i = 0; i < RANDOM; i++)
		v[1 + YEAR + i] = r[i] & 31;
	return write_out(a, v);
}

char *tk_receipt_read(struct tk_arena *a, const char *text)
{
	int v[WHOLE], n = 0;
	const char *s = text ? tk_unblank(a, tk_narrow(a, text)) : "";

	for (; *s; s++) {
		if (*s == '-')
			continue;
		if (n == WHOLE || (v[n++] = value_of(*s)) < 0)
			return NULL;
	}
	if (n != WHOLE || v[0] < 10 || check_of(v) != v[BODY])
		return NULL;
	for (int i = 1; i <= YEAR; i++)
		if (v[i] > 9)
			return NULL;
	return write_out(a, v);
}
