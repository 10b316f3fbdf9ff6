/* SPDX-License-Identifier: Apache-2.0 */
/*
** memory_log: a small trial's log as a source for verify_log(), with a key of its own; rows
** change what it serves.
**
** The trial: a founder, two sites, people, subject 007-K, a form given twice and queried, the
** study locked by two persons.
*/
#ifndef CRFD_TESTS_MEMORY_LOG_H
#define CRFD_TESTS_MEMORY_LOG_H

#include "clients/verify/verify.h"
#include "tests/unit/record/play.h"

#define LOG_ORIGIN "edc.example.org/s/7f3a91"

struct served {
    struct bytes entry, body;
    uint8_t salt[SALT_SIZE];
    enum { SERVED, BODY_GONE, ENTRY_GONE, BODY_NO_LINE } how;
};

struct memory_log {
    struct scene *scene;
    struct served *items;
    size_t count;
    struct private_key *key;
    struct note_key *note_key;
    struct checkpoint_trust trust;
    struct bytes note; /* what it shows as its head */
    struct log_source source;
};

struct memory_log *memory_log_new(void);
void memory_log_free(struct memory_log *log);

/* Sign the first SIZE entries, as they were before any tampering, with KEY (NULL: its own). */
void memory_log_sign(struct memory_log *log, size_t size, const struct private_key *key,
                     struct bytes *ret_note);
struct checkpoint memory_log_head(const struct memory_log *log, size_t size);

/* The position of the first entry of TYPE. */
size_t memory_log_find(const struct memory_log *log, const char *type);

/* Parse, change, encode: the entry at INDEX with what CHANGE does to it. */
void memory_log_edit(struct memory_log *log, size_t index,
                     void (*change)(struct entry *entry));

/* Let the entries from INDEX on name their predecessors again, as a forger would. */
void memory_log_rechain(struct memory_log *log, size_t index);

#endif
