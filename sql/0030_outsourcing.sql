-- Contractors, the guide for procurement specifications, and what follows from it (OUT).
CREATE TABLE contractor(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	name TEXT NOT NULL,
	kana TEXT,
	corporate_number TEXT,
	address TEXT,
	contact TEXT,
	phone TEXT,
	mail TEXT,
	certification TEXT,
	certified_until TEXT,
	note TEXT);
CREATE INDEX contractor_number ON contractor(corporate_number) WHERE deleted_at IS NULL;

CREATE TABLE spec_guide(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	edition BIGINT NOT NULL,
	in_force_on TEXT,
	revised_from_id BIGINT REFERENCES spec_guide(id),
	note TEXT);

CREATE TABLE spec_guide_item(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	guide_id BIGINT NOT NULL REFERENCES spec_guide(id),
	number TEXT NOT NULL,
	sort BIGINT,
	text_ja TEXT NOT NULL,
	text_en TEXT,
	required TEXT NOT NULL,
	survey_item TEXT);
CREATE UNIQUE INDEX spec_guide_item_number ON spec_guide_item(guide_id, number)
	WHERE deleted_at IS NULL;

CREATE TABLE procurement_spec(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	info_system_id BIGINT,
	guide_id BIGINT REFERENCES spec_guide(id),
	fiscal_year BIGINT NOT NULL,
	planned_contract TEXT,
	planned_on TEXT,
	value BIGINT,
	importance TEXT NOT NULL,
	connects SMALLINT NOT NULL,
	note TEXT,
	checked_on TEXT,
	checked_by TEXT,
	advised_on TEXT,
	advised_by TEXT,
	opinion TEXT,
	opinion_on TEXT,
	opinion_by TEXT,
	accepted_on TEXT,
	accepted_by TEXT,
	receipt_no TEXT NOT NULL,
	state TEXT NOT NULL,
	due_on TEXT,
	requester_staff_id BIGINT,
	owner_staff_id BIGINT,
	deputy_staff_id BIGINT,
	division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX procurement_spec_receipt ON procurement_spec(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX procurement_spec_state ON procurement_spec(division_id, state) WHERE deleted_at IS NULL;
CREATE INDEX procurement_spec_division ON procurement_spec(division_id);

CREATE TABLE spec_check(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	spec_id BIGINT NOT NULL REFERENCES procurement_spec(id),
	guide_item_id BIGINT NOT NULL REFERENCES spec_guide_item(id),
	required SMALLINT NOT NULL,
	verdict TEXT,
	remark TEXT,
	division_id BIGINT);
CREATE UNIQUE INDEX spec_check_item ON spec_check(spec_id, guide_item_id)
	WHERE deleted_at IS NULL;

CREATE TABLE contract(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	spec_id BIGINT NOT NULL REFERENCES procurement_spec(id),
	contractor_id BIGINT NOT NULL REFERENCES contractor(id),
	number TEXT,
	title TEXT NOT NULL,
	signed_on TEXT NOT NULL,
	from_on TEXT NOT NULL,
	to_on TEXT NOT NULL,
	amount BIGINT,
	obligations TEXT NOT NULL,
	level TEXT NOT NULL,
	confirm_months BIGINT,
	note TEXT,
	division_id BIGINT);
CREATE INDEX contract_spec ON contract(spec_id);
CREATE INDEX contract_contractor ON contract(contractor_id);

CREATE TABLE contract_confirmation(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	contract_id BIGINT NOT NULL REFERENCES contract(id),
	title TEXT NOT NULL,
	confirmed_on TEXT,
	result TEXT,
	receipt_no TEXT NOT NULL,
	state TEXT NOT NULL,
	due_on TEXT,
	requester_staff_id BIGINT,
	owner_staff_id BIGINT,
	deputy_staff_id BIGINT,
	division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX contract_confirmation_receipt ON contract_confirmation(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX contract_confirmation_state ON contract_confirmation(division_id, state) WHERE deleted_at IS NULL;
CREATE INDEX contract_confirmation_contract ON contract_confirmation(contract_id, due_on);

CREATE TABLE subcontract(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	contract_id BIGINT NOT NULL REFERENCES contract(id),
	parent_id BIGINT REFERENCES subcontract(id),
	contractor_id BIGINT NOT NULL REFERENCES contractor(id),
	scope TEXT NOT NULL,
	approved_on TEXT,
	note TEXT,
	division_id BIGINT);
CREATE INDEX subcontract_contract ON subcontract(contract_id);

CREATE TABLE connection_check(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	contract_id BIGINT NOT NULL REFERENCES contract(id),
	checked_on TEXT NOT NULL,
	importance TEXT NOT NULL,
	points BIGINT NOT NULL,
	satisfied BIGINT NOT NULL,
	shortfall TEXT,
	condition TEXT,
	division_id BIGINT);
CREATE INDEX connection_check_contract ON connection_check(contract_id);
