/* SPDX-License-Identifier: Apache-2.0 */
/*
** spool: a log's entries and bodies in a nameless file, to be read again by number while a
** bundle is made or checked. It is gone when it is closed or the program ends.
*/
#ifndef CRFD_CLIENTS_SPOOL_H
#define CRFD_CLIENTS_SPOOL_H

#include "clients/verify/log_source.h"

struct spool;

/* FOLDER is where there is room for it: that of the bundle. */
MUST_USE status spool_open(const char *folder, struct spool **ret_spool, struct err *err);
void spool_close(struct spool *spool); /* accepts NULL */

/* The next entry; BODY is salt || body, NULL data: withheld. */
MUST_USE status spool_add(struct spool *spool, struct span entry, struct span body,
                          struct err *err);
uint64_t spool_count(const struct spool *spool);

/* As bundle.h wants it: appended to what is there. */
MUST_USE status spool_read(void *arg, int64_t seq, struct bytes *ret_entry,
                           struct bytes *ret_body, bool *ret_withheld, struct err *err);

/* SPOOL as a source for verify_log(); NOTE (borrowed) is what it shows as its head. It has no
 * blobs. */
struct spool_source {
    struct spool *spool;
    struct span note;
};
struct log_source log_source_spool(struct spool_source *source);

#endif
