-- Exceptions, take-outs, secure areas, information and its grades.
CREATE TABLE exception_request(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	fiscal_year BIGINT NOT NULL,
	title TEXT NOT NULL,
	policy_document_id BIGINT,
	clause TEXT,
	info_system_id BIGINT,
	system_name TEXT,
	reason TEXT NOT NULL,
	alternative TEXT NOT NULL,
	from_on TEXT NOT NULL,
	to_on TEXT NOT NULL,
	conf_grade TEXT,
	extends_id BIGINT REFERENCES exception_request(id),
	requested_on TEXT NOT NULL,
	decided_on TEXT,
	ended_on TEXT,
	receipt_no TEXT NOT NULL,
	state TEXT NOT NULL,
	due_on TEXT,
	requester_staff_id BIGINT,
	owner_staff_id BIGINT,
	deputy_staff_id BIGINT,
	division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX exception_request_receipt ON exception_request(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX exception_request_state ON exception_request(division_id, state) WHERE deleted_at IS NULL;
CREATE INDEX exception_request_division ON exception_request(division_id);
CREATE INDEX exception_request_requester ON exception_request(requester_staff_id);
CREATE INDEX exception_request_year ON exception_request(fiscal_year);

CREATE TABLE takeout(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	fiscal_year BIGINT NOT NULL,
	title TEXT NOT NULL,
	information_id BIGINT,
	medium TEXT NOT NULL,
	device TEXT,
	conf_grade TEXT NOT NULL,
	integ_grade TEXT,
	avail_grade TEXT,
	no_copy SMALLINT,
	must_encrypt SMALLINT,
	limited SMALLINT,
	handling_note TEXT,
	destination TEXT NOT NULL,
	purpose TEXT NOT NULL,
	encrypted SMALLINT,
	from_on TEXT NOT NULL,
	to_on TEXT NOT NULL,
	requested_on TEXT NOT NULL,
	decided_on TEXT,
	taken_on TEXT,
	back_on TEXT,
	receipt_no TEXT NOT NULL,
	state TEXT NOT NULL,
	due_on TEXT,
	requester_staff_id BIGINT,
	owner_staff_id BIGINT,
	deputy_staff_id BIGINT,
	division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX takeout_receipt ON takeout(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX takeout_state ON takeout(division_id, state) WHERE deleted_at IS NULL;
CREATE INDEX takeout_division ON takeout(division_id);
CREATE INDEX takeout_requester ON takeout(requester_staff_id);
CREATE INDEX takeout_year ON takeout(fiscal_year);

CREATE TABLE secure_area(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	place TEXT,
	division_id BIGINT NOT NULL REFERENCES division(id),
	keeper_staff_id BIGINT,
	deputy_staff_id BIGINT,
	rule TEXT);
CREATE UNIQUE INDEX secure_area_name ON secure_area(name) WHERE deleted_at IS NULL;

CREATE TABLE area_entry(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	fiscal_year BIGINT NOT NULL,
	secure_area_id BIGINT NOT NULL REFERENCES secure_area(id),
	purpose TEXT NOT NULL,
	companion TEXT NOT NULL,
	visitors TEXT,
	brought_in TEXT,
	planned_on TEXT NOT NULL,
	from_division_id BIGINT,
	confirmed_by TEXT,
	entered_at BIGINT,
	left_at BIGINT,
	receipt_no TEXT NOT NULL,
	state TEXT NOT NULL,
	due_on TEXT,
	requester_staff_id BIGINT,
	owner_staff_id BIGINT,
	deputy_staff_id BIGINT,
	division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX area_entry_receipt ON area_entry(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX area_entry_state ON area_entry(division_id, state) WHERE deleted_at IS NULL;
CREATE INDEX area_entry_division ON area_entry(division_id);
CREATE INDEX area_entry_requester ON area_entry(requester_staff_id);
CREATE INDEX area_entry_year ON area_entry(fiscal_year);

CREATE TABLE information(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	draft SMALLINT,
	info_system_id BIGINT,
	place TEXT,
	conf_grade TEXT NOT NULL,
	integ_grade TEXT,
	avail_grade TEXT,
	no_copy SMALLINT,
	must_encrypt SMALLINT,
	limited SMALLINT,
	handling_note TEXT,
	division_id BIGINT NOT NULL REFERENCES division(id),
	keeper_staff_id BIGINT,
	deputy_staff_id BIGINT,
	keep_until TEXT,
	reviewed_on TEXT);
CREATE INDEX information_division ON information(division_id);
CREATE INDEX information_keeper ON information(keeper_staff_id);

-- Documents, their editions, who has read them, and the portal.
CREATE TABLE policy_document(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	level TEXT NOT NULL,
	number TEXT,
	title TEXT NOT NULL,
	parent_id BIGINT REFERENCES policy_document(id),
	info_system_id BIGINT,
	owner_role TEXT,
	sort BIGINT NOT NULL,
	note TEXT);
CREATE INDEX policy_document_parent ON policy_document(parent_id);

CREATE TABLE document_edition(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	policy_document_id BIGINT NOT NULL REFERENCES policy_document(id),
	title TEXT NOT NULL,
	edition BIGINT NOT NULL,
	decided_by TEXT,
	decided_on TEXT,
	from_on TEXT,
	to_on TEXT,
	supersedes_id BIGINT REFERENCES document_edition(id),
	summary TEXT,
	body TEXT,
	must_read SMALLINT,
	published SMALLINT NOT NULL,
	receipt_no TEXT NOT NULL,
	state TEXT NOT NULL,
	due_on TEXT,
	requester_staff_id BIGINT,
	owner_staff_id BIGINT,
	deputy_staff_id BIGINT,
	division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX document_edition_receipt ON document_edition(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX document_edition_state ON document_edition(division_id, state) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX document_edition_number ON document_edition(policy_document_id, edition)
	WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX document_edition_in_force ON document_edition(policy_document_id)
	WHERE state = 'in_force' AND deleted_at IS NULL;

CREATE TABLE conformance(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	from_edition_id BIGINT NOT NULL REFERENCES document_edition(id),
	from_clause TEXT NOT NULL,
	to_edition_id BIGINT NOT NULL REFERENCES document_edition(id),
	to_clause TEXT NOT NULL,
	degree TEXT NOT NULL,
	note TEXT);
CREATE UNIQUE INDEX conformance_link ON conformance(from_edition_id, from_clause, to_edition_id,
	to_clause) WHERE deleted_at IS NULL;

CREATE TABLE portal_notice(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	important SMALLINT,
	from_on TEXT NOT NULL,
	to_on TEXT,
	published SMALLINT NOT NULL);

CREATE TABLE portal_question(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	question TEXT NOT NULL,
	policy_document_id BIGINT REFERENCES policy_document(id),
	answer TEXT,
	answered_on TEXT,
	published SMALLINT NOT NULL,
	receipt_no TEXT NOT NULL,
	state TEXT NOT NULL,
	due_on TEXT,
	requester_staff_id BIGINT,
	owner_staff_id BIGINT,
	deputy_staff_id BIGINT,
	division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX portal_question_receipt ON portal_question(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX portal_question_state ON portal_question(division_id, state) WHERE deleted_at IS NULL;

CREATE TABLE document_read(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	document_edition_id BIGINT NOT NULL REFERENCES document_edition(id),
	staff_id BIGINT NOT NULL REFERENCES staff(id),
	division_id BIGINT NOT NULL REFERENCES division(id),
	read_at BIGINT NOT NULL);
CREATE UNIQUE INDEX document_read_once ON document_read(document_edition_id, staff_id)
	WHERE deleted_at IS NULL;
CREATE INDEX document_read_staff ON document_read(staff_id);
