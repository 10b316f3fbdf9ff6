/* SPDX-License-Identifier: Apache-2.0 */
/*
** tile: how a log's hashes and entries are cut into files (C2SP tlog-tiles).
**
**     tile/<level>/<index>[.p/<width>]     256 hashes (8192 bytes) or WIDTH of them
**     tile/entries/<index>[.p/<width>]     256 entries or WIDTH of them, each behind its
**                                          length (2 bytes, big-endian)
**
** <index> is written in groups of three digits, all but the last with an x before them:
** 1234067 is x001/x234/067. Tile level L holds the hashes of tree level 8 L (merkle.h):
** hash i of tile n is the root of the full subtree (8 L, 256 n + i).
*/
#ifndef CRFD_CRYPTO_TILE_H
#define CRFD_CRYPTO_TILE_H

#include "base/bytes.h"

#define TILE_WIDTH     256
#define TILE_LEVEL_MAX 63
#define TILE_ENTRIES   (-1) /* in place of a level */

struct tile {
    int level; /* 0 to TILE_LEVEL_MAX, or TILE_ENTRIES */
    uint64_t index;
    unsigned width; /* 1 to TILE_WIDTH */
};

/* Append the path. */
void tile_path_format(const struct tile *tile, struct bytes *out);

/* Read a path; false for any other spelling. */
MUST_USE bool tile_path_parse(struct span path, struct tile *ret_tile);

/* How wide tile INDEX of LEVEL is in a log of SIZE entries: 0 (there is none) to
 * TILE_WIDTH. */
unsigned tile_width(int level, uint64_t index, uint64_t size);

/* Append an entry (at most 65535 bytes) to a bundle. */
void bundle_add(struct bytes *bundle, struct span entry);

/* Cut BUNDLE into exactly COUNT entries (borrowed); ERR_BAD_INPUT when it holds more,
 * fewer, or a cut one; ret_entries is filled as far as it went. */
MUST_USE status bundle_parse(struct span bundle, size_t count, struct span *ret_entries,
                             struct err *err);

#endif
