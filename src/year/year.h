/* year.h - the year itself (CORE-01 ... CORE-05): plan, events, committee, problems, its calendar,
 * and opening it from the year before.
 *
 * A problem stands in the year in which it is worked on.  One that is not solved when the next year
 * is opened is carried over: the old record is closed as "carried" and a new one stands in the next
 * year, with the measure and a reference to the old one (CORE-04).  Any thread with its own tk_op.
 */
#pragma once
#include "case/life.h"
#include "fact/module.h"

struct tk_activity {
	struct tk_rec rec;
	int64_t     fiscal_year;
	const char *phase, *title, *from_on, *to_on, *note;
	int64_t     carried_from_id;
	struct tk_life life;
};
struct tk_year_problem {
	struct tk_rec rec;
	int64_t     fiscal_year, found_year;
	const char *source, *title, *description, *measure, *result;
	int64_t     carried_from_id;
	struct tk_life life;
};
struct tk_year_event {
	struct tk_rec rec;
	int64_t     fiscal_year;
	const char *happened_on, *kind, *title, *decided_by;
	int64_t     committee_meeting_id;
	const char *source;
	bool        is_pivot;
	const char *note;
};
struct tk_committee_meeting {
	struct tk_rec rec;
	int64_t     fiscal_year;
	const char *held_on, *title, *agenda, *decisions;
	bool        approves_policy;
	const char *minutes;
};
extern const struct tk_rtype tk_activity_type, tk_problem_type, tk_year_event_type,
	tk_committee_meeting_type;
extern const struct tk_module tk_year_module;

/* Plan, do, check, improve, in this order (CORE-02); ends with { 0 }. */
extern const struct tk_choice tk_year_phase[];

/* -- opening a year ---------------------------------------------------------------------------- */
/* The same day n years later; 29 February becomes 28 February where there is none. */
const char *tk_shift_years(struct tk_arena *a, const char *iso, int n);
/* Opens a fiscal year from the one before: its record is there, every module's open_year was asked.
 * May be called again: what is there stays.  Stands in the open transaction. */
enum tk_rc tk_year_open(const struct tk_op *op, int year, tk_carry_fn said,
			void *ctx) TK_MUST_USE;

/* -- calendar ---------------------------------------------------------------------------------- */
/* Everything dated that this person may see between two days, in the order of the first day; texts
 * live in op->mem. */
enum tk_rc tk_calendar_each(const struct tk_op *op, const char *from, const char *to,
			    tk_date_fn fn, void *ctx) TK_MUST_USE;
/* The same as an iCalendar file (RFC 5545).  base: address of the page, for links; "" none. */
enum tk_rc tk_calendar_ics(const struct tk_op *op, const char *from, const char *to,
			   const char *base, struct tk_buf *out) TK_MUST_USE;
/* One content line: escaped (text), folded at 75 octets between characters, CRLF. */
void tk_ics_line(struct tk_buf *out, const char *name, const char *value, bool text);
/* The secret of a person's calendar address: a new one takes the place of the last. */
enum tk_rc tk_calendar_link_new(const struct tk_op *op, const char **ret) TK_MUST_USE;
enum tk_rc tk_calendar_link_end(const struct tk_op *op) TK_MUST_USE;
/* Whose address that is; TK_ENOTFOUND. */
enum tk_rc tk_calendar_link_who(const struct tk_op *op, const char *token,
				int64_t *ret_account) TK_MUST_USE;
