/* SPDX-License-Identifier: Apache-2.0 */
/*
** What is wrong although every reference finds its end: limits that nothing can meet, forms
** that nobody can reach, one OID for two kinds of things.
*/
#include <stdlib.h>

#include "protocol/study/odm_reader.h"

/* ---- one OID, two kinds ---- */

static int by_oid(const void *left, const void *right)
{
    const struct definition *a = left, *b = right;
    const char *const *x = a->def, *const *y = b->def;
    int order = strcmp(*x, *y);
    return order != 0 ? order
                      : (a->node->line > b->node->line) - (a->node->line < b->node->line);
}

static void check_kinds(struct reader *reader, const struct version_parts *parts)
{
    const struct definitions *const kinds[] = {
        &parts->events,     &parts->forms,   &parts->groups,     &parts->items,
        &parts->code_lists, &parts->methods, &parts->conditions, &parts->imputations};
    size_t total = 0, count = 0;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        total += kinds[i]->count;
    }
    struct definition *all = ARENA_ARRAY(reader->scratch, total, struct definition);
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        for (size_t j = 0; j < kinds[i]->count; j++) {
            all[count++] = kinds[i]->items[j];
        }
    }
    if (count > 0) {
        qsort(all, count, sizeof(all[0]), by_oid);
    }
    for (size_t i = 1; i < count; i++) {
        const struct xml_node *a = all[i - 1].node, *b = all[i].node;
        const char *const *x = all[i - 1].def, *const *y = all[i].def;
        if ((*y)[0] != '\0' && strcmp(*x, *y) == 0 && strcmp(a->name, b->name) != 0) {
            odm_report(reader, b, "DEV-04",
                       "the OID %.120s is already that of the %s in line %d", *y, a->name,
                       a->line);
        }
    }
}

/* ---- what can be reached ---- */

/* Where DEF stands in a sorted table of definitions. */
static size_t index_of(const struct definitions *list, const void *def)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *const *a = def, *const *b = list->items[middle].def;
        int order = strcmp(*a, *b);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return 0;
}

static void say_unreached(struct reader *reader, const struct definitions *list,
                          const bool *reached)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *const *oid = list->items[i].def;
        bool again =
            i > 0 && strcmp(*oid, *(const char *const *) list->items[i - 1].def) == 0;
        if (!reached[i] && !again) {
            odm_report(reader, list->items[i].node, "ODM-40",
                       "%s %.120s cannot be reached from a Protocol",
                       list->items[i].node->name, *oid);
        }
    }
}

static void check_reach(struct reader *reader, const struct version_parts *parts)
{
    const struct metadata_version *version = reader->version;
    if (version->event_count == 0) {
        return;
    }
    bool *events = ARENA_ARRAY(reader->scratch, parts->events.count, bool);
    bool *forms = ARENA_ARRAY(reader->scratch, parts->forms.count, bool);
    for (size_t i = 0; i < version->event_count; i++) {
        const struct event_def *event = version->events[i].event;
        events[index_of(&parts->events, event)] = true;
        for (size_t j = 0; j < event->form_count; j++) {
            forms[index_of(&parts->forms, event->forms[j].form)] = true;
        }
    }
    say_unreached(reader, &parts->events, events);
    say_unreached(reader, &parts->forms, forms);
}

/* ---- limits ---- */

struct limits {
    struct decimal low, high;
    bool has_low, has_high, low_open, high_open;
};

static void raise_low(struct limits *limits, struct decimal value, bool open)
{
    int order = limits->has_low ? decimal_compare(value, limits->low) : 1;
    if (order > 0 || (order == 0 && open)) {
        limits->low = value;
        limits->low_open = open;
        limits->has_low = true;
    }
}

static void lower_high(struct limits *limits, struct decimal value, bool open)
{
    int order = limits->has_high ? decimal_compare(value, limits->high) : -1;
    if (order < 0 || (order == 0 && open)) {
        limits->high = value;
        limits->high_open = open;
        limits->has_high = true;
    }
}

/* The limit on a scale that all checks of the item share; false when they do not. */
static bool limit_of(const struct item_def *item, const struct range_check *check,
                     struct decimal *ret_least, struct decimal *ret_most)
{
    const struct value *value = &check->values[0];
    if (data_type_is_dated(item->type)) {
        *ret_least = decimal_of(value->when.earliest);
        *ret_most = decimal_of(value->when.latest);
        return value->when.earliest != INSTANT_MIN && value->when.latest != INSTANT_MAX;
    }
    const struct measurement_unit *unit = check->unit;
    if (unit == NULL && item->unit_count > 0) {
        unit = item->units[0];
    }
    bool same = check->unit != NULL || item->unit_count <= 1;
    *ret_least = value->number;
    if (!data_type_is_number(item->type) || !same ||
        (unit != NULL && !unit_to_base(unit, value->number, ret_least))) {
        return false;
    }
    *ret_most = *ret_least;
    return true;
}

static void narrow(struct limits *limits, const struct item_def *item,
                   const struct range_check *check)
{
    struct decimal least, most;
    if (check->count != 1 || check->expression != NULL ||
        !limit_of(item, check, &least, &most)) {
        return;
    }
    if (check->comparator == GT || check->comparator == GE || check->comparator == EQ) {
        raise_low(limits, least, check->comparator == GT);
    }
    if (check->comparator == LT || check->comparator == LE || check->comparator == EQ) {
        lower_high(limits, most, check->comparator == LT);
    }
}

static bool is_empty(const struct limits *limits)
{
    if (!limits->has_low || !limits->has_high) {
        return false;
    }
    int order = decimal_compare(limits->low, limits->high);
    return order > 0 || (order == 0 && (limits->low_open || limits->high_open));
}

static void check_limits(struct reader *reader, const struct definition *definition)
{
    const struct item_def *item = definition->def;
    struct limits hard = {0}, all = {0};
    for (size_t i = 0; i < item->check_count; i++) {
        narrow(&all, item, &item->checks[i]);
        if (item->checks[i].hard) {
            narrow(&hard, item, &item->checks[i]);
        }
    }
    if (is_empty(&hard)) {
        odm_report(reader, definition->node, "ODM-38",
                   "no value can meet the Hard range checks of %.120s together", item->oid);
    } else if (is_empty(&all)) {
        odm_report(reader, definition->node, "ODM-39",
                   "no value can meet all range checks of %.120s together", item->oid);
    }
}

void odm_check_version(struct reader *reader, const struct version_parts *parts)
{
    check_kinds(reader, parts);
    check_reach(reader, parts);
    for (size_t i = 0; i < parts->items.count; i++) {
        check_limits(reader, &parts->items.items[i]);
    }
}
