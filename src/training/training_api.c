/* training_api.c - the list of a session, its file, the non-attendees of a course. */
#include <cjson/cJSON.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "record/report.h"
#include "sheet/sheet.h"
#include "training/training_api.h"
#include "training/training_in.h"

static const char *state_label(const char *id, enum tk_lang lang)
{
	for (const struct tk_choice *c = tk_attendance_state; c->id; c++)
		if (!strcmp(c->id, id))
			return tk_tr(lang, c->label);
	return "";
}

/* -- the list of a session --------------------------------------------------------------------- */
struct list {
	struct tk_json j;
	enum tk_lang lang;
};

static enum tk_rc list_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct list *l = ctx;

	(void)n;
	tk_json_obj(&l->j);
	tk_json_kid(&l->j, "staff_id", col[0].i);
	tk_json_kstr(&l->j, "staff_number", col[1].s);
	tk_json_kstr(&l->j, "name", col[2].s);
	tk_json_kstr(&l->j, "division", col[3].s);
	tk_json_kstr(&l->j, "state", col[4].s);
	tk_json_kstr(&l->j, "state_label", state_label(col[4].s, l->lang));
	tk_json_kstr(&l->j, "how", col[5].s);
	tk_json_end_obj(&l->j);
	return TK_OK;
}

static enum tk_rc list_reply(struct tk_req *rq, int64_t id)
{
	struct list l = { TK_JSON(&rq->out), rq->who.lang };
	struct session s = { 0 };
	enum tk_rc rc = tk_rec_load(&rq->op, &tk_session_type, id, &s);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&l.j);
	tk_json_kid(&l.j, "id", s.rec.id);
	tk_json_kstr(&l.j, "title", s.title);
	tk_json_kstr(&l.j, "state", s.state);
	tk_json_kstr(&l.j, "held_on", s.held_on);
	tk_json_kstr(&l.j, "from", s.from_time);
	tk_json_kstr(&l.j, "to", s.to_time);
	tk_json_kstr(&l.j, "place", s.place);
	tk_json_kint(&l.j, "capacity", s.capacity);
	tk_json_kstr(&l.j, "code", s.attend_code);
	tk_json_key(&l.j, "items");
	tk_json_arr(&l.j);
	rc = tk_db_run(rq->db, &rq->err,
		       "SELECT p.id, p.staff_number, p.name, d.name, a.state, a.how FROM "
		       "attendance a JOIN staff p ON p.id = a.staff_id JOIN division d ON d.id = "
		       "p.division_id WHERE a.session_id = $1 AND a.deleted_at IS NULL ORDER BY "
		       "d.sort, d.id, p.staff_number COLLATE \"C\"",
		       TK_ARGS(TK_I(id)), list_row, &l);
	tk_json_end_arr(&l.j);
	tk_json_end_obj(&l.j);
	if (rc != TK_OK)
		tk_buf_clear(&rq->out);
	return rc;
}

static enum tk_rc list_get(struct tk_req *rq)
{
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	return rc == TK_OK ? list_reply(rq, id) : rc;
}

static enum tk_rc staff_by_number(const struct tk_op *op, const char *number, int64_t *ret)
{
	enum tk_rc rc =
		tk_db_int(op->db, op->e,
			  "SELECT id FROM staff WHERE staff_number = $1 AND deleted_at IS "
			  "NULL",
			  TK_ARGS(TK_S(tk_unblank(op->mem, tk_narrow(op->mem, number)))), 0, ret);

	if (rc == TK_OK && !*ret)
		rc = tk_fail(op->e, TK_EINVAL, "staff_number",
			     N_("There is no member of the staff with the number %.40s."), number);
	return rc;
}

static const char *const tick_keys[] = { "staff_id", "staff_number", "state", NULL };

static enum tk_rc one_tick(struct tk_req *rq, int64_t session, const cJSON *o)
{
	const char *number = NULL, *state = "attended";
	int64_t staff = 0;
	enum tk_rc rc;

	if ((rc = tk_json_only(o, tick_keys, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_id(o, "staff_id", &staff, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(o, "staff_number", &number, &rq->err)) != TK_OK ||
	    (rc = tk_json_get_str(o, "state", &state, &rq->err)) != TK_OK)
		return rc;
	if (!staff && !number)
		return tk_fail(&rq->err, TK_EINVAL, "staff_number", N_("Say who it is."));
	if (!staff && (rc = staff_by_number(&rq->op, number, &staff)) != TK_OK)
		return rc;
	return tk_attendance_set(&rq->op, session, 0, staff, state, "list");
}

static const char *const list_keys[] = { "items", NULL };

/* {"items":[{"staff_id" or "staff_number", "state"}]}: all or none. */
static enum tk_rc list_set(struct tk_req *rq)
{
	const cJSON *items, *o;
	int64_t id;
	struct session s = { 0 };
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	if (rc == TK_OK)
		rc = tk_rec_load(&rq->op, &tk_session_type, id, &s);
	if (rc == TK_OK)
		rc = tk_json_only(rq->json, list_keys, &rq->err);
	items = cJSON_GetObjectItemCaseSensitive(rq->json, "items");
	if (rc == TK_OK && !cJSON_IsArray(items))
		rc = tk_fail(&rq->err, TK_EINVAL, "items", N_("The list is missing."));
	cJSON_ArrayForEach(o, items) if (rc == TK_OK) rc = one_tick(rq, id, o);
	return rc == TK_OK ? list_reply(rq, id) : rc;
}

/* -- the file of a session ----------------------------------------------------------------------
 */
enum { NUMBER, STATE, NCOL };
static const char *const heading[NCOL][5] = {
	{ "職員番号", "staff_number", "Staff number", "番号", NULL },
	{ "出欠", "state", "State", "受講状況", NULL },
};

static int column_of(const struct tk_op *op, const struct tk_row *row, int what)
{
	for (size_t i = 0; i < row->n; i++)
		for (const char *const *h = heading[what]; *h; h++)
			if (!strcmp(tk_unblank(op->mem, tk_narrow(op->mem, row->cell[i].text)),
				    tk_unblank(op->mem, *h)))
				return (int)i;
	return -1;
}

/* "出席", "受講", a tick or nothing is attended; "欠席" is absent. */
static const char *state_of(const struct tk_op *op, const char *text)
{
	static const struct {
		const char *word, *state;
	} word[] = {
		{ "", "attended" },         { "出席", "attended" }, { "受講", "attended" },
		{ "○", "attended" },        { "1", "attended" },    { "attended", "attended" },
		{ "Attended", "attended" }, { "欠席", "absent" },   { "×", "absent" },
		{ "0", "absent" },          { "absent", "absent" }, { "Absent", "absent" },
	};
	const char *s = tk_squeeze(op->mem, text);

	for (size_t i = 0; i < TK_LEN(word); i++)
		if (!strcmp(word[i].word, s))
			return word[i].state;
	return NULL;
}

struct file {
	struct tk_report *rep;
	int64_t session;
	int col[NCOL];
	bool dry;
};

static enum tk_rc file_row(struct tk_req *rq, struct file *f, const struct tk_row *row)
{
	const char *number = tk_row_text(row, (size_t)f->col[NUMBER]),
		   *word = f->col[STATE] < 0 ? "" : tk_row_text(row, (size_t)f->col[STATE]),
		   *state = state_of(&rq->op, word);
	struct tk_report_pair who = { "staff_number", number };
	int64_t staff = 0, there = 0;
	enum tk_rc rc;

	if (tk_is_blank(number))
		return TK_OK;
	f->rep->rows++;
	rc = staff_by_number(&rq->op, number, &staff);
	if (rc == TK_OK && !state)
		rc = tk_fail(&rq->err, TK_EINVAL, "state",
			     N_("\"%.40s\": write attended or absent."), word);
	if (rc == TK_OK)
		rc = tk_db_int(rq->db, &rq->err,
			       "SELECT CASE WHEN state = $3 THEN 2 ELSE 1 END FROM attendance "
			       "WHERE session_id = $1 AND staff_id = $2 AND deleted_at IS NULL",
			       TK_ARGS(TK_I(f->session), TK_I(staff), TK_S(state)), 0, &there);
	if (rc == TK_OK && there < 2)
		rc = tk_attendance_set(&rq->op, f->session, 0, staff, state, "csv");
	if (rc == TK_EINVAL || rc == TK_ECONFLICT) {
		tk_report_err(
			f->rep, row->number,
			f->col[!strcmp(rq->err.field, "state") && f->col[STATE] >= 0 ? STATE
										     : NUMBER],
			number, &rq->err);
		return TK_OK;
	}
	if (rc == TK_OK)
		tk_report_entry(f->rep,
				there == 2   ? TK_REP_UNCHANGED
				: there == 1 ? TK_REP_CHANGED
					     : TK_REP_ADDED,
				&who, 1, NULL, 0);
	return rc;
}

static enum tk_rc read_rows(struct tk_req *rq, struct file *f, struct tk_sheet *s)
{
	struct tk_row row;
	enum tk_rc rc = tk_sheet_next(s, &row, &rq->err);

	if (rc == TK_OK && row.number) {
		f->col[NUMBER] = column_of(&rq->op, &row, NUMBER);
		f->col[STATE] = column_of(&rq->op, &row, STATE);
	}
	if (rc == TK_OK && (!row.number || f->col[NUMBER] < 0))
		return tk_fail(&rq->err, TK_EINVAL, "staff_number",
			       N_("The file has no column \"Staff number\" in its first row."));
	while (rc == TK_OK && (rc = tk_sheet_next(s, &row, &rq->err)) == TK_OK && row.number)
		rc = file_row(rq, f, &row);
	return rc;
}

/* Everything is tried in a savepoint and taken back on a dry run or with a single error. */
static enum tk_rc list_file(struct tk_req *rq)
{
	const char *name = tk_req_query(rq, "name");
	struct file f = { .rep = tk_report_new(rq->mem), .dry = tk_req_flag(rq, "dry_run") };
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_sheet *s = NULL;
	struct session se = { 0 };
	enum tk_rc rc = tk_req_id(rq, 0, &f.session);

	if (rc == TK_OK)
		rc = tk_rec_load(&rq->op, &tk_session_type, f.session, &se);
	if (rc == TK_OK)
		rc = tk_sheet_open(&s, rq->body, rq->nbody, name ? name : "list", &rq->err);
	if (rc == TK_OK)
		rc = tk_db_save(rq->db, &rq->err);
	if (rc == TK_OK)
		rc = read_rows(rq, &f, s);
	tk_sheet_close(s);
	if (rc != TK_OK)
		return rc;
	f.rep->written = f.rep->accepted && !f.dry;
	rc = f.rep->written ? tk_db_release(rq->db, &rq->err) : tk_db_undo(rq->db, &rq->err);
	if (rc != TK_OK)
		return rc;
	tk_report_json(&j, f.rep);
	if (f.dry || f.rep->written)
		return TK_OK;
	rq->keep_body_on_error = true;
	return tk_fail(&rq->err, TK_EINVAL, NULL, N_("The file has errors; nothing was written."));
}

/* -- non-attendees ------------------------------------------------------------------------------
 */
struct due {
	struct tk_json j;
	int64_t audience, attended;
};

static enum tk_rc due_json(void *ctx, const struct tk_person_due *p)
{
	struct due *d = ctx;

	d->audience++;
	d->attended += p->attended;
	if (p->attended)
		return TK_OK;
	tk_json_obj(&d->j);
	tk_json_kid(&d->j, "staff_id", p->staff_id);
	tk_json_kstr(&d->j, "staff_number", p->number);
	tk_json_kstr(&d->j, "name", p->name);
	tk_json_kid(&d->j, "division_id", p->division_id);
	tk_json_kstr(&d->j, "division", p->division);
	tk_json_kstr(&d->j, "recommended_on", p->recommended_on);
	tk_json_kint(&d->j, "recommended", p->recommended);
	tk_json_kbool(&d->j, "mail", p->mail != NULL);
	tk_json_end_obj(&d->j);
	return TK_OK;
}

static enum tk_rc division_of(struct tk_req *rq, int64_t *ret)
{
	const char *s = tk_req_query(rq, "division_id");

	*ret = 0;
	if (s && *s && (!tk_parse_int(s, ret) || *ret <= 0))
		return tk_fail(&rq->err, TK_EINVAL, "division_id",
			       N_("division_id must be the id of a division."));
	return TK_OK;
}

static enum tk_rc due_reply(struct tk_req *rq, const struct course *c, int64_t division,
			    int64_t made)
{
	struct due d = { .j = TK_JSON(&rq->out) };
	enum tk_rc rc;

	tk_json_obj(&d.j);
	tk_json_kid(&d.j, "id", c->rec.id);
	tk_json_kstr(&d.j, "title", c->title);
	tk_json_kint(&d.j, "year", c->fiscal_year);
	if (made >= 0)
		tk_json_kint(&d.j, "recommended", made);
	tk_json_key(&d.j, "items");
	tk_json_arr(&d.j);
	rc = tk_course_audience(&rq->op, c, division, due_json, &d);
	tk_json_end_arr(&d.j);
	tk_json_kint(&d.j, "audience", d.audience);
	tk_json_kint(&d.j, "attended", d.attended);
	tk_json_end_obj(&d.j);
	if (rc != TK_OK)
		tk_buf_clear(&rq->out);
	return rc;
}

static enum tk_rc course_of(struct tk_req *rq, struct course *c)
{
	int64_t id;
	enum tk_rc rc = tk_req_id(rq, 0, &id);

	return rc == TK_OK ? tk_rec_load(&rq->op, &tk_course_type, id, c) : rc;
}

static enum tk_rc due_get(struct tk_req *rq)
{
	struct course c = { 0 };
	int64_t division;
	enum tk_rc rc = course_of(rq, &c);

	if (rc == TK_OK)
		rc = division_of(rq, &division);
	return rc == TK_OK ? due_reply(rq, &c, division, -1) : rc;
}

static const char *const recommend_keys[] = { "staff_ids", "note", NULL };

/* {"staff_ids":[...]}: the persons chosen on the page; each gets a record and a mail. */
static enum tk_rc recommend(struct tk_req *rq)
{
	const char *note = NULL;
	const cJSON *ids, *i;
	struct course c = { 0 };
	int64_t made = 0;
	enum tk_rc rc = course_of(rq, &c);

	if (rc == TK_OK)
		rc = tk_json_only(rq->json, recommend_keys, &rq->err);
	if (rc == TK_OK)
		rc = tk_json_get_str(rq->json, "note", &note, &rq->err);
	ids = cJSON_GetObjectItemCaseSensitive(rq->json, "staff_ids");
	if (rc == TK_OK && (!cJSON_IsArray(ids) || !cJSON_GetArraySize(ids)))
		rc = tk_fail(&rq->err, TK_EINVAL, "staff_ids", N_("Choose at least one person."));
	cJSON_ArrayForEach(i, ids)
	{
		int64_t id = 0;

		if (rc != TK_OK)
			break;
		if (!cJSON_IsString(i) || !tk_parse_int(i->valuestring, &id) || id <= 0)
			return tk_fail(&rq->err, TK_EINVAL, "staff_ids",
				       N_("staff_ids must be a list of ids."));
		rc = tk_recommend(&rq->op, &c, id, note);
		made++;
	}
	return rc == TK_OK ? due_reply(rq, &c, 0, made) : rc;
}

const struct tk_route tk_training_routes[] = {
	{ "GET", "/api/v1/my/courses", tk_my_courses, .perm = TK_P_EDU_READ,
	  .doc = "What is open to the caller, and what the caller has attended" },
	{ "POST", "/api/v1/my/sessions/{id}/enrol", tk_my_enrol, .perm = TK_P_EDU_READ,
	  .flags = TK_R_TX, .doc = "Enrol in a session, or in its waiting list when it is full" },
	{ "POST", "/api/v1/my/sessions/{id}/cancel", tk_my_cancel, .perm = TK_P_EDU_READ,
	  .flags = TK_R_TX, .doc = "Cancel; the first of the waiting list gets the place" },
	{ "POST", "/api/v1/my/attend", tk_my_attend, .perm = TK_P_EDU_READ, .flags = TK_R_TX,
	  .doc = "Attend today's session with the code shown there" },
	{ "GET", "/api/v1/my/courses/{id}/test", tk_my_test, .perm = TK_P_EDU_READ,
	  .doc = "The questions of a course's test, without the answers" },
	{ "POST", "/api/v1/my/courses/{id}/test", tk_my_test_answer, .perm = TK_P_EDU_READ,
	  .flags = TK_R_TX, .doc = "Answer the test; who passes has attended" },
	{ "GET", "/api/v1/my/certificates/{id}", tk_my_certificate, .perm = TK_P_EDU_READ,
	  .doc = "Certificate of attendance as a page to print" },
	{ "GET", "/api/v1/sessions/{id}/attendance", list_get, .perm = TK_P_EDU_WRITE,
	  .doc = "The list of a session, with its code" },
	{ "POST", "/api/v1/sessions/{id}/attendance", list_set, .perm = TK_P_EDU_WRITE,
	  .flags = TK_R_TX, .max_body = 1 << 20, .max_mem = 64 << 20, .doc = "Tick who attended" },
	{ "POST", "/api/v1/sessions/{id}/attendance/import", list_file, .perm = TK_P_EDU_WRITE,
	  .flags = TK_R_TX | TK_R_RAW, .max_body = 8 << 20, .max_mem = 256 << 20,
	  .query = "name dry_run", .doc = "The list of a session from a file (CSV, XLSX)" },
	{ "GET", "/api/v1/courses/{id}/non-attendees", due_get, .perm = TK_P_EDU_RECOMMEND,
	  .query = "division_id", .max_mem = 64 << 20,
	  .doc = "Who of the audience has not attended, as far as the caller may see" },
	{ "POST", "/api/v1/courses/{id}/recommend", recommend, .perm = TK_P_EDU_RECOMMEND,
	  .flags = TK_R_TX, .max_body = 1 << 20, .max_mem = 64 << 20,
	  .doc = "Recommend attendance to chosen persons, each with a mail" },
	{ 0 },
};
