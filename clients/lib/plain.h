/* SPDX-License-Identifier: Apache-2.0 */
/*
** plain: text on its way to a terminal.
**
** What other people typed and what a server says must not steer the person's terminal: C0 and
** C1 controls, DEL and the marks that turn the direction of writing (U+202A to U+202E, U+2066
** to U+2069) are taken out. say(), note() and the printing of errors do so with all they print.
*/
#ifndef CRFD_CLIENTS_PLAIN_H
#define CRFD_CLIENTS_PLAIN_H

#include "base/arena.h"
#include "base/bytes.h"

/* Append TEXT with '?' for each of them; line ends and tabs stay, CR LF becomes LF. */
void plain_lines(struct span text, struct bytes *out);

/* Append JSON with \u escapes for those that JSON lets stand in a string. */
void plain_json(struct span json, struct bytes *out);

/* TEXT as one line, '?' for line ends and tabs too, in ARENA. */
const char *text_for_terminal(struct arena *arena, const char *text);

#endif
