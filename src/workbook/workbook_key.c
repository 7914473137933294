/* workbook_key.c - the key that seals workbooks, and the names that stand in them. */
#include <string.h>
#include "workbook/workbook_in.h"

#define KEY_SETTING "workbook.key"

static enum tk_rc load(const struct tk_op *op, const unsigned char **ret)
{
	unsigned char *key = tk_alloc(op->mem, TK_MAC_KEY);
	struct tk_value v[1];
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT value FROM setting WHERE name = '" KEY_SETTING "'",
				    NULL, 0, v, 1, &found);

	*ret = NULL;
	if (rc == TK_OK && found && !tk_unhex(v[0].s, key, TK_MAC_KEY))
		return tk_fail(op->e, TK_EINTERNAL, NULL,
			       N_("The setting %s is damaged. Restore it from a backup, or delete "
				  "it; workbooks made before are then not taken any more."),
			       KEY_SETTING);
	if (rc == TK_OK && found)
		*ret = key;
	return rc;
}

enum tk_rc tk_workbook_key(const struct tk_op *op, bool make, const unsigned char **ret)
{
	unsigned char key[TK_MAC_KEY];
	char hex[TK_MAC_KEY * 2 + 1];
	enum tk_rc rc = load(op, ret);

	if (rc != TK_OK || *ret || !make)
		return rc;
	tk_random(key, sizeof(key));
	tk_hex(key, sizeof(key), hex);
	/* another node may have been first: then its key counts */
	rc = tk_db_exec(op->db, op->e,
			"INSERT INTO setting(name, value) VALUES('" KEY_SETTING "', $1)"
			" ON CONFLICT(name) DO NOTHING",
			TK_S(hex));
	return rc == TK_OK ? load(op, ret) : rc;
}

enum tk_rc tk_workbook_of(const struct tk_op *op, const struct tk_response *r,
			  struct tk_workbook *w)
{
	struct tk_value v[2];
	bool found;
	enum tk_rc rc = tk_db_first(op->db, op->mem, op->e,
				    "SELECT title_ja, title_en FROM campaign WHERE id = $1",
				    TK_ARGS(TK_I(r->campaign_id)), v, 2, &found);

	if (rc == TK_OK && !found)
		return tk_fail(op->e, TK_ENOTFOUND, NULL, N_("There is no such campaign."));
	if (rc != TK_OK)
		return rc;
	w->r = r;
	w->campaign = tk_in(w->lang, v[0].s, v[1].s);
	w->name = r->name;
	w->place = r->division;
	return TK_OK;
}
