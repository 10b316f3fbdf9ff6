/* SPDX-License-Identifier: Apache-2.0 */
/*
** Reading a payload. Everything wrong is said at once, as findings whose path names the
** member; a member that cannot be read stays NULL, and reading goes on. No sentence quotes
** what was sent: a wrong member may hold anything.
**
**   SHAPE-01 a member is missing          SHAPE-05 text is empty, too long or has a character
**   SHAPE-02 a member is not known                 that may not stand there
**   SHAPE-03 a member is of another kind  SHAPE-06 a date-time is not RFC 3339
**   SHAPE-04 a member must (not) be null  SHAPE-07 a digest, key or code is not in its form
**   SHAPE-08 a path or scope is not one   SHAPE-09 a list is empty, too long or mixed
**   SHAPE-10 the type is not known        SHAPE-11 the type is not in this version
**   SHAPE-12 signed_at is not iat         SHAPE-13 a role is not known
*/
#include "base/encode.h"
#include "base/text.h"
#include "protocol/record/record_impl.h"

/* ---- saying what is wrong ---- */

void shape_add(struct reading *reading, const char *path, const char *rule,
               const char *message)
{
    finding_add(reading->shape, &(struct finding){.rule = rule,
                                                  .act = ACT_REFUSE,
                                                  .place = PLACE_SUBMIT,
                                                  .path = path,
                                                  .message = message});
}

const char *shape_join(struct reading *reading, const char *path, const char *name)
{
    return *path == 0   ? name
           : *name == 0 ? path
                        : arena_printf(reading->arena, "%s.%s", path, name);
}

/* Every member of OBJECT is one of NAMES (a NULL-terminated list). */
void shape_names(struct reading *reading, const char *path, const struct json *object,
                 const char *const *names)
{
    for (size_t i = 0; i < object->count; i++) {
        size_t n = 0;
        while (names[n] != NULL && strcmp(names[n], object->items[i].name) != 0) {
            n++;
        }
        if (names[n] == NULL) {
            shape_add(reading, path, "SHAPE-02",
                      "There is a member that is not known here.");
            return;
        }
    }
}

static const struct json *object_member(struct reading *reading, const struct json *from,
                                        const char *path, const char *name)
{
    const struct json *value = json_get(from, name);
    if (value == NULL) {
        shape_add(reading, shape_join(reading, path, name), "SHAPE-01",
                  "This member is missing.");
    } else if (value->kind != J_OBJECT) {
        shape_add(reading, shape_join(reading, path, name), "SHAPE-03",
                  "This member must be an object.");
        value = NULL;
    }
    return value;
}

/* ---- texts ---- */

/* As the values of a form: these texts leave in ODM, and are read on terminals. */
static bool is_text(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        uint8_t c = (uint8_t) text[i];
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') {
            return false;
        }
    }
    return true;
}

static bool is_line(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        uint8_t c = (uint8_t) text[i];
        if (c < 0x20 || c == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool is_plain(const char *text, size_t size)
{
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789._-") == size;
}

static bool text_fits(enum member_kind kind, const struct json *value, size_t max)
{
    if (value->count < 1 || value->count > max) {
        return false;
    }
    return (kind == MEMBER_TEXT && is_text(value->string, value->count)) ||
           (kind == MEMBER_NAME && is_line(value->string, value->count)) ||
           (kind == MEMBER_TOKEN && is_plain(value->string, value->count));
}

static bool encoded(enum encoding encoding, const char *text, size_t size)
{
    uint8_t bytes[DIGEST_SIZE];
    return decode_exact(encoding, span_text(text), bytes, size);
}

static bool is_scope(struct reading *reading, const char *text)
{
    struct form_key key;
    const char *segment = NULL;
    if (strcmp(text, "study") == 0 ||
        form_key_parse(span_text(text), reading->arena, &key)) {
        return true;
    }
    const char *slash = strchr(text, '/');
    return slash != NULL &&
           (strncmp(text, "site/", 5) == 0 || strncmp(text, "subject/", 8) == 0) &&
           path_segment_parse(span_text(slash + 1), reading->arena, &segment) &&
           segment != NULL && strlen(segment) <= FORM_KEY_MAX;
}

/* What a hold covers is whole: no single form. */
static bool is_hold_scope(struct reading *reading, const char *text)
{
    const char *segment = NULL;
    const char *slash = strchr(text, '/');
    return strcmp(text, "study") == 0 ||
           (slash != NULL &&
            (strncmp(text, "site/", 5) == 0 || strncmp(text, "cohort/", 7) == 0 ||
             strncmp(text, "subject/", 8) == 0) &&
            path_segment_parse(span_text(slash + 1), reading->arena, &segment) &&
            segment != NULL && strlen(segment) <= FORM_KEY_MAX);
}

static bool is_case_path(struct reading *reading, const char *text)
{
    struct form_key key;
    int64_t seq;
    return form_key_parse(span_text(text), reading->arena, &key) ||
           (strncmp(text, "milestone/", 10) == 0 &&
            text_to_i64(span_text(text + 10), &seq) && seq >= 0);
}

static bool is_form_path(struct reading *reading, const char *text)
{
    struct form_key key;
    return form_key_parse(span_text(text), reading->arena, &key);
}

static bool is_item_path(struct reading *reading, const char *text)
{
    struct item_key key;
    return item_path_parse(span_text(text), reading->arena, &key);
}

/* What a text member of KIND must be; NULL when VALUE is. */
static const char *text_rule(struct reading *reading, const struct member_info *member,
                             const struct json *value)
{
    instant at;
    const char *text = value->string;
    bool whole = strlen(text) == value->count;
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_NAME:
    case MEMBER_TOKEN:
        return text_fits(member->kind, value, member->max) ? NULL : "SHAPE-05";
    case MEMBER_ROLE:
        return role_is_known(text) ? NULL : "SHAPE-13";
    case MEMBER_INSTANT:
        return whole && instant_parse(span_text(text), &at, NULL) ? NULL : "SHAPE-06";
    case MEMBER_HEX:
        return whole && encoded(HEX, text, DIGEST_SIZE) ? NULL : "SHAPE-07";
    case MEMBER_LEAF:
        return whole && encoded(BASE64, text, DIGEST_SIZE) ? NULL : "SHAPE-07";
    case MEMBER_KID:
        return whole && encoded(BASE64URL, text, DIGEST_SIZE) ? NULL : "SHAPE-07";
    case MEMBER_CODE:
        return whole && encoded(BASE32, text, 16) ? NULL : "SHAPE-07";
    case MEMBER_FORM_PATH:
        return whole && is_form_path(reading, text) ? NULL : "SHAPE-08";
    case MEMBER_ITEM_PATH:
        return whole && is_item_path(reading, text) ? NULL : "SHAPE-08";
    case MEMBER_SCOPE:
        return whole && is_scope(reading, text) ? NULL : "SHAPE-08";
    case MEMBER_CHOICE:
        return whole && choice_is_known(member->name, text) ? NULL : "SHAPE-05";
    case MEMBER_BATCH:
        return whole && record_is_code(text) ? NULL : "SHAPE-05";
    case MEMBER_HOLD_SCOPE:
        return whole && is_hold_scope(reading, text) ? NULL : "SHAPE-08";
    case MEMBER_CASE_PATH:
        return whole && is_case_path(reading, text) ? NULL : "SHAPE-08";
    case MEMBER_JWK:
    case MEMBER_SIZE:
    case MEMBER_DEFINITION:
    case MEMBER_DICTIONARIES:
    case MEMBER_OBJECTS:
    case MEMBER_CONFIRMED:
    case MEMBER_FORM:
    case MEMBER_PARENTS:
    case MEMBER_OOS:
    case MEMBER_OVERRIDE:
    case MEMBER_PHONED:
    default:
        return "SHAPE-03";
    }
}

static const char *sentence(const char *rule)
{
    static const char *const sentences[][2] = {
        {"SHAPE-03", "This member is of another kind."},
        {"SHAPE-05", "This text is empty, too long, or has a character that may not stand "
                     "here."},
        {"SHAPE-06", "This must be a date and time like 2026-11-21T10:14:07+01:00."},
        {"SHAPE-07", "This digest, key or code is not written in its form."},
        {"SHAPE-08", "This is not a path or scope that can exist."},
        {"SHAPE-13", "This role is not known."},
    };
    size_t i = 0;
    while (strcmp(sentences[i][0], rule) != 0) {
        i++;
    }
    return sentences[i][1];
}

/* A text member of FROM; NULL when it is null, missing or wrong (then said). */
const char *read_text(struct reading *reading, const struct json *from, const char *path,
                      const struct member_info *member)
{
    const struct json *value = json_get(from, member->name);
    const char *full = shape_join(reading, path, member->name);
    if (value == NULL) {
        if (!member->optional) {
            shape_add(reading, full, "SHAPE-01", "This member is missing.");
        }
        return NULL;
    }
    if (value->kind == J_NULL) {
        if (!member->null) {
            shape_add(reading, full, "SHAPE-04", "This member must not be null.");
        }
        return NULL;
    }
    if (value->kind != J_STRING) {
        shape_add(reading, full, "SHAPE-03", "This member must be a text.");
        return NULL;
    }
    const char *rule = text_rule(reading, member, value);
    if (rule != NULL) {
        shape_add(reading, full, rule, sentence(rule));
        return NULL;
    }
    return value->string;
}

/* ---- structured members ---- */

static void read_definition(struct reading *reading, const struct json *from,
                            const char *path, struct definition_ref *definition)
{
    static const char *const names[] = {"version", "sha256", NULL};
    static const struct member_info version = {
        .name = "version", .kind = MEMBER_NAME, .max = FORM_KEY_MAX};
    static const struct member_info sha256 = {.name = "sha256", .kind = MEMBER_HEX};
    if (from != NULL) {
        shape_names(reading, path, from, names);
        definition->version = read_text(reading, from, path, &version);
        definition->sha256 = read_text(reading, from, path, &sha256);
    }
}

/* The JWK as key_to_jwk() writes it: members in the order of RFC 7638. */
static const char *read_jwk(struct reading *reading, const struct json *from,
                            const char *path)
{
    static const char *const names[] = {"crv", "kty", "x", "y", NULL};
    CLEANUP(bytes_done) struct bytes out = {0};
    struct json_out json = {&out, false};
    shape_names(reading, path, from, names);
    json_begin(&json, '{');
    for (size_t i = 0; names[i] != NULL; i++) {
        const struct json *value = json_get(from, names[i]);
        bool optional = strcmp(names[i], "y") == 0;
        bool good = value != NULL && value->kind == J_STRING && value->count <= 64 &&
                    is_plain(value->string, value->count);
        if (good) {
            json_member(&json, names[i], value->string);
        } else if (value != NULL || !optional) {
            shape_add(reading, path, "SHAPE-07", sentence("SHAPE-07"));
            return NULL;
        }
    }
    json_end(&json, '}');
    return arena_text(reading->arena, bytes_text(&out));
}

static void read_size(struct reading *reading, const struct json *data,
                      const struct member_info *member, int64_t *ret_size)
{
    const struct json *value = json_get(data, member->name);
    if (value != NULL && value->kind == J_INTEGER && value->integer >= 0) {
        *ret_size = value->integer;
    } else {
        shape_add(reading, shape_join(reading, "data", member->name),
                  value == NULL ? "SHAPE-01" : "SHAPE-03",
                  "This must be a whole number, not below zero.");
    }
}

/* The form has a reader of its own; what it says is our finding. */
static void read_form(struct reading *reading, const struct json *data,
                      struct form_data *form)
{
    struct err err = {0};
    if (form_data_from_json(data, reading->arena, form, &err) != OK) {
        *form = (struct form_data){0};
        shape_add(reading, "data", "SHAPE-03", err.what);
    }
}

static void read_member(struct reading *reading, const struct json *data,
                        const struct member_info *member, union record_data *to)
{
    void *at = (char *) to + member->offset;
    const struct json *object = NULL;
    switch ((int) member->kind) {
    case MEMBER_FORM:
        read_form(reading, data, at);
        return;
    case MEMBER_SIZE:
        read_size(reading, data, member, at);
        return;
    case MEMBER_OBJECTS:
        read_objects(reading, data, &to->form_sign);
        return;
    case MEMBER_CONFIRMED:
        if (member->offset == offsetof(union record_data, form_sign.confirmed)) {
            to->form_sign.confirmed_count =
                read_confirmed(reading, data, &to->form_sign.confirmed);
        } else {
            to->lock.confirmed_count = read_confirmed(reading, data, &to->lock.confirmed);
        }
        return;
    case MEMBER_DICTIONARIES:
        read_dictionaries(reading, data, &to->study_amend);
        return;
    case MEMBER_PARENTS:
        read_parents(reading, data, at);
        return;
    case MEMBER_OOS:
    case MEMBER_OVERRIDE:
    case MEMBER_PHONED:
        read_nested(reading, data, member, to);
        return;
    case MEMBER_DEFINITION:
        object = object_member(reading, data, "data", member->name);
        read_definition(reading, object, shape_join(reading, "data", member->name), at);
        return;
    case MEMBER_JWK:
        object = object_member(reading, data, "data", member->name);
        *(const char **) at =
            object != NULL
                ? read_jwk(reading, object, shape_join(reading, "data", member->name))
                : NULL;
        return;
    default:
        *(const char **) at = read_text(reading, data, "data", member);
    }
}

static void read_data(struct reading *reading, const struct json *data,
                      const struct record_info *info, union record_data *to)
{
    const char *names[MEMBERS_MAX + 1] = {NULL};
    for (size_t i = 0; i < MEMBERS_MAX && info->members[i].name != NULL; i++) {
        read_member(reading, data, &info->members[i], to);
        names[i] = info->members[i].name;
    }
    if (info->members[0].kind != MEMBER_FORM || *info->members[0].name != 0) {
        shape_names(reading, "data", data, names);
    }
}

/* ---- common members ---- */

static const struct json *needed(struct reading *reading, const struct json *payload,
                                 const char *name, enum need need)
{
    const struct json *value = json_get(payload, name);
    if (value == NULL) {
        shape_add(reading, name, "SHAPE-01", "This member is missing.");
        return NULL;
    }
    bool null = value->kind == J_NULL;
    if ((need == NEED_MUST && null) || (need == NEED_NULL && !null)) {
        shape_add(reading, name, "SHAPE-04",
                  null ? "This member must not be null for this type."
                       : "This member must be null for this type.");
    }
    return null ? NULL : value;
}

static void read_seen(struct reading *reading, const struct json *from,
                      struct record_seen *seen)
{
    static const char *const names[] = {"size", "root", NULL};
    if (from == NULL) {
        return;
    }
    const struct json *size = json_get(from, "size");
    const char *root = json_get_string(from, "root");
    if (!json_has_exactly(from, names) || size->kind != J_INTEGER || size->integer < 0 ||
        root == NULL || !digest_from_base64(span_text(root), &seen->root)) {
        shape_add(reading, "seen", "SHAPE-03", "This must be a size and a root.");
        return;
    }
    seen->given = true;
    seen->size = (uint64_t) size->integer;
}

static void read_signature(struct reading *reading, const struct json *payload,
                           struct record_signature *signature)
{
    static const char *const names[] = {"name",      "role",      "meaning",
                                        "statement", "signed_at", NULL};
    static const struct member_info name = {
        .name = "name", .kind = MEMBER_NAME, .max = RECORD_NAME_MAX};
    static const struct member_info role = {.name = "role", .kind = MEMBER_ROLE};
    static const struct member_info meaning = {
        .name = "meaning", .kind = MEMBER_TOKEN, .max = RECORD_TOKEN_MAX};
    static const struct member_info statement = {
        .name = "statement", .kind = MEMBER_TEXT, .max = RECORD_TEXT_MAX};
    static const struct member_info signed_at = {.name = "signed_at",
                                                 .kind = MEMBER_INSTANT};
    const struct json *from = object_member(reading, payload, "", "signature");
    if (from == NULL) {
        return;
    }
    shape_names(reading, "signature", from, names);
    signature->name = read_text(reading, from, "signature", &name);
    signature->role = read_text(reading, from, "signature", &role);
    signature->meaning = read_text(reading, from, "signature", &meaning);
    signature->statement = read_text(reading, from, "signature", &statement);
    signature->signed_at = read_text(reading, from, "signature", &signed_at);
    if (signature->signed_at != NULL) {
        (void) instant_parse(span_text(signature->signed_at), &signature->at,
                             &signature->offset_minutes);
    }
}

static void read_common(struct reading *reading, const struct json *payload,
                        const struct record_info *info, struct record *record)
{
    static const struct member_info log = {
        .name = "log", .kind = MEMBER_NAME, .max = RECORD_NAME_MAX};
    static const struct member_info prior = {
        .name = "prior", .kind = MEMBER_LEAF, .null = true};
    static const struct member_info reason = {
        .name = "reason", .kind = MEMBER_TEXT, .max = RECORD_TEXT_MAX, .null = true};
    record->log = read_text(reading, payload, "", &log);
    read_seen(reading, needed(reading, payload, "seen", info->seen), &record->seen);
    if (needed(reading, payload, "prior", info->prior) != NULL) {
        record->prior = read_text(reading, payload, "", &prior);
    }
    if (needed(reading, payload, "reason", info->reason) != NULL) {
        record->reason = read_text(reading, payload, "", &reason);
    }
    const struct json *definition =
        needed(reading, payload, "definition", info->definition);
    if (definition != NULL) {
        definition = object_member(reading, payload, "", "definition");
        read_definition(reading, definition, "definition", &record->definition);
    }
    read_signature(reading, payload, &record->signature);
}

static bool read_type(struct reading *reading, const struct json *payload,
                      struct record *record)
{
    record->type_name = json_get_string(payload, "type");
    record->type = record_type_parse(record->type_name);
    if (record->type == RECORD_TYPE_COUNT) {
        shape_add(reading, "type", "SHAPE-10", "This type of record is not known.");
        return false;
    }
    if (RECORD_TYPES[record->type].kind != KIND_SIGNED) {
        shape_add(reading, "type", "SHAPE-11",
                  RECORD_TYPES[record->type].kind == KIND_SYSTEM
                      ? "Only the service makes records of this type."
                      : "This type of record is not in this version.");
        return false;
    }
    return true;
}

status record_parse(struct span payload, struct arena *arena, struct record *ret_record,
                    struct findings *shape, struct err *err)
{
    static const char *const names[] = {
        "type", "log", "seen", "prior", "reason", "definition", "data", "signature", NULL};
    const struct json *root;
    TRY(json_parse(payload, &JSON_RECORD, arena, &root, err));
    if (root->kind != J_OBJECT) {
        return FAIL(err, ERR_BAD_INPUT, "the payload is not a JSON object");
    }
    struct reading reading = {arena, shape};
    struct record record = {0};
    shape_names(&reading, "", root, names);
    if (read_type(&reading, root, &record)) {
        const struct record_info *info = &RECORD_TYPES[record.type];
        read_common(&reading, root, info, &record);
        const struct json *data = object_member(&reading, root, "", "data");
        if (data != NULL) {
            read_data(&reading, data, info, &record.data);
            record.object = record_object(&record, arena);
        }
    }
    *ret_record = record;
    return OK;
}

void record_set_header(struct record *record, const struct jws *jws, struct findings *shape)
{
    record->kid = jws->kid;
    record->jti = jws->jti;
    record->iat = jws->iat;
    digest_of(jws->line, &record->digest);
    if (record->signature.signed_at != NULL &&
        (record->signature.at % SECOND != 0 ||
         record->signature.at / SECOND != record->iat)) {
        struct reading reading = {shape->arena, shape};
        shape_add(&reading, "signature.signed_at", "SHAPE-12",
                  "This must be the same second as iat in the header.");
    }
}
