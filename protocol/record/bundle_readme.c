/* SPDX-License-Identifier: Apache-2.0 */
/*
** README.txt of a bundle. tests/system/bundle_recipe.sh runs the recipe as it stands there; it
** finds the steps by their numbers and the commands by their five spaces.
*/
#include "protocol/record/bundle_impl.h"

static const char WHAT[] =
    "data/odm.xml              the current forms, ODM-XML 1.3.2 Snapshot\n"
    "data/odm-archive.xml      every change of them: ODM-XML 1.3.2 Transactional, "
    "Archival,\n"
    "                          with audit records and signatures\n"
    "data/<form>.<group>.csv   the same as tables; data/dictionary.csv says what "
    "columns mean\n"
    "data/read.R, data/read.sas   read the tables, with labels and codes\n"
    "casebook/<subject>.html   one page for each subject: every value with its history\n"
    "forms/<version>.<language>.html   the blank forms, annotated with CDASH and SDTM\n"
    "data/audit.csv            every change: who, when, from what, to what, why\n"
    "data/signatures.csv       who signed, locked or unlocked what, and what was "
    "accepted open\n"
    "lists/lock.txt            the lock certificate: who closed what, when, accepting "
    "what\n"
    "lists/safety.csv          serious events, deaths, pregnancies, product errors: first "
    "and\n"
    "                          last report, clocks, criteria; also what waits in the "
    "inbox\n"
    "lists/queries.csv, deviations.csv, holds.csv, people.csv   what happened to each\n"
    "tables/*.csv              people, keys, rights, sites, queries, locks, holds\n"
    "definitions/, log/, tile/, keys/, checkpoint   the evidence\n"
    "SHA256SUMS.note, export/  who exported this, signed\n\n"
    "CSV is UTF-8 with commas. A text that a spreadsheet would take for a formula has "
    "an\n"
    "apostrophe in front. A column X of data/ has beside it X_C (label of the code), X_U "
    "(unit\n"
    "as entered), X_V and X_VU (number in the base unit), X_P (precision of a date), X_N "
    "(why\n"
    "there is no value). Dates are text as entered.\n\n"
    "Not here, because this version has no such records: source data verification, coding "
    "of\n"
    "terms, reconciliation of serious events with a safety database.\n\n";

static const char RECIPE[] =
    "Verify with nothing but sha256sum, base64, sed, xxd and openssl (bash):\n\n"
    "1. The files are whole:\n"
    "     sha256sum -c SHA256SUMS\n"
    "2. Entry 412 is chained: the line `prev` of entry 413 is\n"
    "     { printf '\\0'; cat log/entry/000/000412; } | openssl dgst -sha256 -binary | "
    "base64\n"
    "3. Body 412 is what entry 412 commits to: the second word of its line `body` is\n"
    "     openssl dgst -sha256 -binary log/body/000/000412 | base64\n"
    "4. The record in body 412 was signed by the key in its line `key`:\n"
    "     record=$(tail -c +33 log/body/000/000412 | head -n 1)\n"
    "     field() { sed \"s/.*\\\"$1\\\":\\\"\\([^\\\"]*\\)\\\".*/\\1/\" "
    "<<<\"$record\"; }\n"
    "     bin() { s=$(tr '_-' '/+'); while [ $((${#s} % 4)) != 0 ]; do s=$s=; done; "
    "base64 -d <<<\"$s\"; }\n"
    "     printf '%s.%s' \"$(field protected)\" \"$(field payload)\" >input\n"
    "     field signature | bin >sig\n"
    "     key=keys/$(sed -n 's/^key //p' log/entry/000/000412).pem\n"
    "   Ed25519:\n"
    "     openssl pkeyutl -verify -pubin -inkey \"$key\" -rawin -in input -sigfile "
    "sig\n"
    "   ES256 (the signature becomes DER first):\n"
    "     h=$(xxd -p -c 64 sig)\n"
    "     printf 'asn1=SEQUENCE:s\\n[s]\\nr=INTEGER:0x%s\\ns=INTEGER:0x%s\\n' "
    "${h:0:64} ${h:64} >c\n"
    "     openssl asn1parse -genconf c -noout -out sig.der\n"
    "     openssl dgst -sha256 -verify <(cat \"$key\") -signature sig.der input\n"
    "   What was signed:  field payload | bin\n"
    "5. The checkpoint is the log's (key: the last 32 bytes of the decoded log.vkey, "
    "behind\n"
    "   its second plus sign):\n"
    "     { printf 302a300506032b6570032100; sed 's/^[^+]*+[^+]*+//' log.vkey | base64 "
    "-d | "
    "tail -c 32 | xxd -p -c 32; } | tr -d '\\n' | xxd -r -p >vkey.der\n"
    "     sed '/^$/,$d' checkpoint >text\n"
    "     sed -n '/^$/,$p' checkpoint | sed -n 2p | sed 's/.* //' | base64 -d | tail "
    "-c 64 >note.sig\n"
    "     openssl pkeyutl -verify -pubin -keyform DER -inkey vkey.der -rawin -in text "
    "-sigfile note.sig\n"
    "   Its second line is the number of entries, its third the root of the tree (RFC "
    "6962)\n"
    "   over all of them.\n"
    "6. Who exported it: export/record.jws is a record like the one of step 4 "
    "(record=$(cat\n"
    "   export/record.jws); its key is keys/<kid of its header>.pem). It names the SHA-256 "
    "of\n"
    "   SHA256SUMS, and the key that signed SHA256SUMS.note; that key was made for this "
    "one\n"
    "   note and forgotten. With field and bin of step 4:\n"
    "     record=$(cat export/record.jws)\n"
    "     field payload | bin | sed 's/.*\"note_vkey\":\"\\([^\"]*\\)\".*/\\1/' "
    ">note.vkey\n"
    "     { printf 302a300506032b6570032100; sed 's/^[^+]*+[^+]*+//' note.vkey | base64 "
    "-d | "
    "tail -c 32 | xxd -p -c 32; } | tr -d '\\n' | xxd -r -p >vkey.der\n"
    "     sed '/^$/,$d' SHA256SUMS.note >text\n"
    "     sed -n '/^$/,$p' SHA256SUMS.note | sed -n 2p | sed 's/.* //' | base64 -d | tail "
    "-c 64 >note.sig\n"
    "     openssl pkeyutl -verify -pubin -keyform DER -inkey vkey.der -rawin -in text "
    "-sigfile note.sig\n"
    "     sed -n 4p text | sha256sum -c\n"
    "   Lines 2 and 3 of the note are size and root, the same as the checkpoint's.\n";

status bundle_readme(struct bundling *b, struct err *err)
{
    char time[INSTANT_SIZE];
    TRY(file_begin(b, err, "README.txt"));
    instant_format(b->time, time);
    bytes_printf(
        &b->buffer, "Dataset of the log %s, its first %llu entries, last entry at %s.\n\n",
        state_origin(b->state), (unsigned long long) state_head(b->state).size, time);
    bytes_add_text(&b->buffer, WHAT);
    bytes_add_text(&b->buffer, RECIPE);
    return file_end(b, err);
}
