/* SPDX-License-Identifier: Apache-2.0 */
/*
** Derived items (ItemRef with a MethodOID): computed from form and casebook, never typed. Those
** whose way of computing is general are known by their meaning and stand in one table.
*/
#include "protocol/study/check_impl.h"

static const struct {
    enum meaning meaning;
    const char *(*value)(struct checker *c);
} DERIVATIONS[] = {
    {MEANING_AGE, derive_age},
    {MEANING_ENGRDTC, derive_neutrophil_recovery},
    {MEANING_PLTENGDTC, derive_platelet_recovery},
    {MEANING_PROGDTC, derive_progression},
    {MEANING_NEDA, derive_no_disease_activity},
};

void derive_by_meaning(struct checker *c, struct derived_list *list, size_t *capacity)
{
    struct arena *arena = c->findings->arena;
    struct derived *items = list->items;
    for (size_t i = 0; i < ARRAY_LEN(DERIVATIONS); i++) {
        struct place_of_item place = c->def->meanings[DERIVATIONS[i].meaning];
        const char *value =
            place.item != NULL && place.item->derived ? DERIVATIONS[i].value(c) : NULL;
        if (value != NULL) {
            *ARENA_PUSH(arena, items, list->count, *capacity) = (struct derived){
                path_of_meaning(c, checked_form(c), NULL, DERIVATIONS[i].meaning), value};
        }
    }
    list->items = items;
}
