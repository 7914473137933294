-- Questionnaire, campaign, responses, cases.
CREATE TABLE form(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	code TEXT NOT NULL,
	title_ja TEXT NOT NULL,
	title_en TEXT);
CREATE UNIQUE INDEX form_code ON form(code) WHERE deleted_at IS NULL;

CREATE TABLE form_version(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	form_id BIGINT NOT NULL REFERENCES form(id),
	number BIGINT NOT NULL,
	state TEXT NOT NULL,
	published_at BIGINT,
	digest TEXT);
CREATE UNIQUE INDEX form_version_number ON form_version(form_id, number) WHERE deleted_at IS NULL;

CREATE TABLE form_item(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	form_version_id BIGINT NOT NULL REFERENCES form_version(id),
	sort BIGINT NOT NULL,
	kind TEXT NOT NULL,
	code TEXT NOT NULL,
	group_code TEXT,
	label_ja TEXT NOT NULL,
	label_en TEXT,
	hint_ja TEXT,
	hint_en TEXT,
	audience TEXT,
	clause TEXT,
	required SMALLINT NOT NULL,
	relevant TEXT,
	list TEXT,
	not_applicable SMALLINT NOT NULL,
	dont_know SMALLINT NOT NULL,
	evidence SMALLINT NOT NULL,
	min_value BIGINT,
	max_value BIGINT);
CREATE UNIQUE INDEX form_item_code ON form_item(form_version_id, code) WHERE deleted_at IS NULL;
CREATE INDEX form_item_sort ON form_item(form_version_id, sort);

CREATE TABLE choice(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	form_version_id BIGINT NOT NULL REFERENCES form_version(id),
	list TEXT NOT NULL,
	code TEXT NOT NULL,
	label_ja TEXT NOT NULL,
	label_en TEXT,
	sort BIGINT NOT NULL);
CREATE UNIQUE INDEX choice_code ON choice(form_version_id, list, code) WHERE deleted_at IS NULL;

CREATE TABLE campaign(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	name TEXT NOT NULL,
	title_ja TEXT NOT NULL,
	title_en TEXT,
	fiscal_year BIGINT NOT NULL,
	form_version_id BIGINT NOT NULL REFERENCES form_version(id),
	state TEXT NOT NULL,
	opens_on TEXT,
	closes_on TEXT,
	population TEXT,
	follow_up_of BIGINT REFERENCES campaign(id),
	base_date TEXT,
	opened_at BIGINT,
	closed_at BIGINT,
	epoch BIGINT NOT NULL);
CREATE UNIQUE INDEX campaign_name ON campaign(name) WHERE deleted_at IS NULL;

CREATE TABLE respondent(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	campaign_id BIGINT NOT NULL REFERENCES campaign(id),
	staff_id BIGINT NOT NULL REFERENCES staff(id),
	staff_number TEXT NOT NULL,
	name TEXT NOT NULL,
	kana TEXT,
	mail TEXT,
	bureau_id BIGINT NOT NULL REFERENCES bureau(id),
	division_id BIGINT NOT NULL REFERENCES division(id),
	post_id BIGINT REFERENCES post(id),
	roles TEXT NOT NULL,
	state TEXT NOT NULL,
	asked_only TEXT,
	joined_late SMALLINT NOT NULL,
	reminded_at BIGINT);
CREATE UNIQUE INDEX respondent_staff ON respondent(campaign_id, staff_id);
CREATE INDEX respondent_number ON respondent(campaign_id, staff_number);
CREATE INDEX respondent_division ON respondent(campaign_id, division_id);
CREATE INDEX respondent_person ON respondent(staff_id);

CREATE TABLE response(
	id BIGINT PRIMARY KEY,
	campaign_id BIGINT NOT NULL,
	division_id BIGINT NOT NULL,
	state TEXT NOT NULL,
	version BIGINT NOT NULL,
	answers BYTEA NOT NULL,
	side TEXT,
	receipt_no TEXT,
	submitted_at BIGINT,
	send_back TEXT,
	changed_ms BIGINT NOT NULL);
CREATE INDEX response_changed ON response(campaign_id, changed_ms);
CREATE UNIQUE INDEX response_receipt ON response(receipt_no) WHERE receipt_no IS NOT NULL;

CREATE TABLE evidence_file(
	id BIGINT PRIMARY KEY,
	response_id BIGINT NOT NULL,
	campaign_id BIGINT NOT NULL,
	item_code TEXT NOT NULL,
	name TEXT NOT NULL,
	media_type TEXT NOT NULL,
	size BIGINT NOT NULL,
	sha256 TEXT NOT NULL,
	content BYTEA NOT NULL,
	created_at BIGINT NOT NULL,
	deleted_at BIGINT);
CREATE INDEX evidence_file_response ON evidence_file(response_id);

CREATE TABLE tk_case(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	type TEXT NOT NULL,
	receipt_no TEXT NOT NULL,
	subject_type TEXT NOT NULL,
	subject_id BIGINT NOT NULL,
	parent_id BIGINT,
	bureau_id BIGINT,
	division_id BIGINT,
	state TEXT NOT NULL,
	title TEXT NOT NULL,
	owner_id BIGINT,
	due_on TEXT,
	opened_at BIGINT NOT NULL,
	closed_at BIGINT);
CREATE UNIQUE INDEX tk_case_receipt ON tk_case(receipt_no);
CREATE INDEX tk_case_subject ON tk_case(subject_type, subject_id);
CREATE INDEX tk_case_parent ON tk_case(parent_id, type, division_id);

CREATE TABLE case_log(
	id BIGINT PRIMARY KEY,
	case_id BIGINT NOT NULL REFERENCES tk_case(id),
	at BIGINT NOT NULL,
	account_id BIGINT,
	who TEXT NOT NULL,
	action TEXT NOT NULL,
	from_state TEXT NOT NULL,
	to_state TEXT NOT NULL,
	comment TEXT);
CREATE INDEX case_log_case ON case_log(case_id);

CREATE TABLE follow_up(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	campaign_id BIGINT NOT NULL REFERENCES campaign(id),
	item_code TEXT NOT NULL,
	label_ja TEXT NOT NULL,
	label_en TEXT,
	audience TEXT NOT NULL,
	numerator BIGINT NOT NULL,
	denominator BIGINT NOT NULL,
	measure TEXT,
	division_id BIGINT REFERENCES division(id),
	due_on TEXT,
	state TEXT NOT NULL);
CREATE UNIQUE INDEX follow_up_item ON follow_up(campaign_id, item_code) WHERE deleted_at IS NULL;
