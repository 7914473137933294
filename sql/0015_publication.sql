-- What is published of a campaign: which tables, under which rule for small cells, and the files as they went out.
CREATE TABLE publication(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	campaign_id BIGINT NOT NULL REFERENCES campaign(id),
	edition BIGINT NOT NULL,
	tables TEXT,
	min_cell TEXT NOT NULL,
	protect_all SMALLINT NOT NULL,
	min_position BIGINT NOT NULL,
	remark_ja TEXT,
	remark_en TEXT,
	state TEXT NOT NULL,
	published_at BIGINT,
	digest TEXT);
CREATE UNIQUE INDEX publication_edition ON publication(campaign_id, edition) WHERE deleted_at IS NULL;

CREATE TABLE publication_file(
	id BIGINT PRIMARY KEY,
	publication_id BIGINT NOT NULL REFERENCES publication(id),
	name TEXT NOT NULL,
	media_type TEXT NOT NULL,
	size BIGINT NOT NULL,
	sha256 TEXT NOT NULL,
	content BYTEA NOT NULL);
CREATE UNIQUE INDEX publication_file_name ON publication_file(publication_id, name);
