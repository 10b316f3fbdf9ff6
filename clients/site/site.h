/* SPDX-License-Identifier: Apache-2.0 */
/*
** site: the commands of crf-site, for its table in main.c.
*/
#ifndef CRFD_CLIENTS_SITE_H
#define CRFD_CLIENTS_SITE_H

#include "clients/lib/client.h"

status site_enrol(struct invocation *run, struct err *err);   /* join.c */
status site_form(struct invocation *run, struct err *err);    /* submit.c */
status site_print(struct invocation *run, struct err *err);   /* submit.c */
status site_check(struct invocation *run, struct err *err);   /* submit.c */
status site_submit(struct invocation *run, struct err *err);  /* submit.c */
status site_fill(struct invocation *run, struct err *err);    /* fill.c */
status site_sae(struct invocation *run, struct err *err);     /* sae.c */
status site_opinion(struct invocation *run, struct err *err); /* opinion.c */
status site_sign(struct invocation *run, struct err *err);    /* sign.c */
status site_retract(struct invocation *run, struct err *err); /* retract.c */
status site_history(struct invocation *run, struct err *err); /* look.c */
status site_due(struct invocation *run, struct err *err);     /* due.c */
status site_status(struct invocation *run, struct err *err);  /* look.c */
status site_clear(struct invocation *run, struct err *err);   /* product.c */
status site_product(struct invocation *run, struct err *err); /* product.c */
status site_subject(struct invocation *run, struct err *err); /* product.c */
status site_drafts(struct invocation *run, struct err *err);  /* look.c */
status site_merge(struct invocation *run, struct err *err);   /* merge.c */

/* form --edit: PAGE in the person's editor, checked, signed and sent; edit.c */
MUST_USE status site_edit(struct client *client, struct bytes *page, struct err *err);

status site_import(struct invocation *run, struct err *err); /* import.c */

struct where;
/* Take back the one form that WHERE means, after asking why and whether; retract.c */
MUST_USE status site_retract_form(struct client *client, struct where *where,
                                  struct err *err);

extern const struct option OPINION_OPTIONS[], CLEAR_OPTIONS[], PRODUCT_OPTIONS[];
extern const struct option IMPORT_OPTIONS[], YES_OPTIONS[], FORM_OPTIONS[], CHECK_OPTIONS[],
    SAE_OPTIONS[], SIGN_OPTIONS[], RETRACT_OPTIONS[], MERGE_OPTIONS[];

#endif
