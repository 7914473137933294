/* flow_bench - one keystroke in a questionnaire of 2,000 questions: what leans on the changed
 * answer, found out again, against all conditions evaluated anew.
 *
 *   ninja -C build bench/flow_bench && build/bench/flow_bench
 *
 * The form: sections of 20, each open only if a question of an earlier one is answered; in each a
 * calculation over three questions, conditions on one to three questions before, one chain through
 * everything (its first question is the worst keystroke). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "base/clock.h"
#include "base/hash.h"
#include "form/xlsform.h"
#include "survey/answer.h"

enum { ITEMS = 2000, KEYS = 20000, SECTION = 20 };

static void write_form(struct tk_buf *b)
{
	tk_buf_str(b, "type,name,label,relevant,calculation\n");
	for (int i = 0; i < ITEMS; i++) {
		if (i % SECTION == 0 && i)
			tk_buf_str(b, "end_group,,,,\n");
		if (i % SECTION == 0)
			tk_buf_fmt(b, "begin_group,g%d,G,%s,\n", i,
				   i ? "${q1} != '' or ${q2} > 3" : "");
		if (i % SECTION == 19)
			tk_buf_fmt(b,
				   "calculate,q%d,Q,,\"coalesce(${q%d}, 0) + coalesce(${q%d}, 0) * "
				   "2 - count-non-empty(${q%d})\"\n",
				   i, i - 1, i - 2, i - 3);
		else if (i % SECTION == 5 && i > SECTION)
			tk_buf_fmt(b, "integer,q%d,Q,${q%d} >= 0,\n", i, i - SECTION);
		else if (i % 3 == 0 && i > 3)
			tk_buf_fmt(b,
				   "integer,q%d,Q,\"${q%d} > 2 and (${q%d} != 4 or "
				   "not(selected(${q%d}, '9')))\",\n",
				   i, i - 1, i - 2, i - 2);
		else
			tk_buf_fmt(b, "integer,q%d,Q,,\n", i);
	}
	tk_buf_str(b, "end_group,,,,\n");
}

/* Work, not waiting: time of the processor, so that other programs do not count. */
static int64_t work_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int main(void)
{
	struct tk_arena *a = tk_arena_new((size_t)2 << 30),
			*scratch = tk_arena_new((size_t)64 << 20);
	struct tk_err e = { .lang = TK_EN };
	struct tk_buf b = TK_BUF(8 << 20);
	struct tk_form_rows rows;
	struct tk_form *f;
	struct tk_response r = { .audiences = ~UINT64_C(0) };
	struct tk_seen seen;
	int64_t t, worst = 0, sum = 0, full;
	size_t looked = 0;

	tk_hash_init();
	write_form(&b);
	if (tk_xlsform_read_bytes(a, b.p, b.len, "flow.csv", &rows, &e) != TK_OK ||
	    tk_form_compile(a, &rows, &f, NULL, &e) != TK_OK) {
		fprintf(stderr, "%s: %s\n", e.field, e.msg);
		return 1;
	}
	r.form = f;
	r.answer = tk_alloc_n(a, f->nitem + 1, sizeof(*r.answer));
	r.kept = tk_alloc_n(a, f->nitem + 1, sizeof(*r.kept));
	tk_response_settle(&r, a);
	tk_seen_open(&seen, &r, a);
	for (int k = 0; k < KEYS; k++) {
		static const char *const digit[] = { "0", "1", "2", "3", "4",
						     "5", "6", "7", "8", "9" };
		size_t i = k % 50 == 0 ? 1 + (size_t)k / 50 % 2 : (size_t)rand() % f->nitem;

		if (f->item[i].calculation || r.answer[i].state == TK_ANSWER_NOT_ASKED)
			continue;
		r.answer[i] = (struct tk_ans){ .state = TK_ANSWER_VALUE, .text = digit[k % 10] };
		t = work_us();
		tk_seen_change(&seen, &r, i, a);
		tk_seen_settle(&seen, &r, a);
		t = work_us() - t;
		sum += t;
		worst = t > worst ? t : worst;
		looked = seen.looked;
	}
	t = work_us();
	for (int k = 0; k < 200; k++) {
		tk_response_settle(&r, scratch);
		tk_arena_reset(scratch);
	}
	full = (work_us() - t) / 200;
	printf("%d questions, %d keystrokes: %.2f us each, worst %" PRId64
	       " us, %.1f rows looked at; all anew: %" PRId64 " us\n",
	       ITEMS, KEYS, (double)sum / KEYS, worst, (double)looked / KEYS, full);
	printf("mark: worst < 1000 us: %s\n", worst < 1000 ? "held" : "MISSED");
	tk_buf_drop(&b);
	tk_arena_free(a);
	tk_arena_free(scratch);
	return worst < 1000 ? 0 : 1;
}
