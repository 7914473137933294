/* case.h - the case mechanism: a matter with a receipt number, a state, a due date and a log of who
 * did what when, about some record (SYS-01, SELF-04).
 *
 * A type of case is a const table of states and transitions, declared by the module that owns it
 * and given to tk_case_types_set() once at start.  A move checks the state it starts from, the
 * permission with its scope (the case's division and bureau) and the comment, and writes the log,
 * the case, and the audit trail in the caller's transaction.  Cases live in the arena they were
 * loaded into; a struct tk_op belongs to one thread.
 */
#pragma once
#include "record/record.h"

enum {                                  /* flags of a transition */
	TK_CASE_COMMENT = 1 << 0,       /* needs a comment (a reason) */
	TK_CASE_NOT_REQUESTER = 1 << 1, /* never by the person whose request it is (ORG-15) */
	TK_CASE_REQUESTER = 1 << 2,     /* also by that person, without the permission */
	TK_CASE_OWNER = 1 << 3,         /* also by owner and deputy, without the permission */
};
struct tk_case;
struct tk_case_transition {
	const char  *from, *action, *to;
	enum tk_perm perm;
	unsigned     flags;
	const char  *label;             /* English msgid of the action, as on a button */
};
struct tk_case_type {
	const char *name, *label;       /* identifier; English msgid */
	const char *prefix;             /* letter of the receipt number, see receipt.h */
	const struct tk_choice *state;  /* the first is where a case begins; ends with { 0 } */
	const char *closed;             /* states in which nothing is left to do, blank-separated */
	const char *editable;           /* states in which the record behind it may be changed
					 * (life.h); NULL: all that are not closed */
	const struct tk_case_transition *transition;    /* ends with { 0 } */
	/* Days before the due date on which owner and deputy are reminded, and days after it on
	 * which whoever holds `escalate` for the division is told as well; 0: never. */
	unsigned    remind_before, escalate_after;
	enum tk_perm escalate;
	bool        by_rule;            /* moved by a module's own routes only */
	/* What else must hold before a move, and what else changes with it; after is the case as
	 * it will be.  Same transaction.  NULL: nothing. */
	enum tk_rc (*moving)(const struct tk_op *op, const struct tk_case *before,
			     const struct tk_case *after, const char *action);
	enum tk_rc (*moved)(const struct tk_op *op, const struct tk_case *before,
			    const struct tk_case *after, const char *action);
};

struct tk_case {
	struct tk_rec rec;
	const char *type, *receipt_no, *subject_type;
	int64_t subject_id, parent_id; /* parent: the campaign or the like; 0: none */
	int64_t     bureau_id, division_id;
	const char *state, *title;
	int64_t     opened_by;                          /* account; 0: the program */
	int64_t     requester_staff_id;                 /* whose request it is; 0: nobody's */
	int64_t     owner_staff_id, deputy_staff_id;    /* who sees to it; 0: nobody yet */
	const char *due_on;
	int64_t     opened_at, closed_at;
};
extern const struct tk_rtype tk_case_rtype;

/* -- types ------------------------------------------------------------------------------------- */
void tk_case_types_set(const struct tk_case_type *const *types, size_t n);
const struct tk_case_type *tk_case_type_by_name(const char *name);      /* NULL: none */
size_t tk_case_types(const struct tk_case_type *const **ret);
bool   tk_case_is_closed(const struct tk_case_type *t, const char *state);
bool   tk_case_is_editable(const struct tk_case_type *t, const char *state);
/* Every transition names states of the type, no action twice from a state, every state is reached,
 * `closed` and `editable` name states. */
enum tk_rc tk_case_type_check(const struct tk_case_type *t, struct tk_err *e) TK_MUST_USE;
/* Label of a state or action in that language; the identifier itself when it is unknown. */
const char *tk_case_state_label(const struct tk_case_type *t, const char *state, enum tk_lang lang);
const char *tk_case_action_label(const struct tk_case_type *t, const char *action,
				 enum tk_lang lang);
/* The transition table as a Mermaid state diagram, for the documentation. */
void tk_case_diagram(const struct tk_case_type *t, enum tk_lang lang, struct tk_buf *b);

/* -- cases ------------------------------------------------------------------------------------- */
/* Opens a case in its first state.  Asks for no permission: opening is part of an action whose rule
 * has asked.  bureau_id 0 with a division: that division's bureau.  due_on may be NULL. */
enum tk_rc tk_case_open(const struct tk_op *op, const struct tk_case_type *type,
			const char *subject_type, int64_t subject_id, int64_t parent_id,
			int64_t bureau_id, int64_t division_id, const char *title,
			const char *due_on, struct tk_case *ret) TK_MUST_USE;
/* The same from a filled case: subject, parent, units, title, people, dates; receipt number when
 * there is none yet. */
enum tk_rc tk_case_open_as(const struct tk_op *op, const struct tk_case_type *type,
			   struct tk_case *c) TK_MUST_USE;
/* Title, people, units and due date of a case, kept in step with its record; to_case says what it
 * is to be.  Writes log ("change") and trail when anything differs.  says_else: the record says
 * something else than before, so that who saw the case before must look again. */
enum tk_rc tk_case_follow(const struct tk_op *op, struct tk_case *c,
			  const struct tk_case *to_case, bool says_else) TK_MUST_USE;
/* Other people see to it from now on (0: nobody), in the case and its record, logged as
 * "hand_over".  Asks for no permission: that is the rule's. */
enum tk_rc tk_case_hand_over(const struct tk_op *op, struct tk_case *c, int64_t owner_staff_id,
			     int64_t deputy_staff_id, const char *comment) TK_MUST_USE;
/* Set once at start (src/notice): tells the people of a case of a move or of a change of people
 * ("change", "hand_over"), in the same transaction.  NULL: nobody is told. */
extern enum tk_rc (*tk_case_told)(const struct tk_op *op, const struct tk_case *before,
				  const struct tk_case *after, const char *action,
				  const char *comment);
/* A remark in the log, without a move, by somebody who may read the case. */
enum tk_rc tk_case_comment(const struct tk_op *op, const struct tk_case *c,
			   const char *text) TK_MUST_USE;
/* c is what the caller saw (TK_EVERSION when it changed since) and becomes what it is after. */
enum tk_rc tk_case_move(const struct tk_op *op, struct tk_case *c, const char *action,
			const char *comment) TK_MUST_USE;
/* Would this move be allowed now to this person (state and permission)? */
bool tk_case_can(const struct tk_op *op, const struct tk_case *c, const char *action);
/* The case of a record; asks for no permission.  TK_ENOTFOUND when there is none. */
enum tk_rc tk_case_of(const struct tk_op *op, const char *subject_type, int64_t subject_id,
		      struct tk_case *ret) TK_MUST_USE;
/* The newest case of a type with that parent, division and subject (0: any).  For rules: asks for
 * no permission.  TK_ENOTFOUND when there is none. */
enum tk_rc tk_case_find(const struct tk_op *op, const struct tk_case_type *type, int64_t parent_id,
			int64_t division_id, int64_t subject_id, struct tk_case *ret) TK_MUST_USE;

struct tk_case_log { int64_t at, account_id; const char *who, *action, *from_state, *to_state,
	*comment; };
typedef enum tk_rc (*tk_case_log_fn)(void *ctx, const struct tk_case_log *l);
/* Oldest first; what fn gets lives until it returns. */
enum tk_rc tk_case_log_each(const struct tk_op *op, int64_t case_id, tk_case_log_fn fn,
			    void *ctx) TK_MUST_USE;
/* {"case": ..., "states": [...], "actions": [what this person may do now], "items": [the log]} of a
 * case the person may read. */
enum tk_rc tk_case_log_json(const struct tk_op *op, int64_t case_id, struct tk_json *j) TK_MUST_USE;
/* The same of a case that was loaded already. */
enum tk_rc tk_case_json(const struct tk_op *op, const struct tk_case *c,
			struct tk_json *j) TK_MUST_USE;
