/* SPDX-License-Identifier: Apache-2.0 */
/*
** Bundles: made twice they are the same bytes; checked, they hold; whatever is done to one
** afterwards is found. A row rewrites the archive member by member.
*/
#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include "clients/lib/command.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"
#include "tests/unit/verify/made_bundle.h"

static status verify_path(struct made *made, const char *path, struct bundle_facts *facts,
                          struct verify_result *result, struct err *err)
{
    struct bundle_check check = {.path = path,
                                 .trust = &made->log->trust,
                                 .origin = LOG_ORIGIN,
                                 .founder = made->log->scene->people[FOUNDER].kid,
                                 .arena = made->arena};
    return bundle_verify(&check, facts, result, err);
}

/* ---- good ---- */

static void a_bundle_holds(void **state)
{
    struct made made = made_new(NULL);
    struct bundle_facts facts = {0};
    struct verify_result result = {0};
    struct err err = {0};
    (void) state;
    assert_status(verify_path(&made, made.path, &facts, &result, &err), OK, &err);
    assert_int_equal(facts.size, made.size);
    assert_int_equal(facts.export_seq, made.size);
    assert_false(facts.locked); /* only a site is */
    assert_string_equal(facts.exported_by, made.log->scene->people[SPONSOR].person);
    assert_memory_equal(&facts.sums, &made.sums, sizeof(facts.sums));
    verify_result_done(&result);
    made_done(&made);
}

static void two_makers_make_the_same_bytes(void **state)
{
    struct made one = made_new(NULL);
    const char *first = arena_printf(one.arena, "%s/b.tar", one.folder);
    const char *second = arena_printf(one.arena, "%s/c.tar", one.folder);
    (void) state;
    made_write(&one, first, false);
    sleep(1);
    made_write(&one, second, false);
    struct bytes a = read_file(first);
    struct bytes b = read_file(second);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    bytes_done(&a);
    bytes_done(&b);
    made_done(&one);
}

static void a_head_verified_before_is_compared(void **state)
{
    struct made made = made_new(NULL);
    struct bundle_facts facts = {0};
    struct verify_result result = {0};
    struct checkpoint known = memory_log_head(made.log, made.size - 2);
    struct bundle_check check = {.path = made.path,
                                 .trust = &made.log->trust,
                                 .origin = LOG_ORIGIN,
                                 .known = &known,
                                 .arena = made.arena};
    struct err err = {0};
    (void) state;
    assert_status(bundle_verify(&check, &facts, &result, &err), OK, &err);
    verify_result_done(&result);
    known.root.bytes[0] ^= 1;
    assert_status(bundle_verify(&check, &facts, &result, &err), ERR_TAMPERED, &err);
    verify_result_done(&result);
    known.size = made.size + 1;
    assert_status(bundle_verify(&check, &facts, &result, &err), ERR_UNAVAILABLE, &err);
    verify_result_done(&result);
    made_done(&made);
}

/* ---- the note ---- */

static void a_note_says_one_dataset_by_one_key(void **state)
{
    CLEANUP(bytes_done) struct bytes note = {0}, vkey = {0}, other = {0}, other_key = {0};
    struct bundle_note facts = {.origin = LOG_ORIGIN, .size = 41};
    (void) state;
    assert_int_equal(bundle_note_make(&facts, &note, &vkey, NULL), OK);
    assert_int_equal(bundle_note_make(&facts, &other, &other_key, NULL), OK);
    const char *key = bytes_text(&vkey);
    assert_int_equal(bundle_note_check(&facts, span_bytes(&note), key, NULL), OK);
    assert_int_equal(bundle_note_check(&facts, span_bytes(&other), key, NULL),
                     ERR_TAMPERED);
    assert_int_equal(bundle_note_check(&facts, span_bytes(&note), NULL, NULL),
                     ERR_TAMPERED);
    assert_int_equal(bundle_note_check(&facts, span_bytes(&note), "x", NULL), ERR_TAMPERED);
    assert_false(bundle_note_is_deidentified(LOG_ORIGIN, key));
    facts.size = 42;
    assert_int_equal(bundle_note_check(&facts, span_bytes(&note), key, NULL), ERR_TAMPERED);
    facts.size = 41;
    facts.sums.bytes[0] = 1;
    assert_int_equal(bundle_note_check(&facts, span_bytes(&note), key, NULL), ERR_TAMPERED);
    facts.sums.bytes[0] = 0;
    facts.deidentified = true;
    assert_int_equal(bundle_note_check(&facts, span_bytes(&note), key, NULL), ERR_TAMPERED);
}

/* ---- rewritten archives ---- */

struct forgery {
    const char *name;
    const char *member; /* which one it happens to */
    enum {
        ALTER,    /* one byte in the middle */
        APPEND,   /* a byte more at its end */
        DROP,     /* it is left out */
        TWICE,    /* it stands twice */
        RENAME,   /* it is called `other` */
        BEFORE,   /* a file `other` stands before it */
        LINK,     /* it is a symbolic link */
        HARDLINK, /* it is a hard link to README.txt */
        FOLDER,   /* a folder `other` stands before it */
        EXECUTABLE,
        OWNED,
        LATER, /* another time */
        EMPTY,
    } how;
    const char *other;
    status kind;
    const char *says; /* part of the sentence */
};

static struct archive_entry *entry_like(const char *name, size_t size, int64_t time)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t) size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, time, 0);
    return entry;
}

static void put(struct archive *out, struct archive_entry *entry, struct span content)
{
    assert_int_equal(archive_write_header(out, entry), ARCHIVE_OK);
    if (content.size > 0) {
        assert_int_equal(archive_write_data(out, content.data, content.size), content.size);
    }
    archive_entry_free(entry);
}

static void put_changed(struct archive *out, const struct forgery *forgery,
                        struct bytes *content, int64_t time)
{
    bool same = forgery->how == ALTER || forgery->how == APPEND;
    const char *name = forgery->how == RENAME ? forgery->other : forgery->member;
    if (forgery->how == ALTER) {
        content->data[content->size / 2] ^= 1;
    } else if (forgery->how == APPEND) {
        bytes_add_char(content, '\n');
    } else if (forgery->how == EMPTY) {
        bytes_clear(content);
    }
    if (forgery->how == BEFORE || forgery->how == FOLDER) {
        struct archive_entry *other = entry_like(forgery->other, 0, time);
        if (forgery->how == FOLDER) {
            archive_entry_set_filetype(other, AE_IFDIR);
        }
        put(out, other, span_of(NULL, 0));
    }
    bool link = forgery->how == LINK || forgery->how == HARDLINK;
    struct archive_entry *entry = entry_like(name, link ? 0 : content->size, time);
    if (forgery->how == LINK) {
        archive_entry_set_filetype(entry, AE_IFLNK);
        archive_entry_set_symlink(entry, "/etc/passwd");
    } else if (forgery->how == HARDLINK) {
        archive_entry_set_hardlink(entry, "README.txt");
    } else if (forgery->how == EXECUTABLE) {
        archive_entry_set_perm(entry, 0755);
    } else if (forgery->how == OWNED) {
        archive_entry_set_uname(entry, "root");
        archive_entry_set_uid(entry, 7);
    } else if (forgery->how == LATER) {
        archive_entry_set_mtime(entry, time + 1, 0);
    }
    (void) same;
    put(out, entry, link ? span_of(NULL, 0) : span_bytes(content));
    if (forgery->how == TWICE) {
        put(out, entry_like(name, content->size, time), span_bytes(content));
    }
}

static void rewrite(const char *from, const char *to, const struct forgery *forgery)
{
    struct tar_reader *reader = NULL;
    struct tar_member member = {0};
    struct archive *out = archive_write_new();
    bool happened = false;
    assert_int_equal(tar_open(from, &reader, NULL), OK);
    assert_int_equal(archive_write_set_format_pax_restricted(out), ARCHIVE_OK);
    assert_int_equal(archive_write_set_bytes_per_block(out, 10240), ARCHIVE_OK);
    assert_int_equal(archive_write_set_bytes_in_last_block(out, 10240), ARCHIVE_OK);
    assert_int_equal(archive_write_open_filename(out, to), ARCHIVE_OK);
    for (;;) {
        CLEANUP(bytes_done) struct bytes content = {0};
        assert_int_equal(tar_next(reader, &member, NULL), OK);
        if (member.name == NULL) {
            break;
        }
        assert_int_equal(tar_read_all(reader, SIZE_MAX, &content, NULL), OK);
        if (forgery->member == NULL || strcmp(member.name, forgery->member) != 0) {
            put(out, entry_like(member.name, content.size, member.time),
                span_bytes(&content));
            continue;
        }
        happened = true;
        if (forgery->how != DROP) {
            put_changed(out, forgery, &content, member.time);
        }
    }
    assert_true(happened || forgery->member == NULL);
    tar_close(reader);
    assert_int_equal(archive_write_free(out), ARCHIVE_OK);
}

static const struct forgery CHANGES[] = {
    {"an archive written again member by member still holds", NULL, ALTER, NULL, OK, ""},
    {"an altered data file is named", "data/odm.xml", ALTER, NULL, ERR_TAMPERED,
     "data/odm.xml is not what its log gives"},
    {"a data file with a byte more is named", "data/audit.csv", APPEND, NULL, ERR_TAMPERED,
     "data/audit.csv is not what its log gives"},
    {"a data file left out is named", "data/dictionary.csv", DROP, NULL, ERR_TAMPERED,
     "data/dictionary.csv must be"},
    {"an emptied data file is named", "data/signatures.csv", EMPTY, NULL, ERR_TAMPERED,
     "data/signatures.csv is not"},
    {"altered sums are named", "SHA256SUMS", ALTER, NULL, ERR_TAMPERED,
     "SHA256SUMS is not what its log gives"},
    {"an extra file is named", "SHA256SUMS", BEFORE, "data/extra.csv", ERR_TAMPERED,
     "data/extra.csv stands where SHA256SUMS must be"},
    {"an extra file behind the sums is named", BUNDLE_RECORD, BEFORE, "extra", ERR_TAMPERED,
     "extra stands where"},
    {"an altered key is named", "tables/person.csv", ALTER, NULL, ERR_TAMPERED,
     "tables/person.csv"},
    {"an edited entry inside is named", "log/entry/000/000040", ALTER, NULL, ERR_TAMPERED,
     "first bad entry is 40"},
    {"an edited body inside is named", "log/body/000/000040", ALTER, NULL, ERR_TAMPERED,
     "first bad entry is 40"},
    {"a missing body inside is named", "log/body/000/000040", DROP, NULL, ERR_TAMPERED,
     "first bad entry is 40"},
    {"a missing entry inside is named", "log/entry/000/000040", DROP, NULL, ERR_TAMPERED,
     "log/body/000/000040 stands without its entry"},
    {"an altered checkpoint is no head", "checkpoint", ALTER, NULL, ERR_TAMPERED, ""},
    {"an altered export record does not hold", BUNDLE_RECORD, ALTER, NULL, ERR_TAMPERED,
     ""},
    {"an altered receipt does not hold", BUNDLE_RECEIPT, ALTER, NULL, ERR_TAMPERED, ""},
    {"a note with one byte changed does not hold", BUNDLE_NOTE, ALTER, NULL, ERR_TAMPERED,
     "SHA256SUMS.note"},
    {"a bundle without its note is none", BUNDLE_NOTE, DROP, NULL, ERR_TAMPERED,
     "no SHA256SUMS.note"},
    {"a bundle without its export is none", BUNDLE_RECORD, DROP, NULL, ERR_TAMPERED,
     "no signed export"},
    {"a bundle without a log is none", "checkpoint", DROP, NULL, ERR_BAD_INPUT,
     "no bundle"},
    {"a name that climbs is refused", "data/audit.csv", RENAME, "data/../../etc/passwd",
     ERR_TAMPERED, "leads elsewhere"},
    {"an absolute name is refused", "data/audit.csv", RENAME, "/etc/passwd", ERR_TAMPERED,
     "leads elsewhere"},
    {"a hidden name is refused", "data/audit.csv", RENAME, "data/.audit.csv", ERR_TAMPERED,
     "leads elsewhere"},
    {"a name with a dot part is refused", "data/audit.csv", RENAME, "./data/audit.csv",
     ERR_TAMPERED, "leads elsewhere"},
    {"a very long name is refused", "data/audit.csv", RENAME,
     "data/"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaa",
     ERR_TAMPERED, "leads elsewhere"},
    {"a symbolic link is refused", "data/audit.csv", LINK, NULL, ERR_TAMPERED,
     "no plain file"},
    {"a hard link is refused", "data/audit.csv", HARDLINK, NULL, ERR_TAMPERED,
     "no plain file"},
    {"a folder is refused", "data/audit.csv", FOLDER, "data", ERR_TAMPERED, ""},
    {"an executable is refused", "data/audit.csv", EXECUTABLE, NULL, ERR_TAMPERED,
     "no plain file"},
    {"an owned file is refused", "data/audit.csv", OWNED, NULL, ERR_TAMPERED,
     "no plain file"},
    {"a member of another time is refused", "data/audit.csv", LATER, NULL, ERR_TAMPERED,
     "another time"},
    {"a member that stands twice is refused", "data/audit.csv", TWICE, NULL, ERR_TAMPERED,
     "twice"},
};

static void check_change(void **state)
{
    const struct forgery *forgery = *state;
    struct made made = made_new(NULL);
    struct bundle_facts facts = {0};
    struct verify_result result = {0};
    struct err err = {0};
    const char *path = arena_printf(made.arena, "%s/changed.tar", made.folder);
    rewrite(made.path, path, forgery);
    status kind = verify_path(&made, path, &facts, &result, &err);
    assert_status(kind, forgery->kind, &err);
    if (kind != OK && strstr(err.what, forgery->says) == NULL) {
        print_error("it says: %s\n", err.what);
        fail();
    }
    assert_int_equal(exit_code_of(kind), kind == OK             ? EXIT_DONE
                                         : kind == ERR_TAMPERED ? EXIT_TAMPERED
                                                                : EXIT_USAGE);
    verify_result_done(&result);
    made_done(&made);
}

/* ---- the de-identified extract ---- */

static const struct forgery EXTRACT_CHANGES[] = {
    {"an extract holds", NULL, ALTER, NULL, OK, ""},
    {"an altered table is found", "data/F.VS.IG.VS.csv", ALTER, NULL, ERR_TAMPERED,
     "not those that SHA256SUMS lists"},
    {"a table left out is found", "data/F.VS.IG.VS.csv", DROP, NULL, ERR_TAMPERED,
     "not those that SHA256SUMS lists"},
    {"an extra table is found", "data/F.VS.IG.VS.csv", BEFORE, "data/extra.csv",
     ERR_TAMPERED, "not those that SHA256SUMS lists"},
    {"altered sums of an extract are found", "SHA256SUMS", ALTER, NULL, ERR_TAMPERED,
     "not those that SHA256SUMS lists"},
    {"an altered note of an extract is found", BUNDLE_NOTE, ALTER, NULL, ERR_TAMPERED,
     "SHA256SUMS.note"},
    {"an altered record of an extract is found", BUNDLE_RECORD, ALTER, NULL, ERR_TAMPERED,
     ""},
    {"an altered receipt of an extract is found", BUNDLE_RECEIPT, ALTER, NULL, ERR_TAMPERED,
     "receipt"},
    {"an altered key of an extract is found", EXTRACT_KEY, ALTER, NULL, ERR_TAMPERED,
     EXTRACT_KEY},
    {"a member with a time is found", "data/F.VS.IG.VS.csv", LATER, NULL, ERR_TAMPERED,
     "bears a time"},
    {"a hidden member behind an extract is found", EXTRACT_KEY, TWICE, NULL, ERR_TAMPERED,
     ""},
};

static void check_extract_change(void **state)
{
    const struct forgery *forgery = *state;
    struct made made = made_new(NULL);
    const char *whole = arena_printf(made.arena, "%s/extract.tar", made.folder);
    const char *path = arena_printf(made.arena, "%s/changed.tar", made.folder);
    struct bundle_facts facts = {0};
    struct err err = {0};
    bool extract = false;
    made.deidentified = true;
    made_write(&made, whole, true);
    rewrite(whole, path, forgery);
    struct bundle_check check = {
        .path = path, .trust = &made.log->trust, .origin = LOG_ORIGIN, .arena = made.arena};
    assert_status(extract_is_one(path, &extract, &err), OK, &err);
    assert_true(extract);
    assert_status(extract_verify(&check, &facts, &err), forgery->kind, &err);
    if (forgery->kind == OK) {
        assert_int_equal(facts.size, made.size);
        assert_memory_equal(&facts.sums, &made.sums, sizeof(facts.sums));
    } else if (strstr(err.what, forgery->says) == NULL) {
        fail_msg("it says: %s", err.what);
    }
    assert_status(extract_is_one(made.path, &extract, &err), OK, &err);
    assert_false(extract);
    made_done(&made);
}

/* ---- other ways ---- */

static void append_to(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "ab");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void something_behind_the_end_is_refused(void **state)
{
    struct made made = made_new(NULL);
    struct bundle_facts facts = {0};
    struct verify_result result = {0};
    static const char block[10240] = "hidden";
    struct err err = {0};
    (void) state;
    append_to(made.path, block, sizeof(block));
    assert_status(verify_path(&made, made.path, &facts, &result, &err), ERR_TAMPERED, &err);
    verify_result_done(&result);
    made_done(&made);
}

static void a_cut_bundle_is_refused(void **state)
{
    struct made made = made_new(NULL);
    struct bundle_facts facts = {0};
    struct verify_result result = {0};
    struct err err = {0};
    (void) state;
    assert_int_equal(truncate(made.path, 51200), 0);
    assert_int_not_equal(verify_path(&made, made.path, &facts, &result, &err), OK);
    verify_result_done(&result);
    made_done(&made);
}

static void another_logs_key_does_not_open_it(void **state)
{
    struct made made = made_new(NULL);
    struct bundle_facts facts = {0};
    struct verify_result result = {0};
    struct private_key *key = NULL;
    struct note_key *other = NULL;
    struct err err = {0};
    (void) state;
    assert_int_equal(private_key_generate(KEY_ED25519, &key, NULL), OK);
    assert_int_equal(
        note_key_new(LOG_ORIGIN, NOTE_ED25519, private_key_public(key), &other, NULL), OK);
    made.log->trust.log = other;
    assert_status(verify_path(&made, made.path, &facts, &result, &err), ERR_TAMPERED, &err);
    assert_int_equal(result.what, VERIFY_FORGED);
    verify_result_done(&result);
    note_key_free(other);
    private_key_free(key);
    made_done(&made);
}

static void a_file_that_is_no_archive_is_no_bundle(void **state)
{
    struct made made = made_new(NULL);
    struct bundle_facts facts = {0};
    struct verify_result result = {0};
    struct err err = {0};
    (void) state;
    status kind = verify_path(&made, __FILE__, &facts, &result, &err);
    assert_int_not_equal(kind, OK);
    verify_result_done(&result);
    made_done(&made);
}

int main(void)
{
    add_test("a bundle holds", a_bundle_holds);
    add_test("two makers make the same bytes", two_makers_make_the_same_bytes);
    add_test("a head that was verified before is compared",
             a_head_verified_before_is_compared);
    add_test("a note names one dataset and is signed by one key",
             a_note_says_one_dataset_by_one_key);
    add_test("something behind the end is refused", something_behind_the_end_is_refused);
    add_test("a cut bundle is refused", a_cut_bundle_is_refused);
    add_test("another log's key does not open it", another_logs_key_does_not_open_it);
    add_test("a file that is no archive is no bundle",
             a_file_that_is_no_archive_is_no_bundle);
    add_rows(CHANGES, ARRAY_LEN(CHANGES), sizeof(CHANGES[0]), check_change);
    add_rows(EXTRACT_CHANGES, ARRAY_LEN(EXTRACT_CHANGES), sizeof(EXTRACT_CHANGES[0]),
             check_extract_change);
    return run_added("bundle");
}
