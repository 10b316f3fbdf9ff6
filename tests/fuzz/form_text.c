/* SPDX-License-Identifier: Apache-2.0 */
/*
** Any bytes as a page of text for MABS06. Whatever is read is annotated without losing a byte:
** the page without its remarks is the page that came, and annotating again changes nothing.
*/
#include "clients/lib/form_text.h"
#include "protocol/study/messages.h"
#include "protocol/study/odm.h"
#include "tests/fuzz/mabs06.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void without_remarks(struct span text, struct bytes *out)
{
    bool first = true;
    while (text.size > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        size_t length = end != NULL ? (size_t) (end - text.data) + 1 : text.size;
        struct span line = span_of(text.data, length);
        if (first && span_starts(line, "\xEF\xBB\xBF")) {
            bytes_add(out, line.data, 3);
            line = span_of(line.data + 3, line.size - 3);
        }
        if (!span_starts(line, "#!")) {
            bytes_add_span(out, line);
        }
        text = span_of(text.data + length, text.size - length);
        first = false;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(bytes_done) struct bytes once = {0}, twice = {0}, typed = {0}, kept = {0};
    struct text_form_context context = {
        .version = fuzz_mabs06(),
        .typed = {.arena = arena, .language = LANGUAGES[size % LANGUAGES_SPOKEN]}};
    struct text_form form;
    if (text_form_read(span_of(data, size), &context, &form, NULL) != OK) {
        return 0;
    }
    for (size_t i = 0; i < form.section_count; i++) {
        text_form_complete(&form, &form.sections[i], NULL);
    }
    text_form_annotate(&form, &once);
    without_remarks(span_of(data, size), &typed);
    without_remarks(span_bytes(&once), &kept);
    BUG_IF(!span_equal(span_bytes(&typed), span_bytes(&kept)));
    BUG_IF(text_form_read(span_bytes(&once), &context, &form, NULL) != OK);
    text_form_annotate(&form, &twice);
    without_remarks(span_bytes(&twice), &kept);
    return 0;
}
