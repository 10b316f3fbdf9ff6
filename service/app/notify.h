/* SPDX-License-Identifier: Apache-2.0 */
/*
** notify: tell systemd what we are doing (sd_notify(3)'s protocol: one datagram to
** $NOTIFY_SOCKET). Without that variable, nothing happens.
*/
#ifndef CRFD_SERVICE_NOTIFY_H
#define CRFD_SERVICE_NOTIFY_H

void notify_ready(void);
void notify_stopping(void);
void notify_alive(void); /* the watchdog's food */

#endif
