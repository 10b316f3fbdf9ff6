/* SPDX-License-Identifier: Apache-2.0 */
/*
** Clinical data of another system, form by form through the one way in.
**
** The file is walked twice: once to see that it can be read to its end, and which subjects
** come up in more than one place, and once to act. Acting goes subject by subject, with an
** arena for each, so memory is that of one subject; the subjects that come up twice are acted
** on at the end, when all of theirs is known.
*/
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/lib/terminal.h"
#include "clients/site/import.h"
#include "clients/site/site.h"
#include "crypto/digest.h"

const struct option IMPORT_OPTIONS[] = {
    {"check", NULL, "only say what would happen; nothing is signed or sent"},
    {"reason", "TEXT", "why recorded values change, where the file does not say"},
    {"yes", NULL, "sign without asking; for scripts"},
    {NULL, NULL, NULL},
};

/* Act on BATCH with its own arena, and empty it. */
static void finish_batch(struct import *import, struct batch *batch)
{
    if (batch->count > 0 && import->kind == OK) {
        struct arena *own = import->client->arena;
        import->client->arena = batch->arena;
        import->kind = import_batch(import, batch, &import->err);
        import->client->arena = own;
    }
    arena_free(batch->arena);
    *batch = (struct batch){0};
}

/* ---- walking ---- */

static int compare_digests(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct digest));
}

static bool see_form(void *arg, const struct odm_form *form)
{
    struct import *import = arg;
    const char *subject = form->form.key.subject;
    import->forms++;
    if (import->last == NULL || strcmp(import->last, subject) != 0) {
        struct arena *arena = import->client->arena;
        import->last = arena_text(arena, subject);
        digest_of(span_text(subject),
                  ARENA_PUSH(arena, import->runs, import->run_count, import->run_capacity));
    }
    return true;
}

static void see_problem(void *arg, int line, const char *message)
{
    struct import *import = arg;
    report_problem(import, line, message);
}

/* Keep of the runs those that come more than once. */
static void find_twice(struct import *import)
{
    if (import->run_count > 1) {
        qsort(import->runs, import->run_count, sizeof(*import->runs), compare_digests);
    }
    for (size_t i = 1; i < import->run_count; i++) {
        bool same = compare_digests(&import->runs[i], &import->runs[i - 1]) == 0;
        if (same && (import->twice_count == 0 ||
                     compare_digests(&import->runs[import->twice_count - 1],
                                     &import->runs[i]) != 0)) {
            import->runs[import->twice_count++] = import->runs[i];
        }
    }
}

static bool comes_twice(const struct import *import, const char *subject)
{
    struct digest digest;
    digest_of(span_text(subject), &digest);
    return import->twice_count > 0 && bsearch(&digest, import->runs, import->twice_count,
                                              sizeof(digest), compare_digests) != NULL;
}

static void add_to(struct batch *batch, const struct odm_form *form)
{
    batch->arena = batch->arena != NULL ? batch->arena : arena_new();
    *ARENA_PUSH(batch->arena, batch->items, batch->count, batch->capacity) =
        odm_keep(form, batch->arena);
}

static bool take_form(void *arg, const struct odm_form *form)
{
    struct import *import = arg;
    const char *subject = form->form.key.subject;
    if (import->now.count > 0 &&
        strcmp(import->now.items[0]->form.key.subject, subject) != 0) {
        finish_batch(import, &import->now);
    }
    add_to(comes_twice(import, subject) ? &import->late : &import->now, form);
    return import->kind == OK;
}

/* The late ones, subject after subject in the order in which they first came. */
static void finish_late(struct import *import)
{
    struct batch late = import->late;
    for (size_t i = 0; i < late.count && import->kind == OK; i++) {
        struct batch one = {.arena = arena_new()};
        const char *subject =
            late.items[i] != NULL ? late.items[i]->form.key.subject : NULL;
        for (size_t j = i; subject != NULL && j < late.count; j++) {
            if (late.items[j] != NULL &&
                strcmp(late.items[j]->form.key.subject, subject) == 0) {
                *ARENA_PUSH(one.arena, one.items, one.count, one.capacity) = late.items[j];
                late.items[j] = NULL;
            }
        }
        finish_batch(import, &one);
    }
    arena_free(late.arena);
    import->late = (struct batch){0};
}

static void ignore_problem(void *arg, int line, const char *message)
{
    (void) arg;
    (void) line;
    (void) message; /* said at the first walk */
}

static status ask_import(struct import *import, bool yes, struct err *err)
{
    struct invocation *run = import->client->run;
    bool sure = true;
    if (yes || import->check || import->forms == 0) {
        return OK;
    }
    if (!terminal_is_there()) {
        return FAIL(err, ERR_BAD_INPUT,
                    "nobody is there to sign: say --yes to sign from a script");
    }
    const char *prompt = arena_printf(
        run->arena,
        in_words(run, "Sign and send what is new of these %zu form(s)? [Y/n] ",
                 "Wat nieuw is van deze %zu formulier(en) tekenen en versturen? [J/n] "),
        import->forms);
    TRY(ask_yes(run, prompt, prompt, true, &sure, err));
    return sure ? OK : FAIL(err, ERR_REJECTED, "not signed; nothing was sent");
}

static status walk(struct import *import, struct span xml, bool yes, struct err *err)
{
    const char *language = import->client->run->language;
    const struct odm_data_handler see = {see_form, see_problem, import, language};
    const struct odm_data_handler take = {take_form, ignore_problem, import, language};
    size_t forms = 0;
    TRY(odm_data_read(xml, &see, &forms, err));
    find_twice(import);
    TRY(ask_import(import, yes, err));
    status kind = odm_data_read(xml, &take, &forms, err);
    finish_batch(import, &import->now);
    finish_late(import);
    TRY(kind);
    if (import->kind != OK && err != NULL) {
        *err = import->err;
    }
    return import->kind;
}

/* ---- the command ---- */

static status map_file(const char *path, void **ret_text, size_t *ret_size, struct err *err)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return FAIL(err, ERR_NOT_FOUND, "%s cannot be opened", path);
    }
    bool plain = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0;
    void *text = plain ? mmap(NULL, (size_t) about.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
                       : MAP_FAILED;
    close(fd);
    if (text == MAP_FAILED) {
        return FAIL(err, ERR_BAD_INPUT, "%s is no file with text in it", path);
    }
    *ret_text = text;
    *ret_size = (size_t) about.st_size;
    return OK;
}

static void say_waiting(void *arg, const struct outbox_item *item,
                        const struct outbox_answer *answer)
{
    submit_say(arg, item->label, answer);
}

status site_import(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    void *text = NULL;
    size_t size = 0;
    bool check = invocation_option(run, "check") != NULL;
    TRY(map_file(run->arguments[0], &text, &size, err));
    status kind = client_open(run, CLIENT_KEY | (check ? CLIENT_TRY_ONLINE : CLIENT_ONLINE),
                              &client, err);
    kind = kind == OK ? client_definition(client, err) : kind;
    /* what waits from the last time goes first: then it is known as recorded */
    kind = kind == OK && !check ? outbox_send(client, say_waiting, client, err) : kind;
    if (kind == OK) {
        struct import import = {
            .client = client, .reason = invocation_option(run, "reason"), .check = check};
        json_key(result_members(run), "forms");
        json_begin(&run->result, '[');
        kind =
            walk(&import, span_of(text, size), invocation_option(run, "yes") != NULL, err);
        json_end(&run->result, ']');
        report_sum(&import);
        bool refused = kind == OK && import.results[REFUSED] > 0;
        kind = refused ? FAIL(err, ERR_REJECTED, "%s", "") : kind;
    }
    (void) munmap(text, size);
    return kind;
}
