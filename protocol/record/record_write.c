/* SPDX-License-Identifier: Apache-2.0 */
/*
** Writing a payload: the inverse of record_read.c, from the same table. And the object that a
** record is about, which both the sender and the reader tell from its data.
*/
#include "protocol/record/record_impl.h"

/* ---- the object ---- */

const char *object_of_one(struct arena *arena, const char *kind, const char *name)
{
    if (name == NULL) {
        return NULL;
    }
    CLEANUP(bytes_done) struct bytes path = {0};
    bytes_printf(&path, "%s/", kind);
    path_add_segment(&path, name);
    return arena_text(arena, bytes_text(&path));
}

static const char *of_form(struct record *record, struct arena *arena, const char *object)
{
    struct form_key key;
    if (object == NULL || !form_key_parse(span_text(object), arena, &key)) {
        return NULL;
    }
    record->subject = key.subject;
    return object;
}

/* Could TEXT be a subject's code? A report of a serious event names the subject "as well as is
 * known", so a name may be typed there; and an object stands in an entry, which is public and
 * for ever. Codes are short, have a digit and no word in them. */
bool record_is_code(const char *text)
{
    size_t size = strlen(text);
    size_t letters = 0;
    bool digit = false;
    for (size_t i = 0; i < size; i++) {
        bool letter =
            (text[i] >= 'A' && text[i] <= 'Z') || (text[i] >= 'a' && text[i] <= 'z');
        bool number = text[i] >= '0' && text[i] <= '9';
        letters = letter ? letters + 1 : 0;
        digit = digit || number;
        if (letters > 4 || !(letter || number || strchr("._-", text[i]) != NULL)) {
            return false;
        }
    }
    return digit && size <= 16;
}

static const char *of_submit(struct record *record, struct arena *arena)
{
    struct form_key key = record->data.form_submit.form.key;
    if (key.subject == NULL) {
        return NULL;
    }
    if (!record_is_code(key.subject)) {
        key.subject = UNMATCHED_SUBJECT; /* what was typed stands in the body */
    }
    record->subject = key.subject;
    return form_key_path(arena, &key);
}

static const char *of_sign(struct record *record, struct arena *arena)
{
    const struct form_sign_data *sign = &record->data.form_sign;
    if (sign->object_count == 0 ||
        of_form(record, arena, sign->objects[0].object) == NULL) {
        return NULL;
    }
    return object_of_one(arena, "subject", record->subject);
}

static const char *of_scope(struct record *record, struct arena *arena, const char *scope)
{
    const char *segment = NULL;
    if (scope == NULL) {
        return NULL;
    }
    if (strncmp(scope, "subject/", 8) == 0) {
        size_t length = strcspn(scope + 8, "/");
        (void) path_segment_parse(span_of(scope + 8, length), arena, &segment);
        record->subject = segment;
    } else if (strncmp(scope, "site/", 5) == 0) {
        (void) path_segment_parse(span_text(scope + 5), arena, &segment);
        record->site = segment;
    }
    return scope;
}

static const char *of_safety(struct record *record, struct arena *arena)
{
    const union record_data *data = &record->data;
    const char *acked = data->safety_ack.object;
    switch ((int) record->type) {
    case RECORD_SAFETY_ASSESS:
        return of_form(record, arena, data->safety_assess.object);
    case RECORD_SAFETY_ACK:
        return acked != NULL && strncmp(acked, "milestone/", 10) == 0
                   ? acked
                   : of_form(record, arena, acked);
    case RECORD_MILESTONE:
        (void) of_form(record, arena, data->milestone.object); /* of a case, or none */
        return object_of_one(arena, "milestone", data->milestone.kind);
    default:
        return of_scope(record, arena, data->hold.scope);
    }
}

const char *record_object(struct record *record, struct arena *arena)
{
    union record_data *data = &record->data;
    record->is_form =
        record->type == RECORD_FORM_SUBMIT || record->type == RECORD_FORM_RETRACT;
    switch ((int) record->type) {
    case RECORD_STUDY_OPEN:
    case RECORD_STUDY_AMEND:
        return "study";
    case RECORD_SITE_OPEN:
        record->site = data->site_open.site;
        return object_of_one(arena, "site", data->site_open.site);
    case RECORD_SITE_VERSION:
        record->site = data->site_version.site;
        return object_of_one(arena, "site", data->site_version.site);
    case RECORD_PERSON_INVITE:
        record->site = data->person_invite.site;
        return object_of_one(arena, "person", data->person_invite.person);
    case RECORD_PERSON_ENROL:
        return object_of_one(arena, "person", data->person_enrol.person);
    case RECORD_PERSON_CONFIRM:
    case RECORD_PERSON_SUSPEND:
    case RECORD_PERSON_REVOKE:
        return object_of_one(arena, "person", data->person_key.person);
    case RECORD_ROLE_GRANT:
    case RECORD_ROLE_WITHDRAW:
        record->site = data->role.site;
        return object_of_one(arena, "person", data->role.person);
    case RECORD_SUBJECT_ENROL:
        record->subject = data->subject_enrol.subject;
        record->site = data->subject_enrol.site;
        return object_of_one(arena, "subject", data->subject_enrol.subject);
    case RECORD_FORM_SUBMIT:
        return of_submit(record, arena);
    case RECORD_FORM_RETRACT:
        return of_form(record, arena, data->form_retract.object);
    case RECORD_FORM_SIGN:
        return of_sign(record, arena);
    case RECORD_QUERY_OPEN:
        return of_form(record, arena, data->query_open.object);
    case RECORD_QUERY_ANSWER:
    case RECORD_QUERY_CLOSE:
        return object_of_one(arena, "query", data->query.query);
    case RECORD_LOCK:
    case RECORD_UNLOCK:
        return of_scope(record, arena, data->lock.scope);
    case RECORD_HOLD:
    case RECORD_HOLD_LIFT:
    case RECORD_SAFETY_ASSESS:
    case RECORD_SAFETY_ACK:
    case RECORD_MILESTONE:
        return of_safety(record, arena);
    case RECORD_EXPORT:
        return arena_printf(arena, "export/%lld", (long long) data->export.size);
    default:
        return object_of_product(record, arena);
    }
}

/* ---- writing ---- */

static void write_definition(struct json_out *json, const struct definition_ref *definition)
{
    if (definition->version == NULL) {
        json_put_null(json);
        return;
    }
    json_begin(json, '{');
    json_member(json, "version", definition->version);
    json_member(json, "sha256", definition->sha256);
    json_end(json, '}');
}

static void write_objects(struct json_out *json, const struct form_sign_data *sign)
{
    json_begin(json, '[');
    for (size_t i = 0; i < sign->object_count; i++) {
        json_begin(json, '{');
        json_member(json, "object", sign->objects[i].object);
        json_member(json, "leaf", sign->objects[i].leaf);
        json_end(json, '}');
    }
    json_end(json, ']');
}

static void write_confirmed(struct json_out *json, const struct confirmed *items,
                            size_t count)
{
    json_begin(json, '[');
    for (size_t i = 0; i < count; i++) {
        json_begin(json, '{');
        json_member(json, "object", items[i].object);
        json_member(json, "path", items[i].path);
        json_member(json, "rule", items[i].rule);
        json_member(json, "reason", items[i].reason);
        json_end(json, '}');
    }
    json_end(json, ']');
}

static void write_dictionaries(struct json_out *json, const struct study_amend_data *amend)
{
    json_begin(json, '[');
    for (size_t i = 0; i < amend->dictionary_count; i++) {
        json_begin(json, '{');
        json_member(json, "name", amend->dictionaries[i].name);
        json_member(json, "version", amend->dictionaries[i].version);
        json_member(json, "sha256", amend->dictionaries[i].sha256);
        json_end(json, '}');
    }
    json_end(json, ']');
}

static void write_confirmed_member(struct json_out *json, const struct member_info *member,
                                   const union record_data *data)
{
    bool sign = member->offset == offsetof(union record_data, form_sign.confirmed);
    size_t count = sign ? data->form_sign.confirmed_count : data->lock.confirmed_count;
    if (count > 0) {
        json_key(json, member->name);
        write_confirmed(json, sign ? data->form_sign.confirmed : data->lock.confirmed,
                        count);
    }
}

static void write_member(struct json_out *json, const struct member_info *member,
                         const union record_data *data)
{
    const void *at = (const char *) data + member->offset;
    if (member->kind == MEMBER_CONFIRMED) {
        write_confirmed_member(json, member, data);
        return;
    }
    if (member->optional && *(const char *const *) at == NULL) {
        return;
    }
    json_key(json, member->name);
    switch ((int) member->kind) {
    case MEMBER_PARENTS:
        write_parents(json, at);
        break;
    case MEMBER_OOS:
    case MEMBER_OVERRIDE:
    case MEMBER_PHONED:
        write_nested(json, member, data);
        break;
    case MEMBER_SIZE:
        json_put_integer(json, *(const int64_t *) at);
        break;
    case MEMBER_OBJECTS:
        write_objects(json, &data->form_sign);
        break;
    case MEMBER_DICTIONARIES:
        write_dictionaries(json, &data->study_amend);
        break;
    case MEMBER_DEFINITION:
        write_definition(json, at);
        break;
    case MEMBER_JWK:
        json_put_raw(json, span_text(*(const char *const *) at));
        break;
    default:
        json_put_string(json, *(const char *const *) at);
    }
}

static void write_data(struct json_out *json, const struct record *record)
{
    const struct record_info *info = &RECORD_TYPES[record->type];
    if (record->type == RECORD_FORM_SUBMIT) {
        form_data_to_json(&record->data.form_submit.form, json);
        return;
    }
    json_begin(json, '{');
    for (size_t i = 0; i < MEMBERS_MAX && info->members[i].name != NULL; i++) {
        write_member(json, &info->members[i], &record->data);
    }
    json_end(json, '}');
}

static void write_seen(struct json_out *json, const struct record_seen *seen)
{
    if (!seen->given) {
        json_put_null(json);
        return;
    }
    char root[DIGEST_BASE64_SIZE];
    digest_to_base64(&seen->root, root);
    json_begin(json, '{');
    json_member_integer(json, "size", (int64_t) seen->size);
    json_member(json, "root", root);
    json_end(json, '}');
}

static void write_signature(struct json_out *json, const struct record_signature *signature)
{
    json_begin(json, '{');
    json_member(json, "name", signature->name);
    json_member(json, "role", signature->role);
    json_member(json, "meaning", signature->meaning);
    json_member(json, "statement", signature->statement);
    json_member(json, "signed_at", signature->signed_at);
    json_end(json, '}');
}

void record_write(const struct record *record, struct bytes *out)
{
    BUG_IF(record->type >= RECORD_TYPE_COUNT ||
           RECORD_TYPES[record->type].kind != KIND_SIGNED);
    struct json_out json = {out, false};
    json_begin(&json, '{');
    json_member(&json, "type", RECORD_TYPES[record->type].name);
    json_member(&json, "log", record->log);
    json_key(&json, "seen");
    write_seen(&json, &record->seen);
    json_member(&json, "prior", record->prior);
    json_member(&json, "reason", record->reason);
    json_key(&json, "definition");
    write_definition(&json, &record->definition);
    json_key(&json, "data");
    write_data(&json, record);
    json_key(&json, "signature");
    write_signature(&json, &record->signature);
    json_end(&json, '}');
}
