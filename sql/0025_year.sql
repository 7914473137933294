-- What a fact of a fiscal year is, as it was computed last (src/fact): no rows are kept, only their digest.
CREATE TABLE fact_value(
	fact TEXT NOT NULL,
	year BIGINT NOT NULL,
	missing SMALLINT NOT NULL,
	why TEXT,
	numerator BIGINT NOT NULL,
	denominator BIGINT NOT NULL,
	value_x10 BIGINT NOT NULL,
	base_date TEXT NOT NULL,
	digest TEXT NOT NULL,
	computed_at BIGINT NOT NULL,
	PRIMARY KEY(fact, year));
