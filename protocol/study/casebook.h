/* SPDX-License-Identifier: Apache-2.0 */
/*
** casebook: the data of a form and of a subject, and the paths that name them.
**
** A form instance is named by the ODM key tuple (struct form_key) and travels whole (struct
** form_data), in the shape of the `data` member of RECORDS.md chapter 1. A casebook is
** everything known of one subject: its current forms, sorted by key. Casebooks are cheap
** views: casebook_with() shares all forms but one with the casebook it came from.
**
** All memory belongs to the arena given; a casebook or form never changes once made.
*/
#ifndef CRFD_STUDY_CASEBOOK_H
#define CRFD_STUDY_CASEBOOK_H

#include "base/json_out.h"
#include "protocol/study/model.h"

/* ---- keys and paths (RECORDS.md chapter 3) ---- */

struct form_key {
    const char *subject;      /* SubjectKey */
    const char *event;        /* StudyEventOID */
    const char *event_repeat; /* StudyEventRepeatKey, or NULL */
    const char *form;         /* FormOID */
    const char *form_repeat;  /* FormRepeatKey, or NULL */
};

int form_key_compare(const struct form_key *a, const struct form_key *b); /* total order */
bool form_key_equal(const struct form_key *a, const struct form_key *b);

/* "subject/NL01-004/SE.V4/-/F.INFUSION/-": segments are percent-encoded byte-wise outside
 * [A-Za-z0-9._-], a literal "-" is "%2D", an absent repeat key is "-". */
char *form_key_path(struct arena *arena, const struct form_key *key);

/* The inverse: accepts exactly what form_key_path() writes. False otherwise. */
bool form_key_parse(struct span path, struct arena *arena, struct form_key *ret_key);

/* "IG.INFUSION/-/IT.INFSTDTC" in the same encoding; ITEM may be NULL: "IG.INFUSION/-". */
char *item_path(struct arena *arena, const char *group, const char *group_repeat,
                const char *item);

struct item_key {
    const char *group, *group_repeat, *item; /* group_repeat and item may be NULL */
};
bool item_path_parse(struct span path, struct arena *arena, struct item_key *ret_key);

/* One segment alone, for the other objects ("site/NL01"): NULL writes "-". */
void path_add_segment(struct bytes *out, const char *segment);
/* Decode one segment; *ret_text NULL for "-". False unless it is the canonical encoding. */
bool path_segment_parse(struct span segment, struct arena *arena, const char **ret_text);

/* ---- one form ---- */

enum form_state { FORM_PARTIAL, FORM_COMPLETE };

enum null_kind { NOT_NULL, NOT_DONE, NOT_KNOWN, NOT_APPLICABLE };
const char *null_kind_name(enum null_kind kind); /* "not done" "unknown" "not applicable" */

/* An item that is not there is not yet known. One that is there has a value (`null` is
 * NOT_NULL) or says why it has none. */
struct item_data {
    const char *oid;
    const char *value;   /* text as typed; NULL with IsNull */
    const char *unit;    /* MeasurementUnitOID, or NULL */
    enum null_kind null; /* NOT_NULL: has a value */
    const char *reason;  /* of IsNull, or NULL */
};

struct group_data {
    const char *oid;
    const char *repeat; /* ItemGroupRepeatKey, or NULL */
    const struct item_data *items;
    size_t count;
};

/* What the outcome said about a form when it was accepted; set by who loads the casebook. */
enum form_flag {
    FORM_SIGNED = 1,      /* its current revision bears the investigator's signature */
    FORM_AFTER_LOCK = 2,  /* came through the safety door into a locked scope */
    FORM_LATE = 4,        /* reported later than the study allows */
    FORM_UNCONFIRMED = 8, /* sent with a suspended or expired key */
    FORM_CONCURRENT = 16, /* stale `prior`: stored beside another version */
    FORM_UNMATCHED = 32,  /* unknown subject */
};

struct form_data {
    struct form_key key;
    enum form_state state;
    const struct group_data *groups;
    size_t count;
    /* where it stands in the log: set by who loads the casebook, zero for a new form */
    const char *version; /* MetaDataVersion OID it was made under, or NULL */
    int64_t seq;
    uint8_t leaf[32];
    instant received_at;
    const char *signer; /* the printed name of who signed this revision, or NULL */
    const char *number; /* the number people use ("AE-3"), or NULL */
    unsigned flags;     /* enum form_flag */
};

#define FORM_ITEMS_MAX 5000
#define FORM_VALUE_MAX 65536 /* bytes of one value or reason */
#define FORM_KEY_MAX   120   /* bytes of a subject, OID or repeat key */

/* Read the `data` member of a form.submit payload: exact members, kinds and limits; no group
 * key and no item of a group twice. Knows nothing of the definition: that is check_form().
 * ERR_BAD_INPUT names the member and never quotes a value. */
MUST_USE status form_data_from_json(const struct json *data, struct arena *arena,
                                    struct form_data *ret_form, struct err *err);

/* Write the same members again, in the order of RECORDS.md chapter 1. */
void form_data_to_json(const struct form_data *form, struct json_out *json);

/* A copy of FORM and of all it points to, in one block without gaps, for free(); *ret_size is
 * its size. For who keeps forms for long: a new member of the structs above that is a pointer
 * is packed there, too. */
struct form_data *form_data_pack(const struct form_data *form, size_t *ret_size);

/* The item, or NULL. */
const struct item_data *form_item(const struct form_data *form, const char *group,
                                  const char *group_repeat, const char *item);
const struct item_data *form_item_at(const struct form_data *form,
                                     const struct item_key *key);

/* The first item of FORM with MEANING that has a value, or says why not; NULL when none. */
const struct item_data *form_meaning(const struct form_data *form,
                                     const struct form_def *form_def, enum meaning meaning);

/* ---- what differs between two revisions ---- */

enum change_kind { CHANGE_FILLED, CHANGE_CHANGED, CHANGE_REMOVED };

struct change {
    enum change_kind kind;
    struct item_key item;
    const struct item_data *old, *new; /* NULL where it was not there */
};

struct changes {
    const struct change *items; /* in the order of NEW, the removed ones last */
    size_t count;
    bool needs_reason; /* at least one was changed or removed */
};

/* Compare OLD (NULL: everything is filled) with NEW of the same key. Giving a value where
 * IsNull stood is a change; a change from complete to partial alone is none. */
struct changes form_diff(const struct form_data *old, const struct form_data *new,
                         struct arena *arena);

/* ---- a subject ---- */

struct casebook {
    const char *subject;
    const struct form_data *const *forms; /* sorted by form_key_compare() */
    size_t count;
};

/* Make a casebook of FORMS (borrowed; any order; of equal keys the last stays). */
struct casebook casebook_make(const char *subject, const struct form_data *const *forms,
                              size_t count, struct arena *arena);

/* BASE (may be NULL) with FORM in place of the one of the same key, or without KEY. BASE and
 * FORM are borrowed and unchanged. */
struct casebook casebook_with(const struct casebook *base, const struct form_data *form,
                              struct arena *arena);
struct casebook casebook_without(const struct casebook *base, const struct form_key *key,
                                 struct arena *arena);

const struct form_data *casebook_form(const struct casebook *book,
                                      const struct form_key *key); /* or NULL */

/* Iterate in key order over the forms whose definition has an item with MEANING (or, with
 * casebook_next_form, whose OID is FORM_OID). *cursor starts at 0; NULL ends. BOOK may be
 * NULL. *ret_def (may be NULL) is the form's definition in VERSION. */
const struct form_data *casebook_next(const struct casebook *book,
                                      const struct metadata_version *version,
                                      enum meaning meaning, size_t *cursor,
                                      const struct form_def **ret_def);
const struct form_data *casebook_next_form(const struct casebook *book,
                                           const char *form_oid, size_t *cursor);

/* The item at "subject/.../F.X/-" + "IG.X/-/IT.Y"; NULL when any part is not there. */
const struct item_data *casebook_item(const struct casebook *book,
                                      const struct form_key *form,
                                      const struct item_key *item);

#endif
