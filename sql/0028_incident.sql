-- Incidents with their time line and notices, CSIRT, suspicious and mis-sent mail (INC-01 ... INC-04, MAIL-01 ... MAIL-04).
CREATE TABLE incident(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	fiscal_year BIGINT NOT NULL,
	title TEXT NOT NULL,
	cause TEXT NOT NULL,
	severity BIGINT,
	detected_at BIGINT NOT NULL,
	began_at BIGINT,
	contained_at BIGINT,
	info_system_id BIGINT,
	affected TEXT,
	personal_data SMALLINT NOT NULL,
	persons_affected BIGINT,
	attack TEXT,
	attack_source TEXT,
	intrusion_route TEXT,
	ransom_note TEXT,
	encrypted_extension TEXT,
	malware_family TEXT,
	indicators TEXT,
	service_impact TEXT,
	measures TEXT,
	summary_internal TEXT,
	summary_public TEXT,
	procedure_title TEXT,
	receipt_no TEXT NOT NULL, state TEXT NOT NULL, due_on TEXT,
	requester_staff_id BIGINT, owner_staff_id BIGINT, deputy_staff_id BIGINT, division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX incident_receipt ON incident(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX incident_state ON incident(division_id, state) WHERE deleted_at IS NULL;
CREATE INDEX incident_year ON incident(fiscal_year);

CREATE TABLE incident_event(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	incident_id BIGINT NOT NULL REFERENCES incident(id),
	happened_at BIGINT NOT NULL,
	kind TEXT NOT NULL,
	who TEXT,
	what TEXT NOT NULL,
	division_id BIGINT);
CREATE INDEX incident_event_incident ON incident_event(incident_id, happened_at);

CREATE TABLE notice_rule(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	recipient TEXT NOT NULL,
	hours BIGINT NOT NULL,
	severity BIGINT,
	personal_data_only SMALLINT NOT NULL,
	note TEXT);
-- To begin with; the office changes them.
INSERT INTO notice_rule(id, version, recipient, hours, severity, personal_data_only) VALUES
	(1, 1, 'ciso', 1, 4, 0), (2, 1, 'nco', 24, 2, 0), (3, 1, 'ministry', 24, 2, 0),
	(4, 1, 'ppc', 72, 4, 1), (5, 1, 'ppc_final', 720, 4, 1);

CREATE TABLE incident_notice(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	incident_id BIGINT NOT NULL REFERENCES incident(id),
	recipient TEXT NOT NULL,
	recipient_name TEXT,
	due_at BIGINT,
	state TEXT NOT NULL,
	told_at BIGINT,
	told_by TEXT,
	what TEXT,
	division_id BIGINT);
CREATE INDEX incident_notice_incident ON incident_notice(incident_id);
CREATE INDEX incident_notice_due ON incident_notice(state, due_at);

CREATE TABLE incident_lesson(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	incident_id BIGINT NOT NULL REFERENCES incident(id),
	title TEXT NOT NULL,
	due_on TEXT,
	roadmap_item_id BIGINT,
	division_id BIGINT);
CREATE INDEX incident_lesson_incident ON incident_lesson(incident_id);

CREATE TABLE csirt_member(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	role TEXT NOT NULL,
	staff_id BIGINT REFERENCES staff(id),
	name TEXT NOT NULL,
	phone TEXT,
	mail TEXT,
	at_night TEXT,
	from_on TEXT,
	to_on TEXT,
	sort BIGINT);

CREATE TABLE suspicious_mail(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	fiscal_year BIGINT NOT NULL,
	title TEXT NOT NULL,
	source TEXT NOT NULL,
	source_name TEXT,
	sender TEXT,
	received_at BIGINT,
	reported_at BIGINT NOT NULL,
	opened SMALLINT NOT NULL,
	header_sha256 TEXT,
	attachment_sha256 TEXT,
	note TEXT,
	tlp TEXT NOT NULL,
	measure TEXT,
	measured_at BIGINT,
	told_centre_at BIGINT,
	told_nisc_at BIGINT,
	incident_id BIGINT REFERENCES incident(id),
	receipt_no TEXT NOT NULL, state TEXT NOT NULL, due_on TEXT,
	requester_staff_id BIGINT, owner_staff_id BIGINT, deputy_staff_id BIGINT, division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX suspicious_mail_receipt ON suspicious_mail(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX suspicious_mail_state ON suspicious_mail(division_id, state) WHERE deleted_at IS NULL;
CREATE INDEX suspicious_mail_year ON suspicious_mail(fiscal_year);

CREATE TABLE missent_mail(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	fiscal_year BIGINT NOT NULL,
	title TEXT NOT NULL,
	sent_at BIGINT NOT NULL,
	mistake TEXT NOT NULL,
	outside SMALLINT NOT NULL,
	recipients BIGINT,
	personal_data SMALLINT NOT NULL,
	grade BIGINT,
	measure TEXT,
	prevention TEXT,
	incident_id BIGINT REFERENCES incident(id),
	receipt_no TEXT NOT NULL, state TEXT NOT NULL, due_on TEXT,
	requester_staff_id BIGINT, owner_staff_id BIGINT, deputy_staff_id BIGINT, division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX missent_mail_receipt ON missent_mail(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX missent_mail_state ON missent_mail(division_id, state) WHERE deleted_at IS NULL;
CREATE INDEX missent_mail_year ON missent_mail(fiscal_year);
