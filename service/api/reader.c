/* SPDX-License-Identifier: Apache-2.0 */
/*
** Who reads: a bearer assertion is verified once and then known by its digest until it
** expires. What the person may see is asked of the state at each request, so a revoked key
** reads nothing more.
*/
#include "crypto/bearer.h"
#include "service/api/api.h"
#include "service/flow/newcomer.h"
#include "service/flow/quota.h"
#include "service/http/rate.h"
#include "service/loop/loop.h"

#define KNOWN_MAX 1024

/* Assertions that were verified, in a table by digest: a newer one takes an older one's
 * place. */
struct known {
    struct digest token;
    const struct ledger *ledger;
    instant expires;
    char kid[KEY_THUMBPRINT_SIZE + 1];
};

static struct known known[KNOWN_MAX]; /* a cache of the loop thread */

static struct known *slot(const struct digest *token)
{
    return &known[(token->bytes[0] << 8 | token->bytes[1]) % KNOWN_MAX];
}

status api_loaded(struct flow *flow, struct err *err)
{
    if (flow->ledger->phase == LEDGER_LOADING) {
        *err = flow->ledger->why;
        err->kind = ERR_UNAVAILABLE;
        return err->kind;
    }
    return OK;
}

status api_writable(struct flow *flow, struct err *err)
{
    if (flow->ledger->phase == LEDGER_HALTED) {
        *err = flow->ledger->why;
        err->kind = ERR_TAMPERED;
        return err->kind;
    }
    return api_loaded(flow, err);
}

static status bearer_text(const struct flow *flow, struct span *ret_token, struct err *err)
{
    struct span value = http_field_value(flow->request, "authorization");
    if (!span_starts(value, "Bearer ")) {
        return FAIL(err, ERR_UNAUTHENTIC,
                    "this needs `Authorization: Bearer` with an assertion"
                    " signed by your key");
    }
    *ret_token = span_of(value.data + 7, value.size - 7);
    return OK;
}

/* The person behind an enrolled key that may read. */
static status person_of(struct flow *flow, const char *kid, struct err *err)
{
    const struct row *key = state_key_by_kid(flow->ledger->state, kid);
    if (key == NULL) {
        return FAIL(err, ERR_UNAUTHENTIC, "this key is not enrolled in this study");
    }
    if (!row_is(key, PERSON_KEY_STATE, "confirmed")) {
        return FAIL(err, ERR_REJECTED, "this key is %s: it cannot read",
                    key->values[PERSON_KEY_STATE]);
    }
    flow->reader.kid = arena_text(flow->arena, kid);
    flow->reader.person = arena_text(flow->arena, key->values[PERSON_KEY_PERSON]);
    return OK;
}

static status verify_new(struct flow *flow, struct span token, struct bearer *ret_bearer,
                         struct err *err)
{
    instant now = clock_now(flow->service->clock);
    TRY(bearer_parse(token, flow->arena, ret_bearer, err));
    const struct key *key = ledger_key(flow->ledger, ret_bearer->kid);
    if (key == NULL) {
        TRY(ledger_is_open(flow->ledger, err));
        return FAIL(err, ERR_UNAUTHENTIC, "this key is not enrolled in this study");
    }
    return bearer_verify(ret_bearer, key, flow->ledger->origin, now, err);
}

/* ---- a key that another process may know ---- */

static void looked(void *arg)
{
    struct flow *flow = arg;
    struct err err;
    flow_resume(flow, flow->again(flow, &err), &err);
}

status api_newcomer(struct flow *flow, status (*again)(struct flow *flow, struct err *err),
                    struct err *err)
{
    flow->again = again;
    return newcomer_look(flow->ledger, looked, flow) ? flow_park(flow) : again(flow, err);
}

/* ---- who reads ---- */

static status read_as(struct flow *flow, struct err *err)
{
    struct span token;
    struct digest digest;
    TRY(bearer_text(flow, &token, err));
    digest_of(token, &digest);
    struct known *entry = slot(&digest);
    instant now = clock_now(flow->service->clock);
    flow->service->metrics.reads++;
    if (entry->ledger == flow->ledger && digest_equal(&entry->token, &digest) &&
        now < entry->expires) {
        return person_of(flow, entry->kid, err);
    }
    struct bearer bearer;
    TRY(verify_new(flow, token, &bearer, err));
    TRY(person_of(flow, bearer.kid, err));
    if (strcmp(bearer.iss, flow->reader.person) != 0) {
        return FAIL(err, ERR_UNAUTHENTIC,
                    "the assertion names another person than its key");
    }
    entry->ledger = flow->ledger;
    entry->token = digest;
    entry->expires = bearer.exp * SECOND;
    memcpy(entry->kid, bearer.kid, KEY_THUMBPRINT_SIZE);
    entry->kid[KEY_THUMBPRINT_SIZE] = '\0';
    return OK;
}

/* Does the assertion name a key that is unknown here, and may its sender make us look? */
static bool is_newcomer(struct flow *flow)
{
    struct span token;
    struct bearer bearer;
    return bearer_text(flow, &token, NULL) == OK &&
           bearer_parse(token, flow->arena, &bearer, NULL) == OK &&
           ledger_key(flow->ledger, bearer.kid) == NULL &&
           http_rate_take(flow->service->first_contacts, http_exchange_peer(flow->exchange),
                          loop_now(flow->service->loop));
}

status api_reader(struct flow *flow, struct err *err)
{
    TRY(api_loaded(flow, err));
    struct err why;
    status result = read_as(flow, &why);
    if (result == ERR_UNAUTHENTIC && is_newcomer(flow)) {
        return api_newcomer(flow, read_as, err);
    }
    *err = why;
    return result;
}

/* Blobs are for ever and large: they are for those whose records can name one. */
static bool may_store(const struct flow *flow)
{
    static const char *const roles[] = {"sponsor", "data-manager"};
    bool may = false;
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        may = may || state_has_role(flow->ledger->state, flow->reader.person, roles[i],
                                    NULL, clock_now(flow->service->clock));
    }
    return may;
}

static status who_stores(struct flow *flow, struct err *err)
{
    struct span token;
    struct bearer bearer;
    CLEANUP(key_freep) struct key *key = NULL;
    TRY(api_loaded(flow, err));
    if (state_head(flow->ledger->state).size > 0) {
        TRY(read_as(flow, err));
        return may_store(flow)
                   ? OK
                   : FAIL(err, ERR_REJECTED, "only sponsor and data manager store blobs");
    }
    TRY(bearer_text(flow, &token, err));
    TRY(bearer_parse(token, flow->arena, &bearer, err));
    if (bearer.jwk == NULL || strcmp(bearer.kid, flow->ledger->founder) != 0) {
        return FAIL(
            err, ERR_UNAUTHENTIC,
            "the study is not open yet: only its configured founder may do this, with"
            " `jwk` in the claims");
    }
    TRY(key_from_jwk(bearer.jwk, &key, err));
    TRY(bearer_verify(&bearer, key, flow->ledger->origin, clock_now(flow->service->clock),
                      err));
    flow->reader.kid = bearer.kid;
    flow->reader.founder = true;
    return OK;
}

status api_reader_or_founder(struct flow *flow, struct err *err)
{
    TRY(who_stores(flow, err));
    uint64_t size = flow->request->content_length;
    bool too_large = size > flow->service->blob_limit; /* told so without being counted */
    return too_large || quota_take_blob(flow->ledger, flow->reader.kid, (size_t) size)
               ? OK
               : FAIL(err, ERR_BUSY, "this key has stored much within the hour; try later");
}
