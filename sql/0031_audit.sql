-- Audits of a fiscal year, what they found, and which roles exclude each other (AUD, ORG-15).
CREATE TABLE audit_plan(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	fiscal_year BIGINT NOT NULL,
	basis TEXT,
	content TEXT,
	advised_on TEXT,
	advised_by TEXT,
	approved_on TEXT,
	approved_by TEXT,
	receipt_no TEXT NOT NULL,
	state TEXT NOT NULL,
	due_on TEXT,
	requester_staff_id BIGINT,
	owner_staff_id BIGINT,
	deputy_staff_id BIGINT,
	division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX audit_plan_receipt ON audit_plan(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX audit_plan_state ON audit_plan(division_id, state) WHERE deleted_at IS NULL;

CREATE TABLE audit(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	plan_id BIGINT NOT NULL REFERENCES audit_plan(id),
	kind TEXT NOT NULL,
	basis TEXT NOT NULL,
	targets TEXT,
	auditor TEXT NOT NULL,
	auditor_staff_id BIGINT,
	contractor_id BIGINT,
	from_on TEXT,
	to_on TEXT,
	evaluation TEXT,
	skip_reason TEXT,
	receipt_no TEXT NOT NULL,
	state TEXT NOT NULL,
	due_on TEXT,
	requester_staff_id BIGINT,
	owner_staff_id BIGINT,
	deputy_staff_id BIGINT,
	division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX audit_receipt ON audit(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX audit_state ON audit(division_id, state) WHERE deleted_at IS NULL;
CREATE INDEX audit_of_plan ON audit(plan_id);

CREATE TABLE audit_target(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	audit_id BIGINT NOT NULL REFERENCES audit(id),
	info_system_id BIGINT NOT NULL,
	note TEXT);
CREATE UNIQUE INDEX audit_target_system ON audit_target(audit_id, info_system_id)
	WHERE deleted_at IS NULL;

CREATE TABLE finding(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	code TEXT NOT NULL,
	audit_id BIGINT NOT NULL REFERENCES audit(id),
	info_system_id BIGINT,
	severity TEXT NOT NULL,
	clause TEXT,
	detail TEXT NOT NULL,
	recommendation TEXT,
	plan TEXT,
	planned_on TEXT,
	result TEXT,
	done_on TEXT,
	confirmed_on TEXT,
	confirmed_by TEXT,
	receipt_no TEXT NOT NULL,
	state TEXT NOT NULL,
	due_on TEXT,
	requester_staff_id BIGINT,
	owner_staff_id BIGINT,
	deputy_staff_id BIGINT,
	division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX finding_receipt ON finding(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX finding_state ON finding(division_id, state) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX finding_code ON finding(code) WHERE deleted_at IS NULL;
CREATE INDEX finding_audit ON finding(audit_id);
CREATE INDEX finding_division ON finding(division_id);

CREATE TABLE audit_report(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	plan_id BIGINT NOT NULL REFERENCES audit_plan(id),
	content TEXT NOT NULL,
	reported_on TEXT,
	received_on TEXT,
	received_by TEXT,
	receipt_no TEXT NOT NULL,
	state TEXT NOT NULL,
	due_on TEXT,
	requester_staff_id BIGINT,
	owner_staff_id BIGINT,
	deputy_staff_id BIGINT,
	division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX audit_report_receipt ON audit_report(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX audit_report_state ON audit_report(division_id, state) WHERE deleted_at IS NULL;

-- Roles that nobody holds together.  The office may add to them.
CREATE TABLE role_conflict(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	role TEXT NOT NULL,
	other TEXT NOT NULL,
	reason TEXT);
INSERT INTO role_conflict(id, version, role, other, reason) VALUES
	(1, 1, 'role_audit_head', 'role_ciso', NULL),
	(2, 1, 'role_audit_head', 'role_general_officer', NULL),
	(3, 1, 'role_audit_head', 'role_deputy_general_officer', NULL),
	(4, 1, 'role_audit_head', 'role_bureau_officer', NULL),
	(5, 1, 'role_audit_head', 'role_system_officer', NULL),
	(6, 1, 'role_audit_head', 'role_division_officer', NULL),
	(7, 1, 'role_audit_head', 'role_bureau_clerk', NULL),
	(8, 1, 'role_audit_head', 'role_system_clerk', NULL),
	(9, 1, 'role_audit_head', 'role_division_clerk', NULL);
