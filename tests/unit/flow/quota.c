/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/quota.h"

#include "service/flow/ledger.h"
#include "tests/support/rows.h"

static instant now_at;

static instant tell(void *arg)
{
    (void) arg;
    return now_at;
}

static const struct clock hand = {.now = tell, .monotonic = tell};

static const struct row_of {
    const char *name;
    unsigned before; /* refusals of this key so far */
    instant pause;   /* then */
    unsigned others; /* refusals of other keys, one each, then */
    bool allowed;
} rows[] = {
    {"the first refusal is logged", 0, 0, 0, true},
    {"the tenth is", 9, 0, 0, true},
    {"the eleventh in a minute is not", 10, 0, 0, false},
    {"not at the minute's last second either", 10, 59 * SECOND, 0, false},
    {"after a minute it is again", 10, MINUTE, 0, true},
    {"others have their own", 10, 0, 100, false},
    {"more keys than are watched let the oldest go", 10, SECOND, 300, true},
};

static void check(void **state)
{
    const struct row_of *row = *state;
    struct service service = {.clock = &hand};
    struct ledger ledger = {.service = &service, .quota = quota_new()};
    now_at = 1000 * DAY;
    for (unsigned i = 0; i < row->before; i++) {
        assert_true(quota_take(&ledger, "mine"));
    }
    now_at += row->pause;
    for (unsigned i = 0; i < row->others; i++) {
        char kid[24];
        (void) snprintf(kid, sizeof(kid), "other-%u", i);
        now_at++;
        assert_true(quota_take(&ledger, kid));
    }
    assert_int_equal(quota_take(&ledger, "mine"), row->allowed);
    free(ledger.quota);
}

static void check_blobs(void **state)
{
    (void) state;
    struct service service = {.clock = &hand, .blob_limit = 1000};
    struct ledger ledger = {.service = &service, .quota = quota_new()};
    now_at = 1000 * DAY;
    for (unsigned i = 0; i < QUOTA_BLOBS - 1; i++) {
        assert_true(quota_take_blob(&ledger, "mine", 1000));
    }
    assert_false(quota_take_blob(&ledger, "mine", 1001));
    assert_false(quota_take_blob(&ledger, "mine", SIZE_MAX));
    assert_true(quota_take_blob(&ledger, "mine", 1000));
    assert_false(quota_take_blob(&ledger, "mine", 1));
    assert_true(quota_take_blob(&ledger, "other", 1));
    assert_true(quota_take(&ledger, "mine")); /* refusals are counted apart */
    now_at += HOUR;
    assert_true(quota_take_blob(&ledger, "mine", 1000));
    free(ledger.quota);
}

int main(void)
{
    add_rows(rows, ARRAY_LEN(rows), sizeof(rows[0]), check);
    add_test("a key stores blobs of a few times the largest size in an hour", check_blobs);
    return run_added("quota");
}
