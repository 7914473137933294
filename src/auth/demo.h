/* demo.h - signing in as one of the demonstration's persons, on the demonstrator's own machine
 * only.
 *
 * Possible when the server was started for the demonstration, the database says that it holds one
 * (setting demo = 1), and the request comes from this machine and was not forwarded.  The persons
 * are the settings demo.person.N, JSON written by whoever filled the demonstration.
 */
#pragma once
#include "http/http.h"

enum tk_rc tk_demo_on(struct tk_req *rq, bool *ret) TK_MUST_USE;
enum tk_rc tk_demo_persons(struct tk_req *rq) TK_MUST_USE;      /* handlers */
enum tk_rc tk_demo_sign_in(struct tk_req *rq) TK_MUST_USE;
