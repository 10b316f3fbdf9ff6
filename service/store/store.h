/* SPDX-License-Identifier: Apache-2.0 */
/*
** store: the log in PostgreSQL, statement by statement.
**
** Each function store_add_x() adds one statement with its parameters to a pipeline (pg.h);
** the function store_take_x() reads that statement's rows. Who asks, waits and retries is
** above (service/flow). Spans in the structs are borrowed from the rows, so until the
** callback returns.
**
** Tables, `append` and `hold_head`: RECORDS.md chapter 7.
*/
#ifndef CRFD_SERVICE_STORE_H
#define CRFD_SERVICE_STORE_H

#include "base/arena.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "service/pg/pg.h"

/* All statements of the pools of this service, for pg_options. Made once, live for ever. */
const struct pg_statement *const *store_statements(size_t *ret_count);

/* ---- the head ---- */

struct store_head {
    uint64_t size;
    struct digest leaf; /* zero when size is 0 */
    instant time;       /* 0 when size is 0 */
    struct digest root; /* of the empty tree when size is 0 */
    struct span frontier;
};

/* Give ORIGIN and STUDY a row of `log` if they have none. */
void store_add_open_log(struct pg_batch *batch, const char *origin, const char *study);
int store_take_open_log(const struct pg_rows *rows);

void store_add_head(struct pg_batch *batch, int log_id);
void store_add_hold_head(struct pg_batch *batch, int log_id); /* locks it until COMMIT */
MUST_USE status store_take_head(const struct pg_rows *rows, struct store_head *ret_head,
                                struct err *err);

/* ---- append ---- */

struct store_entry {
    struct digest prev; /* leaf of the entry before */
    struct span entry;  /* its bytes */
    const char *object;
    struct span salt, body; /* 32 bytes, and what is committed to; body.data NULL: none */
    int key_no;             /* of the sender; -1: system, no id */
    struct uuid jti;
    struct digest record; /* of the received line: same bytes, same answer */
};

struct store_tile {
    int level; /* 8, 16, ...: of the root of a full 256-leaf tile */
    uint64_t index;
    struct digest hash;
};

struct store_append {
    int log_id;
    uint64_t size;      /* the head that was decided upon */
    struct digest leaf; /* its leaf; ignored when size is 0 */
    instant time;       /* of the last entry of this batch */
    const struct store_entry *entries;
    size_t entry_count;
    struct digest root; /* of the tree with the batch in it */
    struct span frontier;
    const struct store_tile *tiles; /* that this batch completes */
    size_t tile_count;
};

/* One call of `append`. Its failures are SQLSTATEs: CR001 head moved, CR004 clock behind
 * the log, 23505 an id that another process wrote. */
void store_add_append(struct pg_batch *batch, const struct store_append *append);

/* ---- reading the log ---- */

struct store_line {
    uint64_t seq;
    struct span entry;
    struct digest leaf; /* as PostgreSQL computed it */
    bool has_body;
    struct span salt, body;
};

/* Entries FROM to TO-1 with their bodies, in order. */
void store_add_lines(struct pg_batch *batch, int log_id, uint64_t from, uint64_t to);
/* Entries of one object behind AFTER (-1: from the first), oldest first, at most LIMIT, and
 * none behind the one with which their bodies have more than SIZE bytes. */
void store_add_object_lines(struct pg_batch *batch, int log_id, const char *object,
                            int64_t after, int limit, int64_t size);
MUST_USE status store_take_line(const struct pg_rows *rows, size_t row,
                                struct store_line *ret_line, struct err *err);

/* The same as a stream (pg_stream.h): the DECLARE, and the FETCH of its pieces. */
void store_add_stream_lines(struct pg_batch *batch, int log_id, uint64_t from, uint64_t to);
const struct pg_statement *store_fetch_lines(void);
/* Entries alone. */
void store_add_entries(struct pg_batch *batch, int log_id, uint64_t from, uint64_t to);
struct span store_take_entry(const struct pg_rows *rows, size_t row);

/* The committed bytes of FROM to TO-1 again, with PostgreSQL's digest of salt || body. */
struct store_reread {
    uint64_t seq;
    struct span entry;
    bool has_body;
    struct digest body;
};
void store_add_reread(struct pg_batch *batch, int log_id, uint64_t from, uint64_t to);
MUST_USE status store_take_reread(const struct pg_rows *rows, size_t row,
                                  struct store_reread *ret_reread, struct err *err);

/* The leaf hashes of FROM to TO-1, in order. */
void store_add_leaves(struct pg_batch *batch, int log_id, uint64_t from, uint64_t to);
MUST_USE status store_take_leaf(const struct pg_rows *rows, size_t row, uint64_t *ret_seq,
                                struct digest *ret_leaf, struct err *err);

void store_add_tiles(struct pg_batch *batch, int log_id); /* all, by level and index */
MUST_USE status store_take_tile(const struct pg_rows *rows, size_t row,
                                struct store_tile *ret_tile, struct err *err);

/* ---- ids and roots ---- */

struct store_id {
    size_t index; /* in the arrays that were asked */
    uint64_t seq;
    struct digest record;
};
/* Which of these (key_no, jti) are in the log? */
void store_add_ids(struct pg_batch *batch, int log_id, const int *key_no,
                   const struct uuid *jti, size_t count);
MUST_USE status store_take_id(const struct pg_rows *rows, size_t row,
                              struct store_id *ret_id, struct err *err);

/* The roots at these sizes (those that were published). */
void store_add_roots(struct pg_batch *batch, int log_id, const uint64_t *sizes,
                     size_t count);
MUST_USE status store_take_root(const struct pg_rows *rows, size_t row, uint64_t *ret_size,
                                struct digest *ret_root, struct err *err);

/* How many ids the first SIZE entries have, an entry that has two (-1: none), the last entry
 * with an id (-1: none), the largest published size, how many roots there are, and how many up
 * to ROOTS_SIZE: what nobody may have added to or taken from. */
struct store_totals {
    uint64_t ids;
    int64_t twice, last_id;
    uint64_t last_root, roots, older_roots;
};
void store_add_totals(struct pg_batch *batch, int log_id, uint64_t size,
                      uint64_t roots_size);
struct store_totals store_take_totals(const struct pg_rows *rows);

/* ---- casebooks: the current bodies of subjects ---- */

struct store_form {
    const char *subject, *object, *state, *version; /* borrowed as the spans are */
    const char *number;                             /* or NULL */
    struct store_line line;
};
void store_add_forms(struct pg_batch *batch, int log_id, const char *const *subjects,
                     size_t count);
MUST_USE status store_take_form(const struct pg_rows *rows, size_t row,
                                struct store_form *ret_form, struct err *err);

/* ---- blobs ---- */

/* PostgreSQL refuses bytes whose digest is another. Affected rows: 0 when it was there. */
void store_add_blob(struct pg_batch *batch, const struct digest *digest, const char *media,
                    struct span bytes);
void store_add_read_blob(struct pg_batch *batch, const struct digest *digest);
bool store_take_blob(const struct pg_rows *rows, struct span *ret_media,
                     struct span *ret_bytes); /* false: no such blob */

#endif
