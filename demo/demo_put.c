/* demo_put.c - records of the demonstration as an office would type them. */
#include <string.h>
#include "demo/demo_in.h"

enum tk_rc demo_put(const struct tk_op *op, const char *type, int64_t *ret_id,
		    const char *const *pair)
{
	const struct tk_rtype *t = tk_rtype_by_name(type);
	void *rec = t ? tk_alloc(op->mem, t->size) : NULL;
	enum tk_rc rc = TK_OK;

	if (!t)
		return tk_fail(op->e, TK_EINTERNAL, type, N_("There is no such record type."));
	for (; *pair && rc == TK_OK; pair += 2) {
		int i = tk_field_index(t, pair[0]);

		if (i < 0)
			return tk_fail(op->e, TK_EINTERNAL, pair[0],
				       N_("The demonstration names a field that %s has not."),
				       type);
		/* "" leaves the field out; a cell of a file would empty it */
		if (pair[1] && *pair[1])
			rc = tk_set_text(op, t, rec, (size_t)i, pair[1]);
	}
	if (rc == TK_OK)
		rc = tk_rec_insert(op, t, rec);
	if (rc == TK_OK && ret_id)
		*ret_id = ((struct tk_rec *)rec)->id;
	return rc;
}
