/* generic_file.c - import and export of every record type, over src/record/transfer. */
#include <string.h>
#include "http/generic.h"
