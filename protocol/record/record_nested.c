/* SPDX-License-Identifier: Apache-2.0 */
/*
** Members of the product records that are no plain texts: the parents of a batch, closed
** lists of words, and small objects that may be null. A nested object is a row: its texts
** stand in the record's data, all of them NULL when the object is null. And the objects that
** the product records are about.
*/
#include "protocol/record/record_impl.h"

#define AT(part, member) offsetof(union record_data, part.member)
#define NESTED_MAX       3

/* ---- closed lists, by the name of their member ---- */

static const struct {
    const char *member;
    const char *words[8];
} CHOICES[] = {
    {"kind", {"donation", "culture", "batch", "dose", "bag", NULL}},
    {"results", {"criteria met", "out of specification", "rejected", NULL}},
    {"act", {"infusion", "dose", "condition", NULL}},
    {"status",
     {"eligible", "randomised", "screen failure", "completed", "withdrawn", "dead", NULL}},
    {"qualification", {"QP", NULL}},
};

bool choice_is_known(const char *member, const char *text)
{
    for (size_t i = 0; i < ARRAY_LEN(CHOICES); i++) {
        for (size_t w = 0;
             strcmp(CHOICES[i].member, member) == 0 && CHOICES[i].words[w] != NULL; w++) {
            if (strcmp(CHOICES[i].words[w], text) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* ---- nested objects ---- */

struct nested {
    enum member_kind kind;
    struct member_info members[NESTED_MAX];
};

static const struct nested NESTED[] = {
    {MEMBER_OOS,
     {{"physician_request", MEMBER_TEXT, AT(batch_release, physician_request),
       RECORD_TEXT_MAX, false, false},
      {"sponsor_assessment", MEMBER_TEXT, AT(batch_release, sponsor_assessment),
       RECORD_TEXT_MAX, false, false},
      {"subject_information", MEMBER_TEXT, AT(batch_release, subject_information),
       RECORD_TEXT_MAX, false, false}}},
    {MEMBER_OVERRIDE,
     {{"reason", MEMBER_TEXT, AT(dose_clear, override_reason), RECORD_TEXT_MAX, false,
       false},
      {"contact", MEMBER_NAME, AT(dose_clear, override_contact), RECORD_NAME_MAX, false,
       false}}},
    {MEMBER_PHONED,
     {{"number", MEMBER_NAME, AT(dose_clear, phone_number), RECORD_NAME_MAX, false, false},
      {"by", MEMBER_NAME, AT(dose_clear, phone_by), RECORD_NAME_MAX, false, false},
      {"at", MEMBER_INSTANT, AT(dose_clear, phone_at), 40, false, false}}},
};

static const struct nested *nested_of(enum member_kind kind)
{
    for (size_t i = 0; i < ARRAY_LEN(NESTED); i++) {
        if (NESTED[i].kind == kind) {
            return &NESTED[i];
        }
    }
    die(WHERE, "this member is no nested object");
}

static const char **text_at(union record_data *to, const struct member_info *member)
{
    return (const char **) (void *) ((char *) to + member->offset);
}

void read_nested(struct reading *reading, const struct json *data,
                 const struct member_info *member, union record_data *to)
{
    const struct nested *nested = nested_of(member->kind);
    const char *names[NESTED_MAX + 1] = {NULL};
    const char *path = shape_join(reading, "data", member->name);
    const struct json *from = json_get(data, member->name);
    if (from == NULL) {
        shape_add(reading, path, "SHAPE-01", "This member is missing.");
        return;
    }
    if (from->kind == J_NULL) {
        return;
    }
    if (from->kind != J_OBJECT) {
        shape_add(reading, path, "SHAPE-03", "This member must be an object, or null.");
        return;
    }
    for (size_t i = 0; i < NESTED_MAX && nested->members[i].name != NULL; i++) {
        names[i] = nested->members[i].name;
        *text_at(to, &nested->members[i]) =
            read_text(reading, from, path, &nested->members[i]);
    }
    shape_names(reading, path, from, names);
}

void write_nested(struct json_out *json, const struct member_info *member,
                  const union record_data *data)
{
    const struct nested *nested = nested_of(member->kind);
    const char *base = (const char *) data;
    const void *first = base + nested->members[0].offset;
    if (*(const char *const *) first == NULL) {
        json_put_null(json);
        return;
    }
    json_begin(json, '{');
    for (size_t i = 0; i < NESTED_MAX && nested->members[i].name != NULL; i++) {
        const void *at = base + nested->members[i].offset;
        json_member(json, nested->members[i].name, *(const char *const *) at);
    }
    json_end(json, '}');
}

/* ---- parents ---- */

void read_parents(struct reading *reading, const struct json *data,
                  struct batch_parents *parents)
{
    const struct json *list = json_get(data, "parents");
    bool good = list != NULL && list->kind == J_ARRAY && list->count <= BATCH_PARENTS_MAX;
    const char **items =
        ARENA_ARRAY(reading->arena, good ? list->count + 1 : 1, const char *);
    for (size_t i = 0; good && i < list->count; i++) {
        good = list->items[i].kind == J_STRING && record_is_code(list->items[i].string) &&
               strlen(list->items[i].string) == list->items[i].count;
        items[i] = list->items[i].string;
    }
    if (!good) {
        shape_add(reading, "data.parents", list == NULL ? "SHAPE-01" : "SHAPE-09",
                  "This must be a list of the codes of batches; it may be empty.");
        return;
    }
    *parents = (struct batch_parents){items, list->count};
}

void write_parents(struct json_out *json, const struct batch_parents *parents)
{
    json_begin(json, '[');
    for (size_t i = 0; i < parents->count; i++) {
        json_put_string(json, parents->items[i]);
    }
    json_end(json, ']');
}

/* ---- the object ---- */

const char *object_of_product(struct record *record, struct arena *arena)
{
    const union record_data *data = &record->data;
    const char *kind = "batch";
    switch ((int) record->type) {
    case RECORD_BATCH_RECEIVE:
        record->site = data->batch_receive.site;
        record->subject = data->batch_receive.batch;
        break;
    case RECORD_BATCH_RELEASE:
        record->subject = data->batch_release.batch;
        break;
    case RECORD_BATCH_RECALL:
        record->subject = data->batch_recall.batch;
        break;
    case RECORD_DOSE_CLEAR:
        kind = "subject";
        record->subject = data->dose_clear.subject;
        break;
    case RECORD_SUBJECT_STATUS:
        kind = "subject";
        record->subject = data->subject_status.subject;
        break;
    default:
        return NULL;
    }
    return object_of_one(arena, kind, record->subject);
}
