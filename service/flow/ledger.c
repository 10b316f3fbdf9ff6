/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "service/flow/line.h"
#include "service/flow/quota.h"
#include "service/flow/watch.h"
#include "service/flow/writer.h"
#include "service/loop/loop.h"

/* ---- what others wrote ---- */

status ledger_fold(struct ledger *ledger, const struct store_line *line,
                   struct digest *ret_leaf, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct state_head head = state_head(ledger->state);
    struct entry entry;
    TRY(line_check(line, ledger->origin, head.size, &head.leaf, &entry, err));
    if (entry.time < head.time) {
        return FAIL(err, ERR_TAMPERED, "entry %llu is dated before the one it follows",
                    (unsigned long long) line->seq);
    }
    if (line_has_record(&entry)) {
        struct unfolded unfolded;
        TRY(line_unfold(line, arena, &unfolded, err));
        TRY(line_is_next(ledger, &entry, &unfolded, err));
        struct entry_facts facts = {.seq = entry.seq,
                                    .time = entry.time,
                                    .actor = arena_span_text(arena, entry.actor),
                                    .leaf = line->leaf};
        fold_apply(ledger->state, &facts, &unfolded.record, &unfolded.outcome, arena);
        if (unfolded.record.subject != NULL) {
            casebooks_drop(ledger->casebooks, unfolded.record.subject);
        }
    } else {
        state_advance(ledger->state, &line->leaf, entry.time);
    }
    tree_add(ledger->tree, &line->leaf);
    *ret_leaf = line->leaf;
    return OK;
}

status ledger_read_form(struct ledger *ledger, const struct store_form *stored,
                        struct arena *arena, const struct form_data **ret_form,
                        struct err *err)
{
    struct entry entry;
    struct unfolded *unfolded = ARENA_NEW(arena, struct unfolded);
    TRY(line_check(&stored->line, ledger->origin, stored->line.seq, NULL, &entry, err));
    TRY(line_unfold(&stored->line, arena, unfolded, err));
    const struct row *row = state_form(ledger->state, stored->object);
    if (unfolded->record.type != RECORD_FORM_SUBMIT || row == NULL) {
        *ret_form = NULL; /* a row that this state does not have as a current form */
        return OK;
    }
    *ret_form = fold_form(&unfolded->record, &unfolded->outcome, row, entry.time, arena);
    return OK;
}

/* ---- signing and halting ---- */

/* Publish the checkpoint of the mark. */
static status publish(struct ledger *ledger, struct err *err)
{
    CLEANUP(bytes_done) struct bytes note = {0};
    TRY(signer_checkpoint(ledger->signer, &note, err));
    bytes_done(&ledger->checkpoint);
    ledger->checkpoint = note;
    ledger->checkpoint_size = signer_mark(ledger->signer)->size;
    note = (struct bytes){0};
    return OK;
}

status ledger_sign(struct ledger *ledger, const struct digest *leaves, size_t count,
                   struct err *err)
{
    struct digest root;
    frontier_root(tree_frontier(ledger->tree), &root);
    /* the mark moved and then the note failed: the leaves are in it already */
    bool is_marked = signer_has_mark(ledger->signer) &&
                     signer_mark(ledger->signer)->size == tree_size(ledger->tree);
    TRY(signer_advance(ledger->signer, leaves, is_marked ? 0 : count, &root, err));
    return publish(ledger, err);
}

static void write_evidence(const struct ledger *ledger, const struct err *why)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(bytes_done) struct bytes path = {0};
    struct json_out json = {.bytes = &text};
    const struct frontier *mark = signer_mark(ledger->signer);
    struct state_head head = state_head(ledger->state);
    char now[INSTANT_SIZE];
    char hash[DIGEST_BASE64_SIZE];

    instant_format(clock_now(ledger->service->clock), now);
    json_begin(&json, '{');
    json_member(&json, "time", now);
    json_member(&json, "log", ledger->origin);
    json_member(&json, "what", why->what);
    json_member_integer(&json, "memory_size", (int64_t) head.size);
    digest_to_base64(&head.leaf, hash);
    json_member(&json, "memory_leaf", hash);
    json_member_integer(&json, "signed_size", (int64_t) mark->size);
    struct digest root;
    frontier_root(mark, &root);
    digest_to_base64(&root, hash);
    json_member(&json, "signed_root", hash);
    json_member(&json, "checkpoint", bytes_text(&ledger->checkpoint));
    json_end(&json, '}');
    bytes_add_char(&text, '\n');

    bytes_printf(&path, "%s/%s.evidence-%s.json", ledger->service->state_folder,
                 ledger->slug, now);
    int fd = open(bytes_text(&path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, text.data, text.size) != (ssize_t) text.size ||
        fsync(fd) != 0) {
        log_event(LOG_ERROR, "evidence not written", LOG_TEXT("file", bytes_text(&path)),
                  LOG_TEXT("why", strerror(errno)), LOG_END);
    }
    if (fd >= 0) {
        (void) close(fd);
    }
}

status ledger_is_open(const struct ledger *ledger, struct err *err)
{
    if (ledger->phase == LEDGER_OPEN) {
        return OK;
    }
    *err = ledger->why;
    err->kind = ledger->phase == LEDGER_HALTED ? ERR_TAMPERED : ERR_UNAVAILABLE;
    return err->kind;
}

void ledger_halt(struct ledger *ledger, const struct err *why)
{
    if (ledger->phase == LEDGER_HALTED) {
        return;
    }
    ledger->phase = LEDGER_HALTED;
    ledger->why = *why;
    log_event(LOG_ERROR, "log halted", LOG_TEXT("study", ledger->slug),
              LOG_TEXT("where", why->where), LOG_TEXT("what", why->what), LOG_END);
    write_evidence(ledger, why);
    writer_refuse(ledger->writer, why);
}

/* ---- life ---- */

static void load_again(void *arg)
{
    ledger_load(arg);
}

status ledger_open(struct service *service, const struct ledger_options *options,
                   struct ledger **ret_ledger, struct err *err)
{
    struct signer *signer = NULL;
    TRY(signer_open(options->key_file, options->mark_file, options->origin, &signer, err));
    struct ledger *ledger = mem_alloc(sizeof(*ledger));
    ledger->service = service;
    ledger->slug = options->slug;
    ledger->origin = options->origin;
    ledger->founder = options->founder;
    ledger->adopt = options->adopt;
    ledger->log_id = -1;
    ledger->signer = signer;
    ledger->state = state_new(options->origin, options->founder);
    ledger->tree = tree_new();
    ledger->casebooks = casebooks_new(service->casebook_limit);
    ledger->writer = writer_new(ledger);
    ledger->watch = watch_new(ledger);
    ledger->quota = quota_new();
    ledger->retry = loop_timer_new(service->loop, load_again, ledger);
    (void) err_set(&ledger->why, ERR_UNAVAILABLE, WHERE, "the study is still being read");
    *ret_ledger = ledger;
    /* what was signed stands, also when the database turns out to say something else: a monitor
     * must be able to see both */
    status published = signer_mark(signer)->size > 0 ? publish(ledger, err) : OK;
    ledger_load(ledger);
    return published;
}

void ledger_close(struct ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }
    watch_free(ledger->watch);
    writer_free(ledger->writer);
    loop_timer_free(ledger->retry);
    ledger_forget(ledger);
    casebooks_free(ledger->casebooks);
    free(ledger->quota);
    tree_free(ledger->tree);
    state_free(ledger->state);
    signer_close(ledger->signer);
    bytes_done(&ledger->checkpoint);
    free(ledger);
}

struct ledger *service_ledger(const struct service *service, struct span slug)
{
    for (size_t i = 0; i < service->ledger_count; i++) {
        if (span_is(slug, service->ledgers[i]->slug)) {
            return service->ledgers[i];
        }
    }
    return NULL;
}
