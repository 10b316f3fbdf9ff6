/* SPDX-License-Identifier: Apache-2.0 */
/*
** product_play: short ways to move a product in a scene, and the row that judges one. Each row
** is played in a small study with an autologous product, an allogeneic one, or both; the log
** must replay to the same tables, with today's engine deciding the same.
*/
#ifndef CRFD_TESTS_RECORD_PRODUCT_PLAY_H
#define CRFD_TESTS_RECORD_PRODUCT_PLAY_H

#include "protocol/record/state_product.h"
#include "tests/support/rows.h"
#include "tests/unit/record/play.h"

#define AUTOLOGOUS "tests/unit/record/product_autologous.xml"
#define ALLOGENEIC "tests/unit/record/product_allogeneic.xml"
#define OTHER_ONE  "008-L"
#define BATCH      "P1-007-B1"
#define EXPIRY     "2026-10-22T18:00:00+01:00"

#define FORM_OF(subject, event, form, state, items)                                        \
    "{\"SubjectKey\":\"" subject "\",\"StudyEventOID\":\"SE." event                        \
    "\",\"StudyEventRepeatKey\":null,\"FormOID\":\"F." form                                \
    "\",\"FormRepeatKey\":null,\"state\":\"" state                                         \
    "\",\"ItemGroupData\":[{\"ItemGroupOID\":\"IG." form                                   \
    "\",\"ItemGroupRepeatKey\":null,\"ItemData\":{" items "}}]}"

void product_receive(struct scene *s, const char *batch, const char *kind,
                     const char *parent, const char *donor, const char *expiry);
void product_submit(struct scene *s, enum who who, const char *data);
void product_release(struct scene *s, const char *batch, const char *results);
void product_recall(struct scene *s, const char *batch);
void product_clear(struct scene *s, const char *subject, const char *batch);
struct record product_clearance(struct scene *s, enum who who, const char *subject,
                                const char *batch);
void product_status(struct scene *s, const char *subject, const char *word);
const char *product_moment(struct scene *s, instant at);
void product_must_pass(struct scene *s);

/* Presented HOURS before now, born DAYS before it; eligible, exercised. */
void product_present(struct scene *s, const char *subject, int hours, int days);
void product_test_well(struct scene *s, const char *batch);
/* D-007, K-007 and BATCH, tested, not released */
void product_make_batch(struct scene *s, bool autologous);
/* All is right: 007-K may be given BATCH. */
void product_prepare(struct scene *s);
/* The bag's label, and that it was given a minute ago. */
void product_give(struct scene *s, const char *subject, const char *batch);

bool product_is_autologous(const struct scene *s);

enum { AUTO = 1, ALLO = 2, BOTH = 3 };

struct product_row {
    const char *name;
    void (*play)(struct scene *scene);
    int types;
    const char *rule; /* of the first finding of the last record; NULL: accepted */
};

void product_check(void **state);

#endif
