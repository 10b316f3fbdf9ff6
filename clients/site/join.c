/* SPDX-License-Identifier: Apache-2.0 */
/*
** A subject is enrolled.
*/
#include "base/text.h"
#include "clients/lib/book.h"
#include "clients/lib/submit.h"
#include "clients/lib/terminal.h"
#include "clients/site/site.h"
#include "protocol/study/subject_key.h"

const struct option YES_OPTIONS[] = {
    {"yes", NULL, "sign without asking; for scripts"},
    {NULL, NULL, NULL},
};

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
                    "which number? This site has no subject yet to count on from: crf-site "
                    "enrol 001");
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
        const char *prompt =
            arena_printf(run->arena,
                         in_words(run, "Enrol %s? Consent is signed. [Y/n] ",
                                  "%s inschrijven? De toestemming is getekend. [J/n] "),
                         key);
        TRY(ask_yes(run, prompt, prompt, true, &sure, err));
        if (!sure) {
            return FAIL(err, ERR_REJECTED, "not enrolled");
        }
    }
    struct submission submission = {
        .record = {.type = RECORD_SUBJECT_ENROL},
        .label = arena_printf(run->arena,
                              in_words(run, "enrolment of %s", "inschrijving van %s"), key),
        .statement = in_words(run, "This person has signed the consent form.",
                              "Deze persoon heeft het toestemmingsformulier getekend.")};
    submission.record.data.subject_enrol =
        (struct subject_enrol_data){.subject = key, .site = client->passport.site};
    TRY(submit(client, &submission, &answer, err));
    json_member(result_members(run), "subject", key);
    submit_say(client, submission.label, &answer);
    return answer_status(&answer, err);
}
