-- What waits for whom, found by index.
CREATE INDEX tk_case_deputy ON tk_case(deputy_staff_id) WHERE closed_at IS NULL;
CREATE INDEX tk_case_requester ON tk_case(requester_staff_id) WHERE closed_at IS NULL;
CREATE INDEX tk_case_open ON tk_case(type, subject_type, state, due_on) WHERE closed_at IS NULL;

-- Once a day: which step of the daily work was done on which day.
CREATE TABLE daily_run(
	name TEXT NOT NULL,
	day TEXT NOT NULL,
	done_at BIGINT NOT NULL,
	PRIMARY KEY(name, day));

-- What a person was told in the daily mail already, so that new things are told once.
CREATE TABLE task_told(
	staff_id BIGINT NOT NULL REFERENCES staff(id),
	task TEXT NOT NULL,
	told_on TEXT NOT NULL,
	PRIMARY KEY(staff_id, task));

-- News kept for the daily mail of those who want no mail of their own for each.
CREATE TABLE notice(
	id BIGINT PRIMARY KEY,
	staff_id BIGINT NOT NULL REFERENCES staff(id),
	at BIGINT NOT NULL,
	line TEXT NOT NULL,
	href TEXT NOT NULL);
CREATE INDEX notice_staff ON notice(staff_id);
ALTER TABLE account ADD COLUMN digest_only SMALLINT;
