/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/quota.h"

#include "base/text.h"
#include "crypto/key.h"
#include "service/flow/ledger.h"

/* A fixed number of keys is watched at once; the one idle the longest makes room. */
#define WATCHED 256

struct period {
    char kid[KEY_THUMBPRINT_SIZE + 1];
    instant began;
    size_t taken;
};

struct quota {
    struct period refusals[WATCHED], blobs[WATCHED];
};

struct quota *quota_new(void)
{
    return mem_alloc(sizeof(struct quota));
}

/* What KID has taken since its period of LENGTH began. */
static size_t *taken_by(struct period periods[WATCHED], const char *kid, instant now,
                        instant length)
{
    struct period *mine = &periods[0];
    for (size_t i = 0; i < WATCHED; i++) {
        if (strcmp(periods[i].kid, kid) == 0) {
            mine = &periods[i];
            break;
        }
        mine = periods[i].began < mine->began ? &periods[i] : mine;
    }
    if (strcmp(mine->kid, kid) != 0 || now - mine->began >= length) {
        (void) text_copy(mine->kid, sizeof(mine->kid), kid);
        mine->began = now;
        mine->taken = 0;
    }
    return &mine->taken;
}

bool quota_take(struct ledger *ledger, const char *kid)
{
    instant now = clock_monotonic(ledger->service->clock);
    size_t *taken = taken_by(ledger->quota->refusals, kid, now, MINUTE);
    bool fits = *taken < QUOTA_REFUSALS;
    *taken += fits ? 1 : 0;
    return fits;
}

bool quota_take_blob(struct ledger *ledger, const char *kid, size_t size)
{
    instant now = clock_monotonic(ledger->service->clock);
    size_t most = QUOTA_BLOBS * ledger->service->blob_limit;
    size_t *taken = taken_by(ledger->quota->blobs, kid, now, HOUR);
    bool fits = size <= most && *taken <= most - size;
    *taken += fits ? size : 0;
    return fits;
}
