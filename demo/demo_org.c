/* demo_org.c - the agency's units, posts, people and roles. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "demo/demo_in.h"
#include "org/org.h"
#include "org/roster.h"
#include "sheet/sheet.h"

#include "demo_data.inc"

enum { MAX_COL = 8, MAX_ROW = 200, NAMES = 60 };

struct table { const char *head[MAX_COL], *cell[MAX_ROW][MAX_COL]; size_t ncol, nrow; };

static enum tk_rc read_table(const struct tk_op *op, const char *csv, size_t n, struct table *t)
{
	struct tk_sheet *s = NULL;
	struct tk_row row;
	enum tk_rc rc = tk_sheet_open(&s, csv, n - 1, "demo.csv", op->e);

	memset(t, 0, sizeof(*t));
	while (rc == TK_OK && (rc = tk_sheet_next(s, &row, op->e)) == TK_OK && row.number) {
		for (size_t i = 0; i < row.n && i < MAX_COL; i++) {
			const char *text = tk_strdup(op->mem, row.cell[i].text);
			if (row.number == 1)
				t->head[t->ncol++] = text;
			else if (t->nrow < MAX_ROW)
				t->cell[t->nrow][i] = text;
		}
		t->nrow += row.number > 1 && t->nrow < MAX_ROW;
	}
	tk_sheet_close(s);
	return rc;
}

static const char *cell(const struct table *t, size_t row, const char *head)
{
	for (size_t i = 0; i < t->ncol; i++)
		if (!strcmp(t->head[i], head))
			return t->cell[row][i] ? t->cell[row][i] : "";
	return "";
}

/* Columns whose heading is a field of the type are taken over; bureau_code is looked up. */
static enum tk_rc insert_table(const struct tk_op *op, const struct tk_rtype *type,
			       const struct table *t)
{
	enum tk_rc rc = TK_OK;

	for (size_t r = 0; r < t->nrow && rc == TK_OK; r++) {
		void *rec = tk_alloc(op->mem, type->size);

		for (size_t c = 0; c < t->ncol && rc == TK_OK; c++) {
			const char *head =
				strcmp(t->head[c], "bureau_code") ? t->head[c] : "bureau_id";
			int i = tk_field_index(type, head);
			if (i >= 0)
				rc = tk_set_text(op, type, rec, (size_t)i,
						 t->cell[r][c] ? t->cell[r][c] : "");
		}
		if (rc == TK_OK && tk_field_index(type, "sort") >= 0 &&
		    tk_get_by(type, rec, "sort").type == TK_V_NULL)
			tk_set_by(type, rec, "sort", TK_I((int64_t)(r + 1) * 10));
		if (rc == TK_OK)
			rc = tk_rec_insert(op, type, rec);
	}
	return rc;
}

/* family and given names run through all pairs before one comes again */
static struct demo_name name_of(struct tk_arena *a, const struct table *t, size_t i)
{
	size_t f = i % NAMES, g = (i + i / NAMES) % NAMES;

	return (struct demo_name){
		tk_sprintf(a, "%s %s", cell(t, f, "family"), cell(t, g, "given")),
		tk_sprintf(a, "%s %s", cell(t, f, "family_kana"), cell(t, g, "given_kana"))
	};
}

enum tk_rc demo_names(const struct tk_op *op, struct demo_name *v, size_t n)
{
	struct table *t = tk_alloc(op->mem, sizeof(*t));
	enum tk_rc rc = read_table(op, demo_names_csv, sizeof(demo_names_csv), t);

	for (size_t i = 0; i < n && rc == TK_OK; i++)
		v[i] = name_of(op->mem, t, i);
	return rc;
}

/* -- people ------------------------------------------------------------------------------------ */
struct build {
	struct tk_arena *a;
	struct table bureau, division, name;
	struct tk_buf csv;
	unsigned n, staff;
};

static void add_person(struct build *b, size_t division, const char *post)
{
	unsigned i = b->n++;
	struct demo_name who = name_of(b->a, &b->name, i);
	size_t bureau = 0;
	const char *code = cell(&b->division, division, "bureau_code");

	while (bureau + 1 < b->bureau.nrow && strcmp(cell(&b->bureau, bureau, "code"), code) != 0)
		bureau++;
	tk_buf_fmt(&b->csv, "%u,%s,%s,%s,%s,%s,s%u@mihon.example,%u-%02u-01\n", 10001 + i,
		   who.name, who.kana, cell(&b->bureau, bureau, "name"),
		   cell(&b->division, division, "name"), post, 10001 + i, 1988 + i % 22,
		   1 + i % 12);
}

static bool is_office(const struct table *t, size_t d)
{
	const char *name = cell(t, d, "name");
	size_t n = strlen(name), m = strlen("室");

	return n > m && !strcmp(name + n - m, "室");
}

static bool general_affairs(const struct table *t, size_t d)
{
	return !strcmp(cell(t, d, "name"), "総務課");
}

/* The posts that exist once, then the heads, then a pyramid of the rest. */
static void add_leaders(struct build *b)
{
	for (size_t d = 0; d < b->division.nrow; d++) {
		bool first = general_affairs(&b->division, d) &&
			     (d == 0 || strcmp(cell(&b->division, d, "bureau_code"),
					       cell(&b->division, d - 1, "bureau_code")) != 0);

		if (d == 0) {
			add_person(b, d, "長官");
			add_person(b, d, "総括審議官");
		}
		if (first)
			add_person(b, d,
				   strstr(cell(&b->division, d, "code"), "D04") ||
						   strstr(cell(&b->division, d, "code"), "D05")
					   ? "事務局長"
					   : "局長");
		add_person(b, d, is_office(&b->division, d) ? "室長" : "課長");
		add_person(b, d, "総務担当係長");
		if (!strcmp(cell(&b->division, d, "owns_system"), "1"))
			add_person(b, d, "システム担当係長");
		if (!strcmp(cell(&b->division, d, "name"), "政策課"))
			add_person(b, d, "情報セキュリティ担当補佐");
	}
}

static void add_others(struct build *b)
{
	static const char *const post[] = { "係員", "主任",   "係長", "係員", "課長補佐", "係員",
					    "主任", "専門官", "係員", "主任", "企画官" };

	for (unsigned k = 0; b->n < b->staff; k++)
		add_person(b, k % b->division.nrow, post[(k / b->division.nrow) % TK_LEN(post)]);
}

static enum tk_rc load_staff(struct demo *d, struct build *b)
{
	struct tk_roster_opt opt = { .base_date = "2010-04-01" };
	struct tk_roster *r;
	enum tk_rc rc;

	b->a = tk_arena_new(512 << 20);
	b->csv = TK_BUF(256 << 20);
	b->staff = d->staff;
	tk_buf_str(&b->csv, "職員番号,氏名,フリガナ,局等,課室,役職,メールアドレス,採用年月日\n");
	add_leaders(b);
	add_others(b);
	rc = tk_roster_import(d->op, b->csv.p, b->csv.len, "職員名簿.csv", &opt, false, &r);
	tk_buf_drop(&b->csv);
	tk_arena_free(b->a);
	if (rc == TK_OK && !tk_roster_report(r)->written)
		return tk_fail(d->op->e, TK_EINTERNAL, NULL, "%s",
			       tk_roster_report(r)->nproblem
				       ? tk_roster_report(r)->problem[0].message
				       : "roster");
	return rc;
}

/* -- roles (ORG-02 ... ORG-10) ----------------------------------------------------------------- */
static enum tk_rc find_post(const struct tk_op *op, const char *name, int64_t *ret)
{

	return tk_db_int(op->db, op->e, "SELECT id FROM post WHERE name = $1", TK_ARGS(TK_S(name)),
			 0, ret);
}

static enum tk_rc holder(const struct tk_op *op, const char *role, const char *kind, int64_t post,
			 int64_t staff, int64_t division, const char *outside, const char *note)
{
	struct tk_role_holder h = { 0 };
	const struct tk_rtype *t = &tk_role_holder;

	tk_set_by(t, &h, "role", TK_S(role));
	tk_set_by(t, &h, "holder_kind", TK_S(kind));
	tk_set_by(t, &h, "post_id", TK_I0(post));
	tk_set_by(t, &h, "staff_id", TK_I0(staff));
	tk_set_by(t, &h, "division_id", TK_I0(division));
	tk_set_by(t, &h, "outside_name", TK_S(outside));
	tk_set_by(t, &h, "from_on", TK_S("2010-04-01"));
	tk_set_by(t, &h, "note", TK_S(note));
	return tk_rec_insert(op, t, &h);
}

static enum tk_rc roles(const struct tk_op *op)
{
	int64_t chief = 0, head = 0, general = 0, aide = 0;
	enum tk_rc rc = find_post(op, "総括審議官", &chief);

	if (rc == TK_OK)
		rc = find_post(op, "課長", &head);
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e, "SELECT id FROM division WHERE code = 'D0101'", NULL,
			       0, 0, &general);
	if (rc == TK_OK)
		rc = tk_db_int(op->db, op->e,
			       "SELECT s.id FROM staff s JOIN post p ON p.id = s.post_id WHERE "
			       "p.name = '情報セキュリティ担当補佐'",
			       NULL, 0, 0, &aide);
	if (rc == TK_OK)
		rc = holder(op, "role_ciso", "post", chief, 0, 0, NULL, NULL);
	if (rc == TK_OK)
		rc = holder(op, "role_general_officer", "post", chief, 0, 0, NULL, NULL);
	if (rc == TK_OK)
		rc = holder(op, "role_deputy_general_officer", "post", head, 0, general, NULL,
			    NULL);
	if (rc == TK_OK)
		rc = holder(op, "role_audit_head", "nominee", 0, aide, 0, NULL, NULL);
	if (rc == TK_OK)
		rc = holder(op, "role_adviser", "outside", 0, 0, 0, "見本 助言者（架空）", NULL);
	return rc;
}

static enum tk_rc units(const struct tk_op *op, struct build *b)
{
	struct table *post = tk_alloc(op->mem, sizeof(*post)),
		     *title = tk_alloc(op->mem, sizeof(*title));
	enum tk_rc rc = read_table(op, demo_posts, sizeof(demo_posts), post);

	if (rc == TK_OK)
		rc = read_table(op, demo_role_titles, sizeof(demo_role_titles), title);
	if (rc == TK_OK)
		rc = insert_table(op, &tk_bureau, &b->bureau);
	if (rc == TK_OK)
		rc = insert_table(op, &tk_division, &b->division);
	if (rc == TK_OK)
		rc = insert_table(op, &tk_post, post);
	if (rc == TK_OK)
		rc = insert_table(op, &tk_role_title, title);
	return rc;
}

enum tk_rc demo_org(struct demo *d)
{
	const struct tk_op *op = d->op;
	struct build *b = tk_alloc(op->mem, sizeof(*b));
	enum tk_rc rc = read_table(op, demo_bureaus, sizeof(demo_bureaus), &b->bureau);

	if (rc == TK_OK)
		rc = read_table(op, demo_divisions, sizeof(demo_divisions), &b->division);
	if (rc == TK_OK)
		rc = read_table(op, demo_names_csv, sizeof(demo_names_csv), &b->name);
	if (rc == TK_OK)
		rc = tk_db_begin(op->db, op->e);
	if (rc != TK_OK)
		return rc;
	rc = units(op, b);
	if (rc == TK_OK)
		rc = tk_db_commit(op->db, op->e);
	if (rc == TK_OK)
		rc = load_staff(d, b);
	if (rc == TK_OK)
		rc = tk_db_begin(op->db, op->e);
	if (rc == TK_OK)
		rc = roles(op);
	if (rc == TK_OK)
		return tk_db_commit(op->db, op->e);
	tk_db_rollback(op->db);
	return rc;
}
