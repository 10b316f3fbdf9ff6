/* SPDX-License-Identifier: Apache-2.0 */
/*
** The dataset of a whole MABS06 subject: ODM files that CDISC's schema accepts and that keep
** the archival rules, lists that say what happened, a casebook that a person can read.
*/
#include "tests/support/files.h"
#include "tests/support/odm_xsd.h"
#include "tests/support/rows.h"
#include "tests/unit/record/box.h"
#include "tests/unit/record/whole.h"

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

static struct packed packed;

static xmlDocPtr open_odm(const char *name)
{
    const struct file *file = box_find(packed.box, name);
    xmlDocPtr doc = xmlReadMemory((const char *) file->data.data, (int) file->data.size,
                                  name, NULL, XML_PARSE_NONET | XML_PARSE_BIG_LINES);
    assert_non_null(doc);
    return doc;
}

struct odm_row {
    const char *name, *file;
} odm_rows[] = {
    {"the snapshot is right by CDISC's schema of ODM 1.3.2", "data/odm.xml"},
    {"the archive is right by CDISC's schema of ODM 1.3.2", "data/odm-archive.xml"},
};

static void check_schema(void **state)
{
    const struct odm_row *row = *state;
    CLEANUP(mem_freep) char *path = odm_xsd_path(row->name);
    if (path == NULL) {
        return;
    }
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(path);
    assert_non_null(parser);
    xmlSchemaPtr schema = xmlSchemaParse(parser);
    assert_non_null(schema);
    xmlSchemaValidCtxtPtr valid = xmlSchemaNewValidCtxt(schema);
    xmlDocPtr doc = open_odm(row->file);
    int problems = xmlSchemaValidateDoc(valid, doc);
    xmlFreeDoc(doc);
    xmlSchemaFreeValidCtxt(valid);
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);
    assert_int_equal(problems, 0);
}

/* ---- the archival rules, which no schema can say ---- */

struct seen {
    struct arena *arena;
    const char **names; /* entities that are there */
    size_t count, capacity;
    size_t inserts, updates, removes, signatures, audits;
};

static const char *attribute(struct seen *seen, xmlNodePtr node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *) name);
    const char *copy = value != NULL ? arena_text(seen->arena, (const char *) value) : NULL;
    xmlFree(value);
    return copy;
}

static size_t place_of(const struct seen *seen, const char *name)
{
    size_t i = 0;
    while (i < seen->count && strcmp(seen->names[i], name) != 0) {
        i++;
    }
    return i;
}

/* Everything below a removed entity goes with it. */
static void forget(struct seen *seen, const char *name)
{
    size_t kept = 0;
    size_t length = strlen(name);
    for (size_t i = 0; i < seen->count; i++) {
        if (strncmp(seen->names[i], name, length) != 0) {
            seen->names[kept++] = seen->names[i];
        }
    }
    seen->count = kept;
}

static bool has_audit(xmlNodePtr node)
{
    for (; node != NULL && node->type == XML_ELEMENT_NODE; node = node->parent) {
        xmlNodePtr child = node->children;
        while (child != NULL && child->type != XML_ELEMENT_NODE) {
            child = child->next;
        }
        if (child != NULL && strcmp((const char *) child->name, "AuditRecord") == 0) {
            return true;
        }
    }
    return false;
}

static void judge(struct seen *seen, xmlNodePtr node, const char *path, const char *type)
{
    bool there = place_of(seen, path) < seen->count;
    if (type == NULL) {
        fail_msg("%s says no transaction type", path);
    } else if (strcmp(type, "Insert") == 0) {
        if (there) {
            fail_msg("%s is inserted twice", path);
        }
        *ARENA_PUSH(seen->arena, seen->names, seen->count, seen->capacity) = path;
        seen->inserts++;
    } else if (strcmp(type, "Update") == 0 || strcmp(type, "Context") == 0) {
        if (!there) {
            fail_msg("%s %s of what is not there", path, type);
        }
        seen->updates += strcmp(type, "Update") == 0;
    } else {
        assert_string_equal(type, "Remove");
        if (!there) {
            fail_msg("%s is removed and not there", path);
        }
        forget(seen, path);
        seen->removes++;
    }
    if (strcmp(type, "Context") != 0 && !has_audit(node)) {
        fail_msg("%s has no audit record", path);
    }
}

static const struct {
    const char *element, *oid, *repeat;
} LEVELS[] = {
    {"SubjectData", "SubjectKey", NULL},
    {"StudyEventData", "StudyEventOID", "StudyEventRepeatKey"},
    {"FormData", "FormOID", "FormRepeatKey"},
    {"ItemGroupData", "ItemGroupOID", "ItemGroupRepeatKey"},
    {"ItemData", "ItemOID", NULL},
};

static void walk(struct seen *seen, xmlNodePtr node, const char *path)
{
    for (; node != NULL; node = node->next) {
        const char *below = path;
        const char *name = (const char *) node->name;
        for (size_t i = 0; node->type == XML_ELEMENT_NODE && i < ARRAY_LEN(LEVELS); i++) {
            if (strcmp(name, LEVELS[i].element) == 0) {
                const char *repeat = LEVELS[i].repeat != NULL
                                         ? attribute(seen, node, LEVELS[i].repeat)
                                         : NULL;
                below = arena_printf(seen->arena, "%s/%s[%s]", path,
                                     attribute(seen, node, LEVELS[i].oid),
                                     repeat != NULL ? repeat : "");
                judge(seen, node, below, attribute(seen, node, "TransactionType"));
            }
        }
        seen->signatures += strcmp(name, "Signature") == 0;
        seen->audits += strcmp(name, "AuditRecord") == 0;
        walk(seen, node->children, below);
    }
}

static void the_archive_keeps_the_archival_rules(void **unused)
{
    (void) unused;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct seen seen = {.arena = arena};
    xmlDocPtr doc = open_odm("data/odm-archive.xml");
    assert_string_equal(attribute(&seen, xmlDocGetRootElement(doc), "Archival"), "Yes");
    assert_string_equal(attribute(&seen, xmlDocGetRootElement(doc), "FileType"),
                        "Transactional");
    walk(&seen, xmlDocGetRootElement(doc)->children, "");
    xmlFreeDoc(doc);
    assert_true(seen.inserts > 500);
    assert_int_equal(seen.updates, 2); /* the form and the item corrected */
    assert_int_equal(seen.removes, 1); /* the form retracted */
    assert_true(seen.signatures >= 2 * 60 && seen.audits >= 2 * 60);
    box_has(packed.box, "data/odm-archive.xml",
            "<ReasonForChange>the first entry was wrong");
    box_has(packed.box, "data/odm-archive.xml",
            "<UserRef UserOID=\"p-0002\"/><LocationRef "
            "LocationOID=\"NL01\"/>");
    box_lacks(packed.box, "data/odm-archive.xml", "Upsert");
}

static void the_lists_say_what_happened(void **unused)
{
    (void) unused;
    const struct box *box = packed.box;
    box_has(box, "lists/safety.csv", "SAE-0001,007-K,NL01,subject/007-K/SE.LOG/-/F.SAE/");
    box_has(box, "lists/queries.csv", ",opened,subject/007-K/SE.V4/-/F.INFUSION/-,");
    box_has(box, "lists/queries.csv", ",confirmed,subject/007-K/");
    box_has(box, "lists/deviations.csv", ",NL01,subject/007-K/SE.V4/-/F.INFUSION/-,");
    box_has(box, "lists/holds.csv", ",clock,sponsor,");
    box_has(box, "lists/people.csv", "p-0002,Name p-0002,confirmed,investigator,NL01,");
    box_has(box, "lists/lock.txt", "site/NL01, asked\n  by         Name p-0005 (p-0005, ");
    box_has(box, "lists/lock.txt", "site/NL01, locked\n");
    box_has(box, "lists/lock.txt", "site/NL01: locked (entry ");
    box_has(box, "lists/lock.txt", "NOT locked: this is an interim cut");
    box_has(box, "lists/lock.txt", "forms signed         62\n");
}

static void a_casebook_reads_in_the_language_of_its_site(void **unused)
{
    (void) unused;
    const struct box *box = packed.box;
    const char *page = "casebook/007-K.html";
    box_has(box, page, "<html lang=\"nl\">");
    box_has(box, page, "</li><li>R = ");
    box_has(box, page, "; reden: the first entry was wrong");
    box_has(box, page, "<p><small>ingetrokken; subject/007-K/SE.LOG/-/F.CM/");
    box_has(box, page, "<li>getekend: Name p-0002 (investigator), ");
    box_has(box, page, "SAE-0001</h3>");
    box_lacks(box, page, "<script");
    box_has(box, "forms/MDV.1.en.html", "<small>CDASH BRTHDAT</small>");
}

static void tables_hold_units_and_precision(void **unused)
{
    (void) unused;
    const struct box *box = packed.box;
    box_has(box, "data/F.DM.IG.DM.csv", "BRTHDAT,BRTHDAT_P,BRTHDAT_N,");
    box_has(box, "data/F.INFUSION.IG.INFUSION.csv", "_U,");
    box_has(box, "data/dictionary.csv", ",BRTHDAT,BRTHDTC\r\n");
    box_has(box, "data/read.R", "crf[[\"F.DM.IG.DM\"]] <- d");
    box_has(box, "data/read.sas", "infile 'F.DM.IG.DM.csv' dsd");
}

/* The right arm instead of the left one, with the reason WHY. */
static void correct_infusion(struct scene *scene, const char *why)
{
    CLEANUP(bytes_done) struct bytes form = read_file(WHOLE_FORMS "/26-V4-INFUSION.json");
    char *side = strstr((char *) form.data, "\"IT.INFSIDE\"");
    assert_non_null(side);
    strstr(side, "\"L\"")[1] = 'R';
    assert_true(scene_submit(scene, INVESTIGATOR, (char *) form.data, why)->accepted);
}

/* A form that an investigator takes back: the last medicine. */
static void retract_medicine(struct scene *scene)
{
    struct rows forms = state_forms(scene->state, SUBJECT, false, scene->arena);
    const char *object = NULL;
    for (size_t i = 0; i < forms.count; i++) {
        const char *name = forms.items[i]->values[FORM_OBJECT];
        object = strstr(name, "/F.CM/") != NULL ? arena_text(scene->arena, name) : object;
    }
    assert_non_null(object);
    play_retract(scene, INVESTIGATOR, object);
    assert_true(scene->decision.accepted);
}

static void prepare(void)
{
    struct err err = {0};
    struct scene *scene = whole_forms();
    correct_infusion(scene, "the first entry was wrong");
    retract_medicine(scene);
    whole_close(scene);
    packed = box_prepare(scene, WHOLE_XML);
    assert_status(box_pack(&packed, &err), OK, &err);
}

int main(void)
{
    prepare();
    add_rows(odm_rows, ARRAY_LEN(odm_rows), sizeof(odm_rows[0]), check_schema);
    add_test("the archive keeps the archival rules", the_archive_keeps_the_archival_rules);
    add_test("the lists say what happened", the_lists_say_what_happened);
    add_test("a casebook reads in the language of its site",
             a_casebook_reads_in_the_language_of_its_site);
    add_test("tables hold units and precision", tables_hold_units_and_precision);
    int failed = run_added("record_bundle_mabs06");
    box_done(&packed);
    xmlCleanupParser();
    return failed;
}
