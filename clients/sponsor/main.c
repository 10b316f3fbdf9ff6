/* SPDX-License-Identifier: Apache-2.0 */
/*
** crf-sponsor: see where the study stands, lock it, take the dataset home.
*/
#include "clients/lib/common.h"
#include "clients/sponsor/sponsor.h"

static const struct command commands[] = {
    {"status", "", 0, 0, "holds first, then counts, safety clocks, open queries, locks",
     "Reads and verifies the whole log, so what it says is what the log says.\n\n"
     "  crf-sponsor status\n"
     "  crf-sponsor status --json",
     NULL, sponsor_status},
    {"people", "", 0, 0, "people, their keys and roles, from the verified log",
     "  crf-sponsor people", NULL, sponsor_people},
    {"lock", "[SCOPE]", 0, 1, "close a scope; two persons: the first asks, the second does",
     "SCOPE is study (when left out), site/SITE, subject/SUBJECT or a form. --check lists "
     "what "
     "would\n"
     "stop it in plain words: partial and unsigned forms, open queries, the safety inbox.\n"
     "Whatever is open at the lock must be accepted with a reason.\n\n"
     "  crf-sponsor lock study --check\n"
     "  crf-sponsor lock site/NL01 --reason 'last visit done, data clean'\n"
     "  crf-sponsor lock study --reason 'database lock' --confirm 'see DM report 7'",
     LOCK_OPTIONS, sponsor_lock},
    {"unlock", "[SCOPE]", 0, 1, "open a scope again; two persons",
     "  crf-sponsor unlock subject/NL01-004 --reason 'wrong date found'", UNLOCK_OPTIONS,
     sponsor_unlock},
    {"export", "", 0, 0, "the dataset as one file that anyone can verify",
     "Verifies the log, makes ODM, CSV, audit trail and evidence from it, signs the "
     "export\n"
     "and puts its receipt in. Everyone who exports the same size gets the same files; "
     "only\n"
     "export/record.jws and export/receipt.proof in the archive are the signer's own. An\n"
     "export without a lock is an interim cut and says so.\n\n"
     "  crf-sponsor export --output MABS06.tar\n"
     "  crf-sponsor export --size 412 --output interim.tar",
     EXPORT_OPTIONS, sponsor_export},
    {"recheck", "", 0, 0, "what another version of the definition would say of the data",
     "Judges every form by the version it was made under and by another one, and lists "
     "where\n"
     "they differ: form, rule, place. No data are changed and no value is shown. A data\n"
     "manager can open a query for each new question.\n\n"
     "  crf-sponsor recheck --version MDV.2\n"
     "  crf-sponsor recheck --version MDV.2 --open",
     RECHECK_OPTIONS, sponsor_recheck},
    COMMON_JOIN,
    COMMON_SESSION,
    COMMON_OUTBOX,
    COMMON_RECEIPTS,
    COMMON_WHOAMI,
    {0},
};

static const struct program program = {
    "crf-sponsor", "see where a study stands, lock it, export it", commands, "status"};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
