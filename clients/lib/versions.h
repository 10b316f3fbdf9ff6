/* SPDX-License-Identifier: Apache-2.0 */
/*
** versions: the definition by which a form is asked, checked and signed here.
**
** A client works by one version at a time, client->version; client_definition() makes it the
** one in force. A form of a visit that was begun under another is asked under that one:
**
**     enum version_why why;
**     TRY(version_for_form(client, &book, &key, &why, err));
**
** Definitions are kept in the folder by their digest and fetched when they are missing. Each is
** read once; what was read lives as long as the client.
*/
#ifndef CRFD_CLIENTS_VERSIONS_H
#define CRFD_CLIENTS_VERSIONS_H

#include "clients/lib/book.h"
#include "protocol/record/record.h"

/* Work by the published VERSION from here on. ERR_UNAVAILABLE: it is not here and the service
 * is away; then nothing has changed. */
MUST_USE status client_use_version(struct client *client, const char *version,
                                   struct err *err);

enum version_why {
    VERSION_IN_FORCE,   /* as everywhere at this site */
    VERSION_OF_VISIT,   /* the visit was begun under it */
    VERSION_OF_CONSENT, /* the subject agreed under it */
    VERSION_OF_FORM,    /* the form stands in no newer one */
    VERSION_MISSING,    /* `missing` belongs here and is not on this computer */
};

struct version_choice {
    enum version_why why;
    const char *missing; /* VERSION_MISSING: which one */
};

/* Work by the version under which the form KEY (key->form NULL: the visit) is to be made, by
 * protocol/record/form_version.h. A form that this version does not have is made under the one
 * in force, else under that of its revision in BOOK (may be NULL). */
MUST_USE status version_for_form(struct client *client, const struct book *book,
                                 const struct form_key *key,
                                 struct version_choice *ret_choice, struct err *err);

/* The version in force when the subject of BOOK (may be NULL) agreed, as FORM at hand or the
 * casebook says, read by VERSION; NULL when not known or not here. It says who may take part
 * (check_context.limits). */
const struct metadata_version *version_of_consent(struct client *client,
                                                  const struct metadata_version *version,
                                                  const struct book *book,
                                                  const struct form_data *form);

/* What a record made by VERSION names. */
struct definition_ref version_ref(const struct client *client,
                                  const struct metadata_version *version);

/* Work by the next published version that is on this computer or can be fetched, newest first;
 * *cursor starts at 0. False at the end: then the version in force is used again. For words
 * that the one in force does not know. */
bool version_next(struct client *client, size_t *cursor);

#endif
