/* SPDX-License-Identifier: Apache-2.0 */
/*
** An entry passes three tables of checks: those of any entry, those of its body, and those of
** a signed record. A check is a function that returns NULL or the reason; the reason names
** what was wrong and never a value. Nothing is applied until all have passed.
*/
#include "protocol/record/replay.h"

#include "base/text.h"
#include "protocol/record/fold.h"

struct known_key {
    char *kid;
    struct key *key;
};

struct book {
    const char *subject;
    struct casebook casebook;
};

struct replay {
    const struct definitions *definitions;
    void (*differs)(void *arg, int64_t seq, const char *what);
    void *arg;
    struct state *state;
    struct frontier frontier;
    struct digest *roots; /* of sizes 0 to frontier.size */
    size_t root_capacity;
    struct known_key *keys;
    size_t key_count;
    struct arena *scratch; /* one entry's */
    struct arena *keep;    /* the casebooks of a recheck */
    struct book *books;    /* sorted by subject */
    size_t book_count, book_capacity;
    uint64_t withheld, differences;
    struct replay_fault fault;
    /* of the entry being fed */
    struct entry entry;
    struct digest leaf;
    const struct replay_body *body;
    struct span record_line, outcome_line;
    struct jws jws;
    struct record record;
    struct findings shape;
    struct outcome outcome;
    const struct row *key_row;
    struct replay_step step;
};

static void remember_root(struct replay *replay)
{
    size_t size = (size_t) replay->frontier.size;
    if (size >= replay->root_capacity) {
        replay->root_capacity =
            replay->root_capacity == 0 ? 256 : replay->root_capacity * 2;
        replay->roots =
            mem_grow(replay->roots, replay->root_capacity, sizeof(*replay->roots));
    }
    frontier_root(&replay->frontier, &replay->roots[size]);
}

struct replay *replay_new(const struct replay_options *options)
{
    struct replay *replay = mem_alloc(sizeof(*replay));
    replay->definitions = options->definitions;
    replay->differs = options->differs;
    replay->arg = options->arg;
    replay->state = state_new(options->origin, options->founder);
    replay->scratch = arena_new();
    replay->keep = arena_new();
    replay->fault.seq = -1;
    remember_root(replay);
    return replay;
}

struct replay *replay_resume(const struct replay_options *options, struct state *state,
                             const struct frontier *frontier, const struct digest *roots,
                             uint64_t withheld)
{
    struct replay_options only = {.origin = options->origin, .founder = options->founder};
    struct replay *replay = replay_new(&only);
    BUG_IF(state_head(state).size != frontier->size);
    state_free(replay->state);
    replay->state = state;
    replay->frontier = *frontier;
    replay->root_capacity = (size_t) frontier->size + 1;
    replay->roots = mem_grow(replay->roots, replay->root_capacity, sizeof(*replay->roots));
    memcpy(replay->roots, roots, replay->root_capacity * sizeof(*replay->roots));
    replay->withheld = withheld;
    return replay;
}

void replay_free(struct replay *replay)
{
    if (replay == NULL) {
        return;
    }
    for (size_t i = 0; i < replay->key_count; i++) {
        free(replay->keys[i].kid);
        key_free(replay->keys[i].key);
    }
    free(replay->keys);
    free(replay->roots);
    state_free(replay->state);
    arena_free(replay->scratch);
    arena_free(replay->keep);
    free(replay);
}

void replay_freep(struct replay **replay)
{
    replay_free(*replay);
    *replay = NULL;
}

/* ---- an entry ---- */

static const char *check_chain(struct replay *replay)
{
    const struct entry *entry = &replay->entry;
    struct state_head head = state_head(replay->state);
    if (!span_is(entry->log, state_origin(replay->state))) {
        return "it belongs to another log";
    }
    if (entry->seq != (int64_t) head.size) {
        return "its number does not follow";
    }
    if (!digest_equal(&entry->prev, &head.leaf)) {
        return "its prev is not the hash of the entry before";
    }
    return entry->time < head.time ? "its time is before that of the entry before" : NULL;
}

static enum record_type type_of(const struct replay *replay)
{
    const char *name = arena_span_text(replay->scratch, replay->entry.type);
    return record_type_parse(name);
}

static const char *check_type(struct replay *replay)
{
    enum record_type type = type_of(replay);
    if (type == RECORD_TYPE_COUNT || RECORD_TYPES[type].kind == KIND_LATER) {
        return "its type is not one of this version";
    }
    bool system = RECORD_TYPES[type].kind == KIND_SYSTEM;
    if (replay->entry.keydir != ENTRY_NONE) {
        return "it names a directory log, which this version does not have";
    }
    if (!span_is(replay->entry.media,
                 system ? "application/json" : "application/x-ndjson")) {
        return "its body is not of the media type of its type";
    }
    return NULL;
}

static const char *check_body(struct replay *replay)
{
    struct digest digest;
    if (replay->body->salt.size != SALT_SIZE) {
        return "its salt is not 32 bytes long";
    }
    if (replay->body->body.size != (uint64_t) replay->entry.body_size) {
        return "its body is not as long as it says";
    }
    entry_body_digest(replay->body->salt.data, replay->body->body, &digest);
    return digest_equal(&digest, &replay->entry.body)
               ? NULL
               : "its body is not the one it commits to";
}

/* ---- a refusal, and other system entries ---- */

static const char *check_reject(struct replay *replay)
{
    static const char *const names[] = {
        "v", "type", "object", "jti", "record_sha256", "status", "findings", NULL};
    const struct json *root;
    if (json_parse(replay->body->body, &JSON_RECORD, replay->scratch, &root, NULL) != OK ||
        !json_has_exactly(root, names)) {
        return "its body is not that of a refusal";
    }
    char *kid = arena_span_text(replay->scratch, replay->entry.key);
    const struct row *key = state_key_by_kid(replay->state, kid);
    if (!span_is(replay->entry.object, "reject") || replay->entry.prior != ENTRY_NONE) {
        return "a refusal names object reject and no prior";
    }
    if (key == NULL && replay->withheld > 0) {
        return NULL;
    }
    return key != NULL && span_is(replay->entry.actor, key->values[PERSON_KEY_PERSON])
               ? NULL
               : "it names a key or person that was not known";
}

static const char *check_system(struct replay *replay)
{
    if (type_of(replay) == RECORD_REJECT) {
        return check_reject(replay);
    }
    return span_is(replay->entry.actor, "system") ? NULL : "its actor is not the system";
}

/* ---- a signed record ---- */

static const char *split_body(struct replay *replay)
{
    struct span rest = replay->body->body;
    bool two = span_cut(&rest, '\n', &replay->record_line) &&
               span_cut(&rest, '\n', &replay->outcome_line) && rest.size == 0;
    return two ? NULL : "its body is not a record and an outcome";
}

static const char *read_record(struct replay *replay)
{
    if (jws_parse(replay->record_line, replay->scratch, &replay->jws, NULL) != OK) {
        return "its record is no signed record";
    }
    replay->shape = (struct findings){.arena = replay->scratch};
    if (record_parse(replay->jws.payload, replay->scratch, &replay->record, &replay->shape,
                     NULL) != OK) {
        return "its record's payload is not JSON";
    }
    record_set_header(&replay->record, &replay->jws, &replay->shape);
    if (findings_refuse(&replay->shape)) {
        return "its record has not the shape of its type";
    }
    if (outcome_parse(replay->outcome_line, replay->scratch, &replay->outcome, NULL) !=
        OK) {
        return "its outcome cannot be read";
    }
    return NULL;
}

static bool flagged(const struct replay *replay, const char *rule)
{
    return outcome_effect(&replay->outcome, EFFECT_FLAG, rule) != NULL;
}

/* A first contact brings its key; anybody else's stands in the state. */
static const char *jwk_of(const struct replay *replay)
{
    const struct record *record = &replay->record;
    return record->type == RECORD_STUDY_OPEN     ? record->data.study_open.jwk
           : record->type == RECORD_PERSON_ENROL ? record->data.person_enrol.jwk
           : replay->key_row != NULL             ? replay->key_row->values[PERSON_KEY_JWK]
                                                 : NULL;
}

static const struct key *key_of(struct replay *replay, const char *kid, const char *jwk)
{
    for (size_t i = 0; i < replay->key_count; i++) {
        if (strcmp(replay->keys[i].kid, kid) == 0) {
            return replay->keys[i].key;
        }
    }
    const struct json *json;
    struct key *key = NULL;
    if (jwk == NULL ||
        json_parse(span_text(jwk), &JSON_RECORD, replay->scratch, &json, NULL) != OK ||
        key_from_jwk(json, &key, NULL) != OK) {
        return NULL;
    }
    if (strcmp(key_thumbprint(key), kid) != 0) {
        key_free(key);
        return NULL;
    }
    replay->keys = mem_grow(replay->keys, replay->key_count + 1, sizeof(*replay->keys));
    replay->keys[replay->key_count++] = (struct known_key){mem_text(kid), key};
    return key;
}

static const char *check_signature(struct replay *replay)
{
    replay->key_row = state_key_by_kid(replay->state, replay->jws.kid);
    const char *jwk = jwk_of(replay);
    if (jwk == NULL) {
        return replay->withheld > 0 ? NULL : "its key was never enrolled";
    }
    const struct key *key = key_of(replay, replay->jws.kid, jwk);
    if (key == NULL) {
        return "its key is not the one it names";
    }
    return jws_verify(&replay->jws, key, NULL) == OK ? NULL : "its signature does not hold";
}

static const char *check_key_state(struct replay *replay)
{
    const struct row *key = replay->key_row;
    const struct record *record = &replay->record;
    if (record->type == RECORD_STUDY_OPEN) {
        bool founder = replay->entry.seq == 0 &&
                       strcmp(record->kid, state_founder(replay->state)) == 0;
        return founder ? NULL : "the study is not opened by its founder, or not first";
    }
    if (record->type == RECORD_PERSON_ENROL) {
        return key == NULL ? NULL : "it enrols a key that was there already";
    }
    if (key == NULL || row_is(key, PERSON_KEY_STATE, "confirmed")) {
        return NULL; /* NULL only where bodies were withheld */
    }
    bool maybe = replay->withheld > 0 && !row_is(key, PERSON_KEY_STATE, "revoked");
    bool inbox = row_is(key, PERSON_KEY_STATE, "suspended") && flagged(replay, "KEY-04");
    return maybe || inbox ? NULL : "its key was not valid at that position";
}

static const char *actor_of(const struct replay *replay)
{
    const struct record *record = &replay->record;
    return record->type == RECORD_STUDY_OPEN     ? FOUNDER_PERSON
           : record->type == RECORD_PERSON_ENROL ? record->data.person_enrol.person
           : replay->key_row != NULL ? replay->key_row->values[PERSON_KEY_PERSON]
                                     : NULL;
}

/* Entry and payload say the same. */
static const char *check_agreement(struct replay *replay)
{
    const struct entry *entry = &replay->entry;
    const struct record *record = &replay->record;
    const char *actor = actor_of(replay);
    if (!span_is(entry->type, record->type_name)) {
        return "entry and record differ in type";
    }
    if (record->object == NULL || !span_is(entry->object, record->object)) {
        return "entry and record differ in object";
    }
    if (!span_is(entry->key, record->kid)) {
        return "entry and record differ in key";
    }
    if (actor != NULL && !span_is(entry->actor, actor)) {
        return "the entry's actor is not the person of the key";
    }
    return strcmp(record->log, state_origin(replay->state)) == 0
               ? NULL
               : "the record was made for another log";
}

static const char *check_prior(struct replay *replay)
{
    const struct record *record = &replay->record;
    const struct row *row =
        record->is_form ? state_form(replay->state, record->object) : NULL;
    if (replay->withheld > 0) { /* a revision may be among what we do not know */
        return row == NULL || replay->entry.prior >= row_integer(row, FORM_SEQ)
                   ? NULL
                   : "its prior is not the current revision";
    }
    if (replay->entry.prior != (row != NULL ? row_integer(row, FORM_SEQ) : ENTRY_NONE)) {
        return "its prior is not the current revision";
    }
    bool current = row == NULL
                       ? record->prior == NULL
                       : record->prior != NULL && row_is(row, FORM_LEAF, record->prior);
    return current || flagged(replay, "CONFLICT")
               ? NULL
               : "the record's prior is not the current revision";
}

static bool saw_this_log(const struct replay *replay)
{
    const struct record_seen *seen = &replay->record.seen;
    return !seen->given || (seen->size <= replay->frontier.size &&
                            digest_equal(&seen->root, &replay->roots[seen->size]));
}

static const char *check_seen(struct replay *replay)
{
    replay->fault.before = !saw_this_log(replay) && !flagged(replay, "SEEN-01");
    return replay->fault.before ? "its signer has seen another history" : NULL;
}

/* ---- deciding again ---- */

static size_t book_place(const struct replay *replay, const char *subject)
{
    size_t low = 0, high = replay->book_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(replay->books[middle].subject, subject) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static const struct casebook *book_of(const struct replay *replay, const char *subject)
{
    size_t at = subject != NULL ? book_place(replay, subject) : replay->book_count;
    return at < replay->book_count && strcmp(replay->books[at].subject, subject) == 0
               ? &replay->books[at].casebook
               : NULL;
}

static void differ(struct replay *replay, const char *what)
{
    replay->differences++;
    if (replay->differs != NULL) {
        replay->differs(replay->arg, replay->entry.seq, what);
    }
}

static void recheck(struct replay *replay)
{
    struct decision decision;
    struct decide_context context = {.seq = replay->entry.seq,
                                     .time = replay->entry.time,
                                     .seen =
                                         saw_this_log(replay) ? SEEN_KNOWN : SEEN_UNKNOWN,
                                     .language = "en"};
    CLEANUP(bytes_done) struct bytes line = {0};
    decide(replay->state, book_of(replay, replay->record.subject), replay->definitions,
           &context, &replay->record, &replay->shape, replay->scratch, &decision);
    if (!decision.accepted) {
        const char *rule =
            decision.findings.count > 0 ? decision.findings.items[0].rule : "";
        differ(replay, arena_printf(replay->scratch, "it would be refused: %d %s, rule %s",
                                    decision.http_status, decision.code, rule));
        return;
    }
    outcome_write(&decision.outcome, &line);
    if (!span_equal(span_bytes(&line), replay->outcome_line)) {
        differ(replay, "its outcome would be another");
    }
}

/* The forms must outlive this entry, so the record is read once more into the arena that
 * stays. */
static void keep_casebook(struct replay *replay, const struct entry_facts *facts)
{
    struct findings shape = {.arena = replay->keep};
    struct jws jws;
    struct record record;
    struct outcome outcome;
    const char *subject = replay->record.subject;
    if (subject == NULL ||
        (!replay->record.is_form && replay->record.type != RECORD_FORM_SIGN)) {
        return;
    }
    struct span line = arena_span(replay->keep, replay->record_line);
    struct span outcome_line = arena_span(replay->keep, replay->outcome_line);
    BUG_IF(jws_parse(line, replay->keep, &jws, NULL) != OK ||
           record_parse(jws.payload, replay->keep, &record, &shape, NULL) != OK ||
           outcome_parse(outcome_line, replay->keep, &outcome, NULL) != OK);
    struct casebook after = fold_casebook(replay->state, book_of(replay, subject), facts,
                                          &record, &outcome, replay->keep);
    size_t at = book_place(replay, subject);
    if (book_of(replay, subject) == NULL) {
        (void) ARENA_PUSH(replay->keep, replay->books, replay->book_count,
                          replay->book_capacity);
        memmove(&replay->books[at + 1], &replay->books[at],
                (replay->book_count - 1 - at) * sizeof(struct book));
        replay->books[at].subject = arena_text(replay->keep, subject);
    }
    replay->books[at].casebook = after;
}

/* ---- the runner ---- */

struct check {
    const char *(*ask)(struct replay *replay); /* NULL ends the table */
};

static const struct check ENTRY_CHECKS[] = {{check_chain}, {check_type}, {NULL}};
static const struct check SYSTEM_CHECKS[] = {{check_body}, {check_system}, {NULL}};
static const struct check RECORD_CHECKS[] = {
    {check_body},      {split_body},      {read_record},
    {check_signature}, {check_key_state}, {check_agreement},
    {check_prior},     {check_seen},      {NULL}};

static const char *run(struct replay *replay, const struct check *checks)
{
    const char *why = NULL;
    for (size_t i = 0; checks[i].ask != NULL && why == NULL; i++) {
        why = checks[i].ask(replay);
    }
    return why;
}

static void count_entry(struct replay *replay)
{
    frontier_append(&replay->frontier, &replay->leaf);
    remember_root(replay);
    state_commit(replay->state, state_begin(replay->state));
}

static const char *take_record(struct replay *replay)
{
    const char *why = run(replay, RECORD_CHECKS);
    if (why != NULL) {
        return why;
    }
    if (replay->definitions != NULL) {
        recheck(replay);
    }
    struct entry_facts facts = {.seq = replay->entry.seq,
                                .time = replay->entry.time,
                                .actor =
                                    arena_span_text(replay->scratch, replay->entry.actor),
                                .leaf = replay->leaf};
    fold_apply(replay->state, &facts, &replay->record, &replay->outcome, replay->scratch);
    if (replay->definitions != NULL) {
        keep_casebook(replay, &facts);
    }
    replay->step.record = &replay->record;
    replay->step.outcome = &replay->outcome;
    replay->step.jws = &replay->jws;
    return NULL;
}

static const char *take(struct replay *replay)
{
    const char *why = run(replay, ENTRY_CHECKS);
    if (why != NULL) {
        return why;
    }
    bool system = RECORD_TYPES[type_of(replay)].kind == KIND_SYSTEM;
    if (!replay->body->withheld && !system) {
        return take_record(replay);
    }
    if (!replay->body->withheld) {
        why = run(replay, SYSTEM_CHECKS);
    }
    if (why == NULL) {
        replay->withheld += replay->body->withheld ? 1 : 0;
        state_advance(replay->state, &replay->leaf, replay->entry.time);
    }
    return why;
}

status replay_feed(struct replay *replay, struct span entry, const struct replay_body *body,
                   struct err *err)
{
    if (replay->fault.seq >= 0) {
        return FAIL(err, ERR_TAMPERED, "entry %lld: %s", (long long) replay->fault.seq,
                    replay->fault.why);
    }
    arena_reset(replay->scratch);
    replay->step = (struct replay_step){.entry = &replay->entry, .leaf = &replay->leaf};
    replay->body = body;
    replay->key_row = NULL;
    struct err why_not = {0};
    const char *why =
        entry_parse(entry, &replay->entry, &why_not) != OK ? why_not.what : NULL;
    if (why == NULL) {
        merkle_leaf(entry, &replay->leaf);
        why = take(replay);
    }
    replay->body = NULL;
    if (why == NULL) {
        count_entry(replay);
        return OK;
    }
    replay->fault.seq = (int64_t) replay->frontier.size;
    (void) text_copy(replay->fault.why, sizeof(replay->fault.why), why);
    return FAIL(err, ERR_TAMPERED, "entry %lld: %s", (long long) replay->fault.seq, why);
}

const struct replay_step *replay_last(const struct replay *replay)
{
    return &replay->step;
}

const struct state *replay_state(const struct replay *replay)
{
    return replay->state;
}

const struct frontier *replay_frontier(const struct replay *replay)
{
    return &replay->frontier;
}

const struct replay_fault *replay_fault(const struct replay *replay)
{
    return &replay->fault;
}

uint64_t replay_withheld(const struct replay *replay)
{
    return replay->withheld;
}

uint64_t replay_differences(const struct replay *replay)
{
    return replay->differences;
}

bool replay_root(const struct replay *replay, uint64_t size, struct digest *ret_root)
{
    if (size > replay->frontier.size) {
        return false;
    }
    *ret_root = replay->roots[size];
    return true;
}
