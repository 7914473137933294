/* incident_in.h - the records of incidents and mail.  Private to src/incident and its tests. */
#pragma once
#include "case/life.h"
#include "incident/incident.h"

extern const struct tk_rtype tk_incident_type, tk_incident_event_type, tk_incident_notice_type,
	tk_notice_rule_type, tk_incident_lesson_type, tk_csirt_member_type, tk_suspicious_mail_type,
	tk_missent_mail_type;
extern const struct tk_case_type tk_incident_case, tk_suspicious_mail_case, tk_missent_mail_case;
extern const struct tk_fact tk_incident_facts[];
extern const struct tk_choice tk_incident_cause[], tk_notice_recipient[];

struct incident {
	struct tk_rec rec;
	int64_t fiscal_year;
	const char *title, *cause;
	int64_t severity; /* 1 gravest ... 4; 0: not judged yet */
	int64_t detected_at, began_at, contained_at, info_system_id;
	const char *affected;
	bool personal_data;
	int64_t persons_affected;
	const char *attack, *attack_source, *intrusion_route, *ransom_note, *encrypted_extension,
		*malware_family, *indicators, *service_impact, *measures, *summary_internal,
		*summary_public, *procedure_title;
	struct tk_life life;
};
struct incident_event {
	struct tk_rec rec;
	int64_t incident_id, happened_at;
	const char *kind, *who, *what;
	int64_t division_id;
};
struct notice_rule {
	struct tk_rec rec;
	const char *recipient;
	int64_t hours, severity;
	bool personal_data_only;
	const char *note;
};
struct incident_notice {
	struct tk_rec rec;
	int64_t incident_id;
	const char *recipient, *recipient_name;
	int64_t due_at;
	const char *state;
	int64_t told_at;
	const char *told_by, *what;
	int64_t division_id;
};
struct incident_lesson {
	struct tk_rec rec;
	int64_t incident_id;
	const char *title, *due_on;
	int64_t roadmap_item_id, division_id;
};
struct csirt_member {
	struct tk_rec rec;
	const char *role;
	int64_t staff_id;
	const char *name, *phone, *mail, *at_night, *from_on, *to_on;
	int64_t sort;
};
struct suspicious_mail {
	struct tk_rec rec;
	int64_t fiscal_year;
	const char *title, *source, *source_name, *sender;
	int64_t received_at, reported_at;
	bool opened;
	const char *header_sha256, *attachment_sha256, *note, *tlp, *measure;
	int64_t measured_at, told_centre_at, told_nisc_at, incident_id;
	struct tk_life life;
};
struct missent_mail {
	struct tk_rec rec;
	int64_t fiscal_year;
	const char *title;
	int64_t sent_at;
	const char *mistake;
	bool outside;
	int64_t recipients;
	bool personal_data;
	int64_t grade;
	const char *measure, *prevention;
	int64_t incident_id;
	struct tk_life life;
};

/* The program acts where a rule has asked for permission already; the trail names the person. */
struct tk_who tk_incident_by_rule(const struct tk_who *w);
/* Notices that the rules ask for and the incident has not yet, with their deadlines. */
enum tk_rc tk_notices_make(const struct tk_op *op, const struct incident *i) TK_MUST_USE;
/* Notices whose deadline has passed become late. */
enum tk_rc tk_notices_late(const struct tk_op *op) TK_MUST_USE;
