/* SPDX-License-Identifier: Apache-2.0 */
/*
** People. An invitation's file is written before the record goes out: a code that is in the
** log and in nobody's hands would be lost, a file without its record is merely useless.
*/
#include <unistd.h>

#include "base/text.h"
#include "clients/admin/admin.h"
#include "clients/lib/plain.h"
#include "clients/lib/submit.h"
#include "clients/lib/terminal.h"
#include "clients/lib/text_file.h"
#include "protocol/record/rights.h"

#define INVITATION_DAYS 14

const struct option INVITE_OPTIONS[] = {
    {"role", "ROLE", "investigator, coordinator, monitor, sponsor, ..."},
    {"site", "SITE", "the site; left out for roles of the whole study"},
    {"person", "ID", "a person known already (new key), or the id to give (p-0042)"},
    {"days", "N", "how long the code is good; 14"},
    {"output", "FILE", "where the invitation goes; PERSON.crf"},
    {NULL, NULL, NULL},
};
const struct option KEY_OPTIONS[] = {
    {"kid", "THUMBPRINT", "which key, when the person has several; in scripts always"},
    {"since", "TIME", "suspend, revoke: misuse is possible from 2026-03-01T00:00:00Z on"},
    {"reason", "TEXT", "why"},
    {NULL, NULL, NULL},
};
const struct option ROLE_OPTIONS[] = {
    {"site", "SITE", "the site; left out: the whole study"},
    {"from", "TIME", "2026-01-05T00:00:00Z; left out: now"},
    {"to", "TIME", "left out: open (grant), now (withdraw)"},
    {"qp", NULL, "a pharmacist who releases batches: the qualified person"},
    {"reason", "TEXT", "why"},
    {NULL, NULL, NULL},
};

/* Sign, send, say. */
static status record(struct client *client, struct submission *submission, struct err *err)
{
    struct outbox_answer answer;
    TRY(submit(client, submission, &answer, err));
    submit_say(client, submission->label, &answer);
    return answer_status(&answer, err);
}

static status check_role(const char *role, struct err *err)
{
    enum role known;
    return role != NULL && role_parse(role, &known)
               ? OK
               : FAIL(err, ERR_BAD_INPUT,
                      "a role is one of: investigator coordinator monitor data-manager "
                      "sponsor safety rater pharmacist registrar inspector");
}

/* Inviting and confirming is the registrar's and the sponsor's; an investigator does it for
 * the own site. The founder holds two of these roles: the passport's is the right one. */
static const char *own_role(const struct client *client)
{
    return client->passport.role;
}

/* ---- invite ---- */

struct last_person {
    uint64_t number;
};

static status see_person(void *arg, const struct json *item, struct err *err)
{
    struct last_person *last = arg;
    const char *person = json_get_string(item, "person");
    uint64_t number = 0;
    if (person == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "the service's list of people cannot be read");
    }
    if (strncmp(person, "p-", 2) == 0) {
        const char *digits = person + 2 + strspn(person + 2, "0");
        if (text_to_u64(span_text(digits), 1000000000, &number) && number > last->number) {
            last->number = number;
        }
    }
    return OK;
}

static status next_person(struct client *client, const char **ret_person, struct err *err)
{
    struct last_person last = {1};
    TRY(client_pages(client, "/people", see_person, &last, err));
    *ret_person =
        arena_printf(client->arena, "p-%04llu", (unsigned long long) last.number + 1);
    return OK;
}

static status see_site(void *arg, const struct json *item, struct err *err)
{
    struct passport *invitation = arg;
    const char *site = json_get_string(item, "site");
    if (site == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "the service's list of sites cannot be read");
    }
    if (strcmp(site, invitation->site) == 0) {
        invitation->timezone = json_get_string(item, "timezone");
        invitation->language = json_get_string(item, "language");
    }
    return OK;
}

static status make_invitation(struct client *client, struct passport *ret_invitation,
                              struct err *err)
{
    struct invocation *run = client->run;
    struct passport invitation = client->passport; /* server, log, founder, trust */
    const char *days_given = invocation_option(run, "days");
    uint64_t days = INVITATION_DAYS;
    char code[CODE_SIZE], expires[INSTANT_SIZE];
    invitation.kid = invitation.timezone = NULL;
    invitation.name = run->arguments[0];
    invitation.role = invocation_option(run, "role");
    invitation.site = invocation_option(run, "site");
    invitation.person = invocation_option(run, "person");
    TRY(check_role(invitation.role, err));
    if (days_given != NULL &&
        (!text_to_u64(span_text(days_given), 365, &days) || days == 0)) {
        return FAIL(err, ERR_BAD_INPUT, "--days takes 1 to 365");
    }
    if (invitation.person == NULL) {
        TRY(next_person(client, &invitation.person, err));
    }
    if (invitation.site != NULL) {
        TRY(client_pages(client, "/sites", see_site, &invitation, err));
        if (invitation.timezone == NULL) {
            return FAIL(err, ERR_NOT_FOUND, "the study has no site %s", invitation.site);
        }
    }
    code_make(code);
    instant_format(clock_now(run->clock) + (int64_t) days * DAY, expires);
    invitation.code = arena_text(client->arena, code);
    invitation.expires = arena_text(client->arena, expires);
    explicit_bzero(code, sizeof(code));
    *ret_invitation = invitation;
    return OK;
}

/* The file as the person will read it: what cannot be read back is not handed out. */
static status write_invitation(struct client *client, const struct passport *invitation,
                               const char *path, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes text = {0};
    struct passport again;
    invitation_write(invitation, &text);
    TRY(invitation_read(span_bytes(&text), client->arena, &again, err));
    return text_file_write(path, span_bytes(&text), false, err);
}

static status send_invitation(struct client *client, const struct passport *invitation,
                              const char *path, struct err *err)
{
    char sha256[65];
    struct submission submission = {
        .record = {.type = RECORD_PERSON_INVITE},
        .label = arena_printf(
            client->arena,
            in_words(client->run, "invitation of %s (%s)", "uitnodiging van %s (%s)"),
            invitation->name, invitation->person),
        .role = own_role(client),
        .statement =
            in_words(client->run, "I invite this person.", "Ik nodig deze persoon uit.")};
    code_digest(invitation->code, sha256);
    submission.record.data.person_invite =
        (struct person_invite_data){.person = invitation->person,
                                    .name = invitation->name,
                                    .role = invitation->role,
                                    .site = invitation->site,
                                    .code_sha256 = sha256,
                                    .expires = invitation->expires};
    status kind = record(client, &submission, err);
    bool refused = kind != OK && kind != ERR_UNAVAILABLE && kind != ERR_BUSY;
    if (refused) {
        (void) unlink(path);
        return kind;
    }
    say(client->run,
        "Give %s to %s by hand or sealed; the code in it works once, until %.10s. "
        "Afterwards: "
        "crf-admin confirm %s\n",
        "Geef %s aan %s met de hand of verzegeld; de code erin werkt eenmaal, tot %.10s. "
        "Daarna: crf-admin confirm %s\n",
        path, invitation->name, invitation->expires, invitation->person);
    return kind;
}

status admin_invite(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct passport invitation;
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    TRY(make_invitation(client, &invitation, err));
    const char *path = invocation_option(run, "output");
    path = path != NULL ? path : arena_printf(run->arena, "%s.crf", invitation.person);
    TRY(write_invitation(client, &invitation, path, err));
    struct json_out *json = &run->result;
    json_member(json, "person", invitation.person);
    json_member(json, "file", path);
    return send_invitation(client, &invitation, path, err);
}

/* ---- keys ---- */

struct key_search {
    struct client *client;
    const char *person, *kid, *state; /* kid and state may be NULL: any */
    const char *name, *found, *found_state;
    size_t count;
};

static status see_key(void *arg, const struct json *item, struct err *err)
{
    struct key_search *search = arg;
    const char *person = json_get_string(item, "person");
    const struct json *keys = json_get(item, "keys");
    if (person == NULL || keys == NULL || keys->kind != J_ARRAY) {
        return FAIL(err, ERR_BAD_INPUT, "the service's list of people cannot be read");
    }
    if (strcmp(person, search->person) != 0) {
        return OK;
    }
    search->name = json_get_string(item, "name");
    for (size_t i = 0; i < keys->count; i++) {
        const char *kid = json_get_string(&keys->items[i], "kid");
        const char *state = json_get_string(&keys->items[i], "state");
        bool fits = kid != NULL && state != NULL && strcmp(state, "revoked") != 0 &&
                    (search->kid == NULL || strcmp(kid, search->kid) == 0) &&
                    (search->state == NULL || strcmp(state, search->state) == 0);
        if (fits) {
            search->found = kid;
            search->found_state = state;
            search->count++;
        }
    }
    return OK;
}

static status find_key(struct client *client, const char *state, struct key_search *search,
                       struct err *err)
{
    *search = (struct key_search){.client = client,
                                  .person = client->run->arguments[0],
                                  .kid = invocation_option(client->run, "kid"),
                                  .state = state};
    if (search->kid != NULL) {
        search->state = NULL; /* named: suspended ones may be confirmed again */
    }
    TRY(client_pages(client, "/people", see_key, search, err));
    if (search->count == 0) {
        return FAIL(err, ERR_NOT_FOUND, "%s has no such key; see crf-admin people",
                    search->person);
    }
    if (search->count > 1) {
        return FAIL(err, ERR_BAD_INPUT, "%s has %zu such keys: name one with --kid",
                    search->person, search->count);
    }
    return OK;
}

static status compare_key(struct client *client, const struct key_search *search,
                          struct err *err)
{
    bool same = false;
    const char *name = search->name != NULL ? search->name : search->person;
    say(client->run, "Key of %s:\n  %s\n", "Sleutel van %s:\n  %s\n", name,
        fingerprint(client->arena, search->found));
    if (search->kid != NULL) {
        return OK; /* compared by whoever typed it */
    }
    TRY(ask_yes(client->run,
                "Did this person read you the same from their own screen? [y/N] ",
                "Las deze persoon u hetzelfde voor van het eigen scherm? [j/N] ", false,
                &same, err));
    return same ? OK : FAIL(err, ERR_REJECTED, "not compared, not confirmed");
}

static status key_record(struct invocation *run, enum record_type type, const char *state,
                         const char *statement, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct key_search search;
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    TRY(find_key(client, state, &search, err));
    if (type == RECORD_PERSON_CONFIRM) {
        TRY(compare_key(client, &search, err));
    }
    struct submission submission = {
        .record = {.type = type, .reason = invocation_option(run, "reason")},
        .label = arena_printf(client->arena, "%s %s", run->command->name, search.person),
        .role = own_role(client),
        .statement = statement};
    submission.record.data.person_key =
        (struct person_key_data){.person = search.person,
                                 .kid = search.found,
                                 .compromised_since = invocation_option(run, "since")};
    return record(client, &submission, err);
}

status admin_confirm(struct invocation *run, struct err *err)
{
    return key_record(run, RECORD_PERSON_CONFIRM, "enrolled",
                      in_words(run, "I compared this key with the person.",
                               "Ik heb deze sleutel met de persoon vergeleken."),
                      err);
}

status admin_suspend(struct invocation *run, struct err *err)
{
    return key_record(run, RECORD_PERSON_SUSPEND, "confirmed",
                      in_words(run, "This key is not to be trusted for now.",
                               "Deze sleutel is voorlopig niet te vertrouwen."),
                      err);
}

status admin_revoke(struct invocation *run, struct err *err)
{
    return key_record(run, RECORD_PERSON_REVOKE, NULL,
                      in_words(run, "This key has ended.", "Deze sleutel is beëindigd."),
                      err);
}

/* ---- roles ---- */

static status role_record(struct invocation *run, enum record_type type,
                          const char *statement, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    TRY(check_role(run->arguments[1], err));
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    struct submission submission = {
        .record = {.type = type, .reason = invocation_option(run, "reason")},
        .label = arena_printf(client->arena, "%s %s %s", run->command->name,
                              run->arguments[0], run->arguments[1]),
        .role = own_role(client),
        .statement = statement};
    submission.record.data.role = (struct role_data){.person = run->arguments[0],
                                                     .role = run->arguments[1],
                                                     .site = invocation_option(run, "site"),
                                                     .from = invocation_option(run, "from"),
                                                     .to = invocation_option(run, "to")};
    if (invocation_option(run, "qp") != NULL) {
        submission.record.data.role.qualification = "QP";
    }
    return record(client, &submission, err);
}

status admin_grant(struct invocation *run, struct err *err)
{
    return role_record(run, RECORD_ROLE_GRANT,
                       in_words(run, "I delegate these tasks to this person.",
                                "Ik draag deze taken aan deze persoon over."),
                       err);
}

status admin_withdraw(struct invocation *run, struct err *err)
{
    return role_record(
        run, RECORD_ROLE_WITHDRAW,
        in_words(run, "I end this delegation.", "Ik beëindig deze delegatie."), err);
}

/* ---- people ---- */

static const char *text_of(struct client *client, const struct json *item, const char *name)
{
    const char *text = json_get_string(item, name);
    return text != NULL ? text_for_terminal(client->arena, text) : "-";
}

/* Roles as `grant` and `withdraw` take them; states are words. */
static void say_list(struct client *client, const struct json *list, const char *first,
                     const char *second)
{
    for (size_t i = 0; list != NULL && list->kind == J_ARRAY && i < list->count; i++) {
        say(client->run, "    %s  %s\n", "    %s  %s\n",
            text_of(client, &list->items[i], first),
            word_of(client->run, text_of(client, &list->items[i], second)));
    }
}

static status show_person(void *arg, const struct json *item, struct err *err)
{
    struct client *client = arg;
    (void) err;
    say(client->run, "%s  %s  (%s)\n", "%s  %s  (%s)\n", text_of(client, item, "person"),
        text_of(client, item, "name"),
        word_of(client->run, text_of(client, item, "state")));
    say_list(client, json_get(item, "roles"), "role", "site");
    say_list(client, json_get(item, "keys"), "kid", "state");
    json_put_value(&client->run->result, item);
    return OK;
}

status admin_people(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    json_key(&run->result, "people");
    json_begin(&run->result, '[');
    status kind = client_pages(client, "/people", show_person, client, err);
    json_end(&run->result, ']');
    return kind;
}
