/* module.c - the modules of this program. */
#include "fact/module.h"

static const struct tk_module *const *all;
static size_t nall;
enum tk_rc (*tk_improvement_add)(const struct tk_op *op, const struct tk_improvement *i,
				 int64_t *ret_id);

void tk_modules_set(const struct tk_module *const *module, size_t n)
{
	all = module;
	nall = n;
}

size_t tk_modules(const struct tk_module *const **ret)
{
	*ret = all;
	return nall;
}
