-- Courses, their sessions, who attended, tests, recommendations, drills (EDU-01 ... EDU-07, DRL-01 ... DRL-03).
CREATE TABLE course(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	fiscal_year BIGINT NOT NULL,
	code TEXT NOT NULL,
	kind TEXT NOT NULL,
	title TEXT NOT NULL,
	title_en TEXT,
	state TEXT NOT NULL,
	audience TEXT NOT NULL,
	audience_since TEXT,
	yearly SMALLINT NOT NULL,
	host TEXT,
	topics TEXT,
	materials TEXT,
	pass_mark BIGINT,
	carry SMALLINT NOT NULL,
	carried_from BIGINT REFERENCES course(id));
CREATE UNIQUE INDEX course_code ON course(code) WHERE deleted_at IS NULL;
CREATE INDEX course_year ON course(fiscal_year, kind);

CREATE TABLE course_session(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	course_id BIGINT NOT NULL REFERENCES course(id),
	number BIGINT,
	title TEXT,
	code TEXT,
	state TEXT NOT NULL,
	held_on TEXT NOT NULL,
	from_time TEXT,
	to_time TEXT,
	place TEXT,
	online SMALLINT NOT NULL,
	capacity BIGINT,
	teacher TEXT,
	attend_code TEXT);
CREATE UNIQUE INDEX course_session_code ON course_session(code) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX course_session_number ON course_session(course_id, number) WHERE deleted_at IS NULL;
CREATE INDEX course_session_day ON course_session(held_on);

CREATE TABLE attendance(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	session_id BIGINT REFERENCES course_session(id),
	course_id BIGINT NOT NULL REFERENCES course(id),
	staff_id BIGINT NOT NULL REFERENCES staff(id),
	division_id BIGINT REFERENCES division(id),
	state TEXT NOT NULL,
	how TEXT,
	entered_at BIGINT,
	attended_on TEXT,
	certificate_no TEXT);
CREATE UNIQUE INDEX attendance_once ON attendance(session_id, staff_id) WHERE deleted_at IS NULL AND session_id IS NOT NULL;
CREATE UNIQUE INDEX attendance_test_once ON attendance(course_id, staff_id) WHERE deleted_at IS NULL AND session_id IS NULL;
CREATE UNIQUE INDEX attendance_certificate ON attendance(certificate_no) WHERE deleted_at IS NULL;
CREATE INDEX attendance_staff ON attendance(staff_id, course_id);
CREATE INDEX attendance_course ON attendance(course_id, state);

CREATE TABLE course_question(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	course_id BIGINT NOT NULL REFERENCES course(id),
	sort BIGINT,
	text TEXT NOT NULL,
	option_1 TEXT NOT NULL,
	option_2 TEXT NOT NULL,
	option_3 TEXT,
	option_4 TEXT,
	answer BIGINT NOT NULL);
CREATE INDEX course_question_course ON course_question(course_id);

CREATE TABLE course_result(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	course_id BIGINT NOT NULL REFERENCES course(id),
	staff_id BIGINT NOT NULL REFERENCES staff(id),
	division_id BIGINT REFERENCES division(id),
	right_answers BIGINT NOT NULL,
	questions BIGINT NOT NULL,
	passed SMALLINT NOT NULL,
	answered_at BIGINT NOT NULL);
CREATE INDEX course_result_staff ON course_result(staff_id, course_id);

CREATE TABLE attendance_notice(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	course_id BIGINT NOT NULL REFERENCES course(id),
	staff_id BIGINT NOT NULL REFERENCES staff(id),
	division_id BIGINT REFERENCES division(id),
	recommended_by TEXT NOT NULL,
	by_staff_id BIGINT REFERENCES staff(id),
	recommended_on TEXT NOT NULL,
	note TEXT,
	attended_on TEXT);
CREATE INDEX attendance_notice_course ON attendance_notice(course_id, staff_id);

-- Wrong session codes of a person: after a few, one must wait.
CREATE TABLE attend_attempt(staff_id BIGINT PRIMARY KEY, failed BIGINT NOT NULL, last_at BIGINT NOT NULL);

CREATE TABLE drill(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	fiscal_year BIGINT NOT NULL,
	title TEXT NOT NULL,
	kind TEXT NOT NULL,
	host TEXT NOT NULL,
	host_name TEXT,
	state TEXT NOT NULL,
	held_on TEXT NOT NULL,
	purpose TEXT,
	scenario TEXT,
	participants BIGINT,
	participants_text TEXT,
	mails_sent BIGINT,
	mails_opened BIGINT,
	mails_reported BIGINT,
	result TEXT);
CREATE INDEX drill_year ON drill(fiscal_year);

CREATE TABLE drill_event(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	drill_id BIGINT NOT NULL REFERENCES drill(id),
	happened_at TEXT NOT NULL,
	who TEXT,
	what TEXT NOT NULL);
CREATE INDEX drill_event_drill ON drill_event(drill_id);

CREATE TABLE drill_lesson(
	id BIGINT PRIMARY KEY, version BIGINT NOT NULL, deleted_at BIGINT,
	drill_id BIGINT NOT NULL REFERENCES drill(id),
	title TEXT NOT NULL,
	division_id BIGINT REFERENCES division(id),
	due_on TEXT,
	roadmap_item_id BIGINT);
CREATE INDEX drill_lesson_drill ON drill_lesson(drill_id);
