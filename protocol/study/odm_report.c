/* SPDX-License-Identifier: Apache-2.0 */
/*
** Reporting, and the reading of attributes with the report that belongs to them.
*/
#include "base/text.h"
#include "protocol/study/odm_reader.h"
#include "protocol/study/odm_says.h"

static const struct odm_rule *find_rule(const char *id)
{
    size_t count = 0;
    const struct odm_rule *rules = odm_rules(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rules[i].id, id) == 0) {
            return &rules[i];
        }
    }
    die(WHERE, id);
}

const char *odm_path(struct reader *reader, const struct xml_node *node)
{
    const struct xml_node *chain[ODM_DEPTH_MAX];
    CLEANUP(bytes_done) struct bytes path = {0};
    size_t depth = 0;
    for (; node != NULL && node->parent != NULL && depth < ARRAY_LEN(chain);
         node = node->parent) {
        chain[depth++] = node;
    }
    while (depth > 0) {
        node = chain[--depth];
        const char *name = xml_get(node, "OID");
        static const char *const KEYS[] = {"ItemOID",       "ItemGroupOID", "FormOID",
                                           "StudyEventOID", "CodedValue",   "Name"};
        for (size_t i = 0; name == NULL && i < ARRAY_LEN(KEYS); i++) {
            name = xml_get(node, KEYS[i]);
        }
        bytes_add_text(&path, path.size > 0 ? "/" : "");
        bytes_add_text(&path, node->name);
        if (name != NULL) {
            bytes_printf(&path, "[%.120s]", name);
        }
    }
    return arena_text(reader->arena, bytes_text(&path));
}

/* The place of the next problem in the list; NULL when it is full. A reason to refuse takes the
 * place of what is none: nobody could mend the file by a list of notes. */
static struct odm_problem *place_of(struct reader *reader, enum severity severity)
{
    struct odm_problems *problems = reader->problems;
    if (problems->count < ODM_PROBLEMS_MAX) {
        return ARENA_PUSH(reader->arena, problems->items, problems->count,
                          problems->capacity);
    }
    problems->left_out++;
    size_t *replaced = &reader->replaced_problems;
    struct odm_problem *last = problems->items + ODM_PROBLEMS_MAX - 1;
    while (*replaced < ODM_PROBLEMS_MAX &&
           (last - *replaced)->severity == SEVERITY_REFUSE) {
        ++*replaced;
    }
    bool replaces = severity == SEVERITY_REFUSE && *replaced < ODM_PROBLEMS_MAX;
    return replaces ? last - (*replaced)++ : NULL;
}

/* Count a problem; NULL when it is not listed any more. */
static struct odm_problem *problem_of(struct reader *reader, int line, const char *rule)
{
    const struct odm_rule *found = find_rule(rule);
    struct odm_problems *problems = reader->problems;
    problems->refusing += found->severity == SEVERITY_REFUSE;
    problems->deviations += found->severity == SEVERITY_DEVIATION;
    struct odm_problem *problem = place_of(reader, found->severity);
    if (problem == NULL) {
        return NULL;
    }
    *problem =
        (struct odm_problem){.severity = found->severity,
                             .line = line,
                             .rule = found->id,
                             .help = odm_rule_advice(found->id, reader->options->language),
                             .vendor = found->vendor};
    return problem;
}

static PRINTF(2, 0) const
    char *print(struct reader *reader, const char *format, va_list args)
{
    CLEANUP(bytes_done) struct bytes message = {0};
    bytes_vprintf(&message, odm_says(reader->options->language, format), args);
    return arena_text(reader->arena, bytes_text(&message));
}

void odm_report(struct reader *reader, const struct xml_node *node, const char *rule,
                const char *format, ...)
{
    struct odm_problem *problem = problem_of(reader, node != NULL ? node->line : 0, rule);
    if (problem != NULL) {
        va_list args;
        va_start(args, format);
        problem->message = print(reader, format, args);
        va_end(args);
        problem->path = odm_path(reader, node);
    }
}

void odm_report_at(struct reader *reader, int line, const char *path, const char *rule,
                   const char *format, ...)
{
    struct odm_problem *problem = problem_of(reader, line, rule);
    if (problem != NULL) {
        va_list args;
        va_start(args, format);
        problem->message = print(reader, format, args);
        va_end(args);
        problem->path = path;
    }
}

const char *odm_text(struct reader *reader, const struct xml_node *node, const char *name)
{
    const char *value = xml_get(node, name);
    return value != NULL ? arena_text(reader->arena, value) : "";
}

const char *odm_required(struct reader *reader, const struct xml_node *node,
                         const char *name)
{
    const char *value = xml_get(node, name);
    if (value == NULL || value[0] == '\0') {
        odm_report(reader, node, "ODM-07", "%s needs the attribute %s", node->name, name);
    }
    return odm_text(reader, node, name);
}

const char *odm_name(struct reader *reader, const struct xml_node *node, const char *oid)
{
    const char *name = odm_text(reader, node, "Name");
    if (name[0] == '\0') {
        odm_report(reader, node, "DEV-02", "%s without a Name: its OID is used",
                   node->name);
        return oid;
    }
    return name;
}

const char *odm_oid(struct reader *reader, const struct xml_node *node, const char *name)
{
    const char *oid = odm_required(reader, node, name);
    bool good = strlen(oid) <= ODM_OID_MAX;
    for (const char *c = oid; *c != '\0'; c++) {
        good = good && (unsigned char) *c >= ' ' && *c != 0x7f;
    }
    if (!good) {
        odm_report(reader, node, "ODM-09",
                   "%s is longer than %d bytes or has control "
                   "characters",
                   name, ODM_OID_MAX);
    }
    return oid;
}

int odm_choice(struct reader *reader, const struct xml_node *node, const char *name,
               const char *value, const char *const *names)
{
    CLEANUP(bytes_done) struct bytes list = {0};
    if (value == NULL) {
        return -1;
    }
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(value, names[i]) == 0) {
            return i;
        }
        bytes_printf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    odm_report(reader, node, "ODM-08", "%s is \"%.40s\"; allowed: %s", name, value,
               bytes_text(&list));
    return -1;
}

static const char *const YES_NO[] = {"No", "Yes", NULL};

bool odm_yes_no(struct reader *reader, const struct xml_node *node, const char *name,
                bool required)
{
    const char *value = required ? odm_required(reader, node, name) : xml_get(node, name);
    if (value == NULL || value[0] == '\0') {
        return false;
    }
    return odm_choice(reader, node, name, value, YES_NO) == 1;
}

int odm_number(struct reader *reader, const struct xml_node *node, const char *name,
               int least, int otherwise)
{
    const char *value = xml_get(node, name);
    uint64_t number = 0;
    if (value == NULL) {
        return otherwise;
    }
    if (!text_to_u64(span_text(value), 999999999, &number) || (int) number < least) {
        odm_report(reader, node, "ODM-08", "%s must be a whole number of at least %d", name,
                   least);
        return otherwise;
    }
    return (int) number;
}

const char *odm_crfd(struct reader *reader, const struct xml_node *node, const char *name)
{
    const char *value = xml_get_crfd(node, name);
    return value != NULL ? arena_text(reader->arena, value) : "";
}

bool odm_crfd_yes_no(struct reader *reader, const struct xml_node *node, const char *name)
{
    return odm_choice(reader, node, name, xml_get_crfd(node, name), YES_NO) == 1;
}

struct texts odm_texts(struct reader *reader, const struct xml_node *parent)
{
    struct text *items = NULL;
    size_t count = 0, capacity = 0;
    if (parent == NULL) {
        return (struct texts){0};
    }
    for (const struct xml_node *child = xml_child(parent, "TranslatedText"); child != NULL;
         child = xml_next(child, "TranslatedText")) {
        struct text *text = ARENA_PUSH(reader->arena, items, count, capacity);
        text->language =
            child->language != NULL ? arena_text(reader->arena, child->language) : "";
        text->text = arena_text(reader->arena, child->text);
    }
    return (struct texts){items, count};
}

struct texts odm_child_texts(struct reader *reader, const struct xml_node *node,
                             const char *child)
{
    return odm_texts(reader, xml_child(node, child));
}

struct aliases odm_aliases(struct reader *reader, const struct xml_node *node)
{
    struct alias *items = NULL;
    size_t count = 0, capacity = 0;
    for (const struct xml_node *child = xml_child(node, "Alias"); child != NULL;
         child = xml_next(child, "Alias")) {
        const char *context = odm_required(reader, child, "Context");
        const char *name = odm_required(reader, child, "Name");
        *ARENA_PUSH(reader->arena, items, count, capacity) = (struct alias){context, name};
    }
    return (struct aliases){items, count};
}

struct evidence odm_evidence(struct reader *reader, const struct xml_node *node)
{
    static const char *const LABELS[] = {"P", "P?", "T", "S", "S?", NULL};
    const char *label = odm_crfd(reader, node, "Evidence");
    if (label[0] != '\0') {
        (void) odm_choice(reader, node, "crfd:Evidence", label, LABELS);
    }
    return (struct evidence){label, odm_crfd(reader, node, "Source")};
}

const char *const *odm_words(struct reader *reader, const char *text, size_t *ret_count)
{
    const char **words = NULL;
    size_t capacity = 0;
    *ret_count = 0;
    while (*(text += strspn(text, " \t\r\n")) != '\0') {
        size_t size = strcspn(text, " \t\r\n");
        const char *word = arena_span_text(reader->arena, span_of(text, size));
        *ARENA_PUSH(reader->arena, words, *ret_count, capacity) = word;
        text += size;
    }
    return words;
}

/* ---- definitions ---- */

static const char *oid_of(const void *def)
{
    return *(const char *const *) def;
}

void definitions_add(struct reader *reader, struct definitions *list, void *def,
                     const struct xml_node *node)
{
    *ARENA_PUSH(reader->scratch, list->items, list->count, list->capacity) =
        (struct definition){def, node};
}

static int by_oid(const void *left, const void *right)
{
    const struct definition *a = left, *b = right;
    int order = strcmp(oid_of(a->def), oid_of(b->def));
    return order != 0 ? order
                      : (a->node->line > b->node->line) - (a->node->line < b->node->line);
}

const void **definitions_sort(struct reader *reader, struct definitions *list)
{
    const void **table = ARENA_ARRAY(reader->arena, list->count, const void *);
    if (list->count > 0) {
        qsort(list->items, list->count, sizeof(list->items[0]), by_oid);
    }
    for (size_t i = 0; i < list->count; i++) {
        table[i] = list->items[i].def;
        const char *oid = oid_of(list->items[i].def);
        if (i > 0 && oid[0] != '\0' && strcmp(oid_of(list->items[i - 1].def), oid) == 0) {
            odm_report(reader, list->items[i].node, "ODM-10",
                       "the OID %.120s is already defined in line %d", oid,
                       list->items[i - 1].node->line);
        }
    }
    return table;
}

void *definitions_get(const struct definitions *list, const char *oid)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(oid, oid_of(list->items[middle].def));
        if (order == 0) {
            return list->items[middle].def;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

/* ---- the order of references ---- */

struct ordered {
    const struct xml_node *node;
    int number;
    size_t position;
};

static int by_number(const void *left, const void *right)
{
    const struct ordered *a = left, *b = right;
    if (a->number != b->number) {
        return a->number < b->number ? -1 : 1;
    }
    return (a->position > b->position) - (a->position < b->position);
}

const struct xml_node **odm_ordered(struct reader *reader, const struct xml_node *node,
                                    const char *child, size_t *ret_count)
{
    struct ordered *list = NULL;
    size_t count = 0, capacity = 0;
    bool all = true;
    for (const struct xml_node *c = xml_child(node, child); c != NULL;
         c = xml_next(c, child)) {
        int number = odm_number(reader, c, "OrderNumber", 0, -1);
        all = all && number >= 0;
        *ARENA_PUSH(reader->scratch, list, count, capacity) =
            (struct ordered){c, number, 0};
    }
    for (size_t i = 0; i < count; i++) {
        list[i].position = i;
    }
    if (all && count > 0) {
        qsort(list, count, sizeof(list[0]), by_number);
    }
    const struct xml_node **nodes =
        ARENA_ARRAY(reader->scratch, count, const struct xml_node *);
    for (size_t i = 0; i < count; i++) {
        nodes[i] = list[i].node;
    }
    *ret_count = count;
    return nodes;
}
