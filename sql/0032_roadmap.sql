-- Measures against threats, and every improvement that some register asks for (RMP).
CREATE TABLE roadmap_item(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title TEXT NOT NULL,
	threat TEXT,
	property TEXT,
	measure TEXT,
	cost BIGINT,
	fiscal_year BIGINT NOT NULL,
	raised_on TEXT NOT NULL,
	source_type TEXT,
	source_id BIGINT,
	source_label TEXT,
	advised_on TEXT,
	advised_by TEXT,
	receipt_no TEXT NOT NULL,
	state TEXT NOT NULL,
	due_on TEXT,
	requester_staff_id BIGINT,
	owner_staff_id BIGINT,
	deputy_staff_id BIGINT,
	division_id BIGINT,
	closed_at BIGINT);
CREATE UNIQUE INDEX roadmap_item_receipt ON roadmap_item(receipt_no) WHERE deleted_at IS NULL;
CREATE INDEX roadmap_item_state ON roadmap_item(division_id, state) WHERE deleted_at IS NULL;
CREATE INDEX roadmap_item_source ON roadmap_item(source_type, source_id);
CREATE INDEX roadmap_item_division ON roadmap_item(division_id);
