/* continuity_in.h - the records of continuity.  Private to src/continuity. */
#pragma once
#include "continuity/continuity.h"
#include "record/org_types.h"

struct bcp_plan {
	struct tk_rec rec;
	const char *name, *scenario, *scenario_text, *made_on, *revised_on, *note;
	int64_t division_id, edition;
};
struct bcp_edition {
	struct tk_rec rec;
	const char *decided_on, *changes;
	int64_t bcp_plan_id, edition, division_id;
};
struct priority_work {
	struct tk_rec rec;
	const char *name, *note;
	int64_t division_id, bcp_plan_id, info_system_id, target_hours;
};
struct bcp_manual {
	struct tk_rec rec;
	const char *title, *made_on, *revised_on, *place, *note;
	int64_t info_system_id, edition, division_id;
};
struct bcp_measure {
	struct tk_rec rec;
	const char *title, *kind, *state, *checked_on, *cause, *due_on, *done_on, *note;
	int64_t info_system_id, improvement_id, division_id;
};
struct bcp_exercise {
	struct tk_rec rec;
	const char *title, *held_on, *result, *problems, *lessons;
	int64_t bcp_plan_id, info_system_id, division_id, participants;
};
struct bcp_activation {
	struct tk_rec rec;
	const char *event, *from_on, *to_on, *evaluation, *evaluation_text;
	int64_t division_id, bcp_plan_id;
	bool had_plan, activated;
};

extern const struct tk_rtype tk_bcp_plan, tk_bcp_edition, tk_priority_work, tk_bcp_manual,
	tk_bcp_measure, tk_bcp_exercise, tk_bcp_activation;
extern const struct tk_fact tk_continuity_facts[];

/* Columns and condition of systems in operation ($1 to $2) whose stop affects the public, finance
 * bureaus or self-regulatory organisations, or priority work: each needs a manual (BCP-03). */
#define NEEDS_MANUAL \
	"s.deleted_at IS NULL AND (s.from_on IS NULL OR s.from_on <= $2)" \
	" AND (s.to_on IS NULL OR s.to_on >= $1) AND (s.for_public = 1 OR s.for_bureaus = 1" \
	" OR s.for_sro = 1 OR s.priority = 1 OR EXISTS(SELECT 1 FROM priority_work w WHERE" \
	" w.info_system_id = s.id AND w.deleted_at IS NULL))"
