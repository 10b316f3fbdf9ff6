/* SPDX-License-Identifier: Apache-2.0 */
/*
** The log entry, to the byte, and object paths. The known answer is that of the design's
** example log: entry 1 of 3.
*/
#include "crypto/entry.h"
#include "crypto/merkle.h"
#include "crypto/object.h"
#include "tests/support/rows.h"

static const char known[] =
    "ctl/1\n"
    "log edc.example.org/study/ABC-123\n"
    "seq 1\n"
    "prev wJeiFcsPtosU/FbM0ySJtRAht0XBwX4mKGt/bBD4SBY=\n"
    "time 2026-11-21T09:14:07.204511Z\n"
    "type crf.submit\n"
    "actor acct-0042\n"
    "key x4WBDc8fHuy1JLncpiiJVAyWBr4BjK4eJHJuHVEth1s\n"
    "keydir 57\n"
    "object site-012/subj-0045/visit-3/form-AE/17\n"
    "prior -\n"
    "body TvTeK0I9GJv/Sa+Wj1UMgkuFeYwAlCFQWmb9kJnKdZQ= 15 application/jose+json\n";

static struct entry known_entry(void)
{
    struct entry entry = {
        .log = SPAN_LITERAL("edc.example.org/study/ABC-123"),
        .seq = 1,
        .type = SPAN_LITERAL("crf.submit"),
        .actor = SPAN_LITERAL("acct-0042"),
        .key = SPAN_LITERAL("x4WBDc8fHuy1JLncpiiJVAyWBr4BjK4eJHJuHVEth1s"),
        .keydir = 57,
        .object = SPAN_LITERAL("site-012/subj-0045/visit-3/form-AE/17"),
        .prior = ENTRY_NONE,
        .body_size = 15,
        .media = SPAN_LITERAL("application/jose+json"),
    };
    uint8_t salt[SALT_SIZE];
    memset(salt, 1, sizeof(salt));
    entry_body_digest(salt, SPAN_LITERAL("{\"demo body 1\"}"), &entry.body);
    assert_true(digest_from_base64(
        SPAN_LITERAL("wJeiFcsPtosU/FbM0ySJtRAht0XBwX4mKGt/bBD4SBY="), &entry.prev));
    assert_true(
        instant_parse(SPAN_LITERAL("2026-11-21T09:14:07.204511Z"), &entry.time, NULL));
    return entry;
}

static void check_known(void **state)
{
    struct entry entry = known_entry();
    struct entry again;
    struct err err;
    struct digest leaf;
    char text[DIGEST_BASE64_SIZE];
    CLEANUP(bytes_done) struct bytes bytes = {0};
    CLEANUP(bytes_done) struct bytes twice = {0};
    (void) state;

    assert_status(entry_encode(&entry, &bytes, &err), OK, &err);
    assert_int_equal(bytes.size, 347);
    assert_string_equal(bytes_text(&bytes), known);
    merkle_leaf(span_bytes(&bytes), &leaf);
    digest_to_base64(&leaf, text);
    assert_string_equal(text, "ODMcyfq6a+/j03syS05oQOt5pck+HLQYkr8h0LsnHkQ=");

    assert_status(entry_parse(span_bytes(&bytes), &again, &err), OK, &err);
    assert_int_equal(again.seq, 1);
    assert_int_equal(again.keydir, 57);
    assert_int_equal(again.prior, ENTRY_NONE);
    assert_true(span_is(again.object, "site-012/subj-0045/visit-3/form-AE/17"));
    assert_status(entry_encode(&again, &twice, &err), OK, &err);
    assert_true(span_equal(span_bytes(&bytes), span_bytes(&twice)));
}

static void check_dashes(void **state)
{
    struct entry entry = known_entry();
    struct entry again;
    struct err err;
    CLEANUP(bytes_done) struct bytes bytes = {0};
    (void) state;
    entry.seq = 0;
    memset(&entry.prev, 0, sizeof(entry.prev));
    entry.key = entry.object = entry.media = span_of(NULL, 0);
    entry.keydir = ENTRY_NONE;
    entry.prior = 0;
    assert_status(entry_encode(&entry, &bytes, &err), OK, &err);
    assert_non_null(
        strstr(bytes_text(&bytes), "key -\nkeydir -\nobject -\nprior 0\nbody -\n"));
    assert_status(entry_parse(span_bytes(&bytes), &again, &err), OK, &err);
    assert_int_equal(again.key.size + again.object.size + again.media.size, 0);
    assert_int_equal(again.prior, 0);
}

/* Every single-byte change, insertion and removal that is still an entry writes itself
 * again. */
static void check_every_byte(void **state)
{
    struct err err;
    size_t accepted = 0;
    (void) state;
    for (size_t i = 0; i < sizeof(known) - 1; i++) {
        for (int c = 0; c < 256; c++) {
            CLEANUP(bytes_done) struct bytes text = {0};
            CLEANUP(bytes_done) struct bytes again = {0};
            struct entry entry;
            bytes_add(&text, known, sizeof(known) - 1);
            text.data[i] = (uint8_t) c;
            if (entry_parse(span_bytes(&text), &entry, &err) == OK) {
                assert_status(entry_encode(&entry, &again, &err), OK, &err);
                assert_true(span_equal(span_bytes(&text), span_bytes(&again)));
                accepted++;
            }
        }
    }
    assert_true(accepted > sizeof(known)); /* other values are entries too */
    for (size_t size = 0; size < sizeof(known) - 1; size++) {
        struct entry entry;
        assert_status(entry_parse(span_of(known, size), &entry, &err), ERR_BAD_INPUT, &err);
    }
}

static const struct bad_row {
    const char *name;
    const char *from, *to; /* replaced in the known entry */
    const char *says;
} bad_rows[] = {
    {"another format version is refused", "ctl/1", "ctl/2", "line 1 "},
    {"CR LF line ends are refused", "\nseq 1\n", "\r\nseq 1\r\n", "line 2 "},
    {"two spaces after a label are refused", "seq 1", "seq  1", "line 3 "},
    {"a trailing space is refused", "seq 1\n", "seq 1 \n", "line 3 "},
    {"a leading zero is refused", "seq 1", "seq 01", "line 3 "},
    {"a sign is refused", "seq 1", "seq +1", "line 3 "},
    {"a number over 63 bits is refused", "seq 1", "seq 9223372036854775808", "line 3 "},
    {"a predecessor at sequence 0 is refused", "seq 1", "seq 0", "line 4 "},
    {"a short hash is refused", "prev wJei", "prev Jei", "line 4 "},
    {"base64url in a hash is refused", "tosU/FbM", "tosU_FbM", "line 4 "},
    {"stray bits in a hash are refused", "BD4SBY=", "BD4SBZ=", "line 4 "},
    {"a time without a fraction is refused", ".204511Z", "Z", "line 5 "},
    {"a time with five decimals is refused", ".204511Z", ".20451Z", "line 5 "},
    {"a time with an offset is refused", "204511Z", "204511+00:00", "line 5 "},
    {"a time that does not exist is refused", "11-21T", "02-30T", "line 5 "},
    {"second 60 is refused", ":07.2", ":60.2", "line 5 "},
    {"a lower-case t is refused", "21T09", "21t09", "line 5 "},
    {"a type with a space is refused", "crf.submit", "crf submit", "line 6 "},
    {"an empty type is refused", "type crf.submit", "type ", "line 6 "},
    {"a letter beyond ASCII is refused", "acct-0042", "acct-\xC3\xA9", "line 7 "},
    {"a padded thumbprint is refused", "th1s", "th1s=", "line 8 "},
    {"a missing thumbprint is refused", "key x4W", "key 4W", "line 8 "},
    {"an empty key directory is refused", "keydir 57", "keydir ", "line 9 "},
    {"an object with a tab is refused", "site-012/", "site\t012/", "line 10 "},
    {"a prior that is no number is refused", "prior -", "prior --", "line 11 "},
    {"a body without media type is refused", " application/jose+json", "", "line 12 "},
    {"a body of negative size is refused", " 15 ", " -15 ", "line 12 "},
    {"a body with a fourth field is refused", "jose+json", "jose+json x", "line 12 "},
    {"a missing line is refused", "prior -\n", "", "line 11 "},
    {"a doubled line is refused", "seq 1\n", "seq 1\nseq 1\n", "line 4 "},
    {"swapped lines are refused", "actor acct-0042\nkey", "key acct-0042\nactor",
     "line 7 "},
    {"an empty line at the end is refused", "jose+json\n", "jose+json\n\n", "behind line"},
    {"a thirteenth line is refused", "jose+json\n", "jose+json\nmore 1\n", "behind line"},
    {"a missing last line end is refused", "jose+json\n", "jose+json", "line 12 "},
};

static void check_bad(void **state)
{
    const struct bad_row *row = *state;
    struct entry entry = {.seq = 77};
    struct err err;
    CLEANUP(bytes_done) struct bytes text = {0};
    const char *at = strstr(known, row->from);
    assert_non_null(at);
    bytes_add(&text, known, (size_t) (at - known));
    bytes_add_text(&text, row->to);
    bytes_add_text(&text, at + strlen(row->from));
    assert_status(entry_parse(span_bytes(&text), &entry, &err), ERR_BAD_INPUT, &err);
    assert_non_null(strstr(err.what, row->says));
    assert_int_equal(entry.seq, 77);
}

static void check_smuggling(void **state)
{
    struct err err;
    CLEANUP(bytes_done) struct bytes bytes = {0};
    CLEANUP(bytes_done) struct bytes big = {0};
    (void) state;
    bytes_add_text(&bytes, "before");
    struct entry entry = known_entry();
    entry.actor = SPAN_LITERAL("me\nkey -");
    assert_status(entry_encode(&entry, &bytes, &err), ERR_BAD_INPUT, &err);
    entry = known_entry();
    entry.type = span_of(NULL, 0);
    assert_status(entry_encode(&entry, &bytes, &err), ERR_BAD_INPUT, &err);
    entry = known_entry();
    entry.seq = ENTRY_NONE;
    assert_status(entry_encode(&entry, &bytes, &err), ERR_BAD_INPUT, &err);
    for (int i = 0; i < 4096; i++) {
        bytes_add_char(&big, 'a');
    }
    entry = known_entry();
    entry.object = span_of(big.data, 4096 - 347 + 37);
    assert_status(entry_encode(&entry, &bytes, &err), OK, &err);
    assert_int_equal(bytes.size, 6 + 4096);
    bytes.size = 6;
    entry.object.size++;
    assert_status(entry_encode(&entry, &bytes, &err), ERR_BAD_INPUT, &err);
    assert_string_equal(bytes_text(&bytes), "before"); /* untouched by refusals */
}

/* --- object paths --- */

static const struct path_row {
    const char *name;
    const char *segments[6]; /* "" is an absent one */
    const char *path;
} paths[] = {
    {"a form's path keeps plain keys and marks the absent one",
     {"subject", "NL01-004", "SE.V4", "", "F.INFUSION", ""},
     "subject/NL01-004/SE.V4/-/F.INFUSION/-"},
    {"a slash, a space and UTF-8 in a key are escaped",
     {"site", "a/b c", "\xC3\xA9"},
     "site/a%2Fb%20c/%C3%A9"},
    {"a key that is a single dash is escaped", {"subject", "-"}, "subject/%2D"},
    {"a per cent sign is escaped", {"100%"}, "100%25"},
    {"one segment has no slash", {"study"}, "study"},
};

static void check_path(void **state)
{
    const struct path_row *row = *state;
    CLEANUP(bytes_done) struct bytes path = {0};
    CLEANUP(bytes_done) struct bytes segment = {0};
    size_t count = 0;
    for (; count < ARRAY_LEN(row->segments) && row->segments[count] != NULL; count++) {
        object_add(&path, span_text(row->segments[count]));
    }
    assert_string_equal(bytes_text(&path), row->path);
    struct span rest = span_bytes(&path);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(rest.data);
        assert_true(object_cut(&rest, &segment));
        assert_string_equal(bytes_text(&segment), row->segments[i]);
    }
    assert_null(rest.data);
}

static const struct bad_path_row {
    const char *name, *path;
} bad_paths[] = {
    {"an empty path is refused", ""},
    {"an empty segment is refused", "/a"},
    {"a plain letter that is escaped is refused", "%41"},
    {"lower-case hex is refused", "%2f"},
    {"a cut escape is refused", "a%2"},
    {"a lone per cent sign is refused", "%"},
    {"an unescaped space is refused", "a b"},
    {"an unescaped plus is refused", "a+b"},
    {"two unescaped dashes are a key, one escaped among others is not", "%2D-"},
};

static void check_bad_path(void **state)
{
    const struct bad_path_row *row = *state;
    CLEANUP(bytes_done) struct bytes segment = {0};
    bytes_add_text(&segment, "kept");
    struct span rest = span_text(row->path);
    struct span before = rest;
    assert_false(object_cut(&rest, &segment));
    assert_string_equal(bytes_text(&segment), "kept");
    assert_ptr_equal(rest.data, before.data);
}

int main(void)
{
    add_test("the known entry is written to the byte and read back", check_known);
    add_test("absent fields are dashes", check_dashes);
    add_test("whatever is read writes itself again", check_every_byte);
    add_rows(bad_rows, ARRAY_LEN(bad_rows), sizeof(bad_rows[0]), check_bad);
    add_test("a field cannot smuggle in a line or pass the limit", check_smuggling);
    add_rows(paths, ARRAY_LEN(paths), sizeof(paths[0]), check_path);
    add_rows(bad_paths, ARRAY_LEN(bad_paths), sizeof(bad_paths[0]), check_bad_path);
    return run_added("crypto/entry");
}
