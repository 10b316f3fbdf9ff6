/* SPDX-License-Identifier: Apache-2.0 */
/*
** study dictionary FILE: the file is read here first, so that a wrong line is named to the
** person who can mend it and not refused at the door.
*/
#include "protocol/study/dictionary.h"
#include "clients/admin/admin.h"
#include "clients/lib/submit.h"
#include "clients/lib/text_file.h"
#include "protocol/study/safety_section.h"

static status publish(struct client *client, const struct dictionary *dictionary,
                      struct span text, struct err *err)
{
    struct outbox_answer answer;
    struct digest digest;
    char sha256[DIGEST_HEX_SIZE];
    digest_of(text, &digest);
    digest_to_hex(&digest, sha256);
    struct dictionary_ref named = {dictionary->name, dictionary->version, sha256};
    struct submission submission = {
        .record = {.type = RECORD_STUDY_AMEND},
        .label =
            arena_printf(client->arena, "study.amend %s %s", named.name, named.version),
        .role = "sponsor",
        .statement = in_words(client->run, "This dictionary is in use in this study.",
                              "Dit woordenboek is in gebruik in dit onderzoek.")};
    submission.record.data.study_amend = (struct study_amend_data){
        .definition = {client->facts.version, client->facts.sha256},
        .dictionaries = &named,
        .dictionary_count = 1};
    TRY(client_put_blob(client, text, DICTIONARY_MEDIA, false, err));
    TRY(submit(client, &submission, &answer, err));
    submit_say(client, submission.label, &answer);
    return answer_status(&answer, err);
}

status admin_study_dictionary(struct invocation *run, struct err *err)
{
    CLEANUP(client_closep) struct client *client = NULL;
    CLEANUP(bytes_done) struct bytes text = {0};
    const struct dictionary *dictionary = NULL;
    TRY(text_file_read(run->arguments[1], DICTIONARY_SIZE_MAX, &text, err));
    TRY(dictionary_read(span_bytes(&text), run->arena, &dictionary, err));
    TRY(client_open(run, CLIENT_KEY | CLIENT_ONLINE, &client, err));
    TRY(client_definition(client, err));
    if (!safety_uses_dictionary(safety_section_of(client->version), dictionary->name,
                                dictionary->version)) {
        note(run,
             "The definition %s does not use %s %s: its checks will not look into it.\n",
             "De definitie %s gebruikt %s %s niet: de controles kijken er niet in.\n",
             client->facts.version, dictionary->name, dictionary->version);
    }
    say(run, "%s %s: %zu terms, grades of %zu terms, %zu ranges, %zu limits.\n",
        "%s %s: %zu termen, graden van %zu termen, %zu bereiken, %zu grenzen.\n",
        dictionary->name, dictionary->version, dictionary->term_count,
        dictionary->grade_count, dictionary->range_count, dictionary->limit_count);
    return publish(client, dictionary, span_bytes(&text), err);
}
