/* SPDX-License-Identifier: Apache-2.0 */
/*
** No parser of C: quotes, parentheses and commas are enough for sources that clang-format has
** been over.
*/
#include "tests/support/literals.h"

#include <ctype.h>
#include <string.h>

#include "base/bytes.h"

/* Behind what begins with the quote at C; a literal's text goes to TEXT, unless NULL. */
static const char *skip_quoted(const char *c, struct bytes *text)
{
    char quote = *c;
    for (c++; *c != quote; c++) {
        bool escaped = *c == '\\';
        c += escaped ? 1 : 0;
        if (text != NULL) {
            bytes_add_char(text, escaped && *c == 'n' ? '\n' : *c);
        }
    }
    return c + 1;
}

struct telling {
    struct bytes text;
    void (*each)(const char *text, void *arg);
    void *arg;
};

static void tell(struct telling *telling)
{
    if (telling->text.size > 0) {
        telling->each(bytes_text(&telling->text), telling->arg);
        bytes_clear(&telling->text);
    }
}

/* The call whose "(" is at C. */
static void look_at_call(struct telling *telling, const char *c, size_t wanted)
{
    size_t depth = 0, argument = 0;
    do {
        if (*c == '"' || *c == '\'') {
            bool ours = argument == wanted && *c == '"';
            c = skip_quoted(c, ours ? &telling->text : NULL);
            continue;
        }
        depth += *c == '(' ? 1 : 0;
        depth -= *c == ')' ? 1 : 0;
        argument += *c == ',' && depth == 1 ? 1 : 0;
        if (!isspace((unsigned char) *c)) {
            tell(telling);
        }
        c++;
    } while (depth > 0 && *c != '\0');
}

void each_literal(const char *source, const char *name, size_t argument,
                  void (*each)(const char *text, void *arg), void *arg)
{
    struct telling telling = {.each = each, .arg = arg};
    size_t size = strlen(name);
    for (const char *c = strstr(source, name); c != NULL; c = strstr(c + 1, name)) {
        bool begins = c == source || !(isalnum((unsigned char) c[-1]) || c[-1] == '_');
        if (begins && c[size] == '(') {
            look_at_call(&telling, c + size, argument);
        }
    }
    bytes_done(&telling.text);
}
