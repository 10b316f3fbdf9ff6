/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_out.h"

static void separate(struct json_out *json)
{
    if (json->comma) {
        bytes_add_char(json->bytes, ',');
    }
    json->comma = true;
}

void json_begin(struct json_out *json, char bracket)
{
    separate(json);
    bytes_add_char(json->bytes, bracket);
    json->comma = false;
}

void json_end(struct json_out *json, char bracket)
{
    bytes_add_char(json->bytes, bracket);
    json->comma = true;
}

static void add_escaped(struct bytes *bytes, uint8_t c)
{
    static const char short_form[] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    if (c == '"' || c == '\\') {
        bytes_printf(bytes, "\\%c", c);
    } else if (c < sizeof(short_form) && short_form[c] != 0) {
        bytes_printf(bytes, "\\%c", short_form[c]);
    } else {
        bytes_printf(bytes, "\\u%04x", c);
    }
}

static void add_quoted(struct bytes *bytes, struct span text)
{
    size_t start = 0;
    bytes_add_char(bytes, '"');
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (c < 0x20 || c == '"' || c == '\\') {
            bytes_add(bytes, text.data + start, i - start);
            add_escaped(bytes, c);
            start = i + 1;
        }
    }
    if (text.size > start) {
        bytes_add(bytes, text.data + start, text.size - start);
    }
    bytes_add_char(bytes, '"');
}

void json_key(struct json_out *json, const char *name)
{
    separate(json);
    add_quoted(json->bytes, span_text(name));
    bytes_add_char(json->bytes, ':');
    json->comma = false;
}

void json_put_span(struct json_out *json, struct span text)
{
    separate(json);
    add_quoted(json->bytes, text);
}

void json_put_string(struct json_out *json, const char *text)
{
    if (text == NULL) {
        json_put_null(json);
    } else {
        json_put_span(json, span_text(text));
    }
}

void json_put_raw(struct json_out *json, struct span value)
{
    separate(json);
    bytes_add_span(json->bytes, value);
}

void json_put_integer(struct json_out *json, int64_t value)
{
    separate(json);
    bytes_printf(json->bytes, "%lld", (long long) value);
}

void json_put_bool(struct json_out *json, bool value)
{
    json_put_raw(json, span_text(value ? "true" : "false"));
}

void json_put_null(struct json_out *json)
{
    json_put_raw(json, SPAN_LITERAL("null"));
}

void json_put_value(struct json_out *json, const struct json *value)
{
    if (value == NULL || value->kind == J_NULL) {
        json_put_null(json);
    } else if (value->kind == J_STRING) {
        json_put_span(json, span_of(value->string, value->count));
    } else if (value->kind == J_INTEGER) {
        json_put_integer(json, value->integer);
    } else if (value->kind == J_ARRAY || value->kind == J_OBJECT) {
        bool object = value->kind == J_OBJECT;
        json_begin(json, object ? '{' : '[');
        for (size_t i = 0; i < value->count; i++) {
            if (object) {
                json_key(json, value->items[i].name);
            }
            json_put_value(json, &value->items[i]);
        }
        json_end(json, object ? '}' : ']');
    } else {
        json_put_bool(json, value->kind == J_TRUE);
    }
}

void json_member(struct json_out *json, const char *name, const char *text)
{
    json_key(json, name);
    json_put_string(json, text);
}

void json_member_integer(struct json_out *json, const char *name, int64_t value)
{
    json_key(json, name);
    json_put_integer(json, value);
}
