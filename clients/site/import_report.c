/* SPDX-License-Identifier: Apache-2.0 */
/*
** Why a line for each key and not only sums: who brings in another system's data must be able
** to say of every form what became of it. Rows of --check live in the arena of the run: that of
** the client is the batch's.
*/
#include "clients/site/import.h"

const char *const RESULT_NAMES[RESULTS] = {"accepted", "asked", "refused", "unchanged",
                                           "waiting"};

const char *result_word(const struct invocation *run, enum result result)
{
    switch (result) {
    case ACCEPTED:
        return in_words(run, "accepted", "aangenomen");
    case ASKED:
        return in_words(run, "asked", "vraag");
    case REFUSED:
        return in_words(run, "refused", "geweigerd");
    case UNCHANGED:
        return in_words(run, "unchanged", "ongewijzigd");
    case WAITING:
        break;
    }
    return in_words(run, "waiting", "wacht");
}

static void report_json(struct json_out *json, const char *path, int line,
                        enum result result, const struct outbox_answer *answer)
{
    json_begin(json, '{');
    json_member(json, "key", path);
    json_member_integer(json, "line", line);
    json_member(json, "result", RESULT_NAMES[result]);
    if (answer != NULL && answer->sent == SENT_ACCEPTED) {
        json_member_integer(json, "seq", (int64_t) answer->seq);
    }
    json_key(json, "findings");
    json_begin(json, '[');
}

static void report_finding_json(struct import *import, const char *rule, const char *path,
                                const char *message)
{
    struct json_out *json = &import->client->run->result;
    json_begin(json, '{');
    json_member(json, "rule", rule);
    json_member(json, "path", path);
    json_member(json, "message", message);
    json_end(json, '}');
}

static struct checked *checked_form(struct import *import, const struct form_key *key,
                                    int line)
{
    struct arena *arena = import->client->run->arena;
    const char *path = form_key_path(arena, key);
    /* the forms of a subject stand together */
    for (size_t i = import->checked_count; i-- > 0;) {
        struct checked *before = &import->checked[i];
        if (strcmp(before->subject, key->subject) != 0) {
            break;
        }
        if (strcmp(before->path, path) == 0) {
            return before;
        }
    }
    struct checked *checked =
        ARENA_PUSH(arena, import->checked, import->checked_count, import->checked_capacity);
    *checked = (struct checked){.path = path,
                                .subject = arena_text(arena, key->subject),
                                .label = arena_text(arena, book_label(import->client, key)),
                                .line = line};
    return checked;
}

/* Below the form that was counted last; the same sentence once. */
static void keep_finding(struct import *import, const char *sentence)
{
    struct checked *checked = import->at;
    for (size_t i = 0; i < checked->finding_count; i++) {
        if (strcmp(checked->findings[i], sentence) == 0) {
            return;
        }
    }
    struct arena *arena = import->client->run->arena;
    *ARENA_PUSH(arena, checked->findings, checked->finding_count,
                checked->finding_capacity) = arena_text(arena, sentence);
}

static enum result worst_of(const struct checked *checked)
{
    static const enum result order[] = {REFUSED, ASKED, WAITING, ACCEPTED, UNCHANGED};
    size_t i = 0;
    while (checked->results[order[i]] == 0) {
        i++;
    }
    return order[i];
}

static void say_checked(const struct import *import, const struct checked *checked)
{
    const struct invocation *run = import->client->run;
    CLEANUP(bytes_done) struct bytes counts = {0};
    size_t all = 0;
    for (size_t i = 0; i < RESULTS; i++) {
        all += checked->results[i];
        if (checked->results[i] > 0) {
            bytes_printf(&counts, "%s%zu %s", counts.size > 0 ? ", " : "",
                         checked->results[i], result_word(run, (enum result) i));
        }
    }
    say(run, "%-11s  %s (%zu times from line %d on: %s)\n",
        "%-11s  %s (%zu keer vanaf regel %d: %s)\n", result_word(run, worst_of(checked)),
        checked->label, all, checked->line, bytes_text(&counts));
    for (size_t i = 0; i < checked->finding_count; i++) {
        say(run, "             %s\n", "             %s\n", checked->findings[i]);
    }
}

static void report_finding(struct import *import, const char *rule, const char *path,
                           const char *message)
{
    if (import->check) {
        const char *behind = rule_behind(import->client->arena, message, rule);
        keep_finding(import, arena_printf(import->client->arena, "%s%s", message, behind));
        report_finding_json(import, rule, path, message);
        return;
    }
    say(import->client->run, "             %s%s\n", "             %s%s\n", message,
        rule_behind(import->client->arena, message, rule));
    report_finding_json(import, rule, path, message);
}

static void report_open(struct import *import, const struct form_key *key, int line,
                        enum result result, const struct outbox_answer *answer)
{
    struct client *client = import->client;
    const char *path = form_key_path(client->arena, key);
    import->results[result]++;
    const char *version = client->version->oid;
    bool current = strcmp(version, client->facts.version) == 0;
    if (import->check) {
        import->at = checked_form(import, key, line);
        import->at->results[result]++;
    } else {
        say(client->run, "%-11s  %s (line %d%s%s)\n", "%-11s  %s (regel %d%s%s)\n",
            result_word(client->run, result), path, line,
            current ? "" : in_words(client->run, ", version ", ", versie "),
            current ? "" : version);
    }
    report_json(&client->run->result, path, line, result, answer);
}

static void report_close(struct import *import)
{
    json_end(&import->client->run->result, ']');
    json_end(&import->client->run->result, '}');
}

void report_refused(struct import *import, const struct form_key *key, int line,
                    const char *rule, const char *message)
{
    report_open(import, key, line, REFUSED, NULL);
    report_finding(import, rule, "", message);
    report_close(import);
}

void report_plain(struct import *import, const struct form_key *key, int line,
                  enum result result)
{
    report_open(import, key, line, result, NULL);
    report_close(import);
}

/* What our own checks found; without sending that is all there is. */
void report_checked(struct import *import, const struct prepared_form *form, int line)
{
    bool refuses = findings_refuse(&form->findings), asks = false;
    for (size_t i = 0; i < form->findings.count; i++) {
        asks = asks || !form->findings.items[i].due;
    }
    report_open(import, &form->data.key, line,
                refuses ? REFUSED : (asks ? ASKED : ACCEPTED), NULL);
    for (size_t i = 0; i < form->findings.count; i++) {
        const struct finding *finding = &form->findings.items[i];
        if (!finding->due) {
            report_finding(import, finding->rule, finding->path, finding->message);
        }
    }
    report_close(import);
}

static void report_served(struct import *import, const struct served_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct served_finding *finding = &findings->items[i];
        if (!finding->due) {
            report_finding(import, finding->rule, finding->path, finding->message);
        }
    }
}

void report_answer(struct import *import, const struct form_key *key, int line,
                   const struct outbox_answer *answer)
{
    enum result result = answer->sent == SENT_REFUSED ? REFUSED : WAITING;
    if (answer->sent == SENT_ACCEPTED) {
        result = ACCEPTED;
        for (size_t i = 0; i < answer->findings.count; i++) {
            result = answer->findings.items[i].due ? result : ASKED;
        }
    }
    report_open(import, key, line, result, answer);
    report_served(import, &answer->findings);
    if (answer->sent == SENT_REFUSED) {
        report_served(import, &answer->problem.findings);
        if (answer->problem.findings.count == 0) {
            report_finding(import, "", "", answer->problem.title);
        }
    }
    report_close(import);
}

void report_problem(struct import *import, int line, const char *message)
{
    const struct invocation *run = import->client->run;
    import->results[REFUSED]++;
    say(run, "%-11s  line %d: %s [IMP-02]\n", "%-11s  regel %d: %s [IMP-02]\n",
        result_word(run, REFUSED), line, message);
    report_json(&import->client->run->result, "", line, REFUSED, NULL);
    report_finding_json(import, "IMP-02", "", message);
    report_close(import);
}

void report_sum(struct import *import)
{
    struct invocation *run = import->client->run;
    const size_t *results = import->results;
    struct json_out *json = &run->result;
    for (size_t i = 0; i < import->checked_count; i++) {
        say_checked(import, &import->checked[i]);
    }
    say(run, "%zu accepted, %zu asked, %zu refused, %zu unchanged, %zu waiting.\n",
        "%zu aangenomen, %zu met een vraag, %zu geweigerd, %zu ongewijzigd, %zu wachten.\n",
        results[ACCEPTED], results[ASKED], results[REFUSED], results[UNCHANGED],
        results[WAITING]);
    if (import->check) {
        say(run, "Only checked: nothing was signed or sent.\n",
            "Alleen gecontroleerd: er is niets getekend of verstuurd.\n");
    }
    for (size_t i = 0; i < RESULTS; i++) {
        json_member_integer(json, RESULT_NAMES[i], (int64_t) results[i]);
    }
}
