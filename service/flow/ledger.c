/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "crypto/entry.h"
#include "crypto/jws.h"
#include "service/flow/quota.h"
#include "service/flow/watch.h"
#include "service/flow/writer.h"
#include "service/loop/loop.h"

/* ---- bodies ---- */

bool body_split(struct span body, struct span *ret_record, struct span *ret_outcome)
{
    struct span rest = body;
    struct span record;
    struct span outcome;
    if (!span_cut(&rest, '\n', &record) || !span_cut(&rest, '\n', &outcome) ||
        rest.size != 0) {
        return false;
    }
    *ret_record = record;
    *ret_outcome = outcome;
    return true;
}

/* The bytes of LINE are those that its entry and leaf commit to. */
static status check_line(const struct ledger *ledger, const struct store_line *line,
                         struct entry *ret_entry, struct err *err)
{
    struct digest digest;
    TRY(entry_parse(line->entry, ret_entry, err));
    merkle_leaf(line->entry, &digest);
    if (!digest_equal(&digest, &line->leaf) || (uint64_t) ret_entry->seq != line->seq ||
        !span_is(ret_entry->log, ledger->origin)) {
        return FAIL(err, ERR_TAMPERED, "entry %llu is not what its leaf hash says",
                    (unsigned long long) line->seq);
    }
    if (line->has_body && line->salt.size == SALT_SIZE) {
        entry_body_digest(line->salt.data, line->body, &digest);
        if (digest_equal(&digest, &ret_entry->body)) {
            return OK;
        }
    }
    return FAIL(err, ERR_TAMPERED,
                "the body of entry %llu is not what the entry commits to",
                (unsigned long long) line->seq);
}

/* A signed record and its outcome, from a body. */
struct unfolded {
    struct jws jws;
    struct record record;
    struct outcome outcome;
};

static status unfold(const struct store_line *line, struct arena *arena,
                     struct unfolded *ret_unfolded, struct err *err)
{
    struct span body = arena_span(arena, line->body); /* parsed things borrow from it */
    struct span record_line;
    struct span outcome_line;
    struct findings shape = {.arena = arena};
    if (!body_split(body, &record_line, &outcome_line)) {
        return FAIL(err, ERR_TAMPERED,
                    "the body of entry %llu is not a record and an outcome",
                    (unsigned long long) line->seq);
    }
    TRY(jws_parse(record_line, arena, &ret_unfolded->jws, err));
    TRY(record_parse(ret_unfolded->jws.payload, arena, &ret_unfolded->record, &shape, err));
    TRY(outcome_parse(outcome_line, arena, &ret_unfolded->outcome, err));
    record_set_header(&ret_unfolded->record, &ret_unfolded->jws, &shape);
    return OK;
}

status ledger_fold(struct ledger *ledger, const struct store_line *line,
                   struct digest *ret_leaf, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct state_head head = state_head(ledger->state);
    struct entry entry;
    TRY(check_line(ledger, line, &entry, err));
    if (line->seq != head.size || !digest_equal(&entry.prev, &head.leaf)) {
        return FAIL(err, ERR_TAMPERED, "entry %llu does not follow entry %llu",
                    (unsigned long long) line->seq, (unsigned long long) head.size);
    }
    if (span_is(entry.media, "application/x-ndjson")) {
        struct unfolded unfolded;
        TRY(unfold(line, arena, &unfolded, err));
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
    TRY(check_line(ledger, &stored->line, &entry, err));
    TRY(unfold(&stored->line, arena, unfolded, err));
    const struct row *row = state_form(ledger->state, stored->object);
    if (unfolded->record.type != RECORD_FORM_SUBMIT || row == NULL) {
        *ret_form = NULL; /* a row that this state does not have as a current form */
        return OK;
    }
    *ret_form = fold_form(&unfolded->record, &unfolded->outcome, row, entry.time, arena);
    return OK;
}

/* ---- signing and halting ---- */

status ledger_sign(struct ledger *ledger, const struct digest *leaves, size_t count,
                   struct err *err)
{
    CLEANUP(bytes_done) struct bytes note = {0};
    struct digest root;
    frontier_root(tree_frontier(ledger->tree), &root);
    TRY(signer_advance(ledger->signer, leaves, count, &root, err));
    TRY(signer_checkpoint(ledger->signer, &note, err));
    bytes_done(&ledger->checkpoint);
    ledger->checkpoint = note;
    ledger->checkpoint_size = tree_size(ledger->tree);
    note = (struct bytes){0};
    return OK;
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
    ledger_load(ledger);
    return OK;
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
