/* table_fact.h - facts of the self-inspection and of surveys (SELF-02, SELF-05, SELF-08).  What a
 * year's self-inspection is: the newest campaign with that questionnaire that was begun in the
 * fiscal year and follows up none.
 */
#pragma once
#include "fact/fact.h"

extern const struct tk_fact tk_self_inspection_facts[];         /* ends with { 0 } */
