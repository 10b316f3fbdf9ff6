/* SPDX-License-Identifier: Apache-2.0 */
/*
** sponsor: the commands of crf-sponsor; main.c has their table and their help.
*/
#ifndef CRFD_CLIENTS_SPONSOR_H
#define CRFD_CLIENTS_SPONSOR_H

#include "clients/lib/command.h"

extern const struct option LOCK_OPTIONS[], UNLOCK_OPTIONS[], EXPORT_OPTIONS[],
    RECHECK_OPTIONS[], SAFETY_OPTIONS[];

status sponsor_status(struct invocation *run, struct err *err);
status sponsor_people(struct invocation *run, struct err *err);
status sponsor_lock(struct invocation *run, struct err *err);
status sponsor_unlock(struct invocation *run, struct err *err);
status sponsor_safety(struct invocation *run, struct err *err);
status sponsor_recheck(struct invocation *run, struct err *err);
status sponsor_trace(struct invocation *run, struct err *err);
status sponsor_export(struct invocation *run, struct err *err);

#endif
