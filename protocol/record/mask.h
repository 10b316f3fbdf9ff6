/* SPDX-License-Identifier: Apache-2.0 */
/*
** mask: whose eyes a form is kept from (FormDef/@crfd:Masked).
**
** A definition names the roles that never read a form's data. Whoever holds such a role at the
** subject's site is kept from it, also if another of the person's roles would open it: what was
** seen cannot be unseen. A form that any published version masks is masked under all of them,
** so that an amendment does not unblind what was entered before. What somebody's own key signed
** is no secret to that person.
**
** The service asks this for every read; decide() for the sentences that go back to a sender,
** which may quote other forms; the verifier when a body is withheld from its reader.
*/
#ifndef CRFD_RECORD_MASK_H
#define CRFD_RECORD_MASK_H

#include "protocol/record/decide.h"

struct mask {
    const struct state *state;
    const struct definitions *definitions;
    const char *person; /* NULL: nobody, who sees nothing anyway */
    const char *site;   /* of the subject; NULL: only roles of the whole study count */
    instant at;
};

/* Is the data of FORM_OID kept from this person? Memory: ARENA. */
bool mask_hides(const struct mask *mask, const char *form_oid, struct arena *arena);

/* Is there any form at all that is kept from this person? */
bool mask_hides_any(const struct mask *mask, struct arena *arena);

/* BOOK (may be NULL) without the forms that are kept from this person: BOOK itself when there
 * is none. */
const struct casebook *mask_casebook(const struct mask *mask, const struct casebook *book,
                                     struct arena *arena);

#endif
