/* SPDX-License-Identifier: Apache-2.0 */
/*
** Our own tree, built by SAX2, because libxml2's tree would be built before we could say no:
** every limit is checked in the event that would pass it, and then the parser is stopped.
** A stopped parser still calls itself well-formed, so what counts is our own flag.
**
** No XML_PARSE_NOENT (it is what enables external entities), no DTDLOAD, no HUGE. Entities need
** a DOCTYPE to exist, and a DOCTYPE is refused when its name is read, before its subset.
*/
#include "protocol/study/xml.h"

#include <pthread.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "protocol/study/odm.h"
#include "protocol/study/odm_says.h"

#define ODM_NAMESPACE  "http://www.cdisc.org/ns/odm/v1.3"
#define CRFD_NAMESPACE "urn:crfd:odm-ext:1"
#define XML_NAMESPACE  "http://www.w3.org/XML/1998/namespace"

#define ATTRIBUTES_MAX 100 /* of one element; and 4 for each allowed element of the file */
#define FAULTS_MAX     20  /* reported; the parser stops at fatal ones anyway */

struct builder {
    const struct xml_options *options;
    struct arena *arena;       /* where nodes go now: */
    struct arena *tree, *each; /* of the tree, or of the element handed over */
    size_t each_depth;         /* where that one began; 0: not inside one */
    struct xml_node *before[ODM_DEPTH_MAX + 1]; /* sibling before the node at each depth */
    xmlParserCtxtPtr parser;
    struct xml_node *root, *current;
    struct xml_node *last[ODM_DEPTH_MAX + 1]; /* last child at each depth */
    struct bytes text[ODM_DEPTH_MAX + 1];     /* character data so far at each depth */
    const char *root_namespace;
    size_t depth, skipping, elements, attributes, faults;
    bool bad;
};

static PRINTF(3, 4) void report(struct builder *builder, enum xml_fault fault,
                                const char *format, ...)
{
    CLEANUP(bytes_done) struct bytes message = {0};
    const struct xml_options *options = builder->options;
    int line = builder->parser->input != NULL ? builder->parser->input->line : 0;
    va_list args;
    builder->bad = true;
    if (builder->faults++ < FAULTS_MAX) {
        va_start(args, format);
        bytes_vprintf(&message, odm_says(options->language, format), args);
        va_end(args);
        options->report(options->arg, fault, line, bytes_text(&message));
    }
}

static void stop(struct builder *builder, enum xml_fault fault, const char *message)
{
    if (!builder->parser->disableSAX) {
        report(builder, fault, "%s", odm_word(builder->options->language, message));
        xmlStopParser(builder->parser);
    }
}

static enum xml_space space_of(const xmlChar *uri)
{
    if (uri != NULL && strcmp((const char *) uri, ODM_NAMESPACE) == 0) {
        return XML_ODM;
    }
    return uri != NULL && strcmp((const char *) uri, CRFD_NAMESPACE) == 0 ? XML_CRFD
                                                                          : XML_OTHER;
}

static bool is_skipped(const struct builder *builder, enum xml_space space,
                       const char *name)
{
    if (builder->depth == 0) {
        return false;
    }
    for (const char *const *skip = builder->options->skip; *skip != NULL; skip++) {
        if (space == XML_ODM && strcmp(*skip, name) == 0) {
            return true;
        }
    }
    return space == XML_OTHER;
}

/* Where the element stands in `each`; -1 when it does not. */
static int each_index(const struct builder *builder, enum xml_space space, const char *name)
{
    const char *const *each = builder->options->each;
    for (int i = 0; each != NULL && each[i] != NULL && space == XML_ODM; i++) {
        if (strcmp(each[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

/* libxml2 hands '&' of an attribute over as "&#38;" unless it may replace entities, which it
 * may not; nothing else can begin with '&' here. */
static const char *attribute_text(struct arena *arena, const xmlChar *from,
                                  const xmlChar *end)
{
    size_t size = (size_t) (end - from), out = 0;
    char *text = arena_span_text(arena, span_of(from, size));
    for (size_t i = 0; i < size; i++) {
        text[out++] = text[i];
        if (text[i] == '&' && strncmp(text + i, "&#38;", 5) == 0) {
            i += 4;
        }
    }
    text[out] = '\0';
    return text;
}

/* A namespace of W3C says nothing about a study. */
static void tell_foreign(const struct builder *builder, const xmlChar *uri,
                         const char *name)
{
    const char *text = uri != NULL ? (const char *) uri : "";
    if (builder->options->foreign != NULL && space_of(uri) == XML_OTHER &&
        strncmp(text, "http://www.w3.org/", 18) != 0) {
        builder->options->foreign(builder->options->arg, text, name,
                                  builder->parser->input->line);
    }
}

/* ATTRIBUTES as SAX2 gives them: five pointers each: name, prefix, URI, begin, end. */
static void add_attributes(struct builder *builder, struct xml_node *node, int count,
                           const xmlChar **attributes)
{
    struct xml_attribute *list =
        ARENA_ARRAY(builder->arena, (size_t) count, struct xml_attribute);
    node->attributes = list;
    for (int i = 0; i < count; i++) {
        const xmlChar **a = attributes + (ptrdiff_t) i * 5;
        if (a[4] - a[3] > ODM_TEXT_MAX) {
            stop(builder, XML_LIMIT, "an attribute is longer than 65536 bytes");
            return;
        }
        const char *name = (const char *) a[0];
        const char *value = attribute_text(builder->arena, a[3], a[4]);
        if (a[2] != NULL && strcmp((const char *) a[2], XML_NAMESPACE) == 0 &&
            strcmp(name, "lang") == 0) {
            node->language = value;
        } else if (a[2] == NULL || space_of(a[2]) == XML_CRFD) {
            list[node->attribute_count++] = (struct xml_attribute){
                a[2] == NULL ? XML_ODM : XML_CRFD, arena_text(builder->arena, name), value};
        } else {
            tell_foreign(builder, a[2], name);
        }
    }
}

/* libxml2 decides upon the parameters: NOLINTNEXTLINE(readability-function-size) */
static void on_start(void *context, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *uri, int namespace_count, const xmlChar **namespaces,
                     int attribute_count, int defaulted, const xmlChar **attributes)
{
    struct builder *builder = context;
    enum xml_space space = space_of(uri);
    (void) prefix, (void) defaulted;
    for (int i = 0; i < namespace_count && builder->skipping == 0; i++) {
        tell_foreign(builder, namespaces[(ptrdiff_t) i * 2 + 1], NULL);
    }
    if (builder->depth + builder->skipping >= ODM_DEPTH_MAX) {
        stop(builder, XML_LIMIT, "elements are nested deeper than 64");
        return;
    }
    if (builder->skipping > 0 || is_skipped(builder, space, (const char *) name)) {
        if (builder->skipping++ == 0 && space == XML_OTHER) {
            tell_foreign(builder, uri, (const char *) name);
        }
        return;
    }
    builder->attributes += (size_t) attribute_count;
    size_t most = builder->options->elements_max;
    if (++builder->elements > most || builder->attributes > most * 4 ||
        attribute_count > ATTRIBUTES_MAX) {
        stop(builder, XML_LIMIT, "the file has too many elements or attributes");
        return;
    }
    if (builder->each_depth == 0 && each_index(builder, space, (const char *) name) == 0) {
        builder->arena = builder->each;
        builder->each_depth = builder->depth + 1;
    }
    struct xml_node *node = ARENA_NEW(builder->arena, struct xml_node);
    node->space = space;
    node->name = arena_text(builder->arena, (const char *) name);
    node->line = builder->parser->input->line;
    node->text = "";
    node->parent = builder->current;
    add_attributes(builder, node, attribute_count, attributes);
    if (builder->current == NULL) {
        builder->root = node;
        builder->root_namespace =
            arena_text(builder->arena, uri != NULL ? (const char *) uri : "");
    } else if (builder->last[builder->depth] != NULL) {
        builder->last[builder->depth]->next = node;
    } else {
        builder->current->first = node;
    }
    builder->before[builder->depth] = builder->last[builder->depth];
    builder->last[builder->depth] = node;
    builder->current = node;
    builder->depth++;
    builder->last[builder->depth] = NULL;
    bytes_clear(&builder->text[builder->depth]);
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Give an element of `each` away and take it out of the tree. */
static void hand_over(struct builder *builder, const struct xml_node *node)
{
    if (builder->current == NULL || each_index(builder, node->space, node->name) < 0) {
        return;
    }
    if (!builder->bad && !builder->options->on_each(builder->options->arg, node)) {
        builder->bad = true;
        xmlStopParser(builder->parser);
    }
    struct xml_node *before = builder->before[builder->depth];
    builder->last[builder->depth] = before;
    if (before == NULL) {
        builder->current->first = NULL;
    } else {
        before->next = NULL;
    }
    if (builder->each_depth == builder->depth + 1) {
        arena_reset(builder->each);
        builder->arena = builder->tree;
        builder->each_depth = 0;
    }
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix,
                   const xmlChar *uri)
{
    struct builder *builder = context;
    (void) name, (void) prefix, (void) uri;
    if (builder->skipping > 0) {
        builder->skipping--;
        return;
    }
    if (builder->current == NULL) {
        return;
    }
    struct span text = span_bytes(&builder->text[builder->depth]);
    while (text.size > 0 && is_space(text.data[0])) {
        text = span_of(text.data + 1, text.size - 1);
    }
    while (text.size > 0 && is_space(text.data[text.size - 1])) {
        text.size--;
    }
    if (text.size > 0) {
        builder->current->text = arena_span_text(builder->arena, text);
    }
    struct xml_node *ended = builder->current;
    /* parents are our own nodes; the const is for the readers of the tree */
    builder->depth--;
    builder->current = builder->depth == 0 ? NULL : builder->last[builder->depth - 1];
    hand_over(builder, ended);
}

static void on_text(void *context, const xmlChar *text, int size)
{
    struct builder *builder = context;
    struct bytes *so_far = &builder->text[builder->depth];
    if (builder->skipping > 0 || builder->depth == 0 || size <= 0) {
        return;
    }
    if (so_far->size + (size_t) size > ODM_TEXT_MAX) {
        stop(builder, XML_LIMIT, "a text is longer than 65536 bytes");
        return;
    }
    bytes_add(so_far, text, (size_t) size);
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *external_id,
                       const xmlChar *system_id)
{
    (void) name, (void) external_id, (void) system_id;
    stop(context, XML_DOCTYPE, "the file has a DOCTYPE; remove it, ODM needs none");
}

static xmlEntityPtr on_entity(void *context, const xmlChar *name)
{
    (void) context;
    return xmlGetPredefinedEntity(name);
}

/* What people get wrong by hand, in our words. */
static bool report_plain(struct builder *builder, int code)
{
    switch (code) {
    case XML_ERR_NAME_REQUIRED:
    case XML_ERR_ENTITYREF_SEMICOL_MISSING:
        report(builder, XML_MALFORMED, "a name is missing; a & alone is written &amp;");
        return true;
    case XML_ERR_ATTRIBUTE_NOT_STARTED:
    case XML_ERR_ATTRIBUTE_WITHOUT_VALUE:
        report(builder, XML_MALFORMED, "an attribute needs = and its value in quotes");
        return true;
    case XML_ERR_SPACE_REQUIRED:
        report(builder, XML_MALFORMED, "a space is missing between two attributes");
        return true;
    case XML_ERR_LT_IN_ATTRIBUTE:
        report(builder, XML_MALFORMED, "a < in an attribute is written &lt;");
        return true;
    case XML_ERR_GT_REQUIRED:
        report(builder, XML_MALFORMED, "a tag has no > at its end");
        return true;
    case XML_ERR_HYPHEN_IN_COMMENT:
        report(builder, XML_MALFORMED, "a comment must not contain --");
        return true;
    case XML_ERR_DOCUMENT_EMPTY:
        report(builder, XML_MALFORMED, "the file does not begin with < as XML does");
        return true;
    case XML_ERR_DOCUMENT_END:
        report(builder, XML_MALFORMED, "something stands behind the end of the root");
        return true;
    case XML_ERR_INVALID_CHAR:
    case XML_ERR_INVALID_ENCODING:
        report(builder, XML_MALFORMED,
               "a character is not allowed in XML, or not in the encoding of the file");
        return true;
    default:
        return false;
    }
}

/* The same, with what it is about; the rest in the words of libxml2. */
static void report_malformed(struct builder *builder, const xmlError *error)
{
    const char *name = error->str1 != NULL ? error->str1 : "";
    const char *other = error->str2 != NULL ? error->str2 : "";
    const char *text = error->message != NULL ? error->message : "";
    switch (error->code) {
    case XML_ERR_TAG_NAME_MISMATCH:
        report(builder, XML_MALFORMED, "<%.60s> of line %d is not closed before </%.60s>",
               name, error->int1, other);
        break;
    case XML_ERR_TAG_NOT_FINISHED:
        report(builder, XML_MALFORMED, "the file ends before <%.60s> of line %d is closed",
               name, error->int1);
        break;
    case XML_ERR_UNDECLARED_ENTITY:
        report(builder, XML_MALFORMED,
               "&%.60s; is not known; XML has &amp; &lt; &gt; &quot; and &apos;", name);
        break;
    case XML_ERR_ATTRIBUTE_REDEFINED:
        report(builder, XML_MALFORMED, "the attribute %.60s stands twice", name);
        break;
    case XML_ERR_UNSUPPORTED_ENCODING:
        report(builder, XML_MALFORMED,
               "the encoding %.60s is not known; save the file as UTF-8", name);
        break;
    case XML_NS_ERR_UNDEFINED_NAMESPACE:
        report(builder, XML_MALFORMED, "xmlns:%.60s is missing: nothing says what it is",
               name);
        break;
    default:
        report(builder, XML_MALFORMED, "this is no well-formed XML (%.*s)",
               (int) strcspn(text, "\r\n"), text);
    }
}

static void on_error(void *context, xmlErrorPtr error)
{
    struct builder *builder = context;
    if (error->level >= XML_ERR_ERROR && !(builder->bad && builder->parser->disableSAX) &&
        !report_plain(builder, error->code)) {
        report_malformed(builder, error);
    }
}

static void parse(struct builder *builder, struct span xml)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT; /* workers read definitions, too */
    (void) pthread_once(&once, xmlInitParser);
    xmlSAXHandler handler = {0};
    handler.initialized = XML_SAX2_MAGIC;
    handler.internalSubset = on_doctype;
    handler.getEntity = on_entity;
    handler.startElementNs = on_start;
    handler.endElementNs = on_end;
    handler.characters = on_text;
    handler.cdataBlock = on_text;
    handler.ignorableWhitespace = on_text;
    handler.serror = on_error;
    xmlParserCtxtPtr parser =
        xmlCreateMemoryParserCtxt((const char *) xml.data, (int) xml.size);
    if (parser == NULL) {
        die(WHERE, "libxml2 is out of memory");
    }
    xmlSAXHandlerPtr own = parser->sax;
    parser->sax = &handler;
    parser->userData = builder;
    (void) xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOCDATA);
    builder->parser = parser;
    (void) xmlParseDocument(parser);
    if (!parser->wellFormed && !builder->bad) {
        report(builder, XML_MALFORMED, "this is no well-formed XML");
    }
    parser->sax = own;
    if (parser->myDoc != NULL) {
        xmlFreeDoc(parser->myDoc);
        parser->myDoc = NULL;
    }
    xmlFreeParserCtxt(parser);
}

const struct xml_node *xml_read(struct span xml, const struct xml_options *options,
                                struct arena *arena, const char **ret_namespace)
{
    struct xml_options given = *options;
    given.elements_max =
        options->elements_max > 0 ? options->elements_max : ODM_ELEMENTS_MAX;
    struct builder builder = {.options = &given,
                              .arena = arena,
                              .tree = arena,
                              .each = options->each_arena,
                              .root_namespace = ""};
    if (xml.size > ODM_SIZE_MAX) {
        options->report(options->arg, XML_LIMIT, 0,
                        odm_word(options->language, "the file is larger than 32 MiB"));
        return NULL;
    }
    if (xml.size == 0) {
        options->report(options->arg, XML_MALFORMED, 0,
                        odm_word(options->language, "the file is empty"));
        return NULL;
    }
    parse(&builder, xml);
    for (size_t i = 0; i < ARRAY_LEN(builder.text); i++) {
        bytes_done(&builder.text[i]);
    }
    if (builder.bad || builder.root == NULL) {
        return NULL;
    }
    *ret_namespace = builder.root_namespace;
    return builder.root;
}

static const char *get(const struct xml_node *node, enum xml_space space, const char *name)
{
    for (size_t i = 0; i < node->attribute_count; i++) {
        if (node->attributes[i].space == space &&
            strcmp(node->attributes[i].name, name) == 0) {
            return node->attributes[i].value;
        }
    }
    return NULL;
}

const char *xml_get(const struct xml_node *node, const char *name)
{
    return get(node, XML_ODM, name);
}

const char *xml_get_crfd(const struct xml_node *node, const char *name)
{
    return get(node, XML_CRFD, name);
}

static const struct xml_node *seek(const struct xml_node *node, enum xml_space space,
                                   const char *name)
{
    for (; node != NULL; node = node->next) {
        if (node->space == space && strcmp(node->name, name) == 0) {
            return node;
        }
    }
    return NULL;
}

const struct xml_node *xml_child(const struct xml_node *node, const char *name)
{
    return seek(node->first, XML_ODM, name);
}

const struct xml_node *xml_next(const struct xml_node *node, const char *name)
{
    return seek(node->next, XML_ODM, name);
}

const struct xml_node *xml_child_crfd(const struct xml_node *node, const char *name)
{
    return seek(node->first, XML_CRFD, name);
}

const struct xml_node *xml_next_crfd(const struct xml_node *node, const char *name)
{
    return seek(node->next, XML_CRFD, name);
}
