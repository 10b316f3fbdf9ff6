/* SPDX-License-Identifier: Apache-2.0 */
/*
** A step's record lives until the next one, so that of a form is read once more into the arena
** that stays.
*/
#include "clients/verify/books.h"

#include "crypto/jws.h"

static size_t place_of(const struct books *books, const char *subject)
{
    size_t low = 0, high = books->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(books->items[middle].subject, subject) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static struct subject_book *book_of(struct books *books, const char *subject)
{
    size_t at = place_of(books, subject);
    if (at < books->count && strcmp(books->items[at].subject, subject) == 0) {
        return &books->items[at];
    }
    (void) ARENA_PUSH(books->arena, books->items, books->count, books->capacity);
    memmove(&books->items[at + 1], &books->items[at],
            (books->count - 1 - at) * sizeof(books->items[0]));
    books->items[at] = (struct subject_book){.subject = arena_text(books->arena, subject)};
    return &books->items[at];
}

static status read_again(struct books *books, struct span body, struct record *ret_record,
                         struct outcome *ret_outcome, struct err *err)
{
    struct span rest = arena_span(books->arena, body);
    struct findings shape = {.arena = books->arena};
    struct span record_line, outcome_line;
    struct jws jws;
    if (!span_cut(&rest, '\n', &record_line) || !span_cut(&rest, '\n', &outcome_line)) {
        return FAIL(err, ERR_BAD_INPUT, "a body has no two lines");
    }
    TRY(jws_parse(record_line, books->arena, &jws, err));
    TRY(record_parse(jws.payload, books->arena, ret_record, &shape, err));
    return outcome_parse(outcome_line, books->arena, ret_outcome, err);
}

status books_take(struct books *books, const struct replay_step *step,
                  const struct body_line *body, const struct state *state, struct err *err)
{
    struct record record;
    struct outcome outcome;
    bool changes = step->record != NULL && step->record->subject != NULL &&
                   (step->record->is_form || step->record->type == RECORD_FORM_SIGN);
    if (!changes) {
        return OK;
    }
    struct entry_facts facts = {.seq = step->entry->seq,
                                .time = step->entry->time,
                                .actor = arena_span_text(books->arena, step->entry->actor),
                                .leaf = *step->leaf};
    TRY(read_again(books, body->body, &record, &outcome, err));
    struct subject_book *book = book_of(books, record.subject);
    const struct casebook *before = book->casebook.subject != NULL ? &book->casebook : NULL;
    book->casebook = fold_casebook(state, before, &facts, &record, &outcome, books->arena);
    return OK;
}
