/* tasks.h - source of src/case/task.h: what surveys give a person to do. */
#pragma once
#include "case/task.h"

enum tk_rc tk_survey_tasks(const struct tk_op *op, tk_task_fn add, void *ctx) TK_MUST_USE;
