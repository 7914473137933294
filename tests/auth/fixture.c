#include <stdio.h>
#include <string.h>
#include "auth/user.h"
#include "fixture.h"
#include "record/org_types.h"

/* As much of the organisation's types as references to them need. */
struct unit { struct tk_rec r; const char *code; };
static const struct tk_field unit_field[] = { TK_TEXT(struct unit, code, .label = "Code") };
#define UNIT(n, p)                                                                                 \
	{                                                                                          \
		.name = n, .path = p, .table = n, .label = n, .label_plural = p,                   \
		.group = "organisation", .size = sizeof(struct unit), .field = unit_field,         \
		.nfield = TK_LEN(unit_field), .title = "code"                                      \
	}
const struct tk_rtype tk_bureau = UNIT("bureau", "bureaus"),
		      tk_division = UNIT("division", "divisions"), tk_post = UNIT("post", "posts"),
		      tk_staff = UNIT("staff", "staff"), tk_sector = UNIT("sector", "sectors"),
		      tk_institution = UNIT("institution", "institutions"),
		      tk_contact = UNIT("contact", "contacts");

void fix_exec(struct fix *f, const char *sql)
{
	OK(f->t, tk_db_script(f->t->db, sql, &f->t->e));
}

void fix_up(struct fix *f, struct testdb *t)
{
	*f = (struct fix){ .t = t, .who = tk_who_system("test", "test", TK_EN) };
	f->op = (struct tk_op){ t->db, t->mem, &f->who, &t->e };
	fix_exec(f, "INSERT INTO bureau(id, version, code, name, name_en, sort) "
		    "VALUES(1,1,'B1','総務局','General',1),(2,1,'B2','調査局','Research',2)");
	fix_exec(
		f,
		"INSERT INTO division(id, version, bureau_id, code, name, sort, owns_system) VALUES"
		"(10,1,1,'D10','情報課',1,1),(11,1,1,'D11','総務課',2,0),(20,1,2,'D20','調査課',3,"
		"0)");
	fix_exec(f, "INSERT INTO post(id, version, code, name, name_en, rank, is_head) "
		    "VALUES(1,1,'P1','課長','Director',1,1),(2,1,'P2','係員','Officer',9,0)");
	fix_exec(f, "INSERT INTO staff(id, version, staff_number, name, kana, mail, division_id, "
		    "post_id, left_on) VALUES"
		    "(100,1,'A100','模擬 一郎','モギ "
		    "イチロウ','a100@example.jp',10,1,NULL),(101,1,'101','模擬 "
		    "二郎',NULL,NULL,10,2,NULL),"
		    "(110,1,'110','模擬 三郎',NULL,NULL,11,1,NULL),(111,1,'111','模擬 "
		    "四郎',NULL,'a111@example.jp',11,2,NULL),"
		    "(200,1,'200','模擬 五郎',NULL,NULL,20,2,NULL),(109,1,'109','模擬 "
		    "九郎',NULL,NULL,10,2,'2020-03-31')");
	tk_auth_forget_all();
}

int64_t fix_account(struct fix *f, const char *login, int64_t staff_id, const char *roles)
{
	int64_t id = 0;

	OK(f->t, tk_user_add(&f->op, login, "Account of a test", GOOD_PASSWORD, roles, NULL));
	OK(f->t, tk_account_by_login(&f->op, login, &id));
	if (staff_id)
		OK(f->t,
		   tk_db_exec(f->t->db, &f->t->e, "UPDATE account SET staff_id = $2 WHERE id = $1",
			      TK_I(id), TK_I(staff_id)));
	return id;
}

static const char *member(struct tk_arena *a, const char *body, const char *name)
{
	char *key = tk_sprintf(a, "\"%s\":\"", name);
	const char *p = strstr(body, key);

	return p ? tk_strndup(a, p + strlen(key), strcspn(p + strlen(key), "\"")) : NULL;
}

struct reply fix_call(struct fix *f, const char *method, const char *path, const char *body,
		      const char *cookie, const char *csrf)
{
	const struct tk_route *const tables[] = { tk_auth_routes, NULL };
	struct tk_req rq = {
		.mem = f->t->mem,
		.db = f->t->db,
		.method = method,
		.path = path,
		.peer = "127.0.0.1",
		.host = "localhost:8080",
		.body = body,
		.nbody = body ? strlen(body) : 0,
		.cookie = cookie,
		.csrf = csrf,
		.server = f->server,
		.who = { .source = "127.0.0.1", .lang = TK_EN },
		.err = { .lang = TK_EN },
		.out = TK_BUF(4 << 20),
	};
	struct reply r = { 0 };

	tk_req_handle(&rq, tables, tk_auth);
	r.status = rq.status;
	r.body = tk_strdup(f->t->mem, tk_buf_cstr(&rq.out));
	for (size_t i = 0; i < rq.nheader; i++) {
		if (strcmp(rq.header[i].name, "Set-Cookie") != 0)
			continue;
		r.set_cookie = rq.header[i].value;
		r.cookie = tk_strndup(f->t->mem, r.set_cookie, strcspn(r.set_cookie, ";"));
	}
	r.csrf = member(f->t->mem, r.body, "csrf");
	tk_req_drop(&rq);
	return r;
}

struct reply fix_sign_in(struct fix *f, const char *login, const char *password)
{
	return fix_call(
		f, "POST", "/api/v1/session",
		tk_sprintf(f->t->mem, "{\"login\":\"%s\",\"password\":\"%s\"}", login, password),
		NULL, NULL);
}
