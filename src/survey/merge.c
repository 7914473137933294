/* merge.c - the three-way comparison of answers. */
#include <cjson/cJSON.h>
#include <string.h>
#include "survey/answer.h"
#include "survey/change.h"
#include "survey/merge.h"

/* What the page had been given.  "not_asked" is how it may have seen what another answer opens. */
static enum tk_rc base_of(const struct tk_op *op, const struct tk_item *it, const cJSON *was,
			  struct tk_ans *ret)
{
	const cJSON *o = cJSON_GetObjectItemCaseSensitive(was, it->code),
		    *state = cJSON_GetObjectItemCaseSensitive(o, "state");

	*ret = (struct tk_ans){ .state = TK_ANSWER_NO_ANSWER };
	if (!o || cJSON_IsNull(o) ||
	    (cJSON_IsString(state) && !strcmp(state->valuestring, "not_asked")))
		return TK_OK;
	return tk_answer_json(op, it, ret, o, true);
}

static enum tk_rc compare(const struct tk_op *op, const struct tk_response *r, size_t i,
			  const cJSON *answer, const cJSON *was, struct tk_conflict *c, bool *hit)
{
	const struct tk_item *it = &r->form->item[i];
	struct tk_ans base;
	enum tk_rc rc = base_of(op, it, was, &base);

	*hit = false;
	if (rc != TK_OK)
		return rc;
	*c = (struct tk_conflict){ .item = i, .mine = base, .theirs = *tk_answer_at(r, i) };
	if ((rc = tk_answer_json(op, it, &c->mine, answer, false)) != TK_OK)
		return rc;
	*hit = !tk_answer_same(it, &c->theirs, &base) && !tk_answer_same(it, &c->theirs, &c->mine);
	return TK_OK;
}

/* A member of staff has only the own other window. */
static enum tk_rc tell_who(const struct tk_op *op, const struct tk_response *r,
			   struct tk_conflict *c, size_t n)
{
	struct tk_change *all = NULL;
	int64_t ms = 0;
	enum tk_rc rc = r->institution_id ? tk_change_all(op, r, &all) : TK_OK;

	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e, "SELECT changed_ms FROM response WHERE id = $1",
			       TK_ARGS(TK_I(r->id)), 0, &ms);
	for (size_t i = 0; i < n && rc == TK_OK; i++) {
		c[i].by = all ? all[c[i].item].who : op->who->name;
		c[i].at = all && all[c[i].item].at ? all[c[i].item].at : ms / 1000;
	}
	return rc;
}

enum tk_rc tk_response_merge(const struct tk_op *op, struct tk_response *r, const cJSON *answers,
			     const cJSON *was, struct tk_conflict **ret, size_t *n)
{
	const cJSON *o;
	size_t room = cJSON_IsObject(answers) ? (size_t)cJSON_GetArraySize(answers) : 0;
	enum tk_rc rc = TK_OK;

	*ret = tk_alloc_n(op->mem, room + 1, sizeof(**ret));
	*n = 0;
	if (!cJSON_IsObject(was))
		return tk_fail(op->e, TK_EINVAL, "was",
			       N_("was must be an object with the answers as you were given "
				  "them."));
	cJSON_ArrayForEach(o, answers) {
		int i = o->string ? tk_form_item_index(r->form, o->string) : -1;
		bool hit;

		if (i < 0)              /* tk_response_apply() names it */
			continue;
		rc = compare(op, r, (size_t)i, o, was, &(*ret)[*n], &hit);
		if (rc != TK_OK)
			return rc;
		*n += hit;
	}
	return *n ? tell_who(op, r, *ret, *n) : tk_response_apply(op, r, answers);
}

enum tk_rc tk_response_lock(const struct tk_op *op, int64_t campaign_id)
{
	if (op->who->institution_id)
		return tk_db_exec(op->db, op->e,
				  "UPDATE respondent SET version = version WHERE campaign_id = $1 "
				  "AND institution_id = $2",
				  TK_I(campaign_id), TK_I(op->who->institution_id));
	return tk_db_exec(op->db, op->e,
			  "UPDATE respondent SET version = version WHERE campaign_id = $1 AND "
			  "staff_id = $2",
			  TK_I(campaign_id), TK_I(op->who->staff_id));
}
