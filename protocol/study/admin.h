/* SPDX-License-Identifier: Apache-2.0 */
/*
** admin: the AdminData of a definition file: users, places, signature meanings, and which
** version is in force where since when, as the file's writer saw it.
**
** crfd takes nobody's rights and no activation from it (people, sites and versions are records
** of the log); it is there to be shown, and to translate the UserOIDs and LocationOIDs of
** imported audit records. All text members are "" when absent. Tables are sorted by OID.
** Source: ODM 1.3.2 chapter 3.1.2.
*/
#ifndef CRFD_STUDY_ADMIN_H
#define CRFD_STUDY_ADMIN_H

#include <stddef.h>

struct admin_user {
    const char *oid, *type; /* "Investigator" */
    const char *login, *display_name, *full_name, *first_name, *last_name, *organization;
    const char *email;            /* the first */
    const char *const *locations; /* LocationOIDs */
    size_t location_count;
};

struct admin_version_ref {
    const char *study, *version; /* OIDs */
    const char *effective;       /* "2026-01-05" */
};

struct admin_location {
    const char *oid, *name, *type; /* "Site" */
    const struct admin_version_ref *versions;
    size_t version_count;
};

struct admin_signature {
    const char *oid, *methodology, *meaning, *legal_reason;
};

struct admin_data {
    const struct admin_user *const *users;
    size_t user_count;
    const struct admin_location *const *locations;
    size_t location_count;
    const struct admin_signature *const *signatures;
    size_t signature_count;
};

/* By OID; NULL when there is none (or OID is NULL). */
const struct admin_user *admin_user(const struct admin_data *admin, const char *oid);
const struct admin_location *admin_location(const struct admin_data *admin,
                                            const char *oid);
const struct admin_signature *admin_signature(const struct admin_data *admin,
                                              const char *oid);

#endif
