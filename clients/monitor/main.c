/* SPDX-License-Identifier: Apache-2.0 */
/*
** crf-monitor: check that the study's log is whole and unchanged, without trusting its service.
*/
#include "clients/lib/common.h"
#include "clients/monitor/monitor.h"

static const struct command commands[] = {
    {"verify", "", 0, 0, "is the log whole and unchanged? reads and checks all of it",
     "Checks the signed head, every entry, every body and every signature, with the log's\n"
     "key from your invitation. Exit code 0: it holds. 1: evidence of tampering; what was\n"
     "found is kept in the client folder under evidence/, and the first bad entry is "
     "named.\n"
     "2: the service is away.\n\n"
     "  crf-monitor verify\n"
     "  crf-monitor verify --incremental      only what came since the last time\n"
     "  crf-monitor verify --recheck          and decide every record again",
     VERIFY_OPTIONS, monitor_verify},
    {"report", "", 0, 0, "a report to file: what was verified, and what the log says",
     "Verifies the whole log first, then says size, root, time, holds, counts, clocks of\n"
     "safety reports, open queries, locks, people, keys and roles in plain words. With\n"
     "--since, what changed since a visit at that size.\n\n"
     "  crf-monitor report > visit-3.txt\n"
     "  crf-monitor report --since 412 > visit-4.txt",
     REPORT_OPTIONS, monitor_report},
    {"history", "OBJECT", 1, 1, "every entry about one form, person, query or scope",
     "Reads and verifies the whole log; each line is shown after it has passed. Believe "
     "it\n"
     "only if the exit code is 0.\n\n"
     "  crf-monitor history subject/NL01-004/SE.V4/-/F.INFUSION/-\n"
     "  crf-monitor history person/p-0042 --json",
     NULL, monitor_history},
    {"verify-receipt", "RECORD RECEIPT", 2, 2,
     "does a receipt prove that a record is in the log?",
     "Needs no network. RECORD is the signed line (.jws), RECEIPT its proof (.proof), as\n"
     "crf-site keeps them in receipts/. The log's key comes from your passport, from\n"
     "--passport FILE (an invitation or passport), or from --vkey.\n\n"
     "  crf-monitor verify-receipt 413.jws 413.proof\n"
     "  crf-monitor verify-receipt 413.jws 413.proof --passport invitation.crf",
     RECEIPT_OPTIONS, monitor_verify_receipt},
    {"verify-bundle", "FILE", 1, 1, "does an exported dataset hold? no network needed",
     "Verifies the log inside, makes every file of the dataset again from it, compares\n"
     "byte for byte, and checks who signed the export. The log's key comes from your\n"
     "passport, from --passport FILE, or from --vkey; never from the bundle. Exit code 1\n"
     "names the entry or the file that does not hold; 4: it holds, but is not locked.\n\n"
     "  crf-monitor verify-bundle MABS06-412.tar\n"
     "  crf-monitor verify-bundle MABS06-412.tar --passport invitation.crf",
     BUNDLE_OPTIONS, monitor_verify_bundle},
    {"status", "", 0, 0,
     "what this computer has verified, and whether the service is there",
     "Reads nothing of the log.", NULL, monitor_status},
    COMMON_JOIN,
    COMMON_SESSION,
    COMMON_OUTBOX,
    COMMON_RECEIPTS,
    COMMON_WHOAMI,
    {0},
};

static const struct program program = {
    "crf-monitor", "check that a study's log is whole and unchanged", commands, "status"};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
