/* SPDX-License-Identifier: Apache-2.0 */
/*
** The nodes of the casebook, found without looking at all of it: forms are sorted by key, so
** an event or a form that a step names is found by binary search.
**
** What the definition foresees once at a place and the casebook does not hold yields an absent
** node, of which everything is unknown. Of what repeats, what is recorded is all there is: no
** adverse event recorded means none, whereas a visit that is not there says nothing. Events of
** type Common and Unscheduled count as what repeats: nobody waits for them.
*/
#include "protocol/study/expression_impl.h"

bool node_is_there(const struct node *node)
{
    switch (node->level) {
    case LEVEL_EVENT:
        return node->held;
    case LEVEL_FORM:
        return node->form != NULL;
    case LEVEL_GROUP:
        return node->group != NULL;
    case LEVEL_ITEM:
        return node->item != NULL;
    case LEVEL_SUBJECT:
    default:
        return true;
    }
}

void push_node(struct evaluation *e, const struct node *node)
{
    if (!step_counted(e)) {
        return;
    }
    if (e->node_count == e->node_capacity) {
        size_t capacity = e->node_capacity * 4;
        struct node *nodes = ARENA_ARRAY(e->scope->scratch, capacity, struct node);
        memcpy(nodes, e->nodes, e->node_count * sizeof(nodes[0]));
        e->nodes = nodes;
        e->node_capacity = capacity;
    }
    e->nodes[e->node_count++] = *node;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static int order(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return (a != NULL) - (b != NULL);
    }
    return a == b ? 0 : strcmp(a, b);
}

/* ---- forms by the head of their key ---- */

struct head {
    const char *event, *event_repeat, *form;
    int parts; /* 1: event; 2: and its repeat key; 3: and the form */
};

static int compare_head(const struct form_key *key, const struct head *head)
{
    int found = order(key->event, head->event);
    if (found == 0 && head->parts > 1) {
        found = order(key->event_repeat, head->event_repeat);
    }
    if (found == 0 && head->parts > 2) {
        found = order(key->form, head->form);
    }
    return found;
}

/* The first form whose key does not stand before HEAD. */
static size_t first_form(const struct casebook *book, const struct head *head)
{
    size_t low = 0, high = book != NULL ? book->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_head(&book->forms[middle]->key, head) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static const struct form_data *form_if(const struct casebook *book, size_t at,
                                       const struct head *head)
{
    bool is =
        book != NULL && at < book->count && compare_head(&book->forms[at]->key, head) == 0;
    return is ? book->forms[at] : NULL;
}

/* ---- events ---- */

static void push_absent_event(struct evaluation *e, const struct event_def *event,
                              const char *repeat, bool found)
{
    struct node node = {.level = LEVEL_EVENT, .event_def = event, .event_repeat = repeat};
    if (version_event_ref(e->scope->version, event->oid) == NULL) {
        return;
    }
    if (event->repeating ? repeat != NULL : !found && event->type != EVENT_UNSCHEDULED) {
        node.held = !event->repeating && event->type == EVENT_COMMON;
        push_node(e, &node);
    }
}

static void push_event(struct evaluation *e, const struct event_def *event,
                       const char *repeat)
{
    const struct casebook *book = e->scope->book;
    struct head head = {.event = event->oid, .parts = 1};
    struct node node = {.level = LEVEL_EVENT, .event_def = event, .held = true};
    bool any = false, found = false;
    size_t at = first_form(book, &head);
    for (const struct form_data *form = form_if(book, at, &head); form != NULL;
         form = form_if(book, ++at, &head)) {
        if (any && same_text(node.event_repeat, form->key.event_repeat)) {
            continue;
        }
        node.event_repeat = form->key.event_repeat;
        found = found || same_text(repeat, node.event_repeat);
        any = true;
        push_node(e, &node);
    }
    if (!any || !found) {
        push_absent_event(e, event, event->repeating ? repeat : NULL, any);
    }
}

/* ---- forms ---- */

static bool stands_in(const struct event_def *event, const struct form_def *form)
{
    for (size_t i = 0; event != NULL && i < event->form_count; i++) {
        if (event->forms[i].form == form) {
            return true;
        }
    }
    return false;
}

static void push_absent_form(struct evaluation *e, const struct node *event,
                             const struct form_def *form, const char *repeat, bool any)
{
    struct node node = *event;
    if (!stands_in(event->event_def, form)) {
        return;
    }
    node.level = LEVEL_FORM;
    node.form_def = form;
    node.form_repeat = form->repeating ? repeat : NULL;
    node.many = form->repeating && repeat == NULL;
    if (form->repeating ? repeat != NULL || !event->held : !any) {
        push_node(e, &node);
    }
}

static void push_form(struct evaluation *e, const struct node *event,
                      const struct form_def *def, const char *repeat)
{
    const struct casebook *book = e->scope->book;
    struct head head = {event->event_def->oid, event->event_repeat, def->oid, 3};
    struct node node = *event;
    bool any = false, found = false;
    size_t at = first_form(book, &head);
    node.level = LEVEL_FORM;
    node.form_def = def;
    for (const struct form_data *form = form_if(book, at, &head); form != NULL;
         form = form_if(book, ++at, &head)) {
        node.form = form;
        node.form_repeat = form->key.form_repeat;
        found = found || same_text(repeat, node.form_repeat);
        any = true;
        push_node(e, &node);
    }
    if (!any || !found) {
        push_absent_form(e, event, def, repeat, any);
    }
}

static void push_all_forms(struct evaluation *e, const struct node *event)
{
    const struct casebook *book = e->scope->book;
    struct head head = {event->event_def->oid, event->event_repeat, NULL, 2};
    size_t start = e->node_count, at = first_form(book, &head);
    struct node node = *event;
    node.level = LEVEL_FORM;
    for (const struct form_data *form = form_if(book, at, &head); form != NULL;
         form = form_if(book, ++at, &head)) {
        node.form = form;
        node.form_repeat = form->key.form_repeat;
        node.form_def = version_form(e->scope->version, form->key.form);
        push_node(e, &node);
    }
    size_t end = e->node_count;
    for (size_t i = 0; i < event->event_def->form_count; i++) {
        const struct form_def *def = event->event_def->forms[i].form;
        bool any = false;
        for (size_t j = start; j < end && !any; j++) {
            any = e->nodes[j].form_def == def;
        }
        push_absent_form(e, event, def, NULL, any);
    }
}

/* ---- groups and items ---- */

static void push_absent_group(struct evaluation *e, const struct node *form,
                              const struct group_def *group, const char *repeat, bool any)
{
    struct node node = *form;
    if (form->form_def == NULL || form_group_ref(form->form_def, group->oid) == NULL) {
        return;
    }
    node.level = LEVEL_GROUP;
    node.group_def = group;
    node.group_repeat = group->repeating ? repeat : NULL;
    node.many = form->many || (group->repeating && repeat == NULL);
    if (group->repeating ? repeat != NULL || form->form == NULL : !any) {
        push_node(e, &node);
    }
}

static void push_group(struct evaluation *e, const struct node *form,
                       const struct group_def *def, const char *repeat)
{
    struct node node = *form;
    bool any = false, found = false;
    node.level = LEVEL_GROUP;
    node.group_def = def;
    for (size_t i = 0; form->form != NULL && i < form->form->count; i++) {
        const struct group_data *group = &form->form->groups[i];
        if (order(group->oid, def->oid) != 0) {
            continue;
        }
        node.group = group;
        node.group_repeat = group->repeat;
        found = found || same_text(repeat, group->repeat);
        any = true;
        push_node(e, &node);
    }
    if (!any || !found) {
        push_absent_group(e, form, def, repeat, any);
    }
}

static void push_all_groups(struct evaluation *e, const struct node *form)
{
    struct node node = *form;
    size_t start = e->node_count;
    node.level = LEVEL_GROUP;
    for (size_t i = 0; form->form != NULL && i < form->form->count; i++) {
        node.group = &form->form->groups[i];
        node.group_repeat = node.group->repeat;
        node.group_def = version_group(e->scope->version, node.group->oid);
        push_node(e, &node);
    }
    size_t end = e->node_count;
    for (size_t i = 0; form->form_def != NULL && i < form->form_def->group_count; i++) {
        const struct group_def *def = form->form_def->groups[i].group;
        bool any = false;
        for (size_t j = start; j < end && !any; j++) {
            any = e->nodes[j].group_def == def;
        }
        push_absent_group(e, form, def, NULL, any);
    }
}

static const struct item_data *find_item(const struct group_data *group, const char *oid)
{
    for (size_t i = 0; group != NULL && i < group->count; i++) {
        if (order(group->items[i].oid, oid) == 0) {
            return &group->items[i];
        }
    }
    return NULL;
}

static void push_item(struct evaluation *e, const struct node *group,
                      const struct item_def *item)
{
    struct node node = *group;
    node.level = LEVEL_ITEM;
    node.item_def = item;
    node.item = find_item(group->group, item->oid);
    if (node.item != NULL ||
        (group->group_def != NULL && group_item_ref(group->group_def, item->oid) != NULL)) {
        push_node(e, &node);
    }
}

/* What is there, then what is not; which that is, is marked and not looked for: a group may
 * have 5,000 items. */
static void push_all_items(struct evaluation *e, const struct node *group)
{
    struct node node = *group;
    const struct group_def *def = group->group_def;
    bool *there = ARENA_ARRAY(e->scope->scratch, def != NULL ? def->item_count : 0, bool);
    node.level = LEVEL_ITEM;
    for (size_t i = 0; group->group != NULL && i < group->group->count; i++) {
        const struct item_ref *ref =
            def != NULL ? group_item_ref(def, group->group->items[i].oid) : NULL;
        if (ref != NULL) {
            there[ref - def->items] = true;
        }
        node.item = &group->group->items[i];
        node.item_def = ref != NULL ? ref->item : NULL;
        push_node(e, &node);
    }
    for (size_t i = 0; def != NULL && i < def->item_count; i++) {
        if (!there[i]) {
            node.item = NULL;
            node.item_def = def->items[i].item;
            push_node(e, &node);
        }
    }
}

/* ---- all levels ---- */

static void push_selected(struct evaluation *e, const struct node *node, const void *def,
                          const char *repeat)
{
    switch (node->level) {
    case LEVEL_SUBJECT:
        push_event(e, def, repeat);
        break;
    case LEVEL_EVENT:
        push_form(e, node, def, repeat);
        break;
    case LEVEL_FORM:
        push_group(e, node, def, repeat);
        break;
    case LEVEL_GROUP:
    case LEVEL_ITEM:
    default:
        push_item(e, node, def);
        break;
    }
}

static void push_all(struct evaluation *e, const struct node *node)
{
    const struct metadata_version *version = e->scope->version;
    switch (node->level) {
    case LEVEL_SUBJECT:
        for (size_t i = 0; i < version->event_def_count; i++) {
            push_event(e, version->event_defs[i], NULL);
        }
        break;
    case LEVEL_EVENT:
        push_all_forms(e, node);
        break;
    case LEVEL_FORM:
        push_all_groups(e, node);
        break;
    case LEVEL_GROUP:
    case LEVEL_ITEM:
    default:
        push_all_items(e, node);
        break;
    }
}

void push_children(struct evaluation *e, const struct node *node, const struct step *step,
                   enum expression_level level)
{
    const struct selection *select = &step->select[level];
    const char *repeat = level == step->level ? step->repeat : NULL;
    if (node->level == LEVEL_EVENT && node->event_def == NULL) {
        return;
    }
    if (select->items == NULL) {
        push_all(e, node);
        return;
    }
    for (size_t i = 0; i < select->count && step_counted(e); i++) {
        push_selected(e, node, select->items[i], repeat);
    }
}

struct node node_subject(void)
{
    return (struct node){.level = LEVEL_SUBJECT, .held = true};
}

static bool event_is_held(const struct expression_scope *scope, const struct node *node,
                          const struct form_key *key)
{
    struct head head = {key->event, key->event_repeat, NULL, 2};
    bool log = node->event_def != NULL && node->event_def->type == EVENT_COMMON;
    return log || form_if(scope->book, first_form(scope->book, &head), &head) != NULL;
}

struct node node_at(const struct expression_scope *scope,
                    const struct expression_place *place)
{
    const struct form_key *key = &place->form;
    struct node node = node_subject();
    if (key->event == NULL) {
        return node;
    }
    node.level = LEVEL_EVENT;
    node.event_def = version_event(scope->version, key->event);
    node.event_repeat = key->event_repeat;
    node.form = key->form != NULL ? casebook_form(scope->book, key) : NULL;
    node.held = node.form != NULL || event_is_held(scope, &node, key);
    if (key->form == NULL) {
        return node;
    }
    node.level = LEVEL_FORM;
    node.form_def = version_form(scope->version, key->form);
    node.form_repeat = key->form_repeat;
    if (place->item.group == NULL) {
        return node;
    }
    node.level = LEVEL_GROUP;
    node.group_def = version_group(scope->version, place->item.group);
    node.group_repeat = place->item.group_repeat;
    for (size_t i = 0; node.form != NULL && i < node.form->count; i++) {
        const struct group_data *group = &node.form->groups[i];
        if (order(group->oid, place->item.group) == 0 &&
            same_text(group->repeat, node.group_repeat)) {
            node.group = group;
        }
    }
    if (place->item.item != NULL) {
        node.level = LEVEL_ITEM;
        node.item_def = version_item(scope->version, place->item.item);
        node.item = find_item(node.group, place->item.item);
    }
    return node;
}
