/* SPDX-License-Identifier: Apache-2.0 */
/*
** The folder survives being killed between any two steps; invitations are read strictly; the
** session holds the key and gives it to nobody.
*/
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/lib/outbox.h"
#include "clients/lib/passport.h"
#include "clients/lib/signer.h"
#include "clients/lib/text_file.h"
#include "tests/support/files.h"
#include "tests/support/rows.h"

static char *root;

static struct folder *open_new(const char *name)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    struct folder *folder = NULL;
    struct err err = {0};
    bytes_printf(&path, "%s/%s", root, name);
    assert_status(folder_open(bytes_text(&path), true, &folder, &err), OK, &err);
    return folder;
}

static void assert_content(const struct folder *folder, const char *name,
                           const char *wanted)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    struct err err = {0};
    assert_status(folder_read(folder, name, &text, &err), OK, &err);
    assert_string_equal(bytes_text(&text), wanted);
}

/* ---- atomic writes ---- */

static int steps_left;

static void die_at_step(void)
{
    if (--steps_left == 0) {
        _exit(99);
    }
}

/* Run WORK in a process that ends at its step STEP. True if it got to the end. */
static bool run_until(int step, void (*work)(struct folder *folder), struct folder *folder)
{
    int code = 0;
    pid_t child = fork();
    if (child == 0) {
        steps_left = step;
        folder_step_hook = die_at_step;
        work(folder);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_true(WIFEXITED(code));
    assert_true(WEXITSTATUS(code) == 0 || WEXITSTATUS(code) == 99);
    return WEXITSTATUS(code) == 0;
}

static void write_new(struct folder *folder)
{
    if (folder_write(folder, "drafts/1.json", SPAN_LITERAL("the new text"), NULL) != OK) {
        _exit(1);
    }
}

static void a_file_is_old_or_new_never_half(void **state)
{
    (void) state;
    CLEANUP(folder_closep) struct folder *folder = open_new("atomic");
    struct err err = {0};
    bool done = false;
    for (int step = 1; !done; step++) {
        CLEANUP(bytes_done) struct bytes text = {0};
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct folder_names names;
        assert_status(folder_write(folder, "drafts/1.json", SPAN_LITERAL("old"), &err), OK,
                      &err);
        done = run_until(step, write_new, folder);
        assert_status(folder_read(folder, "drafts/1.json", &text, &err), OK, &err);
        bool is_new = strcmp(bytes_text(&text), "the new text") == 0;
        assert_true(is_new || strcmp(bytes_text(&text), "old") == 0);
        assert_true(is_new || !done);
        assert_status(folder_list(folder, "drafts", ".json", arena, &names, &err), OK,
                      &err);
        assert_int_equal(names.count, 1);
        assert_true(step < 20);
    }
}

static void a_file_is_not_made_twice(void **state)
{
    (void) state;
    CLEANUP(folder_closep) struct folder *folder = open_new("twice");
    struct err err = {0};
    assert_status(folder_create(folder, "outbox/a.jws", SPAN_LITERAL("first"), &err), OK,
                  &err);
    assert_status(folder_create(folder, "outbox/a.jws", SPAN_LITERAL("second"), &err),
                  ERR_CONFLICT, &err);
    assert_content(folder, "outbox/a.jws", "first");
    assert_status(folder_move(folder, "outbox/a.jws", "drafts/a.jws", &err), OK, &err);
    assert_false(folder_has(folder, "outbox/a.jws"));
    assert_status(folder_remove(folder, "drafts/a.jws", &err), OK, &err);
    assert_status(folder_remove(folder, "drafts/a.jws", &err), OK, &err);
    CLEANUP(bytes_done) struct bytes text = {0};
    assert_status(folder_read(folder, "drafts/a.jws", &text, &err), ERR_NOT_FOUND, &err);
}

static void a_lock_keeps_others_out(void **state)
{
    (void) state;
    CLEANUP(folder_closep) struct folder *first = open_new("locked");
    CLEANUP(folder_closep) struct folder *second = open_new("locked");
    struct err err = {0};
    assert_status(folder_lock(first, FOLDER_WRITE, 0, &err), OK, &err);
    assert_status(folder_lock(second, FOLDER_WRITE, 0, &err), ERR_BUSY, &err);
    assert_status(folder_lock(second, FOLDER_SEND, 0, &err), OK, &err);
    folder_unlock(first, FOLDER_WRITE);
    assert_status(folder_lock(second, FOLDER_WRITE, 0, &err), OK, &err);
}

/* A page beside which somebody laid a link is written to no other file. */
static void a_written_page_follows_no_link(void **state)
{
    (void) state;
    CLEANUP(bytes_done) struct bytes page = {0}, link = {0}, victim = {0}, text = {0};
    struct err err = {0};
    struct stat about;
    bytes_printf(&page, "%s/page.txt", root);
    bytes_printf(&link, "%s/page.txt.new", root);
    bytes_printf(&victim, "%s/victim", root);
    assert_status(text_file_write(bytes_text(&page), SPAN_LITERAL("old"), false, &err), OK,
                  &err);
    assert_status(text_file_write(bytes_text(&victim), SPAN_LITERAL("mine"), false, &err),
                  OK, &err);
    assert_int_equal(symlink(bytes_text(&victim), bytes_text(&link)), 0);
    assert_status(text_file_write(bytes_text(&page), SPAN_LITERAL("new"), true, &err), OK,
                  &err);
    assert_status(text_file_read(bytes_text(&victim), 100, &text, &err), OK, &err);
    assert_string_equal(bytes_text(&text), "mine");
    bytes_clear(&text);
    assert_status(text_file_read(bytes_text(&page), 100, &text, &err), OK, &err);
    assert_string_equal(bytes_text(&text), "new");
    assert_int_equal(lstat(bytes_text(&page), &about), 0);
    assert_true(S_ISREG(about.st_mode) && (about.st_mode & 0777) == 0600);
}

static void a_folder_open_to_others_is_refused(void **state)
{
    (void) state;
    struct folder *folder = open_new("open");
    struct err err = {0};
    CLEANUP(mem_freep) char *path = mem_text(folder_name(folder));
    folder_close(folder);
    assert_int_equal(chmod(path, 0755), 0);
    folder = NULL;
    assert_status(folder_open(path, false, &folder, &err), ERR_BAD_INPUT, &err);
    assert_null(folder);
}

static void the_folder_has_the_name_of_the_log(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *path = NULL;
    struct err err = {0};
    assert_int_equal(setenv("XDG_DATA_HOME", "/data", 1), 0);
    assert_status(folder_path("edc.example.org/s/7f3a91", arena, &path, &err), OK, &err);
    assert_string_equal(path, "/data/crf/edc.example.org_s_7f3a91");
    assert_status(folder_path("../x", arena, &path, &err), ERR_BAD_INPUT, &err);
    assert_int_equal(setenv("XDG_DATA_HOME", root, 1), 0);
    assert_status(folder_find(NULL, NULL, arena, &path, &err), ERR_NOT_FOUND, &err);
}

/* ---- invitations ---- */

#define GOOD                                                                               \
    "{\"crf\":\"invitation 1\",\"url\":\"https://edc.example.org:8443\",\"study\":"        \
    "\"MABS06\",\"study_name\":\"MABS06\",\"origin\":\"edc.example.org/s/"                 \
    "1\",\"vkey\":\"v\","                                                                  \
    "\"founder\":\"x4WBDc8fHuy1JLncpiiJVAyWBr4BjK4eJHJuHVEth1s\",\"person\":\"p-0042\","   \
    "\"name\":\"A. de Vries\",\"role\":\"investigator\",\"site\":null,\"timezone\":null,"  \
    "\"language\":\"nl\",\"code\":\"AAAAAAAAAAAAAAAAAAAAAAAAAA\",\"expires\":"             \
    "\"2026-12-01T00:00:00.000000Z\",\"authority\":null,\"pin\":null}"

static const struct invitation {
    const char *name, *from, *to; /* change of GOOD */
    const char *says;             /* NULL: is read */
} invitations[] = {
    {"a right invitation is read", "", "", NULL},
    {"http is not safe enough", "https:", "http:", "'url'"},
    {"an address has no path", ":8443", "/x", "'url'"},
    {"an address has no user", "https://edc", "https://me@edc", "'url'"},
    {"a passport is no invitation", "invitation 1", "passport 1", "not a crf invitation"},
    {"an invitation names the log's key", "\"vkey\":\"v\"", "\"vkey\":null", "'vkey'"},
    {"a member may not lack", "\"pin\":null", "\"pim\":null", "lacks 'pin'"},
    {"a further member is refused", "\"pin\":null", "\"pin\":null,\"x\":1",
     "do not belong"},
    {"a name may not steer the terminal", "A. de", "A\\u001b[2J", "'name'"},
    {"a thumbprint has 43 characters", "x4WB", "x4W", "thumbprint"},
    {"a code has 128 bits", "AAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAA", "'code'"},
    {"an origin may not leave the folder", "edc.example.org/s/1", "../../x", "'origin'"},
    {"an expiry is a time", "2026-12-01T", "2026-13-01T", "'expires'"},
    {"a member may not stand twice", "\"pin\":null", "\"pin\":null,\"pin\":null", ""},
    {"half a file is refused", "\"pin\":null}", "", ""},
};

static void check_invitation(void **state)
{
    const struct invitation *row = *state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = {0}, again = {0};
    struct passport passport;
    struct err err = {0};
    const char *at = strstr(GOOD, row->from);
    assert_non_null(at);
    bytes_printf(&text, "%.*s%s%s", (int) (at - GOOD), GOOD, row->to,
                 at + strlen(row->from));
    status kind = invitation_read(span_bytes(&text), arena, &passport, &err);
    if (row->says != NULL) {
        assert_int_equal(kind, ERR_BAD_INPUT);
        assert_non_null(strstr(err.what, row->says));
        assert_null(strstr(err.what, "AAAAAAAA")); /* never the code */
        return;
    }
    assert_status(kind, OK, &err);
    invitation_write(&passport, &again);
    struct passport second;
    assert_status(invitation_read(span_bytes(&again), arena, &second, &err), OK, &err);
    assert_string_equal(second.code, passport.code);
    assert_string_equal(second.name, "A. de Vries");
    assert_null(second.site);
}

/* ---- keys ---- */

static struct signer *make_signer(void)
{
    struct private_key *key = NULL;
    struct err err = {0};
    assert_status(private_key_generate(KEY_ES256, &key, &err), OK, &err);
    return signer_of_key(key);
}

static void a_sealed_file_cannot_be_swapped(void **state)
{
    (void) state;
    CLEANUP(folder_closep) struct folder *folder = open_new("sealed");
    CLEANUP(signer_closep) struct signer *signer = make_signer();
    CLEANUP(signer_closep) struct signer *other = make_signer();
    CLEANUP(bytes_wipe) struct bytes text = {0};
    struct err err = {0};
    assert_status(
        sealed_write(signer, folder, "drafts/1.json", SPAN_LITERAL("secret"), &err), OK,
        &err);
    assert_status(sealed_read(signer, folder, "drafts/1.json", &text, &err), OK, &err);
    assert_string_equal(bytes_text(&text), "secret");
    assert_status(folder_move(folder, "drafts/1.json", "drafts/2.json", &err), OK, &err);
    assert_status(sealed_read(signer, folder, "drafts/2.json", &text, &err),
                  ERR_UNAUTHENTIC, &err);
    assert_status(folder_move(folder, "drafts/2.json", "drafts/1.json", &err), OK, &err);
    assert_status(sealed_read(other, folder, "drafts/1.json", &text, &err), ERR_UNAUTHENTIC,
                  &err);
}

/* Evidence is handed to others; what was reported of a patient is not. */
static void evidence_does_not_tell_the_record(void **state)
{
    (void) state;
    CLEANUP(folder_closep) struct folder *folder = open_new("evidence");
    CLEANUP(signer_closep) struct signer *signer = make_signer();
    CLEANUP(private_key_freep) struct private_key *key = NULL;
    CLEANUP(note_key_freep) struct note_key *log = NULL;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes text = {0};
    struct folder_names names = {0};
    struct receipt_facts facts;
    struct err err = {0};
    assert_status(private_key_generate(KEY_ED25519, &key, &err), OK, &err);
    assert_status(
        note_key_new("edc.test/s/1", NOTE_ED25519, private_key_public(key), &log, &err), OK,
        &err);
    struct client client = {
        .arena = arena, .folder = folder, .signer = signer, .trust = {.log = log}};
    assert_status(
        sealed_write(signer, folder, "receipts/7.jws", SPAN_LITERAL("a fever"), &err), OK,
        &err);
    assert_status(
        sealed_write(signer, folder, "receipts/7.proof", SPAN_LITERAL("forged"), &err), OK,
        &err);
    assert_status(receipt_check_kept(&client, 7, &facts, &err), ERR_TAMPERED, &err);
    assert_status(folder_list(folder, "evidence", ".txt", arena, &names, &err), OK, &err);
    assert_int_equal(names.count, 1);
    const char *name = arena_printf(arena, "evidence/%s", names.items[0]);
    assert_status(folder_read(folder, name, &text, &err), OK, &err);
    assert_non_null(strstr(bytes_text(&text), "forged"));
    assert_non_null(strstr(bytes_text(&text), "SHA-256 "));
    assert_null(strstr(bytes_text(&text), "fever"));
}

static struct signer *signer_behind_session(struct folder *folder)
{
    struct signer *signer = NULL;
    struct err err = {0};
    struct arena *arena = arena_new();
    struct invocation run = {.arena = arena, .out = stdout, .notes = stderr};
    assert_status(signer_open(&run, folder, &signer, &err), OK, &err);
    arena_free(arena);
    return signer;
}

static void a_session_signs_and_ends(void **state)
{
    (void) state;
    CLEANUP(folder_closep) struct folder *folder = open_new("session");
    CLEANUP(signer_closep) struct signer *signer = make_signer();
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes line = {0};
    struct jws_header header = {.iat = 1795252447, .url = "https://x/v1/studies/S/records"};
    struct err err = {0};
    struct jws jws;
    uuid_make(&clock_system, &header.jti);
    assert_false(session_is_open(folder));
    assert_status(session_start(folder, signer, 60, &err), OK, &err);
    assert_true(session_is_open(folder));
    CLEANUP(signer_closep) struct signer *behind = signer_behind_session(folder);
    assert_string_equal(signer_kid(behind), signer_kid(signer));
    assert_status(signer_record(behind, &header, SPAN_LITERAL("{}"), &line, &err), OK,
                  &err);
    assert_status(jws_parse(span_bytes(&line), arena, &jws, &err), OK, &err);
    assert_string_equal(jws.kid, signer_kid(signer));
    CLEANUP(bytes_done) struct bytes sealed = {0}, plain = {0};
    assert_status(signer_seal(behind, "a", SPAN_LITERAL("text"), &sealed, &err), OK, &err);
    assert_status(signer_unseal(signer, "a", span_bytes(&sealed), &plain, &err), OK, &err);
    assert_string_equal(bytes_text(&plain), "text");
    assert_status(signer_unseal(behind, "b", span_bytes(&sealed), &plain, &err),
                  ERR_UNAUTHENTIC, &err);
    assert_status(session_end(folder, &err), OK, &err);
    for (int i = 0; i < 100 && session_is_open(folder); i++) {
        usleep(20000);
    }
    assert_false(session_is_open(folder));
    assert_status(signer_seal(behind, "a", SPAN_LITERAL("text"), &sealed, &err),
                  ERR_UNAVAILABLE, &err);
    assert_status(session_end(folder, &err), OK, &err);
}

static void a_session_locks_when_it_is_idle(void **state)
{
    (void) state;
    CLEANUP(folder_closep) struct folder *folder = open_new("idle");
    CLEANUP(signer_closep) struct signer *signer = make_signer();
    struct err err = {0};
    assert_status(session_start(folder, signer, 1, &err), OK, &err);
    for (int i = 0; i < 300 && session_is_open(folder); i++) {
        usleep(20000); /* asking whether it is open does not keep it open */
    }
    assert_false(session_is_open(folder));
}

int main(void)
{
    root = temp_folder("clients");
    if (setenv("XDG_RUNTIME_DIR", root, 1) != 0 || setenv("XDG_DATA_HOME", root, 1) != 0) {
        return 1;
    }
    add_test("a file is the old one or the new one, wherever the process ends",
             a_file_is_old_or_new_never_half);
    add_test("a file is not made twice", a_file_is_not_made_twice);
    add_test("a lock keeps other programs out", a_lock_keeps_others_out);
    add_test("evidence does not tell the record", evidence_does_not_tell_the_record);
    add_test("a written page follows no link that lies beside it",
             a_written_page_follows_no_link);
    add_test("a folder that others may read is refused",
             a_folder_open_to_others_is_refused);
    add_test("the folder has the name of the log", the_folder_has_the_name_of_the_log);
    add_rows(invitations, ARRAY_LEN(invitations), sizeof(invitations[0]), check_invitation);
    add_test("a sealed file cannot be swapped or opened by others",
             a_sealed_file_cannot_be_swapped);
    add_test("a session signs, seals and ends", a_session_signs_and_ends);
    add_test("a session locks itself when nobody uses it", a_session_locks_when_it_is_idle);
    int failed = run_added("files, invitations, keys");
    remove_tree(root);
    free(root);
    return failed;
}
