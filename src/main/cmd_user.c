/* cmd_user.c - accounts from the command line. */
#include <string.h>
#include "auth/user.h"
#include "main/cli_list.h"

static enum tk_rc user_row(void *ctx, const struct tk_user *u)
{
	struct cli_list *l = ctx;

	if (l->format == TK_PRINT_TABLE)
		printf("%-16s %-10s %-40s %s\n", u->login, u->state, u->roles, u->name);
	else
		cli_list_row(l, (const struct tk_value[]){ TK_S(u->login), TK_S(u->state),
							   TK_S(u->roles), TK_S(u->name) });
	return TK_OK;
}

static enum tk_rc list(struct cli *c, enum tk_print_format format)
{
	static const char *const name[] = { "login", "state", "roles", "name", NULL };
	struct cli_list l;
	enum tk_rc rc = cli_list_open(&l, c, format, name);

	if (rc == TK_OK)
		rc = tk_user_list(&c->op, user_row, &l);
	return cli_list_close(&l, rc);
}

static enum tk_rc password(struct cli *c, const char **ret)
{
	size_t n;
	char *nl;
	enum tk_rc rc;
	const char *s;

	*ret = NULL;
	if (!cli_has(c, "--password-stdin"))
		return TK_OK;
	rc = cli_read_file(c, "-", &s, &n);
	if (rc == TK_OK) {
		char *copy = tk_strdup(c->mem, s);
		if ((nl = strpbrk(copy, "\r\n")))
			*nl = '\0';
		*ret = copy;
	}
	return rc;
}

static enum tk_rc change(struct cli *c, const char *what)
{
	const char *pw, *name = cli_get(c, "--name"), *roles = cli_get(c, "--roles");
	char *token = NULL;
	enum tk_rc rc = password(c, &pw);

	if (rc != TK_OK)
		return rc;
	if (!strcmp(what, "add"))
		rc = tk_user_add(&c->op, c->arg[1], name ? name : c->arg[1], pw, roles, &token);
	else if (!strcmp(what, "reset"))
		rc = tk_user_reset(&c->op, c->arg[1], pw, &token);
	else if (!strcmp(what, "roles") && roles)
		rc = tk_user_roles(&c->op, c->arg[1], roles);
	else
		rc = tk_fail(&c->e, TK_EINVAL, "user",
			     N_("user add LOGIN, user list, user reset LOGIN, user roles LOGIN "
				"--roles ROLES"));
	if (rc == TK_OK && token)
		printf("%s\n  #/activate/%s\n",
		       tk_tr(c->lang, N_("Open this address on the page within seven days to set "
					 "the password:")),
		       token);
	return rc;
}

int cmd_user(struct cli *c)
{
	enum tk_print_format format;
	enum tk_rc rc;

	if (!cli_format(c, &format))
		return cli_usage(c, "--format table|csv|json");

	if (c->narg < 1 || c->narg > 2 || (c->narg == 1 && strcmp(c->arg[0], "list")))
		return cli_usage(c, tk_tr(c->lang, N_("name an action and an account")));
	if ((rc = cli_open_db(c, CLI_CREATE)) != TK_OK)
		return cli_fail(c, rc);
	if (c->narg == 1)
		return (rc = list(c, format)) == TK_OK ? 0 : cli_fail(c, rc);
	if ((rc = tk_db_begin(c->db, &c->e)) != TK_OK)
		return cli_fail(c, rc);
	rc = change(c, c->arg[0]);
	if (rc == TK_OK)
		rc = tk_db_commit(c->db, &c->e);
	else
		tk_db_rollback(c->db);
	return rc == TK_OK ? 0 : cli_fail(c, rc);
}
