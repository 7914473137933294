/* policy_in.h - inside src/policy: documents, editions, readers, the portal. */
#pragma once
#include "case/life.h"
#include "fact/module.h"

struct policy_document {
	struct tk_rec rec;
	const char *level, *number, *title, *owner_role, *note;
	int64_t     parent_id, info_system_id, sort;
};

struct document_edition {
	struct tk_rec rec;
	struct tk_life life;
	int64_t     policy_document_id, edition, supersedes_id;
	const char *title, *decided_by, *decided_on, *from_on, *to_on, *summary, *body;
	bool        must_read, published;
};

struct conformance {
	struct tk_rec rec;
	int64_t     from_edition_id, to_edition_id;
	const char *from_clause, *to_clause, *degree, *note;
};

struct portal_notice {
	struct tk_rec rec;
	const char *title, *body, *from_on, *to_on;
	bool        important, published;
};

struct portal_question {
	struct tk_rec rec;
	struct tk_life life;
	int64_t     policy_document_id;
	const char *title, *question, *answer, *answered_on;
	bool        published;
};

struct document_read {
	struct tk_rec rec;
	int64_t     document_edition_id, staff_id, division_id, read_at;
};

extern const struct tk_rtype tk_document_edition, tk_conformance, tk_portal_notice,
	tk_portal_question, tk_document_read;
extern const struct tk_case_type tk_edition_case, tk_question_case;
extern const struct tk_fact tk_policy_facts[];
extern const struct tk_choice tk_document_levels[];

/* Height of a level: what stands lower must conform to what stands higher. 0: common standards. */
int tk_document_rank(const char *level);
struct tk_policy_stamp { const char *field; struct tk_value v; };
enum tk_rc tk_policy_stamp(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			   const struct tk_policy_stamp *s, size_t n) TK_MUST_USE;
enum tk_rc tk_policy_push(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			  const char *action) TK_MUST_USE;
/* Notices whose first day has come are published, those whose last day is over are not; editions
 * decided for a day that has come are put in force. */
enum tk_rc tk_policy_daily(const struct tk_op *op, const char *today) TK_MUST_USE;

/* -- reading ----------------------------------------------------------------------------------- */
/* This person has read an edition in force; once, however often they say so. */
enum tk_rc tk_document_read_mark(const struct tk_op *op, int64_t edition_id) TK_MUST_USE;
/* Of one edition, division by division: n of how many, and with `missing` who has not. */
struct tk_reader {
	int64_t     division_id, staff_id;
	const char *division, *number, *name;
	bool        read;
};
typedef enum tk_rc (*tk_reader_fn)(void *ctx, const struct tk_reader *r);
/* Everybody in office today (or, of an edition that is not in force any more, on its last day) whom
 * the caller may see, ordered by division and number. */
enum tk_rc tk_document_readers(const struct tk_op *op, int64_t edition_id, tk_reader_fn fn,
			       void *ctx) TK_MUST_USE;
enum tk_rc tk_document_tasks(const struct tk_op *op, tk_task_fn add, void *ctx) TK_MUST_USE;
