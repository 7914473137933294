-- The ground that everything stands on: settings, audit trail, search, accounts, sessions, jobs.
CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE trail(
	id BIGINT PRIMARY KEY,
	at_ms BIGINT NOT NULL,
	account_id BIGINT,
	who TEXT NOT NULL,
	source TEXT NOT NULL,
	action TEXT NOT NULL,
	rtype TEXT NOT NULL,
	record_id BIGINT NOT NULL,
	detail TEXT NOT NULL,
	digest BYTEA NOT NULL,
	seal BIGINT);
CREATE INDEX trail_unsealed ON trail(id) WHERE seal IS NULL;
CREATE INDEX trail_seal_id ON trail(seal, id);
CREATE INDEX trail_record ON trail(rtype, record_id, id);
CREATE TABLE trail_seal(
	seal BIGINT PRIMARY KEY,
	at_ms BIGINT NOT NULL,
	nrow BIGINT NOT NULL,
	rows BYTEA NOT NULL,
	digest BYTEA NOT NULL);
CREATE TABLE trail_head(
	id BIGINT PRIMARY KEY,
	seal BIGINT NOT NULL,
	nrow BIGINT NOT NULL,
	digest BYTEA NOT NULL);

CREATE TABLE search_text(
	rtype TEXT NOT NULL,
	record_id BIGINT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY(rtype, record_id));
CREATE TABLE search_gram(
	gram TEXT NOT NULL,
	rtype TEXT NOT NULL,
	record_id BIGINT NOT NULL,
	PRIMARY KEY(gram, rtype, record_id));
CREATE INDEX search_gram_record ON search_gram(rtype, record_id);

CREATE TABLE idempotency(
	account_id BIGINT NOT NULL,
	key TEXT NOT NULL,
	digest TEXT NOT NULL,
	status BIGINT NOT NULL,
	body TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY(account_id, key));
CREATE INDEX idempotency_created ON idempotency(created_at);

CREATE TABLE lease(
	name TEXT PRIMARY KEY,
	owner TEXT NOT NULL,
	until_ms BIGINT NOT NULL);

CREATE TABLE mail(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	recipient TEXT NOT NULL,
	staff_id BIGINT,
	division_id BIGINT,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	state TEXT NOT NULL,
	tries BIGINT NOT NULL,
	next_try_at BIGINT,
	last_error TEXT,
	dedupe TEXT,
	queued_at BIGINT NOT NULL,
	sent_at BIGINT);
CREATE UNIQUE INDEX mail_dedupe ON mail(dedupe) WHERE dedupe IS NOT NULL;
CREATE INDEX mail_due ON mail(next_try_at) WHERE state = 'queued';
