/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/answer.h"

#include "crypto/entry.h"
#include "service/flow/problem.h"

void answer_write_accepted(uint64_t seq, instant time, struct span outcome,
                           const struct findings *findings, struct span receipt,
                           struct bytes *out)
{
    struct json_out json = {.bytes = out};
    char text[INSTANT_SIZE];
    instant_format(time, text);
    json_begin(&json, '{');
    json_member_integer(&json, "seq", (int64_t) seq);
    json_member(&json, "time", text);
    json_key(&json, "outcome");
    json_put_raw(&json, outcome);
    if (findings != NULL) {
        json_key(&json, "findings");
        problem_write_findings(findings, &json);
    }
    json_key(&json, "receipt");
    json_put_span(&json, receipt);
    json_end(&json, '}');
}

/* Rules and paths of the body of a reject entry. */
static void read_findings(const struct json *reject, struct findings *findings)
{
    const struct json *list = json_get(reject, "findings");
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const char *rule = json_get_string(&list->items[i], "rule");
        const char *path = json_get_string(&list->items[i], "path");
        if (rule != NULL) { /* a path that a stranger made up was not kept */
            finding_add(findings, &(struct finding){.rule = rule,
                                                    .act = ACT_REFUSE,
                                                    .path = path != NULL ? path : "",
                                                    .message = refusal_sentence(
                                                        rule, findings->language)});
        }
    }
}

static status write_refusal(const struct proof *proof, struct arena *arena,
                            const char *language, const char *request_id, struct bytes *out,
                            int *ret_status, struct err *err)
{
    const struct json *reject = NULL;
    struct findings findings = {.arena = arena, .language = language};
    TRY(json_parse(proof->outcome, &JSON_RECORD, arena, &reject, err));
    const struct json *code = json_get(reject, "status");
    bool is_status = code != NULL && code->kind == J_INTEGER && code->integer >= 400 &&
                     code->integer <= 499;
    if (!is_status) {
        return FAIL(err, ERR_TAMPERED, "the refusal in entry %llu has no status",
                    (unsigned long long) proof->line.seq);
    }
    read_findings(reject, &findings);
    const char *name = refusal_code((int) code->integer,
                                    findings.count > 0 ? findings.items[0].rule : NULL);
    struct problem problem = {
        .status = (int) code->integer,
        .code = name,
        .title = refusal_title(name, language),
        .detail = "This record was refused before; the same bytes get the same answer",
        .request_id = request_id,
        .findings = &findings,
        .receipt = proof->receipt,
        .seq = (int64_t) proof->line.seq};
    problem_write(&problem, out);
    *ret_status = problem.status;
    return OK;
}

status answer_write_again(const struct proof *proof, struct arena *arena,
                          const char *language, const char *request_id, struct bytes *out,
                          int *ret_status, struct err *err)
{
    struct entry entry;
    TRY(entry_parse(proof->line.entry, &entry, err));
    if (proof->rejected) {
        return write_refusal(proof, arena, language, request_id, out, ret_status, err);
    }
    answer_write_accepted(proof->line.seq, entry.time, proof->outcome, NULL, proof->receipt,
                          out);
    *ret_status = 200;
    return OK;
}
