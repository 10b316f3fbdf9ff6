/* SPDX-License-Identifier: Apache-2.0 */
/*
** What is remembered is written only after everything held, under the folder's lock, and never
** over a newer checkpoint of another program.
*/
#include "clients/verify/study_log.h"

#include "clients/lib/log_state.h"
#include "clients/verify/replay_file.h"

#define REPLAY_FILE "replay"

void study_log_done(struct study_log *log)
{
    verify_result_done(&log->result);
}

/* ---- what is kept ---- */

static struct replay *load_replay(struct study_log *log, const struct log_state *state)
{
    struct client *client = log->client;
    CLEANUP(bytes_done) struct bytes text = {0};
    CLEANUP(replay_freep) struct replay *replay = NULL;
    struct replay_options options = {.origin = client->passport.origin,
                                     .founder = client->passport.founder};
    struct digest root;
    struct digest want;
    if (!log->incremental || !state->checked || !folder_has(client->folder, REPLAY_FILE) ||
        sealed_read(client->signer, client->folder, REPLAY_FILE, &text, NULL) != OK ||
        replay_file_read(span_bytes(&text), &options, &replay, NULL) != OK) {
        return NULL;
    }
    frontier_root(&state->frontier, &want);
    if (!replay_root(replay, state->frontier.size, &root) || !digest_equal(&root, &want) ||
        replay_frontier(replay)->size != state->frontier.size) {
        return NULL;
    }
    return TAKE(replay);
}

static status keep_state(struct study_log *log, struct err *err)
{
    struct client *client = log->client;
    struct verify_result *result = &log->result;
    struct state_head head = state_head(replay_state(result->replay));
    struct log_state state = {0};
    bool longer = false;
    TRY(log_state_load(client->folder, &client->trust, client->arena, &state, err));
    TRY(log_state_compare(&state, &result->head, false, &longer, err));
    if (longer) {
        state.note = arena_span_text(client->arena, span_bytes(&result->note));
        state.checkpoint = result->head;
    }
    state.checked = true;
    state.frontier = *replay_frontier(result->replay);
    state.leaf = head.leaf;
    state.time = head.time;
    return log_state_store(client->folder, &state, err);
}

static status keep(struct study_log *log, struct err *err)
{
    struct client *client = log->client;
    CLEANUP(bytes_done) struct bytes text = {0};
    if (log->size > 0) {
        return OK; /* a prefix says nothing of the head */
    }
    TRY(folder_lock(client->folder, FOLDER_WRITE, 30, err));
    status kind = keep_state(log, err);
    if (kind == OK && client->signer != NULL) {
        replay_file_write(log->result.replay, &text);
        kind = text.size < FOLDER_FILE_MAX
                   ? sealed_write(client->signer, client->folder, REPLAY_FILE,
                                  span_bytes(&text), err)
                   : folder_remove(client->folder, REPLAY_FILE, err);
    }
    folder_unlock(client->folder, FOLDER_WRITE);
    return kind;
}

/* ---- evidence ---- */

static void add_part(struct bytes *out, const char *title, struct span part)
{
    bytes_printf(out, "\n== %s ==\n", title);
    if (part.size == 0) {
        bytes_add_text(out, "(nothing)\n");
    }
    bytes_add_span(out, part);
}

/* Plain, because it is for others to see; an entry holds no clinical value. */
static void write_evidence(struct study_log *log, const struct log_state *state,
                           struct err *err)
{
    struct client *client = log->client;
    const struct verify_result *result = &log->result;
    CLEANUP(bytes_done) struct bytes text = {0};
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    char now[INSTANT_SIZE];
    instant_format(clock_now(client->run->clock), now);
    bytes_printf(&text, "crf evidence 1\nfound %s\nfirst bad entry ",
                 verify_what_name(result->what));
    if (result->first_bad >= 0) {
        bytes_printf(&text, "%lld\n", (long long) result->first_bad);
    } else {
        bytes_add_text(&text, "unknown\n");
    }
    bytes_printf(&text, "reason %s\nwritten %s\norigin %s\nlog key %s\nfounder %s\n",
                 result->why, now, client->passport.origin, client->passport.vkey,
                 client->passport.founder);
    add_part(&text, "the newest head this computer had verified", span_text(state->note));
    add_part(&text, "the head that was shown", span_bytes(&result->note));
    add_part(&text, "the entry that does not hold, as it was shown",
             span_bytes(&result->entry));
    digest_of(span_bytes(&text), &digest);
    digest_to_hex(&digest, hex);
    const char *name = arena_printf(client->arena, "evidence/%s-%.12s.txt",
                                    verify_what_name(result->what), hex);
    if (folder_write(client->folder, name, span_bytes(&text), NULL) != OK) {
        return;
    }
    log->evidence = arena_printf(client->arena, "%s/%s", folder_name(client->folder), name);
    if (err != NULL) {
        const char *said = arena_printf(client->arena, "%s; evidence is kept in %s",
                                        err->what, log->evidence);
        (void) snprintf(err->what, sizeof(err->what), "%s", said);
    }
}

/* ---- the run ---- */

static void show_progress(void *arg, uint64_t done, uint64_t total)
{
    const struct study_log *log = arg;
    progress(log->client->run, in_words(log->client->run, "verified", "gecontroleerd"),
             done, total);
}

/* verify_log() has one `arg` for all its calls; ours are told apart here. */
static status pass_each(void *arg, const struct replay_step *step,
                        const struct body_line *body, struct span entry,
                        const struct state *state, struct err *err)
{
    const struct study_log *log = arg;
    return log->each(log->arg, step, body, entry, state, err);
}

static void pass_differs(void *arg, int64_t seq, const char *what)
{
    const struct study_log *log = arg;
    if (log->differs != NULL) {
        log->differs(log->arg, seq, what);
    }
}

static status verify_with(struct study_log *log, const struct log_state *state,
                          struct span note, struct replay *resume, struct err *err)
{
    struct client *client = log->client;
    CLEANUP(service_source_done) struct service_source service = {.client = client};
    struct log_source source = log_source_service(&service);
    struct verify_options options = {.source = &source,
                                     .trust = &client->trust,
                                     .origin = client->passport.origin,
                                     .founder = client->passport.founder,
                                     .known =
                                         state->note != NULL ? &state->checkpoint : NULL,
                                     .note = note,
                                     .size = log->size,
                                     .resume = resume,
                                     .reader = client->passport.person,
                                     .now = clock_now(client->run->clock),
                                     .definitions = log->definitions,
                                     .differs = pass_differs,
                                     .each = log->each != NULL ? pass_each : NULL,
                                     .progress = show_progress,
                                     .arg = log};
    log->began_at = resume != NULL ? replay_frontier(resume)->size : 0;
    return verify_log(&options, &log->result, err);
}

status study_log_verify(struct study_log *log, struct err *err)
{
    struct client *client = log->client;
    struct log_state state = {0};
    struct err why = {0};
    if (client->trust.log == NULL) {
        return FAIL(err, ERR_UNAVAILABLE, "this computer does not know the log's key yet");
    }
    TRY(log_state_load(client->folder, &client->trust, client->arena, &state, err));
    log->result.first_bad = -1;
    status kind =
        verify_with(log, &state, span_of(NULL, 0), load_replay(log, &state), &why);
    if (kind == ERR_TAMPERED && log->result.what == VERIFY_GOOD) {
        struct err first = why;
        verify_result_done(&log->result);
        status again = ERR_TAMPERED;
        if (state.note != NULL) {
            again = verify_with(log, &state, span_text(state.note), NULL, &why);
        }
        if (again != ERR_TAMPERED || log->result.what == VERIFY_GOOD) {
            why = first;
            log->result.what = VERIFY_HALTED;
            (void) snprintf(log->result.why, sizeof(log->result.why), "%.255s", first.what);
        }
    }
    if (kind == ERR_TAMPERED) {
        write_evidence(log, &state, &why);
    }
    if (kind == OK) {
        kind = keep(log, &why);
    }
    if (kind != OK && err != NULL) {
        *err = why;
    }
    return kind;
}

status study_log_halted(struct study_log *log, struct err *err)
{
    static const char why[] =
        "halted: every entry that the log's key has signed holds, but the service stopped "
        "this "
        "study because something else that it stores does not; ask the operator for its "
        "evidence file";
    struct log_state state = {0};
    if (!log->client->online || !log->client->facts.halted) {
        return OK;
    }
    TRY(log_state_load(log->client->folder, &log->client->trust, log->client->arena, &state,
                       err));
    log->result.what = VERIFY_HALTED;
    (void) snprintf(log->result.why, sizeof(log->result.why), "%s", why);
    status kind = FAIL(err, ERR_TAMPERED, "%s", why);
    write_evidence(log, &state, err);
    return kind;
}

void study_log_json(const struct study_log *log)
{
    struct json_out *json = &log->client->run->result;
    const struct verify_result *result = &log->result;
    char root[DIGEST_BASE64_SIZE];
    json_member(json, "what", verify_what_name(result->what));
    json_key(json, "first_bad");
    if (result->first_bad >= 0) {
        json_put_integer(json, result->first_bad);
    } else {
        json_put_null(json);
    }
    json_member(json, "why", result->why[0] != '\0' ? result->why : NULL);
    json_member(json, "evidence", log->evidence);
    if (result->head.origin.size == 0) {
        return;
    }
    digest_to_base64(&result->head.root, root);
    json_member_integer(json, "size", (int64_t) result->head.size);
    json_member(json, "root", root);
    json_member_integer(json, "began_at", (int64_t) log->began_at);
    if (result->replay != NULL) {
        json_member_integer(json, "withheld", (int64_t) replay_withheld(result->replay));
        json_member_integer(json, "differences",
                            (int64_t) replay_differences(result->replay));
    }
}
