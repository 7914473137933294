/* task.h - what a person has to do: the first page of every user, and the daily mail.
 *
 * Each module that gives people work has a source; the sources are set once at start and asked for
 * one person at a time (op->who).  The same list is the page "my tasks", the calendar feed and the
 * digest mail, so that none of them knows more than the other.  Any thread with its own tk_op.
 */
#pragma once
#include "record/record.h"

struct tk_task {
	const char *kind;               /* "answer", "case", "confirm" ...: a chip on the page;
					 * "waiting": somebody else is to act, never late */
	const char *title, *detail;     /* in the reader's language */
	const char *due;                /* ISO date or NULL */
	const char *href;               /* "#/records/exceptions/17" */
	int64_t     campaign_id;        /* 0: none */
	int64_t     done, total;        /* progress; total 0: none */
	bool        finished;           /* stands under "done" */
	/* for the daily mail: from how many days before it is due (0: on the day), and what tells
	 * it from an earlier task with the same href (NULL: nothing), such as the state */
	unsigned    remind_before;
	const char *step;
};
typedef void (*tk_task_fn)(void *ctx, const struct tk_task *t);
typedef enum tk_rc (*tk_task_source)(const struct tk_op *op, tk_task_fn add, void *ctx);

void tk_task_sources_set(const tk_task_source *source, size_t n);
/* Everything of the person op->who, in the order of the sources; texts live in op->mem. */
enum tk_rc tk_tasks_each(const struct tk_op *op, tk_task_fn add, void *ctx) TK_MUST_USE;
/* Is it overdue on that day (ISO)?  What waits for somebody else, or is finished, is not. */
bool tk_task_is_late(const struct tk_task *t, const char *today);
/* Source: open cases with a life, at most 50 of a kind and then "N more" with the list.
 *
 * First those of which the person is owner or deputy, then what the person has asked for (kind
 * "waiting" while nobody but others can move it), then what waits for a move that this person may
 * make by permission and unit.  A case waits for the first move that its type's table names for the
 * state, and for those that lead on to a later state that is not closed; not for being sent back or
 * broken off.  A move that owner or requester may make (TK_CASE_OWNER, TK_CASE_REQUESTER) is theirs
 * when one is named. */
enum tk_rc tk_case_tasks(const struct tk_op *op, tk_task_fn add, void *ctx) TK_MUST_USE;
