/* SPDX-License-Identifier: Apache-2.0 */
/*
** odm_data: the clinical data of an ODM 1.3 file, form by form.
**
** odm_data_read() walks the file once and hands over each FormData as soon as it has ended,
** with everything that is known of it from the elements above it: subject, visit, site, who,
** when and why. Memory is that of one form and its ancestors, whatever the size of the file.
** Snapshot and Transactional files alike; both kinds of items, `ItemData Value=` and the typed
** ones (ItemDataString, ItemDataInteger, ...).
**
** Nothing is judged: no definition is looked at, no transaction is carried out. Inherited
** TransactionTypes, AuditRecords, Signatures and SiteRefs are filled in, as ODM says (chapter
** 2.5, 3.1.4). Two habits of REDCap come through as they are, for who knows the definition to
** settle: a form outside any StudyEventData has a NULL `key.event` (the study has one event),
** and a group without a name has the OID "" (its items tell which one it is). What cannot be a form at all (no key, a key of more than 120 bytes, an item
** without OID) goes to `problem`, with its line, and the rest goes on.
**
** The file is hostile until shown otherwise: the limits of odm.h hold, but for the number of
** elements, which is ODM_DATA_ELEMENTS_MAX.
*/
#ifndef CRFD_STUDY_ODM_DATA_H
#define CRFD_STUDY_ODM_DATA_H

#include "protocol/study/casebook.h"

#define ODM_DATA_ELEMENTS_MAX 5000000

enum odm_transaction {
    ODM_SNAPSHOT, /* no TransactionType here or above: the state, not a change */
    ODM_INSERT,
    ODM_UPDATE,
    ODM_REMOVE,
    ODM_UPSERT,
    ODM_CONTEXT, /* names where the changes below belong; changes nothing itself */
};
const char *odm_transaction_name(enum odm_transaction transaction); /* "Insert", "" */

/* "" where the file says nothing. */
struct odm_audit {
    const char *user;     /* UserOID */
    const char *location; /* LocationOID */
    const char *at;       /* DateTimeStamp as written, perhaps without a zone */
    const char *reason;   /* ReasonForChange */
    const char *source;   /* SourceID */
    const char *edit_point;
    int line; /* 0: there is no AuditRecord */
};

struct odm_signature {
    const char *user, *location, *meaning; /* meaning: SignatureOID */
    const char *at;
    int line; /* 0: not signed */
};

/* Of one item of `form`, in the order of its groups and their items. */
struct odm_item_change {
    enum odm_transaction transaction;
    struct odm_audit audit; /* its own or the nearest above */
    const char *comment;    /* of its first Annotation, "" when it has none */
    int line;
};

struct odm_data_file {
    bool transactional;        /* FileType */
    const char *oid;           /* FileOID */
    const char *created;       /* CreationDateTime */
    const char *source_system; /* SourceSystem */
};

enum odm_level { ODM_FORM, ODM_EVENT, ODM_SUBJECT };

/* All pointers are valid during the call only. */
struct odm_form {
    const struct odm_data_file *file;
    /* ODM_FORM, or, only for a Remove of the whole, ODM_EVENT or ODM_SUBJECT: then the rest of
     * the key is NULL and there are no groups. */
    enum odm_level level;
    const char *study, *version; /* of ClinicalData */
    const char *site;            /* SiteRef's LocationOID, else "" */
    const char *investigator;    /* InvestigatorRef's UserOID, else "" */
    /* `state` is FORM_PARTIAL: ODM does not say. IsNull="Yes" gives NOT_KNOWN without a reason,
     * because ODM does not say why; a removed item is there with `null` NOT_KNOWN, too, and
     * with ODM_REMOVE in its change. */
    struct form_data form;
    const struct odm_item_change *changes;
    size_t change_count;
    enum odm_transaction transaction;
    struct odm_audit audit;
    const char *comment;            /* of its first Annotation */
    struct odm_signature signature; /* of the form or of what holds it */
    int line;
};

struct odm_data_handler {
    /* False ends the reading: not an error. */
    bool (*form)(void *arg, const struct odm_form *form);
    void (*problem)(void *arg, int line, const char *message);
    void *arg;
    const char
        *language; /* of problems and of what is no XML, see messages.h; NULL: English */
};

/* ERR_BAD_INPUT or ERR_TOO_LARGE when the file is no ODM 1.3 or ends early; what was handed
 * over before that stays handed over, so collect before you act. *ret_forms is filled in every
 * case. */
MUST_USE status odm_data_read(struct span xml, const struct odm_data_handler *handler,
                              size_t *ret_forms, struct err *err);

#endif
