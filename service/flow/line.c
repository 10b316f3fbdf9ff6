/* SPDX-License-Identifier: Apache-2.0 */
/*
** Hashes alone do not stop somebody who writes into the database while crfd looks on: he can
** append an entry that fits. What he cannot make is a person's signature.
*/
#include "service/flow/line.h"

#include "service/flow/ledger.h"

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

static status check_body(const struct store_line *line, const struct entry *entry,
                         struct err *err)
{
    struct digest digest;
    if (entry->media.size == 0) {
        return OK;
    }
    if (!line->has_body || line->salt.size != SALT_SIZE) {
        return FAIL(err, ERR_TAMPERED, "the body of entry %llu is missing",
                    (unsigned long long) line->seq);
    }
    entry_body_digest(line->salt.data, line->body, &digest);
    if (!digest_equal(&digest, &entry->body)) {
        return FAIL(err, ERR_TAMPERED,
                    "the body of entry %llu is not what the entry commits to",
                    (unsigned long long) line->seq);
    }
    return OK;
}

status line_check(const struct store_line *line, const char *origin, uint64_t seq,
                  const struct digest *prev, struct entry *ret_entry, struct err *err)
{
    struct digest leaf;
    struct err why;
    if (line->seq != seq) {
        return FAIL(err, ERR_TAMPERED, "entry %llu is missing", (unsigned long long) seq);
    }
    if (entry_parse(line->entry, ret_entry, &why) != OK) {
        return FAIL(err, ERR_TAMPERED, "entry %llu: %s", (unsigned long long) seq,
                    why.what);
    }
    merkle_leaf(line->entry, &leaf);
    if (!digest_equal(&leaf, &line->leaf) || (uint64_t) ret_entry->seq != seq ||
        !span_is(ret_entry->log, origin)) {
        return FAIL(err, ERR_TAMPERED, "entry %llu is not what its leaf hash says",
                    (unsigned long long) seq);
    }
    if (prev != NULL && !digest_equal(prev, &ret_entry->prev)) {
        return FAIL(err, ERR_TAMPERED,
                    "entry %llu does not follow entry %lld: one of the two was changed",
                    (unsigned long long) seq, (long long) seq - 1);
    }
    return check_body(line, ret_entry, err);
}

bool line_has_record(const struct entry *entry)
{
    return span_is(entry->media, "application/x-ndjson");
}

status line_unfold(const struct store_line *line, struct arena *arena,
                   struct unfolded *ret_unfolded, struct err *err)
{
    struct span body = arena_span(arena, line->body); /* parsed things borrow from it */
    struct span record_line;
    struct span outcome_line;
    struct findings shape = {.arena = arena};
    if (!body_split(body, &record_line, &outcome_line) ||
        jws_parse(record_line, arena, &ret_unfolded->jws, NULL) != OK ||
        record_parse(ret_unfolded->jws.payload, arena, &ret_unfolded->record, &shape,
                     NULL) != OK ||
        outcome_parse(outcome_line, arena, &ret_unfolded->outcome, NULL) != OK) {
        return FAIL(err, ERR_TAMPERED,
                    "the body of entry %llu is not a record and an outcome",
                    (unsigned long long) line->seq);
    }
    record_set_header(&ret_unfolded->record, &ret_unfolded->jws, &shape);
    return OK;
}

static bool signed_by_its_own_key(const struct unfolded *unfolded)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct key *key = NULL;
    const struct json *jwk = NULL;
    const struct record *record = &unfolded->record;
    const char *text = record->type == RECORD_STUDY_OPEN     ? record->data.study_open.jwk
                       : record->type == RECORD_PERSON_ENROL ? record->data.person_enrol.jwk
                                                             : NULL;
    if (text == NULL ||
        json_parse(span_text(text), &JSON_RECORD, arena, &jwk, NULL) != OK ||
        key_from_jwk(jwk, &key, NULL) != OK) {
        return false;
    }
    bool good = strcmp(key_thumbprint(key), unfolded->jws.kid) == 0 &&
                jws_verify(&unfolded->jws, key, NULL) == OK;
    key_free(key);
    return good;
}

status line_is_signed(struct ledger *ledger, const struct entry *entry,
                      const struct unfolded *unfolded, struct err *err)
{
    const struct record *record = &unfolded->record;
    const struct key *key = ledger_key(ledger, unfolded->jws.kid);
    bool good = key != NULL ? jws_verify(&unfolded->jws, key, NULL) == OK
                            : signed_by_its_own_key(unfolded);
    if (!good) {
        return FAIL(err, ERR_TAMPERED,
                    "entry %lld was not signed by a key that this study knows",
                    (long long) entry->seq);
    }
    if (!span_is(entry->key, record->kid) || !span_is(entry->type, record->type_name) ||
        record->object == NULL || !span_is(entry->object, record->object) ||
        record->log == NULL || strcmp(record->log, ledger->origin) != 0) {
        return FAIL(err, ERR_TAMPERED, "entry %lld and its record say different things",
                    (long long) entry->seq);
    }
    return OK;
}

/* Was the key good at this place of the log? One that nobody confirmed signs nothing but its
 * own enrolment; the safety door lets a suspended one report, into the inbox. */
static bool key_may_sign(const struct ledger *ledger, const struct entry *entry,
                         const struct unfolded *unfolded)
{
    const struct record *record = &unfolded->record;
    const struct row *key = state_key_by_kid(ledger->state, record->kid);
    if (record->type == RECORD_STUDY_OPEN) {
        return entry->seq == 0 && strcmp(record->kid, ledger->founder) == 0;
    }
    if (record->type == RECORD_PERSON_ENROL) {
        return key == NULL;
    }
    return row_is(key, PERSON_KEY_STATE, "confirmed") ||
           (row_is(key, PERSON_KEY_STATE, "suspended") &&
            outcome_effect(&unfolded->outcome, EFFECT_FLAG, "KEY-04") != NULL);
}

status line_is_next(struct ledger *ledger, const struct entry *entry,
                    const struct unfolded *unfolded, struct err *err)
{
    const struct record *record = &unfolded->record;
    TRY(line_is_signed(ledger, entry, unfolded, err));
    if (!key_may_sign(ledger, entry, unfolded)) {
        return FAIL(err, ERR_TAMPERED,
                    "entry %lld was signed by a key that was not valid at its place",
                    (long long) entry->seq);
    }
    const struct row *form =
        record->is_form ? state_form(ledger->state, record->object) : NULL;
    if (entry->prior != (form != NULL ? row_integer(form, FORM_SEQ) : ENTRY_NONE)) {
        return FAIL(err, ERR_TAMPERED, "entry %lld does not replace the current revision",
                    (long long) entry->seq);
    }
    return OK;
}
