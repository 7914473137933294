-- The ledger of information systems (AST) and what belongs to them; division_id of the parts is
-- that of the system's owner.
CREATE TABLE info_system(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT,
	purpose TEXT,
	overview TEXT,
	owner_division_id BIGINT NOT NULL REFERENCES division(id),
	contractor TEXT,
	for_public SMALLINT NOT NULL,
	for_bureaus SMALLINT NOT NULL,
	for_sro SMALLINT NOT NULL,
	conf_grade TEXT,
	integ_grade TEXT,
	avail_grade TEXT,
	from_on TEXT,
	to_on TEXT,
	hardware TEXT,
	software TEXT,
	priority SMALLINT NOT NULL,
	operation_rule TEXT,
	contact TEXT,
	note TEXT);
CREATE UNIQUE INDEX info_system_code ON info_system(code) WHERE deleted_at IS NULL;
CREATE INDEX info_system_owner ON info_system(owner_division_id);

CREATE TABLE server(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	info_system_id BIGINT NOT NULL REFERENCES info_system(id),
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	address TEXT,
	os TEXT,
	place TEXT,
	from_on TEXT,
	to_on TEXT,
	note TEXT,
	division_id BIGINT);
CREATE UNIQUE INDEX server_name ON server(name) WHERE deleted_at IS NULL;
CREATE INDEX server_system ON server(info_system_id);

CREATE TABLE software(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	info_system_id BIGINT NOT NULL REFERENCES info_system(id),
	server_id BIGINT REFERENCES server(id),
	product TEXT NOT NULL,
	edition TEXT,
	vendor TEXT,
	support_until TEXT,
	note TEXT,
	division_id BIGINT);
CREATE INDEX software_system ON software(info_system_id);

CREATE TABLE system_cost(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	info_system_id BIGINT NOT NULL REFERENCES info_system(id),
	fiscal_year BIGINT NOT NULL,
	kind TEXT NOT NULL,
	yen BIGINT NOT NULL,
	note TEXT,
	division_id BIGINT);
CREATE UNIQUE INDEX system_cost_one ON system_cost(info_system_id, fiscal_year, kind) WHERE deleted_at IS NULL;

CREATE TABLE system_update(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	info_system_id BIGINT NOT NULL REFERENCES info_system(id),
	fiscal_year BIGINT NOT NULL,
	changes TEXT,
	confirmed_on TEXT,
	receipt_no TEXT NOT NULL, state TEXT NOT NULL, due_on TEXT, requester_staff_id BIGINT,
	owner_staff_id BIGINT, deputy_staff_id BIGINT, division_id BIGINT, closed_at BIGINT);
CREATE UNIQUE INDEX system_update_one ON system_update(info_system_id, fiscal_year) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX system_update_receipt ON system_update(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX system_update_state ON system_update(division_id, state) WHERE deleted_at IS NULL;

CREATE TABLE vuln_notice(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	received_on TEXT NOT NULL,
	source TEXT,
	number TEXT,
	products TEXT,
	severity TEXT NOT NULL,
	overview TEXT,
	measure TEXT);
CREATE INDEX vuln_notice_day ON vuln_notice(received_on);

CREATE TABLE vuln_response(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	vuln_notice_id BIGINT NOT NULL REFERENCES vuln_notice(id),
	info_system_id BIGINT NOT NULL REFERENCES info_system(id),
	software TEXT,
	result TEXT,
	closed_on TEXT,
	receipt_no TEXT NOT NULL, state TEXT NOT NULL, due_on TEXT, requester_staff_id BIGINT,
	owner_staff_id BIGINT, deputy_staff_id BIGINT, division_id BIGINT, closed_at BIGINT);
CREATE UNIQUE INDEX vuln_response_one ON vuln_response(vuln_notice_id, info_system_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX vuln_response_receipt ON vuln_response(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX vuln_response_state ON vuln_response(division_id, state) WHERE deleted_at IS NULL;

-- Continuity (BCP).
CREATE TABLE bcp_plan(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	name TEXT NOT NULL,
	scenario TEXT NOT NULL,
	scenario_text TEXT,
	division_id BIGINT,
	made_on TEXT,
	revised_on TEXT,
	edition BIGINT,
	note TEXT);
CREATE UNIQUE INDEX bcp_plan_name ON bcp_plan(name) WHERE deleted_at IS NULL;

CREATE TABLE bcp_edition(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	bcp_plan_id BIGINT NOT NULL REFERENCES bcp_plan(id),
	edition BIGINT NOT NULL,
	decided_on TEXT NOT NULL,
	changes TEXT,
	division_id BIGINT);
CREATE UNIQUE INDEX bcp_edition_one ON bcp_edition(bcp_plan_id, edition) WHERE deleted_at IS NULL;

CREATE TABLE priority_work(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	name TEXT NOT NULL,
	division_id BIGINT NOT NULL REFERENCES division(id),
	bcp_plan_id BIGINT REFERENCES bcp_plan(id),
	info_system_id BIGINT REFERENCES info_system(id),
	target_hours BIGINT,
	note TEXT);

CREATE TABLE bcp_manual(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	info_system_id BIGINT NOT NULL REFERENCES info_system(id),
	edition BIGINT,
	made_on TEXT,
	revised_on TEXT,
	place TEXT,
	note TEXT,
	division_id BIGINT);
CREATE UNIQUE INDEX bcp_manual_one ON bcp_manual(info_system_id) WHERE deleted_at IS NULL;

CREATE TABLE bcp_measure(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	info_system_id BIGINT NOT NULL REFERENCES info_system(id),
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	checked_on TEXT,
	cause TEXT,
	due_on TEXT,
	done_on TEXT,
	improvement_id BIGINT,
	note TEXT,
	division_id BIGINT);
CREATE UNIQUE INDEX bcp_measure_one ON bcp_measure(info_system_id, kind, title) WHERE deleted_at IS NULL;

CREATE TABLE bcp_exercise(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	held_on TEXT NOT NULL,
	bcp_plan_id BIGINT REFERENCES bcp_plan(id),
	info_system_id BIGINT REFERENCES info_system(id),
	division_id BIGINT,
	participants BIGINT,
	result TEXT NOT NULL,
	problems TEXT,
	lessons TEXT);

CREATE TABLE bcp_activation(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	event TEXT NOT NULL,
	from_on TEXT NOT NULL,
	to_on TEXT,
	division_id BIGINT NOT NULL REFERENCES division(id),
	bcp_plan_id BIGINT REFERENCES bcp_plan(id),
	had_plan SMALLINT NOT NULL,
	activated SMALLINT NOT NULL,
	evaluation TEXT,
	evaluation_text TEXT);
CREATE UNIQUE INDEX bcp_activation_one ON bcp_activation(event, division_id) WHERE deleted_at IS NULL;

-- Technical inspection (TECH).
CREATE TABLE tech_check(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	fiscal_year BIGINT NOT NULL,
	code TEXT NOT NULL,
	title TEXT NOT NULL,
	server_kind TEXT NOT NULL,
	category TEXT NOT NULL,
	text TEXT NOT NULL,
	text_en TEXT,
	sort BIGINT NOT NULL,
	clause TEXT);
CREATE UNIQUE INDEX tech_check_code ON tech_check(fiscal_year, code) WHERE deleted_at IS NULL;

CREATE TABLE tech_round(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	fiscal_year BIGINT NOT NULL,
	from_on TEXT NOT NULL,
	to_on TEXT NOT NULL,
	inspector TEXT,
	note TEXT,
	receipt_no TEXT NOT NULL, state TEXT NOT NULL, due_on TEXT, requester_staff_id BIGINT,
	owner_staff_id BIGINT, deputy_staff_id BIGINT, division_id BIGINT, closed_at BIGINT);
CREATE INDEX tech_round_year ON tech_round(fiscal_year);
CREATE UNIQUE INDEX tech_round_receipt ON tech_round(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX tech_round_state ON tech_round(division_id, state) WHERE deleted_at IS NULL;

CREATE TABLE tech_result(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	tech_round_id BIGINT NOT NULL REFERENCES tech_round(id),
	server_id BIGINT NOT NULL REFERENCES server(id),
	tech_check_id BIGINT NOT NULL REFERENCES tech_check(id),
	result TEXT NOT NULL,
	evidence TEXT,
	inspector TEXT,
	inspected_on TEXT,
	measure TEXT,
	due_on TEXT,
	done_on TEXT,
	improvement_id BIGINT,
	division_id BIGINT);
CREATE UNIQUE INDEX tech_result_one ON tech_result(tech_round_id, server_id, tech_check_id) WHERE deleted_at IS NULL;
CREATE INDEX tech_result_server ON tech_result(server_id);

CREATE TABLE tech_measure(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	fiscal_year BIGINT NOT NULL,
	info_system_id BIGINT REFERENCES info_system(id),
	purpose TEXT,
	introduced_on TEXT,
	operation_on TEXT,
	note TEXT,
	receipt_no TEXT NOT NULL, state TEXT NOT NULL, due_on TEXT, requester_staff_id BIGINT,
	owner_staff_id BIGINT, deputy_staff_id BIGINT, division_id BIGINT, closed_at BIGINT);
CREATE UNIQUE INDEX tech_measure_receipt ON tech_measure(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX tech_measure_state ON tech_measure(division_id, state) WHERE deleted_at IS NULL;
