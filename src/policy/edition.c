/* edition.c - the editions of a document: drafted, decided by the committee, in force from a day,
 * superseded by the next (DOC-02, DOC-05, DOC-06, DOC-07).  What is or was in force is published:
 * everybody reads it; drafts are for those who see all documents. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "policy/policy_in.h"

#define F struct document_edition
static const struct tk_choice state[] = {
	{ "draft", N_("Draft") },
	{ "decided", N_("Decided") },
	{ "in_force", N_("In force") },
	{ "superseded", N_("Superseded") },
	{ "abolished", N_("Abolished") },
	{ "dropped", N_("Dropped") },
	{ 0 },
};
static const struct tk_case_transition transition[] = {
	{ "draft", "decide", "decided", TK_P_DOC_WRITE, 0, N_("Record the decision") },
	{ "draft", "drop", "dropped", TK_P_DOC_WRITE, TK_CASE_COMMENT, N_("Drop") },
	{ "decided", "reopen", "draft", TK_P_DOC_WRITE, TK_CASE_COMMENT, N_("Back to draft") },
	{ "decided", "put_in_force", "in_force", TK_P_DOC_WRITE, 0, N_("Put in force") },
	{ "in_force", "supersede", "superseded", TK_P_NOBODY, 0, N_("Superseded") },
	{ "in_force", "abolish", "abolished", TK_P_DOC_WRITE, TK_CASE_COMMENT, N_("Abolish") },
	{ 0 },
};

static enum tk_rc load(const struct tk_op *op, int64_t id, F *ret)
{
	struct tk_who w = tk_who_system("", "", op->e->lang);
	struct tk_op any = { op->db, op->mem, &w, op->e };

	return tk_rec_load(&any, &tk_document_edition, id, ret);
}

static enum tk_rc current_of(const struct tk_op *op, int64_t document, int64_t *ret)
{
	return tk_db_int(op->db, op->e, "SELECT id FROM document_edition WHERE policy_document_id ="
			 " $1 AND state = 'in_force' AND deleted_at IS NULL",
			 TK_ARGS(TK_I(document)), 0, ret);
}

static enum tk_rc decidable(const struct tk_op *op, const F *x)
{
	if (tk_is_blank(x->decided_by))
		return tk_fail(op->e, TK_EINVAL, "decided_by",
			       N_("Write who decided this edition before recording the decision."));
	if (!x->decided_on)
		return tk_fail(op->e, TK_EINVAL, "decided_on",
			       N_("Write the day of the decision before recording it."));
	if (!x->from_on)
		return tk_fail(op->e, TK_EINVAL, "from_on",
			       N_("Write the day from which the edition is in force."));
	if (strcmp(x->decided_on, tk_today_iso(op->mem)) > 0)
		return tk_fail(op->e, TK_EINVAL, "decided_on",
			       N_("The day of the decision has not come yet."));
	return TK_OK;
}

/* Only one edition of a document is in force, and the next begins after it began. */
static enum tk_rc startable(const struct tk_op *op, const F *x)
{
	int64_t current = 0;
	F old = { 0 };
	enum tk_rc rc;

	if (strcmp(x->from_on, tk_today_iso(op->mem)) > 0)
		return tk_fail(op->e, TK_ECONFLICT, "from_on",
			       N_("This edition is in force from %s. It is put in force by itself "
				  "on that day."), x->from_on);
	if ((rc = current_of(op, x->policy_document_id, &current)) != TK_OK || !current)
		return rc;
	if ((rc = load(op, current, &old)) != TK_OK)
		return rc;
	if (old.from_on && strcmp(x->from_on, old.from_on) <= 0)
		return tk_fail(op->e, TK_ECONFLICT, "from_on",
			       N_("%s is in force from %s. The next edition begins later."),
			       old.title, old.from_on);
	return TK_OK;
}

static enum tk_rc moving(const struct tk_op *op, const struct tk_case *before,
			 const struct tk_case *after, const char *action)
{
	F x = { 0 };
	enum tk_rc rc;

	(void)before;
	if ((rc = load(op, after->subject_id, &x)) != TK_OK)
		return rc;
	if (!strcmp(action, "decide"))
		return decidable(op, &x);
	if (strcmp(action, "put_in_force") != 0)
		return TK_OK;
	if ((rc = startable(op, &x)) != TK_OK)
		return rc;
	/* the one before leaves first: the table holds one in force */
	if ((rc = current_of(op, x.policy_document_id, &x.supersedes_id)) == TK_OK &&
	    x.supersedes_id) {
		struct tk_policy_stamp s[] = {
			{ "to_on", TK_S(x.from_on) } }, link[] = {
			{ "supersedes_id", TK_I(x.supersedes_id) } };

		rc = tk_policy_push(op, &tk_document_edition, x.supersedes_id, "supersede");
		if (rc == TK_OK)
			rc = tk_policy_stamp(op, &tk_document_edition, x.supersedes_id, s, 1);
		if (rc == TK_OK)
			rc = tk_policy_stamp(op, &tk_document_edition, x.rec.id, link, 1);
	}
	return rc;
}

static enum tk_rc moved(const struct tk_op *op, const struct tk_case *before,
			const struct tk_case *after, const char *action)
{
	struct tk_policy_stamp on[] = { { "published", TK_I(1) } },
			       off[] = { { "to_on", TK_S(tk_today_iso(op->mem)) } };

	(void)before;
	if (!strcmp(action, "put_in_force"))
		return tk_policy_stamp(op, &tk_document_edition, after->subject_id, on, 1);
	return strcmp(action, "abolish") ? TK_OK :
		tk_policy_stamp(op, &tk_document_edition, after->subject_id, off, 1);
}

const struct tk_case_type tk_edition_case = {
	.name = "document_edition",
	.label = N_("Edition of a document"),
	.prefix = "D",
	.state = state,
	.closed = "in_force superseded abolished dropped",
	.editable = "draft",
	.transition = transition,
	.remind_before = 7,
	.moving = moving,
	.moved = moved,
};

static const char *const document_alias[] = { "文書", "文書名", NULL };
static const char *const edition_alias[] = { "版", "版数", NULL };
static const char *const by_alias[] = { "決定者", "決定機関", NULL };
static const char *const on_alias[] = { "決定日", "決裁日", NULL };
static const char *const from_alias[] = { "施行日", "適用日", NULL };
static const char *const summary_alias[] = { "改定の概要", "変更点", NULL };

static const struct tk_field field[] = {
	TK_REF(F, policy_document_id, .label = N_("Document"), .alias = document_alias,
	       .ref = &tk_policy_document, .flags = TK_REQUIRED | TK_FIXED),
	TK_TEXT(F, title, .label = N_("Title of the document"), .max = 300,
		.flags = TK_READONLY | TK_LIST | TK_SEARCH),
	TK_INT(F, edition, .label = N_("Edition number"), .alias = edition_alias, .min = 1,
	       .max = 999, .help = N_("Left empty: the next.")),
	TK_TEXT(F, decided_by, .label = N_("Decided by"), .alias = by_alias, .max = 200,
		.flags = TK_LIST, .help = N_("The meeting of the committee, or the post.")),
	TK_DATE(F, decided_on, .label = N_("Decided on"), .alias = on_alias, .flags = TK_LIST),
	TK_DATE(F, from_on, .label = N_("In force from"), .alias = from_alias, .flags = TK_LIST),
	TK_DATE(F, to_on, .label = N_("No longer in force from"), .flags = TK_READONLY),
	TK_REF(F, supersedes_id, .label = N_("Supersedes"), .ref = &tk_document_edition,
	       .flags = TK_READONLY),
	TK_LONG(F, summary, .label = N_("What has changed"), .alias = summary_alias, .max = 4000,
		.flags = TK_SEARCH),
	TK_LONG(F, body, .label = N_("Text of the document"), .max = 20000, .flags = TK_SEARCH,
		.help = N_("The text itself; or add it as a file.")),
	TK_BOOL(F, must_read, .label = N_("All staff confirm reading")),
	TK_BOOL(F, published, .label = N_("Published"), .flags = TK_READONLY),
	TK_LIFE_FIELDS(F, state),
};

static enum tk_rc number_it(const struct tk_op *op, F *x)
{
	const struct tk_rtype *t = &tk_document_edition;
	struct tk_value title;
	int64_t last = 0;
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
		"SELECT title FROM policy_document WHERE id = $1",
		TK_ARGS(TK_I(x->policy_document_id)), &title, 1, &found);

	if (rc != TK_OK || !found)
		return rc;
	if (tk_get_by(t, x, "edition").type == TK_V_NULL) {
		rc = tk_db_int(op->db, op->e, "SELECT MAX(edition) FROM document_edition WHERE"
			       " policy_document_id = $1 AND deleted_at IS NULL",
			       TK_ARGS(TK_I(x->policy_document_id)), 0, &last);
		if (rc != TK_OK)
			return rc;
		tk_set_by(t, x, "edition", TK_I(last + 1));
	}
	tk_set_by(t, x, "title", TK_S(tk_sprintf(op->mem, "%s 第%lld版", title.s,
						 (long long)x->edition)));
	return TK_OK;
}

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	const struct tk_rtype *t = &tk_document_edition;
	F *x = now;
	int64_t n = 0;
	enum tk_rc rc;

	if (deleted)
		return TK_OK;
	if (x->decided_on && x->from_on && strcmp(x->from_on, x->decided_on) < 0)
		return tk_fail(op->e, TK_EINVAL, "from_on",
			       N_("An edition is in force from the day of its decision at the "
				  "earliest."));
	if (!was)
		tk_set_by(t, x, "published", TK_I(0));
	if (!was && !x->life.owner_staff_id && op->who->staff_id)
		tk_set_by(t, x, "owner_staff_id", TK_I(op->who->staff_id));
	if ((rc = number_it(op, x)) != TK_OK)
		return rc;
	rc = tk_db_int(op->db, op->e, "SELECT COUNT(*) FROM document_edition WHERE"
		       " policy_document_id = $1 AND edition = $2 AND id <> $3 AND deleted_at IS"
		       " NULL", TK_ARGS(TK_I(x->policy_document_id), TK_I(x->edition),
					TK_I(x->rec.id)), 0, &n);
	return rc == TK_OK && n ? tk_fail(op->e, TK_ECONFLICT, "edition",
					  N_("The document has an edition %lld already."),
					  (long long)x->edition) : rc;
}

const struct tk_rtype tk_document_edition = {
	.name = "document_edition",
	.path = "document-editions",
	.table = "document_edition",
	.label = N_("Edition of a document"),
	.label_plural = N_("Editions of documents"),
	.group = "documents",
	.size = sizeof(F),
	.field = field,
	.nfield = TK_LEN(field),
	.title = "title",
	.order = "-from_on",
	.read = TK_P_DOC_READ,
	.write = TK_P_DOC_WRITE,
	.published = "published",
	.grade = 1,
	.check = check,
	.life = &tk_edition_case,
};
