-- What every register has besides its records: files, filters kept under a name, headings of files.
CREATE TABLE record_file(
	id BIGINT PRIMARY KEY,
	rtype TEXT NOT NULL,
	record_id BIGINT NOT NULL,
	name TEXT NOT NULL,
	media_type TEXT NOT NULL,
	size BIGINT NOT NULL,
	sha256 TEXT NOT NULL,
	content BYTEA NOT NULL,
	account_id BIGINT,
	who TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	deleted_at BIGINT);
CREATE INDEX record_file_record ON record_file(rtype, record_id);

CREATE TABLE saved_filter(
	id BIGINT PRIMARY KEY,
	rtype TEXT NOT NULL,
	account_id BIGINT NOT NULL,
	who TEXT NOT NULL,
	name TEXT NOT NULL,
	query TEXT NOT NULL,
	shared SMALLINT NOT NULL,
	created_at BIGINT NOT NULL);
CREATE UNIQUE INDEX saved_filter_name ON saved_filter(rtype, account_id, name);

CREATE TABLE import_column(
	rtype TEXT NOT NULL,
	heading TEXT NOT NULL,
	field TEXT NOT NULL,
	used_at BIGINT NOT NULL,
	PRIMARY KEY(rtype, heading));

-- Bigrams are taken away by those of the text that was indexed.
DROP INDEX search_gram_record;
