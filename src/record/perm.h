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
	X(COLLEAGUE_MANAGE, "colleague.manage") \
	X(DOC_READ, "document.read")          X(DOC_WRITE, "document.write") \
	X(REQUEST_MAKE, "request.make")       X(REQUEST_READ, "request.read") \
	X(REQUEST_APPROVE, "request.approve") X(EXCEPTION_APPROVE, "exception.approve") \
	X(EDU_READ, "education.read")         X(EDU_WRITE, "education.write") \
	X(EDU_RECOMMEND, "education.recommend") \
	X(SYSTEM_READ, "system.read")         X(SYSTEM_WRITE, "system.write") \
	X(BCP_READ, "continuity.read")        X(BCP_WRITE, "continuity.write") \
	X(TECH_READ, "inspection.read")       X(TECH_WRITE, "inspection.write") \
	X(OUT_READ, "outsourcing.read")       X(OUT_WRITE, "outsourcing.write") \
	X(OUT_REVIEW, "outsourcing.review")   X(OUT_OPINION, "outsourcing.opinion") \
	X(AUDIT_READ, "audit.read")           X(AUDIT_WRITE, "audit.write") \
	X(AUDIT_APPROVE, "audit.approve") \
	X(FINDING_READ, "finding.read")       X(FINDING_ANSWER, "finding.answer") \
	X(FINDING_WRITE, "finding.write") \
	X(INCIDENT_REPORT, "incident.report") X(INCIDENT_READ, "incident.read") \
	X(INCIDENT_MANAGE, "incident.manage") \
	X(ADVISE, "advise") \
	X(ROADMAP_READ, "roadmap.read")       X(ROADMAP_WRITE, "roadmap.write") \
	X(FACT_READ, "fact.read")             X(YEAR_READ, "year.read") \
	X(YEAR_WRITE, "year.write")           X(TEMPLATE_WRITE, "template.write")

enum tk_perm {
	TK_P_NOBODY,                    /* held by no account: the system itself only */
	TK_P_SIGNED_IN,                 /* everybody with a session */
#define X(id, code) TK_P_##id,
	TK_PERM_TABLE(X)
#undef X
	TK_P_MAX
};
_Static_assert(TK_P_MAX <= 64, "a permission is a bit of division_not and bureau_not");
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
	/* the units that the scopes division and bureau mean for this person; *_not: the bits
	 * (1 << permission) that a unit does not count for, because it is held in another role */
	int64_t       division[TK_WHO_MAX_UNITS], bureau[TK_WHO_MAX_UNITS];
	uint64_t      division_not[TK_WHO_MAX_UNITS], bureau_not[TK_WHO_MAX_UNITS];
	size_t        ndivision, nbureau;
};

const char   *tk_perm_code(enum tk_perm p);
const char   *tk_scope_code(enum tk_scope s);
enum tk_scope tk_who_scope(const struct tk_who *w, enum tk_perm p);
/* May this person use p on something of that division (and bureau)?  0 = belongs to no unit. */
bool          tk_who_may(const struct tk_who *w, enum tk_perm p, int64_t division, int64_t bureau);
enum tk_rc    tk_denied(struct tk_err *e) TK_MUST_USE;     /* the one wording of a refusal */
/* TK_EVERSION, in the one wording for somebody who was overtaken. */
enum tk_rc    tk_changed_meanwhile(struct tk_err *e) TK_MUST_USE;
/* The program itself acting from the command line or a job. */
struct tk_who tk_who_system(const char *name, const char *source, enum tk_lang lang);
