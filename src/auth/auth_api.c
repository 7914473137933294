#include <stdio.h>
#include <string.h>
#include "auth/auth_api.h"
#include "auth/demo.h"
#include "auth/password.h"
#include "auth/reply.h"
#include "base/text.h"

/* -- the session's body ------------------------------------------------------------------------ */
enum tk_rc tk_organisation(const struct tk_op *op, enum tk_lang lang, const char **ret)
{
	struct tk_value v = TK_NULL;
	bool found;
	enum tk_rc rc = tk_db_first(
		op->db, op->mem, op->e,
		"SELECT value FROM setting WHERE name IN ('organisation', $1)"
		" ORDER BY LENGTH(name) DESC LIMIT 1",
		TK_ARGS(TK_S(lang == TK_EN ? "organisation_en" : "organisation")), &v, 1, &found);

	*ret = rc == TK_OK && found ? v.s : "";
	return rc;
}

static void staff_json(struct tk_json *j, const struct tk_person *p)
{
	tk_json_key(j, "staff");
	if (!p->staff_id) {
		tk_json_null(j);
		return;
	}
	tk_json_obj(j);
	tk_json_kid(j, "id", p->staff_id);
	tk_json_kstr(j, "staff_number", p->staff_number);
	tk_json_kstr(j, "name", p->name);
	tk_json_kid(j, "division_id", p->division_id);
	tk_json_kstr(j, "division", p->division);
	tk_json_kid(j, "bureau_id", p->bureau_id);
	tk_json_kstr(j, "bureau", p->bureau);
	tk_json_kstr(j, "post", p->post);
	tk_json_end_obj(j);
}

static void institution_json(struct tk_json *j, const struct tk_person *p)
{
	tk_json_key(j, "institution");
	if (!p->who.institution_id) {
		tk_json_null(j);
		return;
	}
	tk_json_obj(j);
	tk_json_kid(j, "id", p->who.institution_id);
	tk_json_kstr(j, "name", p->institution);
	tk_json_kbool(j, "coordinator", p->who.coordinator);
	tk_json_end_obj(j);
}

static void rights_json(struct tk_json *j, const struct tk_person *p, enum tk_lang lang)
{
	tk_json_key(j, "roles");
	tk_json_arr(j);
	for (enum tk_access r = 0; r < TK_ACCESS_MAX; r++) {
		if (!(p->roles >> r & 1))
			continue;
		tk_json_obj(j);
		tk_json_kstr(j, "code", tk_access_choice[r].id);
		tk_json_kstr(j, "label", tk_tr(lang, tk_access_choice[r].label));
		tk_json_end_obj(j);
	}
	tk_json_end_arr(j);
	tk_json_key(j, "can");
	tk_json_obj(j);
	for (enum tk_perm q = TK_P_SIGNED_IN + 1; q < TK_P_MAX; q++)
		if (p->who.scope[q] != TK_SCOPE_NONE)
			tk_json_kstr(j, tk_perm_code(q), tk_scope_code(p->who.scope[q]));
	tk_json_end_obj(j);
}

enum tk_rc tk_session_reply(struct tk_req *rq, const struct tk_person *p,
			    const struct tk_session *s)
{
	struct tk_json j = TK_JSON(&rq->out);
	const char *org;
	enum tk_lang lang = rq->who.lang;
	bool demo = false;
	enum tk_rc rc;

	if (p->lang && !tk_req_query(rq, "lang"))
		lang = tk_lang_of(p->lang);
	rq->who.lang = rq->err.lang = lang;
	if ((rc = tk_organisation(&rq->op, lang, &org)) != TK_OK ||
	    (rc = tk_demo_on(rq, &demo)) != TK_OK)
		return rc;
	if (s) {
		rq->who = p->who;
		rq->who.source = rq->peer;
		rq->who.lang = lang;
		rq->session_csrf = s->csrf;
		rq->session_digest = s->digest;
		tk_session_cookie(rq, s);
	}
	tk_json_obj(&j);
	tk_json_key(&j, "account");
	tk_json_obj(&j);
	tk_json_kid(&j, "id", p->who.account_id);
	tk_json_kstr(&j, "login", p->login);
	tk_json_kstr(&j, "name", p->name);
	tk_json_kstr(&j, "kana", p->kana);
	tk_json_end_obj(&j);
	staff_json(&j, p);
	institution_json(&j, p);
	rights_json(&j, p, lang);
	tk_json_kstr(&j, "lang", lang == TK_EN ? "en" : "ja");
	tk_json_kstr(&j, "csrf", rq->session_csrf);
	tk_json_kstr(&j, "organisation", org);
	tk_json_kbool(&j, "demo", demo);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc session_get(struct tk_req *rq)
{
	struct tk_person p;
	enum tk_rc rc = tk_person_load(&rq->op, rq->who.account_id, &p);

	return rc == TK_OK ? tk_session_reply(rq, &p, NULL) : rc;
}

/* -- password ---------------------------------------------------------------------------------- */

/* A text member that must be there. */
static enum tk_rc need(struct tk_req *rq, const char *name, const char **ret)
{
	enum tk_rc rc;

	*ret = NULL;
	if ((rc = tk_json_get_str(rq->json, name, ret, &rq->err)) != TK_OK)
		return rc;
	if (!*ret || !**ret)
		return tk_fail(&rq->err, TK_EINVAL, name, N_("\"%s\" is required."), name);
	return TK_OK;
}

static struct tk_sign_in *state_of(struct tk_req *rq)
{
	if (!rq->who.source)
		rq->who.source = rq->peer;
	if (!rq->state)
		rq->state = tk_alloc(rq->mem, sizeof(struct tk_sign_in));
	return rq->state;
}

static enum tk_rc sign_in_before(struct tk_req *rq)
{
	static const char *const keys[] = { "login", "password", NULL };
	const char *login, *password;
	enum tk_rc rc;

	if ((rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
	    (rc = need(rq, "login", &login)) != TK_OK ||
	    (rc = need(rq, "password", &password)) != TK_OK)
		return rc;
	return tk_sign_in_check(&rq->op, rq->peer, login, password, state_of(rq));
}

static enum tk_rc sign_in_run(struct tk_req *rq)
{
	struct tk_sign_in *s = state_of(rq);
	enum tk_rc rc = tk_sign_in_finish(&rq->op, rq->session_digest, s);

	if (rc != TK_OK)
		return rc;
	return s->in ? tk_session_reply(rq, &s->person, &s->session) : tk_req_refuse(rq);
}

static enum tk_rc change_before(struct tk_req *rq)
{
	static const char *const keys[] = { "old", "new", NULL };
	const char *old, *fresh;
	enum tk_rc rc;

	if ((rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
	    (rc = need(rq, "old", &old)) != TK_OK || (rc = need(rq, "new", &fresh)) != TK_OK)
		return rc;
	return tk_change_check(&rq->op, rq->peer, old, fresh, state_of(rq));
}

static enum tk_rc change_run(struct tk_req *rq)
{
	struct tk_sign_in *s = state_of(rq);
	enum tk_rc rc = tk_change_finish(&rq->op, rq->session_digest, s);

	if (rc != TK_OK)
		return rc;
	rq->status = 204;
	return s->in ? TK_OK : tk_req_refuse(rq);
}

static void forget_after(struct tk_req *rq)
{
	if (rq->session_digest)
		tk_auth_forget(rq->session_digest);
}

static enum tk_rc sign_out(struct tk_req *rq)
{
	enum tk_rc rc = tk_sign_out(&rq->op, rq->session_digest);

	rq->committed = forget_after;
	rq->status = 204;
	tk_session_cookie(rq, NULL);
	return rc;
}

static enum tk_rc set_lang(struct tk_req *rq)
{
	static const char *const keys[] = { "lang", NULL };
	const char *lang;
	enum tk_rc rc;

	if ((rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
	    (rc = need(rq, "lang", &lang)) != TK_OK)
		return rc;
	if (strcmp(lang, "ja") != 0 && strcmp(lang, "en") != 0)
		return tk_fail(&rq->err, TK_EINVAL, "lang", N_("The language must be ja or en."));
	rc = tk_db_exec(rq->db, &rq->err, "UPDATE account SET lang = $2 WHERE id = $1",
			TK_I(rq->who.account_id), TK_S(lang));
	rq->status = 204;
	forget_after(rq);
	return rc;
}

/* -- one-time links ---------------------------------------------------------------------------- */
static enum tk_rc link_get(struct tk_req *rq)
{
	struct tk_json j = TK_JSON(&rq->out);
	struct tk_link l;
	enum tk_rc rc = tk_link_load(&rq->op, rq->param[0], &l);

	if (rc != TK_OK)
		return rc;
	tk_json_obj(&j);
	tk_json_kstr(&j, "name", l.person.name);
	tk_json_kstr(&j, "login", l.person.login);
	tk_json_kstr(&j, "purpose", l.purpose);
	tk_json_ktime(&j, "expires_at", l.expires_at);
	tk_json_end_obj(&j);
	return TK_OK;
}

static enum tk_rc link_before(struct tk_req *rq)
{
	static const char *const keys[] = { "password", NULL };
	struct tk_sign_in *s = state_of(rq);
	const char *password;
	struct tk_link l;
	enum tk_rc rc;

	if ((rc = tk_json_only(rq->json, keys, &rq->err)) != TK_OK ||
	    (rc = need(rq, "password", &password)) != TK_OK ||
	    (rc = tk_link_load(&rq->op, rq->param[0], &l)) != TK_OK ||
	    (rc = tk_password_check(password, l.person.login, "password", &rq->err)) != TK_OK)
		return rc;
	return tk_password_make(rq->mem, password, &s->verifier, &rq->err);
}

static enum tk_rc link_run(struct tk_req *rq)
{
	struct tk_sign_in *s = state_of(rq);
	struct tk_link l;
	enum tk_rc rc = tk_link_use(&rq->op, rq->param[0], s->verifier, &l);

	if (rc == TK_OK)
		rc = tk_attempt_good(&rq->op, tk_attempt_login(rq->mem, l.person.login));
	if (rc == TK_OK)
		rc = tk_sign_in_as(&rq->op, &l.person, rq->session_digest, "link_use",
				   tk_sprintf(rq->mem, "{\"purpose\":\"%s\"}", l.purpose),
				   &s->session);
	return rc == TK_OK ? tk_session_reply(rq, &l.person, &s->session) : rc;
}

const struct tk_route tk_auth_routes[] = {
	{ "GET", "/api/v1/session", session_get, .perm = TK_P_SIGNED_IN,
	  .doc = "Who is signed in, and what may that person do" },
	{ "POST", "/api/v1/session", sign_in_run, .before = sign_in_before,
	  .flags = TK_R_TX | TK_R_PUBLIC | TK_R_NOCSRF, .max_body = 4096,
	  .doc = "Sign in with login and password" },
	{ "DELETE", "/api/v1/session", sign_out, .perm = TK_P_SIGNED_IN, .flags = TK_R_TX,
	  .doc = "Sign out" },
	{ "POST", "/api/v1/session/password", change_run, .before = change_before,
	  .perm = TK_P_SIGNED_IN, .flags = TK_R_TX, .max_body = 4096,
	  .doc = "Change the own password; other sessions end" },
	{ "POST", "/api/v1/session/lang", set_lang, .perm = TK_P_SIGNED_IN, .flags = TK_R_TX,
	  .max_body = 1024, .doc = "Choose the language" },
	{ "GET", "/api/v1/links/{token}", link_get, .flags = TK_R_PUBLIC,
	  .doc = "Whom a one-time link is for" },
	{ "POST", "/api/v1/links/{token}", link_run, .before = link_before,
	  .flags = TK_R_TX | TK_R_PUBLIC | TK_R_NOCSRF, .max_body = 4096,
	  .doc = "Set the password with a one-time link and sign in" },
	{ "POST", "/api/v1/accounts/invite", tk_invite_post, .perm = TK_P_ACCOUNT_MANAGE,
	  .flags = TK_R_TX, .max_body = 256 << 10, .max_mem = 64 << 20,
	  .doc = "Make accounts and one-time links for staff (division_id, staff_ids, all), or for "
		 "coordinators of institutions (institution_ids, all_institutions)" },
	{ "GET", "/api/v1/demo/persons", tk_demo_persons, .flags = TK_R_PUBLIC | TK_R_LOOPBACK,
	  .doc = "The demonstration's persons" },
	{ "POST", "/api/v1/demo/sign-in", tk_demo_sign_in,
	  .flags = TK_R_TX | TK_R_PUBLIC | TK_R_NOCSRF | TK_R_LOOPBACK, .max_body = 1024,
	  .doc = "Sign in as a person of the demonstration" },
	{ 0 },
};
