/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flow/quota.h"

#include "base/text.h"
#include "crypto/key.h"
#include "service/flow/ledger.h"

/* A fixed number of keys is watched at once; the one idle the longest makes room. */
#define WATCHED 256

struct minute {
    char kid[KEY_THUMBPRINT_SIZE + 1];
    instant began;
    unsigned count;
};

struct quota {
    struct minute minutes[WATCHED];
};

struct quota *quota_new(void)
{
    return mem_alloc(sizeof(struct quota));
}

bool quota_take(struct ledger *ledger, const char *kid)
{
    struct minute *minutes = ledger->quota->minutes;
    struct minute *mine = &minutes[0];
    instant now = clock_monotonic(ledger->service->clock);
    for (size_t i = 0; i < WATCHED; i++) {
        if (strcmp(minutes[i].kid, kid) == 0) {
            mine = &minutes[i];
            break;
        }
        mine = minutes[i].began < mine->began ? &minutes[i] : mine;
    }
    if (strcmp(mine->kid, kid) != 0 || now - mine->began >= MINUTE) {
        (void) text_copy(mine->kid, sizeof(mine->kid), kid);
        mine->began = now;
        mine->count = 0;
    }
    if (mine->count >= QUOTA_REFUSALS) {
        return false;
    }
    mine->count++;
    return true;
}
