/* SPDX-License-Identifier: Apache-2.0 */
/*
** What the files of bundle share; for nobody else.
**
**   bundle.c       files, sums, the log, keys, tables
**   bundle_readme.c what is what, and the recipe for checking it
**   bundle_data.c  the current forms as CSV, dictionary, code lists
**   bundle_index.c what each entry is about; small questions
**   bundle_odm.c   the current forms as ODM-XML; bundle_admin.c who and where, for both files
**   bundle_archive.c every change of them as ODM-XML
**   bundle_trail.c audit trail and signatures
**   bundle_lists.c queries, deviations, holds, serious events, people; bundle_lock.c
**   bundle_deid.c  the de-identified extract, which is another set of files
**   bundle_scripts.c R and SAS programs that read the tables
**   bundle_casebook.c a page for each subject; bundle_blank.c the forms; bundle_words.c
**   bundle_xml.c   escaping
*/
#ifndef CRFD_RECORD_BUNDLE_IMPL_H
#define CRFD_RECORD_BUNDLE_IMPL_H

#include "protocol/record/bundle.h"

/* What an entry is about: `subject` is 1 + a place in `subjects`, 0 for none. */
enum index_mark { MARK_QUERY = 1, MARK_DEVIATION = 2, MARK_HOLD = 4, MARK_LOCK = 8 };
struct index_entry {
    uint32_t subject;
    uint32_t marks;
};
struct bundle_index {
    struct arena *arena;
    struct index_entry *entries; /* one for each entry of the log */
    const char *const *subjects; /* all that were enrolled or have a form, sorted */
    size_t subject_count;
    uint64_t
        *order; /* entries of subject I: order[starts[I]] to before order[starts[I + 1]] */
    size_t *starts;
    const char **meanings; /* of signatures, in order of first use */
    size_t meaning_count, meaning_capacity;
};

struct bundling {
    const struct bundle_source *source;
    const struct bundle_writer *writer;
    const struct state *state;
    struct bundle_index index;
    instant time;
    struct digest_stream *digest; /* of the file being written */
    struct bytes sums;
    char name[512];
    struct bytes buffer; /* what is collected of the file being written */
};

/* One record of the log as read back and checked. Lives in ARENA. */
struct read_record {
    struct entry entry;
    struct span entry_bytes, salt, body;
    bool withheld, system;
    struct jws jws;
    struct record record;   /* when neither withheld nor system */
    struct outcome outcome; /* likewise */
};
MUST_USE status bundle_read(struct bundling *b, int64_t seq, struct arena *arena,
                            struct read_record *ret_record, struct err *err);

MUST_USE status bundling_begin(struct bundling *b, const struct bundle_source *source,
                               const struct bundle_writer *writer, struct err *err);
void bundling_done(struct bundling *b);
MUST_USE status bundle_sums(struct bundling *b, struct digest *ret_sums, struct err *err);
MUST_USE status bundle_evidence(struct bundling *b, struct err *err);

MUST_USE status file_begin(struct bundling *b, struct err *err, const char *format, ...)
    PRINTF(3, 4);
/* Hand b->buffer on when it is large, or (END) at the end of the file. */
MUST_USE status file_flush(struct bundling *b, struct err *err);
MUST_USE status file_end(struct bundling *b, struct err *err);

/* Call EACH for every entry with one of MARKS; flushes between them. */
typedef void bundle_each_entry(struct bundling *b, const struct read_record *read,
                               struct arena *arena, void *arg);
MUST_USE status bundle_index(struct bundling *b, struct err *err);
void bundle_index_done(struct bundle_index *index);
MUST_USE status bundle_each(struct bundling *b, unsigned marks, bundle_each_entry *each,
                            void *arg, struct err *err);

/* The form of a form.submit with what was derived from it. */
const struct form_data *bundle_merged(const struct read_record *read, struct arena *arena);
const char *bundle_rule(const char *rule); /* one sentence, or NULL */
const char *bundle_site_of(const struct bundling *b, const char *subject);

/* The same value, unit or reason for none; NULL: not there. */
bool bundle_same_item(const struct item_data *a, const struct item_data *b);

/* ---- tables: one for each item group of each form (bundle_data.c) ---- */

enum data_part {
    DATA_LABEL,     /* X_C: label of the code */
    DATA_UNIT,      /* X_U: unit as entered */
    DATA_NUMBER,    /* X_V: number in the base unit */
    DATA_BASE,      /* X_VU: the base unit */
    DATA_PRECISION, /* X_P: how precise a date or time is */
    DATA_NULL,      /* X_N: why there is no value */
    DATA_PARTS,
};
extern const char *const DATA_SUFFIXES[DATA_PARTS];

struct data_column {
    const struct item_ref *item;
    const char *name; /* ItemDef/@Name, as in the text form */
    bool coded, units, dated;
    bool number;      /* X itself is one */
    const char *type; /* in words, for the dictionary */
};
bool data_has_part(const struct data_column *column, enum data_part part);

struct data_file {
    const char *form, *group;
    struct data_column *columns;
    size_t column_count, column_capacity;
};

struct data_files {
    const char *const *keys; /* names of the first columns of all */
    size_t key_count;
    struct data_file *items;
    size_t count, capacity;
};
struct data_files bundle_data_files(struct bundling *b, struct arena *arena);
void data_file_name(const struct data_file *file, struct bytes *out); /* "F.VS.IG.VS.csv" */
void bundle_data_head(struct bundling *b, const struct data_files *files,
                      const struct data_file *file);
const char *data_precision(enum data_type type, const char *value); /* or NULL */
const struct item_data *group_item(const struct group_data *group, const char *oid);
/* The number of ITEM in the unit that others of its kind are held against; else as it was. */
void data_normalise(const struct item_def *def, const struct item_data *item,
                    struct arena *arena, const char **ret_number, const char **ret_unit);
MUST_USE status bundle_dictionary(struct bundling *b, const struct data_files *files,
                                  struct err *err);
MUST_USE status bundle_scripts(struct bundling *b, const struct data_files *files,
                               struct err *err);

/* ---- words and pages ---- */

enum bundle_word {
    WORD_SUBJECT,
    WORD_ENTRY,
    WORD_ENTRIES,
    WORD_REASON,
    WORD_QUESTION,
    WORD_VALUE,
    WORD_HISTORY,
    WORD_REMOVED,
    WORD_RETRACTED,
    WORD_COMPLETE,
    WORD_PARTIAL,
    WORD_SIGNED,
    WORD_CONCURRENT,
    WORD_UNCONFIRMED,
    WORD_SETTLED,
    WORD_ACCEPTED,
    WORD_QUERY,
    WORD_RECORDS,
    WORD_NOT_DONE,
    WORD_UNKNOWN,
    WORD_NOT_APPLICABLE,
    WORD_MANDATORY,
    WORD_BLANK,
    WORD_DERIVED,
};
const char *bundle_word(const char *language, enum bundle_word id);
const char *bundle_null_word(const char *language, enum null_kind kind);
const char *bundle_state_word(const char *language, const char *state);
void bundle_html_begin(struct bundling *b, const char *language, const char *title);

/* ODM wants a place for everybody: the one of people who belong to no site. */
#define BUNDLE_CENTRAL "crfd.central"
void bundle_admin(struct bundling *b, struct arena *arena);

/* Text and attributes alike. What XML 1.0 cannot hold becomes U+FFFD. NULL: nothing. */
void xml_add_text(struct bytes *out, const char *text);
void xml_add_attribute(struct bytes *out, const char *name, const char *value);
void xml_add_element(struct bytes *out, const char *name, const char *text);
void csv_cells(struct bytes *out, const char *const *cells, size_t count); /* a whole row */

const struct metadata_version *bundle_version(const struct bundling *b,
                                              const char *version);

/* The current forms, in order of their paths; rows of form OID only unless NULL. */
struct rows bundle_forms(struct bundling *b, const char *form_oid, struct arena *arena);

MUST_USE status bundle_readme(struct bundling *b, struct err *err);
MUST_USE status bundle_data(struct bundling *b, struct err *err);
MUST_USE status bundle_odm(struct bundling *b, struct err *err);
MUST_USE status bundle_archive(struct bundling *b, struct err *err);
MUST_USE status bundle_trail(struct bundling *b, struct err *err);
MUST_USE status bundle_casebooks(struct bundling *b, struct err *err);
MUST_USE status bundle_blank(struct bundling *b, struct err *err);
MUST_USE status bundle_lists(struct bundling *b, struct err *err);
MUST_USE status bundle_lock(struct bundling *b, struct err *err);

#endif
