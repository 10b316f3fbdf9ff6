/* SPDX-License-Identifier: Apache-2.0 */
/*
** Entries come 256 at a time and stay until their bodies have passed; bodies pass one by one.
** So memory does not grow with the log, but for the state and the roots that replay keeps.
*/
#include "clients/verify/verify.h"

#include "base/text.h"
#include "clients/verify/definitions.h"
#include "crypto/tile.h"
#include "protocol/record/mask.h"

#define NOT_THERE "its body is not there, and nothing says that it was erased"

/* A body that was withheld: what its entry says it is about. */
struct hidden {
    const char *subject, *form; /* form NULL: the subject as a whole */
    const char *query;          /* an answer to this one, or its closing; else NULL */
    const char *site;           /* of the lock of a site; else NULL */
    bool sign;   /* a signature or a lock: may give reasons about a masked form */
    bool study;  /* the lock of the study: about forms of any site */
    bool reject; /* a refusal, whose object only its body names */
    int64_t seq; /* of the first of its kind */
};

struct verifying {
    const struct verify_options *options;
    struct verify_result *result;
    struct bytes bundle;
    struct span entries[TILE_WIDTH];
    uint64_t from, to;      /* of the entries held */
    uint64_t size;          /* to be read */
    uint64_t good;          /* the longest prefix that somebody outside has signed for */
    struct frontier before; /* of the last entry that was fed */
    struct arena *arena;
    struct hidden *hidden;
    size_t hidden_count, hidden_capacity;
    bool broken; /* the fault is the log's, not ours */
};

const char *verify_what_name(enum verify_what what)
{
    static const char *const names[] = {"good",    "rollback", "fork",  "forged",
                                        "missing", "changed",  "halted"};
    return names[what];
}

void verify_result_done(struct verify_result *result)
{
    bytes_done(&result->note);
    bytes_done(&result->entry);
    replay_freep(&result->replay);
    *result = (struct verify_result){.first_bad = -1};
}

/* Note what was found and make it an error. */
static status found(struct verifying *v, enum verify_what what, int64_t first_bad,
                    const char *why, struct err *err)
{
    struct verify_result *result = v->result;
    result->what = what;
    result->first_bad = first_bad;
    (void) text_copy(result->why, sizeof(result->why), why);
    if (first_bad < 0) {
        return FAIL(err, ERR_TAMPERED, "%s", why);
    }
    return FAIL(err, ERR_TAMPERED, "the first bad entry is %lld: %s", (long long) first_bad,
                why);
}

/* ---- the head ---- */

static status compare_known(struct verifying *v, struct err *err)
{
    const struct checkpoint *known = v->options->known;
    const struct checkpoint *head = &v->result->head;
    if (known == NULL || known->size == 0) {
        return OK;
    }
    if (head->size < known->size) {
        return found(v, VERIFY_ROLLBACK, (int64_t) head->size,
                     "rollback: the log shows fewer entries than were verified before",
                     err);
    }
    if (head->size == known->size && !digest_equal(&head->root, &known->root)) {
        return found(v, VERIFY_FORK, -1,
                     "fork: the log shows another history of the same length than before",
                     err);
    }
    return OK;
}

static status open_head(struct verifying *v, struct err *err)
{
    const struct verify_options *options = v->options;
    struct verify_result *result = v->result;
    struct err why = {0};
    if (options->note.size > 0) {
        bytes_add_span(&result->note, options->note);
    } else {
        TRY(options->source->checkpoint(options->source->arg, &result->note, err));
    }
    status kind = checkpoint_open(span_bytes(&result->note), options->trust, &result->head,
                                  NULL, &why);
    if (kind == ERR_UNAUTHENTIC) {
        return found(v, VERIFY_FORGED, -1,
                     "the head of the log is not signed by the log's key", err);
    }
    if (kind != OK) {
        return FAIL(err, kind, "the head of the log cannot be read: %s", why.what);
    }
    if (!span_is(result->head.origin, options->origin)) {
        return found(v, VERIFY_FORGED, -1, "the head is that of another log", err);
    }
    v->size = options->size > 0 ? options->size : result->head.size;
    if (v->size > result->head.size) {
        return FAIL(err, ERR_NOT_FOUND, "the log has only %llu entries",
                    (unsigned long long) result->head.size);
    }
    return OK;
}

/* ---- which of two neighbours was changed ---- */

static void hash_rest(struct verifying *v, uint64_t at, struct frontier *frontier)
{
    struct digest leaf;
    for (uint64_t seq = at; seq < v->to; seq++) {
        merkle_leaf(v->entries[seq - v->from], &leaf);
        frontier_append(frontier, &leaf);
    }
}

/* Entry SEQ does not name the hash of the one before. It is itself intact if the entry
 * after it names it, or, at the end of the log, if with the hash it names the signed root
 * comes out. */
static bool is_intact(struct verifying *v, uint64_t seq, const struct entry *entry)
{
    struct entry next;
    struct digest leaf;
    struct digest root;
    merkle_leaf(v->entries[seq - v->from], &leaf);
    if (seq + 1 < v->to) {
        return entry_parse(v->entries[seq + 1 - v->from], &next, NULL) == OK &&
               digest_equal(&next.prev, &leaf);
    }
    if (v->to < v->result->head.size) {
        return false;
    }
    struct frontier frontier = v->before;
    frontier_append(&frontier, &entry->prev);
    hash_rest(v, seq, &frontier);
    frontier_root(&frontier, &root);
    return digest_equal(&root, &v->result->head.root);
}

static int64_t first_bad(struct verifying *v, uint64_t seq)
{
    if (replay_fault(v->result->replay)->before) {
        return (int64_t) v->good; /* from there on, before SEQ */
    }
    struct digest last = state_head(replay_state(v->result->replay)).leaf;
    struct entry entry;
    if (seq == 0 || entry_parse(v->entries[seq - v->from], &entry, NULL) != OK ||
        entry.seq != (int64_t) seq || !span_is(entry.log, v->options->origin) ||
        digest_equal(&entry.prev, &last)) {
        return (int64_t) seq;
    }
    return is_intact(v, seq, &entry) ? (int64_t) seq - 1 : (int64_t) seq;
}

/* ---- entries and bodies ---- */

static bool describe_hidden(struct verifying *v, const struct entry *entry,
                            struct hidden *ret_hidden)
{
    struct span rest = entry->object, first;
    struct form_key key;
    bool locks = span_is(entry->type, "lock") || span_is(entry->type, "unlock");
    *ret_hidden = (struct hidden){.seq = entry->seq,
                                  .sign = locks || span_is(entry->type, "form.sign"),
                                  .study = locks && span_is(entry->object, "study"),
                                  .reject = span_is(entry->type, "reject")};
    if (ret_hidden->reject || ret_hidden->study) {
        return true;
    }
    if (!span_cut(&rest, '/', &first)) {
        return false;
    }
    if (locks && span_is(first, "site")) {
        return path_segment_parse(rest, v->arena, &ret_hidden->site) &&
               ret_hidden->site != NULL;
    }
    if (span_is(first, "query")) {
        return path_segment_parse(rest, v->arena, &ret_hidden->query) &&
               ret_hidden->query != NULL;
    }
    if (form_key_parse(entry->object, v->arena, &key)) {
        ret_hidden->subject = key.subject;
        ret_hidden->form = key.form;
        return true;
    }
    struct span segment = rest;
    (void) span_cut(&rest, '/', &segment);
    return span_is(first, "subject") &&
           path_segment_parse(segment, v->arena, &ret_hidden->subject) &&
           ret_hidden->subject != NULL;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The body of a subject, a query or a refusal may be withheld from some readers; whether from
 * this one is asked at the end, when the roles are known. */
static bool may_be_withheld(struct verifying *v, const struct body_line *line,
                            const struct entry *entry)
{
    struct hidden hidden;
    if (v->options->reader == NULL || line->kind != BODY_WITHHELD ||
        !digest_equal(&line->digest, &entry->body) || !describe_hidden(v, entry, &hidden)) {
        return false;
    }
    for (size_t i = 0; i < v->hidden_count; i++) {
        const struct hidden *known = &v->hidden[i];
        if (known->sign == hidden.sign && known->reject == hidden.reject &&
            known->study == hidden.study && same_text(known->site, hidden.site) &&
            same_text(known->subject, hidden.subject) &&
            same_text(known->form, hidden.form) && same_text(known->query, hidden.query)) {
            return true;
        }
    }
    *ARENA_PUSH(v->arena, v->hidden, v->hidden_count, v->hidden_capacity) = hidden;
    return true;
}

static bool sees_study(const struct verifying *v)
{
    static const char *const roles[] = {"data-manager", "sponsor", "safety", "inspector"};
    const struct state *state = replay_state(v->result->replay);
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        if (state_has_role(state, v->options->reader, roles[i], NULL, v->options->now)) {
            return true;
        }
    }
    return false;
}

static bool sees_site(const struct verifying *v, const char *site)
{
    static const char *const roles[] = {"investigator", "coordinator", "monitor"};
    const struct state *state = replay_state(v->result->replay);
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        if (state_has_role(state, v->options->reader, roles[i], site, v->options->now)) {
            return true;
        }
    }
    return false;
}

/* Is what was withheld about SUBJECT's FORM kept from this reader by the definition? */
static bool is_masked(struct verifying *v, const struct definitions *definitions,
                      const char *site, const char *form)
{
    struct mask mask = {replay_state(v->result->replay), definitions, v->options->reader,
                        site, v->options->now};
    return form != NULL ? mask_hides(&mask, form, v->arena)
                        : mask_hides_any(&mask, v->arena);
}

/* Do this reader's roles open what was withheld? */
static bool opens(struct verifying *v, const struct definitions *definitions,
                  struct hidden hidden)
{
    const struct state *state = replay_state(v->result->replay);
    struct form_key key;
    if (hidden.query != NULL) {
        const struct row *row = state_query(state, hidden.query);
        if (row == NULL ||
            !form_key_parse(span_text(row->values[QUERY_OBJECT]), v->arena, &key)) {
            return sees_study(v) && !is_masked(v, definitions, NULL, NULL);
        }
        hidden.subject = key.subject;
        hidden.form = key.form;
    }
    const struct row *row =
        hidden.subject != NULL ? state_subject(state, hidden.subject) : NULL;
    const char *site = row != NULL ? row->values[SUBJECT_SITE] : hidden.site;
    if (!sees_study(v) && (site == NULL || !sees_site(v, site))) {
        return false;
    }
    site = hidden.study ? ANY_SITE : site;
    return !((hidden.form != NULL || hidden.sign) &&
             is_masked(v, definitions, site, hidden.form));
}

/* Was something withheld that this reader's roles open? */
static status check_hidden(struct verifying *v, struct err *err)
{
    CLEANUP(definition_cache_freep)
    struct definition_cache *cache = definition_cache_new(v->options->source);
    struct definitions definitions = definition_cache_ask(cache);
    for (size_t i = 0; i < v->hidden_count; i++) {
        if (opens(v, &definitions, v->hidden[i])) {
            return found(v, VERIFY_MISSING, v->hidden[i].seq, NOT_THERE, err);
        }
    }
    return OK;
}

static status take_body(void *arg, const struct body_line *line, struct err *err)
{
    struct verifying *v = arg;
    struct replay *replay = v->result->replay;
    struct span entry = v->entries[line->seq - v->from];
    struct frontier before = *replay_frontier(replay);
    struct replay_body body = {
        .withheld = line->kind != BODY_HERE, .salt = line->salt, .body = line->body};
    struct err why = {0};
    if (replay_feed(replay, entry, &body, &why) != OK) {
        v->broken = true;
        int64_t bad = first_bad(v, line->seq);
        bytes_add_span(&v->result->entry, v->entries[line->seq - v->from]);
        return found(v, VERIFY_CHANGED, bad, replay_fault(replay)->why, err);
    }
    v->before = before;
    const struct replay_step *step = replay_last(replay);
    if (line->kind != BODY_HERE && !may_be_withheld(v, line, step->entry)) {
        v->broken = true;
        return found(v, VERIFY_MISSING, (int64_t) line->seq, NOT_THERE, err);
    }
    if (step->record != NULL && step->record->seen.given &&
        step->record->seen.size > v->good) {
        v->good = step->record->seen.size;
    }
    return v->options->each != NULL ? v->options->each(v->options->arg, step, line, entry,
                                                       replay_state(replay), err)
                                    : OK;
}

/* Cut the bundle into the entries FROM to TO-1. When it holds fewer, *ret_hole is the first
 * that is not there; what stands before it is kept. */
static void cut_bundle(struct verifying *v, uint64_t *ret_hole)
{
    struct span rest = span_bytes(&v->bundle);
    struct entry entry;
    uint64_t start = v->from / TILE_WIDTH * TILE_WIDTH;
    uint64_t seq = start;
    while (seq < v->to && rest.size >= 2) {
        size_t size = ((size_t) rest.data[0] << 8) | rest.data[1];
        if (rest.size - 2 < size) {
            break;
        }
        struct span text = span_of(rest.data + 2, size);
        rest = span_of(text.data + size, rest.size - 2 - size);
        if (seq >= v->from) {
            v->entries[seq - v->from] = text;
        }
        seq++;
    }
    *ret_hole = seq;
    for (uint64_t i = v->from; seq < v->to && i < seq; i++) {
        if (entry_parse(v->entries[i - v->from], &entry, NULL) != OK ||
            entry.seq != (int64_t) i) {
            *ret_hole = i;
            return;
        }
    }
}

static status read_entries(struct verifying *v, uint64_t *ret_hole, struct err *err)
{
    const struct log_source *source = v->options->source;
    struct err why = {0};
    bytes_clear(&v->bundle);
    *ret_hole = v->from;
    status kind = source->entries(source->arg, v->from / TILE_WIDTH, v->to,
                                  v->result->head.size, &v->bundle, &why);
    if (kind == OK) {
        cut_bundle(v, ret_hole);
    } else if (kind != ERR_NOT_FOUND && err != NULL) {
        *err = why;
    }
    return kind == ERR_NOT_FOUND ? OK : kind;
}

static status check_known_root(struct verifying *v, struct err *err)
{
    const struct checkpoint *known = v->options->known;
    struct digest root;
    if (known == NULL || known->size == 0 ||
        !replay_root(v->result->replay, known->size, &root)) {
        return OK;
    }
    if (!digest_equal(&root, &known->root)) {
        return found(v, VERIFY_FORK, v->good < known->size ? (int64_t) v->good : -1,
                     "fork: the entries are not those that were verified before", err);
    }
    v->good = known->size > v->good ? known->size : v->good;
    return OK;
}

static status read_bodies(struct verifying *v, struct err *err)
{
    const struct log_source *source = v->options->source;
    struct err why = {0};
    v->broken = false;
    status kind = v->from < v->to
                      ? source->bodies(source->arg, v->from, v->to, take_body, v, &why)
                      : OK;
    if (kind == ERR_BAD_INPUT && !v->broken) {
        /* lines that cannot be read are a body that is not there */
        uint64_t at = replay_frontier(v->result->replay)->size;
        return found(v, VERIFY_MISSING, (int64_t) at, why.what, err);
    }
    if (kind != OK && err != NULL) {
        *err = why;
    }
    return kind;
}

static status read_tile(struct verifying *v, struct err *err)
{
    uint64_t tile_end = (v->from / TILE_WIDTH + 1) * TILE_WIDTH;
    uint64_t end = tile_end < v->size ? tile_end : v->size;
    uint64_t hole = 0;
    v->to = end;
    TRY(read_entries(v, &hole, err));
    v->to = hole;
    TRY(read_bodies(v, err));
    if (hole < end) {
        return found(v, VERIFY_MISSING, (int64_t) hole,
                     "it is not there, though the log's key has signed it", err);
    }
    v->from = end;
    return OK;
}

static status check_root(struct verifying *v, struct err *err)
{
    struct digest root;
    if (v->size < v->result->head.size) {
        return OK; /* signed for only together with what follows */
    }
    if (replay_root(v->result->replay, v->size, &root) &&
        digest_equal(&root, &v->result->head.root)) {
        return OK;
    }
    return found(v, VERIFY_CHANGED, (int64_t) v->good,
                 "from here on something is not what the log's key has signed", err);
}

static status read_log(struct verifying *v, struct err *err)
{
    const struct verify_options *options = v->options;
    bool known_checked = false;
    while (v->from < v->size) {
        TRY(read_tile(v, err));
        if (!known_checked && options->known != NULL && v->from >= options->known->size) {
            TRY(check_known_root(v, err));
            known_checked = true;
        }
        if (options->progress != NULL) {
            options->progress(options->arg, v->from, v->size);
        }
    }
    TRY(check_root(v, err));
    return check_hidden(v, err);
}

status verify_log(const struct verify_options *options, struct verify_result *ret_result,
                  struct err *err)
{
    struct verifying v = {.options = options, .result = ret_result, .arena = arena_new()};
    *ret_result = (struct verify_result){.first_bad = -1, .replay = options->resume};
    status kind = open_head(&v, err);
    if (kind == OK) {
        kind = compare_known(&v, err);
    }
    if (kind == OK && ret_result->replay == NULL) {
        struct replay_options replay = {.origin = options->origin,
                                        .founder = options->founder,
                                        .definitions = options->definitions,
                                        .differs = options->differs,
                                        .arg = options->arg};
        ret_result->replay = replay_new(&replay);
    }
    if (kind == OK) {
        v.from = replay_frontier(ret_result->replay)->size;
        v.good = options->resume != NULL ? v.from : 0;
        kind = read_log(&v, err);
    }
    bytes_done(&v.bundle);
    arena_free(v.arena);
    return kind;
}
