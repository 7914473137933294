/* task_api.h - what the caller has to do (src/case/task.h), for src/main. */
#pragma once
#include "http/http.h"

extern const struct tk_route tk_task_routes[];
