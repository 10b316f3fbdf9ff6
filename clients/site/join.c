/* SPDX-License-Identifier: Apache-2.0 */
/*
** A person joins, a subject is enrolled.
**
** Joining may be cut off anywhere: the key is kept, so doing it again sends the same key with
** the same code, and the service takes a code once for one key.
*/
#include "base/text.h"
#include "clients/lib/book.h"
#include "clients/lib/submit.h"
#include "clients/lib/terminal.h"
#include "clients/lib/text_file.h"
#include "clients/site/site.h"
#include "protocol/study/subject_key.h"

const struct option YES_OPTIONS[] = {
    {"yes", NULL, "sign without asking; for scripts"},
    {NULL, NULL, NULL},
};

/* ---- join ---- */

static status check_expiry(const struct invocation *run, const struct passport *invitation,
                           struct err *err)
{
    instant expires;
    if (!instant_parse(span_text(invitation->expires), &expires, NULL) ||
        expires < clock_now(run->clock)) {
        return FAIL(err, ERR_REJECTED,
                    "the invitation was good until %.10s: ask for a new one",
                    invitation->expires);
    }
    return OK;
}

/* The folder and the key of this invitation, new or from an attempt before. */
static status make_folder(struct invocation *run, const struct passport *invitation,
                          struct err *err)
{
    CLEANUP(folder_closep) struct folder *folder = NULL;
    CLEANUP(signer_closep) struct signer *signer = NULL;
    struct passport passport = *invitation;
    const char *path = run->folder_given;
    if (path == NULL) {
        TRY(folder_path(invitation->origin, run->arena, &path, err));
        run->folder_given = path;
    }
    TRY(folder_open(path, true, &folder, err));
    if (folder_has(folder, "passport.json")) {
        struct passport old;
        TRY(passport_load(folder, run->arena, &old, err));
        if (strcmp(old.person, invitation->person) != 0) {
            return FAIL(err, ERR_CONFLICT,
                        "this computer's folder belongs to %s in this study already; use "
                        "--folder for another person",
                        old.person);
        }
    }
    if (folder_has(folder, "key.pem")) {
        TRY(signer_open(run, folder, &signer, err));
    } else {
        TRY(signer_make(run, folder, &signer, err));
    }
    passport.kid = signer_kid(signer);
    return passport_store(folder, &passport, err);
}

static void say_joined(struct client *client, const struct outbox_answer *answer)
{
    struct invocation *run = client->run;
    const char *print = fingerprint(client->arena, client->passport.kid);
    submit_say(client, in_words(run, "your key", "uw sleutel"), answer);
    if (answer->sent == SENT_REFUSED) {
        return;
    }
    say(run,
        "Your key's fingerprint:\n\n    %s\n\nRead it to the person who invited you. When "
        "they "
        "have confirmed it, you can work; crf-site status says so.\n",
        "De vingerafdruk van uw sleutel:\n\n    %s\n\nLees hem voor aan wie u uitnodigde. "
        "Na "
        "diens bevestiging kunt u werken; crf-site status vertelt het.\n",
        print);
    json_member(result_members(run), "kid", client->passport.kid);
    json_member(result_members(run), "fingerprint", print);
}

status site_join(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(bytes_wipe) struct bytes text = {0};
    struct passport invitation;
    struct outbox_answer answer;
    TRY(text_file_read(run->arguments[0], INVITATION_MAX, &text, err));
    TRY(invitation_read(span_bytes(&text), run->arena, &invitation, err));
    TRY(check_expiry(run, &invitation, err));
    if (!run->language_given) {
        run->dutch = strncmp(invitation.language, "nl", 2) == 0;
    }
    say(run, "%s\n%s, %s%s%s\n", "%s\n%s, %s%s%s\n", invitation.study_name, invitation.name,
        invitation.role, invitation.site != NULL ? ", site " : "",
        invitation.site != NULL ? invitation.site : "");
    TRY(make_folder(run, &invitation, err));
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE | CLIENT_QUIET, &client, err));
    struct submission submission = {
        .record = {.type = RECORD_PERSON_ENROL},
        .label = "person.enrol",
        .statement = in_words(run, "This is my key; nobody else has its passphrase.",
                              "Dit is mijn sleutel; niemand anders heeft de wachtzin.")};
    submission.record.data.person_enrol =
        (struct person_enrol_data){.person = invitation.person,
                                   .code = invitation.code,
                                   .jwk = signer_jwk(client->signer)};
    TRY(submit(client, &submission, &answer, err));
    say_joined(client, &answer);
    return answer_status(&answer, err);
}

/* ---- enrol ---- */

struct highest {
    char key[121];
};

static status see_subject(void *arg, const char *subject, const char *site, struct err *err)
{
    struct highest *highest = arg;
    (void) site;
    (void) err;
    if (strcmp(subject, highest->key) > 0) {
        (void) text_copy(highest->key, sizeof(highest->key), subject);
    }
    return OK;
}

/* The stem of the number after the highest: its last run of digits, one more. */
static status next_stem(struct client *client, const char **ret_stem, struct err *err)
{
    struct highest highest = {""};
    TRY(client_need_online(client, err));
    TRY(book_subjects(client, client->passport.site, see_subject, &highest, err));
    size_t length = strlen(highest.key);
    const char *check = client->version->subject_key_check;
    length -= length > 0 && check != NULL && check[0] != '\0';
    size_t end = length;
    while (end > 0 && (highest.key[end - 1] < '0' || highest.key[end - 1] > '9')) {
        end--;
    }
    size_t start = end;
    while (start > 0 && highest.key[start - 1] >= '0' && highest.key[start - 1] <= '9') {
        start--;
    }
    uint64_t number = 0;
    size_t zeros = start;
    while (zeros + 1 < end && highest.key[zeros] == '0') {
        zeros++;
    }
    if (start == end ||
        !text_to_u64(span_of(highest.key + zeros, end - zeros), INT32_MAX, &number)) {
        return FAIL(err, ERR_BAD_INPUT,
                    "which number? This site has no subject yet to count on from");
    }
    *ret_stem = arena_printf(client->arena, "%.*s%0*llu%.*s", (int) start, highest.key,
                             (int) (end - start), (unsigned long long) number + 1,
                             (int) (length - end), highest.key + end);
    return OK;
}

/* What was typed may be the whole number, the stem, or the stem without its dash. */
static status make_key(struct client *client, const char *typed, const char **ret_key,
                       struct err *err)
{
    struct span text = span_text(typed);
    const char *dashed = arena_printf(client->arena, "%s-", typed);
    if (subject_key_verify(client->version, text, NULL) == OK) {
        *ret_key = typed;
        return OK;
    }
    if (subject_key_make(client->version, text, client->arena, ret_key, NULL) == OK ||
        subject_key_make(client->version, span_text(dashed), client->arena, ret_key,
                         NULL) == OK) {
        return OK;
    }
    return subject_key_verify(client->version, text, err);
}

status site_enrol(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    const char *key = NULL;
    const char *typed = run->argument_count > 0 ? run->arguments[0] : NULL;
    struct outbox_answer answer;
    bool sure = invocation_option(run, "yes") != NULL;
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    TRY(client_definition(client, err));
    if (client->passport.site == NULL) {
        return FAIL(err, ERR_REJECTED, "only staff of a site enrols subjects");
    }
    if (typed == NULL) {
        TRY(next_stem(client, &typed, err));
    }
    TRY(make_key(client, typed, &key, err));
    if (!sure && terminal_is_there()) {
        TRY(ask_yes(run,
                    arena_printf(run->arena, "Enrol %s? Consent is signed. [Y/n] ", key),
                    arena_printf(run->arena,
                                 "%s inschrijven? De toestemming is getekend. [J/n] ", key),
                    true, &sure, err));
        if (!sure) {
            return FAIL(err, ERR_REJECTED, "not enrolled");
        }
    }
    struct submission submission = {
        .record = {.type = RECORD_SUBJECT_ENROL},
        .label = key,
        .statement = in_words(run, "This person has signed the consent form.",
                              "Deze persoon heeft het toestemmingsformulier getekend.")};
    submission.record.data.subject_enrol =
        (struct subject_enrol_data){.subject = key, .site = client->passport.site};
    TRY(submit(client, &submission, &answer, err));
    json_member(result_members(run), "subject", key);
    submit_say(client, submission.label, &answer);
    return answer_status(&answer, err);
}
