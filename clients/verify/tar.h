/* SPDX-License-Identifier: Apache-2.0 */
/*
** tar: the container of a bundle, written the same for ever and read without trust.
**
** Written: ustar, in the order of the calls, every member a regular file of mode 0644, owner
** and group 0 without names, all of one time, blocks of 10240 bytes. So the same members give
** the same bytes. `tar xf` unpacks it. A large member passes through a nameless file, because
** its size stands before it.
**
** Read: exactly that. A member that is no regular file, has another owner or mode, a name
** that is not made of plain parts (letters, digits, "._-%", no part beginning with a dot),
** stands twice, or is over its limit, is refused (ERR_TAMPERED); so is anything behind the
** end. Nothing is ever unpacked.
*/
#ifndef CRFD_CLIENTS_TAR_H
#define CRFD_CLIENTS_TAR_H

#include "base/bytes.h"

#define TAR_NAME_MAX    240
#define TAR_MEMBERS_MAX ((uint64_t) 1 << 26)
#define TAR_MEMBER_MAX  ((uint64_t) 4 << 30) /* bytes of one member */

/* ---- writing ---- */

struct tar_writer;

/* Begin at PATH, which must not be there; it is made under another name until it is whole. */
MUST_USE status tar_create(const char *path, struct tar_writer **ret_writer,
                           struct err *err);
/* One member: begin, any number of pieces, end. TIME in whole seconds. */
MUST_USE status tar_begin(struct tar_writer *writer, const char *name, int64_t time,
                          struct err *err);
MUST_USE status tar_data(struct tar_writer *writer, struct span piece, struct err *err);
MUST_USE status tar_end(struct tar_writer *writer, struct err *err);
/* End, make durable, and give it its name. */
MUST_USE status tar_finish(struct tar_writer *writer, struct err *err);
/* Releases it; what was not finished is removed. Accepts NULL. */
void tar_abandon(struct tar_writer *writer);
void tar_abandonp(struct tar_writer **writer);

/* ---- reading ---- */

struct tar_reader;

MUST_USE status tar_open(const char *path, struct tar_reader **ret_reader, struct err *err);
void tar_close(struct tar_reader *reader); /* accepts NULL */
void tar_closep(struct tar_reader **reader);

struct tar_member {
    const char *name; /* borrowed until the next call; NULL at the end */
    uint64_t size;
    int64_t time; /* seconds */
};

/* The next member. What was not read of the one before is skipped. */
MUST_USE status tar_next(struct tar_reader *reader, struct tar_member *ret_member,
                         struct err *err);

/* The next piece of the member, borrowed until the next call; empty at its end. */
MUST_USE status tar_read(struct tar_reader *reader, struct span *ret_piece,
                         struct err *err);

/* Append the rest of the member; ERR_TOO_LARGE over LIMIT. */
MUST_USE status tar_read_all(struct tar_reader *reader, size_t limit, struct bytes *out,
                             struct err *err);

/* Is NAME one that a member may have? */
bool tar_is_name(const char *name);

#endif
