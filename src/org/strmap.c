#include <string.h>
#include "org/strmap.h"

static size_t slot(const struct tk_strmap *m, const char *key)
{
	uint64_t h = UINT64_C(1469598103934665603);
	size_t i;

	for (const char *p = key; *p; p++)
		h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
	for (i = (size_t)(h ^ h >> 29) & (m->cap - 1); m->key[i] && strcmp(m->key[i], key) != 0;)
		i = (i + 1) & (m->cap - 1);
	return i;
}

static void widen(struct tk_strmap *m)
{
	struct tk_strmap big = { m->mem, NULL, NULL, m->cap ? 2 * m->cap : 256, 0 };

	big.key = tk_alloc_n(m->mem, big.cap, sizeof(*big.key));
	big.val = tk_alloc_n(m->mem, big.cap, sizeof(*big.val));
	for (size_t i = 0; i < m->cap; i++)
		if (m->key[i])
			tk_strmap_add(&big, m->key[i], m->val[i]);
	*m = big;
}

bool tk_strmap_add(struct tk_strmap *m, const char *key, uint32_t val)
{
	size_t i;

	if (m->n * 2 >= m->cap)
		widen(m);
	i = slot(m, key);
	if (m->key[i])
		return false;
	m->key[i] = key;
	m->val[i] = val;
	m->n++;
	return true;
}

bool tk_strmap_get(const struct tk_strmap *m, const char *key, uint32_t *ret)
{
	size_t i;

	if (!m->cap || !m->key[i = slot(m, key)])
		return false;
	*ret = m->val[i];
	return true;
}
