/* outsourcing.h - procurement specifications and what follows from them (OUT).
 *
 * The guide says what a specification must contain; experts check each specification against the
 * edition it was written by, item by item; what is missing needs the CIO aide's opinion; the
 * contract carries what was agreed, and is confirmed at intervals while the project runs.
 * A struct tk_op belongs to one thread.
 */
#pragma once
#include "case/life.h"
#include "fact/module.h"

struct tk_contractor {
	struct tk_rec rec;
	const char *name, *kana, *corporate_number, *address, *contact, *phone, *mail,
		*certification, *certified_until, *note;
};
struct tk_spec_guide {
	struct tk_rec rec;
	const char *title, *in_force_on, *note;
	int64_t     edition, revised_from_id;
};
struct tk_spec_guide_item {
	struct tk_rec rec;
	int64_t     guide_id, sort;
	const char *number, *text_ja, *text_en;
	const char *required;           /* "always", or "connected" to internal systems */
	const char *survey_item;        /* the question that asks for it (OUT-03) */
};
struct tk_procurement_spec {
	struct tk_rec rec;
	const char *title, *planned_contract, *planned_on, *importance, *note;
	int64_t     info_system_id, guide_id, fiscal_year, value;
	bool        connects;
	/* who did what, set by the moves */
	const char *checked_on, *checked_by, *advised_on, *advised_by;
	const char *opinion, *opinion_on, *opinion_by, *accepted_on, *accepted_by;
	struct tk_life life;
};
struct tk_spec_check {
	struct tk_rec rec;
	int64_t     spec_id, guide_item_id, division_id;
	bool        required;           /* of this specification */
	const char *verdict, *remark;   /* NULL: not looked at yet */
};
struct tk_contract {
	struct tk_rec rec;
	int64_t     spec_id, contractor_id, amount, confirm_months, division_id;
	const char *number, *title, *signed_on, *from_on, *to_on, *obligations, *level, *note;
};
struct tk_confirmation {
	struct tk_rec rec;
	int64_t     contract_id;
	const char *title, *confirmed_on, *result;
	struct tk_life life;
};
struct tk_subcontract {
	struct tk_rec rec;
	int64_t     contract_id, parent_id, contractor_id, division_id;
	const char *scope, *approved_on, *note;
};
struct tk_connection_check {
	struct tk_rec rec;
	int64_t     contract_id, points, satisfied, division_id;
	const char *checked_on, *importance, *shortfall, *condition;
};
extern const struct tk_rtype tk_spec_guide_type, tk_spec_guide_item_type, tk_procurement_spec_type,
	tk_spec_check_type, tk_contract_type, tk_confirmation_type, tk_subcontract_type,
	tk_connection_check_type;
extern const struct tk_case_type tk_spec_case, tk_confirmation_case;
extern const struct tk_choice tk_importance_choice[];
extern const struct tk_fact tk_outsourcing_facts[];
extern const struct tk_module tk_outsourcing_module;

/* The edition in force on a day, 0 when there is none. */
enum tk_rc tk_guide_in_force(const struct tk_op *op, const char *day, int64_t *ret) TK_MUST_USE;
/* A new edition with the items of the old one; the old one stays as it is (OUT-03). */
enum tk_rc tk_guide_revise(const struct tk_op *op, int64_t guide_id, const char *in_force_on,
			   int64_t *ret_id) TK_MUST_USE;

/* How a specification stands: items that apply, and what was found of them. */
struct tk_coverage {
	int64_t n, written, missing, not_applicable, unchecked;
	int64_t required_missing;
	const char *missing_numbers;    /* of the required ones: "3, 7" */
};
enum tk_rc tk_spec_coverage(const struct tk_op *op, int64_t spec_id,
			    struct tk_coverage *ret) TK_MUST_USE;
/* One row to check for each item of the guide that applies; rows that are there stay. */
enum tk_rc tk_spec_checks_make(const struct tk_op *op, int64_t spec_id) TK_MUST_USE;

/* What specifications contain, item by item of a guide (OUT-03); 0: all years. */
struct tk_item_coverage {
	int64_t id, written, missing, not_applicable, unchecked;
	const char *number, *text_ja, *text_en, *survey_item;
};
typedef enum tk_rc (*tk_item_coverage_fn)(void *ctx, const struct tk_item_coverage *c);
enum tk_rc tk_guide_coverage(const struct tk_op *op, int64_t guide_id, int year,
			     tk_item_coverage_fn fn, void *ctx) TK_MUST_USE;

/* Due dates of a contract from its interval; those that lie ahead follow a change of it. */
enum tk_rc tk_confirmations_plan(const struct tk_op *op, const struct tk_contract *c) TK_MUST_USE;
