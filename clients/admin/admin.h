/* SPDX-License-Identifier: Apache-2.0 */
/*
** admin: the commands of crf-admin, for its table in main.c.
*/
#ifndef CRFD_CLIENTS_ADMIN_H
#define CRFD_CLIENTS_ADMIN_H

#include "clients/lib/command.h"

/* study.c: the study and its sites */
status admin_founder(struct invocation *run, struct err *err);
status admin_study(struct invocation *run, struct err *err);
status admin_site(struct invocation *run, struct err *err);

/* amend.c: study amend, study diff */
status admin_study_amend(struct invocation *run, struct err *err);
status admin_study_diff(struct invocation *run, struct err *err);

/* cases.c: study test */
status admin_study_test(struct invocation *run, struct err *err);
status admin_study_dictionary(struct invocation *run, struct err *err);

/* check.c: study check */
status admin_study_check(struct invocation *run, struct err *err);

/* people.c: who may do what */
status admin_invite(struct invocation *run, struct err *err);
status admin_confirm(struct invocation *run, struct err *err);
status admin_suspend(struct invocation *run, struct err *err);
status admin_revoke(struct invocation *run, struct err *err);
status admin_grant(struct invocation *run, struct err *err);
status admin_withdraw(struct invocation *run, struct err *err);
status admin_people(struct invocation *run, struct err *err);

extern const struct option FOUNDER_OPTIONS[], STUDY_OPTIONS[], SITE_OPTIONS[],
    INVITE_OPTIONS[], KEY_OPTIONS[], ROLE_OPTIONS[];

#endif
