/* SPDX-License-Identifier: Apache-2.0 */
/*
** The de-identified extract: the current forms as tables, without what leads back to a person.
** DEIDENTIFIED.txt inside says which; the rules stand here as functions:
**
**   who       subjects and sites are numbered anew for each extract, in the order of
**             SHA-256(secret || key); staff, record numbers, log positions and repeat keys go
**   dates     become days since consent (else since the first dose): the day itself is 1, the
**             day before -1; what is less precise than a day stays empty; times of day go
**   rare      forms of the safety door show no days at all, nor do unscheduled and log-like
**             forms that fewer than RARE subjects have (trials.md 7, item 18)
**   age       ten-year bands, 90+ in one; dates of birth go
**   text      what has no code list goes, reasons for no value too
*/
#include "protocol/record/bundle_impl.h"

#define RARE 5

struct deid_row {
    const struct row *row;
    struct form_key key;
    size_t subject, site; /* numbers in this extract, from 1; 0: no site */
    size_t event_number, form_number;
};

struct deid_subject {
    const char *subject;
    size_t number;
    bool has_consent, has_dose;
    int64_t consent, dose; /* days since 1970 */
};

struct deid {
    struct bundling *b;
    struct arena *arena;
    struct span secret;
    struct deid_subject *subjects; /* as in the index */
    const char **sites;            /* in the order of their numbers */
    size_t site_count;
    struct deid_row *rows; /* in the order of the numbers of their subjects */
    size_t count;
};

/* ---- numbers ---- */

struct ranked {
    struct digest digest;
    size_t place;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *left = a;
    const struct ranked *right = b;
    return memcmp(left->digest.bytes, right->digest.bytes, DIGEST_SIZE);
}

static void rank(const struct deid *d, const char *kind, const char *name, size_t place,
                 struct ranked *ret_ranked)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    bytes_add_span(&text, d->secret);
    bytes_printf(&text, "%s %s", kind, name);
    digest_of(span_bytes(&text), &ret_ranked->digest);
    ret_ranked->place = place;
}

static void number_subjects(struct deid *d)
{
    const struct bundle_index *index = &d->b->index;
    size_t count = index->subject_count;
    struct ranked *ranked = ARENA_ARRAY(d->arena, count + 1, struct ranked);
    d->subjects = ARENA_ARRAY(d->arena, count + 1, struct deid_subject);
    for (size_t i = 0; i < count; i++) {
        d->subjects[i].subject = index->subjects[i];
        rank(d, "subject", index->subjects[i], i, &ranked[i]);
    }
    if (count > 1) {
        qsort(ranked, count, sizeof(*ranked), by_rank);
    }
    for (size_t i = 0; i < count; i++) {
        d->subjects[ranked[i].place].number = i + 1;
    }
}

static void number_sites(struct deid *d)
{
    struct rows sites = state_rows(d->b->state, TABLE_SITE, d->arena);
    struct ranked *ranked = ARENA_ARRAY(d->arena, sites.count + 1, struct ranked);
    d->sites = ARENA_ARRAY(d->arena, sites.count + 1, const char *);
    d->site_count = sites.count;
    for (size_t i = 0; i < sites.count; i++) {
        rank(d, "site", sites.items[i]->values[SITE_SITE], i, &ranked[i]);
    }
    if (sites.count > 1) {
        qsort(ranked, sites.count, sizeof(*ranked), by_rank);
    }
    for (size_t i = 0; i < sites.count; i++) {
        d->sites[i] = sites.items[ranked[i].place]->values[SITE_SITE];
    }
}

static size_t site_number(const struct deid *d, const char *site)
{
    for (size_t i = 0; site != NULL && i < d->site_count; i++) {
        if (strcmp(d->sites[i], site) == 0) {
            return i + 1;
        }
    }
    return 0;
}

static int by_name(const void *name, const void *item)
{
    const struct deid_subject *subject = item;
    return strcmp(name, subject->subject);
}

static struct deid_subject *subject_of(const struct deid *d, const char *name)
{
    size_t count = d->b->index.subject_count;
    return count == 0 ? NULL
                      : bsearch(name, d->subjects, count, sizeof(*d->subjects), by_name);
}

static bool same(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static int by_number(const void *a, const void *b)
{
    const struct deid_row *left = a;
    const struct deid_row *right = b;
    if (left->subject != right->subject) {
        return left->subject < right->subject ? -1 : 1;
    }
    return strcmp(left->row->values[FORM_OBJECT], right->row->values[FORM_OBJECT]);
}

/* In the order of their paths, the repeats of an event and of a form stand together. */
static void number_repeats(struct deid *d)
{
    for (size_t i = 0; i < d->count; i++) {
        struct deid_row *row = &d->rows[i];
        const struct deid_row *last = i > 0 ? &d->rows[i - 1] : NULL;
        bool event = last != NULL && row->subject == last->subject &&
                     same(row->key.event, last->key.event);
        bool repeat = event && same(row->key.event_repeat, last->key.event_repeat);
        bool form = repeat && same(row->key.form, last->key.form);
        row->event_number = !event ? 1 : last->event_number + (repeat ? 0 : 1);
        row->form_number = !form ? 1 : last->form_number + 1;
    }
}

static void number_rows(struct deid *d)
{
    struct rows rows = bundle_forms(d->b, NULL, d->arena);
    d->rows = ARENA_ARRAY(d->arena, rows.count + 1, struct deid_row);
    for (size_t i = 0; i < rows.count; i++) {
        struct deid_row *row = &d->rows[d->count];
        const char *object = rows.items[i]->values[FORM_OBJECT];
        BUG_IF(!form_key_parse(span_text(object), d->arena, &row->key));
        const struct deid_subject *subject =
            subject_of(d, row->key.subject != NULL ? row->key.subject : "");
        if (subject != NULL) {
            row->row = rows.items[i];
            row->subject = subject->number;
            row->site = site_number(d, bundle_site_of(d->b, subject->subject));
            d->count++;
        }
    }
    if (d->count > 1) {
        qsort(d->rows, d->count, sizeof(*d->rows), by_number);
    }
    number_repeats(d);
}

/* ---- days ---- */

static bool day_of(enum data_type type, const char *text, int64_t *ret_day)
{
    struct value value;
    if (text == NULL || !value_parse(type, span_text(text), NULL, &value) ||
        !value.has_day || value.wall.earliest == INSTANT_MIN) {
        return false;
    }
    instant wall = value.wall.earliest;
    *ret_day = wall / DAY - (wall % DAY < 0 ? 1 : 0);
    return true;
}

static void take_anchor(const struct form_def *form, const struct form_data *data,
                        enum meaning meaning, bool *has, int64_t *first)
{
    const struct item_data *item = form_meaning(data, form, meaning);
    const struct item_ref *ref = form->meanings[meaning].item;
    int64_t day = 0;
    if (item != NULL && ref != NULL && day_of(ref->item->type, item->value, &day) &&
        (!*has || day < *first)) {
        *has = true;
        *first = day;
    }
}

static const struct form_def *form_of(const struct deid *d, const struct deid_row *row)
{
    const struct metadata_version *version =
        bundle_version(d->b, row->row->values[FORM_VERSION]);
    return version != NULL ? version_form(version, row->key.form) : NULL;
}

static status find_anchors(struct deid *d, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (size_t i = 0; i < d->count; i++) {
        const struct form_def *form = form_of(d, &d->rows[i]);
        struct deid_subject *subject = subject_of(d, d->rows[i].key.subject);
        struct read_record read;
        if (form == NULL || (form->meanings[MEANING_RFICDTC].item == NULL &&
                             form->meanings[MEANING_EXSTDTC].item == NULL)) {
            continue;
        }
        arena_reset(arena);
        TRY(bundle_read(d->b, row_integer(d->rows[i].row, FORM_SEQ), arena, &read, err));
        const struct form_data *data = &read.record.data.form_submit.form;
        if (read.withheld || read.record.type != RECORD_FORM_SUBMIT) {
            continue;
        }
        take_anchor(form, data, MEANING_RFICDTC, &subject->has_consent, &subject->consent);
        take_anchor(form, data, MEANING_EXSTDTC, &subject->has_dose, &subject->dose);
    }
    return OK;
}

/* How many subjects have the form OID, and is it one of a fixed visit? */
static bool is_rare(const struct deid *d, const char *oid)
{
    size_t subjects = 0;
    size_t last = 0;
    bool fixed = true;
    for (size_t i = 0; i < d->count; i++) {
        if (strcmp(d->rows[i].key.form, oid) != 0) {
            continue;
        }
        const struct metadata_version *version =
            bundle_version(d->b, d->rows[i].row->values[FORM_VERSION]);
        const struct form_def *form = version != NULL ? version_form(version, oid) : NULL;
        const struct event_def *event =
            version != NULL ? version_event(version, d->rows[i].key.event) : NULL;
        if (form == NULL || event == NULL || form->safety != SAFETY_NONE) {
            return true;
        }
        fixed = fixed && !form->log && event->type == EVENT_SCHEDULED;
        subjects += d->rows[i].subject != last;
        last = d->rows[i].subject;
    }
    return !fixed && subjects < RARE;
}

/* ---- columns ---- */

static bool means(const struct item_def *item, enum meaning meaning)
{
    for (size_t i = 0; i < item->meaning_count; i++) {
        if (item->meanings[i] == meaning) {
            return true;
        }
    }
    return false;
}

static bool is_age(const struct item_def *item)
{
    return means(item, MEANING_AGE) || means(item, MEANING_AGEDEC);
}

static bool is_birth(const struct item_def *item)
{
    const char *sdtm = aliases_get(&item->aliases, "SDTM");
    const char *cdash = aliases_get(&item->aliases, "CDASH");
    return means(item, MEANING_BRTHDTC) ||
           (sdtm != NULL && strncmp(sdtm, "BRTH", 4) == 0) ||
           (cdash != NULL && strncmp(cdash, "BRTH", 4) == 0);
}

/* May anything of this item be shown? */
static bool is_shown(const struct item_def *item)
{
    bool coded = item->code_list != NULL && !item->code_list->external;
    return !is_birth(item) &&
           (coded || is_age(item) || data_type_is_number(item->type) ||
            item->type == TYPE_BOOLEAN || item->type == TYPE_DURATION_DATETIME ||
            data_type_is_dated(item->type));
}

static void keep_columns(struct data_file *file)
{
    size_t kept = 0;
    for (size_t i = 0; i < file->column_count; i++) {
        struct data_column column = file->columns[i];
        if (!is_shown(column.item->item)) {
            continue;
        }
        if (is_age(column.item->item)) {
            column.number = column.units = false;
            column.type = "ten-year band";
        } else if (column.dated) {
            column.number = true;
            column.type = "study day";
        }
        file->columns[kept++] = column;
    }
    file->column_count = kept;
}

/* ---- cells ---- */

static const char *band_of(const char *text, struct arena *arena)
{
    char *end = NULL;
    long age = text != NULL ? strtol(text, &end, 10) : -1;
    if (text == NULL || end == text || age < 0) {
        return NULL;
    }
    return age >= 90 ? "90+"
                     : arena_printf(arena, "%ld-%ld", age / 10 * 10, age / 10 * 10 + 9);
}

/* The day of TEXT as this subject counts, or NULL and why in *ret_precision. */
static const char *study_day(const struct deid_subject *subject,
                             const struct item_def *item, const char *text, bool rare,
                             struct arena *arena, const char **ret_precision)
{
    int64_t day = 0;
    int64_t first = subject->has_consent ? subject->consent : subject->dose;
    *ret_precision = text == NULL ? NULL
                     : rare       ? "hidden"
                                  : data_precision(item->type, text);
    if (rare || !day_of(item->type, text, &day) ||
        (!subject->has_consent && !subject->has_dose)) {
        return NULL;
    }
    return arena_printf(arena, "%lld", (long long) day - first + (day >= first ? 1 : 0));
}

static void add_item(struct deid *d, const struct data_column *column,
                     const struct deid_subject *subject, const struct item_data *item,
                     bool rare, struct arena *arena)
{
    const struct item_def *def = column->item->item;
    const char *parts[DATA_PARTS] = {0};
    const char *value = item != NULL ? item->value : NULL;
    if (is_age(def)) {
        value = band_of(value, arena);
    } else if (column->dated) {
        value = study_day(subject, def, value, rare, arena, &parts[DATA_PRECISION]);
    } else if (def->code_list != NULL && value != NULL) {
        const struct code_list_item *code = code_list_get(def->code_list, value);
        parts[DATA_LABEL] = code != NULL ? texts_get(&code->decode, "en") : NULL;
        value = code != NULL ? value : NULL;
    } else if (item != NULL) {
        parts[DATA_UNIT] = item->unit;
        data_normalise(def, item, arena, &parts[DATA_NUMBER], &parts[DATA_BASE]);
    }
    if (item != NULL && item->null != NOT_NULL) {
        parts[DATA_NULL] = null_kind_name(item->null);
    }
    csv_cell(&d->b->buffer, value, false);
    for (size_t part = 0; part < DATA_PARTS; part++) {
        if (data_has_part(column, (enum data_part) part)) {
            csv_cell(&d->b->buffer, parts[part], false);
        }
    }
}

static const char *const KEYS[] = {"site",  "subject",     "event", "event_repeat",
                                   "form",  "form_repeat", "group", "group_repeat",
                                   "state", "version"};

static const char *number_text(struct arena *arena, const char *prefix, size_t number)
{
    return number > 0 ? arena_printf(arena, "%s%03zu", prefix, number) : NULL;
}

static void add_group(struct deid *d, const struct data_file *file,
                      const struct deid_row *row, const struct group_data *group,
                      size_t number, bool rare, struct arena *arena)
{
    const struct deid_subject *subject = subject_of(d, row->key.subject);
    const char *keys[] = {number_text(arena, "C-", row->site),
                          number_text(arena, "S-", row->subject),
                          row->key.event,
                          arena_printf(arena, "%zu", row->event_number),
                          row->key.form,
                          arena_printf(arena, "%zu", row->form_number),
                          group->oid,
                          arena_printf(arena, "%zu", number),
                          row->row->values[FORM_STATE],
                          row->row->values[FORM_VERSION]};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        csv_cell(&d->b->buffer, keys[i], i == 0);
    }
    for (size_t i = 0; i < file->column_count; i++) {
        const char *oid = file->columns[i].item->item->oid;
        add_item(d, &file->columns[i], subject, group_item(group, oid), rare, arena);
    }
    csv_line_end(&d->b->buffer);
}

static status write_file(struct deid *d, const struct data_files *files,
                         const struct data_file *file, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes name = {0};
    bool rare = is_rare(d, file->form);
    data_file_name(file, &name);
    TRY(file_begin(d->b, err, "data/%s", bytes_text(&name)));
    bundle_data_head(d->b, files, file);
    for (size_t i = 0; i < d->count; i++) {
        struct read_record read;
        size_t number = 0;
        if (strcmp(d->rows[i].key.form, file->form) != 0) {
            continue;
        }
        arena_reset(arena);
        TRY(bundle_read(d->b, row_integer(d->rows[i].row, FORM_SEQ), arena, &read, err));
        if (read.withheld || read.record.type != RECORD_FORM_SUBMIT) {
            continue;
        }
        const struct form_data *form = bundle_merged(&read, arena);
        for (size_t g = 0; g < form->count; g++) {
            if (strcmp(form->groups[g].oid, file->group) == 0) {
                add_group(d, file, &d->rows[i], &form->groups[g], ++number, rare, arena);
            }
        }
        TRY(file_flush(d->b, err));
    }
    return file_end(d->b, err);
}

/* ---- the parts ---- */

static const char README[] =
    "This is an EXTRACT with less in it than was recorded. It cannot be replayed to the "
    "log:\n"
    "whoever has only this file can check who made it, when it was logged, and that "
    "nothing\n"
    "was changed since, but not that its values are those of the log. For that, compare "
    "with\n"
    "a full bundle of the same size.\n\n"
    "  subject, site   S-001, C-001: numbered anew for this extract only\n"
    "  repeats         counted within the subject, in no meaningful order\n"
    "  dates           days: the day of consent is 1, the day before it -1 (without "
    "consent,\n"
    "                  the day of the first dose is 1); a date without a day is empty; "
    "times\n"
    "                  of day are left out. X_P says how precise the date was\n"
    "  rare events     X_P is \"hidden\" and X empty in all reports of the safety door, "
    "and\n"
    "                  in unscheduled and log forms that fewer than 5 subjects have\n"
    "  age             bands of ten years, 90+; no dates of birth\n"
    "  text            only answers from code lists; reasons for no value are left out\n"
    "  left out        staff, record numbers, positions in the log, signatures, queries\n\n"
    "In a small study a rare combination (age band, sex, site, event) may still point at "
    "a\n"
    "person: pass this on only under an agreement that forbids looking for one.\n\n"
    "data/dictionary.csv says what columns are; data/read.R and read.sas read them.\n"
    "sha256sum -c SHA256SUMS checks the files; SHA256SUMS.note is signed by the key that "
    "the\n"
    "signed export record in export/ names; export/receipt.proof proves that the log "
    "holds\n"
    "that record. crf-monitor verify-bundle checks all of it.\n";

static status write_readme(struct bundling *b, struct err *err)
{
    struct digest root;
    char root_text[DIGEST_BASE64_SIZE];
    uint64_t size = state_head(b->state).size;
    BUG_IF(!replay_root(b->source->replay, size, &root));
    digest_to_base64(&root, root_text);
    TRY(file_begin(b, err, BUNDLE_DEIDENTIFIED));
    bytes_printf(&b->buffer,
                 "DE-IDENTIFIED EXTRACT of the log %s, made from its first %llu entries,\n"
                 "whose tree has the root %s.\n\n",
                 state_origin(b->state), (unsigned long long) size, root_text);
    bytes_add_text(&b->buffer, README);
    return file_end(b, err);
}

static status write_tables(struct deid *d, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct data_files files = bundle_data_files(d->b, arena);
    files.keys = KEYS;
    files.key_count = ARRAY_LEN(KEYS);
    for (size_t i = 0; i < files.count; i++) {
        keep_columns(&files.items[i]);
        TRY(write_file(d, &files, &files.items[i], err));
    }
    return bundle_dictionary(d->b, &files, err);
}

static status number_all(struct deid *d, struct err *err)
{
    TRY(bundle_index(d->b, err));
    number_subjects(d);
    number_sites(d);
    number_rows(d);
    return find_anchors(d, err);
}

static status write_all(struct deid *d, struct err *err)
{
    TRY(number_all(d, err));
    TRY(write_readme(d->b, err));
    TRY(bundle_evidence(d->b, err));
    return write_tables(d, err);
}

status bundle_write_deidentified(const struct bundle_source *source, struct span secret,
                                 const struct bundle_writer *writer,
                                 struct digest *ret_sums, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bundling_done) struct bundling b = {0};
    TRY(bundling_begin(&b, source, writer, err));
    struct deid d = {.b = &b, .arena = arena, .secret = secret};
    b.time = 0; /* no date at all */
    TRY(write_all(&d, err));
    return bundle_sums(&b, ret_sums, err);
}

status bundle_pseudonyms(const struct bundle_source *source, struct span secret,
                         struct bytes *out, struct err *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bundling_done) struct bundling b = {0};
    TRY(bundling_begin(&b, source, NULL, err));
    struct deid d = {.b = &b, .arena = arena, .secret = secret};
    TRY(number_all(&d, err));
    bytes_add_text(out, "pseudonym,key\r\n");
    for (size_t i = 0; i < b.index.subject_count; i++) {
        const char *cells[] = {number_text(arena, "S-", d.subjects[i].number),
                               d.subjects[i].subject};
        csv_cells(out, cells, ARRAY_LEN(cells));
    }
    for (size_t i = 0; i < d.site_count; i++) {
        const char *cells[] = {number_text(arena, "C-", i + 1), d.sites[i]};
        csv_cells(out, cells, ARRAY_LEN(cells));
    }
    return OK;
}
