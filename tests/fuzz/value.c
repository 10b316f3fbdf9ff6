/* SPDX-License-Identifier: Apache-2.0 */
/*
** value: any text against any type (the first byte chooses): what is accepted is well-formed
** inside, dates have an order, decimals print and read back the same, a subject key verifies.
*/
#include "protocol/study/value.h"
#include "protocol/study/subject_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_decimal(struct decimal value)
{
    char text[DECIMAL_SIZE];
    struct decimal back = {0}, sum = {0};
    BUG_IF(decimal_compare(value, value) != 0);
    if (decimal_format(value, text)) {
        /* 5E32 prints more digits than a text may have */
        bool read = decimal_parse(span_text(text), false, &back);
        BUG_IF(!read && strlen(text) <= DECIMAL_DIGITS);
        BUG_IF(read && decimal_compare(value, back) != 0);
    }
    if (decimal_add(value, decimal_of(1), &sum)) {
        BUG_IF(decimal_compare(sum, value) <= 0);
    }
    (void) decimal_multiply(value, value, &sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct zone zone = {.fixed = 60};
    struct value value;
    if (size == 0) {
        return 0;
    }
    enum data_type type = (enum data_type)(data[0] % (TYPE_URI + 1));
    struct span text = span_of(data + 1, size - 1);
    char check = subject_key_character("mod23", text);
    BUG_IF(check < 'A' || check > 'Y');
    if (!value_parse(type, text, &zone, &value)) {
        return 0;
    }
    BUG_IF(text.size == 0 || value.when.earliest > value.when.latest);
    BUG_IF(value.wall.earliest > value.wall.latest);
    BUG_IF(interval_before(value.when, value.when) == YES);
    int order = 0;
    BUG_IF(value_order(&value, &value, &order) == YES && order != 0);
    if (data_type_is_number(type)) {
        check_decimal(value.number);
    }
    return 0;
}
