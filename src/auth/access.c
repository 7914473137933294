#include <string.h>
#include "auth/access.h"

const struct tk_choice tk_access_choice[] = {
	{ "admin", N_("Administrator") },
	{ "office", N_("Information security office") },
	{ "ciso", N_("Chief information security officer") },
	{ "division_head", N_("Division head") },
	{ "system_admin", N_("System administrator") },
	{ "staff", N_("Staff member") },
	{ "auditor", N_("Auditor (read only)") },
	{ "coordinator", N_("Coordinator of an institution") },
	{ "respondent", N_("Respondent of an institution") },
	{ "audit_head", N_("Audit head") },
	{ "adviser", N_("Security adviser") },
	{ "cio_aide", N_("CIO aide") },
	{ 0 },
};
_Static_assert(TK_LEN(tk_access_choice) == TK_ACCESS_MAX + 1, "every role has a code and a label");

/* The permission matrix.  What is not named is not granted. */
static const enum tk_scope matrix[TK_ACCESS_MAX][TK_P_MAX] = {
	[TK_ACCESS_ADMIN] = {
		[TK_P_ACCOUNT_MANAGE] = TK_SCOPE_ALL, [TK_P_ORG_READ] = TK_SCOPE_ALL,
		[TK_P_TRAIL_READ] = TK_SCOPE_ALL, [TK_P_MAIL_READ] = TK_SCOPE_ALL,
	},
	/* its own answers come with the role of staff; administrators' accounts are out of reach */
	[TK_ACCESS_OFFICE] = {
		[TK_P_ORG_READ] = TK_SCOPE_ALL, [TK_P_ORG_WRITE] = TK_SCOPE_ALL,
		[TK_P_ROSTER_IMPORT] = TK_SCOPE_ALL, [TK_P_ACCOUNT_MANAGE] = TK_SCOPE_ALL,
		[TK_P_FORM_READ] = TK_SCOPE_ALL, [TK_P_FORM_WRITE] = TK_SCOPE_ALL,
		[TK_P_CAMPAIGN_READ] = TK_SCOPE_ALL, [TK_P_CAMPAIGN_MANAGE] = TK_SCOPE_ALL,
		[TK_P_ROLLUP_READ] = TK_SCOPE_ALL, [TK_P_ROLLUP_SIGN] = TK_SCOPE_ALL,
		[TK_P_TABLE_READ] = TK_SCOPE_ALL, [TK_P_TRAIL_READ] = TK_SCOPE_ALL,
		[TK_P_MAIL_READ] = TK_SCOPE_ALL, [TK_P_FOLLOW_UP_MANAGE] = TK_SCOPE_ALL,
		[TK_P_PANEL_READ] = TK_SCOPE_ALL, [TK_P_PANEL_MANAGE] = TK_SCOPE_ALL,
		[TK_P_REVIEW] = TK_SCOPE_ALL,
		[TK_P_DOC_READ] = TK_SCOPE_ALL, [TK_P_REQUEST_READ] = TK_SCOPE_ALL,
		[TK_P_EDU_READ] = TK_SCOPE_ALL, [TK_P_SYSTEM_READ] = TK_SCOPE_ALL,
		[TK_P_BCP_READ] = TK_SCOPE_ALL, [TK_P_TECH_READ] = TK_SCOPE_ALL,
		[TK_P_OUT_READ] = TK_SCOPE_ALL, [TK_P_AUDIT_READ] = TK_SCOPE_ALL,
		[TK_P_FINDING_READ] = TK_SCOPE_ALL, [TK_P_INCIDENT_READ] = TK_SCOPE_ALL,
		[TK_P_ROADMAP_READ] = TK_SCOPE_ALL, [TK_P_FACT_READ] = TK_SCOPE_ALL,
		[TK_P_YEAR_READ] = TK_SCOPE_ALL, [TK_P_DOC_WRITE] = TK_SCOPE_ALL,
		[TK_P_EDU_WRITE] = TK_SCOPE_ALL, [TK_P_EDU_RECOMMEND] = TK_SCOPE_ALL,
		[TK_P_SYSTEM_WRITE] = TK_SCOPE_ALL, [TK_P_BCP_WRITE] = TK_SCOPE_ALL,
		[TK_P_TECH_WRITE] = TK_SCOPE_ALL, [TK_P_OUT_WRITE] = TK_SCOPE_ALL,
		[TK_P_OUT_REVIEW] = TK_SCOPE_ALL, [TK_P_INCIDENT_MANAGE] = TK_SCOPE_ALL,
		[TK_P_ROADMAP_WRITE] = TK_SCOPE_ALL, [TK_P_YEAR_WRITE] = TK_SCOPE_ALL,
		[TK_P_TEMPLATE_WRITE] = TK_SCOPE_ALL,
	},
	/* sees all results; the office acts */
	[TK_ACCESS_CISO] = {
		[TK_P_ORG_READ] = TK_SCOPE_ALL, [TK_P_FORM_READ] = TK_SCOPE_ALL,
		[TK_P_CAMPAIGN_READ] = TK_SCOPE_ALL, [TK_P_ROLLUP_READ] = TK_SCOPE_ALL,
		[TK_P_TABLE_READ] = TK_SCOPE_ALL, [TK_P_TRAIL_READ] = TK_SCOPE_ALL,
		[TK_P_PANEL_READ] = TK_SCOPE_ALL,
		[TK_P_DOC_READ] = TK_SCOPE_ALL, [TK_P_REQUEST_READ] = TK_SCOPE_ALL,
		[TK_P_EDU_READ] = TK_SCOPE_ALL, [TK_P_SYSTEM_READ] = TK_SCOPE_ALL,
		[TK_P_BCP_READ] = TK_SCOPE_ALL, [TK_P_TECH_READ] = TK_SCOPE_ALL,
		[TK_P_OUT_READ] = TK_SCOPE_ALL, [TK_P_AUDIT_READ] = TK_SCOPE_ALL,
		[TK_P_FINDING_READ] = TK_SCOPE_ALL, [TK_P_INCIDENT_READ] = TK_SCOPE_ALL,
		[TK_P_ROADMAP_READ] = TK_SCOPE_ALL, [TK_P_FACT_READ] = TK_SCOPE_ALL,
		[TK_P_YEAR_READ] = TK_SCOPE_ALL, [TK_P_EXCEPTION_APPROVE] = TK_SCOPE_ALL,
		[TK_P_AUDIT_APPROVE] = TK_SCOPE_ALL,
	},
	[TK_ACCESS_DIVISION_HEAD] = {
		[TK_P_ORG_READ] = TK_SCOPE_DIVISION, [TK_P_CAMPAIGN_READ] = TK_SCOPE_DIVISION,
		[TK_P_ROLLUP_READ] = TK_SCOPE_DIVISION, [TK_P_ROLLUP_SIGN] = TK_SCOPE_DIVISION,
		[TK_P_TABLE_READ] = TK_SCOPE_DIVISION,
		[TK_P_DOC_READ] = TK_SCOPE_DIVISION, [TK_P_REQUEST_READ] = TK_SCOPE_DIVISION,
		[TK_P_REQUEST_APPROVE] = TK_SCOPE_DIVISION, [TK_P_EDU_READ] = TK_SCOPE_DIVISION,
		[TK_P_EDU_RECOMMEND] = TK_SCOPE_DIVISION, [TK_P_SYSTEM_READ] = TK_SCOPE_DIVISION,
		[TK_P_BCP_READ] = TK_SCOPE_DIVISION, [TK_P_OUT_READ] = TK_SCOPE_DIVISION,
		[TK_P_FINDING_READ] = TK_SCOPE_DIVISION,
		[TK_P_FINDING_ANSWER] = TK_SCOPE_DIVISION,
		[TK_P_FINDING_WRITE] = TK_SCOPE_DIVISION,
		[TK_P_INCIDENT_READ] = TK_SCOPE_DIVISION,
		[TK_P_ROADMAP_READ] = TK_SCOPE_DIVISION, [TK_P_YEAR_READ] = TK_SCOPE_DIVISION,
	},
	[TK_ACCESS_SYSTEM_ADMIN] = {
		[TK_P_ANSWER_OWN] = TK_SCOPE_OWN, [TK_P_ORG_READ] = TK_SCOPE_OWN,
		[TK_P_CAMPAIGN_READ] = TK_SCOPE_OWN,
		[TK_P_SYSTEM_READ] = TK_SCOPE_DIVISION, [TK_P_SYSTEM_WRITE] = TK_SCOPE_DIVISION,
		[TK_P_BCP_READ] = TK_SCOPE_DIVISION, [TK_P_BCP_WRITE] = TK_SCOPE_DIVISION,
		[TK_P_TECH_READ] = TK_SCOPE_DIVISION, [TK_P_TECH_WRITE] = TK_SCOPE_DIVISION,
		[TK_P_OUT_READ] = TK_SCOPE_DIVISION, [TK_P_OUT_WRITE] = TK_SCOPE_DIVISION,
		[TK_P_FINDING_READ] = TK_SCOPE_DIVISION,
		[TK_P_FINDING_ANSWER] = TK_SCOPE_DIVISION,
		[TK_P_FINDING_WRITE] = TK_SCOPE_DIVISION,
		[TK_P_ROADMAP_READ] = TK_SCOPE_DIVISION,
	},
	[TK_ACCESS_STAFF] = {
		[TK_P_ANSWER_OWN] = TK_SCOPE_OWN, [TK_P_ORG_READ] = TK_SCOPE_OWN,
		[TK_P_CAMPAIGN_READ] = TK_SCOPE_OWN,
		[TK_P_DOC_READ] = TK_SCOPE_OWN, [TK_P_REQUEST_MAKE] = TK_SCOPE_OWN,
		[TK_P_REQUEST_READ] = TK_SCOPE_OWN, [TK_P_EDU_READ] = TK_SCOPE_OWN,
		[TK_P_INCIDENT_REPORT] = TK_SCOPE_OWN, [TK_P_YEAR_READ] = TK_SCOPE_OWN,
		/* whoever reported something sees where it stands */
		[TK_P_INCIDENT_READ] = TK_SCOPE_OWN,
		/* what a person was made owner or deputy of */
		[TK_P_ROADMAP_READ] = TK_SCOPE_OWN, [TK_P_FINDING_READ] = TK_SCOPE_OWN,
		[TK_P_FINDING_WRITE] = TK_SCOPE_OWN,
	},
	[TK_ACCESS_AUDITOR] = {
		[TK_P_ORG_READ] = TK_SCOPE_ALL, [TK_P_FORM_READ] = TK_SCOPE_ALL,
		[TK_P_CAMPAIGN_READ] = TK_SCOPE_ALL, [TK_P_ROLLUP_READ] = TK_SCOPE_ALL,
		[TK_P_TABLE_READ] = TK_SCOPE_ALL, [TK_P_TRAIL_READ] = TK_SCOPE_ALL,
		[TK_P_MAIL_READ] = TK_SCOPE_ALL, [TK_P_PANEL_READ] = TK_SCOPE_ALL,
		[TK_P_DOC_READ] = TK_SCOPE_ALL, [TK_P_REQUEST_READ] = TK_SCOPE_ALL,
		[TK_P_EDU_READ] = TK_SCOPE_ALL, [TK_P_SYSTEM_READ] = TK_SCOPE_ALL,
		[TK_P_BCP_READ] = TK_SCOPE_ALL, [TK_P_TECH_READ] = TK_SCOPE_ALL,
		[TK_P_OUT_READ] = TK_SCOPE_ALL, [TK_P_AUDIT_READ] = TK_SCOPE_ALL,
		[TK_P_FINDING_READ] = TK_SCOPE_ALL, [TK_P_INCIDENT_READ] = TK_SCOPE_ALL,
		[TK_P_ROADMAP_READ] = TK_SCOPE_ALL, [TK_P_FACT_READ] = TK_SCOPE_ALL,
		[TK_P_YEAR_READ] = TK_SCOPE_ALL,
	},
	/* For which institution is a matter of the account (person.h).  People outside the office
	 * see what they are asked, and nothing of its campaigns, units or staff. */
	[TK_ACCESS_COORDINATOR] = {
		[TK_P_ANSWER_OWN] = TK_SCOPE_OWN, [TK_P_COLLEAGUE_MANAGE] = TK_SCOPE_OWN,
	},
	[TK_ACCESS_RESPONDENT] = { [TK_P_ANSWER_OWN] = TK_SCOPE_OWN },
	/* carries the audit; who approves its plan is the general officer (AUD-02) */
	[TK_ACCESS_AUDIT_HEAD] = {
		[TK_P_ORG_READ] = TK_SCOPE_ALL, [TK_P_TRAIL_READ] = TK_SCOPE_ALL,
		[TK_P_DOC_READ] = TK_SCOPE_ALL, [TK_P_REQUEST_READ] = TK_SCOPE_ALL,
		[TK_P_EDU_READ] = TK_SCOPE_ALL, [TK_P_SYSTEM_READ] = TK_SCOPE_ALL,
		[TK_P_BCP_READ] = TK_SCOPE_ALL, [TK_P_TECH_READ] = TK_SCOPE_ALL,
		[TK_P_OUT_READ] = TK_SCOPE_ALL, [TK_P_AUDIT_READ] = TK_SCOPE_ALL,
		[TK_P_FINDING_READ] = TK_SCOPE_ALL, [TK_P_INCIDENT_READ] = TK_SCOPE_ALL,
		[TK_P_ROADMAP_READ] = TK_SCOPE_ALL, [TK_P_FACT_READ] = TK_SCOPE_ALL,
		[TK_P_YEAR_READ] = TK_SCOPE_ALL, [TK_P_AUDIT_WRITE] = TK_SCOPE_ALL,
		/* the text of a finding; the answer is the audited division's */
		[TK_P_FINDING_WRITE] = TK_SCOPE_ALL,
	},
	[TK_ACCESS_ADVISER] = {
		[TK_P_ORG_READ] = TK_SCOPE_ALL, [TK_P_DOC_READ] = TK_SCOPE_ALL,
		[TK_P_SYSTEM_READ] = TK_SCOPE_ALL, [TK_P_TECH_READ] = TK_SCOPE_ALL,
		[TK_P_OUT_READ] = TK_SCOPE_ALL, [TK_P_OUT_REVIEW] = TK_SCOPE_ALL,
		[TK_P_AUDIT_READ] = TK_SCOPE_ALL, [TK_P_FINDING_READ] = TK_SCOPE_ALL,
		[TK_P_ROADMAP_READ] = TK_SCOPE_ALL, [TK_P_FACT_READ] = TK_SCOPE_ALL,
		[TK_P_YEAR_READ] = TK_SCOPE_ALL, [TK_P_ADVISE] = TK_SCOPE_ALL,
	},
	[TK_ACCESS_CIO_AIDE] = {
		[TK_P_ORG_READ] = TK_SCOPE_ALL, [TK_P_DOC_READ] = TK_SCOPE_ALL,
		[TK_P_SYSTEM_READ] = TK_SCOPE_ALL, [TK_P_OUT_READ] = TK_SCOPE_ALL,
		[TK_P_OUT_OPINION] = TK_SCOPE_ALL, [TK_P_ROADMAP_READ] = TK_SCOPE_ALL,
		[TK_P_YEAR_READ] = TK_SCOPE_ALL,
	},
};

enum tk_access tk_access_by_code(const char *code)
{
	enum tk_access r = 0;

	while (r < TK_ACCESS_MAX && (!code || strcmp(tk_access_choice[r].id, code) != 0))
		r++;
	return r;
}

enum tk_scope tk_access_scope(enum tk_access r, enum tk_perm p)
{
	return matrix[r][p];
}

bool tk_access_is_panel(enum tk_access r)
{
	return r == TK_ACCESS_COORDINATOR || r == TK_ACCESS_RESPONDENT;
}

bool tk_access_has_unit(enum tk_access r)
{
	return r == TK_ACCESS_DIVISION_HEAD || r == TK_ACCESS_SYSTEM_ADMIN;
}

/* A unit too many is left out: the person may do less, never more.  granted: the permissions that
 * this unit counts for; a unit held in two roles counts for those of both. */
static void add_unit(int64_t *list, uint64_t *not_for, size_t *n, int64_t id, uint64_t granted)
{
	for (size_t i = 0; i < *n; i++) {
		if (list[i] != id)
			continue;
		not_for[i] &= ~granted;
		return;
	}
	if (!id || *n == TK_WHO_MAX_UNITS)
		return;
	not_for[*n] = ~granted;
	list[(*n)++] = id;
}

void tk_access_grant(struct tk_who *w, enum tk_access r, int64_t division, int64_t bureau)
{
	bool whole_bureau = bureau && !division;
	uint64_t granted = 0;

	for (size_t p = 0; p < TK_P_MAX; p++) {
		enum tk_scope s = matrix[r][p];

		if (s == TK_SCOPE_DIVISION && whole_bureau)
			s = TK_SCOPE_BUREAU;
		if (s > w->scope[p])
			w->scope[p] = s;
		if (s > TK_SCOPE_NONE)
			granted |= UINT64_C(1) << p;
	}
	add_unit(w->division, w->division_not, &w->ndivision, division, granted);
	if (whole_bureau)
		add_unit(w->bureau, w->bureau_not, &w->nbureau, bureau, granted);
}
