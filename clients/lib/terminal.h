/* SPDX-License-Identifier: Apache-2.0 */
/*
** terminal: ask the person.
**
** Questions go to stderr and answers come from stdin, line by line, so a test or a script can
** answer through a pipe. Passphrases are read from the terminal itself, without echo; without
** a terminal they come from the file that CRF_PASSPHRASE_FILE names.
*/
#ifndef CRFD_CLIENTS_TERMINAL_H
#define CRFD_CLIENTS_TERMINAL_H

#include "clients/lib/command.h"
#include "crypto/secret.h"

#define ANSWER_LINE_MAX 65536

/* One line without its end, into ret_line (cleared first). ERR_UNAVAILABLE at the end of the
 * input: nobody answers. */
MUST_USE status ask_line(const struct invocation *run, const char *english,
                         const char *dutch, struct bytes *ret_line, struct err *err);

/* y, yes, j, ja; n, no, nee; an empty line is FALLBACK. Asks again on anything else. */
MUST_USE status ask_yes(const struct invocation *run, const char *english,
                        const char *dutch, bool fallback, bool *ret_yes, struct err *err);

/* The passphrase of an existing key; CRF_PASSPHRASE_FILE first (one line, mode 0600). */
MUST_USE status ask_passphrase(const struct invocation *run, struct secret *ret_passphrase,
                               struct err *err);

/* A new one, typed twice, at least PASSPHRASE_LEAST characters. */
#define PASSPHRASE_LEAST 12
MUST_USE status ask_new_passphrase(const struct invocation *run,
                                   struct secret *ret_passphrase, struct err *err);

/* Is somebody there to answer? */
bool terminal_is_there(void);

#endif
