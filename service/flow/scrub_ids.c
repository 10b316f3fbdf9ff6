/* SPDX-License-Identifier: Apache-2.0 */
/*
** record_id says which ids are spent: a row too few lets a record in twice, one too many
** refuses what was never sent. Each body says which row its entry has.
*/
#include "base/encode.h"
#include "base/log.h"
#include "service/flow/ledger.h"
#include "service/flow/line.h"
#include "service/flow/scrub.h"

static bool read_reject(struct span body, struct arena *arena, struct scrub_id *id)
{
    const struct json *json = NULL;
    if (json_parse(body, &JSON_RECORD, arena, &json, NULL) != OK) {
        return false;
    }
    const char *jti = json_get_string(json, "jti");
    const char *sha256 = json_get_string(json, "record_sha256");
    return jti != NULL && sha256 != NULL && uuid_parse(span_text(jti), &id->jti) &&
           digest_from_hex(span_text(sha256), &id->record);
}

static bool read_record(struct span body, struct arena *arena, struct scrub_id *id)
{
    struct span record;
    struct span outcome;
    struct jws jws;
    if (!body_split(body, &record, &outcome) ||
        jws_parse(record, arena, &jws, NULL) != OK) {
        return false;
    }
    id->jti = jws.jti;
    digest_of(record, &id->record);
    return true;
}

status scrub_ids_collect(struct scrub *scrub, const struct store_line *line,
                         const struct entry *entry, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct scrub_ids *ids = &scrub->ids;
    struct scrub_id *id = &ids->items[ids->count];
    bool is_reject = span_is(entry->type, "reject");
    if (!is_reject && !line_has_record(entry)) {
        return OK; /* nobody sent it */
    }
    if (!(is_reject ? read_reject(line->body, arena, id)
                    : read_record(line->body, arena, id))) {
        return FAIL(err, ERR_TAMPERED, "the body of entry %llu does not say its id",
                    (unsigned long long) line->seq);
    }
    const struct row *key =
        state_key_by_kid(scrub->ledger->state, arena_span_text(arena, entry->key));
    id->key_no = key != NULL ? (int) row_integer(key, PERSON_KEY_KEY_NO) : -1;
    id->seq = line->seq;
    ids->count++;
    ids->total++;
    return OK;
}

void scrub_ids_add(const struct scrub *scrub, struct pg_batch *batch)
{
    int key_no[TILE_WIDTH];
    struct uuid jti[TILE_WIDTH];
    for (size_t i = 0; i < scrub->ids.count; i++) {
        key_no[i] = scrub->ids.items[i].key_no;
        jti[i] = scrub->ids.items[i].jti;
    }
    store_add_ids(batch, scrub->ledger->log_id, key_no, jti, scrub->ids.count);
}

status scrub_ids_take(struct scrub *scrub, const struct pg_rows *rows, struct err *err)
{
    struct scrub_ids *ids = &scrub->ids;
    bool has[TILE_WIDTH] = {false};
    for (size_t row = 0; row < pg_rows_count(rows); row++) {
        struct store_id stored;
        TRY(store_take_id(rows, row, &stored, err));
        if (stored.index < ids->count) {
            const struct scrub_id *id = &ids->items[stored.index];
            has[stored.index] =
                stored.seq == id->seq && digest_equal(&stored.record, &id->record);
        }
    }
    for (size_t i = 0; i < ids->count; i++) {
        if (!has[i]) {
            return FAIL(err, ERR_TAMPERED,
                        "the table record_id is not what the log gives, at entry %llu",
                        (unsigned long long) ids->items[i].seq);
        }
    }
    ids->count = 0;
    return OK;
}

void scrub_ids_end(struct scrub *scrub)
{
    scrub->ids.ended = scrub->size;
    scrub->ids.ended_total = scrub->ids.total;
    scrub->ids.total = 0;
}

void scrub_totals_add(const struct scrub *scrub, struct pg_batch *batch)
{
    store_add_head(batch, scrub->ledger->log_id);
    store_add_totals(batch, scrub->ledger->log_id, scrub->ids.ended,
                     signer_roots(scrub->ledger->signer).size);
}

/* Which sizes were published is known by nothing but the rows: as many as there were, up to the
 * size at which they were counted, there must be for ever. */
static status check_roots(const struct scrub *scrub, uint64_t size,
                          const struct store_totals *totals, struct err *err)
{
    struct signer *signer = scrub->ledger->signer;
    struct signer_roots had = signer_roots(signer);
    if (had.size > 0 && totals->older_roots != had.count) {
        return FAIL(err, ERR_TAMPERED,
                    "the table root has %llu rows up to size %llu, it had %llu",
                    (unsigned long long) totals->older_roots, (unsigned long long) had.size,
                    (unsigned long long) had.count);
    }
    struct err why;
    if (signer_note_roots(signer, (struct signer_roots){size, totals->roots}, &why) != OK) {
        log_err(LOG_WARNING, "roots counted, not noted", &why); /* again next round */
    }
    return OK;
}

status scrub_totals_take(const struct scrub *scrub, const struct pg_rows *const *rows,
                         struct err *err)
{
    struct store_head head;
    TRY(store_take_head(rows[0], &head, err));
    struct store_totals totals = store_take_totals(rows[1]);
    if (totals.twice >= 0) {
        return FAIL(err, ERR_TAMPERED,
                    "the table record_id is not what the log gives, at entry %lld",
                    (long long) totals.twice);
    }
    if (scrub->ids.ended > 0 && totals.ids != scrub->ids.ended_total) {
        return FAIL(
            err, ERR_TAMPERED,
            "the table record_id has %llu rows of the first %llu entries, which have"
            " %llu ids",
            (unsigned long long) totals.ids, (unsigned long long) scrub->ids.ended,
            (unsigned long long) scrub->ids.ended_total);
    }
    if (totals.last_id >= (int64_t) head.size) {
        return FAIL(err, ERR_TAMPERED,
                    "the table record_id is not what the log gives, at entry %lld",
                    (long long) totals.last_id);
    }
    if (totals.last_root != head.size) {
        return FAIL(err, ERR_TAMPERED,
                    "the table root is not what the log gives, at size %llu",
                    (unsigned long long) (totals.last_root > head.size ? totals.last_root
                                                                       : head.size));
    }
    return check_roots(scrub, head.size, &totals, err);
}
