/* SPDX-License-Identifier: Apache-2.0 */
/*
** odm_merge: what one FormData of an ODM file makes of the form that is recorded.
**
** A Snapshot says how the form is: it replaces what is there. In a Transactional file a form
** starts from what is recorded, and each item acts by its own TransactionType (ODM 1.3.2,
** transactions): Insert of what is there with another value, and Update or Remove of what is
** not there, are errors of the file and refused. Upsert is either; Context changes nothing.
**
** What is unknown to the definition is refused with its line. Computed items are left out:
** they are computed again. A repeat key "1" where the definition does not repeat is none:
** many systems always write one. The comments that our own export writes (state of the form,
** why an item has no value) are read back; another comment beside IsNull becomes its reason.
** Value="" says that nothing is there. A form of more than FORM_ITEMS_MAX items is refused: no
** record could carry it.
**
** Pure; memory is the arena's.
*/
#ifndef CRFD_CLIENTS_ODM_MERGE_H
#define CRFD_CLIENTS_ODM_MERGE_H

#include "protocol/study/odm_data.h"

/* A form of the file that outlives the call that handed it over. */
struct odm_kept {
    enum odm_level level;
    enum odm_transaction transaction;
    const char *study;
    struct form_data form;
    const struct odm_item_change *changes; /* audit.reason and comment are copied, too */
    size_t change_count;
    const char *reason; /* of the form's audit record, else the first of an item; or NULL */
    const char *comment;
    int line;
};
struct odm_kept *odm_keep(const struct odm_form *form, struct arena *arena);

enum merge_kind {
    MERGE_SET,    /* `data` is how the form is to be */
    MERGE_REMOVE, /* the form is to be taken back */
    MERGE_REFUSE, /* `rule`, `message`, `line` say why */
};

struct merged {
    enum merge_kind kind;
    struct form_data data;
    const char *rule, *message;
    int line;
};

/* DEF and EVENT are what the keys of KEPT name. OLD is NULL when nothing is recorded. With
 * AGAIN an Insert or Update is not held against what is there: to see where a file that may
 * have been imported before ends. */
struct merged odm_merge(const struct odm_kept *kept, const struct form_def *def,
                        const struct form_data *old, bool again, const char *language,
                        struct arena *arena);

/* The key of KEPT without the needless repeat keys. */
struct form_key odm_merge_key(const struct odm_kept *kept, const struct event_def *event,
                              const struct form_def *def);

#endif
