/* SPDX-License-Identifier: Apache-2.0 */
/*
** The table behind the enum; a definition asks it once for each alias.
*/
#include "protocol/study/meaning.h"

#include "base/status.h"

static const struct {
    const char *name, *context;
} TABLE[] = {
#define MEANING_ROW(name, context) {#name, context},
    MEANINGS(MEANING_ROW)
#undef MEANING_ROW
};

bool meaning_parse(const char *context, const char *name, enum meaning *ret_meaning)
{
    for (int i = 0; i < MEANING_COUNT; i++) {
        if (strcmp(TABLE[i].name, name) == 0 && strcmp(TABLE[i].context, context) == 0) {
            *ret_meaning = (enum meaning) i;
            return true;
        }
    }
    return false;
}

const char *meaning_name(enum meaning meaning)
{
    return TABLE[meaning].name;
}
