/* SPDX-License-Identifier: Apache-2.0 */
/*
** Items, ranges and code lists. A range is read as what it lets through: of all checks that
** refuse the narrowest bound on each side, and the same of those that ask. A bound that only
** changes from refusing to asking is one loosening, not a removal and an addition.
*/
#include "protocol/study/diff_impl.h"

/* ---- bounds ---- */

struct bound {
    const struct range_check *check; /* NULL: none */
    struct decimal number;           /* in the base unit, when is_number */
    bool is_number, open;
};

static bool refuses(const struct range_check *check)
{
    return check->act_given ? check->act != ACT_ASK : check->hard;
}

static bool is_bound(const struct range_check *check, bool high)
{
    return check->expression == NULL && check->count == 1 &&
           (high ? check->comparator == LT || check->comparator == LE
                 : check->comparator == GT || check->comparator == GE);
}

static struct bound bound_of(const struct range_check *check)
{
    struct bound bound = {.check = check,
                          .open = check->comparator == LT || check->comparator == GT};
    bound.is_number = data_type_is_number(check->values[0].type);
    bound.number = check->values[0].number;
    if (bound.is_number && check->unit != NULL) {
        bound.is_number = unit_to_base(check->unit, bound.number, &bound.number);
    }
    return bound;
}

/* >0: A lets less through than B, on the side HIGH; 0: as much, or it cannot be told. */
static int tighter(const struct bound *a, const struct bound *b, bool high)
{
    int order = 0;
    if (a->is_number && b->is_number) {
        order = decimal_compare(a->number, b->number);
    } else if (value_order(&a->check->values[0], &b->check->values[0], &order) != YES) {
        order = 0;
    }
    order = high ? -order : order;
    return order != 0 ? order : (int) a->open - (int) b->open;
}

static struct bound find_bound(const struct item_def *item, bool high, bool refusing)
{
    struct bound best = {0};
    for (size_t i = 0; i < item->check_count; i++) {
        const struct range_check *check = &item->checks[i];
        if (is_bound(check, high) && refuses(check) == refusing) {
            struct bound bound = bound_of(check);
            if (best.check == NULL || tighter(&bound, &best, high) > 0) {
                best = bound;
            }
        }
    }
    return best;
}

static const char *bound_text(const struct differ *d, const struct bound *bound)
{
    static const char *const signs[] = {[LT] = "<", [LE] = "<=", [GT] = ">", [GE] = ">="};
    const struct range_check *check = bound->check;
    if (check == NULL) {
        return NULL;
    }
    const char *unit =
        check->unit != NULL ? texts_get(&check->unit->symbol, d->out->language) : "";
    return arena_printf(d->out->arena, "%s %s%s%s (%s)", signs[check->comparator],
                        check->texts[0], *unit != 0 ? " " : "", unit,
                        diff_word(d, refuses(check) ? "diff.refuse" : "diff.ask"));
}

static void say_bound(struct differ *d, enum diff_kind kind, const struct item_def *item,
                      const struct bound *old, const struct bound *new)
{
    diff_say(d, kind, "range", item->oid, item_title(item, d->out->language),
             bound_text(d, old), bound_text(d, new));
}

static void diff_bound(struct differ *d, const struct item_def *item,
                       const struct bound *old, const struct bound *new, bool high)
{
    if (old->check == NULL && new->check == NULL) {
        return;
    }
    int order = old->check == NULL ? 1 : new->check == NULL ? -1 : tighter(new, old, high);
    if (order != 0) {
        say_bound(d, order > 0 ? DIFF_TIGHTENED : DIFF_LOOSENED, item, old, new);
    }
}

static void diff_side(struct differ *d, const struct item_def *old,
                      const struct item_def *new, bool high)
{
    struct bound refused = find_bound(old, high, true),
                 refuse = find_bound(new, high, true);
    struct bound asked = find_bound(old, high, false), ask = find_bound(new, high, false);
    bool milder = refused.check != NULL && refuse.check == NULL && asked.check == NULL &&
                  ask.check != NULL && tighter(&refused, &ask, high) == 0;
    bool graver = asked.check != NULL && ask.check == NULL && refused.check == NULL &&
                  refuse.check != NULL && tighter(&asked, &refuse, high) == 0;
    if (milder) {
        say_bound(d, DIFF_LOOSENED, new, &refused, &ask);
    } else if (graver) {
        say_bound(d, DIFF_TIGHTENED, new, &asked, &refuse);
    } else {
        diff_bound(d, new, &refused, &refuse, high);
        diff_bound(d, new, &asked, &ask, high);
    }
}

/* ---- the other checks ---- */

static const char *check_text(const struct differ *d, const struct range_check *check)
{
    static const char *const signs[] = {
        [LT] = "<", [LE] = "<=", [GT] = ">", [GE] = ">=", [EQ] = "=", [NE] = "!="};
    enum comparator comparator = check->comparator;
    CLEANUP(bytes_done) struct bytes text = {0};
    if (check->expression != NULL) {
        bytes_add_text(&text, check->expression->text);
    } else {
        bytes_add_text(&text, comparator == IN      ? diff_word(d, "diff.in")
                              : comparator == NOTIN ? diff_word(d, "diff.not_in")
                                                    : signs[comparator]);
    }
    for (size_t i = 0; i < check->count; i++) {
        bytes_printf(&text, "%s %s", i > 0 ? "," : "", check->texts[i]);
    }
    bytes_printf(&text, " (%s)", diff_word(d, refuses(check) ? "diff.refuse" : "diff.ask"));
    return arena_span_text(d->out->arena, span_bytes(&text));
}

static bool is_other(const struct range_check *check)
{
    return !is_bound(check, true) && !is_bound(check, false);
}

static bool has_check(const struct differ *d, const struct item_def *item, const char *text)
{
    for (size_t i = 0; i < item->check_count; i++) {
        if (is_other(&item->checks[i]) &&
            strcmp(check_text(d, &item->checks[i]), text) == 0) {
            return true;
        }
    }
    return false;
}

/* The check of ITEM that replaces CHECK: the same rule id, or the only one of its kind. */
static const struct range_check *counterpart(const struct item_def *item,
                                             const struct range_check *check)
{
    const struct range_check *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < item->check_count; i++) {
        const struct range_check *other = &item->checks[i];
        bool same_rule = *check->rule != 0 && strcmp(other->rule, check->rule) == 0;
        bool same_kind = *check->rule == 0 && *other->rule == 0 && is_other(other) &&
                         check->expression == NULL && other->expression == NULL &&
                         other->comparator == check->comparator;
        if (same_rule || same_kind) {
            found = other;
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

static bool within(const struct range_check *a, const struct range_check *b)
{
    for (size_t i = 0; i < a->count; i++) {
        bool found = false;
        for (size_t j = 0; j < b->count && !found; j++) {
            found = strcmp(a->texts[i], b->texts[j]) == 0;
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/* A set of values that lost some lets less through; one of forbidden values, more. */
static enum diff_kind kind_of_set(const struct range_check *old,
                                  const struct range_check *new)
{
    bool set = old->comparator == new->comparator &&refuses(old) == refuses(new) &&
               (old->comparator == IN || old->comparator == NOTIN);
    bool fewer = set && within(new, old), more = set && within(old, new);
    if (fewer == more) {
        return DIFF_CHANGED;
    }
    return fewer == (old->comparator == IN) ? DIFF_TIGHTENED : DIFF_LOOSENED;
}

static void diff_checks(struct differ *d, const struct item_def *old,
                        const struct item_def *new)
{
    const char *title = item_title(new, d->out->language);
    for (size_t i = 0; i < new->check_count; i++) {
        const struct range_check *check = &new->checks[i];
        const char *text = check_text(d, check);
        if (!is_other(check) || has_check(d, old, text)) {
            continue;
        }
        const struct range_check *before = counterpart(old, check);
        diff_say(d, before != NULL ? kind_of_set(before, check) : DIFF_TIGHTENED, "check",
                 new->oid, title, before != NULL ? check_text(d, before) : NULL, text);
    }
    for (size_t i = 0; i < old->check_count; i++) {
        const struct range_check *check = &old->checks[i];
        const char *text = check_text(d, check);
        if (is_other(check) && !has_check(d, new, text) &&
            counterpart(new, check) == NULL) {
            diff_say(d, DIFF_LOOSENED, "check", new->oid, title, text, NULL);
        }
    }
}

/* ---- code lists ---- */

static const char *code_text(const struct differ *d, const struct code_list_item *code)
{
    const char *decode = texts_get(&code->decode, d->out->language);
    return *decode != 0 ? arena_printf(d->out->arena, "%s = %s", code->coded_value, decode)
                        : code->coded_value;
}

static void diff_codes(struct differ *d, const char *path, const char *title,
                       const struct code_list *old, const struct code_list *new)
{
    for (size_t i = 0; i < new->count; i++) {
        const struct code_list_item *was = code_list_get(old, new->items[i].coded_value);
        if (was == NULL) {
            diff_say(d, DIFF_LOOSENED, "code", path, title, NULL,
                     code_text(d, &new->items[i]));
        } else {
            diff_text(d, DIFF_RENAMED, "code", path, title, code_text(d, was),
                      code_text(d, &new->items[i]));
        }
    }
    for (size_t i = 0; i < old->count; i++) {
        if (code_list_get(new, old->items[i].coded_value) == NULL) {
            diff_say(d, DIFF_TIGHTENED, "code", path, title, code_text(d, &old->items[i]),
                     NULL);
        }
    }
}

/* Only what stands in both, so that only moves are left to say. */
static void diff_code_order(struct differ *d, const char *path, const struct code_list *old,
                            const struct code_list *new)
{
    struct arena *arena = d->out->arena;
    struct listed *before = ARENA_ARRAY(arena, old->count + 1, struct listed);
    struct listed *after = ARENA_ARRAY(arena, new->count + 1, struct listed);
    size_t before_count = 0, after_count = 0;
    for (size_t i = 0; i < old->count; i++) {
        const char *code = old->items[i].coded_value;
        if (code_list_get(new, code) != NULL) {
            before[before_count++] = (struct listed){code, code_text(d, &old->items[i])};
        }
    }
    for (size_t i = 0; i < new->count; i++) {
        const char *code = new->items[i].coded_value;
        if (code_list_get(old, code) != NULL) {
            after[after_count++] = (struct listed){code, code_text(d, &new->items[i])};
        }
    }
    diff_list(d, "code", path, before, before_count, after, after_count);
}

void diff_code_lists(struct differ *d)
{
    for (size_t i = 0; i < d->new->code_list_count; i++) {
        const struct code_list *new = d->new->code_lists[i];
        const struct code_list *old = version_code_list(d->old, new->oid);
        if (old == NULL) {
            continue; /* told with the item that uses it */
        }
        const char *title = *new->name != 0 ? new->name : new->oid;
        diff_text(d, DIFF_RENAMED, "code_list", new->oid, title, old->name, new->name);
        diff_text(d, DIFF_RETYPED, "code_list", new->oid, title, data_type_name(old->type),
                  data_type_name(new->type));
        diff_flag(d, DIFF_LOOSENED, "external", new->oid, title, old->external,
                  new->external);
        diff_codes(d, new->oid, title, old, new);
        diff_code_order(d, new->oid, old, new);
    }
}

static void diff_list_of_item(struct differ *d, const struct item_def *old,
                              const struct item_def *new)
{
    const struct code_list *a = old->code_list, *b = new->code_list;
    const char *title = item_title(new, d->out->language);
    if (a == NULL || b == NULL) {
        enum diff_kind kind = a == NULL ? DIFF_TIGHTENED : DIFF_LOOSENED;
        diff_text(d, kind, "code_list", new->oid, title, a != NULL ? a->oid : NULL,
                  b != NULL ? b->oid : NULL);
    } else if (strcmp(a->oid, b->oid) != 0) {
        diff_text(d, DIFF_CHANGED, "code_list", new->oid, title, a->oid, b->oid);
        diff_codes(d, new->oid, title, a, b);
    }
}

/* ---- items ---- */

/* A limit where NONE means that there is none, which is the widest. */
static void diff_limit(struct differ *d, const char *part, const struct item_def *item,
                       int old, int new, int none)
{
    if (old == new) {
        return;
    }
    bool tightened = old == none || (new != none &&new < old);
    diff_say(d, tightened ? DIFF_TIGHTENED : DIFF_LOOSENED, part, item->oid,
             item_title(item, d->out->language), old != none ? diff_number(d, old) : NULL,
             new != none ? diff_number(d, new) : NULL);
}

static void diff_units(struct differ *d, const struct item_def *old,
                       const struct item_def *new)
{
    struct arena *arena = d->out->arena;
    const char **before = ARENA_ARRAY(arena, old->unit_count + 1, const char *);
    const char **after = ARENA_ARRAY(arena, new->unit_count + 1, const char *);
    for (size_t i = 0; i < old->unit_count; i++) {
        before[i] = old->units[i]->oid;
    }
    for (size_t i = 0; i < new->unit_count; i++) {
        after[i] = new->units[i]->oid;
    }
    diff_words(d, DIFF_LOOSENED, "unit", new->oid, item_title(new, d->out->language),
               before, old->unit_count, after, new->unit_count);
}

static void diff_item(struct differ *d, const struct item_def *old,
                      const struct item_def *new)
{
    static const char *const origins[] = {"", "trial", "care"};
    const char *title = item_title(new, d->out->language);
    diff_text(d, DIFF_RENAMED, "item", new->oid, title, item_title(old, d->out->language),
              title);
    diff_text(d, DIFF_RENAMED, "keyword", new->oid, title, old->name, new->name);
    diff_text(d, DIFF_RETYPED, "item", new->oid, title, data_type_name(old->type),
              data_type_name(new->type));
    diff_limit(d, "length", new, old->length, new->length, 0);
    diff_limit(d, "digits", new, old->significant_digits, new->significant_digits, -1);
    diff_units(d, old, new);
    diff_side(d, old, new, false);
    diff_side(d, old, new, true);
    diff_checks(d, old, new);
    diff_list_of_item(d, old, new);
    diff_flag(d, DIFF_LOOSENED, "future", new->oid, title, old->future, new->future);
    diff_text(d, DIFF_CHANGED, "origin", new->oid, title, origins[old->origin],
              origins[new->origin]);
    diff_text(d, DIFF_CHANGED, "second_person", new->oid, title,
              old->second_person != NULL ? old->second_person->oid : NULL,
              new->second_person != NULL ? new->second_person->oid : NULL);
}

void diff_items(struct differ *d)
{
    for (size_t i = 0; i < d->new->item_def_count; i++) {
        const struct item_def *old = version_item(d->old, d->new->item_defs[i]->oid);
        if (old != NULL) {
            diff_item(d, old, d->new->item_defs[i]);
        }
    }
}
