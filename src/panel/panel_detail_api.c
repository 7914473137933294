/* panel_detail_api.c - one institution's submission as the reviewer reads it. */
#include <string.h>
#include "base/text.h"
#include "org/institution.h"
#include "panel/panel_api.h"
#include "panel/plausibility.h"
#include "panel/review.h"
#include "survey/change.h"
#include "survey/evidence.h"
#include "survey/section.h"

/* What goes with each question. */
struct detail {
	struct tk_req *rq;
	struct tk_json j;
	const struct tk_response *now;          /* as it was submitted last; NULL: nothing was */
	const struct tk_response *last;         /* the wave before; NULL: none */
	const struct tk_change *change;
	const struct tk_response *current;
};

static void answer_json(struct detail *d, const struct tk_item *it, const struct tk_ans *x)
{
	tk_answer_members(&d->j, it, x);
	tk_json_kstr(&d->j, "label", tk_answer_words(it, x, d->rq->who.lang, d->rq->mem));
}

static void last_json(struct detail *d, const char *code)
{
	int i = d->last ? tk_form_item_index(d->last->form, code) : -1;

	tk_json_key(&d->j, "last");
	if (i < 0 || d->last->answer[i].state == TK_ANSWER_NOT_ASKED) {
		tk_json_null(&d->j);
		return;
	}
	tk_json_obj(&d->j);
	answer_json(d, &d->last->form->item[i], &d->last->answer[i]);
	tk_json_end_obj(&d->j);
}

static void item_json(struct detail *d, size_t i)
{
	const struct tk_item *it = &d->now->form->item[i];

	tk_json_obj(&d->j);
	tk_json_kstr(&d->j, "code", it->code);
	tk_json_kstr(&d->j, "kind", it->kind);
	tk_json_kstr(&d->j, "question", tk_in(d->rq->who.lang, it->label_ja, it->label_en));
	tk_json_kbool(&d->j, "required", it->required);
	tk_json_kbool(&d->j, "calculated", it->silent);
	answer_json(d, it, &d->now->answer[i]);
	last_json(d, it->code);
	tk_json_kstr(&d->j, "changed_by", d->change[i].who);
	tk_json_ktime(&d->j, "changed_at", d->change[i].at);
	tk_json_end_obj(&d->j);
}

static void section_json(struct detail *d, int g)
{
	const struct tk_form *f = d->now->form;
	enum tk_lang lang = d->rq->who.lang;
	bool any = false;

	for (size_t i = 0; i < f->nitem; i++) {
		if (tk_view_section(f, f->item[i].group) != g || !tk_response_possible(d->now, i))
			continue;
		if (!any) {
			tk_json_obj(&d->j);
			tk_json_kstr(&d->j, "code", tk_section_code(f, g));
			tk_json_kstr(&d->j, "label",
				     g < 0 ? tk_in(lang, f->title_ja, f->title_en)
					   : tk_in(lang, f->group[g].label_ja,
						   f->group[g].label_en));
			tk_json_key(&d->j, "items");
			tk_json_arr(&d->j);
		}
		any = true;
		item_json(d, i);
	}
	if (any) {
		tk_json_end_arr(&d->j);
		tk_json_end_obj(&d->j);
	}
}

/* -- the parts --------------------------------------------------------------------------------- */
static enum tk_rc respondent_json(struct detail *d)
{
	const struct tk_response *r = d->current;
	struct tk_value col[7];
	bool found;
	enum tk_rc rc = tk_db_first(
		d->rq->db, d->rq->mem, &d->rq->err,
		"SELECT r.institution_code, z.name, z.name_en, r.prefecture, r.attributes,"
		" COALESCE((SELECT x.mail FROM contact x WHERE x.institution_id = r.institution_id "
		"AND x.coordinator = 1 AND x.mail IS NOT NULL AND x.deleted_at IS NULL ORDER BY "
		"x.id LIMIT 1), r.mail), r.reminded_at"
		" FROM respondent r JOIN sector z ON z.id = r.sector_id WHERE r.id = $1",
		TK_ARGS(TK_I(r->id)), col, 7, &found);

	if (rc != TK_OK || !found)
		return rc;
	tk_json_key(&d->j, "respondent");
	tk_json_obj(&d->j);
	tk_json_kid(&d->j, "id", r->id);
	tk_json_kid(&d->j, "institution_id", r->institution_id);
	tk_json_kstr(&d->j, "code", col[0].s);
	tk_json_kstr(&d->j, "name", r->name);
	tk_json_kid(&d->j, "sector_id", r->sector_id);
	tk_json_kstr(&d->j, "sector", tk_in(d->rq->who.lang, col[1].s, col[2].s));
	tk_json_kstr(&d->j, "prefecture", col[3].s);
	tk_json_kstr(&d->j, "prefecture_name", tk_prefecture_name(d->rq->who.lang, col[3].s));
	tk_json_kstr(&d->j, "attributes", col[4].s);
	tk_json_kstr(&d->j, "mail", col[5].s);
	tk_json_ktime(&d->j, "reminded_at", col[6].i);
	tk_json_end_obj(&d->j);
	tk_json_kstr(&d->j, "state", r->state);
	tk_json_kint(&d->j, "version", r->version);
	tk_json_kstr(&d->j, "receipt_no", r->receipt_no);
	tk_json_ktime(&d->j, "submitted_at", r->submitted_at);
	return TK_OK;
}

static void submission_json(struct tk_json *j, const struct tk_submission *s)
{
	tk_json_obj(j);
	tk_json_kint(j, "number", s->number);
	tk_json_ktime(j, "at", s->at);
	tk_json_kstr(j, "by", s->who);
	tk_json_kstr(j, "receipt_no", s->receipt_no);
	tk_json_kbool(j, "late", s->late);
	tk_json_kbool(j, "partial", s->missing > 0);
	tk_json_kint(j, "missing", s->missing);
	tk_json_kstr(j, "partial_reason", s->partial_reason);
	tk_json_end_obj(j);
}

static void note_json(void *ctx, const struct tk_review_note *n)
{
	struct detail *d = ctx;
	const struct tk_form *f = d->current->form;
	int i = n->item ? tk_form_item_index(f, n->item) : -1;

	tk_json_obj(&d->j);
	tk_json_kid(&d->j, "id", n->id);
	tk_json_kstr(&d->j, "item", n->item);
	tk_json_kstr(&d->j, "question",
		     i < 0 ? NULL
			   : tk_in(d->rq->who.lang, f->item[i].label_ja, f->item[i].label_en));
	tk_json_kstr(&d->j, "text", n->text);
	tk_json_kstr(&d->j, "by", n->who);
	tk_json_ktime(&d->j, "at", n->at);
	tk_json_ktime(&d->j, "sent_at", n->sent_at);
	tk_json_kint(&d->j, "submission", n->submission);
	tk_json_end_obj(&d->j);
}

static void warning_json(void *ctx, const struct tk_warning *w)
{
	struct detail *d = ctx;

	tk_json_obj(&d->j);
	tk_json_kstr(&d->j, "rule", w->rule);
	tk_json_kstr(&d->j, "message", w->message);
	tk_json_kstr(&d->j, "state", w->state);
	tk_json_key(&d->j, "seen");
	tk_json_raw(&d->j, w->seen);
	tk_json_kint(&d->j, "submission", w->submission);
	tk_json_ktime(&d->j, "found_at", w->found_at);
	tk_json_kstr(&d->j, "cleared_by", w->cleared_by);
	tk_json_ktime(&d->j, "cleared_at", w->cleared_at);
	tk_json_kstr(&d->j, "note", w->note);
	tk_json_end_obj(&d->j);
}

static enum tk_rc log_item(void *ctx, const struct tk_case_log *l)
{
	struct detail *d = ctx;
	enum tk_lang lang = d->rq->who.lang;

	tk_json_obj(&d->j);
	tk_json_ktime(&d->j, "at", l->at);
	tk_json_kstr(&d->j, "who", l->who);
	tk_json_kstr(&d->j, "action", l->action);
	tk_json_kstr(&d->j, "action_label",
		     tk_case_action_label(&tk_review_case, l->action, lang));
	tk_json_kstr(&d->j, "to", l->to_state);
	tk_json_kstr(&d->j, "to_label", tk_case_state_label(&tk_review_case, l->to_state, lang));
	tk_json_kstr(&d->j, "comment", l->comment);
	tk_json_end_obj(&d->j);
	return TK_OK;
}

static void actions_json(struct detail *d, const struct tk_case *c)
{
	tk_json_key(&d->j, "actions");
	tk_json_arr(&d->j);
	for (const struct tk_case_transition *x = tk_review_case.transition; c && x->from; x++) {
		if (strcmp(x->from, c->state) != 0 || !tk_case_can(&d->rq->op, c, x->action))
			continue;
		tk_json_obj(&d->j);
		tk_json_kstr(&d->j, "action", x->action);
		tk_json_kstr(&d->j, "label", tk_tr(d->rq->who.lang, x->label));
		tk_json_end_obj(&d->j);
	}
	tk_json_end_arr(&d->j);
}

static enum tk_rc case_json(struct detail *d)
{
	struct tk_case c = { 0 };
	bool found;
	enum tk_rc rc = tk_review_case_of(&d->rq->op, d->current, &c, &found);

	if (rc != TK_OK)
		return rc;
	tk_json_kstr(&d->j, "review_state", found ? c.state : NULL);
	tk_json_kstr(&d->j, "review_state_label",
		     found ? tk_case_state_label(&tk_review_case, c.state, d->rq->who.lang) : NULL);
	actions_json(d, found ? &c : NULL);
	tk_json_key(&d->j, "log");
	tk_json_arr(&d->j);
	if (found)
		rc = tk_case_log_each(&d->rq->op, c.rec.id, log_item, d);
	tk_json_end_arr(&d->j);
	return rc;
}

static void evidence_item(void *ctx, const struct tk_evidence *ev)
{
	struct detail *d = ctx;

	tk_json_obj(&d->j);
	tk_json_kid(&d->j, "id", ev->id);
	tk_json_kstr(&d->j, "item", ev->item);
	tk_json_kstr(&d->j, "name", ev->name);
	tk_json_kint(&d->j, "size", ev->size);
	tk_json_end_obj(&d->j);
}

/* While it is being changed its files are the institution's, as its answers are. */
static enum tk_rc evidence_json(struct detail *d)
{
	enum tk_rc rc = TK_OK;

	tk_json_key(&d->j, "evidence");
	tk_json_arr(&d->j);
	if (tk_response_counts(d->current->state))
		rc = tk_evidence_list(&d->rq->op, d->current, evidence_item, d);
	tk_json_end_arr(&d->j);
	return rc;
}

static enum tk_rc lists_json(struct detail *d, const struct tk_submission *s, size_t n)
{
	enum tk_rc rc;

	tk_json_key(&d->j, "submissions");
	tk_json_arr(&d->j);
	for (size_t i = 0; i < n; i++)
		submission_json(&d->j, &s[i]);
	tk_json_end_arr(&d->j);
	tk_json_key(&d->j, "comments");
	tk_json_arr(&d->j);
	rc = tk_review_comments(&d->rq->op, d->current, note_json, d);
	tk_json_end_arr(&d->j);
	tk_json_key(&d->j, "warnings");
	tk_json_arr(&d->j);
	if (rc == TK_OK)
		rc = tk_warnings(&d->rq->op, d->current, warning_json, d);
	tk_json_end_arr(&d->j);
	return rc == TK_OK ? evidence_json(d) : rc;
}

static void sections_json(struct detail *d)
{
	tk_json_key(&d->j, "sections");
	tk_json_arr(&d->j);
	for (int g = -1; d->now && g < (int)d->now->form->ngroup; g++)
		section_json(d, g);
	tk_json_end_arr(&d->j);
}

static enum tk_rc write_detail(struct detail *d, const struct campaign *c,
			       const struct tk_submission *s, size_t n)
{
	enum tk_rc rc;

	tk_json_obj(&d->j);
	tk_panel_campaign_json(&d->j, c, d->rq->who.lang);
	if ((rc = respondent_json(d)) != TK_OK || (rc = case_json(d)) != TK_OK ||
	    (rc = lists_json(d, s, n)) != TK_OK)
		return rc;
	sections_json(d);
	tk_json_end_obj(&d->j);
	return TK_OK;
}

enum tk_rc tk_panel_detail_get(struct tk_req *rq)
{
	struct detail d = { .rq = rq, .j = TK_JSON(&rq->out) };
	struct tk_response current, now, last;
	struct tk_submission *s = NULL;
	struct tk_change *change;
	struct campaign c;
	size_t n = 0;
	bool found = false;
	enum tk_rc rc = tk_panel_campaign(rq, &c);

	if (rc == TK_OK)
		rc = tk_panel_respondent(rq, &current);
	if (rc == TK_OK)
		rc = tk_submission_list(&rq->op, current.id, &s, &n);
	if (rc == TK_OK)
		rc = tk_change_all(&rq->op, &current, &change);
	if (rc == TK_OK && n) {
		rc = tk_submission_load(&rq->op, current.id, 0, &now);
		d.now = &now;
	}
	if (rc == TK_OK)
		rc = tk_last_wave(&rq->op, &current, &last, &found);
	if (rc != TK_OK)
		return rc;
	d.current = &current;
	d.change = change;
	d.last = found ? &last : NULL;
	return write_detail(&d, &c, s, n);
}

/* -- changes ----------------------------------------------------------------------------------- */
static enum tk_rc number(struct tk_req *rq, const char *name, int64_t *ret)
{
	const char *s = tk_req_query(rq, name);

	if (s && *s && (!tk_parse_int(s, ret) || *ret < 1))
		return tk_fail(&rq->err, TK_EINVAL, name,
			       N_("Write the number of a submission, from 1."));
	return TK_OK;
}

static void side_json(struct detail *d, const char *key, const struct tk_item *it,
		      const struct tk_ans *x)
{
	tk_json_key(&d->j, key);
	tk_json_obj(&d->j);
	answer_json(d, it, x);
	tk_json_end_obj(&d->j);
}

static void changes_json(struct detail *d, const struct tk_response *a,
			 const struct tk_response *b)
{
	const struct tk_form *f = b->form;

	tk_json_key(&d->j, "items");
	tk_json_arr(&d->j);
	for (size_t i = 0; i < f->nitem; i++) {
		const struct tk_ans *x = &a->answer[i], *y = &b->answer[i];

		if (x->state == y->state && tk_answer_same(&f->item[i], x, y))
			continue;
		tk_json_obj(&d->j);
		tk_json_kstr(&d->j, "item", f->item[i].code);
		tk_json_kstr(&d->j, "question",
			     tk_in(d->rq->who.lang, f->item[i].label_ja, f->item[i].label_en));
		tk_json_kstr(&d->j, "section",
			     tk_section_code(f, tk_view_section(f, f->item[i].group)));
		side_json(d, "before", &f->item[i], x);
		side_json(d, "after", &f->item[i], y);
		tk_json_end_obj(&d->j);
	}
	tk_json_end_arr(&d->j);
}

enum tk_rc tk_panel_changes_get(struct tk_req *rq)
{
	struct detail d = { .rq = rq, .j = TK_JSON(&rq->out) };
	struct tk_response current, a, b;
	struct tk_submission *s = NULL;
	size_t n = 0;
	int64_t from = 0, to = 0;
	enum tk_rc rc = tk_panel_respondent(rq, &current);

	if (rc == TK_OK)
		rc = number(rq, "from", &from);
	if (rc == TK_OK)
		rc = number(rq, "to", &to);
	if (rc == TK_OK)
		rc = tk_submission_list(&rq->op, current.id, &s, &n);
	if (rc != TK_OK)
		return rc;
	to = to ? to : (int64_t)n;
	from = from ? from : to - 1;
	if (from < 1 || from > (int64_t)n || to > (int64_t)n)
		return tk_fail(&rq->err, TK_ENOTFOUND, "from",
			       N_("There are %zu submissions; two are needed to compare."), n);
	if ((rc = tk_submission_load(&rq->op, current.id, from, &a)) != TK_OK ||
	    (rc = tk_submission_load(&rq->op, current.id, to, &b)) != TK_OK)
		return rc;
	tk_json_obj(&d.j);
	tk_json_key(&d.j, "from");
	submission_json(&d.j, &s[from - 1]);
	tk_json_key(&d.j, "to");
	submission_json(&d.j, &s[to - 1]);
	changes_json(&d, &a, &b);
	tk_json_end_obj(&d.j);
	return TK_OK;
}
