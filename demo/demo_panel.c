/* demo_panel.c - the panel into the database: institutions from files, as an office loads them, the
 * accounts of one of them, and then the surveys (demo_wave.c). */
#include <stdlib.h>
#include <string.h>
#include "auth/account.h"
#include "auth/user.h"
#include "demo/demo_in.h"
#include "demo/panel.h"
#include "org/institution.h"
#include "record/transfer.h"

#include "panel_data.inc"

/* -- institutions ------------------------------------------------------------------------------ */
static enum tk_rc load_file(const struct tk_op *op, const struct tk_rtype *t, const char *csv,
			    size_t n)
{
	struct tk_report *rep = NULL;
	const char *file = tk_sprintf(op->mem, "%s.csv", t->path);
	enum tk_rc rc = tk_rec_import(op, t, csv, n, file, false, &rep);

	if (rc == TK_OK && !rep->written)
		return tk_fail(op->e, TK_EINTERNAL, NULL, "%s: %s", file,
			       rep->nproblem ? rep->problem[0].message : "");
	return rc;
}

static enum tk_rc institutions(const struct tk_op *op, const struct panel *p)
{
	struct demo_name *name = tk_alloc_n(op->mem, PANEL_NAMES, sizeof(*name));
	struct tk_buf in = TK_BUF(1 << 20), at = TK_BUF(1 << 20), co = TK_BUF(1 << 20);
	enum tk_rc rc = demo_names(op, name, PANEL_NAMES);

	panel_write_institutions(p, &in);
	panel_write_attributes(p, &at);
	if (rc == TK_OK) {
		panel_write_contacts(p, name, &co);
		rc = load_file(op, &tk_sector, panel_sectors_csv, sizeof(panel_sectors_csv) - 1);
	}
	if (rc == TK_OK)
		rc = load_file(op, &tk_institution, in.p, in.len);
	if (rc == TK_OK)
		rc = load_file(op, &tk_institution_attribute, at.p, at.len);
	if (rc == TK_OK)
		rc = load_file(op, &tk_contact, co.p, co.len);
	tk_buf_drop(&in);
	tk_buf_drop(&at);
	tk_buf_drop(&co);
	return rc;
}

/* An account for the coordinator and for a colleague of the institution one can sign in at. */
static enum tk_rc account_for(const struct tk_op *op, const char *role, bool coordinator)
{
	struct tk_account a = { 0 };
	struct tk_value contact[3];
	bool found;
	enum tk_rc rc = tk_db_first(
		op->db, op->mem, op->e,
		"SELECT c.id, c.institution_id, c.name FROM contact c JOIN institution i ON i.id = "
		"c.institution_id WHERE i.code = $1 AND c.coordinator = $2 ORDER BY c.id LIMIT 1",
		TK_ARGS(TK_S(DEMO_INSTITUTION), TK_I(coordinator)), contact, 3, &found);

	if (rc != TK_OK || !found)
		return rc;
	tk_set_by(&tk_account, &a, "login",
		  TK_S(tk_sprintf(op->mem, "%s.%s", DEMO_INSTITUTION, role)));
	tk_set_by(&tk_account, &a, "name", contact[2]);
	tk_set_by(&tk_account, &a, "contact_id", contact[0]);
	tk_set_by(&tk_account, &a, "institution_id", contact[1]);
	rc = tk_rec_insert(op, &tk_account, &a);
	return rc == TK_OK ? tk_user_roles(op, a.login, role) : rc;
}

static enum tk_rc accounts(const struct tk_op *op)
{
	enum tk_rc rc = account_for(op, "coordinator", true);

	return rc == TK_OK ? account_for(op, "respondent", false) : rc;
}

/* -- all of it --------------------------------------------------------------------------------- */
static enum tk_rc fill_all(const struct tk_op *op)
{
	struct panel *p = tk_alloc(op->mem, sizeof(*p));
	enum tk_rc rc = panel_make(p, op->mem, (struct tk_date){ 2020, 7, 6 }, 33, op->e);

	if (rc == TK_OK)
		rc = institutions(op, p);
	if (rc == TK_OK)
		rc = accounts(op);
	if (rc == TK_OK)
		rc = demo_wave_2020(op, p);
	return rc == TK_OK ? demo_wave_now(op) : rc;
}

enum tk_rc demo_panel(struct demo *d)
{
	enum tk_rc rc = tk_db_begin(d->op->db, d->op->e);

	if (rc == TK_OK)
		rc = fill_all(d->op);
	if (rc == TK_OK)
		return tk_db_commit(d->op->db, d->op->e);
	tk_db_rollback(d->op->db);
	return rc;
}
