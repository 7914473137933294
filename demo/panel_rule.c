/* panel_rule.c - how many institutions of the demonstration panel gave which answer in 2020.
 *
 * From the founding document: the sectors (panel_org.c), the bases of its notes, and the measures
 * for web meetings before (130 institutions) and after (207).  From the press about the same
 * survey: practised by 234; the scheme in 166, by group; businesses; the plan that served well;
 * bands of devices; company devices in 154, own devices in 69 and the measures on them.  The other
 * counts are ours, chosen to fit these.
 */
#include "demo/panel_in.h"

#define KIND(k) (1u << (unsigned)PANEL_##k)
enum { ALL_KINDS = (1 << PANEL_KINDS) - 1 };
#define BANKS (KIND(MAJOR) | KIND(REGIONAL) | KIND(FOREIGN) | KIND(OTHER_BANK))
#define LENDERS (BANKS | KIND(SHINKIN))
#define SELLERS (KIND(MAJOR) | KIND(REGIONAL) | KIND(OTHER_BANK) | KIND(SHINKIN) | KIND(SECURITIES))
#define COUNTERS (LENDERS | KIND(SECURITIES))
#define NAMED (KIND(MAJOR) | KIND(REGIONAL) | KIND(FOREIGN) | KIND(SECURITIES))
#define NOT(kinds) ((unsigned)ALL_KINDS & ~(kinds))

#define YES(item) item "=yes"
#define SCHEME YES("system_exists")
#define AT_HOME "practice_kinds_after=telework"
#define MATURE(code, n) { code, n, LEAN_MATURE, NULL, NULL }
#define CHANCE(code, n) { code, n, LEAN_CHANCE, NULL, NULL }
#define LARGE(code, n) { code, n, LEAN_LARGE, NULL, NULL }
#define FAR(code, n) { code, n, LEAN_PRACTICE, NULL, NULL }
#define NEED(code, n, need) { code, n, LEAN_MATURE, need, NULL }

const struct panel_rule panel_rules[] = {
	/* -- the scheme, by the groups of the press: it decides how much else is possible -- */
	{ "system_exists", 0, NULL, KIND(MAJOR), NULL, { LARGE("yes", 10) } },
	{ "system_exists", 0, NULL, KIND(FOREIGN), NULL, { LARGE("yes", 57) } },
	{ "system_exists", 0, NULL, KIND(SECURITIES), NULL, { LARGE("yes", 22) } },
	{ "system_exists", 0, NULL, KIND(REGIONAL), NULL,
	  { LARGE("yes", 55), CHANCE("planned", 27), CHANCE("no", 20) } },
	{ "system_exists", 0, NULL, NOT(NAMED), NULL,
	  { LARGE("yes", 22), CHANCE("planned", 8), CHANCE("no", 18) } },
	{ "site_kinds", PANEL_MULTI | PANEL_PAST, NULL, 0, NULL,
	  { LARGE("head_office", 239), LARGE("branch", 168), LARGE("office_centre", 121) } },

	/* -- practice -- */
	{ "status_before", PANEL_PAST | PANEL_ORDER, NULL, 0, NULL,
	  { FAR("practised", 92), FAR("not_practised", 147) } },
	{ "practice_kinds_before", PANEL_MULTI | PANEL_PAST, "status_before=practised", 0, NULL,
	  { { "telework", 80, LEAN_PRACTICE, NULL, SCHEME }, CHANCE("standby", 34) } },
	{ "status_after", PANEL_PAST | PANEL_ORDER, NULL, 0, "status_before",
	  { { "practised", 234, LEAN_PRACTICE, NULL, SCHEME }, FAR("not_practised", 5) } },
	{ "practice_kinds_after", PANEL_MULTI | PANEL_PAST, "status_after=practised", 0,
	  "practice_kinds_before",
	  { { "telework", 202, LEAN_PRACTICE, NULL, SCHEME }, CHANCE("standby", 182) } },
	{ "staff_share_before", PANEL_PAST | PANEL_ORDER, "status_before=practised", 0, NULL,
	  { FAR("from_70", 1), FAR("from_50", 3), FAR("from_30", 8), FAR("from_10", 24),
	    FAR("under_10", 56) } },
	{ "staff_share_before", PANEL_PAST, "status_before=not_practised", 0, NULL,
	  { CHANCE("none", 147) } },
	{ "staff_share_after", PANEL_ORDER, "status_after=practised", 0, NULL,
	  { FAR("from_70", 30), FAR("from_50", 46), FAR("from_30", 58), FAR("from_10", 62),
	    FAR("under_10", 38) } },
	{ "staff_share_after", 0, "status_after=not_practised", 0, NULL, { CHANCE("none", 5) } },
	{ "telework_forms", PANEL_MULTI, SCHEME, 0, NULL,
	  { CHANCE("home", 166), MATURE("mobile", 71), LARGE("satellite", 48) } },
	{ "eligible_staff", 0, SCHEME, 0, NULL,
	  { FAR("all_staff", 58), CHANCE("by_duty", 74), CHANCE("by_circumstance", 22),
	    CHANCE("by_rank", 12) } },
	{ "rules_cover", PANEL_MULTI | PANEL_ALONE, SCHEME, 0, NULL,
	  { MATURE("device_use", 131), MATURE("place_of_work", 88),
	    MATURE("information_handling", 139), MATURE("paper_take_out", 74),
	    MATURE("incident_contact", 122), { "none", 7, LEAN_SMALL, NULL, NULL } } },
	{ "work_forms_head_office", PANEL_MULTI | PANEL_ALONE, "site_kinds=head_office", 0, NULL,
	  { NEED("home_work", 190, AT_HOME), LARGE("split_teams", 141),
	    CHANCE("staggered_hours", 168),
	    NEED("standby_at_home", 96, "practice_kinds_after=standby"), LARGE("other_site", 74),
	    { "usual_only", 11, LEAN_SMALL, "practice_kinds_after!=telework",
	      "status_after=not_practised" } } },
	{ "work_forms_branch", PANEL_MULTI | PANEL_ALONE, "site_kinds=branch", 0, NULL,
	  { NEED("home_work", 52, AT_HOME), LARGE("split_teams", 104),
	    CHANCE("staggered_hours", 83),
	    NEED("standby_at_home", 71, "practice_kinds_after=standby"), LARGE("other_site", 21),
	    CHANCE("usual_only", 18) } },
	{ "work_forms_office_centre", PANEL_MULTI | PANEL_ALONE, "site_kinds=office_centre", 0,
	  NULL,
	  { NEED("home_work", 31, AT_HOME), LARGE("split_teams", 88),
	    CHANCE("staggered_hours", 60),
	    NEED("standby_at_home", 34, "practice_kinds_after=standby"), LARGE("other_site", 39),
	    CHANCE("usual_only", 9) } },

	/* -- businesses: those that are not carried on are not in the base -- */
	{ "biz_lending", 0, NULL, LENDERS, NULL,
	  { NEED("realised", 159, AT_HOME), CHANCE("preparing", 18), CHANCE("not_realised", 27) } },
	{ "biz_lending", 0, NULL, NOT(LENDERS), NULL, { CHANCE("na", 35) } },
	{ "biz_product_sales", 0, NULL, SELLERS, NULL,
	  { NEED("realised", 108, AT_HOME), CHANCE("preparing", 24), CHANCE("not_realised", 37) } },
	{ "biz_product_sales", 0, NULL, NOT(SELLERS), NULL, { CHANCE("na", 70) } },
	{ "biz_system_development", 0, NULL, 0, NULL,
	  { NEED("realised", 137, AT_HOME), CHANCE("preparing", 31),
	    { "na", 25, LEAN_SMALL, NULL, NULL }, CHANCE("not_realised", 46) } },
	{ "biz_market_operations", 0, NULL, 0, NULL,
	  { NEED("realised", 130, AT_HOME), CHANCE("preparing", 35),
	    { "na", 7, LEAN_SMALL, NULL, NULL }, CHANCE("not_realised", 67) } },
	{ "biz_settlement", 0, NULL, 0, NULL,
	  { NEED("realised", 120, AT_HOME), CHANCE("preparing", 38),
	    { "na", 4, LEAN_SMALL, NULL, NULL }, CHANCE("not_realised", 77) } },
	{ "biz_account_services", 0, NULL, COUNTERS, NULL,
	  { NEED("realised", 98, AT_HOME), CHANCE("preparing", 42), CHANCE("not_realised", 86) } },
	{ "biz_account_services", 0, NULL, NOT(COUNTERS), NULL, { CHANCE("na", 13) } },
	{ "biz_reasons", PANEL_MULTI,
	  "biz_lending=not_realised biz_product_sales=not_realised "
	  "biz_system_development=not_realised biz_market_operations=not_realised "
	  "biz_settlement=not_realised biz_account_services=not_realised",
	  0, NULL,
	  { CHANCE("paper", 96), CHANCE("system_on_site", 84), CHANCE("confidential_data", 77),
	    CHANCE("customer_presence", 68), CHANCE("dual_control", 45), CHANCE("other", 14) } },

	/* -- continuity -- */
	{ "bcp_plan_before", PANEL_PAST, NULL, 0, NULL,
	  { MATURE("in_place", 225), CHANCE("in_preparation", 9), CHANCE("none", 5) } },
	{ "bcp_outcome", PANEL_PAST, "bcp_plan_before=in_place", 0, NULL,
	  { MATURE("effective", 72), CHANCE("effective_with_changes", 101),
	    CHANCE("insufficient", 22), CHANCE("not_activated", 30) } },
	{ "bcp_gaps", PANEL_MULTI | PANEL_PAST, "bcp_outcome=effective_with_changes|insufficient",
	  0, NULL,
	  { CHANCE("telework_not_foreseen", 71), CHANCE("duration", 64),
	    CHANCE("staff_split", 52), CHANCE("supplies", 49), CHANCE("contractors", 33),
	    CHANCE("communication", 27), CHANCE("other", 6) } },
	{ "bcp_revision", 0, "bcp_plan_before=in_place", 0, NULL,
	  { MATURE("revised", 68), CHANCE("under_way", 84), CHANCE("planned", 49),
	    CHANCE("no_need", 24) } },

	/* -- preparation and connection -- */
	{ "prep_before", PANEL_MULTI | PANEL_PAST | PANEL_ALONE, SCHEME, 0, NULL,
	  { FAR("conn_system", 71), MATURE("cloud", 44), CHANCE("capacity", 18),
	    FAR("devices_bought", 66), CHANCE("devices_reused", 22), CHANCE("meeting_service", 80),
	    CHANCE("none", 52) } },
	{ "prep_after", PANEL_MULTI | PANEL_ALONE, SCHEME, 0, NULL,
	  { CHANCE("conn_system", 96), MATURE("cloud", 83), LARGE("capacity", 112),
	    CHANCE("devices_bought", 128), CHANCE("devices_reused", 74),
	    CHANCE("meeting_service", 131), CHANCE("none", 6) } },
	{ "conn_mechanism", 0, SCHEME, 0, NULL, { LARGE("yes", 158), CHANCE("no", 8) } },
	{ "conn_methods", PANEL_MULTI | PANEL_ALONE, SCHEME, 0, NULL,
	  { NEED("remote_desktop", 79, YES("conn_mechanism")),
	    NEED("virtual_desktop", 62, YES("conn_mechanism")),
	    NEED("cloud_apps", 58, YES("conn_mechanism")),
	    NEED("secure_browser", 41, YES("conn_mechanism")),
	    NEED("app_wrapping", 14, YES("conn_mechanism")),
	    NEED("carry_company_pc", 47, YES("conn_mechanism")),
	    NEED("other", 9, YES("conn_mechanism")),
	    NEED("not_connected", 8, "conn_mechanism=no") } },
	{ "conn_measures", PANEL_MULTI | PANEL_ALONE, YES("conn_mechanism"), 0, NULL,
	  { MATURE("mfa", 109), MATURE("encrypted_traffic", 141),
	    MATURE("device_authentication", 98), CHANCE("source_restriction", 52),
	    MATURE("least_privilege", 87), MATURE("log_monitoring", 104),
	    CHANCE("session_timeout", 76), CHANCE("other", 8),
	    { "password_only", 6, LEAN_SMALL, NULL, NULL } } },
	{ "conn_contractors", 0, YES("conn_mechanism"), 0, NULL,
	  { LARGE("yes", 61), CHANCE("no", 97) } },
	{ "conn_contractor_checks", PANEL_MULTI | PANEL_ALONE, YES("conn_contractors"), 0, NULL,
	  { MATURE("policy_confirmed", 49), MATURE("contract_terms", 44),
	    MATURE("by_importance", 23), LARGE("on_site", 9), CHANCE("none", 5) } },
	{ "conn_capacity", 0, YES("conn_mechanism"), 0, NULL,
	  { MATURE("enough", 63), LARGE("short_at_peak", 71), LARGE("short", 24) } },

	/* -- devices -- */
	{ "device_share_before", PANEL_PAST | PANEL_ORDER, SCHEME, 0, NULL,
	  { { "from_100", 12, LEAN_DEVICES, NULL, NULL },
	    { "from_70", 22, LEAN_DEVICES, NULL, NULL },
	    { "from_50", 22, LEAN_DEVICES, NULL, NULL },
	    { "from_30", 27, LEAN_DEVICES, NULL, NULL },
	    { "from_10", 31, LEAN_DEVICES, NULL, NULL },
	    { "under_10", 52, LEAN_DEVICES, NULL, NULL } } },
	{ "device_share_after", PANEL_ORDER, SCHEME, 0, NULL,
	  { { "from_100", 35, LEAN_DEVICES, NULL, NULL },
	    { "from_70", 48, LEAN_DEVICES, NULL, NULL },
	    { "from_50", 21, LEAN_DEVICES, NULL, NULL },
	    { "from_30", 24, LEAN_DEVICES, NULL, NULL },
	    { "from_10", 26, LEAN_DEVICES, NULL, NULL },
	    { "under_10", 12, LEAN_DEVICES, NULL, NULL } } },
	{ "device_company_before", PANEL_PAST, SCHEME, 0, NULL,
	  { LARGE("used", 131), CHANCE("planned", 9), CHANCE("not_used", 26) } },
	{ "device_company_after", 0, SCHEME, 0, "device_company_before",
	  { LARGE("used", 154), CHANCE("planned", 4), CHANCE("not_used", 8) } },
	{ "device_own_before", PANEL_PAST, SCHEME, 0, NULL,
	  { CHANCE("used", 52), CHANCE("planned", 4), CHANCE("not_used", 110) } },
	{ "device_own_after", 0, SCHEME, 0, "device_own_before",
	  { { "used", 69, LEAN_CHANCE, NULL, "device_company_after!=used" },
	    CHANCE("planned", 6), CHANCE("not_used", 91) } },
	{ "device_company_kinds", PANEL_MULTI, "device_company_after=used", 0, NULL,
	  { LARGE("pc", 148), CHANCE("tablet", 61), CHANCE("smartphone", 97) } },
	{ "device_own_kinds", PANEL_MULTI, "device_own_after=used", 0, NULL,
	  { CHANCE("pc", 41), CHANCE("tablet", 19), CHANCE("smartphone", 52) } },
	{ "device_company_measures", PANEL_MULTI, "device_company_after=used", 0, NULL,
	  { MATURE("malware_software", 126), MATURE("latest_patches", 103),
	    CHANCE("no_file_download", 74), MATURE("storage_encryption", 108),
	    MATURE("media_disabled", 95), CHANCE("remote_wipe", 62), CHANCE("screen_lock", 118),
	    CHANCE("software_restriction", 88), MATURE("loss_procedure", 112),
	    CHANCE("other", 7) } },
	{ "device_own_measures", PANEL_MULTI, "device_own_after=used", 0, NULL,
	  { MATURE("malware_software", 39), MATURE("latest_patches", 38),
	    CHANCE("no_file_download", 55), CHANCE("storage_encryption", 11),
	    CHANCE("media_disabled", 14), CHANCE("remote_wipe", 17), CHANCE("screen_lock", 31),
	    CHANCE("software_restriction", 16), MATURE("loss_procedure", 27),
	    CHANCE("other", 4) } },
	{ "device_own_level", 0, "device_own_after=used", 0, NULL,
	  { MATURE("same", 33), CHANCE("lower", 19), CHANCE("not_checked", 17) } },

	/* -- web meetings: the printed twelve values -- */
	{ "wm_used_before", PANEL_PAST, NULL, 0, NULL, { FAR("yes", 130), CHANCE("no", 109) } },
	{ "wm_used_after", 0, NULL, 0, "wm_used_before", { FAR("yes", 207), CHANCE("no", 32) } },
	{ "wm_services", 0, YES("wm_used_after"), 0, NULL,
	  { { "one", 62, LEAN_SMALL, NULL, NULL }, CHANCE("two", 71), CHANCE("three", 44),
	    CHANCE("four_or_more", 30) } },
	{ "wm_selection_points", PANEL_MULTI, YES("wm_used_after"), 0, NULL,
	  { MATURE("security", 151), CHANCE("ease_of_use", 139), CHANCE("partner_uses", 128),
	    CHANCE("cost", 97), CHANCE("functions", 88), CHANCE("stability", 84),
	    CHANCE("track_record", 63), CHANCE("support", 22), CHANCE("other", 11) } },
	{ "wm_security_points", PANEL_MULTI, YES("wm_used_after"), 0, NULL,
	  { MATURE("encryption", 148), MATURE("entry_control", 156), CHANCE("meeting_control", 87),
	    MATURE("vulnerability_handling", 94), LARGE("admin_functions", 72),
	    CHANCE("provider_certification", 66), LARGE("log_functions", 49),
	    CHANCE("data_location", 41), CHANCE("other", 9) } },
	{ "wm_measures_before", PANEL_MULTI | PANEL_PAST, YES("wm_used_before"), 0, NULL,
	  { MATURE("rules_in_manual", 64), MATURE("passcode_or_pin", 77),
	    CHANCE("business_scope_fixed", 50), MATURE("admin_password_rule", 44),
	    MATURE("restrictions_announced", 44), CHANCE("other", 12) } },
	{ "wm_measures_after", PANEL_MULTI, YES("wm_used_after"), 0, "wm_measures_before",
	  { MATURE("rules_in_manual", 116), MATURE("passcode_or_pin", 147),
	    CHANCE("business_scope_fixed", 82), MATURE("admin_password_rule", 70),
	    MATURE("restrictions_announced", 85), CHANCE("other", 36) } },

	/* -- risks and the future -- */
	{ "risks_assessed", PANEL_MULTI | PANEL_ALONE, NULL, 0, NULL,
	  { MATURE("unauthorised_access", 201), MATURE("eavesdropping", 176),
	    MATURE("malware_infection", 198), MATURE("stepping_stone", 163),
	    CHANCE("loss_or_theft", 189), CHANCE("meeting_intrusion", 147),
	    MATURE("setting_faults", 108), CHANCE("other", 12),
	    { "none", 14, LEAN_SMALL, NULL, NULL } } },
	{ "review_rhythm", 0, NULL, 0, NULL,
	  { MATURE("on_new_threats", 61), MATURE("yearly", 97), CHANCE("when_changed", 45),
	    CHANCE("not_decided", 28), CHANCE("none", 8) } },
	{ "future_direction", 0, NULL, 0, NULL,
	  { { "expand", 96, LEAN_PRACTICE, SCHEME, NULL }, CHANCE("keep", 87),
	    { "introduce", 18, LEAN_CHANCE, "system_exists!=yes", NULL },
	    { "reduce", 6, LEAN_CHANCE, SCHEME, NULL }, CHANCE("undecided", 32) } },
};
const size_t panel_nrules = sizeof(panel_rules) / sizeof(panel_rules[0]);
