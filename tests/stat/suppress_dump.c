/* Prints random publications and the patterns found for them, one JSON object a line, for
 * suppress_check.py to judge. */
#include <stdio.h>
#include "sdc_sample.h"

static void print(const struct tk_sdc *s, const struct tk_sdc_rule *rule, const uint8_t *status)
{
	printf("{\"k\": %d, \"cells\": [", rule->k);
	for (size_t i = 0; i < s->ncell; i++)
		printf("%s[%lld, %u, %d]", i ? ", " : "", (long long)s->cell[i].count,
		       s->cell[i].flags, status[i]);
	printf("], \"sums\": [");
	for (size_t i = 0; i < s->nsum; i++) {
		printf("%s[%u, [", i ? ", " : "", s->sum[i].total);
		for (size_t j = 0; j < s->sum[i].n; j++)
			printf("%s%u", j ? ", " : "", s->sum[i].addend[j]);
		printf("]]");
	}
	printf("], \"parts\": [");
	for (size_t i = 0; i < s->npart; i++)
		printf("%s[%u, %u]", i ? ", " : "", s->part[i].cell, s->part[i].base);
	printf("]}\n");
}

int main(void)
{
	static const int ks[] = { 3, 5, 10 };
	struct tk_arena *a = tk_arena_new((size_t)1 << 30);
	struct tk_err e = { .lang = TK_EN };

	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct sample_rng r = { seed };
		struct tk_sdc_rule rule = { .k = ks[seed % 3], .budget = -1 };
		struct tk_suppressed out;
		struct tk_sdc *s;

		if (seed % 4 == 0)
			s = sample_pack(a, &r, 5, 3, 120);
		else if (seed % 4 == 1)
			s = sample_random(a, &r, 3, 3, 3, 20, 1, true).sdc;
		else
			s = sample_random(a, &r, 3 + (int)(seed % 6), 8, 1, 24, 2, true).sdc;
		if (tk_suppress(s, &rule, a, &out, &e) != TK_OK) {
			fprintf(stderr, "%s\n", e.msg);
			return 1;
		}
		print(s, &rule, out.status);
	}
	tk_arena_free(a);
	return 0;
}
