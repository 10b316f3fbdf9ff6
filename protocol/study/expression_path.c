/* SPDX-License-Identifier: Apache-2.0 */
/*
** Where the steps of a path lead. The level of every step is known from the text alone, so a
** path that leads nowhere is reported when the definition is read. OIDs named in predicates
** become pointers to definitions: the evaluator goes straight there, and knows what the
** definition foresees at a place where the casebook has nothing.
*/
#include "protocol/study/expression_impl.h"

static const char *const ELEMENTS[LEVELS] = {"SubjectData", "StudyEventData", "FormData",
                                             "ItemGroupData", "ItemData"};
static const char *const OIDS[LEVELS] = {"SubjectKey", "StudyEventOID", "FormOID",
                                         "ItemGroupOID", "ItemOID"};
static const char *const REPEATS[LEVELS] = {NULL, "StudyEventRepeatKey", "FormRepeatKey",
                                            "ItemGroupRepeatKey", NULL};

static bool is_any(const struct step *step)
{
    return strcmp(step->name, "*") == 0;
}

static bool level_of(const char *name, enum expression_level *ret_level)
{
    for (size_t i = 0; i < LEVELS; i++) {
        if (strcmp(ELEMENTS[i], name) == 0) {
            *ret_level = (enum expression_level) i;
            return true;
        }
    }
    return false;
}

static const void *definition(const struct metadata_version *version,
                              enum expression_level level, const char *oid)
{
    switch (level) {
    case LEVEL_EVENT:
        return version_event(version, oid);
    case LEVEL_FORM:
        return version_form(version, oid);
    case LEVEL_GROUP:
        return version_group(version, oid);
    case LEVEL_ITEM:
        return version_item(version, oid);
    case LEVEL_SUBJECT:
    default:
        return NULL;
    }
}

/* ---- OIDs and repeat keys in predicates ---- */

struct collector {
    struct compiler *c;
    enum expression_level level;
    const char *attribute;
    const char *found[32];
    int columns[32];
    size_t count;
};

static bool is_attribute(const struct op *op, const char *name)
{
    return op->code == OP_PATH && op->first == NULL && op->steps->next == NULL &&
           op->steps->axis == AXIS_ATTRIBUTE && strcmp(op->steps->name, name) == 0;
}

/* "@FormOID = 'F.X'", in either order. */
static const struct op *literal_of(const struct op *op, const char *attribute)
{
    if (op->code != OP_EQ) {
        return NULL;
    }
    const struct op *a = op->first, *b = a->next;
    if (is_attribute(a, attribute) && b->code == OP_TEXT) {
        return b;
    }
    return is_attribute(b, attribute) && a->code == OP_TEXT ? a : NULL;
}

/* Collect the texts that TEST demands of the attribute. False: it demands none. *ret_all
 * becomes false when it demands something else, too. */
static bool collect(struct collector *k, const struct op *test, bool *ret_all)
{
    const struct op *literal = literal_of(test, k->attribute);
    if (literal != NULL && k->count < ARRAY_LEN(k->found)) {
        k->columns[k->count] = literal->column;
        k->found[k->count++] = literal->text;
        return true;
    }
    if (test->code == OP_AND) {
        *ret_all = false;
        for (const struct op *op = test->first; op != NULL; op = op->next) {
            bool all = true;
            if (collect(k, op, &all)) {
                return true;
            }
        }
        return false;
    }
    size_t before = k->count;
    for (const struct op *op = test->first; test->code == OP_OR && op != NULL;
         op = op->next) {
        if (!collect(k, op, ret_all)) {
            k->count = before;
            return false;
        }
    }
    return test->code == OP_OR;
}

/* A predicate that may count positions: what stands behind it sees another set. */
static bool is_positional(const struct op *op)
{
    bool counts =
        op->code == OP_CALL && (op->function == CALL_POSITION || op->function == CALL_LAST);
    for (const struct op *child = op->first; child != NULL && !counts;
         child = child->next) {
        counts = is_positional(child);
    }
    return counts;
}

static bool predicate_is_positional(const struct op *test)
{
    return (test->code >= OP_ADD && test->code <= OP_NUMBER) ||
           (test->code == OP_CALL && test->function != CALL_NOT) || is_positional(test);
}

static bool select_found(struct collector *k, struct step *step)
{
    struct compiler *c = k->c;
    const void **items = ARENA_ARRAY(c->arena, k->count, const void *);
    for (size_t i = 0; i < k->count; i++) {
        items[i] = definition(c->version, k->level, k->found[i]);
        if (items[i] == NULL) {
            expression_say(c, "EXPR-02", k->columns[i],
                           "%s \"%.120s\" is not defined in this version", OIDS[k->level],
                           k->found[i]);
            return false;
        }
    }
    step->select[k->level] = (struct selection){items, k->count};
    return true;
}

/* Read what the predicates of STEP demand, and take out those that demand an OID only: the
 * selection says the same. */
static bool read_demands(struct compiler *c, struct step *step)
{
    struct predicate **link = &step->predicates;
    while (*link != NULL && !predicate_is_positional((*link)->test)) {
        struct collector oid = {
            .c = c, .level = step->level, .attribute = OIDS[step->level]};
        struct collector repeat = {
            .c = c, .level = step->level, .attribute = REPEATS[step->level]};
        bool all = true, any = true;
        bool may = step->level != LEVEL_SUBJECT && step->select[step->level].items == NULL;
        bool found = may && collect(&oid, (*link)->test, &all);
        if (repeat.attribute != NULL && collect(&repeat, (*link)->test, &any) &&
            repeat.count == 1) {
            step->repeat = repeat.found[0];
        }
        if (found && !select_found(&oid, step)) {
            return false;
        }
        bool gone =
            found && all && (step->axis == AXIS_CHILD || step->axis == AXIS_DESCENDANT);
        if (gone) {
            *link = (*link)->next;
        } else {
            link = &(*link)->next;
        }
    }
    return true;
}

/* ---- the ways down to what a step behind // selects ---- */

static bool is_in(const struct selection *selection, const void *def)
{
    for (size_t i = 0; i < selection->count; i++) {
        if (selection->items[i] == def) {
            return true;
        }
    }
    return selection->items == NULL;
}

static bool holds(enum expression_level level, const void *def,
                  const struct selection *below)
{
    if (level == LEVEL_GROUP) {
        const struct group_def *group = def;
        for (size_t i = 0; i < below->count; i++) {
            const struct item_def *item = below->items[i];
            if (group_item_ref(group, item->oid) != NULL) {
                return true;
            }
        }
        return false;
    }
    const struct form_def *form = def;
    const struct event_def *event = def;
    size_t count = level == LEVEL_FORM ? form->group_count : event->form_count;
    for (size_t i = 0; i < count; i++) {
        if (level == LEVEL_FORM ? is_in(below, form->groups[i].group)
                                : is_in(below, event->forms[i].form)) {
            return true;
        }
    }
    return false;
}

static void select_above(struct compiler *c, struct step *step, enum expression_level level)
{
    const struct metadata_version *version = c->version;
    const size_t counts[] = {0, version->event_def_count, version->form_def_count,
                             version->group_def_count};
    const void **items = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < counts[level]; i++) {
        const void *def = level == LEVEL_EVENT  ? (const void *) version->event_defs[i]
                          : level == LEVEL_FORM ? (const void *) version->form_defs[i]
                                                : (const void *) version->group_defs[i];
        if (holds(level, def, &step->select[level + 1])) {
            *ARENA_PUSH(c->arena, items, count, capacity) = def;
        }
    }
    static const void *const NOTHING[1] = {NULL};
    step->select[level] = (struct selection){count > 0 ? items : NOTHING, count};
}

/* ---- steps ---- */

static void forget_below(struct setting *setting)
{
    if (setting->level < LEVEL_ITEM) {
        setting->item = NULL;
    }
    if (setting->level < LEVEL_GROUP) {
        setting->group = NULL;
    }
    if (setting->level < LEVEL_FORM) {
        setting->form = NULL;
        setting->own_form = false;
    }
    if (setting->level < LEVEL_EVENT) {
        setting->event = NULL;
    }
}

static bool go_down(struct compiler *c, struct step *step, struct setting *setting)
{
    enum expression_level level = setting->level + 1;
    bool down = step->axis == AXIS_DESCENDANT;
    if (!is_any(step) && !level_of(step->name, &level)) {
        expression_say(c, "EXPR-04", step->column,
                       "%.60s is no element of the casebook: SubjectData/StudyEventData/"
                       "FormData/ItemGroupData/ItemData",
                       step->name);
        return false;
    }
    if (down && is_any(step)) {
        expression_say(c, "EXPR-04", step->column,
                       "behind // stands the name of an element, such as //ItemData");
        return false;
    }
    if (setting->level == LEVEL_ITEM || level <= setting->level ||
        (!down && level != setting->level + 1)) {
        expression_say(c, "EXPR-03", step->column,
                       "%s is not directly below %s here: write the steps between, or "
                       "start with //",
                       step->name, ELEMENTS[setting->level]);
        return false;
    }
    step->level = level;
    return true;
}

static bool go_up(struct compiler *c, struct step *step, struct setting *setting)
{
    enum expression_level level = setting->level - 1;
    if (setting->level == LEVEL_SUBJECT) {
        expression_say(c, "EXPR-03", step->column,
                       "there is nothing above SubjectData: one .. too many");
        return false;
    }
    if (!is_any(step) && (!level_of(step->name, &level) || level >= setting->level)) {
        expression_say(c, "EXPR-03", step->column, "%.60s is not above %s", step->name,
                       ELEMENTS[setting->level]);
        return false;
    }
    step->level = level;
    return true;
}

static bool read_attribute(struct compiler *c, struct step *step, struct setting *setting)
{
    enum expression_level level = setting->level;
    step->level = level;
    if (strcmp(step->name, "Value") == 0 && level == LEVEL_ITEM) {
        step->attribute = ATTRIBUTE_VALUE;
    } else if (strcmp(step->name, "IsNull") == 0 && level == LEVEL_ITEM) {
        step->attribute = ATTRIBUTE_NULL;
    } else if (strcmp(step->name, OIDS[level]) == 0) {
        step->attribute = ATTRIBUTE_OID;
    } else if (REPEATS[level] != NULL && strcmp(step->name, REPEATS[level]) == 0) {
        step->attribute = ATTRIBUTE_REPEAT;
    } else {
        expression_say(c, "EXPR-04", step->column,
                       "%s has no attribute %.60s that is known", ELEMENTS[level],
                       step->name);
        return false;
    }
    if (step->next != NULL || step->predicates != NULL) {
        expression_say(c, "EXPR-04", step->column,
                       "nothing may stand behind an attribute: test it on its element");
        return false;
    }
    return true;
}

/* A path that begins with SubjectData (or ODM/ClinicalData/SubjectData) means the subject,
 * wherever it stands. */
static bool is_root_name(const struct step *step)
{
    return (step->axis == AXIS_CHILD || step->axis == AXIS_DESCENDANT) &&
           (strcmp(step->name, "SubjectData") == 0 ||
            strcmp(step->name, "ClinicalData") == 0 || strcmp(step->name, "ODM") == 0);
}

static bool go(struct compiler *c, struct step *step, struct setting *setting)
{
    switch (step->axis) {
    case AXIS_ROOT:
        step->level = LEVEL_SUBJECT;
        return true;
    case AXIS_CHILD:
    case AXIS_DESCENDANT:
        return go_down(c, step, setting);
    case AXIS_UP:
        return go_up(c, step, setting);
    case AXIS_ATTRIBUTE:
        return read_attribute(c, step, setting);
    case AXIS_SELF:
    default:
        step->level = setting->level;
        if (!is_any(step) && strcmp(step->name, ELEMENTS[setting->level]) != 0) {
            expression_say(c, "EXPR-03", step->column, "this is %s, not %.60s",
                           ELEMENTS[setting->level], step->name);
            return false;
        }
        return true;
    }
}

static const void *only(const struct selection *selection)
{
    return selection->items != NULL && selection->count == 1 ? selection->items[0] : NULL;
}

/* Does the definition that STEP selects stand below the one that SETTING has? */
static bool stands_there(struct compiler *c, const struct step *step,
                         const struct setting *setting)
{
    const void *above = step->level == LEVEL_FORM    ? (const void *) setting->event
                        : step->level == LEVEL_GROUP ? (const void *) setting->form
                        : step->level == LEVEL_ITEM  ? (const void *) setting->group
                                                     : NULL;
    if (step->axis != AXIS_CHILD || above == NULL ||
        step->select[step->level].items == NULL ||
        holds(step->level - 1, above, &step->select[step->level])) {
        return true;
    }
    expression_say(c, "EXPR-02", step->column,
                   "the definition does not have this %s in the %s named before it",
                   ELEMENTS[step->level], ELEMENTS[step->level - 1]);
    return false;
}

static void enter(const struct step *step, struct setting *setting)
{
    bool same = step->axis == AXIS_SELF || step->axis == AXIS_ATTRIBUTE;
    enum expression_level from = setting->level;
    setting->level = step->level;
    if (!same && step->axis != AXIS_UP) {
        setting->level = from < step->level ? from : step->level;
        forget_below(setting); /* only what is above where we came from stays known */
        setting->level = step->level;
    }
    forget_below(setting);
    const void *def = only(&step->select[step->level]);
    if (def == NULL) {
        return;
    }
    switch (step->level) {
    case LEVEL_EVENT:
        setting->event = def;
        break;
    case LEVEL_FORM:
        setting->form = def;
        break;
    case LEVEL_GROUP:
        setting->group = def;
        break;
    case LEVEL_ITEM:
        setting->item = def;
        break;
    case LEVEL_SUBJECT:
    default:
        break;
    }
}

static bool resolve_predicates(struct compiler *c, struct step *step,
                               const struct setting *setting)
{
    struct setting inside = *setting;
    inside.predicate = true;
    for (struct predicate *p = step->predicates; p != NULL; p = p->next) {
        if (!expression_resolve(c, p->test, &inside)) {
            return false;
        }
        enum kind kind = p->test->kind;
        if (kind == KIND_TEXT || kind == KIND_DATE) {
            expression_say(c, "EXPR-03", p->test->column,
                           "%s stands where a test is wanted",
                           expression_kind_name(c, kind));
            return false;
        }
    }
    return true;
}

static bool resolve_step(struct compiler *c, struct step *step, struct setting *setting)
{
    if (is_root_name(step)) {
        step->axis = AXIS_ROOT;
    }
    if (!go(c, step, setting)) {
        return false;
    }
    if (step->axis == AXIS_ATTRIBUTE) {
        return true;
    }
    if (!read_demands(c, step) || !stands_there(c, step, setting)) {
        return false;
    }
    if (step->axis == AXIS_DESCENDANT && step->select[step->level].items != NULL) {
        for (int level = (int) step->level - 1; level > (int) setting->level; level--) {
            select_above(c, step, (enum expression_level) level);
        }
    }
    enter(step, setting);
    return resolve_predicates(c, step, setting);
}

/* ---- the whole path ---- */

static enum kind item_kind(const struct item_def *item)
{
    if (item->type == TYPE_BOOLEAN) {
        return KIND_TRUTH;
    }
    if (data_type_is_number(item->type)) {
        return KIND_NUMBER;
    }
    return data_type_is_dated(item->type) ? KIND_DATE : KIND_TEXT;
}

static enum kind kind_of_items(const struct selection *items, const struct item_def *known)
{
    if (items == NULL || items->items == NULL || items->count == 0) {
        return known != NULL ? item_kind(known) : KIND_ANY;
    }
    enum kind kind = item_kind(items->items[0]);
    for (size_t i = 1; i < items->count; i++) {
        kind = item_kind(items->items[i]) == kind ? kind : KIND_ANY;
    }
    return kind;
}

static void add_read(struct compiler *c, const struct setting *setting,
                     const struct item_def *item)
{
    const struct expression_read read = {setting->event, setting->form, setting->group,
                                         item, setting->own_form};
    for (size_t i = 0; i < c->read_count; i++) {
        const struct expression_read *old = &c->reads[i];
        if (old->event == read.event && old->form == read.form &&
            old->group == read.group && old->item == read.item &&
            old->own_form == read.own_form) {
            return;
        }
    }
    *ARENA_PUSH(c->arena, c->reads, c->read_count, c->read_capacity) = read;
}

/* An expression reads what its paths end at. */
static void note_reads(struct compiler *c, const struct setting *setting,
                       const struct selection *items)
{
    if (setting->level == LEVEL_ITEM && items != NULL && items->items != NULL) {
        for (size_t i = 0; i < items->count; i++) {
            add_read(c, setting, items->items[i]);
        }
        return;
    }
    add_read(c, setting, setting->item);
}

bool expression_resolve_path(struct compiler *c, struct op *path,
                             const struct setting *setting)
{
    struct setting at = *setting;
    const struct selection *items = NULL;
    if (path->first != NULL) {
        if (!expression_resolve(c, path->first, setting)) {
            return false;
        }
        if (path->first->kind != KIND_NODES || path->first->attribute != ATTRIBUTE_NONE) {
            expression_say(c, "EXPR-03", path->column,
                           "[ ] and / may only follow a path to an element");
            return false;
        }
        at = (struct setting){.level = path->first->level,
                              .context = setting->context,
                              .context_value = setting->context_value};
    }
    for (struct step *step = path->steps; step != NULL; step = step->next) {
        if (!resolve_step(c, step, &at)) {
            return false;
        }
        if (step->axis != AXIS_ATTRIBUTE) {
            items = &step->select[LEVEL_ITEM];
        }
        path->attribute = step->attribute;
    }
    path->kind = KIND_NODES;
    path->level = at.level;
    path->value = KIND_TEXT;
    if (path->attribute <= ATTRIBUTE_VALUE) {
        path->value = at.level == LEVEL_ITEM ? kind_of_items(items, at.item) : KIND_TEXT;
        if (path->first != NULL && items != NULL && items->items == NULL &&
            at.level == LEVEL_ITEM && path->first->level == LEVEL_ITEM) {
            path->value = path->first->value;
        }
    }
    note_reads(c, &at, items);
    return true;
}
