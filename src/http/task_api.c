#include <string.h>
#include "base/clock.h"
#include "case/task.h"
#include "http/task_api.h"

/* What is finished stands below what is not, so all is gathered first. */
struct tasks { struct tk_arena *a; struct tk_task *v; size_t n, room; };

static void add(void *ctx, const struct tk_task *t)
{
	struct tasks *l = ctx;

	if (l->n == l->room) {
		struct tk_task *more = tk_alloc(l->a, (l->room * 2 + 64) * sizeof(*more));

		if (l->n)
			memcpy(more, l->v, l->n * sizeof(*more));
		l->v = more;
		l->room = l->room * 2 + 64;
	}
	l->v[l->n++] = *t;
}

static void print(struct tk_json *j, const struct tk_task *t, const char *today)
{
	tk_json_obj(j);
	tk_json_kstr(j, "kind", t->kind);
	tk_json_kid(j, "campaign_id", t->campaign_id);
	tk_json_kstr(j, "title", t->title);
	tk_json_kstr(j, "detail", t->detail);
	tk_json_kstr(j, "due", t->due);
	tk_json_kbool(j, "overdue", tk_task_is_late(t, today));
	tk_json_kint(j, "done", t->done);
	tk_json_kint(j, "total", t->total);
	tk_json_kstr(j, "href", t->href);
	tk_json_end_obj(j);
}

static enum tk_rc my_tasks(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tasks l = { .a = rq->mem };
	enum tk_rc rc = tk_tasks_each(&rq->op, add, &l);
	char today[11];

	if (rc != TK_OK)
		return rc;
	tk_date_iso(tk_today(), today);
	tk_json_obj(&j);
	for (int done = 0; done <= 1; done++) {
		tk_json_key(&j, done ? "done" : "tasks");
		tk_json_arr(&j);
		for (size_t i = 0; i < l.n; i++)
			if (l.v[i].finished == (done == 1))
				print(&j, &l.v[i], today);
		tk_json_end_arr(&j);
	}
	tk_json_end_obj(&j);
	return TK_OK;
}

const struct tk_route tk_task_routes[] = {
	{ "GET", "/api/v1/my/tasks", my_tasks, .perm = TK_P_SIGNED_IN,
	  .doc = "What the caller has to do" },
	{ 0 },
};
