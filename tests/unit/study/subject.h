/* SPDX-License-Identifier: Apache-2.0 */
/*
** subject: the forms of the synthetic subject 007-K (tests/support/mabs06) for the tests of the
** checks, and small edits of them. An edit is one text:
**
**     IT.INFSIDE=R          an answer (in the first group of the form that can hold it)
**     2:IT.ANGPAT=N         in the second instance of that group (made if it is not there)
**     IT.LBHB=12.1@MU.HB.GDL   with a unit
**     IT.TCSHARE=!nd broken    no value: !nd, !unk, !na, with an optional reason
**     IT.NARR=*200          a text of 200 characters
**     IT.INFENDTC           taken out
**     state=partial, event=SE.V9, form=F.X, repeat=k1, number=AE-2, group=IG.X
*/
#ifndef CRFD_TESTS_UNIT_STUDY_SUBJECT_H
#define CRFD_TESTS_UNIT_STUDY_SUBJECT_H

#include "protocol/study/check.h"

struct subject {
    struct arena *arena;
    const struct metadata_version *version;
    const struct form_data **forms; /* in the order of the file names */
    const char **names;             /* "26-V4-INFUSION" */
    size_t count;
};

/* Read the definition and all forms; fails the program when one does not load. */
struct subject subject_load(void);

/* The form of that file name ("26-V4-INFUSION", also of mabs06-apart), with EDITS (may be
 * NULL, else NULL-terminated) applied. */
const struct form_data *subject_form(struct subject *subject, const char *name,
                                     const char *const *edits);

/* All forms but those named in WITHOUT (NULL-terminated), and with WITH instead of the form of
 * its key (may be NULL). */
struct casebook subject_book(struct subject *subject, const char *const *without,
                             const struct form_data *with);

#endif
