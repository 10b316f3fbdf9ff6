/* SPDX-License-Identifier: Apache-2.0 */
/*
** box: the files of a bundle in memory, made from a scene's log.
*/
#ifndef CRFD_TESTS_RECORD_BOX_H
#define CRFD_TESTS_RECORD_BOX_H

#include "protocol/record/bundle.h"
#include "tests/unit/record/scene.h"

#define BOX_FILES_MAX 2000

struct file {
    char name[256];
    struct bytes data;
    instant time;
};

struct box {
    struct file files[BOX_FILES_MAX];
    size_t count;
    bool open;
};

struct packed {
    struct scene *scene;
    struct replay *replay;
    struct bytes xml;
    struct box *box;
    struct digest sums;
};

/* Replays the log of SCENE (taken over), whose definition is the file XML. */
struct packed box_prepare(struct scene *scene, const char *xml);
void box_done(struct packed *packed);
void box_free(struct box *box);

/* What bundle_write() needs; DEFINITION is filled and borrowed. */
struct bundle_source box_source(struct packed *packed,
                                struct bundle_definition *definition);
struct bundle_writer box_writer(struct box *box);
status box_pack(struct packed *packed, struct err *err);
status box_pack_deidentified(struct packed *packed, struct span secret, struct err *err);

/* A log's entry and salt || body, as they are. */
status box_read(void *arg, int64_t seq, struct bytes *entry, struct bytes *body,
                bool *ret_withheld, struct err *err);

const struct file *box_find(const struct box *box, const char *name);
void box_has(const struct box *box, const char *name, const char *text);
void box_lacks(const struct box *box, const char *name, const char *text);

#endif
