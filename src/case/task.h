/* task.h - what a person has to do: the first page of every user, and the daily mail.
 *
 * Each module that gives people work has a source; the sources are set once at start and asked for
 * one person at a time (op->who).  The same list is the page "my tasks", the calendar feed and the
 * digest mail, so that none of them knows more than the other.  Any thread with its own tk_op.
 */
#pragma once
#include "record/record.h"

struct tk_task {
	const char *kind;               /* "answer", "case", "confirm" ...: a chip on the page */
	const char *title, *detail;     /* in the reader's language */
	const char *due;                /* ISO date or NULL */
	const char *href;               /* "#/records/exceptions/17" */
	int64_t     campaign_id;        /* 0: none */
	int64_t     done, total;        /* progress; total 0: none */
	bool        finished;           /* stands under "done" */
};
typedef void (*tk_task_fn)(void *ctx, const struct tk_task *t);
typedef enum tk_rc (*tk_task_source)(const struct tk_op *op, tk_task_fn add, void *ctx);

void tk_task_sources_set(const tk_task_source *source, size_t n);
/* Everything of the person op->who, in the order of the sources; texts live in op->mem. */
enum tk_rc tk_tasks_each(const struct tk_op *op, tk_task_fn add, void *ctx) TK_MUST_USE;
/* Source: open cases with a life, of which the person is owner or deputy, or which wait for a move
 * that this person may make. */
enum tk_rc tk_case_tasks(const struct tk_op *op, tk_task_fn add, void *ctx) TK_MUST_USE;
