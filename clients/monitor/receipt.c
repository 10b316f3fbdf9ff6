/* SPDX-License-Identifier: Apache-2.0 */
/*
** verify-receipt: what anybody can check with a record and its receipt in hand, years later.
*/
#include "crypto/receipt.h"
#include "clients/lib/text_file.h"
#include "clients/monitor/monitor.h"
#include "clients/verify/trust.h"
#include "crypto/jws.h"

const struct option RECEIPT_OPTIONS[] = {
    {"vkey", "VKEY", "the log's key, as in the invitation"},
    {"passport", "FILE", "an invitation or passport to take the log's key from"},
    {NULL, NULL, NULL},
};

static struct span without_line_end(struct span text)
{
    return text.size > 0 && text.data[text.size - 1] == '\n'
               ? span_of(text.data, text.size - 1)
               : text;
}

static void tell_receipt(struct invocation *run, const struct receipt_facts *facts,
                         const struct jws *jws)
{
    struct json_out *json = &run->result;
    char time[INSTANT_SIZE];
    char signed_at[INSTANT_SIZE];
    const char *object = arena_span_text(run->arena, facts->entry.object);
    const char *actor = arena_span_text(run->arena, facts->entry.actor);
    const char *outcome = arena_span_text(run->arena, facts->outcome);
    instant_format(facts->entry.time, time);
    instant_format(jws->iat * SECOND, signed_at);
    json_member_integer(json, "seq", (int64_t) facts->seq);
    json_member(json, "time", time);
    json_member(json, "object", object);
    json_member(json, "actor", actor);
    json_key(json, "rejected");
    json_put_bool(json, facts->rejected);
    json_member_integer(json, "size", (int64_t) facts->checkpoint.size);
    json_key(json, "outcome");
    json_put_raw(json, facts->outcome);
    say(run,
        "The receipt holds. Entry %llu of %s, %s, by %s: the record is in the log and was "
        "%s "
        "at %.19s UTC (it says it was signed at %.19s UTC). A head of %llu entries, signed "
        "by the log's key, contains it.\nOutcome: %s\n",
        "Het bewijs klopt. Boeking %llu van %s, %s, door %s: de vastlegging staat in het "
        "logboek en is %s op %.19s UTC (getekend volgens zichzelf op %.19s UTC). Een kop "
        "van "
        "%llu boekingen, getekend door de sleutel van het logboek, bevat haar.\n"
        "Uitkomst: %s\n",
        (unsigned long long) facts->seq, arena_span_text(run->arena, facts->entry.log),
        object, actor,
        facts->rejected ? in_words(run, "refused", "geweigerd")
                        : in_words(run, "accepted", "aangenomen"),
        time, signed_at, (unsigned long long) facts->checkpoint.size, outcome);
}

status monitor_verify_receipt(struct invocation *run, struct err *err)
{
    CLEANUP(trust_done) struct trust_root root = {0};
    CLEANUP(bytes_done) struct bytes record = {0};
    CLEANUP(bytes_done) struct bytes receipt = {0};
    struct receipt_facts facts;
    struct jws jws;
    TRY(trust_find(run, invocation_option(run, "vkey"), NULL,
                   invocation_option(run, "passport"), &root, err));
    TRY(text_file_read(run->arguments[0], JWS_SIZE_MAX + 1, &record, err));
    TRY(text_file_read(run->arguments[1], RECEIPT_SIZE_MAX, &receipt, err));
    struct span line = without_line_end(span_bytes(&record));
    TRY(jws_parse(line, run->arena, &jws, err));
    status kind =
        receipt_verify(line, span_bytes(&receipt), &root.trust, run->arena, &facts, err);
    if (kind == ERR_UNAUTHENTIC && err != NULL) {
        err->kind = ERR_TAMPERED; /* a receipt that does not hold is evidence */
    }
    TRY(kind == ERR_UNAUTHENTIC ? ERR_TAMPERED : kind);
    tell_receipt(run, &facts, &jws);
    return OK;
}
