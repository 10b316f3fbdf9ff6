/* SPDX-License-Identifier: Apache-2.0 */
/*
** Commands that belong to the folder and not to a role, so all programs have them.
*/
#include "clients/lib/common.h"

#include "base/text.h"
#include "clients/lib/outbox.h"
#include "clients/lib/submit.h"

const struct option COMMON_SESSION_OPTIONS[] = {
    {"idle", "MINUTES", "lock after so many minutes without a command (1 to 15)"},
    {NULL, NULL, NULL},
};

static status idle_seconds(const struct invocation *run, int *ret_seconds, struct err *err)
{
    const char *given = invocation_option(run, "idle");
    uint64_t minutes = SESSION_IDLE_SECONDS / 60;
    if (given != NULL &&
        (!text_to_u64(span_text(given), SESSION_IDLE_SECONDS / 60, &minutes) ||
         minutes == 0)) {
        return FAIL(err, ERR_BAD_INPUT, "--idle takes 1 to 15 minutes");
    }
    *ret_seconds = (int) minutes * 60;
    return OK;
}

static status end_session(struct client *client, struct err *err)
{
    TRY(session_end(client->folder, err));
    say(client->run, "Locked.\n", "Vergrendeld.\n");
    json_key(&client->run->result, "open");
    json_put_bool(&client->run->result, false);
    return OK;
}

status common_session(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    int seconds = 0;
    TRY(idle_seconds(run, &seconds, err));
    if (run->argument_count == 1) {
        if (strcmp(run->arguments[0], "end") != 0) {
            return FAIL(err, ERR_BAD_INPUT, "usage: session [end]");
        }
        TRY(client_open(run, CLIENT_QUIET, &client, err));
        return end_session(client, err);
    }
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    TRY(session_start(client->folder, client->signer, seconds, err));
    say(run,
        "%s, %s in %s. This computer is unlocked for you until %d minutes after the last "
        "command. Lock now: %s session end\n",
        "%s, %s in %s. Deze computer is voor u ontgrendeld tot %d minuten na de laatste "
        "opdracht. Nu vergrendelen: %s session end\n",
        client->passport.name, word_of(run, client->passport.role),
        client->passport.study_name, seconds / 60, run->program->name);
    json_key(&run->result, "open");
    json_put_bool(&run->result, true);
    return OK;
}

/* ---- outbox ---- */

static void list_item(struct client *client, const struct outbox_item *item)
{
    char at[INSTANT_LOCAL_SIZE];
    instant_format_local(item->signed_at, client_offset(client, item->signed_at), at);
    say(client->run, "%s%s, signed %.16s\n", "%s%s, getekend %.16s\n",
        item->safety ? "! " : "  ", item->label, at);
    struct json_out *json = &client->run->result;
    json_begin(json, '{');
    json_member(json, "jti", item->jti);
    json_member(json, "label", item->label);
    json_member(json, "type", item->type);
    json_key(json, "safety");
    json_put_bool(json, item->safety);
    json_member(json, "signed_at", at);
    json_end(json, '}');
}

static status list_outbox(struct client *client, struct err *err)
{
    struct outbox_items items = {0};
    TRY(outbox_list(client, &items, err));
    json_key(&client->run->result, "waiting");
    json_begin(&client->run->result, '[');
    for (size_t i = 0; i < items.count; i++) {
        list_item(client, &items.items[i]);
    }
    json_end(&client->run->result, ']');
    if (items.count == 0) {
        say(client->run, "Nothing waits; all that you signed is recorded or a draft.\n",
            "Er wacht niets; alles wat u tekende is vastgelegd of een concept.\n");
    }
    return OK;
}

static void say_sent(void *arg, const struct outbox_item *item,
                     const struct outbox_answer *answer)
{
    submit_say(arg, item->label, answer);
}

status common_outbox(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    if (run->argument_count == 0) {
        TRY(client_open(run, CLIENT_KEY | CLIENT_QUIET, &client, err));
        return list_outbox(client, err);
    }
    if (strcmp(run->arguments[0], "send") != 0) {
        return FAIL(err, ERR_BAD_INPUT, "usage: outbox [send]");
    }
    TRY(client_open(run, CLIENT_KEY | CLIENT_TRY_ONLINE, &client, err));
    return outbox_send(client, say_sent, client, err);
}

/* ---- receipts ---- */

static status show_receipt(struct client *client, uint64_t seq, struct err *err)
{
    struct receipt_facts facts;
    char at[INSTANT_SIZE];
    TRY(receipt_check_kept(client, seq, &facts, err));
    instant_format(facts.entry.time, at);
    say(client->run, "%6llu  %.19sZ  %.*s%s\n", "%6llu  %.19sZ  %.*s%s\n",
        (unsigned long long) seq, at, (int) facts.entry.object.size,
        (const char *) facts.entry.object.data,
        facts.rejected ? in_words(client->run, "  (refused)", "  (geweigerd)") : "");
    struct json_out *json = &client->run->result;
    json_begin(json, '{');
    json_member_integer(json, "seq", (int64_t) seq);
    json_member(json, "time", at);
    json_key(json, "type");
    json_put_span(json, facts.entry.type);
    json_key(json, "object");
    json_put_span(json, facts.entry.object);
    json_key(json, "rejected");
    json_put_bool(json, facts.rejected);
    json_end(json, '}');
    return OK;
}

status common_receipts(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    struct receipt_numbers numbers = {0};
    status first = OK;
    if (run->argument_count == 1 && strcmp(run->arguments[0], "verify") != 0) {
        return FAIL(err, ERR_BAD_INPUT, "usage: receipts [verify]");
    }
    TRY(client_open(run, CLIENT_KEY | CLIENT_QUIET, &client, err));
    TRY(receipt_list(client, &numbers, err));
    json_key(&run->result, "receipts");
    json_begin(&run->result, '[');
    for (size_t i = 0; i < numbers.count && first == OK; i++) {
        first = show_receipt(client, numbers.items[i], err);
        progress(run, in_words(run, "receipts", "bewijzen"), i + 1, numbers.count);
    }
    json_end(&run->result, ']');
    TRY(first);
    say(run, "%zu receipts, all hold.\n", "%zu bewijzen, alle kloppen.\n", numbers.count);
    return OK;
}

/* ---- whoami ---- */

status common_whoami(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    TRY(client_open(run, CLIENT_QUIET, &client, err));
    const struct passport *passport = &client->passport;
    const char *key = passport->kid != NULL ? passport->kid : "-";
    say(run,
        "%s (%s), %s%s%s\nstudy %s, log %s\nserver %s\nkey %s\nfolder %s\nsession: %s\n",
        "%s (%s), %s%s%s\nstudie %s, logboek %s\nserver %s\nsleutel %s\nmap %s\nsessie: "
        "%s\n",
        passport->name, passport->person, word_of(run, passport->role),
        passport->site != NULL ? in_words(run, ", site ", ", centrum ") : "",
        passport->site != NULL ? passport->site : "", passport->study_name,
        passport->origin, passport->url, fingerprint(client->arena, key),
        folder_name(client->folder),
        session_is_open(client->folder) ? in_words(run, "open", "open")
                                        : in_words(run, "none", "geen"));
    struct json_out *json = &run->result;
    json_member(json, "person", passport->person);
    json_member(json, "name", passport->name);
    json_member(json, "role", passport->role);
    json_member(json, "site", passport->site);
    json_member(json, "study", passport->study);
    json_member(json, "origin", passport->origin);
    json_member(json, "url", passport->url);
    json_member(json, "kid", passport->kid);
    json_member(json, "folder", folder_name(client->folder));
    return OK;
}
