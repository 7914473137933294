#include <string.h>
#include "thing.h"

int thing_checks, thing_saves;

static const struct tk_field unit_field[] = {
	TK_TEXT(struct unit, code, .label = "Code", .flags = TK_REQUIRED | TK_UNIQUE),
	TK_TEXT(struct unit, name, .label = "Name", .flags = TK_REQUIRED),
};
const struct tk_rtype unit_type = {
	.name = "unit", .path = "units", .table = "unit", .label = "Unit", .label_plural = "Units",
	.group = "system", .size = sizeof(struct unit), .field = unit_field, .nfield = TK_LEN(unit_field),
	.title = "name", .order = "code", .read = TK_P_ORG_READ, .write = TK_P_ORG_WRITE,
};

static const struct tk_choice colours[] = { { "red", "Red" }, { "blue", "Blue" }, { 0 } };
static const char *const code_alias[] = { "番号", "No.", NULL };

static enum tk_rc no_seven(struct tk_err *e, const struct tk_field *f, struct tk_value v)
{
	return v.i == 7 ? tk_fail(e, TK_EINVAL, f->name, "Not seven.") : TK_OK;
}

static const struct tk_field thing_field[] = {
	TK_TEXT(struct thing, code, .label = "Code", .flags = TK_REQUIRED | TK_UNIQUE | TK_FIXED | TK_LIST | TK_SEARCH,
		.min = 1, .max = 12, .alias = code_alias),
	TK_TEXT(struct thing, name, .label = "Name of the thing", .flags = TK_REQUIRED | TK_LIST | TK_SEARCH),
	TK_TEXT(struct thing, kana, .label = "Reading", .flags = TK_SEARCH),
	TK_LONG(struct thing, note, .label = "Note"),
	TK_MAIL(struct thing, mail, .label = "Mail"),
	TK_DATE(struct thing, day, .label = "Day"),
	TK_ENUM(struct thing, colour, .label = "Colour", .choice = colours),
	TK_INT (struct thing, size, .label = "Size", .min = -10, .max = 1000, .check = no_seven),
	TK_BOOL(struct thing, ok, .label = "In order"),
	TK_TIME(struct thing, seen_at, .label = "Last seen", .flags = TK_READONLY | TK_NOAUDIT),
	TK_REF (struct thing, unit_id, .label = "Unit", .ref = &unit_type),
	TK_INT (struct thing, staff_id, .label = "Owner"),
	TK_TEXT(struct thing, password, .label = "Password", .flags = TK_SECRET),
};

static enum tk_rc check(const struct tk_op *op, const void *was, void *now, bool deleted)
{
	struct thing *x = now;

	(void)was;
	thing_checks++;
	if (deleted && x->size == 100)
		return tk_fail(op->e, TK_ECONFLICT, "size", "A hundred stays.");
	return TK_OK;
}

static enum tk_rc saved(const struct tk_op *op, const void *was, const void *now, bool deleted)
{
	(void)was;
	(void)deleted;
	thing_saves++;
	if (((const struct thing *)now)->size == 666)
		return tk_fail(op->e, TK_EINVAL, "size", "Not this one.");
	return TK_OK;
}

const struct tk_rtype thing_type = {
	.name = "thing", .path = "things", .table = "thing", .label = "Thing", .label_plural = "Things",
	.group = "system", .size = sizeof(struct thing), .field = thing_field, .nfield = TK_LEN(thing_field),
	.title = "name", .order = "kana", .read = TK_P_ORG_READ, .write = TK_P_ORG_WRITE,
	.scope_own = "staff_id", .scope_division = "unit_id", .grade = 2, .check = check, .saved = saved,
};

static const struct tk_rtype *const all[] = { &unit_type, &thing_type };

struct world world_of(struct testdb *t)
{
	struct world w = { .t = t };

	tk_rtypes_set(all, TK_LEN(all));
	OK(t, tk_db_script(t->db,
		"CREATE TABLE unit(id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,"
		" code TEXT NOT NULL, name TEXT NOT NULL);"
		"CREATE TABLE thing(id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT, code TEXT NOT NULL,"
		" name TEXT NOT NULL, kana TEXT, note TEXT, mail TEXT, day TEXT, colour TEXT, size BIGINT, ok SMALLINT NOT NULL,"
		" seen_at BIGINT, unit_id BIGINT REFERENCES unit(id), staff_id BIGINT, password TEXT);"
		"CREATE UNIQUE INDEX thing_code ON thing(code) WHERE deleted_at IS NULL;"
		"CREATE UNIQUE INDEX thing_pair ON thing(name, day) WHERE deleted_at IS NULL;"
		"INSERT INTO bureau(id, version, code, name, sort) VALUES(1,1,'1','Bureau 1',1),(2,1,'2','Bureau 2',2);"
		"INSERT INTO division(id, version, bureau_id, code, name, sort, owns_system)"
		" VALUES(11,1,1,'11','Division 11',1,0),(12,1,1,'12','Division 12',2,0),(21,1,2,'21','Division 21',3,0);"
		"INSERT INTO unit(id, version, code, name) VALUES(11,1,'u11','総務課'),(12,1,'u12','企画課'),(21,1,'u21','監査課')",
		&t->e));
	w.who = tk_who_system("test", "here", TK_EN);
	w.op = (struct tk_op){ t->db, t->mem, NULL, &t->e };
	thing_checks = thing_saves = 0;
	return w;
}

struct thing *thing_new(struct world *w, const char *code, const char *name)
{
	struct thing *x = tk_alloc(w->t->mem, sizeof(*x));

	tk_set_by(&thing_type, x, "code", TK_S(tk_strdup(w->t->mem, code)));
	tk_set_by(&thing_type, x, "name", TK_S(tk_strdup(w->t->mem, name)));
	return x;
}
