/* SPDX-License-Identifier: Apache-2.0 */
/*
** text_file: files that people name on the command line, outside the client folder.
*/
#ifndef CRFD_CLIENTS_TEXT_FILE_H
#define CRFD_CLIENTS_TEXT_FILE_H

#include "base/bytes.h"

/* Append the file at PATH ("-": stdin), at most LIMIT bytes, to OUT. */
MUST_USE status text_file_read(const char *path, size_t limit, struct bytes *out,
                               struct err *err);

/* Write CONTENT durably to PATH with mode 0600; ERR_CONFLICT if it is there and not
 * REPLACE. With REPLACE the old file stays whole until the new one is. */
MUST_USE status text_file_write(const char *path, struct span content, bool replace,
                                struct err *err);

#endif
