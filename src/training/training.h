/* training.h - education and drills (EDU, DRL). */
#pragma once
#include "fact/module.h"

extern const struct tk_module tk_training_module;
