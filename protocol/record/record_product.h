/* SPDX-License-Identifier: Apache-2.0 */
/*
** record_product: what the records of the product chain say (RECORDS.md chapter 2).
**
**   batch.receive   a link of the chain comes into the ledger: a donation, a culture, a batch,
**                   or a dose or bag that was filled from one. Its code is a *ledger key*:
**                   forms marked crfd:Ledger="Yes" are sent under it as if it were a subject.
**                   parents: the links it was made from; several where donations are pooled,
**                   none for a donation. donor: the SubjectKey (autologous) or a donor's code
**                   (allogeneic), of a donation; further on it is found by the parents.
**   batch.release   the qualified person's word: "criteria met", "out of specification" (with
**                   the physician's request, the sponsor's assessment and what the subject was
**                   told), or "rejected".
**   batch.recall    with the common `reason`: nothing of it, and nothing made of it, is given
**                   any more; every subject that had it is listed.
**   dose.clear      asked shortly before the act; accepted is GO. override: an investigator
**                   acts against a STOP that may be overridden. phoned: the GO came by phone
**                   and is recorded later: what happened is never refused.
**   subject.status  the act of enrolling, of randomising, or what became of a subject.
**
** In C an absent object (null) has all its texts NULL.
*/
#ifndef CRFD_RECORD_RECORD_PRODUCT_H
#define CRFD_RECORD_RECORD_PRODUCT_H

#include <stddef.h>

#define BATCH_PARENTS_MAX 64

struct batch_parents {
    const char *const *items;
    size_t count;
};

struct batch_receive_data {
    const char *batch;
    const char *kind; /* donation, culture, batch, dose, bag */
    struct batch_parents parents;
    const char *donor;    /* or NULL */
    const char *expiry;   /* RFC 3339, or NULL: none yet */
    const char *quantity; /* decimal text in `unit`, or NULL */
    const char *unit;     /* MeasurementUnitOID, or NULL */
    const char *site;     /* where it is kept */
};

struct batch_release_data {
    const char *batch;
    const char *results; /* criteria met, out of specification, rejected */
    const char *physician_request, *sponsor_assessment, *subject_information; /* oos */
};

struct batch_recall_data {
    const char *batch;
};

struct dose_clear_data {
    const char *subject, *event;
    const char *act;   /* infusion, dose, condition */
    const char *batch; /* NULL: only where act is condition */
    const char *at;    /* RFC 3339: when the act is planned */
    const char *override_reason, *override_contact;
    const char *phone_number, *phone_by, *phone_at; /* phone_at: RFC 3339 */
};

struct subject_status_data {
    const char *subject;
    const char
        *status; /* eligible, randomised, screen failure, completed, withdrawn, dead */
};

#endif
