#include <string.h>
#include "record/perm.h"

const char *tk_perm_code(enum tk_perm p)
{
	static const char *const code[TK_P_MAX] = {
		[TK_P_NOBODY] = "nobody", [TK_P_SIGNED_IN] = "signed_in",
#define X(id, c) [TK_P_##id] = c,
		TK_PERM_TABLE(X)
#undef X
	};
	return code[p];
}

const char *tk_scope_code(enum tk_scope s)
{
	static const char *const code[] = { "none", "own", "division", "bureau", "all" };

	return code[s];
}

enum tk_scope tk_who_scope(const struct tk_who *w, enum tk_perm p)
{
	if (w->system)
		return TK_SCOPE_ALL;
	if (p == TK_P_SIGNED_IN)
		return w->account_id ? TK_SCOPE_ALL : TK_SCOPE_NONE;
	return w->scope[p];
}

static bool among(const int64_t *list, const uint64_t *not_for, size_t n, enum tk_perm p,
		  int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (id && list[i] == id && !(not_for[i] >> p & 1))
			return true;
	return false;
}

static bool of_division(const struct tk_who *w, enum tk_perm p, int64_t id)
{
	return among(w->division, w->division_not, w->ndivision, p, id);
}

bool tk_who_may(const struct tk_who *w, enum tk_perm p, int64_t division, int64_t bureau)
{
	switch (tk_who_scope(w, p)) {
	case TK_SCOPE_ALL:
		return true;
	case TK_SCOPE_BUREAU:
		return among(w->bureau, w->bureau_not, w->nbureau, p, bureau) ||
		       of_division(w, p, division);
	case TK_SCOPE_DIVISION:
		return of_division(w, p, division);
	default:
		return false;
	}
}

enum tk_rc tk_denied(struct tk_err *e)
{
	return tk_fail(e, TK_EPERM, NULL, N_("You are not permitted to do this."));
}

enum tk_rc tk_changed_meanwhile(struct tk_err *e)
{
	return tk_fail(e, TK_EVERSION, NULL,
		       N_("Somebody changed this record in the meantime. Load it again and repeat "
			  "your change."));
}

struct tk_who tk_who_system(const char *name, const char *source, enum tk_lang lang)
{
	return (struct tk_who){ .system = true, .name = name, .source = source, .lang = lang };
}
