-- Surveys over years: which question is which, what earlier surveys published, and free text put into codes.
CREATE TABLE item_map(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	from_version_id BIGINT NOT NULL REFERENCES form_version(id),
	from_item TEXT,
	to_version_id BIGINT NOT NULL REFERENCES form_version(id),
	to_item TEXT,
	kind TEXT NOT NULL,
	note TEXT);
CREATE INDEX item_map_of ON item_map(to_version_id, from_version_id);

CREATE TABLE published_figure(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	survey_table_id BIGINT NOT NULL REFERENCES survey_table(id),
	wave TEXT NOT NULL,
	series TEXT,
	option_code TEXT NOT NULL,
	percent TEXT NOT NULL,
	base BIGINT NOT NULL,
	source TEXT);
CREATE INDEX published_figure_of ON published_figure(survey_table_id, wave);

-- Two levels: groups, and in each the codes that a reviewer gives.
CREATE TABLE code_group(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	form_id BIGINT NOT NULL REFERENCES form(id),
	item TEXT NOT NULL,
	sort BIGINT NOT NULL,
	code TEXT NOT NULL,
	label_ja TEXT NOT NULL,
	label_en TEXT);
CREATE UNIQUE INDEX code_group_code ON code_group(form_id, item, code) WHERE deleted_at IS NULL;
CREATE TABLE answer_code(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	code_group_id BIGINT NOT NULL REFERENCES code_group(id),
	sort BIGINT NOT NULL,
	code TEXT NOT NULL,
	label_ja TEXT NOT NULL,
	label_en TEXT);
CREATE UNIQUE INDEX answer_code_code ON answer_code(code_group_id, code) WHERE deleted_at IS NULL;
-- The codes of one answer; their digest says which text they were given for.
CREATE TABLE coding(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	campaign_id BIGINT NOT NULL REFERENCES campaign(id),
	respondent_id BIGINT NOT NULL REFERENCES respondent(id),
	item TEXT NOT NULL,
	codes TEXT NOT NULL,
	text_digest TEXT NOT NULL);
CREATE UNIQUE INDEX coding_of ON coding(respondent_id, item) WHERE deleted_at IS NULL;
CREATE INDEX coding_campaign ON coding(campaign_id, item);
