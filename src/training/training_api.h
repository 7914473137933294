/* training_api.h - what a person, a division head and who holds a session do over HTTP. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_training_routes[];

/* my_courses_api.c */
enum tk_rc tk_my_courses(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_my_enrol(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_my_cancel(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_my_attend(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_my_test(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_my_test_answer(struct tk_req *rq) TK_MUST_USE;
enum tk_rc tk_my_certificate(struct tk_req *rq) TK_MUST_USE;
