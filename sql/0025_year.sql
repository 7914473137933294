-- What a fact of a fiscal year is, as it was computed last (src/fact): no rows are kept, only their digest.
CREATE TABLE fact_value(
	fact TEXT NOT NULL,
	year BIGINT NOT NULL,
	missing SMALLINT NOT NULL,
	why TEXT,
	numerator BIGINT NOT NULL,
	denominator BIGINT NOT NULL,
	value_x10 BIGINT NOT NULL,
	base_date TEXT NOT NULL,
	digest TEXT NOT NULL,
	computed_at BIGINT NOT NULL,
	PRIMARY KEY(fact, year));

CREATE TABLE committee_meeting(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	fiscal_year BIGINT NOT NULL,
	held_on TEXT NOT NULL,
	title TEXT NOT NULL,
	agenda TEXT,
	decisions TEXT,
	approves_policy SMALLINT NOT NULL,
	minutes TEXT);
CREATE INDEX committee_meeting_year ON committee_meeting(fiscal_year, held_on);

CREATE TABLE year_event(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	fiscal_year BIGINT NOT NULL,
	happened_on TEXT NOT NULL,
	kind TEXT NOT NULL,
	title TEXT NOT NULL,
	decided_by TEXT,
	committee_meeting_id BIGINT REFERENCES committee_meeting(id),
	source TEXT,
	is_pivot SMALLINT NOT NULL,
	note TEXT);
CREATE INDEX year_event_day ON year_event(happened_on);

CREATE TABLE activity(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	fiscal_year BIGINT NOT NULL,
	phase TEXT NOT NULL,
	title TEXT NOT NULL,
	from_on TEXT NOT NULL,
	to_on TEXT NOT NULL,
	note TEXT,
	carried_from_id BIGINT REFERENCES activity(id),
	receipt_no TEXT NOT NULL, state TEXT NOT NULL, due_on TEXT,
	requester_staff_id BIGINT, owner_staff_id BIGINT, deputy_staff_id BIGINT, division_id BIGINT, closed_at BIGINT);
CREATE UNIQUE INDEX activity_receipt ON activity(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX activity_state ON activity(division_id, state) WHERE deleted_at IS NULL;
CREATE INDEX activity_year ON activity(fiscal_year);
CREATE UNIQUE INDEX activity_carried ON activity(carried_from_id, fiscal_year) WHERE deleted_at IS NULL AND carried_from_id IS NOT NULL;

CREATE TABLE problem(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	fiscal_year BIGINT NOT NULL,
	found_year BIGINT NOT NULL,
	source TEXT NOT NULL,
	title TEXT NOT NULL,
	description TEXT,
	measure TEXT,
	result TEXT,
	carried_from_id BIGINT REFERENCES problem(id),
	receipt_no TEXT NOT NULL, state TEXT NOT NULL, due_on TEXT,
	requester_staff_id BIGINT, owner_staff_id BIGINT, deputy_staff_id BIGINT, division_id BIGINT, closed_at BIGINT);
CREATE UNIQUE INDEX problem_receipt ON problem(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX problem_state ON problem(division_id, state) WHERE deleted_at IS NULL;
CREATE INDEX problem_year ON problem(fiscal_year);
CREATE UNIQUE INDEX problem_carried ON problem(carried_from_id) WHERE deleted_at IS NULL AND carried_from_id IS NOT NULL;

-- The calendar of a person for a calendar program: only the digest of the secret in its address.
CREATE TABLE calendar_link(
	digest TEXT PRIMARY KEY,
	account_id BIGINT NOT NULL REFERENCES account(id),
	created_at BIGINT NOT NULL);
CREATE UNIQUE INDEX calendar_link_account ON calendar_link(account_id);
