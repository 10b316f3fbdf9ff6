/* SPDX-License-Identifier: Apache-2.0 */
/*
** alarm: tell people outside: a command of the operator's is run when a report came, when
** nobody acknowledged it in time, when a clock is about to run out or has, and for a test
** alarm.
**
**     COMMAND EVENT STUDY REPORT CLOCK DUE
**     /etc/crfd/notify sae MABS06 SAE-0003 ack 2026-11-21T14:02:11.000000Z
**
** Events: sae, escalation, due-soon, overdue, alarm-test. REPORT is the number that people use,
** or "-"; no subject, no site, no clinical value is given. The command finds nothing on stdin,
** gets a minute, and its result is not looked at: what counts is a person's safety.ack.
**
** What is told comes from the clocks in the state, looked at every few seconds, so a restart
** tells again what is still unacknowledged: better twice than never.
*/
#ifndef CRFD_SERVICE_ALARM_H
#define CRFD_SERVICE_ALARM_H

#include "service/flow/service.h"

struct alarm;

/* COMMAND: an absolute path; "" tells nobody. AHEAD: how long before its time a clock counts
 * as due soon. */
struct alarm *alarm_new(struct service *service, const char *command, instant ahead);
void alarm_free(struct alarm *alarm); /* accepts NULL */

#endif
