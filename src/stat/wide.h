/* wide.h - 128 bits, for exact products of counts.
 *
 * gcc and clang have them on every machine this runs on; standard C17 has no name for them.
 */
#pragma once
#include <stdint.h>

__extension__ typedef __int128 tk_i128;
__extension__ typedef unsigned __int128 tk_u128;
