-- The panel of institutions (SRV-01), and respondents that are institutions beside those that are staff.
CREATE TABLE sector(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT,
	sort BIGINT NOT NULL,
	note TEXT);
CREATE UNIQUE INDEX sector_code ON sector(code) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX sector_name ON sector(name) WHERE deleted_at IS NULL;

CREATE TABLE institution(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	kana TEXT,
	name_en TEXT,
	corporate_number TEXT,
	bank_code TEXT,
	sector_id BIGINT NOT NULL REFERENCES sector(id),
	prefecture TEXT,
	joined_on TEXT,
	left_on TEXT,
	note TEXT);
CREATE UNIQUE INDEX institution_code ON institution(code) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX institution_corporate ON institution(corporate_number) WHERE deleted_at IS NULL AND corporate_number IS NOT NULL;
CREATE INDEX institution_sector ON institution(sector_id);

-- What changes over time (size, group, licence): value NULL is a plain mark.
CREATE TABLE institution_attribute(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	institution_id BIGINT NOT NULL REFERENCES institution(id),
	name TEXT NOT NULL,
	value TEXT,
	from_on TEXT NOT NULL,
	to_on TEXT);
CREATE INDEX institution_attribute_of ON institution_attribute(institution_id, name);

CREATE TABLE contact(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	institution_id BIGINT NOT NULL REFERENCES institution(id),
	name TEXT NOT NULL,
	kana TEXT,
	department TEXT,
	mail TEXT,
	phone TEXT,
	coordinator SMALLINT NOT NULL);
CREATE INDEX contact_institution ON contact(institution_id);

ALTER TABLE account ADD COLUMN institution_id BIGINT REFERENCES institution(id);
ALTER TABLE account ADD COLUMN contact_id BIGINT REFERENCES contact(id);
CREATE INDEX account_institution ON account(institution_id) WHERE institution_id IS NOT NULL;

-- 'staff' or 'institution'
ALTER TABLE campaign ADD COLUMN asks TEXT NOT NULL DEFAULT 'staff';

-- A respondent is a member of staff (with bureau and division) or an institution (with sector).
CREATE TABLE respondent_next(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	campaign_id BIGINT NOT NULL REFERENCES campaign(id),
	staff_id BIGINT REFERENCES staff(id),
	staff_number TEXT,
	institution_id BIGINT REFERENCES institution(id),
	institution_code TEXT,
	name TEXT NOT NULL,
	kana TEXT,
	mail TEXT,
	bureau_id BIGINT REFERENCES bureau(id),
	division_id BIGINT REFERENCES division(id),
	post_id BIGINT REFERENCES post(id),
	sector_id BIGINT REFERENCES sector(id),
	prefecture TEXT,
	attributes TEXT,
	roles TEXT NOT NULL,
	state TEXT NOT NULL,
	asked_only TEXT,
	joined_late SMALLINT NOT NULL,
	reminded_at BIGINT,
	CHECK((staff_id IS NULL) <> (institution_id IS NULL)),
	CHECK(staff_id IS NULL OR (staff_number IS NOT NULL AND bureau_id IS NOT NULL AND division_id IS NOT NULL)),
	CHECK(institution_id IS NULL OR (institution_code IS NOT NULL AND sector_id IS NOT NULL)));
INSERT INTO respondent_next(id, version, deleted_at, campaign_id, staff_id, staff_number, name, kana, mail, bureau_id,
	division_id, post_id, roles, state, asked_only, joined_late, reminded_at)
	SELECT id, version, deleted_at, campaign_id, staff_id, staff_number, name, kana, mail, bureau_id,
	division_id, post_id, roles, state, asked_only, joined_late, reminded_at FROM respondent;
DROP TABLE respondent;
ALTER TABLE respondent_next RENAME TO respondent;
CREATE UNIQUE INDEX respondent_staff ON respondent(campaign_id, staff_id) WHERE staff_id IS NOT NULL;
CREATE UNIQUE INDEX respondent_institution ON respondent(campaign_id, institution_id) WHERE institution_id IS NOT NULL;
CREATE INDEX respondent_number ON respondent(campaign_id, staff_number);
CREATE INDEX respondent_division ON respondent(campaign_id, division_id);
CREATE INDEX respondent_person ON respondent(staff_id);
CREATE INDEX respondent_panel ON respondent(institution_id) WHERE institution_id IS NOT NULL;

CREATE TABLE response_next(
	id BIGINT PRIMARY KEY,
	campaign_id BIGINT NOT NULL,
	division_id BIGINT,
	state TEXT NOT NULL,
	version BIGINT NOT NULL,
	answers BYTEA NOT NULL,
	side TEXT,
	receipt_no TEXT,
	submitted_at BIGINT,
	send_back TEXT,
	changed_ms BIGINT NOT NULL);
INSERT INTO response_next(id, campaign_id, division_id, state, version, answers, side, receipt_no, submitted_at, send_back, changed_ms)
	SELECT id, campaign_id, division_id, state, version, answers, side, receipt_no, submitted_at, send_back, changed_ms FROM response;
DROP TABLE response;
ALTER TABLE response_next RENAME TO response;
CREATE INDEX response_changed ON response(campaign_id, changed_ms);
CREATE UNIQUE INDEX response_receipt ON response(receipt_no) WHERE receipt_no IS NOT NULL;
