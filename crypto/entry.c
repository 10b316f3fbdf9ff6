/* SPDX-License-Identifier: Apache-2.0 */
/*
** One table of lines drives reading: label, and the function that reads its value.
** Writing prints the lines and reads them back, so a field that could smuggle in a line,
** a space or a byte over the limit cannot get into a log: the writer trusts nobody, not
** even the caller.
*/
#include "crypto/entry.h"

#include "base/text.h"

static bool read_token(struct span value, struct span *ret_token)
{
    *ret_token = value;
    return text_is_token(value, ENTRY_SIZE_MAX);
}

static bool read_number(struct span value, int64_t *ret_number)
{
    uint64_t number = 0;
    bool good = text_to_u64(value, INT64_MAX, &number);
    *ret_number = (int64_t) number;
    return good;
}

static bool read_optional(struct span value, int64_t *ret_number)
{
    if (span_is(value, "-")) {
        *ret_number = ENTRY_NONE;
        return true;
    }
    return read_number(value, ret_number);
}

static bool read_log(struct span value, struct entry *entry)
{
    return read_token(value, &entry->log);
}

static bool read_seq(struct span value, struct entry *entry)
{
    return read_number(value, &entry->seq);
}

static bool read_prev(struct span value, struct entry *entry)
{
    static const struct digest zero;
    return digest_from_base64(value, &entry->prev) &&
           (entry->seq > 0 || digest_equal(&entry->prev, &zero));
}

static bool read_time(struct span value, struct entry *entry)
{
    char again[INSTANT_SIZE];
    if (value.size != INSTANT_SIZE - 1 || value.data[value.size - 1] != 'Z' ||
        !instant_parse(value, &entry->time, NULL)) {
        return false;
    }
    instant_format(entry->time, again);
    return span_is(value, again);
}

static bool read_type(struct span value, struct entry *entry)
{
    return read_token(value, &entry->type);
}

static bool read_actor(struct span value, struct entry *entry)
{
    return read_token(value, &entry->actor);
}

static bool read_key(struct span value, struct entry *entry)
{
    struct digest digest;
    if (span_is(value, "-")) {
        entry->key = span_of(NULL, 0);
        return true;
    }
    entry->key = value;
    return digest_from_base64url(value, &digest);
}

static bool read_keydir(struct span value, struct entry *entry)
{
    return read_optional(value, &entry->keydir);
}

static bool read_object(struct span value, struct entry *entry)
{
    if (span_is(value, "-")) {
        entry->object = span_of(NULL, 0);
        return true;
    }
    return read_token(value, &entry->object);
}

static bool read_prior(struct span value, struct entry *entry)
{
    return read_optional(value, &entry->prior);
}

static bool read_body(struct span value, struct entry *entry)
{
    struct span digest;
    struct span size;
    if (span_is(value, "-")) {
        entry->media = span_of(NULL, 0);
        return true;
    }
    return span_cut(&value, ' ', &digest) && span_cut(&value, ' ', &size) &&
           digest_from_base64(digest, &entry->body) &&
           read_number(size, &entry->body_size) && read_token(value, &entry->media) &&
           !span_is(value, "-");
}

static const struct {
    const char *label, *wanted;
    bool (*read)(struct span value, struct entry *entry);
} lines[] = {
    {"log ", "log and an origin", read_log},
    {"seq ", "seq and a number", read_seq},
    {"prev ", "prev and a base64 hash (zeros for seq 0)", read_prev},
    {"time ", "time and a UTC instant with six decimals", read_time},
    {"type ", "type and a token", read_type},
    {"actor ", "actor and a token", read_actor},
    {"key ", "key and a thumbprint or -", read_key},
    {"keydir ", "keydir and a number or -", read_keydir},
    {"object ", "object and a path or -", read_object},
    {"prior ", "prior and a number or -", read_prior},
    {"body ", "body and digest, size, media type, or -", read_body},
};

status entry_parse(struct span text, struct entry *ret_entry, struct err *err)
{
    struct entry entry = {.keydir = ENTRY_NONE, .prior = ENTRY_NONE};
    struct span line;

    if (text.size > ENTRY_SIZE_MAX) {
        return FAIL(err, ERR_BAD_INPUT, "an entry has at most %d bytes", ENTRY_SIZE_MAX);
    }
    if (!span_cut(&text, '\n', &line) || !span_is(line, "ctl/1")) {
        return FAIL(err, ERR_BAD_INPUT, "line 1 of an entry is ctl/1");
    }
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        size_t label = strlen(lines[i].label);
        if (!span_cut(&text, '\n', &line) || !span_starts(line, lines[i].label) ||
            !lines[i].read(span_of(line.data + label, line.size - label), &entry)) {
            return FAIL(err, ERR_BAD_INPUT, "line %zu of an entry is %s", i + 2,
                        lines[i].wanted);
        }
    }
    if (text.size > 0) {
        return FAIL(err, ERR_BAD_INPUT, "an entry ends behind line 12");
    }
    *ret_entry = entry;
    return OK;
}

/* --- writing ---------------------------------------------------------------------------
 */

static void add_line(struct bytes *out, const char *label, struct span value)
{
    bytes_add_text(out, label);
    bytes_add_span(out, value);
    bytes_add_char(out, '\n');
}

static void add_optional(struct bytes *out, const char *label, struct span value)
{
    add_line(out, label, value.size > 0 ? value : SPAN_LITERAL("-"));
}

static void add_number(struct bytes *out, const char *label, int64_t value)
{
    if (value == ENTRY_NONE) {
        add_line(out, label, SPAN_LITERAL("-"));
    } else {
        bytes_printf(out, "%s%lld\n", label, (long long) value);
    }
}

static void print(const struct entry *entry, struct bytes *out)
{
    char digest[DIGEST_BASE64_SIZE];
    char time[INSTANT_SIZE];

    bytes_add_text(out, "ctl/1\n");
    add_line(out, "log ", entry->log);
    add_number(out, "seq ", entry->seq);
    digest_to_base64(&entry->prev, digest);
    add_line(out, "prev ", span_text(digest));
    instant_format(entry->time, time);
    add_line(out, "time ", span_text(time));
    add_line(out, "type ", entry->type);
    add_line(out, "actor ", entry->actor);
    add_optional(out, "key ", entry->key);
    add_number(out, "keydir ", entry->keydir);
    add_optional(out, "object ", entry->object);
    add_number(out, "prior ", entry->prior);
    if (entry->media.size == 0) {
        add_optional(out, "body ", entry->media);
        return;
    }
    digest_to_base64(&entry->body, digest);
    bytes_printf(out, "body %s %lld ", digest, (long long) entry->body_size);
    bytes_add_span(out, entry->media);
    bytes_add_char(out, '\n');
}

status entry_encode(const struct entry *entry, struct bytes *out, struct err *err)
{
    size_t before = out->size;
    struct entry again;
    print(entry, out);
    status read = entry_parse(span_of(out->data + before, out->size - before), &again, err);
    if (read != OK) {
        out->size = before;
        out->data[before] = 0;
    }
    return read;
}

void entry_body_digest(const uint8_t salt[SALT_SIZE], struct span body,
                       struct digest *ret_digest)
{
    const struct span parts[] = {span_of(salt, SALT_SIZE), body};
    digest_of_parts(parts, ARRAY_LEN(parts), ret_digest);
}
