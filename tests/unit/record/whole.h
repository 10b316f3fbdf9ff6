/* SPDX-License-Identifier: Apache-2.0 */
/*
** whole: subject 007-K of MABS06 from consent to the lock of its site: every form of
** tests/support/mabs06 in its order, then signatures for all of them, a lock by two persons.
*/
#ifndef CRFD_TESTS_RECORD_WHOLE_H
#define CRFD_TESTS_RECORD_WHOLE_H

#include "tests/unit/record/play.h"

#define WHOLE_XML   "protocol/trials/mabs06.xml"
#define WHOLE_FORMS "tests/support/mabs06"

struct scene *whole_forms(void);          /* all forms, none signed yet */
void whole_close(struct scene *scene);    /* signs what is there and locks the site */
void whole_sign_all(struct scene *scene); /* every form of every subject */
void whole_lock(struct scene *scene);     /* the site, by two persons */

#endif
