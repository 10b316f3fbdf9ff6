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
    {"safety", "VERB [NAME..]", 0, 3,
     "safety cases: what is due, opinions, acknowledgements, holds, test alarm",
     "  due         clocks that run, the most urgent first (also without a verb)\n"
     "  list        every case: SUSAR or not, both opinions, who has it\n"
     "  assess      the sponsor's opinion, by the role safety; never lowers the "
     "investigator's\n"
     "  ack         I have this report in hand; answers a test alarm with --code\n"
     "  hold, lift  stop an activity at once; let it go on, citing the decision; two "
     "persons\n"
     "  milestone   authority-report, urgent-measure, serious-breach, safety-halt\n"
     "  alarm       test alarm: a code to read out at the safety phone number\n\n"
     "  crf-sponsor safety due --json\n"
     "  crf-sponsor safety ack SAE-0003\n"
     "  crf-sponsor safety assess SAE-0003 --causality related --expectedness unexpected\n"
     "  crf-sponsor safety assess SAE-0004 --duplicate-of SAE-0003\n"
     "  crf-sponsor safety hold dosing site/01 --reason 'fever in two subjects'\n"
     "  crf-sponsor safety lift dosing study --reason 'DSMB: go on' --decision 'DSMB "
     "letter "
     "3' \\\n      --document letter3.pdf\n"
     "  crf-sponsor safety milestone authority-report --about SAE-0003",
     SAFETY_OPTIONS, sponsor_safety},
    {"trace", "BATCH|SUBJECT", 1, 1,
     "where a batch came from and who had it; what a subject was given",
     "Both ways, from the verified log: donation, culture, batch, bag, and back.\n\n"
     "  crf-sponsor trace M06-007-B1\n"
     "  crf-sponsor trace 007-K --json",
     NULL, sponsor_trace},
    {"lock", "[SCOPE]", 0, 1, "close a scope; two persons: the first asks, the second does",
     "SCOPE is study (when left out), site/SITE, subject/SUBJECT or a form. --check lists "
     "what "
     "would\n"
     "stop it in plain words: partial and unsigned forms, open queries, the safety inbox; "
     "and\n"
     "forms that were refused and have not come again.\n"
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
     "  crf-sponsor export --size 412 --output interim.tar      for the DSMB, without a "
     "lock\n"
     "  crf-sponsor export --deidentified --output public.tar",
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
