/* units.c - the organisation's types as far as references from below need them, so that these tests
 * do not depend on src/org. */
#include "record/org_types.h"

struct unit { struct tk_rec rec; const char *code, *name; };
static const struct tk_field unit_field[] = {
	TK_TEXT(struct unit, code, .label = "Code"), TK_TEXT(struct unit, name, .label = "Name"),
};
#define UNIT(v, n) \
	const struct tk_rtype v = { .name = n, .path = n, .table = n, .label = n, .label_plural = n, \
		.size = sizeof(struct unit), .field = unit_field, .nfield = 2, .title = "name" }
UNIT(tk_bureau, "bureau");
UNIT(tk_division, "division");
UNIT(tk_post, "post");
UNIT(tk_sector, "sector");
UNIT(tk_institution, "institution");
UNIT(tk_contact, "contact");

struct person { struct tk_rec rec; const char *staff_number, *name; };
static const struct tk_field person_field[] = {
	TK_TEXT(struct person, staff_number, .label = "Staff number"), TK_TEXT(struct person, name, .label = "Name"),
};
const struct tk_rtype tk_staff = { .name = "staff", .path = "staff", .table = "staff", .label = "Staff",
	.label_plural = "Staff", .size = sizeof(struct person), .field = person_field, .nfield = 2, .title = "name" };
