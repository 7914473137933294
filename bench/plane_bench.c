/* Counting a campaign in memory: 300,000 people x 81 items over 300 divisions (DESIGN: < 5 ms with
 * any filter, < 100 MB).
 *
 *   plane_bench [PEOPLE [ITEMS [DIVISIONS [SEED]]]]
 *
 * Generator: 64-bit LCG; single choices of three options, answered 88 done : 5 partly : 3 not done,
 * the rest the four states; division sizes uneven; people arrive in shuffled order.  The comparison
 * is the plain loop over the same packed bytes, row by row, one addition an answer.  Both results
 * are compared cell by cell.  Times are the best of several runs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "base/clock.h"
#include "survey/plane.h"

enum { BUREAUS = 5, POSTS = 20, RUNS = 9, CODES = 7 };

struct bench {
	struct tk_layout    *layout;
	struct tk_plane     *p;
	uint32_t             people, items, divisions;
	uint64_t             seed;
	uint8_t             *blob;      /* [people][items] */
	struct tk_plane_key *key;
	uint32_t            *order;
	bool                *in;        /* the filter, for the plain loop */
	uint32_t            *plain;     /* [divisions][items * CODES] */
};

static uint32_t rnd(struct bench *b, uint32_t n)
{
	b->seed = b->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(((b->seed >> 32) * n) >> 32);
}

static void must(enum tk_rc rc)
{
	if (rc != TK_OK)
		abort();
}

static void generate(struct bench *b)
{
	static const uint8_t code[100] = { [88] = 5, 5, 5, 5, 5, 6, 6, 6, 0, 1, 2, 3 };

	for (uint32_t i = 0; i < b->people; i++) {
		/* the smaller of two draws: low divisions are up to twice as large as the mean */
		uint32_t d = rnd(b, b->divisions), d2 = rnd(b, b->divisions);

		d = d < d2 ? d : d2;
		b->key[i] = (struct tk_plane_key){
			.division = d, .bureau = d * BUREAUS / b->divisions, .post = rnd(b, POSTS)
		};
		for (uint32_t q = 0; q < b->items; q++) {
			uint32_t r = rnd(b, 100);
			b->blob[(size_t)i * b->items + q] = r < 88 ? TK_ANSWER_VALUE : code[r];
		}
		b->order[i] = i;
	}
	for (uint32_t i = b->people - 1; i > 0; i--) {
		uint32_t j = rnd(b, i + 1), t = b->order[i];

		b->order[i] = b->order[j];
		b->order[j] = t;
	}
}

static void set_all(struct bench *b)
{
	for (uint32_t i = 0; i < b->people; i++) {
		uint32_t at = b->order[i];
		must(tk_plane_set(
			b->p, at, b->key[at], b->blob + (size_t)at * b->items, b->items, NULL));
	}
}

/* row by row, one addition an answer */
static void plain_table(struct bench *b, const bool *in)
{
	size_t width = (size_t)b->items * CODES;

	memset(b->plain, 0, b->divisions * width * sizeof(*b->plain));
	for (uint32_t i = 0; i < b->people; i++) {
		const uint8_t *row = b->blob + (size_t)i * b->items;
		uint32_t *out = b->plain + b->key[i].division * width;

		if (in && !in[i])
			continue;
		for (uint32_t q = 0; q < b->items; q++)
			out[q * CODES + row[q]]++;
	}
}

static void same(const struct bench *b, const struct tk_tally *t)
{
	if (memcmp(t->n, b->plain, t->ngroup * t->width * sizeof(*t->n)) != 0) {
		fputs("plane_bench: the planes and the plain loop disagree\n", stderr);
		exit(1);
	}
}

static double best(double a, int64_t us) { return (double)us / 1000 < a ? (double)us / 1000 : a; }

static void line(const char *what, double planes, double plain, double mark)
{
	printf("%-44s %10.3f ms %10.3f ms  x %-8.1f %s\n", what, planes, plain, plain / planes,
	       mark <= 0 ? "" : planes < mark ? "within the mark" : "ABOVE THE MARK");
}

/* (posts 1, 3, 5 and item 8 done) or bureau 2 */
static struct tk_filter *filter(struct tk_arena *a, const struct bench *b)
{
	struct tk_filter *f = tk_filter_post(a, b->p, 1);

	must(tk_filter_or(f, tk_filter_post(a, b->p, 3), NULL));
	must(tk_filter_or(f, tk_filter_post(a, b->p, 5), NULL));
	must(tk_filter_and(f, tk_filter_code(a, b->p, 7 % b->items, TK_ANSWER_VALUE), NULL));
	must(tk_filter_or(f, tk_filter_bureau(a, b->p, 2), NULL));
	return f;
}

static void filter_plain(struct bench *b)
{
	for (uint32_t i = 0; i < b->people; i++) {
		uint32_t post = b->key[i].post;
		bool done = b->blob[(size_t)i * b->items + 7 % b->items] == TK_ANSWER_VALUE;

		b->in[i] = ((post == 1 || post == 3 || post == 5) && done) || b->key[i].bureau == 2;
	}
}

static void table(struct bench *b, const char *what, enum tk_plane_by by, const struct tk_filter *f,
		  const bool *in, double mark)
{
	struct tk_arena *a = tk_arena_new((size_t)1 << 30);
	struct tk_plane_ask ask = { .nitem = b->items, .by = by, .filter = f };
	double planes = 1e9, plain = 1e9;
	struct tk_tally t;
	int64_t t0;

	for (int i = 0; i < RUNS; i++) {
		tk_arena_reset(a);
		t0 = tk_mono_us();
		must(tk_plane_tally(b->p, &ask, a, &t, NULL));
		planes = best(planes, tk_mono_us() - t0);
	}
	for (int i = 0; i < 3; i++) {
		t0 = tk_mono_us();
		plain_table(b, in);
		plain = best(plain, tk_mono_us() - t0);
	}
	if (by == TK_BY_DIVISION)
		same(b, &t);
	line(what, planes, plain, mark);
	tk_arena_free(a);
}

/* The standing table where it stands: no copy, every counter read once. */
static void warm(struct bench *b)
{
	double planes = 1e9, plain = 1e9;
	volatile uint32_t sink = 0;
	int64_t t0;

	for (int i = 0; i < RUNS; i++) {
		uint32_t sum = 0;

		t0 = tk_mono_us();
		for (uint32_t d = 0; d < b->divisions; d++) {
			const uint32_t *c = tk_plane_division(b->p, d);
			for (size_t k = 0; c && k < tk_plane_width(b->p); k++)
				sum += c[k];
		}
		planes = best(planes, tk_mono_us() - t0);
		sink = sink + sum;
	}
	t0 = tk_mono_us();
	plain_table(b, NULL);
	plain = best(plain, tk_mono_us() - t0);
	line("items x divisions, standing counters in place", planes, plain, 5);
}

static void one_item(struct bench *b, const struct tk_filter *f)
{
	double planes = 1e9, plain = 1e9;
	uint32_t count[CODES], c2[CODES];
	int64_t t0;

	for (int i = 0; i < RUNS; i++) {
		t0 = tk_mono_us();
		must(tk_plane_count(b->p, 2 % b->items, f, count, NULL));
		planes = best(planes, tk_mono_us() - t0);
		memset(c2, 0, sizeof(c2));
		t0 = tk_mono_us();
		for (uint32_t k = 0; k < b->people; k++)
			c2[b->blob[(size_t)k * b->items + 2 % b->items]] += b->in[k];
		plain = best(plain, tk_mono_us() - t0);
	}
	if (memcmp(count, c2, sizeof(count)) != 0)
		abort();
	line("one item, filtered", planes, plain, 0);
}

static void fill(struct bench *b)
{
	struct rusage ru;
	int64_t t0 = tk_mono_us(), t1, t2;

	set_all(b);
	t1 = tk_mono_us();
	set_all(b);
	for (uint32_t i = 0; i < b->people; i++)
		b->blob[(size_t)i * b->items + rnd(b, b->items)] = TK_ANSWER_VALUE + 1;
	t2 = tk_mono_us();
	set_all(b);
	printf("first set_row %.0f ns, again with one answer changed %.0f ns a person\n",
		(double)(t1 - t0) * 1000 / b->people,
		(double)(tk_mono_us() - t2) * 1000 / b->people);
	getrusage(RUSAGE_SELF, &ru);
	printf("plane %.1f MB (mark 100: %s), packed answers alone %.1f MB, process at most %.1f "
	       "MB\n\n",
		(double)tk_plane_bytes(b->p) / 1e6,
		tk_plane_bytes(b->p) < 100000000 ? "within" : "ABOVE",
		(double)b->people * b->items / 1e6, (double)ru.ru_maxrss / 1024);
}

static void run(struct bench *b)
{
	struct tk_arena *a = tk_arena_new((size_t)1 << 30);
	struct tk_filter *f;
	double planes = 1e9, plain = 1e9;
	int64_t t0;

	generate(b);
	printf("%u people x %u items x %u divisions, %zu cells\n", b->people, b->items,
		b->divisions, (size_t)b->divisions * b->items * CODES);
	fill(b);
	printf("%-44s %13s %13s  ratio\n", "", "planes", "plain loop");
	for (int i = 0; i < RUNS; i++) {
		tk_arena_reset(a);
		t0 = tk_mono_us();
		f = filter(a, b);
		planes = best(planes, tk_mono_us() - t0);
		t0 = tk_mono_us();
		filter_plain(b);
		plain = best(plain, tk_mono_us() - t0);
	}
	f = filter(a, b);
	line("making a filter of five parts", planes, plain, 0);
	warm(b);
	table(b, "items x divisions, counters copied out", TK_BY_DIVISION, NULL, NULL, 5);
	table(b, "items x divisions, filtered", TK_BY_DIVISION, f, b->in, 5);
	table(b, "items x divisions, filter of everybody", TK_BY_DIVISION, tk_filter_all(a, b->p),
		NULL, 5);
	table(b, "items, filtered", TK_BY_ALL, f, b->in, 5);
	table(b, "items x bureaus, filtered", TK_BY_BUREAU, f, b->in, 5);
	table(b, "items x posts, filtered", TK_BY_POST, f, b->in, 0);
	one_item(b, f);
	printf("filter: %zu of %u people\n", tk_filter_size(f), b->people);
	tk_arena_free(a);
}

static uint32_t arg(int argc, char **argv, int i, uint32_t otherwise)
{
	long v = i < argc ? strtol(argv[i], NULL, 10) : (long)otherwise;

	return v > 0 && v <= 50000000 ? (uint32_t)v : otherwise;
}

int main(int argc, char **argv)
{
	struct tk_arena *a = tk_arena_new(64 << 20);
	struct bench b = { .people = arg(argc, argv, 1, 300000), .items = arg(argc, argv, 2, 81),
		.divisions = arg(argc, argv, 3, 300), .seed = arg(argc, argv, 4, 2011) };
	struct tk_layout_item *item = tk_alloc_n(a, b.items, sizeof(*item));

	for (uint32_t q = 0; q < b.items; q++)
		item[q] = (struct tk_layout_item){ .kind = TK_Q_SINGLE,
			.noption = CODES - TK_ANSWER_VALUE };
	must(tk_layout_new(a, item, b.items, &b.layout, NULL));
	b.p = tk_plane_new(b.layout);
	b.blob = tk_xcalloc(b.people, b.items);
	b.key = tk_xcalloc(b.people, sizeof(*b.key));
	b.order = tk_xcalloc(b.people, sizeof(*b.order));
	b.in = tk_xcalloc(b.people, sizeof(*b.in));
	b.plain = tk_xcalloc((size_t)b.divisions * b.items * CODES, sizeof(*b.plain));
	run(&b);
	tk_plane_free(b.p);
	free(b.blob);
	free(b.key);
	free(b.order);
	free(b.in);
	free(b.plain);
	tk_arena_free(a);
	return 0;
}
