/* SPDX-License-Identifier: Apache-2.0 */
/*
** form_version: under which version of the definition a form is made.
**
** A form belongs to its visit and to what its site may use (RECORDS.md chapter 6); who may
** take part is read from the version in force at consent (trials.md rule 4). The client asks
** and signs a form under the version that form_version_choose() names:
**
**     the form of eligibility    the version in force when the subject agreed
**     a form of a visit          the version under which that visit was begun
**     all else                   the version in force at the site
**
** The service takes some more (form_version_is_taken): what was in force when it was signed,
** as far as the signer had seen the log, so that what was written without a line is taken
** after an activation, and that of the revision it replaces. What is chosen on the casebook
** that the service has is always taken.
*/
#ifndef CRFD_RECORD_FORM_VERSION_H
#define CRFD_RECORD_FORM_VERSION_H

#include "protocol/record/state.h"
#include "protocol/study/casebook.h"

/* A current form of the subject; the same from a casebook or from the table of forms. */
struct visit_form {
    struct form_key key;
    const char *version; /* it was made under */
    int64_t seq;         /* of its current revision */
};

/* Versions by their OID; NULL where there is none. */
struct form_versions {
    const char *now;     /* in force at the site */
    const char *seen;    /* in force for the signer, who may not have known better */
    const char *prior;   /* of the revision that is replaced */
    const char *consent; /* when the subject agreed; only for the form of eligibility */
    const char *const *visit; /* of its visit's forms; the first: it was begun under */
    size_t visit_count;
};

/* Fill in `visit` from the FORMS of the subject for the visit of KEY. It was begun under the
 * version of the form with its date; while there is none, of the one that came first. Common
 * events have no end and are no visits: nothing is filled in. FORM_DEFS tells both. */
void form_versions_of_visit(const struct metadata_version *form_defs,
                            const struct form_key *key, const struct visit_form *forms,
                            size_t count, struct arena *arena,
                            struct form_versions *versions);

enum form_version_why { BY_SITE, BY_VISIT, BY_CONSENT };

/* The version to make a form under; *ret_why (may be NULL) is BY_SITE when it is the one in
 * force. NULL when nothing is known. */
const char *form_version_choose(const struct form_versions *versions,
                                enum form_version_why *ret_why);

bool form_version_is_taken(const struct form_versions *versions, const char *version);

/* ---- when the subject agreed ---- */

struct agreement {
    const struct state *state;              /* definitions and site versions */
    const char *site;                       /* of the subject */
    uint64_t size;                          /* what the first SIZE entries said */
    const struct metadata_version *version; /* by which forms are read; may be NULL */
    const struct casebook *book;            /* may be NULL */
    const struct form_data *form;           /* the form at hand, or NULL */
    const struct form_def *form_def;
    const struct zone *zone;
};

/* The version in force when the subject agreed, as the form at hand or the casebook says. NULL
 * where that is not known, or no site ever changed its version. */
const char *version_when_agreed(const struct agreement *agreement);

#endif
