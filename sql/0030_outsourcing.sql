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
