/* SPDX-License-Identifier: Apache-2.0 */
/*
** What expressions cost: a definition of 3,000 items and 1,000 conditions is read, and one form
** of 40 items with 20 conditions on other forms is checked in a casebook of 3,600 values.
** Beside it stand what the same machine needs to copy the definition's and the casebook's
** bytes, and to look 20 values up in the casebook by their keys. By hand; no argument.
*/
#include "protocol/study/check.h"
#include "protocol/study/odm.h"
#include "tests/bench/bench.h"

#define FORMS      75
#define ITEMS      40
#define VISITS     16 /* at the last one the first form only */
#define CONDITIONS 1000
#define ON_FORM    20 /* conditions on the form that is checked */
#define ROUNDS     3000

/* ---- the definition ---- */

static void add_condition(struct bytes *xml, int i)
{
    int form = 1 + i * 7 % (FORMS - 1), item = 1 + i * 11 % (ITEMS - 4);
    bytes_printf(xml,
                 "<ConditionDef OID=\"CD.%d\" Name=\"c%d\"><Description><TranslatedText>c"
                 "</TranslatedText></Description><FormalExpression Context=\"XPath\">",
                 i, i);
    if (i % 4 == 0) {
        bytes_printf(xml, "//ItemData[@ItemOID='IT.%d.%d']/@Value = 900", form, item);
    } else if (i % 4 == 1) {
        bytes_printf(xml,
                     "SubjectData/StudyEventData[@StudyEventOID='SE.%d']/FormData[@FormOID="
                     "'F.%d']/ItemGroupData[@ItemGroupOID='IG.%d']/ItemData[@ItemOID='IT.%d"
                     ".%d']/@Value &gt; 900 and not(../ItemData[@ItemOID='IT.0.39']/@Value "
                     "= 7)",
                     form / 5, form, form, form, item);
    } else if (i % 4 == 2) {
        bytes_printf(
            xml,
            "//ItemData[@ItemOID='IT.%d.%d']/@Value + //ItemData[@ItemOID='IT.%d.%d"
            "']/@Value * 2 &gt; 5000 or count(//FormData[@FormOID='F.%d']) &gt; 3",
            form, item, form, item + 3, form);
    } else {
        bytes_printf(xml,
                     "crfd:days(//ItemData[@ItemOID='IT.%d.0']/@Value, //ItemData[@ItemOID="
                     "'IT.%d.0']/@Value) &gt; 400",
                     form, 1 + (form + 5) % (FORMS - 1));
    }
    bytes_add_text(xml, "</FormalExpression></ConditionDef>");
}

static void add_group(struct bytes *xml, int form, int *condition)
{
    bytes_printf(xml, "<ItemGroupDef OID=\"IG.%d\" Name=\"g%d\" Repeating=\"No\">", form,
                 form);
    for (int i = 0; i < ITEMS; i++) {
        bool governed = form == 0 ? i < ON_FORM : i % 3 == 1 && *condition < CONDITIONS;
        bytes_printf(xml, "<ItemRef ItemOID=\"IT.%d.%d\" Mandatory=\"Yes\"", form, i);
        if (governed) {
            bytes_printf(xml, " CollectionExceptionConditionOID=\"CD.%d\"", (*condition)++);
        }
        bytes_add_text(xml, "/>");
    }
    bytes_add_text(xml, "</ItemGroupDef>");
}

static void add_visits(struct bytes *xml)
{
    bytes_add_text(xml, "<Protocol>");
    for (int v = 0; v < VISITS; v++) {
        bytes_printf(xml, "<StudyEventRef StudyEventOID=\"SE.%d\" Mandatory=\"Yes\"/>", v);
    }
    bytes_add_text(xml, "</Protocol>");
    for (int v = 0; v < VISITS; v++) {
        bytes_printf(xml,
                     "<StudyEventDef OID=\"SE.%d\" Name=\"v%d\" Repeating=\"No\" "
                     "Type=\"Scheduled\"><FormRef FormOID=\"F.0\" Mandatory=\"Yes\"/>",
                     v, v);
        for (int f = v * 5; f < v * 5 + 5 && f < FORMS; f++) {
            if (f > 0) {
                bytes_printf(xml, "<FormRef FormOID=\"F.%d\" Mandatory=\"Yes\"/>", f);
            }
        }
        bytes_add_text(xml, "</StudyEventDef>");
    }
}

static void write_definition(struct bytes *xml)
{
    int condition = 0;
    bytes_add_text(xml,
                   "<?xml version=\"1.0\"?><ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" "
                   "ODMVersion=\"1.3.2\" FileType=\"Snapshot\" FileOID=\"F\" "
                   "CreationDateTime=\"2026-11-21T10:00:00Z\"><Study OID=\"ST\">"
                   "<GlobalVariables><StudyName>s</StudyName><StudyDescription>s"
                   "</StudyDescription><ProtocolName>p</ProtocolName></GlobalVariables>"
                   "<MetaDataVersion OID=\"MDV\" Name=\"m\">");
    add_visits(xml);
    for (int f = 0; f < FORMS; f++) {
        bytes_printf(xml,
                     "<FormDef OID=\"F.%d\" Name=\"f%d\" Repeating=\"No\"><ItemGroupRef "
                     "ItemGroupOID=\"IG.%d\" Mandatory=\"Yes\"/></FormDef>",
                     f, f, f);
    }
    for (int f = 0; f < FORMS; f++) {
        add_group(xml, f, &condition);
    }
    for (int f = 0; f < FORMS; f++) {
        for (int i = 0; i < ITEMS; i++) {
            bytes_printf(xml, "<ItemDef OID=\"IT.%d.%d\" Name=\"i%d\" DataType=\"%s\"/>", f,
                         i, i, i == 0 ? "partialDate" : "integer");
        }
    }
    for (int i = 0; i < CONDITIONS; i++) {
        add_condition(xml, i);
    }
    bytes_add_text(xml, "</MetaDataVersion></Study></ODM>");
}

/* ---- the casebook ---- */

static const struct form_data *make_form(int visit, int form, struct arena *arena)
{
    struct form_data *data = ARENA_NEW(arena, struct form_data);
    struct group_data *group = ARENA_NEW(arena, struct group_data);
    struct item_data *items = ARENA_ARRAY(arena, ITEMS, struct item_data);
    for (int i = 0; i < ITEMS; i++) {
        items[i].oid = arena_printf(arena, "IT.%d.%d", form, i);
        items[i].value = i == 0 ? arena_printf(arena, "2026-%02d-11", 1 + visit % 12)
                                : arena_printf(arena, "%d", (visit * 31 + i * 7) % 800);
    }
    *group = (struct group_data){arena_printf(arena, "IG.%d", form), NULL, items, ITEMS};
    data->key = (struct form_key){"S-1", arena_printf(arena, "SE.%d", visit), NULL,
                                  arena_printf(arena, "F.%d", form), NULL};
    data->state = FORM_COMPLETE;
    data->groups = group;
    data->count = 1;
    return data;
}

static struct casebook make_book(struct arena *arena)
{
    const struct form_data **forms =
        ARENA_ARRAY(arena, VISITS * 6, const struct form_data *);
    size_t count = 0;
    for (int v = 0; v < VISITS; v++) {
        forms[count++] = make_form(v, 0, arena);
        for (int f = v * 5; f < v * 5 + 5 && f < FORMS; f++) {
            if (f > 0) {
                forms[count++] = make_form(v, f, arena);
            }
        }
    }
    return casebook_make("S-1", forms, count, arena);
}

/* ---- measuring ---- */

static const struct metadata_version *load(struct span xml, struct arena *arena)
{
    const struct study *study = NULL;
    struct odm_problems problems = {0};
    struct err err = {0};
    if (odm_read(xml, arena, &study, &problems, &err) != OK) {
        die(WHERE, err.what);
    }
    return study->versions[0];
}

static double best_of(double least, double seconds)
{
    return least == 0 || seconds < least ? seconds : least;
}

static size_t findings_seen; /* so that no work is optimised away */

static double check_seconds(const struct metadata_version *version,
                            const struct casebook *book, const struct form_data *form)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct check_context context = {.signed_at = (instant) 1795252447 * 1000000};
    double least = 0;
    for (int batch = 0; batch < 10; batch++) {
        double start = bench_now();
        for (int i = 0; i < ROUNDS / 10; i++) {
            struct findings findings = {.arena = arena, .language = "en"};
            check_form(version, book, form, &context, &findings, NULL);
            findings_seen += findings.count;
            arena_reset(arena);
        }
        least = best_of(least, (bench_now() - start) / (ROUNDS / 10));
    }
    return least;
}

static double lookup_seconds(const struct casebook *book, struct arena *arena)
{
    const struct form_data *forms[ON_FORM];
    for (size_t i = 0; i < ON_FORM; i++) {
        forms[i] = book->forms[i * 4];
    }
    double least = 0;
    (void) arena;
    for (int batch = 0; batch < 10; batch++) {
        double start = bench_now();
        for (int i = 0; i < ROUNDS / 10; i++) {
            for (size_t j = 0; j < ON_FORM; j++) {
                const struct item_key key = {
                    forms[j]->groups[0].oid, NULL,
                    forms[j]->groups[0].items[(j * 11) % ITEMS].oid};
                findings_seen += casebook_item(book, &forms[j]->key, &key) == NULL;
            }
        }
        least = best_of(least, (bench_now() - start) / (ROUNDS / 10));
    }
    return least;
}

static double copy_seconds(size_t size)
{
    CLEANUP(bytes_done) struct bytes from = {0}, to = {0};
    double least = 0;
    bytes_reserve(&from, size);
    bytes_reserve(&to, size);
    memset(from.data, 'x', size);
    for (int i = 0; i < 50; i++) {
        double start = bench_now();
        memcpy(to.data, from.data, size);
        least = best_of(least, bench_now() - start);
        findings_seen += to.data[(size_t) i % size] == 'y';
    }
    return least;
}

int main(void)
{
    CLEANUP(bytes_done) struct bytes xml = {0};
    CLEANUP(arena_freep) struct arena *data = arena_new();
    const struct metadata_version *version = NULL;
    struct arena *arena = NULL;
    double load_least = 0;
    write_definition(&xml);
    for (int i = 0; i < 5; i++) {
        arena_free(arena);
        arena = arena_new();
        double start = bench_now();
        version = load(span_bytes(&xml), arena);
        load_least = best_of(load_least, bench_now() - start);
    }
    struct casebook book = make_book(data);
    struct form_key key = {"S-1", "SE.7", NULL, "F.0", NULL};
    const struct form_data *form = casebook_form(&book, &key);
    double check = check_seconds(version, &book, form);
    double lookup = lookup_seconds(&book, data), copy = copy_seconds(arena_used(data));
    double copy_xml = copy_seconds(xml.size);
    printf("| what | time | memory | beside it, in the same run |\n|--|--:|--:|--|\n");
    printf(
        "| load %zu items, %zu conditions (%zu kB of XML) | %.1f ms | %zu kB | copying the "
        "XML: %.3f ms |\n",
        version->item_def_count, version->condition_def_count, xml.size / 1024,
        load_least * 1e3, arena_used(arena) / 1024, copy_xml * 1e3);
    printf("| check a form of %d items, %d conditions on other forms, %zu forms and %zu "
           "values "
           "in the casebook | %.1f us | %zu kB | copying the casebook: %.1f us; 20 "
           "look-ups by "
           "key: %.1f us |\n",
           ITEMS, ON_FORM, book.count, book.count * ITEMS, check * 1e6,
           arena_used(data) / 1024, copy * 1e6, lookup * 1e6);
    arena_free(arena);
    return findings_seen == 1;
}
