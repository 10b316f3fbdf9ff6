/* SPDX-License-Identifier: Apache-2.0 */
/*
** state: what is true in a study after the first N entries of its log.
**
** The tables of schema.h in memory, and the head of the log. The service's writer, its tests
** and the offline verifier hold the same struct and change it with the same changes
** (project.h), so a database table can be compared with it line by line (state_dump).
**
**     struct state *state = state_new("edc.example.org/s/7f3a91", founder);
**     uint64_t mark = state_begin(state);
**     ... for each record: decide(), project(), state_apply() each change, state_advance() ...
**     committed ? state_commit(state, state_begin(state)) : state_rollback(state, mark);
**
** Every change is journaled until state_commit() settles it, so a writer can decide the next
** batch on top of one that is still being written, and drop one or both. Marks are ordered:
** rolling back to a mark undoes all that came after it.
**
** Not thread-safe: one owner (the loop thread). Rows are borrowed until the next change.
*/
#ifndef CRFD_RECORD_STATE_H
#define CRFD_RECORD_STATE_H

#include "base/arena.h"
#include "base/clock.h"
#include "crypto/digest.h"
#include "protocol/record/schema.h"

struct state;

struct row {
    int64_t src_seq;
    const char *values[TABLE_COLUMNS_MAX]; /* NULL is SQL NULL; a bigint is decimal text */
};

/* One change of one row. SET writes the columns whose bit stands in `given` (the key always)
 * and leaves the others as they are, NULL in a new row. */
struct row_change {
    enum table_id table;
    enum { ROW_SET, ROW_DELETE } op;
    uint32_t given;
    const char *values[TABLE_COLUMNS_MAX];
};

struct state_head {
    uint64_t size;      /* entries */
    struct digest leaf; /* of the last entry; zero when size is 0 */
    instant time;       /* of the last entry; 0 when size is 0 */
};

/* An empty study. FOUNDER is the RFC 7638 thumbprint that may sign study.open. */
struct state *state_new(const char *origin, const char *founder);
void state_free(struct state *state);
void state_freep(struct state **state);

const char *state_origin(const struct state *state);
const char *state_founder(const struct state *state);
struct state_head state_head(const struct state *state);

/* Loading from tables at start: rows in any order, then the head. Not journaled. */
void state_load_row(struct state *state, enum table_id table, const char *const *values,
                    int64_t src_seq);
void state_load_head(struct state *state, const struct state_head *head);

/* Changes. state_advance() counts one more entry. */
void state_apply(struct state *state, const struct row_change *change, int64_t src_seq);
void state_advance(struct state *state, const struct digest *leaf, instant time);

/* The entry of the latest deletion of a row, -1 before the first; one that was rolled back
 * counts, too. */
int64_t state_last_erased(const struct state *state);

uint64_t state_begin(struct state *state);
void state_rollback(struct state *state, uint64_t mark);
/* What was done before MARK stays for ever (and its old rows are freed). */
void state_commit(struct state *state, uint64_t mark);

/* Call EACH for every row touched since MARK, once per key, in the order of first touch. ROW
 * is the row as it is now, NULL when it is gone; KEY holds the key columns. */
void state_each_changed(const struct state *state, uint64_t mark,
                        void (*each)(enum table_id table, const char *const *key,
                                     const struct row *row, void *arg),
                        void *arg);

/* Reading, any table. KEY holds TABLES[table].key_count texts. */
const struct row *state_row(const struct state *state, enum table_id table,
                            const char *const *key);
size_t state_row_count(const struct state *state, enum table_id table);

/* All rows, or those whose index column is VALUE, in key order (bytewise). The array lives in
 * ARENA. */
struct rows {
    const struct row **items;
    size_t count;
};
struct rows state_rows(const struct state *state, enum table_id table, struct arena *arena);
struct rows state_rows_where(const struct state *state, enum table_id table,
                             const char *value, struct arena *arena);

/* Typed questions. Rows are NULL when there is none. */
const struct row *state_definition(const struct state *state, const char *version);
const struct row *state_site(const struct state *state, const char *site);
const struct row *state_person(const struct state *state, const char *person);
const struct row *state_key_by_kid(const struct state *state, const char *kid);
const struct row *state_subject(const struct state *state, const char *subject);
const struct row *state_form(const struct state *state, const char *object);
const struct row *state_query(const struct state *state, const char *query);
const struct row *state_lock(const struct state *state, const char *scope);

/* A bigint column; 0 when NULL. */
int64_t row_integer(const struct row *row, int column);
/* Is the text of COLUMN this? False for NULL and for no row. */
bool row_is(const struct row *row, int column, const char *text);

/* Does PERSON hold ROLE at SITE (a grant for all sites counts) at the instant AT? SITE NULL
 * asks for a study-wide grant; ANY_SITE (this very pointer: no site can be called so) for any
 * grant of the role. */
extern const char *const ANY_SITE;
bool state_has_role(const struct state *state, const char *person, const char *role,
                    const char *site, instant at);
/* Does PERSON hold any role anywhere at AT? */
bool state_has_any_role(const struct state *state, const char *person, instant at);

/* The forms of a subject that are current (no inbox rows, no retracted ones unless ALL). */
struct rows state_forms(const struct state *state, const char *subject, bool all,
                        struct arena *arena);

/* The row of a lock that is in force (state locked or lifting) and covers OBJECT of SITE
 * (NULL: of no site): "study", "site/<site>", or OBJECT itself or a leading part of it. */
const struct row *state_lock_covering(const struct state *state, const char *object,
                                      const char *site);

/* What an act reaches: members that are not known are NULL. */
struct hold_reach {
    const char *site, *cohort, *subject;
};

/* The gravest hold of ACTIVITY that covers REACH: the study's, or that of its site, cohort or
 * subject; NULL: none, it may be done. A hold that is being lifted, or that waits for its
 * second person, is in force. */
const struct row *state_hold_covering(const struct state *state, const char *activity,
                                      const struct hold_reach *reach);

/* Since when the hold HOLD (a row of TABLE_HOLD) is in force; 0 when that is not known. */
instant state_hold_since(const struct state *state, const struct row *hold,
                         struct arena *arena);
/* Was ACTIVITY certainly on hold for REACH all the time FROM..TO? By the log: what was set
 * later, or had been lifted before, is none. */
bool state_hold_was(const struct state *state, const char *activity,
                    const struct hold_reach *reach, instant from, instant to,
                    struct arena *arena);

/* The definition version in force at SITE at the instant AT, counting only what the first
 * SIZE entries said: of the approved site versions that cover AT the one with the latest start
 * (so they may overlap, and an older one may come again); in a gap the one that ended last, for
 * what happens must be written down; before the first one that of study.open. NULL before
 * study.open. */
const char *state_version_at(const struct state *state, const char *site, instant at,
                             uint64_t size);

/* The last human number given with PREFIX ("AE"): AE-0007 is 7; 0 when none was. */
uint64_t state_last_number(const struct state *state, const char *prefix);

/* The canonical text of a table: one line per row in key order, columns in schema order, then
 * src_seq, separated by TAB, as PostgreSQL's COPY writes text: \N for NULL, \\ \t \n \r \b \f
 * \v escaped. */
void state_dump(const struct state *state, enum table_id table, struct bytes *out);

/* Is there a row of TABLE that A and B do not both have, with the same columns and the same
 * src_seq? *ret_key is then the first such key, in key order, its columns parted by blanks. */
bool state_differs(const struct state *a, const struct state *b, enum table_id table,
                   struct bytes *ret_key);
/* Does ROW have these columns and this src_seq? */
bool row_equal(const struct row *row, enum table_id table, const char *const *values,
               int64_t src_seq);
/* "NL01 2026-11-21T...": the key as a person reads it. */
void row_write_key(enum table_id table, const char *const *key, struct bytes *out);

#endif
