/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/attack/attacker.h"

#include "base/encode.h"
#include "crypto/merkle.h"

/* Append TEXT with each ":log" as the number of the first study's log. */
static void add_sql(struct bytes *out, const char *text)
{
    static const char number[] =
        "(select log_id from crfd.log where study = '" TRIAL_SLUG "')";
    for (const char *at = NULL; (at = strstr(text, ":log")) != NULL; text = at + 4) {
        bytes_add(out, text, (size_t) (at - text));
        bytes_add_text(out, number);
    }
    bytes_add_text(out, text);
}

char *attack_sql(struct trial *trial, const char *sql)
{
    CLEANUP(bytes_done) struct bytes text = {0};
    bytes_add_text(&text, "set session_replication_role = replica;"
                          "alter table crfd.entry drop constraint if exists entry_line_3,"
                          " drop constraint if exists entry_line_4,"
                          " drop constraint if exists entry_genesis,"
                          " drop constraint if exists entry_lines;");
    add_sql(&text, sql);
    return pgtmp_must(trial_superuser(trial), bytes_text(&text));
}

void attack_chain(struct trial *trial, uint64_t from)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    bytes_printf(
        &sql,
        "do $$ declare last bytea; at bigint; begin"
        " select leaf into last from crfd.entry where log_id = :log and seq = %llu - 1;"
        " for at in select seq from crfd.entry where log_id = :log and seq >= %llu"
        " order by seq loop"
        "  update crfd.entry set prev_leaf = last, entry = convert_to(regexp_replace("
        "   convert_from(entry, 'UTF8'), E'\\nprev [^\\n]*',"
        "   E'\\nprev ' || encode(last, 'base64')), 'UTF8')"
        "  where log_id = :log and seq = at returning leaf into last;"
        " end loop; end $$",
        (unsigned long long) from, (unsigned long long) from);
    free(attack_sql(trial, bytes_text(&sql)));
}

static void add_hash(struct bytes *sql, const struct digest *hash)
{
    bytes_add_text(sql, "'\\x");
    encode(HEX, span_of(hash->bytes, DIGEST_SIZE), sql);
    bytes_add_text(sql, "'::bytea");
}

/* All roots, and the roots of full tiles (a log of up to 65535 entries). */
static void add_tree(struct bytes *sql, const struct digest *leaves, size_t count,
                     struct frontier *ret_frontier)
{
    CLEANUP(bytes_done) struct bytes tiles = {0};
    struct frontier all = {0};
    struct frontier tile = {0};
    struct digest root;
    bytes_printf(
        sql, "insert into crfd.root values (:log, %zu, sha256('')) on conflict do nothing;",
        count);
    bytes_add_text(sql, "update crfd.root r set root = v.h from (values ");
    for (size_t i = 0; i < count; i++) {
        frontier_append(&all, &leaves[i]);
        frontier_append(&tile, &leaves[i]);
        frontier_root(&all, &root);
        bytes_printf(sql, "%s(%zu, ", i > 0 ? ", " : "", i + 1);
        add_hash(sql, &root);
        bytes_add_text(sql, ")");
        if (tile.size == 256) {
            frontier_root(&tile, &root);
            bytes_add_text(&tiles, "update crfd.stratum set hash = ");
            add_hash(&tiles, &root);
            bytes_printf(&tiles, " where log_id = :log and level = 8 and idx = %zu;",
                         i / 256);
            tile = (struct frontier){0};
        }
    }
    bytes_add_text(sql, ") v(s, h) where r.log_id = :log and r.size = v.s;");
    bytes_add_span(sql, span_bytes(&tiles));
    *ret_frontier = all;
}

void attack_tree(struct trial *trial)
{
    CLEANUP(bytes_done) struct bytes sql = {0};
    CLEANUP(bytes_done) struct bytes raw = {0};
    CLEANUP(bytes_done) struct bytes frontier = {0};
    CLEANUP(mem_freep)
    char *hex = attack_sql(trial, "select string_agg(encode(leaf, 'hex'), '' order by seq)"
                                  " from crfd.entry where log_id = :log");
    struct frontier all;
    struct digest root;
    if (!decode(HEX, span_text(hex), &raw)) {
        abort();
    }
    size_t count = raw.size / DIGEST_SIZE;
    struct digest *leaves = mem_alloc(count * sizeof(*leaves));
    memcpy(leaves, raw.data, count * sizeof(*leaves));
    add_tree(&sql, leaves, count, &all);
    frontier_root(&all, &root);
    frontier_encode(&all, &frontier);
    bytes_printf(&sql, "delete from crfd.root where log_id = :log and size > %zu;", count);
    bytes_printf(&sql, "update crfd.log set size = %zu, leaf = ", count);
    add_hash(&sql, &leaves[count - 1]);
    bytes_add_text(&sql, ", root = ");
    add_hash(&sql, &root);
    bytes_add_text(&sql, ", frontier = '\\x");
    encode(HEX, span_bytes(&frontier), &sql);
    bytes_add_text(&sql, "'::bytea where log_id = :log");
    free(leaves);
    free(attack_sql(trial, bytes_text(&sql)));
}
