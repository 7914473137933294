/* outsourcing.h - procurement, contractors, confirmations (OUT). */
#pragma once
#include "fact/module.h"

struct tk_contractor {
	struct tk_rec rec;
	const char *name, *kana, *corporate_number, *address, *contact, *phone, *mail,
		*certification, *certified_until, *note;
};

extern const struct tk_module tk_outsourcing_module;
