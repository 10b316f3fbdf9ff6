/* SPDX-License-Identifier: Apache-2.0 */
/*
** A person joins. It may be cut off anywhere: the key is kept, so doing it again sends the same
** key with the same code, and the service takes a code once for one key.
*/
#include "clients/lib/common.h"
#include "clients/lib/submit.h"
#include "clients/lib/text_file.h"

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
        "have confirmed it, you can work; %s whoami says who you are.\n",
        "De vingerafdruk van uw sleutel:\n\n    %s\n\nLees hem voor aan wie u uitnodigde. "
        "Na "
        "diens bevestiging kunt u werken; %s whoami zegt wie u bent.\n",
        print, run->program->name);
    json_member(result_members(run), "kid", client->passport.kid);
    json_member(result_members(run), "fingerprint", print);
}

status common_join(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(bytes_wipe) struct bytes text = {0};
    struct passport invitation;
    struct outbox_answer answer;
    TRY(text_file_read(run->arguments[0], INVITATION_MAX, &text, err));
    TRY(invitation_read(span_bytes(&text), run->arena, &invitation, err));
    TRY(check_expiry(run, &invitation, err));
    if (!run->language_given) {
        run->language = invitation.language;
    }
    say(run, "%s\n%s, %s%s%s\n", "%s\n%s, %s%s%s\n", invitation.study_name, invitation.name,
        word_of(run, invitation.role),
        invitation.site != NULL ? in_words(run, ", site ", ", centrum ") : "",
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
