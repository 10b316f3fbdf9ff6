/* SPDX-License-Identifier: Apache-2.0 */
/*
** Every way to tamper with a log that a reader can be shown: what it is called, the exit code,
** and the first bad entry that is named. A row works on one target, mostly the second revision
** of a form, at AT.
*/
#include "clients/lib/command.h"
#include "tests/support/rows.h"
#include "tests/unit/verify/memory_log.h"

/* What a row sets up. */
struct play {
    struct memory_log *log;
    size_t at;               /* the entry tampered with */
    struct checkpoint known; /* verified before; size 0: nothing */
    const char *reader;
    struct bytes note;
};

struct way {
    const char *name;
    void (*tamper)(struct play *play);
    status kind;
    enum verify_what what;
    enum { NOWHERE, AT, BEFORE_IT } first_bad;
};

static void nothing(struct play *play)
{
    (void) play;
}

static void known_before(struct play *play)
{
    play->known = memory_log_head(play->log, play->at);
}

static void known_now(struct play *play)
{
    play->known = memory_log_head(play->log, play->log->count);
}

/* ---- bodies ---- */

static void edit_body(struct play *play)
{
    struct served *item = &play->log->items[play->at];
    item->body.data[item->body.size / 2] ^= 1;
}

static void edit_outcome(struct play *play)
{
    char *late = strstr((char *) play->log->items[play->at].body.data, "\"late\":0");
    late[7] = '1';
}

static void edit_salt(struct play *play)
{
    play->log->items[play->at].salt[5] ^= 1;
}

static void lose_body(struct play *play)
{
    play->log->items[play->at].how = BODY_GONE;
}

static void lose_body_line(struct play *play)
{
    play->log->items[play->at].how = BODY_NO_LINE;
}

/* What another person with the right must see, the monitor of NL01 must see too. */
static void lose_body_for_monitor(struct play *play)
{
    play->reader = play->log->scene->people[MONITOR].person;
    lose_body(play);
}

static void lose_body_for_sponsor(struct play *play)
{
    play->reader = play->log->scene->people[SPONSOR].person;
    lose_body(play);
}

static void lose_body_for_stranger(struct play *play)
{
    play->reader = play->log->scene->people[OTHER_INVESTIGATOR].person;
    lose_body(play);
}

static void lose_people_for_stranger(struct play *play)
{
    play->reader = play->log->scene->people[OTHER_INVESTIGATOR].person;
    play->at = memory_log_find(play->log, "person.invite");
    lose_body(play);
}

/* A lock of BE01: its reasons may be about forms there. */
static void lose_lock_for(struct play *play, enum who who)
{
    play->reader = play->log->scene->people[who].person;
    play->at = memory_log_find(play->log, "lock");
    lose_body(play);
}

static void lose_lock_for_another_site(struct play *play)
{
    lose_lock_for(play, MONITOR);
}

static void lose_lock_for_its_site(struct play *play)
{
    lose_lock_for(play, OTHER_INVESTIGATOR);
}

static void lose_lock_for_sponsor(struct play *play)
{
    lose_lock_for(play, SPONSOR);
}

/* Commit to the new body, so that only its signature is against it. */
static struct digest new_body;

static void commit_to_body(struct entry *entry)
{
    entry->body = new_body;
}

static void edit_body_and_entry(struct play *play)
{
    struct served *item = &play->log->items[play->at];
    char *value = strstr((char *) item->body.data, "\"payload\":\"");
    value[40] = value[40] == 'A' ? 'B' : 'A';
    entry_body_digest(item->salt, span_bytes(&item->body), &new_body);
    memory_log_edit(play->log, play->at, commit_to_body);
    memory_log_rechain(play->log, play->at + 1);
}

/* ---- entries ---- */

static void later(struct entry *entry)
{
    entry->time += SECOND;
}

static void other_actor(struct entry *entry)
{
    entry->actor = SPAN_LITERAL("p-0002");
}

static void no_prior(struct entry *entry)
{
    entry->prior = ENTRY_NONE;
}

static void edit_entry(struct play *play)
{
    memory_log_edit(play->log, play->at, later);
}

static void edit_actor(struct play *play)
{
    memory_log_edit(play->log, play->at, other_actor);
}

static void edit_prior(struct play *play)
{
    memory_log_edit(play->log, play->at, no_prior);
}

static void edit_next_to_last(struct play *play)
{
    play->at = play->log->count - 2;
    edit_entry(play);
}

static void edit_last(struct play *play)
{
    play->at = play->log->count - 1;
    edit_entry(play);
}

/* Nobody has signed for anything behind what the last signer saw. */
static void edit_last_known(struct play *play)
{
    edit_last(play);
    play->known = memory_log_head(play->log, play->log->count);
}

static void edit_and_rechain(struct play *play)
{
    edit_entry(play);
    memory_log_rechain(play->log, play->at + 1);
}

static void other_prev(struct entry *entry)
{
    entry->prev.bytes[3] ^= 1;
}

static void edit_prev(struct play *play)
{
    memory_log_edit(play->log, play->at, other_prev);
}

static void break_entry(struct play *play)
{
    play->log->items[play->at].entry.data[0] = 'x';
}

static void lose_entry(struct play *play)
{
    play->log->items[play->at].how = ENTRY_GONE;
}

static void remove_at(struct memory_log *log, size_t at)
{
    bytes_done(&log->items[at].entry);
    bytes_done(&log->items[at].body);
    memmove(&log->items[at], &log->items[at + 1],
            (log->count - at - 1) * sizeof(*log->items));
    log->count--;
}

static void delete_middle(struct play *play)
{
    remove_at(play->log, play->at);
}

static size_t number;

static void renumber(struct entry *entry)
{
    entry->seq = (int64_t) number;
}

static void renumber_from(struct play *play, size_t at)
{
    for (number = at; number < play->log->count; number++) {
        memory_log_edit(play->log, number, renumber);
    }
    memory_log_rechain(play->log, at);
}

static void delete_and_renumber(struct play *play)
{
    remove_at(play->log, play->at);
    renumber_from(play, play->at);
}

static void swap_two(struct play *play)
{
    struct served first = play->log->items[play->at];
    play->log->items[play->at] = play->log->items[play->at + 1];
    play->log->items[play->at + 1] = first;
}

static void delete_last(struct play *play)
{
    play->at = play->log->count - 1;
    remove_at(play->log, play->at);
}

/* ---- heads ---- */

static void older_copy(struct play *play)
{
    known_now(play);
    play->at = play->log->count - 2;
    memory_log_sign(play->log, play->at, NULL, &play->log->note);
}

static void delete_last_known(struct play *play)
{
    known_now(play);
    delete_last(play);
    memory_log_sign(play->log, play->log->count, NULL, &play->log->note);
}

static void sign_served(struct play *play)
{
    struct frontier frontier = {0};
    struct checkpoint head = {.origin = SPAN_LITERAL(LOG_ORIGIN), .size = play->log->count};
    for (size_t i = 0; i < play->log->count; i++) {
        struct digest leaf;
        merkle_leaf(span_bytes(&play->log->items[i].entry), &leaf);
        frontier_append(&frontier, &leaf);
    }
    frontier_root(&frontier, &head.root);
    bytes_clear(&play->log->note);
    assert_int_equal(checkpoint_sign(&head, play->log->key, &play->log->note, NULL), OK);
}

/* The operator has the log's key as well: only what others have seen is against it. */
static void rewrite_and_sign(struct play *play)
{
    edit_and_rechain(play);
    sign_served(play);
}

static void rewrite_last_and_sign(struct play *play)
{
    edit_last(play);
    sign_served(play);
}

static void fork_same_size(struct play *play)
{
    known_now(play);
    rewrite_last_and_sign(play);
}

static void fork_longer(struct play *play)
{
    play->at = play->log->count - 2;
    play->known = memory_log_head(play->log, play->log->count - 1);
    edit_and_rechain(play);
    sign_served(play);
}

static void forge_head(struct play *play)
{
    uint8_t *letter = &play->log->note.data[play->log->note.size - 20];
    *letter = *letter == 'A' ? 'B' : 'A'; /* still base64 */
}

static void wrong_key(struct play *play)
{
    struct private_key *key = NULL;
    assert_int_equal(private_key_generate(KEY_ED25519, &key, NULL), OK);
    memory_log_sign(play->log, play->log->count, key, &play->log->note);
    private_key_free(key);
}

static void no_head(struct play *play)
{
    bytes_clear(&play->log->note);
    bytes_add_text(&play->log->note, "<html>\n");
}

static const struct way ROWS[] = {
    {"a good log verifies", nothing, OK, VERIFY_GOOD, NOWHERE},
    {"a log that has grown since the last time verifies", known_before, OK, VERIFY_GOOD,
     NOWHERE},
    {"a log that has not grown verifies again", known_now, OK, VERIFY_GOOD, NOWHERE},
    {"an edited body is named", edit_body, ERR_TAMPERED, VERIFY_CHANGED, AT},
    {"an edited outcome is named", edit_outcome, ERR_TAMPERED, VERIFY_CHANGED, AT},
    {"an edited salt is named", edit_salt, ERR_TAMPERED, VERIFY_CHANGED, AT},
    {"a body edited with its entry and chain breaks the signature", edit_body_and_entry,
     ERR_TAMPERED, VERIFY_CHANGED, AT},
    {"a missing body without an erase is named", lose_body, ERR_TAMPERED, VERIFY_MISSING,
     AT},
    {"a body whose line cannot be read is named", lose_body_line, ERR_TAMPERED,
     VERIFY_MISSING, AT},
    {"a body withheld from a monitor of that site is named", lose_body_for_monitor,
     ERR_TAMPERED, VERIFY_MISSING, AT},
    {"a body withheld from a sponsor is named", lose_body_for_sponsor, ERR_TAMPERED,
     VERIFY_MISSING, AT},
    {"a body may be withheld from whom it is not for", lose_body_for_stranger, OK,
     VERIFY_GOOD, NOWHERE},
    {"a site's lock may be withheld from another site", lose_lock_for_another_site, OK,
     VERIFY_GOOD, NOWHERE},
    {"but not from those who see its forms", lose_lock_for_its_site, ERR_TAMPERED,
     VERIFY_MISSING, AT},
    {"nor from a sponsor", lose_lock_for_sponsor, ERR_TAMPERED, VERIFY_MISSING, AT},
    {"a record about people may be withheld from nobody", lose_people_for_stranger,
     ERR_TAMPERED, VERIFY_MISSING, AT},
    {"an edited time is named, not the entry behind it", edit_entry, ERR_TAMPERED,
     VERIFY_CHANGED, AT},
    {"an edited actor is named", edit_actor, ERR_TAMPERED, VERIFY_CHANGED, AT},
    {"an edited prior is named", edit_prior, ERR_TAMPERED, VERIFY_CHANGED, AT},
    {"an edited prev is named", edit_prev, ERR_TAMPERED, VERIFY_CHANGED, AT},
    {"an entry that is none any more is named", break_entry, ERR_TAMPERED, VERIFY_CHANGED,
     AT},
    {"an edit just before the last entry is named", edit_next_to_last, ERR_TAMPERED,
     VERIFY_CHANGED, AT},
    {"an edit of the last entry is found by the signed root", edit_last, ERR_TAMPERED,
     VERIFY_CHANGED, AT},
    {"an edit of the last entry is a fork to who knew it", edit_last_known, ERR_TAMPERED,
     VERIFY_FORK, AT},
    {"an edit with the chain made right is found by the next signer's eyes",
     edit_and_rechain, ERR_TAMPERED, VERIFY_CHANGED, AT},
    {"an entry missing in the database is named", lose_entry, ERR_TAMPERED, VERIFY_MISSING,
     AT},
    {"an entry deleted from the middle is named", delete_middle, ERR_TAMPERED,
     VERIFY_MISSING, AT},
    {"a deletion with numbers and chain made right is found from the last good size on",
     delete_and_renumber, ERR_TAMPERED, VERIFY_CHANGED, BEFORE_IT},
    {"two entries that changed places are named", swap_two, ERR_TAMPERED, VERIFY_CHANGED,
     AT},
    {"a deleted last entry is missed", delete_last, ERR_TAMPERED, VERIFY_MISSING, AT},
    {"an older copy is a rollback", older_copy, ERR_TAMPERED, VERIFY_ROLLBACK, AT},
    {"a deleted last entry with a new head is a rollback", delete_last_known, ERR_TAMPERED,
     VERIFY_ROLLBACK, AT},
    {"a rewritten history that the log's key signed contradicts who saw it",
     rewrite_and_sign, ERR_TAMPERED, VERIFY_CHANGED, AT},
    {"another history of the same length is a fork", fork_same_size, ERR_TAMPERED,
     VERIFY_FORK, NOWHERE},
    {"another history that has grown contradicts who saw it", fork_longer, ERR_TAMPERED,
     VERIFY_CHANGED, AT},
    {"a forged head is no head", forge_head, ERR_TAMPERED, VERIFY_FORGED, NOWHERE},
    {"a head of another key is no head", wrong_key, ERR_TAMPERED, VERIFY_FORGED, NOWHERE},
    {"an answer that is no head is no evidence", no_head, ERR_BAD_INPUT, VERIFY_GOOD,
     NOWHERE},
};

static int64_t wanted_bad(const struct way *row, const struct play *play)
{
    switch (row->first_bad) {
    case AT:
        return (int64_t) play->at;
    case BEFORE_IT:
        return (int64_t) play->at - 1;
    case NOWHERE:
        break;
    }
    return -1;
}

static void check(void **state)
{
    const struct way *row = *state;
    struct play play = {.log = memory_log_new()};
    struct verify_result result = {0};
    struct err err = {0};
    play.at = memory_log_find(play.log, "form.submit") + 1;
    row->tamper(&play);
    struct verify_options options = {.source = &play.log->source,
                                     .trust = &play.log->trust,
                                     .origin = LOG_ORIGIN,
                                     .founder = play.log->scene->people[FOUNDER].kid,
                                     .known = play.known.size > 0 ? &play.known : NULL,
                                     .reader = play.reader,
                                     .now = play.log->scene->now};
    status kind = verify_log(&options, &result, &err);
    if (result.first_bad != wanted_bad(row, &play)) {
        print_error("at %zu, found %s %lld: %s\n", play.at, verify_what_name(result.what),
                    (long long) result.first_bad, result.why);
    }
    assert_status(kind, row->kind, &err);
    assert_string_equal(verify_what_name(result.what), verify_what_name(row->what));
    assert_int_equal(result.first_bad, wanted_bad(row, &play));
    assert_int_equal(exit_code_of(kind), row->kind == OK             ? EXIT_DONE
                                         : row->kind == ERR_TAMPERED ? EXIT_TAMPERED
                                                                     : EXIT_USAGE);
    verify_result_done(&result);
    bytes_done(&play.note);
    memory_log_free(play.log);
}

int main(void)
{
    return run_rows("verify", ROWS, ARRAY_LEN(ROWS), sizeof(ROWS[0]), check);
}
