/* SPDX-License-Identifier: Apache-2.0 */
/*
** What a refusal leaves in the log: which rules, and where; never a value, and no path that a
** stranger could have made up.
*/
#include "base/json_out.h"
#include "protocol/record/decide_impl.h"

#define REJECT_FINDINGS_MAX 100
#define REJECT_PATH_MAX     400

/* A path may hold what a stranger typed; only what looks like a path is kept, and not that of
 * a name the definition does not know. */
static bool may_be_kept(const struct finding *finding)
{
    const char *path = finding->path;
    size_t length = strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                 "0123456789._-/%");
    return path[length] == 0 && length <= REJECT_PATH_MAX &&
           strcmp(finding->rule, "FORM-01") != 0;
}

void decision_write_reject(const struct decision *decision, const struct record *record,
                           struct bytes *out)
{
    struct json_out json = {out, false};
    char sha256[DIGEST_HEX_SIZE], jti[UUID_TEXT_SIZE];
    bool known = record->type < RECORD_TYPE_COUNT;
    digest_to_hex(&record->digest, sha256);
    uuid_format(&record->jti, jti);
    json_begin(&json, '{');
    json_member_integer(&json, "v", OUTCOME_VERSION);
    json_member(&json, "type", known ? record_type_name(record->type) : NULL);
    json_member(&json, "object", record->object);
    json_member(&json, "jti", jti);
    json_member(&json, "record_sha256", sha256);
    json_member_integer(&json, "status", decision->http_status);
    json_key(&json, "findings");
    json_begin(&json, '[');
    for (size_t i = 0; i < decision->findings.count && i < REJECT_FINDINGS_MAX; i++) {
        const struct finding *finding = &decision->findings.items[i];
        json_begin(&json, '{');
        json_member(&json, "rule", finding->rule);
        json_member(&json, "path", may_be_kept(finding) ? finding->path : NULL);
        json_end(&json, '}');
    }
    json_end(&json, ']');
    json_end(&json, '}');
}
