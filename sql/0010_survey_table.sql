-- Tables of a questionnaire, declared as data: every campaign of the questionnaire has them (SRV-03, SRV-04).
CREATE TABLE survey_table(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	form_id BIGINT NOT NULL REFERENCES form(id),
	name TEXT NOT NULL,
	sort BIGINT NOT NULL,
	kind TEXT NOT NULL,
	title_ja TEXT NOT NULL,
	title_en TEXT,
	subtitle_ja TEXT,
	subtitle_en TEXT,
	items TEXT,
	options TEXT,
	by_group TEXT,
	filter TEXT,
	base TEXT,
	base_ja TEXT,
	base_en TEXT,
	round TEXT,
	bracket TEXT,
	bracket_ja TEXT,
	bracket_en TEXT,
	note_ja TEXT,
	note_en TEXT,
	weighted SMALLINT NOT NULL,
	intervals SMALLINT NOT NULL);
CREATE UNIQUE INDEX survey_table_name ON survey_table(form_id, name) WHERE deleted_at IS NULL;

CREATE TABLE survey_series(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	survey_table_id BIGINT NOT NULL REFERENCES survey_table(id),
	sort BIGINT NOT NULL,
	code TEXT NOT NULL,
	label_ja TEXT NOT NULL,
	label_en TEXT,
	item TEXT,
	filter TEXT,
	base TEXT,
	base_ja TEXT,
	base_en TEXT);
CREATE UNIQUE INDEX survey_series_code ON survey_series(survey_table_id, code) WHERE deleted_at IS NULL;
