/* SPDX-License-Identifier: Apache-2.0 */
/*
** The amendment story: two sites on two versions, a form that was on its way when the new one
** came, and what a sponsor, a data manager, a site and a monitor see of it. Each test stands on
** the one before.
*/
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/lib/folder.h"
#include "clients/lib/passport.h"
#include "clients/lib/text_file.h"
#include "tests/support/files.h"
#include "tests/system/amended.h"

static struct trial *trial;
static char *root;
static char *url;
static char *sha256; /* of MDV.2 */

#define WEIGHT "<CheckValue>35</CheckValue>=><CheckValue>60</CheckValue>"
#define DM     "subject/007-K/SE.V1/-/F.DM/-"

/* ---- running a program as one of the trial's people ---- */

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    BUG_IF(bind(fd, (struct sockaddr *) &address, size) != 0);
    BUG_IF(getsockname(fd, (struct sockaddr *) &address, &size) != 0);
    close(fd);
    return ntohs(address.sin_port);
}

static void become(enum who who)
{
    CLEANUP(bytes_done) struct bytes home = {0};
    bytes_printf(&home, "%s/%s", root, trial_person(who));
    BUG_IF(setenv("XDG_DATA_HOME", bytes_text(&home), 1) != 0);
}

/* The folder that a person of this role would have after joining, with the trial's own key. */
static void make_folder(enum who who, const char *site)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(folder_closep) struct folder *folder = NULL;
    CLEANUP(bytes_done) struct bytes pem = {0};
    CLEANUP(bytes_done) struct bytes certificate = read_file(trial_certificate(trial));
    struct secret passphrase = {0};
    struct err err = {0};
    const char *path = NULL;
    const struct private_key *key = trial_key(trial, who);
    struct passport passport = {
        .url = url,
        .study = TRIAL_SLUG,
        .study_name = "MABS06",
        .origin = TRIAL_ORIGIN,
        .vkey = trial_vkey(trial),
        .founder = key_thumbprint(private_key_public(trial_key(trial, FOUNDER))),
        .person = trial_person(who),
        .name = trial_person(who),
        .role = trial_role(who),
        .site = site,
        .timezone = site != NULL ? "Europe/Amsterdam" : NULL,
        .language = "en",
        .authority = bytes_text(&certificate),
        .kid = key_thumbprint(private_key_public(key))};
    become(who);
    secret_copy(&passphrase, "correct horse battery", 21);
    assert_status(folder_path(TRIAL_ORIGIN, arena, &path, &err), OK, &err);
    assert_status(folder_open(path, true, &folder, &err), OK, &err);
    assert_status(private_key_to_pem(key, &passphrase, &pem, &err), OK, &err);
    assert_status(folder_write(folder, "key.pem", span_bytes(&pem), &err), OK, &err);
    assert_status(passport_store(folder, &passport, &err), OK, &err);
    secret_done(&passphrase);
}

static _Noreturn void execute(enum who who, const char *const *arguments, int fd)
{
    CLEANUP(bytes_done) struct bytes program = {0};
    char *argv[16] = {NULL};
    become(who);
    (void) chdir(root) /* lint: files of the test are named without their folder */;
    (void) dup2(fd, STDOUT_FILENO);
    (void) dup2(fd, STDERR_FILENO);
    (void) dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
    bytes_printf(&program, "%s/%s", CRF_PROGRAMS, arguments[0]);
    for (size_t i = 0; arguments[i] != NULL && i < ARRAY_LEN(argv) - 1; i++) {
        argv[i] = mem_text(arguments[i]);
    }
    (void) execv(bytes_text(&program), argv);
    _exit(127);
}

/* Run a program as WHO: it ends with 0 and says all of SAYS ("a|b"), in this order. */
static void run_says(enum who who, const char *const *arguments, const char *says)
{
    CLEANUP(bytes_done) struct bytes out = {0};
    int ends[2], code = 0;
    char buffer[4096];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        execute(who, arguments, ends[1]);
    }
    close(ends[1]);
    for (ssize_t got; (got = read(ends[0], buffer, sizeof(buffer))) > 0;) {
        bytes_add(&out, buffer, (size_t) got);
    }
    close(ends[0]);
    assert_int_equal(waitpid(child, &code, 0), child);
    const char *rest = bytes_text(&out);
    struct span wanted = span_text(says), piece;
    bool more = true;
    while (more) {
        more = span_cut(&wanted, '|', &piece);
        piece = more ? piece : wanted;
        const char *at = memmem(rest, strlen(rest), piece.data, piece.size);
        if (at == NULL || !WIFEXITED(code) || WEXITSTATUS(code) != 0) {
            fail_msg("%s ends with %d, wanted \"%s\":\n%s", arguments[0], WEXITSTATUS(code),
                     says, bytes_text(&out));
        }
        rest = at + piece.size;
    }
}

#define RUN(who, says, ...)                                                                \
    run_says((who), (const char *const[]){__VA_ARGS__, NULL}, (says))

/* ---- forms ---- */

static struct record form(enum who who, const char *file, const char *subject,
                          const char *version, struct arena *arena)
{
    struct record record = trial_form(trial, who, file, subject, NULL, arena);
    if (strcmp(version, "MDV.2") == 0) {
        record.definition = (struct definition_ref){"MDV.2", sha256};
    }
    return record;
}

static void post(enum who who, const struct record *record, int wanted, const char *rule,
                 const char *says)
{
    struct answer answer = trial_submit(trial, who, record);
    if (answer.status != wanted || (rule != NULL && !answer_has_finding(&answer, rule)) ||
        (says != NULL && strstr(bytes_text(&answer.body), says) == NULL)) {
        fail_msg("%d %s", answer.status, bytes_text(&answer.body));
    }
    answer_done(&answer);
}

static void send_form(enum who who, const char *file, const char *subject,
                      const char *version, int wanted)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = form(who, file, subject, version, arena);
    bool refused = wanted != 201;
    post(who, &record, wanted, refused ? "VERSION-02" : NULL, refused ? " -> " : NULL);
}

/* ---- the story ---- */

static void the_sponsor_sees_what_would_change(void **state)
{
    (void) state;
    RUN(FOUNDER,
        "Stricter: range of Weight (IT.WEIGHT): >= 35 kg (ask), now >= 60 kg (ask)|"
        "1  now: F.DM IT.WEIGHT [8]|1 questions would be new",
        "crf-admin", "study", "amend", "mdv2.xml", "--check");
    assert_int_equal(trial_count(trial, "definition"), 1);
}

static void a_version_is_published_and_nothing_is_in_force_yet(void **state)
{
    (void) state;
    RUN(FOUNDER, "recorded", "crf-admin", "study", "amend", "mdv2.xml", "--yes");
    assert_int_equal(trial_count(trial, "definition"), 2);
    send_form(INVESTIGATOR, "13-V2-MRI.json", NULL, "MDV.2", 409);
}

static struct bytes offline; /* signed under MDV.1 before anybody heard of MDV.2 */

static void one_site_activates_and_the_other_goes_on(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = form(INVESTIGATOR, "13-V2-MRI.json", NULL, "MDV.1", arena);
    trial_sign(trial, INVESTIGATOR, &record, &offline);
    amended_activate(trial, "01", "MDV.2", sha256, "2026-01-01T00:00:00Z");
    send_form(STRANGER, "02-V1-DM.json", "008-L", "MDV.1", 201);
    send_form(STRANGER, "15-V2-VISIT.json", "008-L", "MDV.2", 409);
    send_form(COORDINATOR, "15-V2-VISIT.json", NULL, "MDV.1", 409);
    send_form(COORDINATOR, "15-V2-VISIT.json", NULL, "MDV.2", 201);
}

static void a_form_that_was_on_its_way_is_taken(void **state)
{
    (void) state;
    struct answer answer = trial_post(trial, span_bytes(&offline));
    if (answer.status != 201) {
        fail_msg("%s", bytes_text(&answer.body));
    }
    answer_done(&answer);
}

static void a_visit_is_finished_as_it_was_begun(void **state)
{
    (void) state;
    send_form(COORDINATOR, "03-V1-MH.json", NULL, "MDV.1", 201);
    send_form(COORDINATOR, "17-V3-STRENGTH.json", NULL, "MDV.1", 409);
}

static void a_serious_event_comes_under_any_version(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record record = trial_form(trial, COORDINATOR, "mabs06-apart/012-Q-LOG-SAE.json",
                                      SCENE_SUBJECT, NULL, arena);
    post(COORDINATOR, &record, 201, NULL, "VERSION-02");
}

static void the_other_site_follows_later(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct record late =
        amended_activation(trial, "02", "MDV.2", sha256, "2099-01-01T00:00:00Z", arena);
    (void) scene_accept(trial, FOUNDER, &late);
    send_form(STRANGER, "15-V2-VISIT.json", "008-L", "MDV.2", 409);
    RUN(FOUNDER, "recorded", "crf-admin", "site", "version", "02", "--version", "MDV.2",
        "--sha256", sha256, "--approval", "METC 26-041");
    send_form(STRANGER, "15-V2-VISIT.json", "008-L", "MDV.2", 201);
}

static void a_client_follows_the_version_of_its_site(void **state)
{
    (void) state;
    struct answer answer = trial_get(trial, INVESTIGATOR, "");
    const struct json *list = json_get(answer.json, "site_versions");
    assert_non_null(list);
    assert_int_equal(list->count, 3);
    answer_done(&answer);
    RUN(INVESTIGATOR, "definition MDV.2", "crf-site", "form", "007-K", "V2", "VS");
}

static void the_data_manager_sees_what_would_be_asked_and_asks(void **state)
{
    (void) state;
    RUN(DATA_MANAGER, "new  " DM " IG.DM/-/IT.WEIGHT [8]|No data were changed",
        "crf-sponsor", "recheck", "--version", "MDV.2");
    RUN(DATA_MANAGER, "queries opened", "crf-sponsor", "recheck", "--version", "MDV.2",
        "--open", "--yes");
    char *count = scene_sql(trial, "select count(*) from crfd.query where rule = 'person' "
                                   "and object = '" DM "'");
    assert_string_equal(count, "1");
    free(count);
    RUN(DATA_MANAGER, "0 queries opened", "crf-sponsor", "recheck", "--version", "MDV.2",
        "--open", "--yes");
}

static void history_says_the_version_of_each_value(void **state)
{
    (void) state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    char *leaf = scene_leaf(trial, DM);
    struct record record =
        trial_form(trial, COORDINATOR, "02-V1-DM.json", NULL, "58.5=>61.5", arena);
    record.definition = (struct definition_ref){"MDV.2", sha256};
    record.prior = leaf;
    record.reason = "weighed again";
    post(COORDINATOR, &record, 201, NULL, NULL);
    free(leaf);
    RUN(INVESTIGATOR, "MDV.1|MDV.2", "crf-site", "history", DM);
}

static void the_monitor_verifies_all_of_it(void **state)
{
    (void) state;
    RUN(MONITOR, "Verified", "crf-monitor", "verify", "--lang", "en");
    RUN(DATA_MANAGER, "Verified|by this version: 0 differences", "crf-monitor", "verify",
        "--recheck", "--lang", "en");
}

/* ---- the scene ---- */

static void prepare(void)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    static const char *const changes[] = {WEIGHT};
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(bytes_done) struct bytes xml = amended_text("MDV.2", changes, 1);
    struct digest digest;
    int port = free_port();
    url = mem_text(arena_printf(arena, "https://localhost:%d", port));
    bytes_printf(&text, "listen = 127.0.0.1:%d\npublic_url = %s\n", port, url);
    trial = scene_open(&(struct trial_options){.settings = bytes_text(&text)});
    trial_hire(trial, DATA_MANAGER);
    root = temp_folder("people");
    BUG_IF(text_file_write(arena_printf(arena, "%s/passphrase", root),
                           SPAN_LITERAL("correct horse battery\n"), false, NULL) != OK);
    BUG_IF(text_file_write(arena_printf(arena, "%s/mdv2.xml", root), span_bytes(&xml),
                           false, NULL) != OK);
    BUG_IF(setenv("CRF_PASSPHRASE_FILE", arena_printf(arena, "%s/passphrase", root), 1) !=
           0);
    BUG_IF(setenv("XDG_RUNTIME_DIR", root, 1) != 0);
    BUG_IF(setenv("CRF_LANGUAGE", "en", 1) != 0);
    digest_of(span_bytes(&xml), &digest);
    sha256 = mem_alloc(DIGEST_HEX_SIZE);
    digest_to_hex(&digest, sha256);
}

static void fill(void)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    make_folder(FOUNDER, NULL);
    make_folder(INVESTIGATOR, "01");
    make_folder(MONITOR, "01");
    make_folder(DATA_MANAGER, NULL);
    send_form(COORDINATOR, "02-V1-DM.json", NULL, "MDV.1", 201);
    struct record record = trial_record(trial, STRANGER, RECORD_SUBJECT_ENROL, arena);
    record.definition = (struct definition_ref){"MDV.1", trial_definition(trial)};
    record.data.subject_enrol = (struct subject_enrol_data){"008-L", "02"};
    (void) scene_accept(trial, STRANGER, &record);
}

int main(void)
{
    prepare();
    fill();
    add_test("the sponsor sees what would change", the_sponsor_sees_what_would_change);
    add_test("a version is published and nothing is in force yet",
             a_version_is_published_and_nothing_is_in_force_yet);
    add_test("one site activates and the other goes on",
             one_site_activates_and_the_other_goes_on);
    add_test("a form that was on its way is taken", a_form_that_was_on_its_way_is_taken);
    add_test("a visit is finished as it was begun", a_visit_is_finished_as_it_was_begun);
    add_test("a serious event comes under any version",
             a_serious_event_comes_under_any_version);
    add_test("the other site follows later", the_other_site_follows_later);
    add_test("a client follows the version of its site",
             a_client_follows_the_version_of_its_site);
    add_test("the data manager sees what would be asked, and asks",
             the_data_manager_sees_what_would_be_asked_and_asks);
    add_test("history says the version of each value",
             history_says_the_version_of_each_value);
    add_test("the monitor verifies all of it", the_monitor_verifies_all_of_it);
    int failed = run_added("an amendment over the wire");
    trial_stop(trial);
    remove_tree(root);
    bytes_done(&offline);
    free(root);
    free(url);
    free(sha256);
    return failed;
}
