/* SPDX-License-Identifier: Apache-2.0 */
/*
** verify-bundle: an exported dataset, years later, without the service that it came from.
*/
#include "clients/lib/text_file.h"
#include "clients/monitor/monitor.h"
#include "clients/verify/extract.h"
#include "clients/verify/trust.h"

#define STATE_MAX ((size_t) 1 << 20)

const struct option BUNDLE_OPTIONS[] = {
    {"vkey", "VKEY", "the log's key, as in the invitation"},
    {"founder", "THUMBPRINT", "with --vkey: who may have opened the study"},
    {"passport", "FILE", "an invitation or passport to take key and founder from"},
    {"log-prefix-of", "STATE",
     "hold its log against a head verified before: a client "
     "folder's file 'state', or a checkpoint"},
    {"interim", NULL, "the study need not be locked"},
    {NULL, NULL, NULL},
};

/* The note in a `state` file, or the file itself. */
static status read_known(struct invocation *run, const struct checkpoint_trust *trust,
                         const char *file, struct checkpoint *ret_known, struct err *err)
{
    static const struct json_limits limits = {
        .depth = 3, .nodes = 12, .string = NOTE_SIZE_MAX};
    CLEANUP(bytes_done) struct bytes text = {0};
    const struct json *root = NULL;
    TRY(text_file_read(file, STATE_MAX, &text, err));
    struct span note = arena_span(run->arena, span_bytes(&text));
    if (json_parse(note, &limits, run->arena, &root, NULL) == OK &&
        json_get_string(root, "note") != NULL) {
        note = span_text(json_get_string(root, "note"));
    }
    return checkpoint_open(note, trust, ret_known, NULL, err);
}

static void show_progress(void *arg, uint64_t done, uint64_t total)
{
    const struct invocation *run = arg;
    progress(run, in_words(run, "verified", "gecontroleerd"), done, total);
}

static void json_facts(struct invocation *run, const struct bundle_facts *facts)
{
    struct json_out *json = &run->result;
    char root[DIGEST_BASE64_SIZE];
    char sums[DIGEST_HEX_SIZE];
    char last[INSTANT_SIZE];
    char exported[INSTANT_SIZE];
    digest_to_base64(&facts->root, root);
    digest_to_hex(&facts->sums, sums);
    instant_format(facts->last_time, last);
    instant_format(facts->exported_at, exported);
    json_member(json, "what", verify_what_name(VERIFY_GOOD));
    json_member_integer(json, "size", (int64_t) facts->size);
    json_member(json, "root", root);
    json_member(json, "last_time", last);
    json_member(json, "sums_sha256", sums);
    json_member_integer(json, "files", (int64_t) facts->files);
    json_key(json, "locked");
    json_put_bool(json, facts->locked);
    json_key(json, "export");
    json_begin(json, '{');
    json_member(json, "person", facts->exported_by);
    json_member(json, "name", facts->name);
    json_member(json, "time", exported);
    json_member_integer(json, "seq", (int64_t) facts->export_seq);
    json_end(json, '}');
}

static void say_facts(struct invocation *run, const struct trust_root *root,
                      const struct bundle_facts *facts)
{
    char hash[DIGEST_BASE64_SIZE];
    char last[INSTANT_SIZE];
    char exported[INSTANT_SIZE];
    digest_to_base64(&facts->root, hash);
    instant_format(facts->last_time, last);
    instant_format(facts->exported_at, exported);
    say(run,
        "The bundle holds. Log %s, its first %llu entries, the last of %.19s UTC.\nRoot "
        "%s\n"
        "%llu files were made again from the log and are the same, byte for byte.\n"
        "Exported by %s (%s), entry %llu, %.19s UTC.\n",
        "De bundel klopt. Logboek %s, de eerste %llu boekingen, de laatste van %.19s UTC.\n"
        "Wortel %s\n%llu bestanden zijn opnieuw uit het logboek gemaakt en zijn gelijk, "
        "byte "
        "voor byte.\nGeëxporteerd door %s (%s), boeking %llu, %.19s UTC.\n",
        root->origin, (unsigned long long) facts->size, last, hash,
        (unsigned long long) facts->files, facts->name, facts->exported_by,
        (unsigned long long) facts->export_seq, exported);
    if (root->founder == NULL) {
        say(run,
            "Nobody vouched for the founder: compare the first entry's key with what you "
            "know, or use --passport.\n",
            "Niemand stond in voor de oprichter: vergelijk de sleutel van de eerste "
            "boeking, "
            "of gebruik --passport.\n");
    }
    say(run, "%s\n", "%s\n",
        facts->locked ? in_words(run, "The study was locked.", "De studie was op slot.")
                      : in_words(run, "NOT LOCKED: an interim cut.",
                                 "NIET OP SLOT: een tussenstand."));
}

static void json_fault(struct invocation *run, const struct verify_result *result)
{
    struct json_out *json = &run->result;
    json_member(
        json, "what",
        verify_what_name(result->what == VERIFY_GOOD ? VERIFY_CHANGED : result->what));
    json_key(json, "first_bad");
    if (result->first_bad >= 0) {
        json_put_integer(json, result->first_bad);
    } else {
        json_put_null(json);
    }
}

/* What was checked of an extract, and what nobody can check who has only it. */
static void say_extract(struct invocation *run, const struct trust_root *root,
                        const struct bundle_facts *facts)
{
    char hash[DIGEST_BASE64_SIZE];
    digest_to_base64(&facts->root, hash);
    say(run,
        "The de-identified extract holds: %llu files, none altered, added or left out.\n"
        "It names log %s, %llu entries, root %s, which the log's key has signed.\n"
        "Exported by %s (%s), entry %llu of the log, with the key inside.\n"
        "It cannot be replayed: that its values are those of the log, only a full bundle "
        "of "
        "the same size shows.\n",
        "Het gede-identificeerde uittreksel klopt: %llu bestanden, geen gewijzigd, "
        "toegevoegd "
        "of weggelaten.\nHet noemt logboek %s, %llu boekingen, wortel %s, getekend door de "
        "sleutel van het logboek.\nGeëxporteerd door %s (%s), boeking %llu van het "
        "logboek, "
        "met de sleutel erin.\nHet kan niet worden nagespeeld: dat de waarden die van het "
        "logboek zijn, toont alleen een volledige bundel van dezelfde grootte.\n",
        (unsigned long long) facts->files, root->origin, (unsigned long long) facts->size,
        hash, facts->name, facts->exported_by, (unsigned long long) facts->export_seq);
}

static status verify_extract(struct invocation *run, const struct bundle_check *check,
                             const struct trust_root *root, struct err *err)
{
    struct bundle_facts facts = {0};
    struct verify_result none = {.first_bad = -1};
    status kind = extract_verify(check, &facts, err);
    json_key(&run->result, "deidentified");
    json_put_bool(&run->result, true);
    if (kind == ERR_TAMPERED) {
        json_fault(run, &none);
    }
    TRY(kind);
    json_facts(run, &facts);
    say_extract(run, root, &facts);
    return OK;
}

status monitor_verify_bundle(struct invocation *run, struct err *err)
{
    CLEANUP(trust_done) struct trust_root root = {0};
    CLEANUP(verify_result_done) struct verify_result result = {.first_bad = -1};
    struct bundle_facts facts = {0};
    struct checkpoint known;
    const char *state = invocation_option(run, "log-prefix-of");
    TRY(trust_find(run, invocation_option(run, "vkey"), invocation_option(run, "founder"),
                   invocation_option(run, "passport"), &root, err));
    if (state != NULL) {
        TRY(read_known(run, &root.trust, state, &known, err));
    }
    struct bundle_check check = {.path = run->arguments[0],
                                 .trust = &root.trust,
                                 .origin = root.origin,
                                 .founder = root.founder,
                                 .known = state != NULL ? &known : NULL,
                                 .arena = run->arena,
                                 .progress = show_progress,
                                 .arg = run};
    bool extract = false;
    TRY(extract_is_one(check.path, &extract, err));
    if (extract) {
        return verify_extract(run, &check, &root, err);
    }
    status kind = bundle_verify(&check, &facts, &result, err);
    if (kind == ERR_TAMPERED) {
        json_fault(run, &result);
    }
    TRY(kind);
    json_facts(run, &facts);
    say_facts(run, &root, &facts);
    if (!facts.locked && invocation_option(run, "interim") == NULL) {
        return FAIL(err, ERR_REJECTED,
                    "the study was not locked at that size; --interim accepts that");
    }
    return OK;
}
