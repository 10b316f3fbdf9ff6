/* SPDX-License-Identifier: Apache-2.0 */
/*
** odm: read a study definition from ODM-XML 1.3.2, or say everything that is wrong with it.
**
** The file comes from outside and is hostile until shown otherwise: no network, no files, no
** entities; a DOCTYPE is refused; depth, size, counts and text lengths are limited. Elements
** and attributes of other namespaces than ODM and crfd are left out and listed (ODM-36),
** clinical and reference data in the file are skipped. ODM 1.3, 1.3.1 and 1.3.2 are read alike.
** The reader never guesses: what it does not support it reports. Include is resolved within
** the file, or by the caller; what the including version defines again replaces the whole.
**
** Every problem is listed with its line, the path of the element and a rule id; one of
** severity refuse keeps the definition from loading. What is told is told in the language of
** the options; ids, paths and names of the standard are the same in every language. Sources:
** ODM 1.3.2 chapter 3.1; what the schema lets through, standards.md 2.8.
*/
#ifndef CRFD_STUDY_ODM_H
#define CRFD_STUDY_ODM_H

#include "protocol/study/model.h"

#define ODM_SIZE_MAX          ((size_t) 32 << 20) /* bytes of a file */
#define ODM_DEPTH_MAX         64                  /* nested elements */
#define ODM_ELEMENTS_MAX      500000              /* elements altogether */
#define ODM_TEXT_MAX          65536               /* bytes of one text or attribute */
#define ODM_OID_MAX           120     /* bytes of an OID (RECORDS.md chapter 3) */
#define ODM_FORMS_MAX         10000   /* FormDefs of a version */
#define ODM_FORM_ITEMS_MAX    5000    /* items of a form (RECORDS.md chapter 1) */
#define ODM_VERSION_ITEMS_MAX 1000000 /* items of all forms together */
#define ODM_PROBLEMS_MAX      1000    /* listed; the rest is counted */
#define ODM_LENGTH_ASSUMED    4096    /* characters of a text or string without a Length */

/* A deviation is against the standard, and a known habit of some system, but can be read in
 * one way only; the rule says in which. */
enum severity {
    SEVERITY_NOTE,      /* loads; somebody should know */
    SEVERITY_DEVIATION, /* loads, but not when read strictly */
    SEVERITY_REFUSE,    /* does not load */
};

struct odm_problem {
    enum severity severity;
    int line;            /* 1-based; 0: the file as a whole */
    const char *rule;    /* "ODM-07", see odm_rules() */
    const char *path;    /* "Study[ST.1]/MetaDataVersion[MDV.1]/ItemDef[IT.AGE]" */
    const char *message; /* one sentence: what is wrong */
    const char *help;    /* and one: what to do, or how crfd reads it */
    const char *vendor;  /* of a deviation: whose habit it is known to be, or "" */
};

struct odm_problems {
    struct odm_problem *items; /* in the order of the file */
    size_t count, capacity;
    size_t refusing, deviations;
    size_t left_out;    /* beyond ODM_PROBLEMS_MAX */
    const char *vendor; /* the system that wrote the file ("REDCap"), or "" */
};

struct odm_options {
    bool strict;           /* deviations refuse, too */
    const char *study_oid; /* of several Studies this one; NULL: the first with metadata */
    const char *language;  /* of message and help, see messages.h; NULL: English */
    /* A file that holds version VERSION_OID of study STUDY_OID, for Include; false when there
     * is none. May be NULL. The bytes are valid until odm_read_with() returns. */
    bool (*include)(void *arg, const char *study_oid, const char *version_oid,
                    struct span *ret_xml);
    void *arg;
};

/* Read XML. On OK *ret_study is the study asked for, in ARENA; all Studies of the file with
 * metadata were read and are in order. On ERR_BAD_INPUT (not XML, or at least one problem
 * refuses) or ERR_TOO_LARGE, PROBLEMS says why, and ERR has the first of them. PROBLEMS
 * (zeroed by the caller, memory in ARENA) is filled in either case. */
MUST_USE status odm_read_with(struct span xml, const struct odm_options *options,
                              struct arena *arena, const struct study **ret_study,
                              struct odm_problems *problems, struct err *err);

/* The same with no options: deviations load. This is how a definition that the founder signed
 * is read by service, client and verifier: whoever signed has seen and accepted them. */
MUST_USE status odm_read(struct span xml, struct arena *arena,
                         const struct study **ret_study, struct odm_problems *problems,
                         struct err *err);

/* Every rule id that odm_read() can report. */
struct odm_rule {
    const char *id;
    enum severity severity;
    const char *vendor; /* of a deviation: known from these systems; else "" */
};
const struct odm_rule *odm_rules(size_t *ret_count);

/* What must hold, and what to do when it does not; of a deviation: how it is read. */
const char *odm_rule_meaning(const char *id, const char *language);
const char *odm_rule_advice(const char *id, const char *language);

#endif
