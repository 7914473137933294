/* training.c - what the module brings. */
#include "training/training.h"

const struct tk_module tk_training_module = { .name = "training" };
