/* SPDX-License-Identifier: Apache-2.0 */
/*
** Asking a form for a meaning, and saying something about it. How a finding acts is decided
** here, once: refusals soften to questions on partial forms and through the safety door, and
** at sign and lock every open finding gates.
*/
#include "protocol/study/check_impl.h"

struct subject_form checked_form(const struct checker *c)
{
    return (struct subject_form){c->form, c->def};
}

bool form_has(struct subject_form form, enum meaning meaning)
{
    return form.def->meanings[meaning].item != NULL;
}

bool next_form(const struct checker *c, enum meaning meaning, size_t *cursor,
               struct subject_form *ret_form)
{
    if (*cursor == 0) {
        *cursor = 1;
        if (form_has(checked_form(c), meaning)) {
            *ret_form = checked_form(c);
            return true;
        }
    }
    while (c->book != NULL && *cursor <= c->book->count) {
        const struct form_data *form = c->book->forms[(*cursor)++ - 1];
        const struct form_def *def = version_form(c->version, form->key.form);
        if (def != NULL && def->meanings[meaning].item != NULL &&
            !form_key_equal(&form->key, &c->form->key)) {
            *ret_form = (struct subject_form){form, def};
            return true;
        }
    }
    return false;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool next_form_here(const struct checker *c, enum meaning meaning, size_t *cursor,
                    struct subject_form *ret_form)
{
    while (next_form(c, meaning, cursor, ret_form)) {
        const struct form_key *key = &ret_form->data->key;
        if (same_text(key->event, c->form->key.event) &&
            same_text(key->event_repeat, c->form->key.event_repeat)) {
            return true;
        }
    }
    return false;
}

const struct group_data *next_group(struct subject_form form, enum meaning meaning,
                                    size_t *cursor)
{
    const struct group_ref *group = form.def->meanings[meaning].group;
    while (group != NULL && *cursor < form.data->count) {
        const struct group_data *data = &form.data->groups[(*cursor)++];
        if (strcmp(data->oid, group->group->oid) == 0) {
            return data;
        }
    }
    return NULL;
}

static const struct item_data *item_in(struct subject_form form,
                                       const struct group_data *group, enum meaning meaning)
{
    struct place_of_item place = form.def->meanings[meaning];
    if (place.item == NULL || strcmp(group->oid, place.group->group->oid) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < group->count; i++) {
        if (strcmp(group->items[i].oid, place.item->item->oid) == 0) {
            return &group->items[i];
        }
    }
    return NULL;
}

const char *said_in(struct subject_form form, const struct group_data *group,
                    enum meaning meaning)
{
    const struct item_data *item = item_in(form, group, meaning);
    return item != NULL ? item->value : NULL;
}

const char *said(struct subject_form form, enum meaning meaning)
{
    const struct item_data *item = form_meaning(form.data, form.def, meaning);
    return item != NULL ? item->value : NULL;
}

bool said_is(struct subject_form form, enum meaning meaning, const char *answer)
{
    const char *text = said(form, meaning);
    return text != NULL && strcmp(text, answer) == 0;
}

bool answered(struct subject_form form, enum meaning meaning)
{
    return form_meaning(form.data, form.def, meaning) != NULL;
}

enum truth said_yes(struct subject_form form, enum meaning meaning)
{
    const char *text = said(form, meaning);
    if (text == NULL) {
        return UNKNOWN;
    }
    if (strcmp(text, "Y") == 0) {
        return YES;
    }
    return strcmp(text, "N") == 0 ? NO : UNKNOWN;
}

static bool read_when(const struct checker *c, struct subject_form form,
                      enum meaning meaning, const char *text, struct value *ret_value)
{
    if (text == NULL) {
        return false;
    }
    enum data_type type = form.def->meanings[meaning].item->item->type;
    return data_type_is_dated(type) &&
           value_parse(type, span_text(text), c->context->zone, ret_value);
}

bool said_when(const struct checker *c, struct subject_form form, enum meaning meaning,
               struct value *ret_value)
{
    return read_when(c, form, meaning, said(form, meaning), ret_value);
}

bool said_when_in(const struct checker *c, struct subject_form form,
                  const struct group_data *group, enum meaning meaning,
                  struct value *ret_value)
{
    return read_when(c, form, meaning, said_in(form, group, meaning), ret_value);
}

int parameter_number(const struct checker *c, const char *name, int otherwise)
{
    const struct parameter *parameter = version_parameter(c->version, name);
    if (parameter == NULL || !parameter->is_number ||
        decimal_compare(parameter->number, decimal_of(-1000000)) < 0 ||
        decimal_compare(parameter->number, decimal_of(1000000)) > 0 ||
        parameter->number.exponent < 0) {
        return otherwise;
    }
    int number = (int) parameter->number.coefficient;
    for (int i = 0; i < parameter->number.exponent; i++) {
        number *= 10;
    }
    return number;
}

bool links_name(const char *links, const struct form_data *form)
{
    while (links != NULL && *links != '\0') {
        size_t size = strcspn(links, " ,;\t\r\n");
        struct span link = span_of(links, size);
        if (size > 0 &&
            ((form->key.form_repeat != NULL && span_is(link, form->key.form_repeat)) ||
             (form->number != NULL && span_is(link, form->number)))) {
            return true;
        }
        links += size + (links[size] != '\0');
    }
    return false;
}

/* ---- saying ---- */

const char *text_with(struct checker *c, const char *id, const char *const *args)
{
    size_t count = 0;
    while (args[count] != NULL) {
        count++;
    }
    return message_text(c->findings->arena, c->language, id, args, count);
}

const char *text_alone(struct checker *c, const char *id)
{
    return message_text(c->findings->arena, c->language, id, NULL, 0);
}

const char *date_text(struct checker *c, const struct value *value)
{
    return message_date(c->findings->arena, c->language,
                        arena_span_text(c->findings->arena, value->text));
}

const char *number_text(struct checker *c, int64_t number)
{
    return arena_printf(c->findings->arena, "%lld", (long long) number);
}

const char *path_of_meaning(struct checker *c, struct subject_form form,
                            const struct group_data *group, enum meaning meaning)
{
    struct place_of_item place = form.def->meanings[meaning];
    size_t cursor = 0;
    if (place.item == NULL) {
        return "";
    }
    if (group == NULL) {
        group = next_group(form, meaning, &cursor);
    }
    return item_path(c->findings->arena, place.group->group->oid,
                     group != NULL ? group->repeat : NULL, place.item->item->oid);
}

static bool is_confirmed(const struct checker *c, const char *rule, const char *object,
                         const char *path)
{
    for (size_t i = 0; i < c->context->confirmation_count; i++) {
        const struct confirmation *confirmation = &c->context->confirmations[i];
        if (strcmp(confirmation->rule, rule) == 0 &&
            strcmp(confirmation->path, path) == 0 &&
            strcmp(confirmation->object, object) == 0) {
            return true;
        }
    }
    return false;
}

static enum act act_of(const struct checker *c, int speech)
{
    if (c->context->place != PLACE_SUBMIT) {
        return ACT_GATE;
    }
    bool refuse =
        (speech & SAY_ALWAYS) != 0 || ((speech & SAY_REFUSE) != 0 && c->ordinary_complete);
    return refuse ? ACT_REFUSE : ACT_ASK;
}

void say_at(struct checker *c, struct subject_form form, const char *rule, const char *path,
            int speech, const char *message, const char *values)
{
    bool own = form.data == c->form;
    const char *full = form_key_path(c->findings->arena, &form.data->key);
    if (is_confirmed(c, rule, full, path)) {
        return;
    }
    struct finding finding = {.rule = rule,
                              .act = act_of(c, speech),
                              .place = c->context->place,
                              .due = (speech & SAY_DUE) != 0,
                              .deviation = (speech & SAY_DEVIATION) != 0,
                              .alarm = (speech & SAY_ALARM) != 0,
                              .object = own ? c->object : full,
                              .path = path,
                              .values = values,
                              .message = message};
    finding_add(c->findings, &finding);
}

void checker_say(struct checker *c, struct subject_form form, const char *rule,
                 enum meaning meaning, int speech, const char *message)
{
    say_at(c, form, rule, path_of_meaning(c, form, NULL, meaning), speech, message,
           said(form, meaning));
}
