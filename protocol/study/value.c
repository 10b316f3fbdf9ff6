/* SPDX-License-Identifier: Apache-2.0 */
/*
** One table of type names, and the reader of each type. What cannot stand in an XML 1.0
** document (control characters) is refused in texts, because the data leave as ODM one day.
*/
#include "protocol/study/value.h"

#include "base/encode.h"
#include "base/text.h"
#include "protocol/study/dates.h"

static const char *const NAMES[] = {
    [TYPE_TEXT] = "text",
    [TYPE_STRING] = "string",
    [TYPE_INTEGER] = "integer",
    [TYPE_FLOAT] = "float",
    [TYPE_DOUBLE] = "double",
    [TYPE_BOOLEAN] = "boolean",
    [TYPE_DATE] = "date",
    [TYPE_TIME] = "time",
    [TYPE_DATETIME] = "datetime",
    [TYPE_PARTIAL_DATE] = "partialDate",
    [TYPE_PARTIAL_TIME] = "partialTime",
    [TYPE_PARTIAL_DATETIME] = "partialDatetime",
    [TYPE_INCOMPLETE_DATE] = "incompleteDate",
    [TYPE_INCOMPLETE_TIME] = "incompleteTime",
    [TYPE_INCOMPLETE_DATETIME] = "incompleteDatetime",
    [TYPE_DURATION_DATETIME] = "durationDatetime",
    [TYPE_INTERVAL_DATETIME] = "intervalDatetime",
    [TYPE_HEX_BINARY] = "hexBinary",
    [TYPE_BASE64_BINARY] = "base64Binary",
    [TYPE_HEX_FLOAT] = "hexFloat",
    [TYPE_BASE64_FLOAT] = "base64Float",
    [TYPE_URI] = "URI",
};

const char *data_type_name(enum data_type type)
{
    return NAMES[type];
}

bool data_type_parse(struct span name, enum data_type *ret_type)
{
    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        if (span_is(name, NAMES[i])) {
            *ret_type = (enum data_type) i;
            return true;
        }
    }
    return false;
}

bool data_type_is_number(enum data_type type)
{
    return type == TYPE_INTEGER || type == TYPE_FLOAT || type == TYPE_DOUBLE;
}

bool data_type_is_dated(enum data_type type)
{
    return type == TYPE_DATE || type == TYPE_DATETIME || type == TYPE_PARTIAL_DATE ||
           type == TYPE_PARTIAL_DATETIME || type == TYPE_INCOMPLETE_DATE ||
           type == TYPE_INCOMPLETE_DATETIME || type == TYPE_INTERVAL_DATETIME;
}

enum truth truth_and(enum truth a, enum truth b)
{
    if (a == NO || b == NO) {
        return NO;
    }
    return a == YES && b == YES ? YES : UNKNOWN;
}

enum truth truth_or(enum truth a, enum truth b)
{
    if (a == YES || b == YES) {
        return YES;
    }
    return a == NO && b == NO ? NO : UNKNOWN;
}

enum truth truth_not(enum truth a)
{
    if (a == UNKNOWN) {
        return UNKNOWN;
    }
    return a == YES ? NO : YES;
}

static bool text_is_plain(struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') {
            return false;
        }
    }
    return text_is_utf8(text);
}

static bool number_parse(enum data_type type, struct span text, struct value *ret_value)
{
    if (!decimal_parse(text, type == TYPE_DOUBLE, &ret_value->number)) {
        return false;
    }
    bool point = false, leading = true;
    for (size_t i = 0; i < text.size && text.data[i] != 'e' && text.data[i] != 'E'; i++) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        point = point || text.data[i] == '.';
        leading = leading && !point && (!digit || text.data[i] == '0');
        ret_value->fraction_digits += digit && point;
        ret_value->total_digits += digit && !leading;
    }
    return type != TYPE_INTEGER || !point;
}

static bool boolean_parse(struct span text, struct value *ret_value)
{
    ret_value->boolean = span_is(text, "true") || span_is(text, "1");
    return ret_value->boolean || span_is(text, "false") || span_is(text, "0");
}

static bool is_hex(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool hex_is_valid(struct span text, size_t most)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!is_hex(text.data[i])) {
            return false;
        }
    }
    return text.size % 2 == 0 && text.size / 2 <= most;
}

static bool base64_is_valid(struct span text, size_t most)
{
    CLEANUP(bytes_done) struct bytes content = {0};
    return decode(BASE64, text, &content) && content.size <= most;
}

/* The characters of RFC 3986, with UTF-8 for RFC 3987; nothing is resolved. */
static bool uri_is_valid(struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (c <= ' ' || c == 0x7f || strchr("<>\"{}|\\^`", c) != NULL) {
            return false;
        }
        if (c == '%' &&
            (text.size - i < 3 || !is_hex(text.data[i + 1]) || !is_hex(text.data[i + 2]))) {
            return false;
        }
    }
    return text_is_utf8(text);
}

static bool parse_as(enum data_type type, struct span text, const struct zone *zone,
                     struct value *ret_value)
{
    switch (type) {
    case TYPE_TEXT:
    case TYPE_STRING:
        return text_is_plain(text);
    case TYPE_INTEGER:
    case TYPE_FLOAT:
    case TYPE_DOUBLE:
        return number_parse(type, text, ret_value);
    case TYPE_BOOLEAN:
        return boolean_parse(text, ret_value);
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_DATETIME:
    case TYPE_PARTIAL_DATE:
    case TYPE_PARTIAL_TIME:
    case TYPE_PARTIAL_DATETIME:
    case TYPE_INCOMPLETE_DATE:
    case TYPE_INCOMPLETE_TIME:
    case TYPE_INCOMPLETE_DATETIME:
        return date_value_parse(type, text, zone, ret_value);
    case TYPE_DURATION_DATETIME:
        return duration_is_valid(text);
    case TYPE_INTERVAL_DATETIME:
        return time_span_parse(text, zone, ret_value);
    case TYPE_HEX_BINARY:
        return hex_is_valid(text, SIZE_MAX);
    case TYPE_HEX_FLOAT:
        return hex_is_valid(text, 16);
    case TYPE_BASE64_BINARY:
        return base64_is_valid(text, SIZE_MAX);
    case TYPE_BASE64_FLOAT:
        return base64_is_valid(text, 12);
    case TYPE_URI:
        return uri_is_valid(text);
    default:
        return false;
    }
}

bool value_parse(enum data_type type, struct span text, const struct zone *zone,
                 struct value *ret_value)
{
    struct value value = {.type = type, .text = text};
    value.when = interval_unknown();
    value.wall = interval_unknown();
    if (text.size == 0 || !parse_as(type, text, zone, &value)) {
        return false;
    }
    *ret_value = value;
    return true;
}

static enum truth date_order(const struct interval *a, const struct interval *b,
                             int *ret_order)
{
    bool bounded = a->earliest != INSTANT_MIN && a->latest != INSTANT_MAX;
    bool same = bounded && a->earliest == b->earliest && a->latest == b->latest &&
                a->latest - a->earliest < DAY;
    if (same) {
        *ret_order = 0;
        return YES;
    }
    if (a->latest < b->earliest || b->latest < a->earliest) {
        *ret_order = a->latest < b->earliest ? -1 : 1;
        return YES;
    }
    return UNKNOWN;
}

static int byte_order(struct span a, struct span b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = memcmp(a.data, b.data, common);
    if (order == 0) {
        order = (a.size > b.size) - (a.size < b.size);
    }
    return (order > 0) - (order < 0);
}

enum truth value_order(const struct value *a, const struct value *b, int *ret_order)
{
    if (data_type_is_number(a->type) && data_type_is_number(b->type)) {
        *ret_order = decimal_compare(a->number, b->number);
        return YES;
    }
    if (data_type_is_dated(a->type) && data_type_is_dated(b->type)) {
        return date_order(&a->when, &b->when, ret_order);
    }
    if (a->type != b->type) {
        return NO;
    }
    *ret_order = a->type == TYPE_BOOLEAN ? (int) a->boolean - (int) b->boolean
                                         : byte_order(a->text, b->text);
    return YES;
}
