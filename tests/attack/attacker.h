/* SPDX-License-Identifier: Apache-2.0 */
/*
** attacker: a database superuser who knows this project and rewrites a study's log.
**
**     attack_sql(trial, "update crfd.body set ... where log_id = :log and seq = 7");
**     attack_chain(trial, 7);     make prev and leaf of 7 and all behind it fit again
**     attack_tree(trial);         head, roots and tiles, too: now the database is consistent
**
** Triggers and foreign keys are off (session_replication_role = replica) and the checks of
** `entry` are dropped, as only the owner of the server can do. What he does not have: the log
** key, the high-water file, people's keys, and what clients and monitors keep.
*/
#ifndef CRFD_TESTS_ATTACKER_H
#define CRFD_TESTS_ATTACKER_H

#include "tests/support/trialtmp.h"

/* Run SQL; ":log" is the number of the first study's log. Ends the program on an error. Returns
 * the first value; the caller frees. */
char *attack_sql(struct trial *trial, const char *sql);

void attack_chain(struct trial *trial, uint64_t from);
void attack_tree(struct trial *trial);

#endif
