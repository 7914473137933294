/* notice_api.h - routes: texts of mails, when and what is mailed, handing over. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_notice_routes[];
