/* SPDX-License-Identifier: Apache-2.0 */
/*
** The order of the steps is the whole of this file. Receipt and record are on disk before the
** outbox file goes; the outbox file is on disk before the first byte goes out. Every step may
** be the last before a power cut, and every step may happen twice (tests/system/clients.c ends
** the process between any two).
*/
#include "clients/lib/outbox.h"

#include "base/text.h"

#define RECORD_MEDIA "application/jose+json"
#define ANSWER_LIMIT ((size_t) 8 << 20)

static const struct json_limits ITEM_LIMITS = {
    .depth = 2, .nodes = 20, .string = (size_t) 8 << 20};
static const struct json_limits ANSWER_LIMITS = {
    .depth = 16, .nodes = 100000, .string = RECEIPT_SIZE_MAX};

/* ---- the file of an item ---- */

static const char *item_file(struct client *client, const char *jti)
{
    return arena_printf(client->arena, "outbox/%s.jws", jti);
}

static const char *tried_file(struct client *client, const char *jti)
{
    return arena_printf(client->arena, "outbox/%s.tried", jti);
}

static void write_item(const struct outbox_item *item, struct bytes *out)
{
    struct json_out json = {.bytes = out};
    char signed_at[INSTANT_SIZE];
    instant_format(item->signed_at, signed_at);
    json_begin(&json, '{');
    json_member(&json, "crf", "outbox 1");
    json_member(&json, "label", item->label);
    json_member(&json, "type", item->type);
    json_key(&json, "safety");
    json_put_bool(&json, item->safety);
    json_member(&json, "signed_at", signed_at);
    json_member(&json, "record", item->line);
    json_member(&json, "text", item->text);
    json_end(&json, '}');
}

static instant read_tried(struct client *client, const char *jti)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    instant at = 0;
    if (folder_read(client->folder, tried_file(client, jti), &text, NULL) != OK ||
        !instant_parse(span_bytes(&text), &at, NULL)) {
        return 0;
    }
    return at;
}

static status read_item(struct client *client, const char *jti,
                        struct outbox_item *ret_item, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes text = {0};
    const struct json *root = NULL;
    struct outbox_item item = {.jti = jti};
    TRY(sealed_read(client->signer, client->folder, item_file(client, jti), &text, err));
    TRY(json_parse(span_bytes(&text), &ITEM_LIMITS, client->arena, &root, err));
    const struct json *safety = json_get(root, "safety");
    const char *signed_at = json_get_string(root, "signed_at");
    item.label = json_get_string(root, "label");
    item.type = json_get_string(root, "type");
    item.line = json_get_string(root, "record");
    item.text = json_get_string(root, "text");
    item.safety = safety != NULL && safety->kind == J_TRUE;
    if (item.label == NULL || item.type == NULL || item.line == NULL || signed_at == NULL ||
        !instant_parse(span_text(signed_at), &item.signed_at, NULL)) {
        return FAIL(err, ERR_BAD_INPUT, "outbox/%s.jws cannot be read", jti);
    }
    item.first_try = read_tried(client, jti);
    *ret_item = item;
    return OK;
}

status outbox_put(struct client *client, const struct outbox_item *item, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes text = {0};
    write_item(item, &text);
    return sealed_create(client->signer, client->folder, item_file(client, item->jti),
                         span_bytes(&text), err);
}

/* Safety first, then as signed; ids decide between equals. */
static int compare_items(const void *a, const void *b)
{
    const struct outbox_item *x = a, *y = b;
    if (x->safety != y->safety) {
        return x->safety ? -1 : 1;
    }
    if (x->signed_at != y->signed_at) {
        return x->signed_at < y->signed_at ? -1 : 1;
    }
    return strcmp(x->jti, y->jti);
}

status outbox_list(struct client *client, struct outbox_items *ret_items, struct err *err)
{
    struct folder_names names = {0};
    struct outbox_items items = {0};
    TRY(folder_list(client->folder, "outbox", ".jws", client->arena, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        struct span jti = span_of(names.items[i], strlen(names.items[i]) - 4);
        struct outbox_item item;
        status kind = read_item(client, arena_span_text(client->arena, jti), &item, err);
        if (kind == ERR_NOT_FOUND) {
            continue; /* another program has just sent it */
        }
        TRY(kind);
        *ARENA_PUSH(client->arena, items.items, items.count, items.capacity) = item;
    }
    if (items.count > 1) {
        qsort(items.items, items.count, sizeof(*items.items), compare_items);
    }
    *ret_items = items;
    return OK;
}

/* ---- receipts ---- */

static const char *receipt_file(struct client *client, uint64_t seq, const char *kind)
{
    return arena_printf(client->arena, "receipts/%llu.%s", (unsigned long long) seq, kind);
}

static status keep_receipt(struct client *client, const char *line, struct span proof,
                           uint64_t seq, struct err *err)
{
    TRY(sealed_write(client->signer, client->folder, receipt_file(client, seq, "jws"),
                     span_text(line), err));
    return sealed_write(client->signer, client->folder, receipt_file(client, seq, "proof"),
                        proof, err);
}

/* Verify what the service gave for LINE; what does not hold is kept as evidence. */
static status check_receipt(struct client *client, const char *line, const char *proof,
                            struct receipt_facts *ret_facts, struct err *err)
{
    struct err why = {0};
    if (client->trust.log == NULL) {
        return FAIL(err, ERR_BAD_INPUT, "the log's key is not known to this computer");
    }
    status kind = receipt_verify(span_text(line), span_text(proof), &client->trust,
                                 client->arena, ret_facts, &why);
    if (kind == OK) {
        return OK;
    }
    kind = FAIL(err, ERR_TAMPERED, "the receipt does not hold: %s", why.what);
    if (err != NULL) {
        /* evidence is shown to others: the record itself stays sealed, where it was */
        struct digest digest;
        char hex[DIGEST_HEX_SIZE];
        digest_of(span_text(line), &digest);
        digest_to_hex(&digest, hex);
        const char *ours = arena_printf(
            client->arena, "the signed record, sealed in this folder: SHA-256 %s", hex);
        evidence_keep(client->folder, "receipt", ours, proof, err);
    }
    return kind;
}

status receipt_check_kept(struct client *client, uint64_t seq,
                          struct receipt_facts *ret_facts, struct err *err)
{
    CLEANUP(bytes_wipe) struct bytes line = {0};
    CLEANUP(bytes_done) struct bytes proof = {0};
    TRY(sealed_read(client->signer, client->folder, receipt_file(client, seq, "jws"), &line,
                    err));
    TRY(sealed_read(client->signer, client->folder, receipt_file(client, seq, "proof"),
                    &proof, err));
    const char *kept_line = arena_span_text(client->arena, span_bytes(&line));
    const char *kept_proof = arena_span_text(client->arena, span_bytes(&proof));
    TRY(check_receipt(client, kept_line, kept_proof, ret_facts, err));
    return ret_facts->seq == seq
               ? OK
               : FAIL(err, ERR_TAMPERED, "receipt %llu speaks of entry %llu",
                      (unsigned long long) seq, (unsigned long long) ret_facts->seq);
}

status receipt_list(struct client *client, struct receipt_numbers *ret_numbers,
                    struct err *err)
{
    struct folder_names names = {0};
    struct receipt_numbers numbers = {0};
    TRY(folder_list(client->folder, "receipts", ".proof", client->arena, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        uint64_t seq = 0;
        struct span stem = span_of(names.items[i], strlen(names.items[i]) - 6);
        if (text_to_u64(stem, INT64_MAX, &seq)) {
            size_t at = numbers.count;
            (void) ARENA_PUSH(client->arena, numbers.items, numbers.count,
                              numbers.capacity);
            for (; at > 0 && numbers.items[at - 1] > seq; at--) {
                numbers.items[at] = numbers.items[at - 1];
            }
            numbers.items[at] = seq;
        }
    }
    *ret_numbers = numbers;
    return OK;
}

/* ---- answers ---- */

static const char *find_number(const struct json *outcome)
{
    const struct json *effects = json_get(outcome, "effects");
    for (size_t i = 0; effects != NULL && effects->kind == J_ARRAY && i < effects->count;
         i++) {
        const char *number = json_get_string(&effects->items[i], "number");
        if (number != NULL) {
            return number;
        }
    }
    return NULL;
}

static status remove_item(struct client *client, const struct outbox_item *item,
                          struct err *err)
{
    TRY(folder_remove(client->folder, item_file(client, item->jti), err));
    return folder_remove(client->folder, tried_file(client, item->jti), err);
}

status outbox_withdraw(struct client *client, const char *jti, struct err *err)
{
    const struct outbox_item item = {.jti = jti};
    return remove_item(client, &item, err);
}

static status accept(struct client *client, const struct outbox_item *item,
                     const struct https_answer *http, struct outbox_answer *answer,
                     struct err *err)
{
    const struct json *root = NULL;
    struct receipt parts;
    struct receipt_facts facts;
    TRY(json_parse(span_bytes(&http->body), &ANSWER_LIMITS, client->arena, &root, err));
    const char *proof = json_get_string(root, "receipt");
    if (proof == NULL) {
        return FAIL(err, ERR_UNAVAILABLE,
                    "the service accepted it and gave no receipt yet");
    }
    TRY(check_receipt(client, item->line, proof, &facts, err));
    if (facts.rejected) {
        return FAIL(err, ERR_TAMPERED,
                    "the service says accepted, its receipt says refused");
    }
    TRY(keep_receipt(client, item->line, span_text(proof), facts.seq, err));
    TRY(receipt_parse(span_text(proof), client->arena, &parts, err));
    TRY(client_see(client, parts.note, false, err));
    TRY(remove_item(client, item, err));
    answer->sent = SENT_ACCEPTED;
    answer->again = http->code == 200;
    answer->seq = facts.seq;
    answer->time = facts.entry.time;
    answer->outcome = json_get(root, "outcome");
    answer->number = find_number(answer->outcome);
    answer->findings = findings_read(json_get(root, "findings"), client->arena);
    return OK;
}

static status refuse(struct client *client, const struct outbox_item *item,
                     const struct https_answer *http, struct outbox_answer *answer,
                     struct err *err)
{
    struct problem *problem = &answer->problem;
    struct receipt_facts facts;
    if (problem->receipt != NULL) {
        TRY(check_receipt(client, item->line, problem->receipt, &facts, err));
        TRY(keep_receipt(client, item->line, span_text(problem->receipt), facts.seq, err));
        answer->seq = facts.seq;
    }
    struct draft draft = {.label = item->label,
                          .why = problem_is(problem, "stale") ? "stale" : "refused",
                          .jti = item->jti,
                          .saved_at = clock_now(client->run->clock),
                          .record = item->line,
                          .text = item->text,
                          .problem =
                              text_is_utf8(span_bytes(&http->body))
                                  ? arena_span_text(client->arena, span_bytes(&http->body))
                                  : NULL};
    TRY(draft_save(client, &draft, &answer->draft, err));
    TRY(remove_item(client, item, err));
    answer->sent = SENT_REFUSED;
    answer->kind = problem_status(problem, &answer->why);
    return OK;
}

/* Not sent, and not refused: it stays. After ten minutes a safety form is for the phone. */
static void keep(struct client *client, const struct outbox_item *item,
                 struct outbox_answer *answer)
{
    instant now = clock_now(client->run->clock);
    instant first = item->first_try;
    answer->sent = SENT_KEPT;
    if (first == 0) {
        char text[INSTANT_SIZE];
        instant_format(now, text);
        first = now;
        if (folder_write(client->folder, tried_file(client, item->jti), span_text(text),
                         &answer->why) != OK) {
            return; /* the clock starts at the next try */
        }
    }
    answer->phone = item->safety && now - first >= OUTBOX_PHONE_AFTER;
}

static status post(struct client *client, const struct outbox_item *item,
                   struct https_answer *http, struct err *err)
{
    struct https_request request = {
        .method = "POST",
        .path = passport_path(&client->passport, client->arena, "/records"),
        .media = RECORD_MEDIA,
        .body = span_text(item->line),
        .limit = ANSWER_LIMIT};
    TRY(client_need_online(client, err));
    folder_step();
    status kind = https_do(client->https, &request, http, err);
    folder_step();
    return kind;
}

/* Send one. *ret_go_on: the others behind it may be tried. */
static status send_one(struct client *client, const struct outbox_item *item,
                       struct outbox_answer *answer, bool *ret_go_on, struct err *err)
{
    CLEANUP(https_answer_done) struct https_answer http = {0};
    *ret_go_on = true;
    answer->kind = post(client, item, &http, &answer->why);
    if (answer->kind != OK) {
        *ret_go_on = false;
        keep(client, item, answer);
        return OK;
    }
    if (http.code == 200 || http.code == 201) {
        status kind = accept(client, item, &http, answer, &answer->why);
        answer->kind = kind;
        if (kind == ERR_TAMPERED && err != NULL) {
            *err = answer->why;
        }
        if (kind != OK) {
            answer->sent = SENT_KEPT;
        }
        return kind == ERR_TAMPERED ? kind : OK;
    }
    problem_read(&http, client->arena, &answer->problem);
    status kind = problem_status(&answer->problem, &answer->why);
    answer->kind = kind;
    if (kind == ERR_UNAVAILABLE || kind == ERR_BUSY || http.code < 400 ||
        http.media[0] == '\0' || strcmp(http.media, "application/problem+json") != 0) {
        *ret_go_on = http.code == 500; /* one record's own fault; the rest may pass */
        keep(client, item, answer);
        return OK;
    }
    if (kind == ERR_TAMPERED) {
        keep(client, item, answer);
        if (err != NULL) {
            *err = answer->why;
        }
        return kind;
    }
    return refuse(client, item, &http, answer, err);
}

static status send_all(struct client *client, outbox_each *each, void *arg, struct err *err)
{
    struct outbox_items items = {0};
    struct err first = {0};
    status kept = OK;
    bool go_on = true;
    TRY(outbox_list(client, &items, err));
    for (size_t i = 0; i < items.count; i++) {
        struct outbox_answer answer = {.sent = SENT_KEPT, .kind = kept, .why = first};
        status kind = OK;
        if (go_on) {
            answer = (struct outbox_answer){.sent = SENT_KEPT};
            kind = send_one(client, &items.items[i], &answer, &go_on, err);
        } else {
            keep(client, &items.items[i], &answer);
        }
        if (each != NULL) {
            each(arg, &items.items[i], &answer);
        }
        TRY(kind);
        if (answer.sent == SENT_KEPT && kept == OK) {
            kept = answer.kind;
            first = answer.why;
        }
        progress(client->run, in_words(client->run, "sent", "verzonden"), i + 1,
                 items.count);
    }
    if (kept != OK && err != NULL) {
        *err = first;
    }
    return kept;
}

status outbox_send(struct client *client, outbox_each *each, void *arg, struct err *err)
{
    TRY(folder_lock(client->folder, FOLDER_SEND, 120, err));
    status kind = send_all(client, each, arg, err);
    folder_unlock(client->folder, FOLDER_SEND);
    return kind;
}
