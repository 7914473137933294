/* fuzz.h - the one function of every fuzz target, called by libFuzzer (clang, -Dfuzz=true) or by
 * replay.c, which runs the files of a folder through it in any build. */
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
