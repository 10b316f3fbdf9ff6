/* SPDX-License-Identifier: Apache-2.0 */
/*
** crf-admin: open a study, its sites and its people. Nothing here has more rights than the
** key it signs with: every command but `migrate` is a record like any other.
*/
#include <errno.h>
#include <unistd.h>

#include "clients/admin/admin.h"
#include "clients/lib/common.h"
#include "clients/lib/says.h"

static status not_reached(struct invocation *run, struct err *err)
{
    return FAIL(err, ERR_BUG, "%s migrate was not handed on", run->program->name);
}

static const struct command commands[] = {
    {"migrate", "[ARGUMENTS]", 0, -1, "bring a database to this version's schema",
     "Runs crfd-migrate, which lies beside this program, with the same arguments.", NULL,
     not_reached},
    {"founder", "", 0, 0, "make the founder's key, before the service knows the study",
     "Prints the thumbprint that goes into the service's configuration.\n\n"
     "  crf-admin founder --url https://edc.example.org --study-id MABS06 \\\n"
     "      --origin edc.example.org/s/7f3a91 --name 'A. de Vries' --authority ca.pem",
     FOUNDER_OPTIONS, admin_founder},
    {"study", "check|open|amend|diff|test|dictionary FILE [FILE]", 2, 3,
     "check or test a definition, open the study, publish a version, compare two",
     "'check' lists every reason why an ODM file does not load, with its line, its rule "
     "and\n"
     "what to do; strictly, unless --accept-deviations. It needs no key and no service. "
     "Exit\n"
     "codes of its own: 0 loads, 1 refused, 2 not read. With --json, an object with\n"
     "'findings'.\n"
     "'open' checks the ODM file, uploads it, signs study.open (founder). 'amend' says in\n"
     "plain words what a further version changes and how many forms that are there would\n"
     "now be asked about, then publishes it; 'site version' brings it into force. 'diff'\n"
     "compares two files without a service. 'test' runs your own cases (a casebook in,\n"
     "findings out; protocol/cases.md): 0 all as expected, 1 differs, 2 not read.\n"
     "'dictionary' uploads terms, grades or limits (protocol/dictionaries.md) and signs "
     "that\n"
     "they stand for the name and version in the file.\n\n"
     "  crf-admin study check export.xml --accept-deviations\n"
     "  crf-admin study open protocol/trials/mabs06.xml\n"
     "  crf-admin study diff mabs06.xml mabs06-2.xml\n"
     "  crf-admin study amend mabs06-2.xml --check\n"
     "  crf-admin study test mabs06.xml mabs06.cases\n"
     "  crf-admin study dictionary ctcae-5.tsv",
     STUDY_OPTIONS, admin_study},
    {"site", "open|version SITE", 2, 2,
     "open a site, or bring a definition into force there",
     "  crf-admin site open NL01 --name 'MUMC+' --country NL \\\n"
     "      --timezone Europe/Amsterdam --language nl\n"
     "  crf-admin site version NL01 --version MDV.2 --sha256 HEX --approval METC-26-041",
     SITE_OPTIONS, admin_site},
    {"invite", "NAME", 1, 1, "invite a person: writes the invitation file to hand over",
     "The file holds a one-time code: give it by hand or sealed, not by plain mail.\n\n"
     "  crf-admin invite 'B. Jansen' --role investigator --site NL01 --output jansen.crf",
     INVITE_OPTIONS, admin_invite},
    {"confirm", "PERSON", 1, 1, "confirm that a key is this person's, after comparing it",
     "Ask the person to read the fingerprint from their screen (crf-site whoami), by "
     "phone\n"
     "or in person. In a script, --kid says which key was compared.\n\n"
     "  crf-admin confirm p-0002",
     KEY_OPTIONS, admin_confirm},
    {"suspend", "PERSON", 1, 1, "a key is not to be trusted until confirmed again",
     "  crf-admin suspend p-0002 --reason 'computer lost'", KEY_OPTIONS, admin_suspend},
    {"revoke", "PERSON", 1, 1, "end a key for ever",
     "  crf-admin revoke p-0002 --since 2026-03-01T00:00:00Z --reason 'computer stolen'",
     KEY_OPTIONS, admin_revoke},
    {"grant", "PERSON ROLE", 2, 2, "give a role: this is the delegation log",
     "Roles: investigator coordinator monitor data-manager sponsor safety rater "
     "pharmacist\n"
     "registrar inspector.\n\n"
     "  crf-admin grant p-0002 investigator --site NL01 --from 2026-01-05T00:00:00Z",
     ROLE_OPTIONS, admin_grant},
    {"withdraw", "PERSON ROLE", 2, 2, "end a role",
     "  crf-admin withdraw p-0002 investigator --site NL01", ROLE_OPTIONS, admin_withdraw},
    {"people", "", 0, 0, "people, their keys and roles", NULL, NULL, admin_people},
    COMMON_SESSION,
    COMMON_OUTBOX,
    COMMON_RECEIPTS,
    COMMON_WHOAMI,
    {0},
};

static const struct program program = {
    "crf-admin", "open a study, its sites and its people", commands, NULL};

/* Become crfd-migrate, which lies in the same folder as this program. */
static int migrate(char **argv)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    char self[4096];
    ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);
    if (size > 0) {
        self[size] = '\0';
        char *slash = strrchr(self, '/');
        *(slash != NULL ? slash : self) = '\0';
        bytes_printf(&path, "%s/crfd-migrate", self);
        (void) execv(bytes_text(&path), argv + 1);
    }
    int code = errno;
    fprintf(stderr,
            says_in(program_language(), "crf-admin: %s cannot be started: %s\n",
                    "crf-admin: %s kan niet worden gestart: %s\n"),
            bytes_text(&path), strerror(code));
    return EXIT_UNAVAILABLE;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "migrate") == 0) {
        return migrate(argv);
    }
    return program_main(&program, argc, argv);
}
