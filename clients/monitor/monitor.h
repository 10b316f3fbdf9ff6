/* SPDX-License-Identifier: Apache-2.0 */
/*
** monitor: the commands of crf-monitor; main.c has their table and their help.
*/
#ifndef CRFD_CLIENTS_MONITOR_H
#define CRFD_CLIENTS_MONITOR_H

#include "clients/lib/command.h"

extern const struct option VERIFY_OPTIONS[], REPORT_OPTIONS[], BUNDLE_OPTIONS[],
    RECEIPT_OPTIONS[];

status monitor_verify(struct invocation *run, struct err *err);
status monitor_report(struct invocation *run, struct err *err);
status monitor_history(struct invocation *run, struct err *err);
status monitor_status(struct invocation *run, struct err *err);
status monitor_verify_bundle(struct invocation *run, struct err *err);
status monitor_verify_receipt(struct invocation *run, struct err *err);

#endif
