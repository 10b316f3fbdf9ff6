/* SPDX-License-Identifier: Apache-2.0 */
/*
** Founder, study, sites. The founder is the one key that the service's configuration names;
** everything else about the study is told by its log.
*/
#include "base/text.h"
#include "clients/admin/admin.h"
#include "clients/admin/definition.h"
#include "clients/lib/submit.h"
#include "clients/lib/text_file.h"
#include "crypto/digest.h"
#include "protocol/record/decide.h"
#include "protocol/study/odm.h"

#define DEFINITION_MEDIA "application/xml"

const struct option FOUNDER_OPTIONS[] = {
    {"url", "URL", "the service, https://name[:port]"},
    {"study-id", "NAME", "the study's name in the service's configuration and routes"},
    {"origin", "ORIGIN", "the log's name in the service's configuration"},
    {"name", "NAME", "your printed name"},
    {"study-name", "TEXT", "the study's title for people (else its name)"},
    {"authority", "FILE", "PEM of the authority or of the server's own certificate"},
    {"pin", "PIN", "sha256//... of the server's public key"},
    {"language", "en|nl|fr|de", "the language of the study's staff"},
    {NULL, NULL, NULL},
};
const struct option STUDY_OPTIONS[] = {
    {"name", "TEXT", "the study's title (else that of the definition)"},
    {"version", "OID", "which metadata version of the file (else the last)"},
    {"old", "OID", "diff: which version of the first file (else the last)"},
    {"check", NULL, "amend: only say what it changes; signs nothing"},
    {"accept-deviations", NULL, "load what deviates from ODM but has one reading only"},
    {"include", "FILE",
     "check, diff, test, amend --check: a file with what this one includes"},
    {"study-oid", "OID", "which study of the file (else the first)"},
    {"yes", NULL, "amend: publish without asking; for scripts"},
    {NULL, NULL, NULL},
};
const struct option SITE_OPTIONS[] = {
    {"name", "TEXT", "the site's name"},
    {"country", "CODE", "ISO 3166, NL"},
    {"timezone", "ZONE", "Europe/Amsterdam"},
    {"language", "en|nl|fr|de", "of its staff"},
    {"version", "OID", "site version: which metadata version"},
    {"sha256", "HEX", "site version: digest of its file"},
    {"from", "TIME", "site version: in force from (else now), 2026-01-05T00:00:00Z"},
    {"to", "TIME", "site version: until"},
    {"approval", "TEXT", "site version: the committee's approval"},
    {NULL, NULL, NULL},
};

static status need(const struct invocation *run, const char *name, const char **ret_value,
                   struct err *err)
{
    *ret_value = invocation_option(run, name);
    return *ret_value != NULL && **ret_value != '\0'
               ? OK
               : FAIL(err, ERR_BAD_INPUT, "--%s is needed", name);
}

/* ---- founder ---- */

static status read_founder(struct invocation *run, struct passport *ret_passport,
                           struct err *err)
{
    struct passport passport = {.person = FOUNDER_PERSON, .role = "sponsor"};
    const char *authority = invocation_option(run, "authority");
    TRY(need(run, "url", &passport.url, err));
    TRY(need(run, "study-id", &passport.study, err));
    TRY(need(run, "origin", &passport.origin, err));
    TRY(need(run, "name", &passport.name, err));
    passport.study_name = invocation_option(run, "study-name");
    if (passport.study_name == NULL) {
        passport.study_name = passport.study;
    }
    passport.pin = invocation_option(run, "pin");
    passport.language = invocation_option(run, "language");
    if (passport.language == NULL) {
        passport.language = run->language;
    }
    if (!run->language_given) {
        run->language = passport.language;
    }
    if (authority != NULL) {
        CLEANUP(bytes_done) struct bytes pem = {0};
        TRY(text_file_read(authority, INVITATION_MAX / 2, &pem, err));
        passport.authority = arena_span_text(run->arena, span_bytes(&pem));
    }
    *ret_passport = passport;
    return OK;
}

status admin_founder(struct invocation *run, struct err *err)
{
    CLEANUP(folder_closep) struct folder *folder = NULL;
    CLEANUP(signer_closep) struct signer *signer = NULL;
    CLEANUP(bytes_done) struct bytes text = {0};
    struct passport passport, again;
    const char *path = run->folder_given;
    TRY(read_founder(run, &passport, err));
    if (path == NULL) {
        TRY(folder_path(passport.origin, run->arena, &path, err));
    }
    TRY(folder_open(path, true, &folder, err));
    TRY(signer_make(run, folder, &signer, err));
    passport.founder = passport.kid = signer_kid(signer);
    passport_write(&passport, &text);
    TRY(passport_read(span_bytes(&text), run->arena, &again, err));
    TRY(passport_store(folder, &passport, err));
    say(run,
        "Your key is made. Put this founder's thumbprint into the service's configuration, "
        "then: crf-admin study open DEFINITION\n%s\n",
        "Uw sleutel is gemaakt. Zet deze vingerafdruk van de oprichter in de instellingen "
        "van "
        "de server, daarna: crf-admin study open DEFINITIE\n%s\n",
        passport.kid);
    json_member(&run->result, "founder", passport.kid);
    json_member(&run->result, "folder", path);
    return OK;
}

/* ---- study ---- */

static status open_study(struct client *client, const struct definition_file *file,
                         struct err *err)
{
    const char *name = invocation_option(client->run, "name");
    struct outbox_answer answer;
    struct submission submission = {
        .record = {.type = RECORD_STUDY_OPEN,
                   .definition = {file->version->oid, file->sha256}},
        .label = "study.open",
        .role = "sponsor",
        .statement = in_words(client->run, "I open this study with this definition.",
                              "Ik open deze studie met deze definitie.")};
    submission.record.data.study_open =
        (struct study_open_data){.study_oid = file->version->study->oid,
                                 .name = name != NULL ? name : file->version->study->name,
                                 .jwk = signer_jwk(client->signer)};
    TRY(client_put_blob(client, span_bytes(&file->xml), DEFINITION_MEDIA, true, err));
    TRY(submit(client, &submission, &answer, err));
    submit_say(client, submission.label, &answer);
    return answer_status(&answer, err);
}

static status run_open(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(definition_file_done) struct definition_file file = {0};
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE | CLIENT_FOUNDER, &client, err));
    TRY(definition_file_read(run, run->arguments[1], invocation_option(run, "version"),
                             true, &file, err));
    return open_study(client, &file, err);
}

struct study_verb {
    const char *name;
    int arguments;
    status (*run)(struct invocation *run, struct err *err);
};

static const struct study_verb VERBS[] = {
    {"open", 2, run_open},           {"amend", 2, admin_study_amend},
    {"check", 2, admin_study_check}, {"diff", 3, admin_study_diff},
    {"test", 3, admin_study_test},   {"dictionary", 2, admin_study_dictionary},
};

status admin_study(struct invocation *run, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(VERBS); i++) {
        if (strcmp(run->arguments[0], VERBS[i].name) == 0 &&
            run->argument_count == VERBS[i].arguments) {
            return VERBS[i].run(run, err);
        }
    }
    return FAIL(
        err, ERR_BAD_INPUT,
        "usage: crf-admin study check FILE | open FILE | amend FILE | diff OLD NEW | "
        "test FILE CASES | dictionary FILE");
}

/* ---- sites ---- */

static status fill_site_open(struct invocation *run, struct site_open_data *data,
                             struct err *err)
{
    CLEANUP(time_zone_closep) struct time_zone *zone = NULL;
    data->site = run->arguments[1];
    TRY(need(run, "name", &data->name, err));
    TRY(need(run, "country", &data->country, err));
    TRY(need(run, "timezone", &data->timezone, err));
    data->language = invocation_option(run, "language");
    if (data->language == NULL) {
        data->language = "en";
    }
    return time_zone_open(data->timezone, &zone,
                          err); /* a zone nobody knows helps nobody */
}

static status fill_site_version(struct client *client, struct site_version_data *data,
                                struct err *err)
{
    struct invocation *run = client->run;
    char now[INSTANT_SIZE];
    data->site = run->arguments[1];
    data->version = invocation_option(run, "version");
    data->sha256 = invocation_option(run, "sha256");
    if (data->version == NULL && data->sha256 == NULL) {
        data->version = client->facts.version;
        data->sha256 = client->facts.sha256;
    }
    if (data->version == NULL || data->sha256 == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "--version and --sha256 go together");
    }
    TRY(need(run, "approval", &data->approval, err));
    instant_format(clock_now(run->clock), now);
    data->from = invocation_option(run, "from");
    data->from = data->from != NULL ? data->from : arena_text(client->arena, now);
    data->to = invocation_option(run, "to");
    return OK;
}

status admin_site(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct outbox_answer answer;
    struct submission submission = {.role = "sponsor"};
    bool open = strcmp(run->arguments[0], "open") == 0;
    if (!open && strcmp(run->arguments[0], "version") != 0) {
        return FAIL(err, ERR_BAD_INPUT, "usage: crf-admin site open|version SITE");
    }
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    submission.record.type = open ? RECORD_SITE_OPEN : RECORD_SITE_VERSION;
    submission.label = arena_printf(client->arena, in_words(run, "site %s", "centrum %s"),
                                    run->arguments[1]);
    submission.statement = open ? in_words(run, "I open this site.", "Ik open dit centrum.")
                                : in_words(run, "This version is in force at this site.",
                                           "Deze versie geldt in dit centrum.");
    submission.role =
        strcmp(client->passport.role, "registrar") == 0 && open ? "registrar" : "sponsor";
    TRY(open ? fill_site_open(run, &submission.record.data.site_open, err)
             : fill_site_version(client, &submission.record.data.site_version, err));
    TRY(submit(client, &submission, &answer, err));
    submit_say(client, submission.label, &answer);
    return answer_status(&answer, err);
}
