/* SPDX-License-Identifier: Apache-2.0 */
/*
** crf-site: what nurses and investigators do. The table is the manual.
*/
#include "clients/lib/common.h"
#include "clients/site/site.h"

static const struct command commands[] = {
    COMMON_JOIN,
    COMMON_SESSION,
    {"enrol", "[NUMBER]", 0, 1, "a person who consented becomes a subject",
     "The number gets its check character; without a number, the next free one.\n\n"
     "  crf-site enrol 007",
     YES_OPTIONS, site_enrol},
    {"fill", "[SUBJECT] [VISIT] [FORM]", 0, 3,
     "enter a visit or a form, question by question",
     "Enter keeps what is there; ? shows what can be answered; . stops and keeps a draft,\n"
     "which the same command takes up again. Checks are shown before you sign.\n\n"
     "  crf-site fill 007-K V4\n"
     "  crf-site fill 007-K V4 IN\n"
     "  crf-site fill 007-K AE",
     YES_OPTIONS, site_fill},
    {"form", "SUBJECT VISIT|FORM|NUMBER [FORM]", 2, 3, "a page of text to fill in",
     "With what is known already; --blank without. --edit opens it in your editor; what "
     "you\n"
     "type lies in memory only, is checked when you leave, and is signed and sent when "
     "you\n"
     "say so; unfinished it is a draft, which the same command takes up again.\n"
     "--output writes it to a file: send that with crf-site submit.\n\n"
     "  crf-site form 007-K V4 --edit\n"
     "  crf-site form 007-K V4 --output v4.txt\n"
     "  crf-site form 007-K SAE-0003",
     FORM_OPTIONS, site_form},
    {"check", "FILE", 1, 1, "check a page without sending it; works offline",
     "Writes what it finds into the file, above the lines it means, as #! lines.",
     CHECK_OPTIONS, site_check},
    {"submit", "FILE", 1, 1, "check, sign and send a page of text or JSON",
     "Nothing is lost: what cannot be sent now waits in the outbox, what is refused is a\n"
     "draft. JSON is the data of one form, or {\"forms\":[...],\"reason\":\"...\"}.\n\n"
     "  crf-site submit v4.txt",
     YES_OPTIONS, site_submit},
    {"import", "FILE", 1, 1, "clinical data of another system, from an ODM 1.3 file",
     "Each form is checked, signed and sent like one you enter, and the report says for\n"
     "each: accepted, asked, refused or unchanged. The same file again sends nothing.\n"
     "Subjects must be enrolled before.\n\n"
     "  crf-site import export.xml --check\n"
     "  crf-site import export.xml --yes --reason 'moved from the old system'",
     IMPORT_OPTIONS, site_import},
    {"sae", "[SUBJECT|SAE-0003]", 0, 1,
     "report a serious event: three questions, sent at once",
     "Everything else can follow later: crf-site sae SAE-0003. What was told by phone or\n"
     "on paper before says so: the site's clock stopped then. What turns out to be no\n"
     "serious event, or was entered in error, is nullified with the reason.\n\n"
     "  crf-site sae 007-K\n"
     "  crf-site sae 007-K --what 'weak right arm' --aware '2026-04-18 02:10'\n"
     "  crf-site sae 007-K --from AE-0002 --aware now\n"
     "  crf-site sae 007-K --told '2026-04-18 02:25' --by phone\n"
     "  crf-site sae SAE-0003 --nullify --reason 'not serious: no admission'",
     SAE_OPTIONS, site_sae},
    {"opinion", "SAE-0003", 1, 2, "investigator: is the event related, is it serious?",
     "Beside what the report says. A hold that waits for it ends when the sponsor's\n"
     "physician, too, says that the event is unrelated.\n\n"
     "  crf-site opinion SAE-0003 --related no --comment 'fell from a ladder'",
     OPINION_OPTIONS, site_opinion},
    {"clear", "SUBJECT VISIT", 2, 2,
     "may the product be given now? GO with a number, or STOP with each reason",
     "Ask shortly before the act. Without a line: phone, and record it afterwards. What "
     "was\n"
     "given is always recorded, with or without GO: crf-site fill.\n\n"
     "  crf-site clear 007-K V4 --batch M06-007-B1\n"
     "  crf-site clear 007-K V4 --batch M06-007-B1 --phoned-by 'Dr S.' --phoned-at "
     "10:20\n\n"
     "Ends with 0 for GO, 4 for STOP, 2 when there is no line: phone.",
     CLEAR_OPTIONS, site_clear},
    {"product", "receive|release|recall BATCH", 2, 2,
     "pharmacy: what comes into the ledger, is released, or recalled",
     "Results and tests are ledger forms: crf-site fill BATCH.\n\n"
     "  crf-site product receive D-007 --kind donation --donor 007-K\n"
     "  crf-site product receive M06-007-B1 --parents K-007 --expiry "
     "'2026-03-14 16:00'\n"
     "  crf-site product release M06-007-B1\n"
     "  crf-site product recall M06-007-B1 --reason 'sterility positive'",
     PRODUCT_OPTIONS, site_product},
    {"subject", "SUBJECT STATUS", 2, 2,
     "eligible, randomised, completed, withdrawn, dead, 'screen failure'",
     "Becoming eligible or randomised is gated by the study's conditions.\n\n"
     "  crf-site subject 007-K eligible",
     NULL, site_subject},
    {"sign", "[SUBJECT...]", 0, -1, "investigator: endorse forms, many at once",
     "Shows what is open on them; each open finding is resolved first or confirmed with a\n"
     "reason. Without a subject: all of the site.\n\n"
     "  crf-site sign 007-K",
     SIGN_OPTIONS, site_sign},
    {"retract", "NUMBER|SUBJECT VISIT [FORM]", 1, 3,
     "take a form back: wrong subject, made in "
     "error",
     "History stays, and says where the right one is.\n\n"
     "  crf-site retract 007-K V4 IN --reason 'wrong subject'\n"
     "  crf-site retract AE-0002 --reason 'made in error'",
     RETRACT_OPTIONS, site_retract},
    COMMON_OUTBOX,
    {"drafts", "[NUMBER [remove]]", 0, 2, "what was refused or is half done", NULL, NULL,
     site_drafts},
    {"merge", "DRAFT", 1, 1, "somebody was faster: see both versions and choose",
     "  crf-site merge 12\n  crf-site merge 12 --mine --reason 'read from the source'",
     MERGE_OPTIONS, site_merge},
    COMMON_RECEIPTS,
    {"history", "SUBJECT [VISIT|NUMBER [FORM]]", 1, 3, "who changed what, when and why",
     "  crf-site history 007-K V4 IN\n  crf-site history SAE-0003\n"
     "  crf-site history subject/007-K",
     NULL, site_history},
    {"due", "[SUBJECT]", 0, 1, "what is missing, overdue or asked", NULL, NULL, site_due},
    {"print", "FORM|VISIT", 1, 1, "a blank form for the binder",
     "  crf-site print SAE | lp", NULL, site_print},
    COMMON_WHOAMI,
    {"status", "", 0, 0, "connection, log, outbox, drafts", NULL, NULL, site_status},
    {0},
};

static const struct program program = {
    "crf-site", "enter, correct and sign case report forms", commands, "session"};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
