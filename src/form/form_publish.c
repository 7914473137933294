/* form_publish.c - a draft's faults, publishing it, copying a version to a new draft. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "form/form_in.h"

enum tk_rc tk_form_check(const struct tk_op *op, int64_t id,
			 void (*say)(void *ctx, const char *item, const char *text), void *ctx,
			 size_t *n)
{
	struct tk_form_say s = { .say = say, .ctx = ctx };
	struct tk_form_rows rows;
	struct tk_form *f;
	enum tk_rc rc = tk_form_rows(op, op->mem, id, &rows);

	if (rc == TK_OK)
		rc = tk_form_compile(op->mem, &rows, &f, &s, op->e);
	if (rc == TK_OK && f->nitem == 0) {
		s.n++;
		say(ctx, "", tk_tr(op->e->lang, N_("The questionnaire has no items.")));
	}
	*n = s.n;
	return rc;
}

static void first_fault(void *ctx, const char *item, const char *text)
{
	struct tk_err *e = ctx;

	if (e->field[0])
		return;
	snprintf(e->field, sizeof(e->field), "%s", *item ? item : "form");
	memmove(e->msg, text, strlen(text) + 1);
}

enum tk_rc tk_form_publish(const struct tk_op *op, int64_t id)
{
	struct tk_err first = { .lang = op->e->lang };
	struct tk_form_rows rows;
	struct tk_form *f;
	size_t n = 0;
	enum tk_rc rc = tk_form_check(op, id, first_fault, &first, &n);

	if (rc != TK_OK)
		return rc;
	if (n)
		return tk_fail(op->e, TK_EINVAL, first.field, "%s", first.msg);
	if ((rc = tk_form_rows(op, op->mem, id, &rows)) != TK_OK ||
	    (rc = tk_form_compile(op->mem, &rows, &f, NULL, op->e)) != TK_OK)
		return rc;
	if (f->published)
		return tk_fail(op->e, TK_ECONFLICT, NULL, N_("This version is published already."));
	tk_set_by(&tk_form_version_type, &rows.version, "state", TK_S("published"));
	tk_set_by(&tk_form_version_type, &rows.version, "published_at", TK_I(tk_now()));
	tk_set_by(&tk_form_version_type, &rows.version, "digest", TK_S(f->digest));
	return tk_rec_update(op, &tk_form_version_type, &rows.version, rows.version.rec.version);
}

static enum tk_rc copy_rows(const struct tk_op *op, const struct tk_form_rows *rows,
			    int64_t version_id)
{
	enum tk_rc rc = TK_OK;

	for (size_t i = 0; i < rows->nchoice && rc == TK_OK; i++) {
		struct choice ch = rows->choice[i];
		ch.rec.id = 0;
		ch.form_version_id = version_id;
		rc = tk_rec_insert(op, &tk_choice_type, &ch);
	}
	for (size_t i = 0; i < rows->nitem && rc == TK_OK; i++) {
		struct form_item it = rows->item[i];
		it.rec.id = 0;
		it.form_version_id = version_id;
		rc = tk_rec_insert(op, &tk_form_item_type, &it);
	}
	return rc;
}

enum tk_rc tk_form_draft(const struct tk_op *op, int64_t form_id, int64_t *ret)
{
	struct form_version v = { 0 };
	int64_t last = 0;
	enum tk_rc rc =
		tk_db_int(op->db, op->e, "SELECT MAX(number) FROM form_version WHERE form_id = $1",
			  TK_ARGS(TK_I(form_id)), 0, &last);

	if (rc != TK_OK)
		return rc;
	tk_set_by(&tk_form_version_type, &v, "form_id", TK_I(form_id));
	tk_set_by(&tk_form_version_type, &v, "number", TK_I(last + 1));
	rc = tk_rec_insert(op, &tk_form_version_type, &v);
	*ret = v.rec.id;
	return rc;
}

enum tk_rc tk_form_copy(const struct tk_op *op, int64_t id, int64_t *ret)
{
	struct tk_form_rows rows;
	enum tk_rc rc = tk_form_rows(op, op->mem, id, &rows);

	if (rc == TK_OK)
		rc = tk_form_draft(op, rows.version.form_id, ret);
	return rc == TK_OK ? copy_rows(op, &rows, *ret) : rc;
}
