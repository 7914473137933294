#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/hash.h"
#include "counted.h"

static const char *const division_name[NDIV] = {
	"総務課", "検査課", "企画課", "総務課", "監理課", "情報課"};
static const char *const post_name[NPOST] = {"課長", "係長", "係員"};
static uint32_t seed = 1;

unsigned counted_random(unsigned below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static void run(struct counted *w, const char *sql, const struct tk_value *v, size_t n)
{
	OK(w->t, tk_db_run(w->t->db, &w->t->e, sql, v, n, NULL, NULL));
}

void counted_sql(struct counted *w, const char *sql)
{
	OK(w->t, tk_db_script(w->t->db, sql, &w->t->e));
}

static void organisation(struct counted *w)
{
	for (int b = 0; b < 2; b++) {
		w->bureau[b] = tk_id_new();
		run(w,
			"INSERT INTO bureau(id, version, code, name, sort) VALUES($1, 1, $2, $3, "
			"$4)",
			TK_ARGS(TK_I(w->bureau[b]), TK_S(b ? "B1" : "B0"),
				TK_S(b ? "監督局" : "総務企画局"), TK_I(b)));
	}
	for (int d = 0; d < NDIV; d++) {
		w->division[d] = tk_id_new();
		run(w,
			"INSERT INTO division(id, version, bureau_id, code, name, sort, "
			"owns_system) VALUES($1, 1, $2, $3, $4, $5, 0)",
			TK_ARGS(TK_I(w->division[d]), TK_I(w->bureau[d / 3]),
				TK_S(tk_sprintf(w->t->mem, "D%d", d)), TK_S(division_name[d]),
				TK_I(d)));
	}
	for (int p = 0; p < NPOST; p++) {
		w->post[p] = tk_id_new();
		run(w,
			"INSERT INTO post(id, version, code, name, rank, is_head) VALUES($1, 1, "
			"$2, $3, $4, $5)",
			TK_ARGS(TK_I(w->post[p]), TK_S(tk_sprintf(w->t->mem, "P%d", p)),
				TK_S(post_name[p]), TK_I(p), TK_I(p == 0)));
	}
}

static void form(struct counted *w)
{
	static const struct {
		const char *code, *kind, *audience, *list;
	} item[NITEM] = {
		{"a1", "single", "all_staff", "impl"},
		{"a2", "single", "all_staff", "impl"},
		{"m1", "multi", "all_staff", "xyz"},
		{"n1", "int", "all_staff", NULL},
		{"k1", "single", "all_staff", "yesno"},
		{"h1", "single", "division_head", "impl"},
		{"s1", "single", "system_admin", "impl"},
	};
	static const struct {
		const char *list, *code;
	} choice[] = {
		{"impl", "done"},
		{"impl", "partly"},
		{"impl", "not_done"},
		{"xyz", "x"},
		{"xyz", "y"},
		{"xyz", "z"},
		{"yesno", "yes"},
		{"yesno", "no"},
	};

	w->form_id = tk_id_new();
	w->version_id = tk_id_new();
	run(w, "INSERT INTO form(id, version, code, title_ja) VALUES($1, 1, 'counted', '数える')",
		TK_ARGS(TK_I(w->form_id)));
	run(w,
		"INSERT INTO form_version(id, version, form_id, number, state) VALUES($1, 1, $2, "
		"1, 'published')",
		TK_ARGS(TK_I(w->version_id), TK_I(w->form_id)));
	for (unsigned i = 0; i < NITEM; i++)
		run(w,
			"INSERT INTO form_item(id, version, form_version_id, sort, kind, code, "
			"label_ja, label_en, audience, required, list,"
			" not_applicable, dont_know, evidence) VALUES($1, 1, $2, $3, $4, $5, $6, "
			"$7, $8, 0, $9, 1, 1, 0)",
			TK_ARGS(TK_I(tk_id_new()), TK_I(w->version_id), TK_I(i), TK_S(item[i].kind),
				TK_S(item[i].code),
				TK_S(tk_sprintf(w->t->mem, "問 %s", item[i].code)),
				TK_S(tk_sprintf(w->t->mem, "Question %s", item[i].code)),
				TK_S(item[i].audience), TK_S(item[i].list)));
	for (unsigned i = 0; i < TK_LEN(choice); i++)
		run(w,
			"INSERT INTO choice(id, version, form_version_id, list, code, label_ja, "
			"label_en, sort)"
			" VALUES($1, 1, $2, $3, $4, $4, $4, $5)",
			TK_ARGS(TK_I(tk_id_new()), TK_I(w->version_id), TK_S(choice[i].list),
				TK_S(choice[i].code), TK_I(i)));
}

void counted_up(struct counted *w, struct testdb *t)
{
	*w = (struct counted){.t = t, .who = tk_who_system("test", "test", TK_EN)};
	w->op = (struct tk_op){t->db, t->mem, &w->who, &t->e};
	organisation(w);
	form(w);
	OK(t, tk_form_get(&w->op, w->version_id, &w->form));
}

void counted_campaign(struct counted *w, const char *name, int year)
{
	w->campaign_id = tk_id_new();
	w->n = 0;
	run(w,
		"INSERT INTO campaign(id, version, name, title_ja, title_en, fiscal_year, "
		"form_version_id, state, epoch)"
		" VALUES($1, 1, $2, '点検', 'Inspection', $3, $4, 'open', 1)",
		TK_ARGS(TK_I(w->campaign_id), TK_S(name), TK_I(year), TK_I(w->version_id)));
	memset(&w->campaign, 0, sizeof(w->campaign));
	OK(w->t, tk_rec_load(&w->op, &tk_campaign_type, w->campaign_id, &w->campaign));
}

void counted_epoch(struct counted *w)
{
	run(w, "UPDATE campaign SET epoch = epoch + 1 WHERE id = $1",
		TK_ARGS(TK_I(w->campaign_id)));
}

struct counted_person *counted_add(struct counted *w, unsigned div, unsigned post, unsigned role)
{
	struct counted_person *p;
	int64_t staff = tk_id_new();

	if (w->n == w->cap) {
		size_t cap = w->cap ? w->cap * 2 : 64;
		struct counted_person *more = tk_alloc_n(w->t->mem, cap, sizeof(*more));

		if (w->n)
			memcpy(more, w->p, w->n * sizeof(*more));
		w->p = more;
		w->cap = cap;
	}
	p = &w->p[w->n++];
	*p = (struct counted_person){.id = tk_id_new(), .div = div, .post = post, .role = role};
	run(w,
		"INSERT INTO staff(id, version, staff_number, name, division_id) VALUES($1, 1, $2, "
		"'模擬', $3)",
		TK_ARGS(TK_I(staff), TK_S(tk_sprintf(w->t->mem, "%" PRId64, staff)),
			TK_I(w->division[div])));
	run(w,
		"INSERT INTO respondent(id, version, campaign_id, staff_id, staff_number, name, "
		"bureau_id, division_id, post_id, roles,"
		" state, joined_late) VALUES($1, 1, $2, $3, $4, '模擬', $5, $6, $7, $8, 'in', 0)",
		TK_ARGS(TK_I(p->id), TK_I(w->campaign_id), TK_I(staff),
			TK_S(tk_sprintf(w->t->mem, "%" PRId64, staff)), TK_I(w->bureau[div / 3]),
			TK_I(w->division[div]), TK_I0(post < NPOST ? w->post[post] : 0),
			TK_S(tk_sprintf(w->t->mem, "all_staff%s%s",
				role & HEAD ? " division_head" : "",
				role & SYSTEM ? " system_admin" : ""))));
	return p;
}

bool counted_asked(const struct counted_person *p, unsigned item)
{
	return item == H1 ? p->role & HEAD : item == S1 ? p->role & SYSTEM : true;
}

void counted_answer(struct counted *w, struct counted_person *p)
{
	p->state = (enum tk_live_state)counted_random(5);
	if (p->state > TK_LIVE_SENT_BACK)
		p->state = TK_LIVE_SUBMITTED;
	p->bits = 0;
	for (unsigned i = 0; i < NITEM; i++) {
		unsigned n = w->form->item[i].noption ? w->form->item[i].noption : 1;

		p->code[i] = TK_ANSWER_NOT_ASKED;
		if (counted_asked(p, i))
			p->code[i] = (uint8_t)(TK_ANSWER_NO_ANSWER +
					       counted_random(3 + (i == M1 ? 1 : n)));
	}
	if (p->code[M1] == TK_ANSWER_VALUE)
		p->bits = 1 + counted_random(7);
}

static const uint8_t *pack(struct counted *w, const struct counted_person *p)
{
	const struct tk_layout *l = w->form->layout;
	uint8_t *blob = tk_alloc(w->t->mem, l->size);

	for (unsigned i = 0; i < NITEM; i++) {
		if (p->code[i] < TK_ANSWER_VALUE || i == N1)
			OK(w->t, tk_pack_set_state(
					 l, blob, i, (enum tk_answer)p->code[i], &w->t->e));
		else if (i == M1)
			OK(w->t, tk_pack_set_bits(l, blob, i, p->bits, &w->t->e));
		else
			OK(w->t, tk_pack_set_option(
					 l, blob, i, p->code[i] - TK_ANSWER_VALUE, &w->t->e));
	}
	return blob;
}

void counted_write(struct counted *w, struct counted_person *p, bool note)
{
	static const char *const name[] = {"not_started", "draft", "submitted", "sent_back"};
	const uint8_t *blob = pack(w, p);
	static int64_t now = 1000000;

	run(w, "DELETE FROM response WHERE id = $1", TK_ARGS(TK_I(p->id)));
	now += 7;
	if (p->state != TK_LIVE_NOT_STARTED)
		run(w,
			"INSERT INTO response(id, campaign_id, division_id, state, version, "
			"answers, changed_ms) VALUES($1, $2, $3, $4, 1, $5, $6)",
			TK_ARGS(TK_I(p->id), TK_I(w->campaign_id), TK_I(w->division[p->div]),
				TK_S(name[p->state]), TK_B(blob, w->form->layout->size),
				TK_I(now)));
	if (note)
		tk_live_note(w->campaign_id, p->id, name[p->state], blob, w->form->layout->size);
}

void counted_fill(struct counted *w, size_t n)
{
	OK(w->t, tk_db_begin(w->t->db, &w->t->e));
	for (size_t i = 0; i < n; i++) {
		struct counted_person *p = counted_add(
			w, counted_random(NDIV), counted_random(NPOST + 1), counted_random(4));

		counted_answer(w, p);
		counted_write(w, p, false);
		if (counted_random(20) == 0) {
			p->left = true;
			run(w, "UPDATE respondent SET state = 'left' WHERE id = $1",
				TK_ARGS(TK_I(p->id)));
		}
	}
	OK(w->t, tk_db_commit(w->t->db, &w->t->e));
}

bool counted_in(const struct counted_person *p)
{
	return !p->left || p->state == TK_LIVE_SUBMITTED;
}

unsigned counted_code(const struct counted_person *p, unsigned item)
{
	if (p->state == TK_LIVE_SUBMITTED)
		return p->code[item];
	return counted_asked(p, item) ? TK_ANSWER_NO_ANSWER : TK_ANSWER_NOT_ASKED;
}
