-- The organisation (ORG-01 ... ORG-16) and the accounts of its people.
CREATE TABLE fiscal_year(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	year BIGINT NOT NULL,
	name TEXT NOT NULL,
	starts_on TEXT NOT NULL,
	ends_on TEXT NOT NULL,
	state TEXT NOT NULL,
	base_date TEXT);
CREATE UNIQUE INDEX fiscal_year_year ON fiscal_year(year) WHERE deleted_at IS NULL;

CREATE TABLE bureau(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT,
	sort BIGINT NOT NULL);
CREATE UNIQUE INDEX bureau_code ON bureau(code) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX bureau_name ON bureau(name) WHERE deleted_at IS NULL;

CREATE TABLE division(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	bureau_id BIGINT NOT NULL REFERENCES bureau(id),
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT,
	sort BIGINT NOT NULL,
	owns_system SMALLINT NOT NULL);
CREATE UNIQUE INDEX division_code ON division(code) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX division_name ON division(bureau_id, name) WHERE deleted_at IS NULL;

CREATE TABLE post(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT,
	rank BIGINT NOT NULL,
	is_head SMALLINT NOT NULL);
CREATE UNIQUE INDEX post_code ON post(code) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX post_name ON post(name) WHERE deleted_at IS NULL;

CREATE TABLE staff(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	staff_number TEXT NOT NULL,
	name TEXT NOT NULL,
	kana TEXT,
	mail TEXT,
	division_id BIGINT NOT NULL REFERENCES division(id),
	post_id BIGINT REFERENCES post(id),
	joined_on TEXT,
	left_on TEXT);
CREATE UNIQUE INDEX staff_number ON staff(staff_number) WHERE deleted_at IS NULL;
CREATE INDEX staff_division ON staff(division_id);

CREATE TABLE role_holder(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	role TEXT NOT NULL,
	holder_kind TEXT NOT NULL,
	post_id BIGINT REFERENCES post(id),
	staff_id BIGINT REFERENCES staff(id),
	outside_name TEXT,
	bureau_id BIGINT REFERENCES bureau(id),
	division_id BIGINT REFERENCES division(id),
	from_on TEXT NOT NULL,
	to_on TEXT,
	note TEXT);
CREATE INDEX role_holder_role ON role_holder(role);

CREATE TABLE role_title(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	title_set TEXT NOT NULL,
	role TEXT NOT NULL,
	title_ja TEXT NOT NULL,
	title_en TEXT NOT NULL);
CREATE UNIQUE INDEX role_title_role ON role_title(title_set, role) WHERE deleted_at IS NULL;

CREATE TABLE account(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	login TEXT NOT NULL,
	name TEXT NOT NULL,
	staff_id BIGINT REFERENCES staff(id),
	state TEXT NOT NULL,
	lang TEXT,
	password TEXT,
	failed_count BIGINT NOT NULL,
	locked_until BIGINT,
	last_sign_in_at BIGINT);
CREATE UNIQUE INDEX account_login ON account(login) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX account_staff ON account(staff_id) WHERE deleted_at IS NULL AND staff_id IS NOT NULL;

CREATE TABLE account_role(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	account_id BIGINT NOT NULL REFERENCES account(id),
	role TEXT NOT NULL,
	bureau_id BIGINT REFERENCES bureau(id),
	division_id BIGINT REFERENCES division(id));
CREATE INDEX account_role_account ON account_role(account_id);

CREATE TABLE session(
	digest TEXT PRIMARY KEY,
	account_id BIGINT NOT NULL,
	csrf TEXT NOT NULL,
	peer TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL);
CREATE INDEX session_account ON session(account_id);
CREATE INDEX session_expires ON session(expires_at);

CREATE TABLE one_time_link(
	digest TEXT PRIMARY KEY,
	account_id BIGINT NOT NULL,
	purpose TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT);

CREATE TABLE sign_in_attempt(
	key TEXT PRIMARY KEY,
	failures BIGINT NOT NULL,
	until_at BIGINT NOT NULL);
