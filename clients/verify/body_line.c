/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why a stream that ends early is ERR_UNAVAILABLE and not evidence: connections break. A line
** that is there and wrong is ERR_BAD_INPUT; whether a body is the one its entry commits to is
** for who has the entry.
*/
#include "clients/verify/body_line.h"

#include "base/encode.h"
#include "base/json_out.h"

static const struct json_limits LIMITS = {.depth = 2, .nodes = 8, .string = BODY_LINE_MAX};

static bool read_number(const struct json *root, const char *name, uint64_t *ret_number)
{
    const struct json *number = json_get(root, name);
    if (number == NULL || number->kind != J_INTEGER || number->integer < 0) {
        return false;
    }
    *ret_number = (uint64_t) number->integer;
    return true;
}

static bool read_end(const struct json *root, struct body_line *line)
{
    static const char *const names[] = {"end", NULL};
    line->kind = BODY_END;
    return json_has_exactly(root, names) && read_number(root, "end", &line->seq);
}

static bool read_none(const struct json *root, struct body_line *line)
{
    static const char *const names[] = {"seq", "none", NULL};
    const struct json *none = json_get(root, "none");
    line->kind = BODY_NONE;
    return json_has_exactly(root, names) && none != NULL && none->kind == J_TRUE &&
           read_number(root, "seq", &line->seq);
}

static bool read_withheld(const struct json *root, struct body_line *line)
{
    static const char *const names[] = {"seq", "withheld", NULL};
    const char *digest = json_get_string(root, "withheld");
    line->kind = BODY_WITHHELD;
    return json_has_exactly(root, names) && digest != NULL &&
           digest_from_base64(span_text(digest), &line->digest) &&
           read_number(root, "seq", &line->seq);
}

static bool read_here(const struct json *root, struct bytes *keep, struct body_line *line)
{
    static const char *const names[] = {"seq", "salt", "body", NULL};
    const char *salt = json_get_string(root, "salt");
    const char *body = json_get_string(root, "body");
    line->kind = BODY_HERE;
    if (!json_has_exactly(root, names) || salt == NULL || body == NULL ||
        !read_number(root, "seq", &line->seq)) {
        return false;
    }
    bytes_clear(keep);
    if (!decode(BASE64, span_text(salt), keep) || keep->size != SALT_SIZE ||
        !decode(BASE64, span_text(body), keep)) {
        return false;
    }
    line->salt = span_of(keep->data, SALT_SIZE);
    line->body = span_of(keep->data + SALT_SIZE, keep->size - SALT_SIZE);
    return true;
}

status body_line_read(struct span line, struct arena *arena, struct bytes *keep,
                      struct body_line *ret_line, struct err *err)
{
    const struct json *root = NULL;
    struct body_line read = {0};
    TRY(json_parse(line, &LIMITS, arena, &root, err));
    if (!read_here(root, keep, &read) && !read_withheld(root, &read) &&
        !read_none(root, &read) && !read_end(root, &read)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "a line of the bodies has not the shape it must have");
    }
    *ret_line = read;
    return OK;
}

void body_line_write(const struct body_line *line, struct bytes *out)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    struct json_out json = {.bytes = out};
    char digest[DIGEST_BASE64_SIZE];
    json_begin(&json, '{');
    json_member_integer(&json, line->kind == BODY_END ? "end" : "seq", (int64_t) line->seq);
    switch (line->kind) {
    case BODY_HERE:
        encode(BASE64, line->salt, &text);
        json_member(&json, "salt", bytes_text(&text));
        bytes_clear(&text);
        encode(BASE64, line->body, &text);
        json_member(&json, "body", bytes_text(&text));
        break;
    case BODY_WITHHELD:
        digest_to_base64(&line->digest, digest);
        json_member(&json, "withheld", digest);
        break;
    case BODY_NONE:
        json_key(&json, "none");
        json_put_bool(&json, true);
        break;
    case BODY_END:
        break;
    }
    json_end(&json, '}');
    bytes_add_char(out, '\n');
}

/* ---- a stream of them ---- */

static status take_line(struct body_lines *lines, struct span text, struct err *err)
{
    struct body_line line;
    if (lines->arena == NULL) {
        lines->arena = arena_new();
    }
    arena_reset(lines->arena);
    TRY(body_line_read(text, lines->arena, &lines->keep, &line, err));
    if (lines->ended) {
        return FAIL(err, ERR_BAD_INPUT, "the bodies go on behind their end");
    }
    if (line.kind == BODY_END) {
        if (line.seq != lines->to || lines->from != lines->to) {
            return FAIL(err, ERR_BAD_INPUT, "the bodies end too early");
        }
        lines->ended = true;
        return OK;
    }
    if (line.seq != lines->from || lines->from == lines->to) {
        return FAIL(err, ERR_BAD_INPUT, "the bodies are not those that were asked for");
    }
    TRY(lines->sink(lines->arg, &line, err));
    lines->from++;
    return OK;
}

status body_lines_add(struct body_lines *lines, struct span piece, struct err *err)
{
    struct span line;
    while (span_cut(&piece, '\n', &line)) {
        if (lines->rest.size == 0) {
            TRY(take_line(lines, line, err));
            continue;
        }
        bytes_add_span(&lines->rest, line);
        status kind = take_line(lines, span_bytes(&lines->rest), err);
        bytes_clear(&lines->rest);
        TRY(kind);
    }
    if (lines->rest.size + piece.size > BODY_LINE_MAX) {
        return FAIL(err, ERR_TOO_LARGE, "a line of the bodies is too long");
    }
    bytes_add_span(&lines->rest, piece);
    return OK;
}

status body_lines_finish(const struct body_lines *lines, struct err *err)
{
    if (!lines->ended || lines->rest.size > 0) {
        return FAIL(err, ERR_UNAVAILABLE, "the stream of bodies broke off at entry %llu",
                    (unsigned long long) lines->from);
    }
    return OK;
}

void body_lines_done(struct body_lines *lines)
{
    bytes_wipe(&lines->rest);
    bytes_wipe(&lines->keep);
    arena_free(lines->arena);
    lines->arena = NULL;
}
