/* org_types.h - record types that descriptors of other folders refer to: those of the organisation
 * (src/org/org.c), for what stands below src/org, and those that several modules meet in, because
 * modules do not include each other. */
#pragma once
#include "record/record.h"

extern const struct tk_rtype tk_bureau, tk_division, tk_post, tk_staff, tk_sector, tk_institution,
	tk_contact;
/* src/ledger, src/outsourcing */
extern const struct tk_rtype tk_info_system, tk_server_type, tk_contractor;
/* src/policy */
extern const struct tk_rtype tk_policy_document;
