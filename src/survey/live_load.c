/* live_load.c - a campaign from the database into memory, and single responses into that. */
#include <stdlib.h>
#include <string.h>
#include "survey/live_int.h"
#include "survey/response.h"

enum { LIVE_MEM = 1 << 30, REFRESH_OVERLAP_MS = 10000 };

enum tk_live_state tk_live_state_of(const char *state)
{
	if (!state)
		return TK_LIVE_NOT_STARTED;
	if (tk_response_counts(state))
		return TK_LIVE_SUBMITTED;
	if (!strcmp(state, "sent_back"))
		return TK_LIVE_SENT_BACK;
	return strcmp(state, "draft") ? TK_LIVE_NOT_STARTED : TK_LIVE_DRAFT;
}

/* -- kinds of people --------------------------------------------------------------------------- */
static uint64_t mix(uint64_t h, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ ((const unsigned char *)p)[i]) * 0x100000001b3u;
	return h;
}

static uint64_t hash_of(const struct tk_kind_ids *ids, const char *roles, const char *asked)
{
	uint64_t h = mix(0xcbf29ce484222325u, ids, sizeof(*ids));

	h = mix(h, roles, strlen(roles) + 1);
	return asked ? mix(h, asked, strlen(asked)) : h;
}

static bool same_kind(const struct tk_loading *ld, uint32_t k, const struct tk_kind_ids *ids,
	const char *roles, const char *asked)
{
	const char *had = ld->kind[k].asked_only;

	return !memcmp(&ld->ids[k], ids, sizeof(*ids)) && !strcmp(ld->kind[k].who.roles, roles) &&
	       (had && asked ? !strcmp(had, asked) : !had && !asked);
}

static void rehash(struct tk_loading *ld)
{
	ld->nhash = ld->nhash ? ld->nhash * 4 : 1024;
	free(ld->hash);
	ld->hash = tk_xcalloc(ld->nhash, sizeof(*ld->hash));
	for (uint32_t k = 0; k < ld->nkind; k++) {
		size_t h = hash_of(&ld->ids[k], ld->kind[k].who.roles, ld->kind[k].asked_only) &
			   (ld->nhash - 1);
		while (ld->hash[h])
			h = (h + 1) & (ld->nhash - 1);
		ld->hash[h] = k + 1;
	}
}

static uint32_t new_kind(
	struct tk_loading *ld, const struct tk_kind_ids *ids, const char *roles, const char *asked)
{
	if (ld->nkind == ld->capkind) {
		ld->capkind = ld->capkind ? ld->capkind * 2 : 256;
		ld->kind = tk_xrealloc(ld->kind, ld->capkind * sizeof(*ld->kind));
		ld->ids = tk_xrealloc(ld->ids, ld->capkind * sizeof(*ld->ids));
	}
	ld->ids[ld->nkind] = *ids;
	ld->kind[ld->nkind] = (struct tk_live_kind){.who.roles = tk_strdup(ld->s->mem, roles),
		.asked_only = tk_strdup(ld->s->mem, asked)};
	return (uint32_t)ld->nkind++;
}

static uint32_t kind_of(
	struct tk_loading *ld, const struct tk_kind_ids *ids, const char *roles, const char *asked)
{
	size_t h;

	if (ld->nkind && same_kind(ld, ld->last, ids, roles, asked))
		return ld->last;
	if (ld->nkind * 2 >= ld->nhash)
		rehash(ld);
	for (h = hash_of(ids, roles, asked) & (ld->nhash - 1); ld->hash[h];
		h = (h + 1) & (ld->nhash - 1))
		if (same_kind(ld, ld->hash[h] - 1, ids, roles, asked))
			return ld->last = ld->hash[h] - 1;
	ld->last = new_kind(ld, ids, roles, asked);
	ld->hash[h] = ld->last + 1;
	return ld->last;
}

/* Each institution is a kind of its own: rules may name it. */
static void describe(struct tk_subject *who, struct tk_arena *a, const struct tk_value *col)
{
	who->institution = tk_strdup(a, col[0].s);
	who->sector = tk_strdup(a, col[1].s);
	who->prefecture = tk_strdup(a, col[2].s);
	who->attributes = tk_strdup(a, col[3].s);
}

static enum tk_rc on_respondent(void *ctx, const struct tk_value *col, size_t n)
{
	struct tk_loading *ld = ctx;
	struct tk_live_shared *s = ld->s;
	struct tk_kind_ids ids = {col[1].i, col[2].i, col[3].type == TK_V_NULL ? 0 : col[3].i,
		n > 7 ? col[7].i : 0};

	if (s->pub.nperson == TK_PLANE_INDEX)
		return tk_fail(ld->op->e, TK_ETOOBIG, NULL,
			N_("A campaign can have at most %d respondents."), (int)TK_PLANE_INDEX);
	if (s->pub.nperson == ld->cap) {
		ld->cap = ld->cap ? ld->cap * 2 : 4096;
		s->person = tk_xrealloc(s->person, ld->cap * sizeof(*s->person));
	}
	s->person[s->pub.nperson++] = (struct tk_live_person){
		.id = col[0].i,
		.left = col[6].s && !strcmp(col[6].s, "left"),
		.kind = kind_of(ld, &ids, col[4].s ? col[4].s : "",
			col[5].type == TK_V_TEXT ? col[5].s : NULL),
	};
	if (n > 7)
		describe(&ld->kind[s->person[s->pub.nperson - 1].kind].who, s->mem, col + 8);
	return TK_OK;
}

/* The answers of somebody of that kind who has answered nothing; most kinds share theirs with the
 * one before. */
static const uint8_t *blank_of(
	const struct tk_loading *ld, size_t k, uint64_t audiences, struct tk_arena *scratch)
{
	struct tk_live_shared *s = ld->s;
	size_t n = s->pub.form->layout->size;
	const uint8_t *made = tk_response_blank(
		s->pub.form, audiences, ld->kind[k].asked_only, scratch);
	uint8_t *kept;

	if (k && !memcmp(s->blank[k - 1], made, n))
		return s->blank[k - 1];
	kept = tk_alloc(s->mem, n + 1);
	memcpy(kept, made, n);
	return kept;
}

/* What rules see of each kind, and what its people are asked. */
static void finish_kinds(struct tk_loading *ld)
{
	struct tk_live_shared *s = ld->s;
	struct tk_live *l = &s->pub;
	struct tk_arena *scratch = tk_arena_new(LIVE_MEM);
	struct tk_live_kind *kind = tk_alloc_n(s->mem, ld->nkind + 1, sizeof(*kind));

	s->blank = tk_alloc_n(s->mem, ld->nkind + 1, sizeof(*s->blank));
	for (size_t k = 0; k < ld->nkind; k++) {
		struct tk_live_kind *kd = &ld->kind[k];
		const struct tk_unit *b = &l->bureau[kd->key.bureau],
				     *d = &l->division[kd->key.division];
		uint64_t audiences;

		if (!l->panel) {
			kd->who.bureau = b->name;
			kd->who.bureau_code = b->code;
			kd->who.division = d->name;
			kd->who.division_code = d->code;
			kd->who.post = l->post[kd->key.post].id ? l->post[kd->key.post].name : NULL;
		}
		audiences = tk_form_audiences(l->form, &kd->who, scratch);
		s->blank[k] = blank_of(ld, k, audiences, scratch);
		kind[k] = *kd;
		tk_arena_reset(scratch);
	}
	tk_arena_free(scratch);
	l->kind = kind;
	l->nkind = ld->nkind;
}

/* -- answers ----------------------------------------------------------------------------------- */
static size_t find_person(const struct tk_live_shared *s, int64_t id, size_t hint)
{
	size_t lo = 0, hi = s->pub.nperson;

	if (hint < hi && s->person[hint].id == id)
		return hint;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (s->person[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < s->pub.nperson && s->person[lo].id == id ? lo : SIZE_MAX;
}

static void progress_add(struct tk_progress *p, const struct tk_live_person *who, int by)
{
	if (who->left && who->state != TK_LIVE_SUBMITTED)
		return;
	p->population += by;
	if (who->state == TK_LIVE_SUBMITTED)
		p->submitted += by;
	else if (who->state == TK_LIVE_DRAFT)
		p->draft += by;
	else if (who->state == TK_LIVE_SENT_BACK)
		p->sent_back += by;
}

static enum tk_rc set_row(
	struct tk_live_shared *s, size_t i, const uint8_t *answers, size_t n, struct tk_err *e)
{
	struct tk_live_person *p = &s->person[i];

	if (p->left && p->state != TK_LIVE_SUBMITTED) {
		tk_plane_remove(s->pub.plane, (uint32_t)i);
		return TK_OK;
	}
	if (p->state != TK_LIVE_SUBMITTED) {
		answers = s->blank[p->kind];
		n = s->pub.form->layout->size;
	}
	return tk_plane_set(s->pub.plane, (uint32_t)i, s->pub.kind[p->kind].key, answers, n, e);
}

enum tk_rc tk_live_apply(struct tk_live_shared *s, int64_t id, enum tk_live_state state,
	const uint8_t *answers, size_t n, struct tk_err *e)
{
	size_t i = find_person(s, id, SIZE_MAX);
	struct tk_progress *by;
	uint8_t was;
	enum tk_rc rc;

	if (i == SIZE_MAX)
		return tk_fail(e, TK_ENOTFOUND, NULL, N_("There is no such respondent."));
	by = &s->pub.progress[s->pub.kind[s->person[i].kind].key.division];
	was = s->person[i].state;
	progress_add(by, &s->person[i], -1);
	progress_add(&s->pub.total, &s->person[i], -1);
	s->person[i].state = (uint8_t)state;
	/* a draft that stays a draft changes nothing that is counted */
	rc = state == TK_LIVE_SUBMITTED || was == TK_LIVE_SUBMITTED ? set_row(s, i, answers, n, e)
								    : TK_OK;
	if (rc != TK_OK)
		s->person[i].state = was;
	progress_add(by, &s->person[i], 1);
	progress_add(&s->pub.total, &s->person[i], 1);
	return rc;
}

/* First load: rows go in as they come; who is not met gets the blank answers afterwards. */
static enum tk_rc on_response(void *ctx, const struct tk_value *col, size_t n)
{
	struct tk_loading *ld = ctx;
	struct tk_live_shared *s = ld->s;
	size_t i = find_person(s, col[0].i, ld->hint);

	(void)n;
	if (col[3].i > s->seen_ms)
		s->seen_ms = col[3].i;
	if (i == SIZE_MAX)
		return TK_OK; /* of a deleted respondent, or just added: then the epoch has changed
			       */
	ld->hint = i + 1;
	s->person[i].state = (uint8_t)tk_live_state_of(col[1].s);
	if (s->person[i].state != TK_LIVE_SUBMITTED)
		return TK_OK;
	return set_row(s, i, (const uint8_t *)col[2].s, col[2].n, ld->op->e);
}

static enum tk_rc fill_rest(struct tk_loading *ld)
{
	struct tk_live_shared *s = ld->s;
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < s->pub.nperson && rc == TK_OK; i++) {
		struct tk_live_person *p = &s->person[i];

		if (p->state != TK_LIVE_SUBMITTED && !p->left)
			rc = set_row(s, i, NULL, 0, ld->op->e);
		progress_add(&s->pub.progress[s->pub.kind[p->kind].key.division], p, 1);
		progress_add(&s->pub.total, p, 1);
	}
	return rc;
}

/* SQLite follows an index row by row, which for a large part of a table takes several times as long
 * as reading all of it; its planner has no figures to know that by.  PostgreSQL's planner has. */
static enum tk_rc read_all(struct tk_loading *ld, int64_t campaign, bool *ret)
{
	int64_t mine = 0, all = 0;
	enum tk_rc rc;

	*ret = false;
	if (tk_db_kind(ld->op->db) != TK_DB_SQLITE)
		return TK_OK;
	rc = tk_db_int(ld->op->db, ld->op->e,
		"SELECT COUNT(*) FROM respondent WHERE campaign_id = $1", TK_ARGS(TK_I(campaign)),
		0, &mine);
	if (rc == TK_OK)
		rc = tk_db_int(
			ld->op->db, ld->op->e, "SELECT COUNT(*) FROM respondent", NULL, 0, 0, &all);
	*ret = mine > 1000 && mine > all / 8;
	return rc;
}

static int person_order(const void *a, const void *b)
{
	int64_t x = ((const struct tk_live_person *)a)->id;
	int64_t y = ((const struct tk_live_person *)b)->id;

	return (x > y) - (x < y);
}

static enum tk_rc load_people(struct tk_loading *ld, int64_t campaign, bool all)
{
	struct tk_live *l = &ld->s->pub;
	enum tk_rc rc = tk_db_stream(ld->op->db, ld->op->e,
		l->panel
			? "SELECT r.id, r.sector_id, r.sector_id, CAST(r.prefecture AS BIGINT), "
			  "r.roles, r.asked_only, r.state, r.institution_id, r.institution_code, "
			  "z.code, r.prefecture, r.attributes FROM respondent r JOIN sector z ON "
			  "z.id = r.sector_id WHERE r.campaign_id = $1 AND r.deleted_at IS NULL"
		: all
		    ? "SELECT id, bureau_id, division_id, post_id, roles, asked_only, state FROM "
		      "respondent"
		      " WHERE +campaign_id = $1 AND deleted_at IS NULL"
		    : "SELECT id, bureau_id, division_id, post_id, roles, asked_only, state FROM "
		      "respondent"
		      " WHERE campaign_id = $1 AND deleted_at IS NULL",
		TK_ARGS(TK_I(campaign)), on_respondent, ld);

	for (size_t i = 1; rc == TK_OK && i < l->nperson; i++) {
		if (ld->s->person[i - 1].id < ld->s->person[i].id)
			continue;
		qsort(ld->s->person, l->nperson, sizeof(*ld->s->person), person_order);
		break;
	}
	l->person = ld->s->person;
	return rc;
}

static enum tk_rc load_answers(struct tk_loading *ld, int64_t campaign, bool all)
{
	struct tk_live *l = &ld->s->pub;
	enum tk_rc rc;

	l->progress = tk_alloc_n(ld->s->mem, l->ndivision + 1, sizeof(*l->progress));
	l->plane = tk_plane_new(l->form->layout);
	tk_plane_fill(l->plane);
	rc = tk_db_stream(ld->op->db, ld->op->e,
		all ? "SELECT id, state, answers, changed_ms FROM response WHERE +campaign_id = $1"
		    : "SELECT id, state, answers, changed_ms FROM response WHERE campaign_id = $1",
		TK_ARGS(TK_I(campaign)), on_response, ld);
	if (rc == TK_OK)
		rc = fill_rest(ld);
	if (rc == TK_OK)
		tk_plane_filled(l->plane);
	return rc;
}

enum tk_rc tk_live_load(
	const struct tk_op *op, int64_t campaign, int64_t epoch, struct tk_live_shared **ret)
{
	struct tk_live_shared *s = tk_xcalloc(1, sizeof(*s));
	struct tk_op own = *op;
	struct tk_loading ld = {.op = &own, .s = s};
	struct tk_value col[2] = {TK_NULL, TK_NULL};
	bool all = false, found = false;
	enum tk_rc rc;

	s->mem = own.mem = tk_arena_new(LIVE_MEM);
	s->epoch = epoch;
	s->pub.campaign_id = campaign;
	atomic_init(&s->refs, 1);
	rc = tk_db_first(op->db, own.mem, op->e,
		"SELECT form_version_id, asks FROM campaign WHERE id = $1",
		TK_ARGS(TK_I(campaign)), col, 2, &found);
	s->pub.panel = found && !strcmp(col[1].s, "institution");
	if (rc == TK_OK)
		rc = tk_form_get(&own, col[0].i, &s->pub.form);
	if (rc == TK_OK)
		rc = read_all(&ld, campaign, &all);
	if (rc == TK_OK)
		rc = load_people(&ld, campaign, all);
	if (rc == TK_OK)
		rc = tk_live_units(&ld);
	if (rc == TK_OK) {
		finish_kinds(&ld);
		rc = load_answers(&ld, campaign, all);
	}
	free(ld.kind);
	free(ld.ids);
	free(ld.hash);
	free(ld.unit);
	if (rc != TK_OK) {
		tk_live_unref(s);
		return rc;
	}
	*ret = s;
	return TK_OK;
}

void tk_live_unref(struct tk_live_shared *s)
{
	if (!s || atomic_fetch_sub(&s->refs, 1) > 1)
		return;
	tk_plane_free(s->pub.plane);
	free(s->person);
	tk_arena_free(s->mem);
	free(s);
}

size_t tk_live_size(const struct tk_live_shared *s)
{
	return sizeof(*s) + tk_plane_bytes(s->pub.plane) + s->pub.nperson * sizeof(*s->person) +
	       tk_arena_used(s->mem);
}

/* -- other processes --------------------------------------------------------------------------- */
/* The caller is the only one who changes s, so it is read without a lock; changes are gathered
 * first and made in one go, so that readers never wait for the database. */
struct change {
	struct change *next;
	int64_t id;
	enum tk_live_state state;
	size_t n;
	uint8_t answers[];
};
struct fresh {
	struct tk_live_shared *s;
	struct change *first;
};

static enum tk_rc on_change(void *ctx, const struct tk_value *col, size_t n)
{
	struct fresh *f = ctx;
	struct tk_live_shared *s = f->s;
	enum tk_live_state state = tk_live_state_of(col[1].s);
	size_t i = find_person(s, col[0].i, SIZE_MAX);
	struct tk_plane_key key;
	const uint8_t *had = NULL;
	struct change *c;

	(void)n;
	if (col[3].i > s->seen_ms)
		s->seen_ms = col[3].i;
	if (i == SIZE_MAX)
		return TK_OK;
	if (s->person[i].state == state &&
		(state != TK_LIVE_SUBMITTED ||
			(tk_plane_get(s->pub.plane, (uint32_t)i, &key, &had) &&
				col[2].n == s->pub.form->layout->size &&
				!memcmp(had, col[2].s, col[2].n))))
		return TK_OK;
	c = tk_xmalloc(sizeof(*c) + col[2].n);
	*c = (struct change){f->first, col[0].i, state, col[2].n};
	if (c->n)
		memcpy(c->answers, col[2].s, c->n);
	f->first = c;
	return TK_OK;
}

/* Commits need not come in the order of changed_ms, so the last ten seconds are looked at again. */
enum tk_rc tk_live_refresh(const struct tk_op *op, struct tk_live_shared *s)
{
	struct fresh f = {.s = s};
	enum tk_rc rc = tk_db_stream(op->db, op->e,
		"SELECT id, state, answers, changed_ms FROM response WHERE campaign_id = $1 AND "
		"changed_ms > $2",
		TK_ARGS(TK_I(s->pub.campaign_id), TK_I(s->seen_ms - REFRESH_OVERLAP_MS)), on_change,
		&f);

	if (f.first)
		tk_plane_wrlock(s->pub.plane);
	for (struct change *c = f.first; c && rc == TK_OK; c = c->next)
		rc = tk_live_apply(s, c->id, c->state, c->answers, c->n, op->e);
	if (f.first)
		tk_plane_unlock(s->pub.plane);
	while (f.first) {
		struct change *c = f.first;
		f.first = c->next;
		free(c);
	}
	return rc;
}
