/* SPDX-License-Identifier: Apache-2.0 */
/*
** The structural pass: which elements and attributes ODM 1.3.2 has, in which order and how
** often. Attributes that the reader reads it also demands, so here stand only their names.
** ODM 1.3 and 1.3.1 have nothing that 1.3.2 lacks but two spellings of ID. Source:
** ODM1-3-2-foundation.xsd.
*/
#include <stdlib.h>

#include "protocol/study/odm_reader.h"
#include "protocol/study/odm_says.h"

/* `attributes`: names; "=A|B" gives the values allowed. `children`: in order; alternatives
 * with '|'; then nothing (one), '?', '*' or '+'. */
struct shape {
    const char *name, *attributes, *children;
};

#define TEXTS "TranslatedText+"

/* sorted by name */
static const struct shape SHAPES[] = {
    {"Address", "", "StreetName* City? StateProv? Country? PostalCode? OtherText?"},
    {"AdminData", "StudyOID", "User* Location* SignatureDef*"},
    {"Alias", "Context Name", ""},
    {"ArchiveLayout", "OID PdfFileName PresentationOID", ""},
    {"BasicDefinitions", "", "MeasurementUnit*"},
    {"Certificate", "", ""},
    {"CheckValue", "", ""},
    {"City", "", ""},
    {"CodeList", "OID Name DataType SASFormatName",
     "Description? CodeListItem|ExternalCodeList|EnumeratedItem* Alias*"},
    {"CodeListItem", "CodedValue Rank OrderNumber", "Decode Alias*"},
    {"CodeListRef", "CodeListOID", ""},
    {"ConditionDef", "OID Name", "Description FormalExpression* Alias*"},
    {"Country", "", ""},
    {"Decode", "", TEXTS},
    {"Description", "", TEXTS},
    {"DisplayName", "", ""},
    {"Email", "", ""},
    {"EnumeratedItem", "CodedValue Rank OrderNumber", "Alias*"},
    {"ErrorMessage", "", TEXTS},
    {"ExternalCodeList", "Dictionary Version href ref", ""},
    {"ExternalQuestion", "Dictionary Version Code", ""},
    {"Fax", "", ""},
    {"FirstName", "", ""},
    {"FormDef", "OID Name Repeating", "Description? ItemGroupRef* ArchiveLayout* Alias*"},
    {"FormRef", "FormOID OrderNumber Mandatory CollectionExceptionConditionOID", ""},
    {"FormalExpression", "Context", ""},
    {"FullName", "", ""},
    {"GlobalVariables", "", "StudyName StudyDescription ProtocolName"},
    {"ImputationMethod", "OID", ""},
    {"Include", "StudyOID MetaDataVersionOID", ""},
    {"ItemDef",
     "OID Name DataType Length SignificantDigits SASFieldName SDSVarName Origin Comment",
     "Description? Question? ExternalQuestion? MeasurementUnitRef* RangeCheck* "
     "CodeListRef? Role* Alias*"},
    {"ItemGroupDef",
     "OID Name Repeating IsReferenceData=Yes|No SASDatasetName Domain Origin Role Purpose "
     "Comment",
     "Description? ItemRef* Alias*"},
    {"ItemGroupRef", "ItemGroupOID OrderNumber Mandatory CollectionExceptionConditionOID",
     ""},
    {"ItemRef",
     "ItemOID KeySequence MethodOID ImputationMethodOID Role RoleCodeListOID OrderNumber "
     "Mandatory CollectionExceptionConditionOID",
     ""},
    {"LastName", "", ""},
    {"LegalReason", "", ""},
    {"Location", "OID Name LocationType=Sponsor|Site|CRO|Lab|Other", "MetaDataVersionRef+"},
    {"LocationRef", "LocationOID", ""},
    {"LoginName", "", ""},
    {"Meaning", "", ""},
    {"MeasurementUnit", "OID Name", "Symbol Alias*"},
    {"MeasurementUnitRef", "MeasurementUnitOID", ""},
    {"MetaDataVersion", "OID Name Description",
     "Include? Protocol? StudyEventDef* FormDef* ItemGroupDef* ItemDef* CodeList* "
     "ImputationMethod* Presentation* ConditionDef* MethodDef*"},
    {"MetaDataVersionRef", "StudyOID MetaDataVersionOID EffectiveDate", ""},
    {"MethodDef", "OID Name Type", "Description FormalExpression* Alias*"},
    {"ODM",
     "Description FileType=Snapshot|Transactional "
     "Granularity=All|Metadata|AdminData|ReferenceData|AllClinicalData|SingleSite|"
     "SingleSubject "
     "Archival=Yes FileOID CreationDateTime PriorFileOID AsOfDateTime ODMVersion "
     "Originator SourceSystem SourceSystemVersion ID Id",
     "Study* AdminData* ReferenceData* ClinicalData* Association*"},
    {"Organization", "", ""},
    {"OtherText", "", ""},
    {"Pager", "", ""},
    {"Phone", "", ""},
    {"Picture", "PictureFileName ImageType", ""},
    {"PostalCode", "", ""},
    {"Presentation", "OID", ""},
    {"Protocol", "", "Description? StudyEventRef* Alias*"},
    {"ProtocolName", "", ""},
    {"Question", "", TEXTS},
    {"RangeCheck", "Comparator SoftHard",
     "CheckValue|FormalExpression* MeasurementUnitRef? ErrorMessage?"},
    {"Role", "", ""},
    {"SignatureDef", "OID Methodology=Digital|Electronic", "Meaning LegalReason"},
    {"StateProv", "", ""},
    {"StreetName", "", ""},
    {"Study", "OID", "GlobalVariables BasicDefinitions? MetaDataVersion*"},
    {"StudyDescription", "", ""},
    {"StudyEventDef", "OID Name Repeating Type Category", "Description? FormRef* Alias*"},
    {"StudyEventRef", "StudyEventOID OrderNumber Mandatory CollectionExceptionConditionOID",
     ""},
    {"StudyName", "", ""},
    {"Symbol", "", TEXTS},
    {"TranslatedText", "", ""},
    {"User", "OID UserType=Sponsor|Investigator|Lab|Other",
     "LoginName? DisplayName? FullName? FirstName? LastName? Organization? Address* Email* "
     "Picture? Pager? Fax* Phone* LocationRef* Certificate*"},
};

static int by_name(const void *name, const void *shape)
{
    return strcmp(name, ((const struct shape *) shape)->name);
}

static const struct shape *shape_of(const char *name)
{
    return bsearch(name, SHAPES, ARRAY_LEN(SHAPES), sizeof(SHAPES[0]), by_name);
}

/* ---- attributes ---- */

/* NAME among the space-separated NAMES; *ret_values what follows its '=', or empty. */
static bool find_attribute(const char *names, const char *name, struct span *ret_values)
{
    size_t size = strlen(name);
    while (*names != '\0') {
        size_t word = strcspn(names, " ");
        if (word >= size && strncmp(names, name, size) == 0 &&
            (word == size || names[size] == '=')) {
            *ret_values =
                word > size ? span_of(names + size + 1, word - size - 1) : SPAN_LITERAL("");
            return true;
        }
        names += word + strspn(names + word, " ");
    }
    return false;
}

static bool value_allowed(struct span values, const char *value)
{
    struct span one;
    bool more = true;
    while (more) {
        more = span_cut(&values, '|', &one);
        if (span_is(more ? one : values, value)) {
            return true;
        }
    }
    return false;
}

static void check_attributes(struct reader *reader, const struct xml_node *node,
                             const struct shape *shape)
{
    for (size_t i = 0; i < node->attribute_count; i++) {
        const struct xml_attribute *attribute = &node->attributes[i];
        struct span values;
        if (attribute->space != XML_ODM) {
            continue;
        }
        if (!find_attribute(shape->attributes, attribute->name, &values)) {
            odm_report(reader, node, "DEV-07", "%s has no attribute %.60s in ODM 1.3.2",
                       node->name, attribute->name);
        } else if (values.size > 0 && !value_allowed(values, attribute->value)) {
            odm_report(reader, node, "ODM-08", "%s is \"%.40s\"; allowed: %.*s",
                       attribute->name, attribute->value, (int) values.size,
                       (const char *) values.data);
        }
    }
}

/* ---- children ---- */

#define SLOTS_MAX 16

struct slot {
    struct span names; /* "A|B" */
    char often;        /* '1' '?' '*' '+' */
    size_t count;
};

static size_t read_slots(const char *children, struct slot slots[SLOTS_MAX])
{
    size_t count = 0;
    while (*children != '\0') {
        size_t word = strcspn(children, " "), size = word;
        char last = children[word - 1];
        bool marked = last == '?' || last == '*' || last == '+';
        size -= marked;
        BUG_IF(count == SLOTS_MAX);
        slots[count++] = (struct slot){span_of(children, size), marked ? last : '1', 0};
        children += word + strspn(children + word, " ");
    }
    return count;
}

/* The children as a person reads them: "Description?, ItemRef*" becomes names only. */
static const char *slot_names(struct reader *reader, const struct slot *slots, size_t count)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    for (size_t i = 0; i < count; i++) {
        bytes_add_text(&text, i > 0 ? ", " : "");
        bytes_add_span(&text, slots[i].names);
    }
    return count > 0 ? arena_text(reader->scratch, bytes_text(&text))
                     : odm_word(reader->options->language, "no elements");
}

static void check_children(struct reader *reader, const struct xml_node *node,
                           const struct shape *shape)
{
    struct slot slots[SLOTS_MAX];
    size_t count = read_slots(shape->children, slots), last = 0;
    bool told = false;
    for (const struct xml_node *c = node->first; c != NULL; c = c->next) {
        size_t i = 0;
        while (i < count && !value_allowed(slots[i].names, c->name)) {
            i++;
        }
        if (c->space != XML_ODM) {
            continue;
        }
        if (i == count) {
            odm_report(reader, c, "ODM-33", "%.60s is no element of %s; that has %s",
                       c->name, node->name, slot_names(reader, slots, count));
            continue;
        }
        if (i < last && !told) {
            told = true;
            odm_report(reader, c, "DEV-06", "%s stands too late in %s; the order is %s",
                       c->name, node->name, slot_names(reader, slots, count));
        }
        last = i > last ? i : last;
        if (++slots[i].count == 2 && (slots[i].often == '1' || slots[i].often == '?')) {
            odm_report(reader, c, "ODM-35", "%s has more than one %s", node->name, c->name);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (slots[i].count == 0 && (slots[i].often == '1' || slots[i].often == '+')) {
            odm_report(reader, node, "DEV-05", "%s without %.*s", node->name,
                       (int) slots[i].names.size, (const char *) slots[i].names.data);
        }
    }
}

static void check_node(struct reader *reader, const struct xml_node *node)
{
    const struct shape *shape = node->space == XML_ODM ? shape_of(node->name) : NULL;
    if (shape != NULL) {
        check_attributes(reader, node, shape);
        check_children(reader, node, shape);
    }
}

/* ---- the header ---- */

static void check_header(struct reader *reader, const struct xml_node *root)
{
    static const char *const NEEDED[] = {"FileType", "FileOID", "CreationDateTime"};
    static const char *const TIMES[] = {"CreationDateTime", "AsOfDateTime"};
    struct value value;
    for (size_t i = 0; i < ARRAY_LEN(NEEDED); i++) {
        const char *text = xml_get(root, NEEDED[i]);
        if (text == NULL || text[0] == '\0') {
            odm_report(reader, root, "DEV-08", "ODM without %s", NEEDED[i]);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(TIMES); i++) {
        const char *text = xml_get(root, TIMES[i]);
        if (text != NULL && text[0] != '\0' &&
            !value_parse(TYPE_DATETIME, span_text(text), NULL, &value)) {
            odm_report(reader, root, "DEV-08", "%s is \"%.40s\", no date and time",
                       TIMES[i], text);
        }
    }
}

void odm_check_structure(struct reader *reader, const struct xml_node *root)
{
    const struct xml_node *node = root;
    check_header(reader, root);
    while (node != NULL) { /* depth first, without recursion */
        check_node(reader, node);
        if (node->first != NULL) {
            node = node->first;
            continue;
        }
        while (node != root && node->next == NULL) {
            node = node->parent;
        }
        node = node == root ? NULL : node->next;
    }
}
