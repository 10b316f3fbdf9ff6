/* SPDX-License-Identifier: Apache-2.0 */
/*
** text: small questions about ASCII and UTF-8 text.
*/
#ifndef CRFD_BASE_TEXT_H
#define CRFD_BASE_TEXT_H

#include "base/bytes.h"

/* True if SPAN is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). U+0000 is
 * allowed here; the JSON reader refuses it. */
bool text_is_utf8(struct span span);

/* Count code points of well-formed UTF-8. */
size_t text_length(struct span span);

/* Decimal digits only, no sign, no leading zero (but "0"), at most MAX. False otherwise. */
bool text_to_u64(struct span span, uint64_t max, uint64_t *ret_value);

/* Optional '-', digits, no leading zeros, within the int64 range. */
bool text_to_i64(struct span span, int64_t *ret_value);

/* Copy TEXT into the fixed array BUFFER of SIZE bytes; false (and empty) when it does not
 * fit. */
bool text_copy(char *buffer, size_t size, const char *text);

/* One ASCII token: 1 to MAX characters of [0x21, 0x7E]. */
bool text_is_token(struct span span, size_t max);

#endif
