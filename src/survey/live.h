/* live.h - the counted state of a campaign, kept in memory (DESIGN.md section 4).
 *
 * Built at a campaign's first use from respondents and responses, kept current by what is committed
 * in this process (tk_live_note) and, for what other processes write, by the campaign's epoch and,
 * on PostgreSQL, by changed_ms.  It can always be rebuilt; no answer lives only here.
 *
 * Who counts: everybody in the population, and those who left after they had submitted.  Submitted
 * answers count as they are; whoever has not submitted counts as "no answer" to all that is asked.
 *
 * Threads: any.  What tk_live_get returns belongs to the caller (it lives in op->mem), is
 * read-locked until tk_live_put, and is put back by the thread that got it.  A thread holds one at
 * a time, so that no two wait for each other; the end of op->mem puts back what was forgotten.
 * Inside a transaction a campaign is counted afresh and for this caller alone, so that what may be
 * rolled back is never seen by others.
 */
#pragma once
#include "survey/campaign.h"
#include "survey/plane.h"

/* Units as the plane's slots see them, in print order: only those somebody belongs to.  Where
 * institutions are asked, bureau and division are both the sector and post is the prefecture. */
struct tk_unit {
	int64_t id;        /* 0: people without a post */
	int64_t parent_id; /* of a division: the bureau when the population was taken */
	const char *code, *name, *name_en;
	/* what is printed: unique among its kind; where there is no English name, the other */
	const char *label, *label_en;
};
static inline const char *tk_unit_label(const struct tk_unit *u, enum tk_lang lang)
{
	return lang == TK_EN ? u->label_en : u->label;
}

enum tk_live_state { TK_LIVE_NOT_STARTED, TK_LIVE_DRAFT, TK_LIVE_SUBMITTED, TK_LIVE_SENT_BACK };
/* People who are the same to rules and tables. */
struct tk_live_kind {
	struct tk_subject who;
	struct tk_plane_key key;
	const char *asked_only;
};
struct tk_live_person {
	int64_t id; /* of the respondent; the list is sorted by it */
	uint32_t kind;
	uint8_t state; /* enum tk_live_state */
	bool left;     /* counts only if submitted */
};

struct tk_live {
	struct tk_plane *plane;
	const struct tk_form *form;
	int64_t campaign_id;
	bool panel; /* asks institutions */
	const struct tk_unit *bureau, *division, *post;
	size_t nbureau, ndivision, npost;
	/* respondents and their states, by division slot */
	struct tk_progress {
		int64_t population, submitted, draft, sent_back;
	} *progress, total;
	/* everybody, by the index of the plane */
	const struct tk_live_person *person;
	size_t nperson;
	const struct tk_live_kind *kind;
	size_t nkind;
	struct tk_live_shared *shared; /* NULL after tk_live_put */
};
/* Read-locks the current state for the caller until tk_live_put.  Asks no permission: who may see
 * what is the caller's to check. */
enum tk_rc tk_live_get(
	const struct tk_op *op, int64_t campaign_id, struct tk_live **ret) TK_MUST_USE;
void tk_live_put(struct tk_live *l); /* NULL and a second time are fine */
/* Call after the commit of a response (its packed answers and state as written).  Cheap. */
void tk_live_note(int64_t campaign_id, int64_t respondent_id, const char *state,
	const uint8_t *answers, size_t n);
/* Forgets a campaign (population changed, import): the next use loads it anew. */
void tk_live_forget(int64_t campaign_id);
void tk_live_forget_all(void);
size_t tk_live_bytes(void);
