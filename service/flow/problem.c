/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/problem.h"

static const struct kind {
    int status;
    const char *code, *title;
} kinds[] = {
    [OK] = {200, "none", "No problem"},
    [ERR_BAD_INPUT] = {400, "bad-request", "The request cannot be read"},
    [ERR_UNAUTHENTIC] = {401, "unauthentic", "The signature or assertion does not hold"},
    [ERR_REJECTED] = {403, "not-allowed", "You may not do or see this"},
    [ERR_NOT_FOUND] = {404, "not-found", "There is no such thing here"},
    [ERR_CONFLICT] = {409, "conflict", "Something else is there already"},
    [ERR_TOO_LARGE] = {413, "too-large", "This is larger than allowed"},
    [ERR_BUSY] = {503, "busy", "Too much at once; send the same again shortly"},
    [ERR_UNAVAILABLE] = {503, "unavailable",
                         "Something we need is away; send the same again, nothing is lost"},
    [ERR_TAMPERED] =
        {503, "log-halted",
         "This study's log was found changed and is stopped; phone the sponsor"},
    [ERR_BUG] = {500, "internal", "We failed; the request id leads to the reason"},
};

static const struct kind *kind_of(status kind)
{
    return &kinds[(size_t) kind < ARRAY_LEN(kinds) ? kind : ERR_BUG];
}

int problem_http_status(status kind)
{
    return kind_of(kind)->status;
}

const char *problem_code(status kind)
{
    return kind_of(kind)->code;
}

const char *problem_title(status kind)
{
    return kind_of(kind)->title;
}

const char *problem_detail(const struct err *err)
{
    static const char *const inside[] = {"service/pg/", "service/store/",
                                         "service/flow/signer.c"};
    bool is_ours = err->kind == ERR_BUG;
    for (size_t i = 0; err->where != NULL && i < ARRAY_LEN(inside); i++) {
        is_ours = is_ours || strstr(err->where, inside[i]) != NULL;
    }
    return is_ours ? NULL : err->what;
}

void problem_write_findings(const struct findings *findings, struct json_out *json)
{
    json_begin(json, '[');
    for (size_t i = 0; findings != NULL && i < findings->count; i++) {
        finding_write(&findings->items[i], json);
    }
    json_end(json, ']');
}

void problem_write(const struct problem *problem, struct bytes *out)
{
    struct json_out json = {.bytes = out};
    CLEANUP(bytes_done) struct bytes type = {0};
    bytes_printf(&type, "urn:crfd:problem:%s", problem->code);
    json_begin(&json, '{');
    json_member(&json, "type", bytes_text(&type));
    json_member(&json, "title", problem->title);
    json_member_integer(&json, "status", problem->status);
    json_member(&json, "detail",
                problem->detail != NULL ? problem->detail : problem->title);
    json_member(&json, "request_id", problem->request_id);
    json_key(&json, "findings");
    problem_write_findings(problem->findings, &json);
    json_key(&json, "receipt");
    if (problem->receipt.size > 0) {
        json_put_span(&json, problem->receipt);
    } else {
        json_put_null(&json);
    }
    if (problem->seq >= 0) {
        json_member_integer(&json, "seq", problem->seq);
    }
    if (problem->has_current) {
        json_key(&json, "current");
        json_begin(&json, '{');
        json_member_integer(&json, "seq", problem->current_seq);
        json_member(&json, "leaf", problem->current_leaf);
        if (problem->current_by != NULL) {
            char at[INSTANT_SIZE];
            instant_format(problem->current_at, at);
            json_member(&json, "by", problem->current_by);
            json_member(&json, "at", at);
        }
        json_end(&json, '}');
    }
    json_end(&json, '}');
}
