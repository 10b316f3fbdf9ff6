/* SPDX-License-Identifier: Apache-2.0 */
/*
** privacy: does a free text say who the subject is? Warnings only (users.md chapter 3).
**
** Looks for: a BSN (nine digits that pass the 11-test), a telephone number, an e-mail address,
** a full date of birth ("born 3-4-1987", "geb. 1987-04-03"), a title before a capitalised word
** ("Dr Jansen", "mevr. De Vries"), a hospital number named as such.
*/
#ifndef CRFD_CLIENTS_PRIVACY_H
#define CRFD_CLIENTS_PRIVACY_H

#include "base/bytes.h"

enum privacy_kind {
    PRIVACY_BSN = 1,
    PRIVACY_PHONE = 2,
    PRIVACY_EMAIL = 4,
    PRIVACY_BIRTH = 8,
    PRIVACY_NAME = 16,
};

/* The kinds that TEXT seems to hold. */
unsigned privacy_scan(struct span text);

/* "a citizen service number (BSN)", in the person's language; KIND is one bit. */
const char *privacy_words(enum privacy_kind kind, const char *language);

#endif
