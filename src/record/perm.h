/* perm.h - who is acting, and what that person may do where.
 *
 * A permission is held with a scope: own (rows about the person), division, bureau, or all.
 * src/auth fills struct tk_who from the account's roles; everything below only asks it.
 * A struct tk_who is read-only once made and lives in its request's arena.
 */
#pragma once
#include "base/mem.h"

/* id, code in JSON and documents */
#define TK_PERM_TABLE(X) \
	X(ANSWER_OWN, "answer.own")           X(ORG_READ, "org.read") \
	X(ORG_WRITE, "org.write")             X(ROSTER_IMPORT, "roster.import") \
	X(ACCOUNT_MANAGE, "account.manage")   X(FORM_READ, "form.read") \
	X(FORM_WRITE, "form.write")           X(CAMPAIGN_READ, "campaign.read") \
	X(CAMPAIGN_MANAGE, "campaign.manage") X(ROLLUP_READ, "rollup.read") \
	X(ROLLUP_SIGN, "rollup.sign")         X(TABLE_READ, "table.read") \
	X(TRAIL_READ, "trail.read")           X(MAIL_READ, "mail.read") \
	X(FOLLOW_UP_MANAGE, "follow_up.manage") X(PANEL_READ, "panel.read") \
	X(PANEL_MANAGE, "panel.manage")       X(REVIEW, "review") \
	X(COLLEAGUE_MANAGE, "colleague.manage")

enum tk_perm {
	TK_P_NOBODY,                    /* held by no account: the system itself only */
	TK_P_SIGNED_IN,                 /* everybody with a session */
#define X(id, code) TK_P_##id,
	TK_PERM_TABLE(X)
#undef X
	TK_P_MAX
};
enum tk_scope { TK_SCOPE_NONE, TK_SCOPE_OWN, TK_SCOPE_DIVISION, TK_SCOPE_BUREAU, TK_SCOPE_ALL };
enum { TK_WHO_MAX_UNITS = 16 };

struct tk_who {
	int64_t       account_id, staff_id;     /* 0: none */
	int64_t       institution_id;           /* answers for that institution; 0: for itself */
	bool          coordinator;              /* of the institution: all sections, and submits */
	const char   *name;                     /* for the trail and the page */
	const char   *source;                   /* peer address, or "command line" */
	enum tk_lang  lang;
	bool          system;                   /* the program itself: may do everything */
	enum tk_scope scope[TK_P_MAX];
	/* the units that the scopes division and bureau mean for this person */
	int64_t       division[TK_WHO_MAX_UNITS], bureau[TK_WHO_MAX_UNITS];
	size_t        ndivision, nbureau;
};

const char   *tk_perm_code(enum tk_perm p);
const char   *tk_scope_code(enum tk_scope s);
enum tk_scope tk_who_scope(const struct tk_who *w, enum tk_perm p);
/* May this person use p on something of that division (and bureau)?  0 = belongs to no unit. */
bool          tk_who_may(const struct tk_who *w, enum tk_perm p, int64_t division, int64_t bureau);
enum tk_rc    tk_denied(struct tk_err *e) TK_MUST_USE;     /* the one wording of a refusal */
/* The program itself acting from the command line or a job. */
struct tk_who tk_who_system(const char *name, const char *source, enum tk_lang lang);
