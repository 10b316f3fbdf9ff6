/* SPDX-License-Identifier: Apache-2.0 */
/*
** crfd:Product and crfd:Gate, children of a MetaDataVersion (protocol/crfd-odm-ext.md).
*/
#include "base/text.h"
#include "protocol/study/odm_reader.h"
#include "protocol/study/product_section.h"

#define KINDS_DEFAULT   "batch"
#define MINUTES_DEFAULT 30
#define YEARS_DEFAULT   30 /* of traceability, Regulation 1394/2007 article 15 */

static const struct form_def *read_form(struct reader *reader, const struct xml_node *node)
{
    const char *oid = odm_text(reader, node, "FormOID");
    const struct form_def *form = version_form(reader->version, oid);
    if (form == NULL && *oid != '\0') {
        odm_report(reader, node, "ODM-11", "FormOID %.120s is not defined", oid);
    }
    return form;
}

/* ---- crfd:Product ---- */

static int compare_steps(const void *a, const void *b)
{
    const struct product_step *x = a, *y = b;
    return x->order - y->order;
}

static void read_steps(struct reader *reader, const struct xml_node *node,
                       struct product_section *section)
{
    struct product_step *steps = NULL;
    size_t capacity = 0;
    for (const struct xml_node *c = xml_child_crfd(node, "Step"); c != NULL;
         c = xml_next_crfd(c, "Step")) {
        struct product_step *step =
            ARENA_PUSH(reader->arena, steps, section->step_count, capacity);
        *step = (struct product_step){.name = odm_needed(reader, c, "Name"),
                                      .form = read_form(reader, c),
                                      .order = odm_number(reader, c, "Order", 1, 0),
                                      .evidence = odm_evidence(reader, c)};
    }
    if (section->step_count > 1) {
        qsort(steps, section->step_count, sizeof(*steps), compare_steps);
    }
    section->steps = steps;
}

static bool kinds_known(const char *kinds)
{
    static const char *const KNOWN[] = {"donation", "culture", "batch", "dose", "bag"};
    struct span rest = span_text(kinds);
    while (rest.size > 0) {
        struct span word = rest;
        if (!span_cut(&rest, ' ', &word)) {
            rest.size = 0;
        }
        bool known = false;
        for (size_t i = 0; i < ARRAY_LEN(KNOWN); i++) {
            known = known || span_is(word, KNOWN[i]);
        }
        if (!known) {
            return false;
        }
    }
    return true;
}

static void read_criteria(struct reader *reader, const struct xml_node *node,
                          struct product_section *section)
{
    struct release_criterion *criteria = NULL;
    size_t capacity = 0;
    for (const struct xml_node *c = xml_child_crfd(node, "Release"); c != NULL;
         c = xml_next_crfd(c, "Release")) {
        const char *kinds = odm_text(reader, c, "Kind");
        struct release_criterion criterion = {
            .rule = odm_needed(reader, c, "Rule"),
            .kinds = *kinds != '\0' ? kinds : KINDS_DEFAULT,
            .expression = odm_expression(reader, c, USE_GATE),
            .message = odm_child_texts(reader, c, "ErrorMessage"),
            .evidence = odm_evidence(reader, c)};
        if (criterion.expression == NULL) {
            odm_report(reader, c, "ODM-22",
                       "crfd:Release needs a FormalExpression of Context \"crfd\"");
        }
        if (!kinds_known(criterion.kinds)) {
            odm_report(reader, c, "ODM-22",
                       "Kind holds another word than donation, culture, batch, dose, bag");
        }
        *ARENA_PUSH(reader->arena, criteria, section->criterion_count, capacity) =
            criterion;
    }
    section->criteria = criteria;
}

static void read_product(struct reader *reader, const struct xml_node *node,
                         struct product_section *section)
{
    static const char *const TYPES[] = {"autologous", "allogeneic", NULL};
    const struct xml_node *product = xml_child_crfd(node, "Product");
    const struct xml_node *retention;
    if (product == NULL) {
        return;
    }
    const char *type = odm_needed(reader, product, "Type");
    section->given = true;
    section->autologous = odm_choice(reader, product, "Type", type, TYPES) == 0;
    section->clear_minutes =
        odm_number(reader, product, "ClearMinutes", 1, MINUTES_DEFAULT);
    retention = xml_child_crfd(product, "Retention");
    section->retention_years =
        retention != NULL ? odm_number(reader, retention, "Years", 1, YEARS_DEFAULT)
                          : YEARS_DEFAULT;
    read_steps(reader, product, section);
    read_criteria(reader, product, section);
}

/* ---- crfd:Gate ---- */

/* Whose mix-up no reason excuses, and what a hold forbids. */
static bool never_overridden(const char *rule)
{
    return strcmp(rule, "40") == 0 || strcmp(rule, "41") == 0 || strcmp(rule, "80") == 0;
}

static bool read_override(struct reader *reader, const struct xml_node *node,
                          const char *rule)
{
    static const char *const WORDS[] = {"Yes", "No", NULL};
    int word = odm_choice(reader, node, "Override", xml_get(node, "Override"), WORDS);
    if (word == 0 && never_overridden(rule)) {
        odm_report(reader, node, "ODM-22",
                   "a gate of rule 40, 41 or 80 cannot be overridden");
    }
    return word != 1 && !never_overridden(rule);
}

static void read_gates(struct reader *reader, const struct xml_node *node,
                       struct product_section *section)
{
    static const char *const ACTS[] = {"enrol",     "randomise",     "dose.clear",
                                       "condition", "batch.release", NULL};
    struct gate *gates = NULL;
    size_t capacity = 0;
    for (const struct xml_node *c = xml_child_crfd(node, "Gate"); c != NULL;
         c = xml_next_crfd(c, "Gate")) {
        int act = odm_choice(reader, c, "Act", odm_needed(reader, c, "Act"), ACTS);
        const char *rule = odm_needed(reader, c, "Rule");
        struct gate gate = {.act = act < 0 ? GATE_ENROL : (enum gate_act) act,
                            .rule = rule,
                            .can_override = read_override(reader, c, rule),
                            .form = read_form(reader, c),
                            .expression = odm_expression(reader, c, USE_GATE),
                            .message = odm_child_texts(reader, c, "ErrorMessage"),
                            .evidence = odm_evidence(reader, c)};
        if ((gate.form == NULL) == (gate.expression == NULL)) {
            odm_report(reader, c, "ODM-22",
                       "crfd:Gate needs either a FormOID or a FormalExpression of Context "
                       "\"crfd\"");
        }
        *ARENA_PUSH(reader->arena, gates, section->gate_count, capacity) = gate;
    }
    section->gates = gates;
}

void odm_read_product(struct reader *reader, const struct xml_node *node)
{
    struct product_section *section = ARENA_NEW(reader->arena, struct product_section);
    read_product(reader, node, section);
    reader->version->product = section;
}

void odm_read_gates(struct reader *reader, const struct xml_node *node)
{
    struct product_section *section = ARENA_NEW(reader->arena, struct product_section);
    *section = *reader->version->product;
    read_gates(reader, node, section);
    reader->version->product = section;
}
