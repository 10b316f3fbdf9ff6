/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/formats.h"

#include "base/bytes.h"
#include "tests/support/rows.h"

#define CONVERSIONS_MOST 12

/* The conversions of FORMAT by the argument they take ("%.*s", "%zu"). */
static void conversions(const char *format, struct span list[CONVERSIONS_MOST])
{
    size_t next = 0;
    memset(list, 0, CONVERSIONS_MOST * sizeof(*list));
    for (const char *c = format; *c != '\0'; c++) {
        if (*c != '%' || *++c == '%') {
            continue;
        }
        size_t digits = strspn(c, "0123456789"), index = next++;
        if (digits > 0 && c[digits] == '$') {
            index = (size_t) (c[0] - '1');
            c += digits + 1;
        }
        size_t size = strcspn(c, "sduxci") + 1;
        if (index >= CONVERSIONS_MOST || size > strlen(c)) {
            fail_msg("cannot be read as a format: %s", format);
        }
        list[index] = span_of(c, size);
        c += size - 1;
    }
}

void assert_same_arguments(const char *english, const char *other)
{
    struct span wanted[CONVERSIONS_MOST], got[CONVERSIONS_MOST];
    conversions(english, wanted);
    conversions(other, got);
    for (size_t i = 0; i < CONVERSIONS_MOST; i++) {
        if (!span_equal(wanted[i], got[i])) {
            fail_msg("other arguments: \"%s\" and \"%s\"", english, other);
        }
    }
}
