/* SPDX-License-Identifier: Apache-2.0 */
/*
** Notes, checkpoints and cosignatures: the C2SP examples, the example log's known answer
** to the byte, and what must be refused.
*/
#include "base/encode.h"
#include "crypto/checkpoint.h"
#include "tests/support/rows.h"
#include "tests/unit/crypto/vectors.h"

#define DASH "\xE2\x80\x94 "

/* --- the example of C2SP signed-note.md --- */

#define C2SP_VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define C2SP_TEXT "This is an example message.\n"
#define C2SP_BASE64                                                                        \
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1"     \
    "Yu72IneyaQM="
#define C2SP_LINE DASH "example.com/foo " C2SP_BASE64 "\n"

/* --- the example log; keys of RFC 8032 7.1 tests 1 (log) and 2 (witness) --- */

#define ORIGIN  "edc.example.org/study/ABC-123"
#define WITNESS "qa.sponsor.example/w1"
#define LOG_VKEY                                                                           \
    "edc.example.org/study/ABC-123+8ba61dff+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
#define WITNESS_VKEY                                                                       \
    "qa.sponsor.example/w1+2227671f+BD1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM"
#define HEAD ORIGIN "\n3\nX3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=\n"
#define LOG_LINE                                                                           \
    DASH ORIGIN " i6Yd//A5PTLDj09H73sXgQyhAgC5CMjWWPzVsbHWZ/CJXNAGc0p1MGil/GOHbDPt2cEZxuW" \
                "6EMMzL7Z6yGy/rUstsA0=\n"
#define WITNESS_LINE                                                                       \
    DASH WITNESS " IidnHwAAAABrAWugVUtthdPmZOFf7oitXIQmYNXCYH3JMyyagRAyWBTq4/V86TgDq8StB/" \
                 "UwarY+GH83f7eXX8ZH+jcZdNMIYQdGAA==\n"

static struct note_key *vkey(const char *text)
{
    struct note_key *key = NULL;
    struct err err;
    assert_status(note_key_parse(span_text(text), &key, &err), OK, &err);
    return key;
}

static void check_known(void **state)
{
    CLEANUP(private_key_freep) struct private_key *log = known_private_key(RFC8032_TEST1);
    CLEANUP(private_key_freep)
    struct private_key *witness = known_private_key(RFC8032_TEST2);
    CLEANUP(note_key_freep) struct note_key *log_key = vkey(LOG_VKEY);
    CLEANUP(note_key_freep) struct note_key *witness_key = vkey(WITNESS_VKEY);
    CLEANUP(bytes_done) struct bytes note = {0};
    struct checkpoint head = {.origin = SPAN_LITERAL(ORIGIN), .size = 3};
    struct checkpoint again;
    struct note opened;
    uint64_t time = 0;
    struct err err;
    (void) state;

    assert_true(digest_from_base64(
        SPAN_LITERAL("X3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA="), &head.root));
    assert_status(checkpoint_sign(&head, log, &note, &err), OK, &err);
    assert_string_equal(bytes_text(&note), HEAD "\n" LOG_LINE);
    assert_status(
        note_cosign(SPAN_LITERAL(HEAD), WITNESS, witness, 1795255200, &note, &err), OK,
        &err);
    assert_string_equal(bytes_text(&note), HEAD "\n" LOG_LINE WITNESS_LINE);

    const struct note_key *witnesses[] = {witness_key};
    const struct checkpoint_trust trust = {log_key, witnesses, 1};
    assert_status(checkpoint_open(span_bytes(&note), &trust, &again, &opened, &err), OK,
                  &err);
    assert_int_equal(again.size, 3);
    assert_true(span_is(again.origin, ORIGIN));
    assert_true(digest_equal(&again.root, &head.root));
    assert_int_equal(opened.count, 2);
    assert_true(note_signed_by(&opened, witness_key, &time));
    assert_int_equal(time, 1795255200);
}

static void check_vkeys(void **state)
{
    static const char *const texts[] = {C2SP_VKEY, LOG_VKEY, WITNESS_VKEY};
    (void) state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CLEANUP(note_key_freep) struct note_key *key = vkey(texts[i]);
        CLEANUP(bytes_done) struct bytes text = {0};
        note_key_format(key, &text);
        assert_string_equal(bytes_text(&text), texts[i]);
        assert_int_equal(note_key_type(key), i == 2 ? NOTE_COSIGNATURE : NOTE_ED25519);
    }
}

static void check_skey(void **state)
{
    CLEANUP(private_key_freep) struct private_key *log = known_private_key(RFC8032_TEST1);
    CLEANUP(private_key_freep) struct private_key *again = NULL;
    CLEANUP(note_key_freep) struct note_key *key = vkey(LOG_VKEY);
    CLEANUP(note_key_freep) struct note_key *key_again = NULL;
    CLEANUP(secret_done) struct secret skey = {0};
    struct err err;
    (void) state;
    assert_status(note_secret_format(key, log, &skey, &err), OK, &err);
    assert_true(span_is(secret_span(&skey),
                        "PRIVATE+KEY+edc.example.org/study/ABC-123+8ba61dff+"
                        "AZ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"));
    assert_status(note_secret_parse(&skey, &key_again, &again, &err), OK, &err);
    assert_true(key_equal(private_key_public(again), private_key_public(log)));
    assert_string_equal(note_key_name(key_again), ORIGIN);

    struct note_key *none = NULL;
    struct private_key *none_private = NULL;
    skey.data[skey.size - 5] ^= 1; /* another seed under this id */
    assert_status(note_secret_parse(&skey, &none, &none_private, &err), ERR_BAD_INPUT,
                  &err);
    secret_copy(&skey, LOG_VKEY, sizeof(LOG_VKEY) - 1);
    assert_status(note_secret_parse(&skey, &none, &none_private, &err), ERR_BAD_INPUT,
                  &err);
    assert_null(none);
    assert_null(none_private);
}

static const struct text_row {
    const char *name, *text;
} bad_vkeys[] = {
    {"a key of another id is refused",
     "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"},
    {"a key under another name is refused",
     "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"},
    {"a key of type 04 under the id of 01 is refused",
     "example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"},
    {"a key of an unknown type is refused",
     "example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"},
    {"a capital hex digit in the id is refused",
     "example.com/foo+530D903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"},
    {"an empty key name is refused",
     "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"},
    {"a space in the key name is refused",
     "example foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"},
    {"a no-break space in the key name is refused",
     "example\xC2\xA0+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"},
    {"a short key is refused",
     "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYc"},
    {"a key without id is refused", "example.com/foo"},
    {"an empty text is no key", ""},
    {"a trailing line feed is refused",
     "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n"},
};

static void check_bad_vkey(void **state)
{
    const struct text_row *row = *state;
    struct note_key *key = NULL;
    struct err err;
    assert_status(note_key_parse(span_text(row->text), &key, &err), ERR_BAD_INPUT, &err);
    assert_null(key);
}

/* --- opening --- */

static const struct note_row {
    const char *name, *note;
    status wanted;
} notes[] = {
    {"the C2SP example verifies", C2SP_TEXT "\n" C2SP_LINE, OK},
    {"a signature of an unknown key is ignored",
     C2SP_TEXT "\n" DASH "else.example AAAAAAAA\n" C2SP_LINE, OK},
    {"a signature of another id under a known name is ignored",
     C2SP_TEXT "\n" C2SP_LINE DASH "example.com/foo AAAAAAAA\n", OK},
    {"the same signature twice counts once", C2SP_TEXT "\n" C2SP_LINE C2SP_LINE, OK},
    {"a note with an unknown signature only is rejected",
     C2SP_TEXT "\n" DASH "else.example AAAAAAAA\n", ERR_UNAUTHENTIC},
    {"a failing signature of a known key rejects the note",
     C2SP_TEXT
     "\n" C2SP_LINE DASH
     "example.com/foo Uw2QOgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAAAAAAAAAAAAAAAAAAAAAA=\n",
     ERR_UNAUTHENTIC},
    {"a known key's signature of a wrong size rejects the note",
     C2SP_TEXT "\n" C2SP_LINE DASH "example.com/foo Uw2QOgAA\n", ERR_UNAUTHENTIC},
    {"a changed text is rejected", "This is an example massage.\n\n" C2SP_LINE,
     ERR_UNAUTHENTIC},
    {"a text with one more line is rejected", C2SP_TEXT "\n\n" C2SP_LINE, ERR_UNAUTHENTIC},
    {"a note without signatures is refused", C2SP_TEXT "\n", ERR_BAD_INPUT},
    {"a note without the empty line is refused", C2SP_TEXT C2SP_LINE, ERR_BAD_INPUT},
    {"a note without the last line feed is refused",
     C2SP_TEXT "\n" DASH "example.com/foo " C2SP_BASE64, ERR_BAD_INPUT},
    {"a hyphen instead of the dash is refused",
     C2SP_TEXT "\n- example.com/foo " C2SP_BASE64 "\n", ERR_BAD_INPUT},
    {"two spaces are refused", C2SP_TEXT "\n" DASH " example.com/foo " C2SP_BASE64 "\n",
     ERR_BAD_INPUT},
    {"a space behind the signature is refused",
     C2SP_TEXT "\n" DASH "example.com/foo " C2SP_BASE64 " \n", ERR_BAD_INPUT},
    {"a plus in the name is refused", C2SP_TEXT "\n" DASH "a+b AAAAAAAA\n" C2SP_LINE,
     ERR_BAD_INPUT},
    {"an empty name is refused", C2SP_TEXT "\n" DASH " AAAAAAAA\n" C2SP_LINE,
     ERR_BAD_INPUT},
    {"a signature of four bytes is refused",
     C2SP_TEXT "\n" C2SP_LINE DASH "else.example AAAAAA==\n", ERR_BAD_INPUT},
    {"base64 with stray bits is refused",
     C2SP_TEXT "\n" C2SP_LINE DASH "else.example AAAAAAB=\n", ERR_BAD_INPUT},
    {"a carriage return is refused", "This is an example message.\r\n\n" C2SP_LINE,
     ERR_BAD_INPUT},
    {"a tab is refused", "This is\tan example message.\n\n" C2SP_LINE, ERR_BAD_INPUT},
    {"broken UTF-8 is refused", "This is an ex\xC3mple.\n\n" C2SP_LINE, ERR_BAD_INPUT},
    {"an empty note is refused", "", ERR_BAD_INPUT},
    {"line feeds alone are refused", "\n\n\n", ERR_BAD_INPUT},
};

static void check_note(void **state)
{
    const struct note_row *row = *state;
    CLEANUP(note_key_freep) struct note_key *key = vkey(C2SP_VKEY);
    const struct note_key *known[] = {key};
    struct note note = {.count = 99};
    struct err err;
    assert_status(note_open(span_text(row->note), known, 1, &note, &err), row->wanted,
                  &err);
    assert_int_equal(note.count, row->wanted == OK ? 1 : 99);
    if (row->wanted == OK) {
        assert_true(span_is(note.text, C2SP_TEXT));
    }
}

/* COUNT signatures by different keys, all known. */
static void sign_many(size_t count, status wanted)
{
    CLEANUP(private_key_freep) struct private_key *log = known_private_key(RFC8032_TEST1);
    CLEANUP(private_key_freep)
    struct private_key *witness = known_private_key(RFC8032_TEST2);
    CLEANUP(note_key_freep) struct note_key *log_key = vkey(LOG_VKEY);
    CLEANUP(bytes_done) struct bytes text = {0};
    struct note note = {0};
    struct err err;
    const struct note_key *known[NOTE_KNOWN_MAX] = {log_key};
    struct note_key *made[NOTE_KNOWN_MAX] = {NULL};
    size_t named = 1;

    assert_status(note_sign(SPAN_LITERAL(HEAD), ORIGIN, log, &text, &err), OK, &err);
    for (size_t i = 1; i < count; i++) {
        char name[32];
        (void) snprintf(name, sizeof(name), "witness-%zu", i);
        assert_status(note_cosign(SPAN_LITERAL(HEAD), name, witness, i, &text, &err), OK,
                      &err);
        if (named < NOTE_KNOWN_MAX) {
            assert_status(note_key_new(name, NOTE_COSIGNATURE, private_key_public(witness),
                                       &made[named], &err),
                          OK, &err);
            known[named] = made[named];
            named++;
        }
    }
    assert_status(note_open(span_bytes(&text), known, named, &note, &err), wanted, &err);
    assert_int_equal(note.count, wanted == OK ? named : 0);
    for (size_t i = 0; i < NOTE_KNOWN_MAX; i++) {
        note_key_free(made[i]);
    }
}

static void check_many(void **state)
{
    (void) state;
    sign_many(16, OK);
    sign_many(NOTE_LINES_MAX, OK);
    sign_many(NOTE_LINES_MAX + 1, ERR_TOO_LARGE);
}

static void check_empty_lines(void **state)
{
    CLEANUP(private_key_freep) struct private_key *log = known_private_key(RFC8032_TEST1);
    CLEANUP(note_key_freep) struct note_key *key = vkey(LOG_VKEY);
    CLEANUP(bytes_done) struct bytes text = {0};
    const struct note_key *known[] = {key};
    struct note note;
    struct err err;
    (void) state;
    struct span body = SPAN_LITERAL("one\n\nthree\n\n" DASH "not a signature\n");
    assert_status(note_sign(body, ORIGIN, log, &text, &err), OK, &err);
    assert_status(note_open(span_bytes(&text), known, 1, &note, &err), OK, &err);
    assert_true(
        span_equal(note.text, body)); /* the last empty line parts text from lines */
    assert_status(note_sign(SPAN_LITERAL("no end"), ORIGIN, log, &text, &err),
                  ERR_BAD_INPUT, &err);
    assert_status(note_sign(body, "a name", log, &text, &err), ERR_BAD_INPUT, &err);
    assert_status(note_cosign(body, ORIGIN, log, UINT64_MAX, &text, &err), ERR_BAD_INPUT,
                  &err);
}

static void check_limits(void **state)
{
    CLEANUP(private_key_freep) struct private_key *log = known_private_key(RFC8032_TEST1);
    CLEANUP(private_key_freep) struct private_key *other = known_private_key(RFC8032_TEST2);
    CLEANUP(note_key_freep) struct note_key *key = vkey(LOG_VKEY);
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(secret_done) struct secret skey = {0};
    const struct note_key *known[] = {key};
    struct checkpoint head = {.size = 3};
    struct note note;
    struct err err;
    (void) state;
    assert_status(checkpoint_sign(&head, log, &text, &err), ERR_BAD_INPUT, &err);
    assert_status(note_secret_format(key, other, &skey, &err), ERR_BUG, &err);
    assert_int_equal(skey.size, 0);
    while (text.size <= NOTE_SIZE_MAX) {
        bytes_add_text(&text, "a line of a note that is much too long\n");
    }
    assert_status(note_open(span_bytes(&text), known, 1, &note, &err), ERR_TOO_LARGE, &err);
}

static void check_es256(void **state)
{
    CLEANUP(private_key_freep) struct private_key *key = known_private_key(RFC7515_A3);
    CLEANUP(bytes_done) struct bytes text = {0};
    struct err err;
    (void) state;
    assert_status(note_sign(SPAN_LITERAL(HEAD), ORIGIN, key, &text, &err), ERR_BAD_INPUT,
                  &err);
    assert_int_equal(text.size, 0);
}

/* --- cosignatures --- */

static void check_cosignature(void **state)
{
    CLEANUP(note_key_freep) struct note_key *witness = vkey(WITNESS_VKEY);
    const struct note_key *known[] = {witness};
    struct note note;
    struct err err;
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(bytes_done) struct bytes raw = {0};
    (void) state;
    assert_status(
        note_open(SPAN_LITERAL(HEAD "\n" LOG_LINE WITNESS_LINE), known, 1, &note, &err), OK,
        &err);
    /* another time in front of the same signature */
    const char *base64 = strstr(WITNESS_LINE, "Iidn");
    assert_true(decode(BASE64, span_of(base64, strlen(base64) - 1), &raw));
    for (size_t i = 4; i < 12; i++) {
        raw.data[i] ^= 0x80; /* the first makes a time of 64 bits */
        bytes_clear(&text);
        bytes_add_text(&text, HEAD "\n" DASH WITNESS " ");
        encode(BASE64, span_bytes(&raw), &text);
        bytes_add_char(&text, '\n');
        assert_status(note_open(span_bytes(&text), known, 1, &note, &err), ERR_UNAUTHENTIC,
                      &err);
        raw.data[i] ^= 0x80;
    }
    /* a plain signature is no cosignature: another type is another id */
    assert_status(note_open(SPAN_LITERAL(HEAD "\n" LOG_LINE), known, 1, &note, &err),
                  ERR_UNAUTHENTIC, &err);
}

/* --- checkpoints --- */

static const struct note_row checkpoints[] = {
    {"a checkpoint is read", HEAD, OK},
    {"a size of 0 with the empty root is read",
     "a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", OK},
    {"a size of 0 with another root is refused",
     "a\n0\nX3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=\n", ERR_BAD_INPUT},
    {"an extension line is refused", HEAD "extension\n", ERR_BAD_INPUT},
    {"an empty origin is refused", "\n3\nX3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=\n",
     ERR_BAD_INPUT},
    {"a leading zero is refused", "a\n03\nX3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=\n",
     ERR_BAD_INPUT},
    {"a negative size is refused", "a\n-3\nX3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=\n",
     ERR_BAD_INPUT},
    {"a size over 63 bits is refused",
     "a\n9223372036854775808\nX3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=\n",
     ERR_BAD_INPUT},
    {"a short root is refused", "a\n3\nX3E7kyCMjzebi/tfhzAbHA==\n", ERR_BAD_INPUT},
    {"a missing last line feed is refused",
     "a\n3\nX3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=", ERR_BAD_INPUT},
    {"two lines are refused", "a\n3\n", ERR_BAD_INPUT},
    {"nothing is refused", "", ERR_BAD_INPUT},
};

static void check_checkpoint(void **state)
{
    const struct note_row *row = *state;
    struct checkpoint checkpoint;
    struct err err;
    CLEANUP(bytes_done) struct bytes again = {0};
    assert_status(checkpoint_parse(span_text(row->note), &checkpoint, &err), row->wanted,
                  &err);
    if (row->wanted == OK) {
        checkpoint_format(&checkpoint, &again);
        assert_string_equal(bytes_text(&again), row->note);
    }
}

static void check_other_log(void **state)
{
    CLEANUP(private_key_freep) struct private_key *log = known_private_key(RFC8032_TEST1);
    CLEANUP(note_key_freep) struct note_key *log_key = vkey(LOG_VKEY);
    CLEANUP(note_key_freep) struct note_key *witness = vkey(WITNESS_VKEY);
    CLEANUP(bytes_done) struct bytes note = {0};
    const struct note_key *witnesses[] = {witness};
    struct checkpoint_trust trust = {log_key, NULL, 0};
    struct checkpoint checkpoint;
    struct err err;
    (void) state;
    /* the log's key under its name, over the head of another log */
    assert_status(note_sign(SPAN_LITERAL("other.example\n3\nX3E7kyCMjzebi/"
                                         "tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=\n"),
                            ORIGIN, log, &note, &err),
                  OK, &err);
    assert_status(checkpoint_open(span_bytes(&note), &trust, &checkpoint, NULL, &err),
                  ERR_UNAUTHENTIC, &err);
    /* a witness alone does not make a head */
    trust = (struct checkpoint_trust){log_key, witnesses, 1};
    assert_status(checkpoint_open(SPAN_LITERAL(HEAD "\n" WITNESS_LINE), &trust, &checkpoint,
                                  NULL, &err),
                  ERR_UNAUTHENTIC, &err);
}

int main(void)
{
    add_test("the example log's checkpoint and cosignature, to the byte", check_known);
    add_test("vkeys are read and written", check_vkeys);
    add_test("skeys are read and written", check_skey);
    add_rows(bad_vkeys, ARRAY_LEN(bad_vkeys), sizeof(bad_vkeys[0]), check_bad_vkey);
    add_rows(notes, ARRAY_LEN(notes), sizeof(notes[0]), check_note);
    add_test("16 signatures are read, and as many as the limit", check_many);
    add_test("the last empty line ends the text", check_empty_lines);
    add_test("empty origins, other keys and huge notes are refused", check_limits);
    add_test("an ES256 key signs no note", check_es256);
    add_test("a cosignature binds its time and type", check_cosignature);
    add_rows(checkpoints, ARRAY_LEN(checkpoints), sizeof(checkpoints[0]), check_checkpoint);
    add_test("a head of another log, or of a witness alone, is rejected", check_other_log);
    return run_added("crypto/note");
}
