/* SPDX-License-Identifier: Apache-2.0 */
/*
** jansson reads and checks; its tree is then copied into the arena, so that a parsed
** record has one lifetime and needs no reference counts. Two things are checked on the raw
** bytes first: depth, because jansson's own limit is fixed at 2,048, and NUL, because
** jansson 2.14 takes NULs behind a number for the end.
*/
#include "base/json.h"

#include <jansson.h>

#include "base/text.h"

const struct json_limits JSON_RECORD = {
    .depth = 16, .nodes = 65536, .string = (size_t) 64 * 1024};

static status check_depth(struct span text, size_t limit, struct err *err)
{
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (in_string) {
            i += c == '\\' ? 1 : 0;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > limit) {
                return FAIL(err, ERR_BAD_INPUT,
                            "JSON is nested deeper than %zu at byte %zu", limit, i);
            }
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return OK;
}

struct copy {
    const struct json_limits *limits;
    struct arena *arena;
    size_t nodes;
    struct err *err;
};

static status copy_value(struct copy *copy, json_t *from, struct json *to);

static status check_size(const struct copy *copy, size_t size)
{
    if (size > copy->limits->string) {
        return FAIL(copy->err, ERR_BAD_INPUT, "a JSON string is longer than %zu bytes",
                    copy->limits->string);
    }
    return OK;
}

static status copy_string(struct copy *copy, json_t *from, struct json *to)
{
    size_t size = json_string_length(from);
    TRY(check_size(copy, size));
    to->kind = J_STRING;
    to->count = size;
    to->string = arena_span_text(copy->arena, span_of(json_string_value(from), size));
    return OK;
}

static status copy_integer(struct copy *copy, json_t *from, struct json *to)
{
    const int64_t limit = ((int64_t) 1 << 53) - 1;
    to->kind = J_INTEGER;
    to->integer = json_integer_value(from);
    if (to->integer > limit || to->integer < -limit) {
        return FAIL(copy->err, ERR_BAD_INPUT, "a JSON integer is outside +-(2^53-1)");
    }
    return OK;
}

static status copy_array(struct copy *copy, json_t *from, struct json *to)
{
    size_t count = json_array_size(from);
    struct json *items = ARENA_ARRAY(copy->arena, count, struct json);
    for (size_t i = 0; i < count; i++) {
        TRY(copy_value(copy, json_array_get(from, i), &items[i]));
    }
    to->kind = J_ARRAY;
    to->count = count;
    to->items = items;
    return OK;
}

static status copy_object(struct copy *copy, json_t *from, struct json *to)
{
    size_t count = json_object_size(from);
    struct json *items = ARENA_ARRAY(copy->arena, count, struct json);
    size_t i = 0;
    const char *name;
    json_t *value;
    json_object_foreach(from, name, value)
    {
        TRY(check_size(copy, strlen(name)));
        items[i].name = arena_text(copy->arena, name);
        TRY(copy_value(copy, value, &items[i]));
        i++;
    }
    to->kind = J_OBJECT;
    to->count = count;
    to->items = items;
    return OK;
}

static status copy_value(struct copy *copy, json_t *from, struct json *to)
{
    if (++copy->nodes > copy->limits->nodes) {
        return FAIL(copy->err, ERR_BAD_INPUT, "JSON has more than %zu values",
                    copy->limits->nodes);
    }
    switch (json_typeof(from)) {
    case JSON_OBJECT:
        return copy_object(copy, from, to);
    case JSON_ARRAY:
        return copy_array(copy, from, to);
    case JSON_STRING:
        return copy_string(copy, from, to);
    case JSON_INTEGER:
        return copy_integer(copy, from, to);
    case JSON_TRUE:
        to->kind = J_TRUE;
        return OK;
    case JSON_FALSE:
        to->kind = J_FALSE;
        return OK;
    case JSON_NULL:
        to->kind = J_NULL;
        return OK;
    case JSON_REAL:
    default:
        return FAIL(
            copy->err, ERR_BAD_INPUT,
            "JSON holds a number that is no integer: write clinical numbers as strings");
    }
}

static void free_tree(json_t **tree)
{
    json_decref(*tree);
}

status json_parse(struct span text, const struct json_limits *limits, struct arena *arena,
                  const struct json **ret_root, struct err *err)
{
    if (!text_is_utf8(text)) {
        return FAIL(err, ERR_BAD_INPUT, "JSON is not valid UTF-8");
    }
    if (text.size > 0 && memchr(text.data, 0, text.size) != NULL) {
        return FAIL(err, ERR_BAD_INPUT, "JSON holds U+0000");
    }
    TRY(check_depth(text, limits->depth, err));

    json_error_t why;
    CLEANUP(free_tree)
    json_t *tree = json_loadb((const char *) text.data, text.size,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (tree == NULL) {
        /* why.text may quote the input: name the kind of fault and the place only */
        enum json_error_code code = json_error_code(&why);
        return FAIL(
            err, ERR_BAD_INPUT, "JSON is malformed at byte %d: %s", why.position,
            code == json_error_duplicate_key            ? "duplicate name"
            : code == json_error_end_of_input_expected  ? "something behind the document"
            : code == json_error_premature_end_of_input ? "it ends too early"
            : code == json_error_numeric_overflow       ? "number out of range"
            : code == json_error_null_character || code == json_error_null_byte_in_key
                ? "U+0000"
                : "syntax");
    }
    struct copy copy = {.limits = limits, .arena = arena, .err = err};
    struct json *root = ARENA_NEW(arena, struct json);
    TRY(copy_value(&copy, tree, root));
    *ret_root = root;
    return OK;
}

const struct json *json_get(const struct json *object, const char *name)
{
    if (object == NULL || object->kind != J_OBJECT) {
        return NULL;
    }
    for (size_t i = 0; i < object->count; i++) {
        if (strcmp(object->items[i].name, name) == 0) {
            return &object->items[i];
        }
    }
    return NULL;
}

const char *json_get_string(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);
    return member != NULL && member->kind == J_STRING ? member->string : NULL;
}

bool json_equals(const struct json *value, const char *text)
{
    return value != NULL && value->kind == J_STRING && strcmp(value->string, text) == 0;
}

bool json_has_exactly(const struct json *object, const char *const *names)
{
    size_t count = 0;
    for (; names[count] != NULL; count++) {
        if (json_get(object, names[count]) == NULL) {
            return false;
        }
    }
    return object != NULL && object->kind == J_OBJECT && object->count == count;
}
