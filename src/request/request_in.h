/* request_in.h - inside src/request: the record types and what they share. */
#pragma once
#include "case/life.h"
#include "fact/module.h"

struct exception_request {
	struct tk_rec rec;
	struct tk_life life;
	int64_t     fiscal_year, policy_document_id, info_system_id, extends_id;
	const char *title, *clause, *system_name, *reason, *alternative, *from_on, *to_on;
	const char *conf_grade, *requested_on, *decided_on, *ended_on;
};

/* What a grade and its handling restrictions are made of (CLS-05). */
struct handling {
	const char *conf_grade, *integ_grade, *avail_grade, *handling_note;
	bool        no_copy, must_encrypt, limited;
};

struct takeout {
	struct tk_rec rec;
	struct tk_life life;
	struct handling h;
	int64_t     fiscal_year, information_id;
	const char *title, *medium, *device, *destination, *purpose, *from_on, *to_on;
	const char *requested_on, *decided_on, *taken_on, *back_on;
	bool        encrypted;
};

struct secure_area {
	struct tk_rec rec;
	const char *name, *kind, *place, *rule;
	int64_t     division_id, keeper_staff_id, deputy_staff_id;
};

struct area_entry {
	struct tk_rec rec;
	struct tk_life life;
	int64_t     fiscal_year, secure_area_id, from_division_id, entered_at, left_at;
	const char *purpose, *companion, *visitors, *brought_in, *planned_on, *confirmed_by;
};

struct information {
	struct tk_rec rec;
	struct handling h;
	const char *name, *kind, *place, *keep_until, *reviewed_on;
	int64_t     info_system_id, division_id, keeper_staff_id, deputy_staff_id;
	bool        draft;
};

extern const struct tk_rtype tk_exception_request, tk_takeout, tk_secure_area, tk_area_entry,
	tk_information;
extern const struct tk_case_type tk_exception_case, tk_takeout_case, tk_area_entry_case;
extern const struct tk_fact tk_request_facts[];

/* request_rule.c */
extern const struct tk_choice tk_conf_grades[], tk_integ_grades[], tk_avail_grades[];
extern const char *const tk_alias_conf[], *const tk_alias_integ[], *const tk_alias_avail[],
	*const tk_alias_handling[];
#define HANDLING_FIELD(S, m, T, ft, ...) \
	{ .name = #m, .type = (ft), .offset = TK_OFF(S, h.m, T), __VA_ARGS__ }
#define HANDLING_FIELDS(S) \
	HANDLING_FIELD(S, conf_grade, const char *, TK_F_ENUM, .label = N_("Confidentiality"), \
		.flags = TK_REQUIRED | TK_LIST, .choice = tk_conf_grades, \
		.alias = tk_alias_conf, \
		.help = N_("Protected from those who are not allowed to have access.")), \
	HANDLING_FIELD(S, integ_grade, const char *, TK_F_ENUM, .label = N_("Integrity"), \
		.choice = tk_integ_grades, .alias = tk_alias_integ, \
		.help = N_("Kept complete, so that it is not tampered with. Not for paper.")), \
	HANDLING_FIELD(S, avail_grade, const char *, TK_F_ENUM, .label = N_("Availability"), \
		.choice = tk_avail_grades, .alias = tk_alias_avail, \
		.help = N_("Kept so that it can be used at any time. Not for paper.")), \
	HANDLING_FIELD(S, no_copy, bool, TK_F_BOOL, .label = N_("No copying")), \
	HANDLING_FIELD(S, must_encrypt, bool, TK_F_BOOL, .label = N_("Encryption needed")), \
	HANDLING_FIELD(S, limited, bool, TK_F_BOOL, .label = N_("Those concerned only")), \
	HANDLING_FIELD(S, handling_note, const char *, TK_F_TEXT, \
		.label = N_("Other handling restrictions"), .max = 500, \
		.alias = tk_alias_handling)

/* The request belongs to the division of the person who makes it, whatever was filled in, so that
 * nobody picks who decides; whoever makes it sees to it unless somebody else is named. */
enum tk_rc tk_request_own(const struct tk_op *op, const struct tk_rtype *t, void *rec) TK_MUST_USE;
/* requested_on (today when empty) and the fiscal year it stands in. */
void tk_request_day(const struct tk_op *op, const struct tk_rtype *t, void *rec);
/* from_on .. to_on; the last day is what the case is due on. */
enum tk_rc tk_request_period(const struct tk_op *op, const struct tk_rtype *t,
			     void *rec) TK_MUST_USE;
enum tk_rc tk_grades_check(const struct tk_op *op, const struct handling *h, bool paper,
			   const char *paper_text) TK_MUST_USE;
/* Sets fields of the record behind a case that has moved, as the program. */
struct tk_stamp { const char *field; struct tk_value v; };
enum tk_rc tk_request_stamp(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			    const struct tk_stamp *s, size_t n) TK_MUST_USE;
/* Does this person decide about the requests of that division? */
enum tk_rc tk_request_decides(const struct tk_op *op, int64_t division_id, bool *ret) TK_MUST_USE;
/* The program's move of a request that its own rule moves. */
enum tk_rc tk_request_push(const struct tk_op *op, const struct tk_rtype *t, int64_t id,
			   const char *action, const char *comment) TK_MUST_USE;
