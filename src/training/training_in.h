/* training_in.h - the records of education and drills.  Private to src/training and its tests. */
#pragma once
#include "record/org_types.h"
#include "training/training.h"

extern const struct tk_rtype tk_course_type, tk_session_type, tk_attendance_type,
	tk_course_question_type, tk_course_result_type, tk_attendance_notice_type, tk_drill_type,
	tk_drill_event_type, tk_drill_lesson_type;
extern const struct tk_fact tk_training_facts[];
extern const struct tk_choice tk_course_kind[], tk_attendance_state[];

struct course {
	struct tk_rec rec;
	int64_t fiscal_year;
	const char *code, *kind, *title, *title_en, *state, *audience, *audience_since;
	bool yearly;
	const char *host, *topics, *materials;
	int64_t pass_mark; /* per cent of right answers; 0: no test */
	bool carry;
	int64_t carried_from;
};
struct session {
	struct tk_rec rec;
	int64_t course_id, number;
	const char *title, *code, *state, *held_on, *from_time, *to_time, *place;
	bool online;
	int64_t capacity; /* 0: no limit */
	const char *teacher, *attend_code;
};
struct attendance {
	struct tk_rec rec;
	int64_t session_id, course_id, staff_id, division_id;
	const char *state, *how;
	int64_t entered_at;
	const char *attended_on, *certificate_no;
};
struct course_question {
	struct tk_rec rec;
	int64_t course_id, sort;
	const char *text, *option_1, *option_2, *option_3, *option_4;
	int64_t answer;
};
struct course_result {
	struct tk_rec rec;
	int64_t course_id, staff_id, division_id, right_answers, questions;
	bool passed;
	int64_t answered_at;
};
struct attendance_notice {
	struct tk_rec rec;
	int64_t course_id, staff_id, division_id;
	const char *recommended_by;
	int64_t by_staff_id;
	const char *recommended_on, *note, *attended_on;
};
struct drill {
	struct tk_rec rec;
	int64_t fiscal_year;
	const char *title, *kind, *host, *host_name, *state, *held_on, *purpose, *scenario;
	int64_t participants;
	const char *participants_text;
	int64_t mails_sent, mails_opened, mails_reported;
	const char *result;
};
struct drill_event {
	struct tk_rec rec;
	int64_t drill_id;
	const char *happened_at, *who, *what;
};
struct drill_lesson {
	struct tk_rec rec;
	int64_t drill_id;
	const char *title;
	int64_t division_id;
	const char *due_on;
	int64_t roadmap_item_id;
};

/* "09:30" */
enum tk_rc tk_check_clock(struct tk_err *e, const struct tk_field *f,
			  struct tk_value v) TK_MUST_USE;
/* The program acts where a rule has asked for permission already; the trail names the person. */
struct tk_who tk_who_by_rule(const struct tk_who *w);

/* -- attendance (attendance.c) ----------------------------------------------------------------- */
/* What a person does about a session: "enrol", "cancel", "attend" (with a session code). */
enum tk_rc tk_session_enrol(const struct tk_op *op, int64_t session_id,
			    int64_t staff_id) TK_MUST_USE;
enum tk_rc tk_session_cancel(const struct tk_op *op, int64_t session_id,
			     int64_t staff_id) TK_MUST_USE;
/* Sets the state of a person at a session (or, with session_id 0, of a course passed by test);
 * makes the row when there is none. */
enum tk_rc tk_attendance_set(const struct tk_op *op, int64_t session_id, int64_t course_id,
			     int64_t staff_id, const char *state, const char *how) TK_MUST_USE;
/* Today's session with that code; wrong codes are counted and after five one must wait. */
enum tk_rc tk_attend_by_code(const struct tk_op *op, int64_t staff_id, const char *code,
			     int64_t *ret_session) TK_MUST_USE;

/* -- who ought to come (audience.c) ------------------------------------------------------------ */
struct tk_person_due {
	int64_t staff_id, division_id;
	const char *number, *name, *division, *mail;
	bool attended;
	const char *attended_on, *recommended_on; /* NULL: never */
	int64_t recommended;                      /* how often */
};
typedef enum tk_rc (*tk_due_fn)(void *ctx, const struct tk_person_due *p);
/* The audience of a course in office on the base date of its year, by division and number.
 * division 0: all that op->who may see by education.read. */
enum tk_rc tk_course_audience(const struct tk_op *op, const struct course *c, int64_t division,
			      tk_due_fn fn, void *ctx) TK_MUST_USE;
/* Is this person meant by the course?  Of a course for volunteers everybody may be. */
enum tk_rc tk_course_is_for(const struct tk_op *op, const struct course *c, int64_t staff_id,
			    bool *ret) TK_MUST_USE;
/* Recommends attendance (EDU-05): record and mail.  The permission is that of the records. */
enum tk_rc tk_recommend(const struct tk_op *op, const struct course *c, int64_t staff_id,
			const char *note) TK_MUST_USE;
