/* SPDX-License-Identifier: Apache-2.0 */
/*
** api: the routes of crfd (RECORDS.md chapter 10), described by openapi.json beside this
** file.
**
** Each file of this folder is one group of routes: its steps first, then their functions in
** the same order. routes.c is the table of them all.
*/
#ifndef CRFD_SERVICE_API_H
#define CRFD_SERVICE_API_H

#include "service/flow/flow.h"

/* Serve SERVICE's routes; give its result to http_server_open(). The study routes alone,
 * or with those of the operator (healthz, readyz, metrics). SERVICE is borrowed for
 * life. */
struct http_handler api_handler(struct service *service);
struct http_handler api_operator_handler(struct service *service);

/* ---- shared by the files of this folder ---- */

/* Step: ERR_UNAVAILABLE while the study is still being read: before that nobody is enrolled
 * and nothing is there, which must not be the answer. (reader.c) */
status api_loaded(struct flow *flow, struct err *err);
/* The same for writes, and refused when the log is halted. */
status api_writable(struct flow *flow, struct err *err);

/* Step: who reads? 401 unless an enrolled, confirmed key signed the assertion.
 * (reader.c) */
status api_reader(struct flow *flow, struct err *err);
/* A key is unknown here: read what another crfd may have written, then the step ends as AGAIN
 * says; at once when it cannot be asked now. AGAIN must not wait. */
status api_newcomer(struct flow *flow, status (*again)(struct flow *flow, struct err *err),
                    struct err *err);
/* The same for PUT blobs: sponsor, data manager; the configured founder of an empty log. */
status api_reader_or_founder(struct flow *flow, struct err *err);

/* Step: the reader holds some role now (a key alone opens its own answers and receipts). */
status api_member(struct flow *flow, struct err *err);

/* What the reader may see of SITE's subjects (NULL: of subjects of no site). (sight.c) */
enum sight {
    SIGHT_NOTHING,
    SIGHT_NAMED, /* only forms whose definition names one of his roles */
    SIGHT_ALL,
};
enum sight api_sight(const struct flow *flow, const char *site);
/* May he see this object? Study-level objects (people, sites, locks, ...) are
 * everybody's who holds a role. Memory: the flow's arena. */
/* The site of a subject, or of a batch of the product ledger; NULL: neither. */
const char *api_site_of(const struct flow *flow, const char *subject);
bool api_sees_object(const struct flow *flow, struct span object);
/* May he see the body of ENTRY? What his own key signed: yes. The body of a refusal names
 * another object than its entry does. */
struct entry;
bool api_sees_body(const struct flow *flow, const struct entry *entry, struct span body);

/* Begin and end the shape of every list: {"items":[...],"next":...}. (lists.c) */
void api_page_begin(struct json_out *json);
void api_page_end(struct json_out *json, const char *next);
#define API_PAGE 500
/* Step's end: one page over ROWS, by their first column behind ?after=; WRITE returns false
 * for a row that this reader does not see. */
status api_answer_rows(struct flow *flow, struct rows rows,
                       bool (*write)(struct flow *flow, const struct row *row,
                                     struct json_out *json));

/* Append the numbers of safety to the metrics. (safety.c) */
void api_safety_metrics(const struct service *service, struct bytes *out);

/* The largest number of a decimal path or query parameter; false for anything else. */
bool api_number(struct span text, uint64_t *ret_number);

/* steps, by file */
extern const struct step api_submit[], api_answer[];                  /* records.c */
extern const struct step api_put_blob[], api_get_blob[];              /* blobs.c */
extern const struct step api_studies[], api_passport[];               /* studies.c */
extern const struct step api_checkpoint[], api_tile[], api_receipt[]; /* log.c */
extern const struct step api_safety[];                                /* safety.c */
extern const struct step api_bodies[];                                /* bodies.c */
extern const struct step api_subjects[], api_casebook[];              /* subjects.c */
extern const struct step api_history[], api_people[], api_sites[],
    api_queries[]; /* lists.c */
extern const struct step api_healthz[], api_readyz[], api_metrics[],
    api_openapi[]; /* operator.c */

#endif
