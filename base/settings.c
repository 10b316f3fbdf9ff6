/* SPDX-License-Identifier: Apache-2.0 */
#include "base/settings.h"

#include <ctype.h>

#include "base/text.h"

static const struct setting *find(const struct setting *table, const char *name)
{
    for (const struct setting *s = table; s->name != NULL; s++) {
        if (strcmp(s->name, name) == 0) {
            return s;
        }
    }
    return NULL;
}

static void *slot(const struct setting *s, void *values)
{
    return (char *) values + s->offset;
}

static const void *const_slot(const struct setting *s, const void *values)
{
    return (const char *) values + s->offset;
}

static status set_integer(const struct setting *s, int64_t *to, const char *from,
                          const char *value, struct err *err)
{
    int64_t number = 0;
    if (!text_to_i64(span_text(value), &number) || number < s->least || number > s->most) {
        return FAIL(err, ERR_BAD_INPUT, "%s: %s must be a whole number from %lld to %lld",
                    from, s->name, (long long) s->least, (long long) s->most);
    }
    *to = number;
    return OK;
}

static status set_bool(const struct setting *s, bool *to, const char *from,
                       const char *value, struct err *err)
{
    if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0) {
        return FAIL(err, ERR_BAD_INPUT, "%s: %s must be yes or no", from, s->name);
    }
    *to = value[0] == 'y';
    return OK;
}

static status set_value(const struct setting *s, struct arena *arena, void *values,
                        const char *from, const char *value, struct err *err)
{
    void *to = slot(s, values);
    switch (s->type) {
    case SETTING_TEXT:
        *(const char **) to = arena_text(arena, value);
        return OK;
    case SETTING_INTEGER:
        return set_integer(s, to, from, value, err);
    case SETTING_BOOL:
        return set_bool(s, to, from, value, err);
    case SETTING_LIST: {
        struct setting_list *list = to;
        *ARENA_PUSH(arena, list->items, list->count, list->capacity) =
            arena_text(arena, value);
        return OK;
    }
    default:
        return FAIL(err, ERR_BUG, "setting %s has no known type", s->name);
    }
}

status settings_init(const struct setting *table, struct arena *arena, void *values,
                     struct err *err)
{
    for (const struct setting *s = table; s->name != NULL; s++) {
        if (s->initial != NULL) {
            TRY(set_value(s, arena, values, "default", s->initial, err));
        } else if (s->type == SETTING_INTEGER || s->type == SETTING_BOOL) {
            return FAIL(err, ERR_BUG, "setting %s needs a default", s->name);
        }
    }
    return OK;
}

status settings_set(const struct setting *table, struct arena *arena, void *values,
                    const char *where_from, const char *name, const char *value,
                    struct err *err)
{
    const struct setting *s = find(table, name);
    if (s == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "%s: there is no setting \"%.64s\"", where_from,
                    name);
    }
    return set_value(s, arena, values, where_from, value, err);
}

static struct span trim(struct span text)
{
    while (text.size > 0 && isspace(text.data[0])) {
        text = span_of(text.data + 1, text.size - 1);
    }
    while (text.size > 0 && isspace(text.data[text.size - 1])) {
        text.size--;
    }
    return text;
}

static status read_line(const struct setting *table, struct arena *arena, void *values,
                        const char *where_from, struct span line, bool *seen,
                        struct err *err)
{
    struct span name;
    line = trim(line);
    if (line.size == 0 || line.data[0] == '#') {
        return OK;
    }
    if (!span_cut(&line, '=', &name)) {
        return FAIL(err, ERR_BAD_INPUT, "%s: expected `name = value`", where_from);
    }
    const char *name_text = arena_span_text(arena, trim(name));
    const struct setting *s = find(table, name_text);
    if (s != NULL && s->type != SETTING_LIST) {
        if (seen[s - table]) {
            return FAIL(err, ERR_BAD_INPUT, "%s: %s is set twice", where_from, name_text);
        }
        seen[s - table] = true;
    }
    return settings_set(table, arena, values, where_from, name_text,
                        arena_span_text(arena, trim(line)), err);
}

status settings_read(const struct setting *table, struct arena *arena, void *values,
                     const char *file, struct span text, struct err *err)
{
    size_t count = 0;
    while (table[count].name != NULL) {
        count++;
    }
    if (!text_is_utf8(text) || (text.size > 0 && memchr(text.data, 0, text.size) != NULL)) {
        return FAIL(err, ERR_BAD_INPUT, "%s is not UTF-8 text", file);
    }
    bool *seen = ARENA_ARRAY(arena, count, bool);
    for (int number = 1; text.size > 0; number++) {
        struct span line;
        if (!span_cut(&text, '\n', &line)) {
            line = text;
            text.size = 0;
        }
        const char *where_from = arena_printf(arena, "%s:%d", file, number);
        TRY(read_line(table, arena, values, where_from, line, seen, err));
    }
    return OK;
}

/* "max-body" -> "MAX_BODY"; ASCII whatever the locale says */
static char variable_letter(char c)
{
    if (c == '-' || c == '.') {
        return '_';
    }
    return c >= 'a' && c <= 'z' ? (char) (c - ('a' - 'A')) : c;
}

status settings_environment(const struct setting *table, struct arena *arena, void *values,
                            const char *prefix, struct err *err)
{
    for (const struct setting *s = table; s->name != NULL; s++) {
        char *variable = arena_printf(arena, "%s_%s", prefix, s->name);
        for (char *c = variable; *c != '\0'; c++) {
            *c = variable_letter(*c);
        }
        const char *value = getenv(variable);
        if (value != NULL) {
            TRY(set_value(s, arena, values, variable, value, err));
        }
    }
    return OK;
}

status settings_complete(const struct setting *table, const void *values, struct err *err)
{
    for (const struct setting *s = table; s->name != NULL; s++) {
        if (s->initial == NULL && s->type == SETTING_TEXT &&
            *(const char *const *) const_slot(s, values) == NULL) {
            return FAIL(err, ERR_BAD_INPUT, "the setting %s must be given: %s", s->name,
                        s->manual);
        }
    }
    return OK;
}

static void add_manual(struct bytes *out, const char *manual)
{
    size_t column = 0;
    for (struct span rest = span_text(manual), word; rest.size > 0;
         column += word.size + 1) {
        if (!span_cut(&rest, ' ', &word)) {
            word = rest;
            rest.size = 0;
        }
        if (column == 0 || column + word.size > 96) {
            bytes_add_text(out, column == 0 ? "#" : "\n#");
            column = 0;
        }
        bytes_add_char(out, ' ');
        bytes_add_span(out, word);
    }
    bytes_add_char(out, '\n');
}

void settings_example(const struct setting *table, struct bytes *out)
{
    for (const struct setting *s = table; s->name != NULL; s++) {
        add_manual(out, s->manual);
        if (s->type == SETTING_INTEGER) {
            bytes_printf(out, "# (%lld to %lld)\n", (long long) s->least,
                         (long long) s->most);
        }
        bytes_printf(out, "%s%s = %s\n\n",
                     s->initial != NULL || s->type == SETTING_LIST ? "#" : "", s->name,
                     s->initial != NULL ? s->initial : "");
    }
}

static void dump_value(const struct setting *s, const void *from, struct bytes *out)
{
    if (s->type == SETTING_LIST) {
        const struct setting_list *list = from;
        for (size_t i = 0; i < list->count; i++) {
            bytes_printf(out, "%s = %s\n", s->name, s->secret ? "***" : list->items[i]);
        }
        return;
    }
    bytes_printf(out, "%s = ", s->name);
    if (s->secret) {
        bytes_add_text(out, "***");
    } else if (s->type == SETTING_INTEGER) {
        bytes_printf(out, "%lld", (long long) *(const int64_t *) from);
    } else if (s->type == SETTING_BOOL) {
        bytes_add_text(out, *(const bool *) from ? "yes" : "no");
    } else {
        const char *text = *(const char *const *) from;
        bytes_add_text(out, text != NULL ? text : "");
    }
    bytes_add_char(out, '\n');
}

void settings_dump(const struct setting *table, const void *values, struct bytes *out)
{
    for (const struct setting *s = table; s->name != NULL; s++) {
        dump_value(s, const_slot(s, values), out);
    }
}
