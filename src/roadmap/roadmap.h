/* roadmap.h - the grid of threats and properties, and every improvement (RMP). */
#pragma once
#include "fact/module.h"

extern const struct tk_module tk_roadmap_module;
