/* SPDX-License-Identifier: Apache-2.0 */
/*
** Receipts over a log of three entries, and the log's files. Every part of a receipt
** that can be exchanged is exchanged.
*/
#include "base/encode.h"
#include "crypto/receipt.h"
#include "crypto/tile.h"
#include "tests/support/rows.h"
#include "tests/unit/crypto/vectors.h"

#define ORIGIN  "edc.example.org/s/7f3a91"
#define RECORD  "{\"protected\":\"a\",\"payload\":\"b\",\"signature\":\"c\"}"
#define OUTCOME "{\"v\":1,\"engine\":\"1\",\"late\":0,\"findings\":[]}"
#define NDJSON  "application/x-ndjson"

/* What the entry at 1 is made of; a test changes one field. */
struct parts {
    const char *log, *media, *outcome, *record;
    int64_t seq, size_off;
    struct digest other_root;
    bool other_root_signed;
};

static const struct parts good = {ORIGIN, NDJSON, OUTCOME, RECORD, 1, 0, {{0}}, false};

struct setting {
    struct arena *arena;
    struct private_key *key;
    struct note_key *log;
    struct checkpoint_trust trust;
};

static struct setting setup(void)
{
    struct setting s = {.arena = arena_new(), .key = known_private_key(RFC8032_TEST1)};
    struct err err;
    assert_status(
        note_key_new(ORIGIN, NOTE_ED25519, private_key_public(s.key), &s.log, &err), OK,
        &err);
    s.trust.log = s.log;
    return s;
}

static void teardown(struct setting *s)
{
    arena_free(s->arena);
    private_key_free(s->key);
    note_key_free(s->log);
}

static void make_entry(const struct parts *parts, const uint8_t *salt, struct bytes *out)
{
    CLEANUP(bytes_done) struct bytes body = {0};
    struct err err;
    struct entry entry = {
        .log = span_text(parts->log),
        .seq = parts->seq,
        .type = SPAN_LITERAL("form.submit"),
        .actor = SPAN_LITERAL("p-0042"),
        .keydir = ENTRY_NONE,
        .prior = ENTRY_NONE,
        .media = span_text(parts->media),
    };
    memset(&entry.prev, 7, parts->seq > 0 ? sizeof(entry.prev) : 0);
    if (strcmp(parts->media, NDJSON) == 0) {
        bytes_printf(&body, "%s\n", parts->record);
    }
    bytes_printf(&body, "%s\n", parts->outcome);
    entry_body_digest(salt, span_bytes(&body), &entry.body);
    entry.body_size = (int64_t) body.size + parts->size_off;
    assert_status(entry_encode(&entry, out, &err), OK, &err);
}

/* A receipt for the middle one of three leaves, signed by the log. */
static void make_receipt(const struct setting *s, const struct parts *parts,
                         struct bytes *out)
{
    CLEANUP(bytes_done) struct bytes entry = {0};
    CLEANUP(bytes_done) struct bytes note = {0};
    struct receipt receipt = {.index = 1, .outcome = span_text(parts->outcome)};
    struct checkpoint head = {.origin = SPAN_LITERAL(ORIGIN), .size = 3};
    struct digest leaves[3];
    const struct frontier empty = {0};
    struct err err;

    memset(receipt.salt, 0x5A, SALT_SIZE);
    make_entry(parts, receipt.salt, &entry);
    merkle_leaf(SPAN_LITERAL("first"), &leaves[0]);
    merkle_leaf(span_bytes(&entry), &leaves[1]);
    merkle_leaf(SPAN_LITERAL("third"), &leaves[2]);
    CLEANUP(tree_edge_freep) struct tree_edge *edge = tree_edge_new(&empty, leaves, 3);
    tree_edge_root(edge, &head.root);
    tree_edge_inclusion(edge, 1, &receipt.proof);
    if (parts->other_root_signed) {
        head.root = parts->other_root;
    }
    assert_status(checkpoint_sign(&head, s->key, &note, &err), OK, &err);
    receipt.entry = span_bytes(&entry);
    receipt.note = span_bytes(&note);
    receipt_format(&receipt, out);
}

static status verify(const struct setting *s, const char *record, struct span text,
                     struct receipt_facts *facts, struct err *err)
{
    return receipt_verify(span_text(record), text, &s->trust, s->arena, facts, err);
}

static void check_good(void **state)
{
    struct setting s = setup();
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(bytes_done) struct bytes again = {0};
    struct receipt_facts facts;
    struct receipt receipt;
    struct err err;
    (void) state;
    make_receipt(&s, &good, &text);
    assert_status(verify(&s, RECORD, span_bytes(&text), &facts, &err), OK, &err);
    assert_int_equal(facts.seq, 1);
    assert_true(span_is(facts.outcome, OUTCOME));
    assert_true(span_is(facts.entry.actor, "p-0042"));
    assert_int_equal(facts.checkpoint.size, 3);
    assert_false(facts.rejected);
    assert_true(note_signed_by(&facts.note, s.log, NULL));
    assert_status(receipt_parse(span_bytes(&text), s.arena, &receipt, &err), OK, &err);
    receipt_format(&receipt, &again);
    assert_true(span_equal(span_bytes(&text), span_bytes(&again)));
    teardown(&s);
}

static const struct contradiction {
    const char *name;
    struct parts parts;
    const char *record;
    status wanted;
} contradictions[] = {
    {"another record under the same receipt",
     {ORIGIN, NDJSON, OUTCOME, RECORD, 1, 0, {{0}}, false},
     "{\"protected\":\"x\"}",
     ERR_TAMPERED},
    {"an entry that names another log",
     {"other.example", NDJSON, OUTCOME, RECORD, 1, 0, {{0}}, false},
     RECORD,
     ERR_TAMPERED},
    {"an entry that names another place",
     {ORIGIN, NDJSON, OUTCOME, RECORD, 2, 0, {{0}}, false},
     RECORD,
     ERR_TAMPERED},
    {"an entry with another body size",
     {ORIGIN, NDJSON, OUTCOME, RECORD, 1, 1, {{0}}, false},
     RECORD,
     ERR_TAMPERED},
    {"a body of an unknown type",
     {ORIGIN, "application/jose+json", OUTCOME, RECORD, 1, 0, {{0}}, false},
     RECORD,
     ERR_TAMPERED},
    {"a root that the proof does not reach",
     {ORIGIN, NDJSON, OUTCOME, RECORD, 1, 0, {{1}}, true},
     RECORD,
     ERR_UNAUTHENTIC},
    {"a refusal that does not say of which record",
     {ORIGIN, "application/json", "{\"v\":1}", RECORD, 1, 0, {{0}}, false},
     RECORD,
     ERR_TAMPERED},
    {"a refusal that is not JSON",
     {ORIGIN, "application/json", "no", RECORD, 1, 0, {{0}}, false},
     RECORD,
     ERR_TAMPERED},
};

static void check_contradiction(void **state)
{
    const struct contradiction *row = *state;
    struct setting s = setup();
    CLEANUP(bytes_done) struct bytes text = {0};
    struct receipt_facts facts = {.seq = 77};
    struct err err;
    make_receipt(&s, &row->parts, &text);
    assert_status(verify(&s, row->record, span_bytes(&text), &facts, &err), row->wanted,
                  &err);
    assert_int_equal(facts.seq, 77);
    teardown(&s);
}

static void check_reject(void **state)
{
    struct setting s = setup();
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(bytes_done) struct bytes outcome = {0};
    struct receipt_facts facts;
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    struct err err;
    (void) state;
    digest_of(SPAN_LITERAL(RECORD), &digest);
    digest_to_hex(&digest, hex);
    bytes_printf(&outcome, "{\"v\":1,\"status\":422,\"record_sha256\":\"%s\"}", hex);
    struct parts parts = good;
    parts.media = "application/json";
    parts.outcome = bytes_text(&outcome);
    make_receipt(&s, &parts, &text);
    assert_status(verify(&s, RECORD, span_bytes(&text), &facts, &err), OK, &err);
    assert_true(facts.rejected);
    assert_status(verify(&s, "{}", span_bytes(&text), &facts, &err), ERR_TAMPERED, &err);
    teardown(&s);
}

/* No byte of a receipt can change unseen. */
static void check_every_byte(void **state)
{
    struct setting s = setup();
    CLEANUP(bytes_done) struct bytes text = {0};
    struct receipt_facts facts;
    struct err err;
    (void) state;
    make_receipt(&s, &good, &text);
    for (size_t i = 0; i < text.size; i++) {
        text.data[i] ^= 1;
        assert_int_not_equal(verify(&s, RECORD, span_bytes(&text), &facts, &err), OK);
        text.data[i] ^= 1;
    }
    for (size_t size = 0; size < text.size; size++) {
        assert_int_not_equal(verify(&s, RECORD, span_of(text.data, size), &facts, &err),
                             OK);
    }
    bytes_add_char(&text, '\n');
    assert_int_not_equal(verify(&s, RECORD, span_bytes(&text), &facts, &err), OK);
    teardown(&s);
}

static const struct form_row {
    const char *name, *from, *to;
} forms[] = {
    {"another version is refused", "@v1", "@v2"},
    {"a receipt without extra is refused", "extra ", "extre "},
    {"two spaces are refused", "index 1", "index  1"},
    {"a leading zero is refused", "index 1", "index 01"},
    {"a hash that is cut is refused", "=\n\n", "\n\n"},
    {"CR LF is refused", "index 1\n", "index 1\r\n"},
    {"a missing empty line is refused", "\n\nedc", "\nedc"},
};

static void check_form(void **state)
{
    const struct form_row *row = *state;
    struct setting s = setup();
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(bytes_done) struct bytes changed = {0};
    struct receipt_facts facts;
    struct err err;
    make_receipt(&s, &good, &text);
    const char *all = bytes_text(&text);
    const char *at = strstr(all, row->from);
    assert_non_null(at);
    bytes_add(&changed, all, (size_t) (at - all));
    bytes_add_text(&changed, row->to);
    bytes_add_text(&changed, at + strlen(row->from));
    assert_status(verify(&s, RECORD, span_bytes(&changed), &facts, &err), ERR_BAD_INPUT,
                  &err);
    teardown(&s);
}

static const struct extra_row {
    const char *name, *extra;
} extras[] = {
    {"an extra line without a whole salt is refused", "thirty-one bytes are not a salt"},
    {"an extra line without an entry is refused",
     "this is a salt of thirty-two byt1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n"},
    {"an extra line without an outcome is refused",
     "this is a salt of thirty-two byt1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n"},
    {"an extra line with two outcomes is refused",
     "this is a salt of thirty-two byt1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\nO\nO\n"},
};

static void check_extra(void **state)
{
    const struct extra_row *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = {0};
    struct receipt receipt;
    struct err err;
    bytes_add_text(&text, "c2sp.org/tlog-proof@v1\nextra ");
    encode(BASE64, span_text(row->extra), &text);
    bytes_add_text(&text, "\nindex 0\n\nnote");
    assert_status(receipt_parse(span_bytes(&text), arena, &receipt, &err), ERR_BAD_INPUT,
                  &err);
    while (text.size <= RECEIPT_SIZE_MAX) {
        bytes_add_text(&text, "a line of a receipt that is much too long\n");
    }
    assert_status(receipt_parse(span_bytes(&text), arena, &receipt, &err), ERR_TOO_LARGE,
                  &err);
}

static void check_long_proof(void **state)
{
    struct setting s = setup();
    CLEANUP(bytes_done) struct bytes text = {0};
    struct receipt receipt;
    struct err err;
    (void) state;
    bytes_add_text(&text, "c2sp.org/tlog-proof@v1\nextra ");
    CLEANUP(bytes_done) struct bytes extra = {0};
    for (int i = 0; i < 32; i++) {
        bytes_add_char(&extra, 'x');
    }
    bytes_add_text(&extra, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\noutcome\n");
    encode(BASE64, span_bytes(&extra), &text);
    bytes_add_text(&text, "\nindex 0\n");
    for (int i = 0; i <= MERKLE_PROOF_MAX; i++) {
        bytes_add_text(&text, "X3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=\n");
    }
    bytes_add_text(&text, "\nnote");
    assert_status(receipt_parse(span_bytes(&text), s.arena, &receipt, &err), ERR_BAD_INPUT,
                  &err);
    teardown(&s);
}

/* --- the example log --------------------------------------------------------------- */

/* Entry 1 of 3 with its proof, head and cosignature, put together outside this code. */
static const char known[] =
    "c2sp.org/tlog-proof@v1\n"
    "extra AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQFjdGwvMQpsb2cgZWRjLmV4YW1wbG"
    "Uub3JnL3N0dWR5L0FCQy0xMjMKc2VxIDEKcHJldiB3SmVpRmNzUHRvc1UvRmJNMHlTSnRSQWh0MF"
    "hCd1g0bUtHdC9iQkQ0U0JZPQp0aW1lIDIwMjYtMTEtMjFUMDk6MTQ6MDcuMjA0NTExWgp0eXBlIG"
    "NyZi5zdWJtaXQKYWN0b3IgYWNjdC0wMDQyCmtleSB4NFdCRGM4Zkh1eTFKTG5jcGlpSlZBeVdCcj"
    "RCaks0ZUpISnVIVkV0aDFzCmtleWRpciA1NwpvYmplY3Qgc2l0ZS0wMTIvc3Viai0wMDQ1L3Zpc2"
    "l0LTMvZm9ybS1BRS8xNwpwcmlvciAtCmJvZHkgVHZUZUswSTlHSnYvU2ErV2oxVU1na3VGZVl3QW"
    "xDRlFXbWI5a0puS2RaUT0gMTUgYXBwbGljYXRpb24vam9zZStqc29uCnsidiI6MX0K\n"
    "index 1\n"
    "wJeiFcsPtosU/FbM0ySJtRAht0XBwX4mKGt/bBD4SBY=\n"
    "ZWBxaymO2k1UyTwD0ouX4UFm5p7bo8HNGy2LEAn2OuM=\n"
    "\n"
    "edc.example.org/study/ABC-123\n"
    "3\n"
    "X3E7kyCMjzebi/tfhzAbHGLM4fEk/Mw5p8SwYbsGKjA=\n"
    "\n"
    "\xE2\x80\x94"
    " edc.example.org/study/ABC-123 i6Yd//A5PTLDj09H73sXgQyhAgC5CMjWW"
    "PzVsbHWZ/CJXNAGc0p1MGil/GOHbDPt2cEZxuW6EMMzL7Z6yGy/rUstsA0=\n"
    "\xE2\x80\x94"
    " qa.sponsor.example/w1 IidnHwAAAABrAWugVUtthdPmZOFf7oitXIQmYNXCY"
    "H3JMyyagRAyWBTq4/V86TgDq8StB/UwarY+GH83f7eXX8ZH+jcZdNMIYQdGAA==\n";

static void check_known(void **state)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(note_key_freep) struct note_key *log = NULL;
    CLEANUP(note_key_freep) struct note_key *witness = NULL;
    CLEANUP(bytes_done) struct bytes again = {0};
    struct checkpoint checkpoint;
    struct receipt receipt;
    struct digest leaf;
    struct note note;
    struct err err;
    (void) state;
    assert_status(
        note_key_parse(SPAN_LITERAL("edc.example.org/study/ABC-123+8ba61dff+"
                                    "AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"),
                       &log, &err),
        OK, &err);
    assert_status(
        note_key_parse(SPAN_LITERAL("qa.sponsor.example/w1+2227671f+"
                                    "BD1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM"),
                       &witness, &err),
        OK, &err);
    const struct note_key *witnesses[] = {witness};
    const struct checkpoint_trust trust = {log, witnesses, 1};
    struct span text = span_text(known);

    assert_status(receipt_parse(text, arena, &receipt, &err), OK, &err);
    receipt_format(&receipt, &again);
    assert_true(span_equal(span_bytes(&again), text));
    assert_int_equal(receipt.entry.size, 347);
    assert_status(checkpoint_open(receipt.note, &trust, &checkpoint, &note, &err), OK,
                  &err);
    assert_int_equal(note.count, 2);
    merkle_leaf(receipt.entry, &leaf);
    assert_status(merkle_verify_inclusion(receipt.index, checkpoint.size, &leaf,
                                          &receipt.proof, &checkpoint.root, &err),
                  OK, &err);
    /* its body is of an older kind, which no receipt of ours has */
    struct receipt_facts facts;
    assert_status(receipt_verify(SPAN_LITERAL("{\"demo body 1\"}"), text, &trust, arena,
                                 &facts, &err),
                  ERR_TAMPERED, &err);
}

/* --- the log's files --- */

static const struct tile_row {
    const char *name, *path;
    struct tile tile;
} tiles[] = {
    {"the first hash tile", "tile/0/000", {0, 0, 256}},
    {"a tile of level 3", "tile/3/007", {3, 7, 256}},
    {"the index of the specification", "tile/0/x001/x234/067", {0, 1234067, 256}},
    {"a partial tile", "tile/1/000.p/17", {1, 0, 17}},
    {"a bundle of entries", "tile/entries/x001/000", {TILE_ENTRIES, 1000, 256}},
    {"a partial bundle", "tile/entries/273.p/112", {TILE_ENTRIES, 273, 112}},
    {"the largest index",
     "tile/63/x018/x446/x744/x073/x709/x551/615.p/1",
     {63, UINT64_MAX, 1}},
};

static void check_tile(void **state)
{
    const struct tile_row *row = *state;
    CLEANUP(bytes_done) struct bytes path = {0};
    struct tile tile = {0};
    tile_path_format(&row->tile, &path);
    assert_string_equal(bytes_text(&path), row->path);
    assert_true(tile_path_parse(span_bytes(&path), &tile));
    assert_int_equal(tile.level, row->tile.level);
    assert_true(tile.index == row->tile.index);
    assert_int_equal(tile.width, row->tile.width);
}

static const struct form_row bad_tiles[] = {
    {"a level over 63 is refused", "tile/64/000", ""},
    {"a level with a leading zero is refused", "tile/00/000", ""},
    {"two digits are refused", "tile/0/00", ""},
    {"a missing x is refused", "tile/0/001/000", ""},
    {"an x at the end is refused", "tile/0/x000", ""},
    {"a leading group of zeros is refused", "tile/0/x000/001", ""},
    {"a width of 0 is refused", "tile/0/000.p/0", ""},
    {"a width of 256 is refused", "tile/0/000.p/256", ""},
    {"a width with a leading zero is refused", "tile/0/000.p/01", ""},
    {"an index over 64 bits is refused", "tile/0/x018/x446/x744/x073/x709/x551/616", ""},
    {"a level without an index is refused", "tile/0", ""},
    {"a path that climbs is refused", "tile/0/../000", ""},
    {"a slash at the end is refused", "tile/0/000/", ""},
    {"another folder is refused", "tiles/0/000", ""},
    {"nothing is refused", "", ""},
};

static void check_bad_tile(void **state)
{
    const struct form_row *row = *state;
    struct tile tile = {.width = 9};
    assert_false(tile_path_parse(span_text(row->from), &tile));
    assert_int_equal(tile.width, 9);
}

static void check_widths(void **state)
{
    (void) state;
    /* the example of tlog-tiles: 70,000 entries */
    assert_int_equal(tile_width(0, 272, 70000), 256);
    assert_int_equal(tile_width(0, 273, 70000), 112);
    assert_int_equal(tile_width(0, 274, 70000), 0);
    assert_int_equal(tile_width(TILE_ENTRIES, 273, 70000), 112);
    assert_int_equal(tile_width(1, 0, 70000), 256);
    assert_int_equal(tile_width(1, 1, 70000), 17);
    assert_int_equal(tile_width(2, 0, 70000), 1);
    assert_int_equal(tile_width(0, 0, 256), 256);
    assert_int_equal(tile_width(0, 1, 256), 0);
    assert_int_equal(tile_width(1, 0, 256), 1);
    assert_int_equal(tile_width(8, 0, UINT64_MAX), 0);
    assert_int_equal(tile_width(0, UINT64_MAX, 5), 0);
    assert_int_equal(tile_width(0, 0, 0), 0);
}

static void check_bundle(void **state)
{
    CLEANUP(bytes_done) struct bytes bundle = {0};
    CLEANUP(bytes_done) struct bytes big = {0};
    struct span entries[4];
    struct err err;
    (void) state;
    bytes_reserve(&big, 65535);
    memset(big.data, 'b', 65535);
    big.size = 65535;
    bundle_add(&bundle, SPAN_LITERAL("one"));
    bundle_add(&bundle, span_of(NULL, 0));
    bundle_add(&bundle, span_bytes(&big));
    assert_memory_equal(bundle.data, "\0\3one\0\0\xFF\xFF", 9);
    assert_status(bundle_parse(span_bytes(&bundle), 3, entries, &err), OK, &err);
    assert_true(span_is(entries[0], "one"));
    assert_int_equal(entries[1].size, 0);
    assert_true(span_equal(entries[2], span_bytes(&big)));
    assert_status(bundle_parse(span_bytes(&bundle), 2, entries, &err), ERR_BAD_INPUT, &err);
    assert_status(bundle_parse(span_bytes(&bundle), 4, entries, &err), ERR_BAD_INPUT, &err);
    for (size_t size = 0; size < 9; size++) {
        assert_status(bundle_parse(span_of(bundle.data, size), 3, entries, &err),
                      ERR_BAD_INPUT, &err);
    }
    assert_status(bundle_parse(span_of(NULL, 0), 0, entries, &err), OK, &err);
}

int main(void)
{
    add_test("a receipt proves record, outcome and place", check_good);
    add_rows(contradictions, ARRAY_LEN(contradictions), sizeof(contradictions[0]),
             check_contradiction);
    add_test("a refusal's receipt names the record", check_reject);
    add_test("no byte of a receipt can change unseen", check_every_byte);
    add_rows(forms, ARRAY_LEN(forms), sizeof(forms[0]), check_form);
    add_rows(extras, ARRAY_LEN(extras), sizeof(extras[0]), check_extra);
    add_test("a proof of more than 64 hashes is refused", check_long_proof);
    add_test("the example log's receipt is read and holds", check_known);
    add_rows(tiles, ARRAY_LEN(tiles), sizeof(tiles[0]), check_tile);
    add_rows(bad_tiles, ARRAY_LEN(bad_tiles), sizeof(bad_tiles[0]), check_bad_tile);
    add_test("the widths of tiles", check_widths);
    add_test("a bundle is cut into its entries", check_bundle);
    return run_added("crypto/receipt");
}
