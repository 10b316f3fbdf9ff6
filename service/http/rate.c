/* SPDX-License-Identifier: Apache-2.0 */
/*
** 512 sets of eight places. A bucket is kept as the instant at which it will be full again:
** one number says both how much is left and whether the place is free.
*/
#include "service/http/rate.h"

#include <sys/random.h>

#define SETS 512
#define WAYS 8

struct place {
    uint8_t key[16];
    instant full_at; /* in the past: a full bucket, so the place is free */
};

struct http_rate {
    uint64_t seed[2];
    instant each; /* the time in which one comes back */
    unsigned burst;
    struct place places[SETS][WAYS];
};

struct http_rate *http_rate_new(unsigned per_minute, unsigned burst)
{
    struct http_rate *rate = mem_alloc(sizeof(*rate));
    BUG_IF(per_minute == 0 || burst == 0);
    BUG_IF(getrandom(rate->seed, sizeof(rate->seed), 0) != (ssize_t) sizeof(rate->seed));
    rate->each = MINUTE / per_minute > 0 ? MINUTE / per_minute : 1;
    rate->burst = burst;
    memset(rate->places, 0, sizeof(rate->places));
    return rate;
}

void http_rate_free(struct http_rate *rate)
{
    free(rate);
}

static uint64_t mixed(uint64_t x)
{
    x ^= x >> 32;
    x *= UINT64_C(0xD6E8FEB86659FD93);
    x ^= x >> 32;
    x *= UINT64_C(0xD6E8FEB86659FD93);
    return x ^ (x >> 32);
}

static struct place *set_of(struct http_rate *rate, const uint8_t key[16])
{
    uint64_t half[2];
    memcpy(half, key, sizeof(half));
    return rate
        ->places[mixed(mixed(half[0] ^ rate->seed[0]) + half[1] + rate->seed[1]) % SETS];
}

static struct place *place_of(struct place *set, const uint8_t key[16])
{
    struct place *fullest = set;
    for (size_t i = 0; i < WAYS; i++) {
        if (memcmp(set[i].key, key, 16) == 0) {
            return &set[i];
        }
        fullest = set[i].full_at < fullest->full_at ? &set[i] : fullest;
    }
    memcpy(fullest->key, key, 16);
    fullest->full_at = 0;
    return fullest;
}

bool http_rate_take(struct http_rate *rate, const struct http_address *address, instant now)
{
    if (rate == NULL || address->is_local) {
        return true;
    }
    struct place *place = place_of(set_of(rate, address->key), address->key);
    instant full_at = (place->full_at > now ? place->full_at : now) + rate->each;
    if (full_at - now > rate->each * (instant) rate->burst) {
        return false;
    }
    place->full_at = full_at;
    return true;
}
