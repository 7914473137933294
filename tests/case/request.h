/* request.h - a register with a life for tests: requests that a head of division approves, and the
 * people of a small office.  Two bureaus (1, 2), divisions 11, 12 (of bureau 1) and 21 (of 2); staff
 * 101 102 103 of 11, 111 of 12, 121 of 21. */
#pragma once
#include "case/life.h"
#include "case/task.h"
#include "testdb.h"

struct request { struct tk_rec rec; const char *title, *note; struct tk_life life; };
extern const struct tk_rtype request_type;
extern const struct tk_case_type request_case;
extern int request_moved;               /* how often .moved ran */
extern bool request_moved_fails;

void requests_up(struct testdb *t);
/* Somebody of the staff who may make requests. */
struct tk_who requester(int64_t staff);
/* Head of that division, who is staff number `staff`. */
struct tk_who head_of(int64_t staff, int64_t division);
struct tk_who office(void);             /* reads, writes and approves all */
/* Made by w; due may be NULL. */
struct request made(struct testdb *t, const struct tk_who *w, const char *title, const char *due);
enum tk_rc moved(struct testdb *t, const struct tk_who *w, const struct request *r, const char *action,
		 const char *comment);
const char *state_of(struct testdb *t, const struct request *r);
struct tk_op op_of(struct testdb *t, const struct tk_who *w);
