/* SPDX-License-Identifier: Apache-2.0 */
/*
** watcher: the study's monitor on a computer of her own, who has verified the log before:
** `crf-monitor verify` as she runs it.
*/
#ifndef CRFD_TESTS_WATCHER_H
#define CRFD_TESTS_WATCHER_H

#include "tests/support/trialtmp.h"

struct watcher;

/* Her folder (key, passport), and a first verification, which must succeed. */
struct watcher *watcher_start(struct trial *trial);
void watcher_stop(struct watcher *watcher);

/* Run it, with what she knew after watcher_start(). Returns the exit code; OUT: its words. */
int watcher_verify(struct watcher *watcher, struct bytes *out);

#endif
