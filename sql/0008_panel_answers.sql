-- Institutions answer together and are reviewed: sections given to accounts, who gave each answer,
-- submissions as they were, comments of reviewers, plausibility rules and their warnings.
CREATE UNIQUE INDEX account_contact ON account(contact_id) WHERE contact_id IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE section_state(
	response_id BIGINT NOT NULL,
	section TEXT NOT NULL,
	state TEXT NOT NULL,
	done_by BIGINT,
	done_name TEXT,
	done_at BIGINT,
	PRIMARY KEY(response_id, section));
CREATE TABLE section_account(
	response_id BIGINT NOT NULL,
	section TEXT NOT NULL,
	account_id BIGINT NOT NULL REFERENCES account(id),
	given_at BIGINT NOT NULL,
	PRIMARY KEY(response_id, section, account_id));
CREATE INDEX section_account_of ON section_account(account_id);

-- Who gave an answer its present value, and when.
CREATE TABLE answer_change(
	response_id BIGINT NOT NULL,
	item_code TEXT NOT NULL,
	account_id BIGINT,
	who TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY(response_id, item_code));

CREATE TABLE submission(
	id BIGINT PRIMARY KEY,
	response_id BIGINT NOT NULL,
	campaign_id BIGINT NOT NULL,
	number BIGINT NOT NULL,
	receipt_no TEXT NOT NULL,
	account_id BIGINT,
	who TEXT NOT NULL,
	at BIGINT NOT NULL,
	late SMALLINT NOT NULL,
	missing BIGINT NOT NULL,
	partial_reason TEXT,
	answers BYTEA NOT NULL,
	side TEXT);
CREATE UNIQUE INDEX submission_number ON submission(response_id, number);
CREATE INDEX submission_campaign ON submission(campaign_id);

-- item_code NULL: about the whole; sent_at NULL: not returned to the institution yet.
CREATE TABLE review_comment(
	id BIGINT PRIMARY KEY,
	response_id BIGINT NOT NULL,
	campaign_id BIGINT NOT NULL,
	item_code TEXT,
	submission BIGINT NOT NULL,
	text TEXT NOT NULL,
	account_id BIGINT,
	who TEXT NOT NULL,
	at BIGINT NOT NULL,
	sent_at BIGINT);
CREATE INDEX review_comment_response ON review_comment(response_id);

CREATE TABLE plausibility_rule(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	form_id BIGINT NOT NULL REFERENCES form(id),
	code TEXT NOT NULL,
	expression TEXT NOT NULL,
	message_ja TEXT NOT NULL,
	message_en TEXT,
	note TEXT);
CREATE UNIQUE INDEX plausibility_rule_code ON plausibility_rule(form_id, code) WHERE deleted_at IS NULL;

-- seen: the values that the rule looked at; a cleared warning stays cleared while these are the same.
CREATE TABLE plausibility_warning(
	id BIGINT PRIMARY KEY,
	response_id BIGINT NOT NULL,
	campaign_id BIGINT NOT NULL,
	rule_code TEXT NOT NULL,
	submission BIGINT NOT NULL,
	state TEXT NOT NULL,
	message_ja TEXT NOT NULL,
	message_en TEXT,
	seen TEXT NOT NULL,
	found_at BIGINT NOT NULL,
	cleared_by BIGINT,
	cleared_name TEXT,
	cleared_at BIGINT,
	note TEXT);
CREATE UNIQUE INDEX plausibility_warning_rule ON plausibility_warning(response_id, rule_code);
CREATE INDEX plausibility_warning_campaign ON plausibility_warning(campaign_id, state);
