/* ledger_in.h - the records of the ledger.  Private to src/ledger. */
#pragma once
#include "case/life.h"
#include "ledger/ledger.h"

struct info_system {
	struct tk_rec rec;
	const char *code, *name, *name_en, *purpose, *overview, *contractor;
	const char *conf_grade, *integ_grade, *avail_grade, *from_on, *to_on;
	const char *hardware, *software, *operation_rule, *contact, *note;
	int64_t owner_division_id;
	bool for_public, for_bureaus, for_sro, priority;
};
struct server {
	struct tk_rec rec;
	const char *name, *kind, *address, *os, *place, *from_on, *to_on, *note;
	int64_t info_system_id, division_id;
};
struct software {
	struct tk_rec rec;
	const char *product, *edition, *vendor, *support_until, *note;
	int64_t info_system_id, server_id, division_id;
};
struct system_cost {
	struct tk_rec rec;
	const char *kind, *note;
	int64_t info_system_id, fiscal_year, yen, division_id;
};
struct system_update {
	struct tk_rec rec;
	const char *title, *changes, *confirmed_on;
	int64_t info_system_id, fiscal_year;
	struct tk_life life;
};
struct vuln_notice {
	struct tk_rec rec;
	const char *title, *received_on, *source, *number, *products, *severity, *overview;
	const char *measure;
};
struct vuln_response {
	struct tk_rec rec;
	const char *title, *software, *result, *closed_on;
	int64_t vuln_notice_id, info_system_id;
	struct tk_life life;
};

extern const struct tk_rtype tk_software, tk_system_cost, tk_system_update, tk_vuln_notice,
	tk_vuln_response;
extern const struct tk_case_type tk_system_update_case, tk_vuln_response_case;
extern const struct tk_fact tk_ledger_facts[];

/* Who heads a division today (0: nobody), to be the owner of what it has to do. */
enum tk_rc tk_ledger_head_of(const struct tk_op *op, int64_t division, int64_t *ret) TK_MUST_USE;
/* Asks the owner of every system in operation to confirm its entry for that year, once.  ret_n: how
 * many were asked now. */
enum tk_rc tk_system_updates_open(const struct tk_op *op, int year, int64_t *ret_n) TK_MUST_USE;
