/* incident.c - what the module brings. */
#include <string.h>
#include "base/clock.h"
#include "incident/incident_api.h"
#include "incident/incident_in.h"

static const struct tk_rtype *const types[] = {
	&tk_incident_type,        &tk_incident_event_type,  &tk_incident_notice_type,
	&tk_incident_lesson_type, &tk_suspicious_mail_type, &tk_missent_mail_type,
	&tk_csirt_member_type,    &tk_notice_rule_type,     NULL,
};
static const struct tk_case_type *const cases[] = {
	&tk_incident_case,
	&tk_suspicious_mail_case,
	&tk_missent_mail_case,
	NULL,
};

/* Notices that nobody has recorded as told, for whoever handles incidents. */
struct tasks {
	tk_task_fn add;
	void *ctx;
	const struct tk_op *op;
};

static enum tk_rc task_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct tasks *t = ctx;
	const char *to = col[1].s;
	char due[11];

	(void)n;
	for (const struct tk_choice *c = tk_notice_recipient; c->id; c++)
		if (!strcmp(c->id, col[1].s))
			to = tk_tr(t->op->who->lang, c->label);
	if (col[3].i)
		tk_date_iso(tk_date_of_time(col[3].i), due);
	t->add(t->ctx,
	       &(struct tk_task){
		       .kind = "notice",
		       .title = tk_say(t->op->mem, t->op->who->lang, N_("To be told: %s"), to),
		       .detail = tk_strdup(t->op->mem, col[2].s),
		       .due = col[3].i ? tk_strdup(t->op->mem, due) : NULL,
		       .href = tk_sprintf(t->op->mem, "#/records/incident-notices/%lld",
					  (long long)col[0].i) });
	return TK_OK;
}

static enum tk_rc tasks(const struct tk_op *op, tk_task_fn add, void *ctx)
{
	struct tasks t = { add, ctx, op };

	if (tk_who_scope(op->who, TK_P_INCIDENT_MANAGE) != TK_SCOPE_ALL)
		return TK_OK;
	return tk_db_run(op->db, op->e,
			 "SELECT n.id, n.recipient, i.title, COALESCE(n.due_at, 0) FROM "
			 "incident_notice n JOIN incident i ON i.id = n.incident_id WHERE n.state "
			 "<> 'told' AND i.state NOT IN ('closed', 'false_alarm') AND n.deleted_at "
			 "IS NULL AND i.deleted_at IS NULL ORDER BY 4, 1 LIMIT 20",
			 NULL, 0, task_row, &t);
}

static enum tk_rc daily(const struct tk_op *op, const char *today)
{
	(void)today;
	return tk_notices_late(op);
}

const struct tk_module tk_incident_module = {
	.name = "incident",
	.type = types,
	.case_type = cases,
	.fact = tk_incident_facts,
	.route = tk_incident_routes,
	.tasks = tasks,
	.daily = daily,
};
