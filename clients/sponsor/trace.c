/* SPDX-License-Identifier: Apache-2.0 */
/*
** trace: from a batch to everybody who had it, and from a subject to every donation it was
** given from: both ways, from the log itself, verified in the same run.
*/
#include "clients/sponsor/sponsor.h"
#include "clients/verify/study_log.h"
#include "protocol/record/state_product.h"

/* "2026-10-22 17:00 UTC": who reads this may sit in any country. */
static const char *moment_of(struct invocation *run, const char *at)
{
    return at != NULL && strlen(at) >= 16
               ? arena_printf(run->arena,
                              in_words(run, ", expires %.10s %.5s UTC",
                                       ", houdbaar tot %.10s %.5s UTC"),
                              at, at + 11)
               : "";
}

static void tell_batch(struct invocation *run, const struct row *batch)
{
    struct json_out *json = &run->result;
    json_begin(json, '{');
    for (size_t i = 0; i < TABLES[TABLE_BATCH].column_count; i++) {
        json_member(json, TABLES[TABLE_BATCH].columns[i].name, batch->values[i]);
    }
    json_member_integer(json, "seq", batch->src_seq);
    json_end(json, '}');
    const char *donor = batch->values[BATCH_DONOR];
    say(run, "  %s  %s, %s%s%s, kept at %s%s\n", "  %s  %s, %s%s%s, bewaard in %s%s\n",
        batch->values[BATCH_BATCH], word_of(run, batch->values[BATCH_KIND]),
        word_of(run, batch->values[BATCH_STATE]),
        donor != NULL ? in_words(run, ", donor ", ", donor ") : "",
        donor != NULL ? donor : "", batch->values[BATCH_SITE],
        moment_of(run, batch->values[BATCH_EXPIRY]));
}

/* An empty answer is an answer: nobody is left to wonder whether it was asked. */
static void say_if_none(struct invocation *run, struct rows rows)
{
    if (rows.count == 0) {
        say(run, "  nothing in the ledger\n", "  niets in het productlogboek\n");
    }
}

static void tell_batches(struct invocation *run, const char *name, struct rows rows)
{
    json_key(result_members(run), name);
    json_begin(&run->result, '[');
    say_if_none(run, rows);
    for (size_t i = 0; i < rows.count; i++) {
        tell_batch(run, rows.items[i]);
    }
    json_end(&run->result, ']');
}

static void tell_exposures(struct invocation *run, struct rows rows)
{
    json_key(result_members(run), "exposures");
    json_begin(&run->result, '[');
    say_if_none(run, rows);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *row = rows.items[i];
        json_begin(&run->result, '{');
        for (size_t c = 0; c < TABLES[TABLE_EXPOSURE].column_count; c++) {
            json_member(&run->result, TABLES[TABLE_EXPOSURE].columns[c].name,
                        row->values[c]);
        }
        json_member_integer(&run->result, "seq", row->src_seq);
        json_end(&run->result, '}');
        say(run, "  %s was given %s (%s): %s, entry %lld\n",
            "  %s kreeg %s (%s): %s, boeking %lld\n", row->values[EXPOSURE_SUBJECT],
            row->values[EXPOSURE_BATCH], word_of(run, row->values[EXPOSURE_STATE]),
            row->values[EXPOSURE_OBJECT], (long long) row->src_seq);
    }
    json_end(&run->result, ']');
}

static void trace_batch(struct invocation *run, const struct state *state,
                        const char *batch)
{
    say(run, "%s and what it was made from:\n", "%s en waarvan het is gemaakt:\n", batch);
    tell_batches(run, "origins", state_batch_origins(state, batch, run->arena));
    say(run, "What was made of it:\n", "Wat ervan is gemaakt:\n");
    tell_batches(run, "products", state_batch_products(state, batch, run->arena));
    say(run, "Who had it:\n", "Wie het kreeg:\n");
    tell_exposures(run, state_batch_exposures(state, batch, run->arena));
}

/* The rows of COLUMN that name SUBJECT. */
static struct rows rows_of(struct invocation *run, const struct state *state,
                           enum table_id table, int column, const char *subject)
{
    struct rows rows = state_rows(state, table, run->arena);
    size_t kept = 0;
    for (size_t i = 0; i < rows.count; i++) {
        if (row_is(rows.items[i], column, subject)) {
            rows.items[kept++] = rows.items[i];
        }
    }
    rows.count = kept;
    return rows;
}

/* What was given to SUBJECT with all its origins, and what was taken from SUBJECT. */
static void trace_subject(struct invocation *run, const struct state *state,
                          const char *subject)
{
    struct rows given = rows_of(run, state, TABLE_EXPOSURE, EXPOSURE_SUBJECT, subject);
    struct rows from = rows_of(run, state, TABLE_BATCH, BATCH_DONOR, subject);
    struct rows origins = {NULL, 0};
    size_t capacity = 0;
    say(run, "What %s was given:\n", "Wat %s kreeg:\n", subject);
    tell_exposures(run, given);
    for (size_t i = 0; i < given.count; i++) {
        struct rows more =
            state_batch_origins(state, given.items[i]->values[EXPOSURE_BATCH], run->arena);
        for (size_t m = 0; m < more.count; m++) {
            bool there = false;
            for (size_t o = 0; o < origins.count; o++) {
                there = there || origins.items[o] == more.items[m];
            }
            if (!there) {
                *ARENA_PUSH(run->arena, origins.items, origins.count, capacity) =
                    more.items[m];
            }
        }
    }
    say(run, "What that was made from:\n", "Waarvan dat is gemaakt:\n");
    tell_batches(run, "origins", origins);
    say(run, "What was donated by %s:\n", "Wat %s doneerde:\n", subject);
    tell_batches(run, "donations", from);
}

status sponsor_trace(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(study_log_done) struct study_log log = {0};
    const char *what = run->arguments[0];
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE | CLIENT_QUIET, &client, err));
    log.client = client;
    status kind = study_log_verify(&log, err);
    study_log_json(&log);
    if (kind != OK) {
        return kind;
    }
    const struct state *state = replay_state(log.result.replay);
    if (state_batch(state, what) != NULL) {
        trace_batch(run, state, what);
    } else if (state_subject(state, what) != NULL) {
        trace_subject(run, state, what);
    } else {
        return FAIL(err, ERR_NOT_FOUND, "no batch and no subject is called %s", what);
    }
    return OK;
}
