/* continuity_fact.c - what can be stated about continuity in a year. */
#include "continuity/continuity_in.h"

/* Equipment that systems in operation need; in place by the end of the year. */
#define EQUIPMENT(which) \
	.of = &tk_bcp_measure, .args = "ft", \
	.sql = "SELECT m.id, CASE WHEN m.done_on <= $2 THEN 1 ELSE 0 END FROM bcp_measure m JOIN" \
	       " info_system s ON s.id = m.info_system_id WHERE m.deleted_at IS NULL AND m.state" \
	       " <> 'not_needed' AND s.deleted_at IS NULL AND (s.from_on IS NULL OR s.from_on <=" \
	       " $2) AND (s.to_on IS NULL OR s.to_on >= $1)" which
#define ACTIVATION(hit, which) \
	.of = &tk_bcp_activation, .args = "ft", \
	.sql = "SELECT id, CASE WHEN " hit " THEN 1 ELSE 0 END FROM bcp_activation WHERE" \
	       " deleted_at IS NULL AND from_on >= $1 AND from_on <= $2" which

/* Where there are plans, that none was revised or exercised is a number too. */
const struct tk_fact tk_continuity_facts[] = {
	{ "continuity.plans", N_("Business continuity plans"), N_("plans"),
	  N_("Plans made by the end of the year"), TK_FACT_COUNT, 0, "#/records/bcp-plans",
	  .of = &tk_bcp_plan, .args = "t",
	  .sql = "SELECT id, 1 FROM bcp_plan WHERE deleted_at IS NULL AND made_on <= $1" },
	{ "continuity.revised", N_("Business continuity plans revised"), N_("plans"),
	  N_("Plans of which a later edition was decided in the year"), TK_FACT_COUNT, 0,
	  "#/records/bcp-editions",
	  .of = &tk_bcp_plan, .args = "ft", .zero = true,
	  .sql = "SELECT p.id, 1 FROM bcp_plan p WHERE p.deleted_at IS NULL AND EXISTS(SELECT 1"
		 " FROM bcp_edition e WHERE e.bcp_plan_id = p.id AND e.deleted_at IS NULL AND"
		 " e.edition > 1 AND e.decided_on >= $1 AND e.decided_on <= $2)" },
	{ "continuity.manuals", N_("Systems with a continuity manual"), "%",
	  N_("Systems with a manual / systems that need one"), TK_FACT_RATE, 1, "#/manuals",
	  .of = &tk_info_system, .args = "ft",
	  .sql = "SELECT s.id, CASE WHEN EXISTS(SELECT 1 FROM bcp_manual m WHERE m.info_system_id"
		 " = s.id AND m.deleted_at IS NULL AND m.made_on <= $2) THEN 1 ELSE 0 END FROM"
		 " info_system s WHERE " NEEDS_MANUAL },
	{ "continuity.equipment", N_("Equipment for failures in place"), "%",
	  N_("In place by the end of the year / needed"), TK_FACT_RATE, 1,
	  "#/records/bcp-measures", EQUIPMENT("") },
	{ "continuity.ups", N_("Systems with UPS"), "%",
	  N_("UPS in place by the end of the year / needed"), TK_FACT_RATE, 1,
	  "#/records/bcp-measures?kind=ups", EQUIPMENT(" AND m.kind = 'ups'") },
	{ "continuity.remote_backup", N_("Systems with remote storage of backups"), "%",
	  N_("Remote storage in place by the end of the year / needed"), TK_FACT_RATE, 1,
	  "#/records/bcp-measures?kind=remote_backup", EQUIPMENT(" AND m.kind = 'remote_backup'") },
	{ "continuity.exercises", N_("Continuity exercises"), N_("exercises"),
	  N_("Exercises held in the year"), TK_FACT_COUNT, 1, "#/records/bcp-exercises",
	  .of = &tk_bcp_exercise, .args = "ft", .zero = true,
	  .sql = "SELECT id, 1 FROM bcp_exercise WHERE deleted_at IS NULL AND held_on >= $1 AND"
		 " held_on <= $2" },
	{ "continuity.had_plan", N_("Divisions with a plan before the event"), "%",
	  N_("Divisions with a plan before the event / divisions concerned"), TK_FACT_RATE, 1,
	  "#/records/bcp-activations", ACTIVATION("had_plan = 1", "") },
	{ "continuity.activated", N_("Business continuity plans activated"), "%",
	  N_("Plans activated / divisions with a plan before the event"), TK_FACT_RATE, 0,
	  "#/records/bcp-activations", ACTIVATION("activated = 1", " AND had_plan = 1") },
	{ "continuity.worked", N_("Activated plans that worked"), "%",
	  N_("Plans that worked / plans activated"), TK_FACT_RATE, 1,
	  "#/records/bcp-activations",
	  ACTIVATION("evaluation = 'worked'", " AND had_plan = 1 AND activated = 1") },
	{ 0 },
};
