/* org_types.h - the record types of the organisation, for descriptors that refer to them from below
 * src/org, where they are defined (src/org/org.c). */
#pragma once
#include "record/record.h"

extern const struct tk_rtype tk_bureau, tk_division, tk_post, tk_staff, tk_sector, tk_institution,
	tk_contact;
