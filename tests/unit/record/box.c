/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/record/box.h"

#include "tests/support/files.h"
#include "tests/support/rows.h"

static status begin(void *arg, const char *name, instant time, struct err *err)
{
    (void) err;
    struct box *box = arg;
    assert_false(box->open);
    assert_true(box->count < ARRAY_LEN(box->files));
    struct file *file = &box->files[box->count++];
    snprintf(file->name, sizeof(file->name), "%s", name);
    file->time = time;
    box->open = true;
    return OK;
}

static status data(void *arg, struct span span, struct err *err)
{
    (void) err;
    struct box *box = arg;
    bytes_add_span(&box->files[box->count - 1].data, span);
    return OK;
}

static status end(void *arg, struct err *err)
{
    (void) err;
    struct box *box = arg;
    box->open = false;
    return OK;
}

status box_read(void *arg, int64_t seq, struct bytes *entry, struct bytes *body,
                bool *ret_withheld, struct err *err)
{
    (void) err;
    const struct scene *scene = arg;
    const struct logged *logged = &scene->log[seq];
    bytes_add_span(entry, span_bytes(&logged->entry));
    bytes_add(body, logged->salt, SALT_SIZE);
    bytes_add_span(body, span_bytes(&logged->body));
    *ret_withheld = false;
    return OK;
}

struct bundle_writer box_writer(struct box *box)
{
    return (struct bundle_writer){begin, data, end, box};
}

struct bundle_source box_source(struct packed *packed, struct bundle_definition *definition)
{
    *definition = (struct bundle_definition){
        packed->scene->sha256, span_bytes(&packed->xml), packed->scene->study};
    return (struct bundle_source){.replay = packed->replay,
                                  .read = box_read,
                                  .arg = packed->scene,
                                  .definitions = definition,
                                  .definition_count = 1,
                                  .checkpoint = SPAN_LITERAL("a note\n"),
                                  .vkey = "edc.example.org+1+key"};
}

status box_pack(struct packed *packed, struct err *err)
{
    struct bundle_definition definition;
    struct bundle_source source = box_source(packed, &definition);
    struct bundle_writer writer = box_writer(packed->box);
    return bundle_write(&source, &writer, &packed->sums, err);
}

status box_pack_deidentified(struct packed *packed, struct span secret, struct err *err)
{
    struct bundle_definition definition;
    struct bundle_source source = box_source(packed, &definition);
    struct bundle_writer writer = box_writer(packed->box);
    return bundle_write_deidentified(&source, secret, &writer, &packed->sums, err);
}

struct packed box_prepare(struct scene *scene, const char *xml)
{
    struct packed packed = {.scene = scene, .xml = read_file(xml)};
    struct replay_options options = scene_replay_options(scene);
    options.definitions = NULL;
    packed.replay = replay_new(&options);
    assert_int_equal(scene_replay(scene, packed.replay, NULL), OK);
    packed.box = mem_alloc(sizeof(*packed.box));
    return packed;
}

void box_free(struct box *box)
{
    for (size_t i = 0; i < box->count; i++) {
        bytes_done(&box->files[i].data);
    }
    free(box);
}

void box_done(struct packed *packed)
{
    box_free(packed->box);
    replay_free(packed->replay);
    bytes_done(&packed->xml);
    scene_free(packed->scene);
}

const struct file *box_find(const struct box *box, const char *name)
{
    for (size_t i = 0; i < box->count; i++) {
        if (strcmp(box->files[i].name, name) == 0) {
            return &box->files[i];
        }
    }
    fail_msg("%s is not in the bundle", name);
    return NULL;
}

void box_has(const struct box *box, const char *name, const char *text)
{
    const struct file *file = box_find(box, name);
    if (strstr(bytes_text(&file->data), text) == NULL) {
        print_error("%s lacks %s:\n%s\n", name, text, bytes_text(&file->data));
        fail();
    }
}

void box_lacks(const struct box *box, const char *name, const char *text)
{
    const struct file *file = box_find(box, name);
    if (strstr(bytes_text(&file->data), text) != NULL) {
        fail_msg("%s has %s", name, text);
    }
}
