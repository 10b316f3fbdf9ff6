/* SPDX-License-Identifier: Apache-2.0 */
/*
** One connection is one small machine. Every move is one function:
**
**              connect()                 prepared()                begin_ask()
**      DOWN ------------> CONNECTING ------------------> IDLE <=================> BUSY
**       ^                     |                            |       finish_ask()     |
**       +---------------------+------- lose(), reset ------+------------------------+
**
** - DOWN: no PGconn. The retry timer is set, unless the connection is taken.
** - CONNECTING: first libpq's own steps (`polling`), then two asks of ours: the settings, and
**   the preparation of every statement. The deadline covers all of it.
** - IDLE: in pipeline mode, nothing under way; the socket is watched, so that a server that
**   goes away is noticed at once.
** - BUSY: one ask is under way; the deadline is the asker's.
**
** Rules that libpq makes: the socket may change between PQconnectPoll calls, so the watch is
** made anew each time; after PQflush said 1 we wait for both directions and read before we
** flush again; after each PQconsumeInput all results are taken (with TLS the socket may be
** silent while libpq holds bytes); a lost connection never sends its Sync, so a NULL too many
** is a loss. PQcancel blocks and is not used: a deadline closes the connection.
**
** An ask is moved out of the machine before its callback is called, and nothing is touched
** after: the callback may ask again, give the connection back, or free the pool.
*/
#include <sys/socket.h>

#include "service/pg/pg_private.h"

#define RETRY_FIRST (SECOND / 20)
#define RETRY_MOST  (5 * SECOND)

enum pg_state { PG_DOWN, PG_CONNECTING, PG_IDLE, PG_BUSY };

struct ask {
    struct pg_batch *batch; /* NULL: no ask */
    pg_done done;
    void *arg;
    struct pg_rows *rows; /* one for each call */
    size_t at;            /* the call whose results come now */
    bool got_result;      /* of call `at`, since the last NULL */
    bool is_sent;         /* completely */
    bool may_commit;
    bool has_failed; /* with `err` at call `failed` */
    size_t failed;
    struct err err;
};

struct pg {
    struct loop *loop;
    const struct pg_options *options;
    pg_changed changed;
    void *owner;
    enum pg_state state;
    bool is_taken;
    PGconn *conn;
    bool is_polling; /* libpq is still connecting */
    struct loop_watch *watch;
    int wishes;
    struct loop_timer *retry, *deadline;
    instant retry_after;
    struct ask ask;
    bool is_broken; /* the ask could not be sent: deadline() tells why, in the next turn */
    bool not_durable;
    bool in_transaction;
    bool has_error;
    struct err last_error;
    instant settings_sent; /* wall clock */
    instant clock_difference;
};

static void connect_now(void *arg);
static void deadline_passed(void *arg);
static void ready(void *arg, int wishes);

struct pg *pg_new(struct loop *loop, const struct pg_options *options, pg_changed changed,
                  void *owner)
{
    struct pg *pg = mem_alloc(sizeof(*pg));
    *pg = (struct pg){.loop = loop,
                      .options = options,
                      .changed = changed,
                      .owner = owner,
                      .retry_after = RETRY_FIRST};
    pg->watch = loop_watch_new(loop, ready, pg);
    pg->retry = loop_timer_new(loop, connect_now, pg);
    pg->deadline = loop_timer_new(loop, deadline_passed, pg);
    loop_timer_set(pg->retry, 0);
    return pg;
}

bool pg_is_idle(const struct pg *pg)
{
    return pg->state == PG_IDLE;
}

bool pg_is_up(const struct pg *pg)
{
    return pg->state == PG_IDLE || pg->state == PG_BUSY;
}

bool pg_is_taken(const struct pg *pg)
{
    return pg->is_taken;
}

void pg_set_taken(struct pg *pg, bool is_taken)
{
    pg->is_taken = is_taken;
}

const struct err *pg_last_error(const struct pg *pg)
{
    return pg->has_error ? &pg->last_error : NULL;
}

instant pg_clock_difference(const struct pg *pg, instant *ret_measured)
{
    *ret_measured = pg->settings_sent;
    return pg->clock_difference;
}

/* ---- asks: begin, end ---- */

static void ask_release(struct ask *ask)
{
    if (ask->batch != NULL) {
        for (size_t i = 0; i < ask->batch->call_count; i++) {
            PQclear(ask->rows[i].result);
        }
        free(ask->rows);
        pg_batch_free(ask->batch);
    }
}

static struct ask take_ask(struct pg *pg)
{
    struct ask ask = pg->ask;
    pg->ask = (struct ask){0};
    return ask;
}

/* Call back and release; ERR NULL: good. ASK is no longer the machine's. */
static void answer(struct ask *ask, const struct err *err, bool is_unknown)
{
    size_t count = ask->batch->call_count;
    const struct pg_rows **rows = mem_alloc(count * sizeof(*rows));
    for (size_t i = 0; i < count; i++) {
        rows[i] = &ask->rows[i];
    }
    struct pg_answer reply = {
        .status = err == NULL ? OK : err->kind,
        .err = err,
        .failed = ask->has_failed ? ask->failed : 0,
        .unknown = is_unknown,
        .count = err == NULL ? count : 0,
        .rows = rows,
    };
    ask->done(ask->arg, &reply);
    free(rows);
    ask_release(ask);
}

/* ---- the connection: lose, flush ---- */

static void watch(struct pg *pg, int wishes)
{
    if (pg->wishes != wishes) {
        pg->wishes = wishes;
        loop_watch_set(pg->watch, pg->conn != NULL ? PQsocket(pg->conn) : -1, wishes);
    }
}

static void disconnect(struct pg *pg)
{
    watch(pg, 0);
    PQfinish(pg->conn);
    pg->conn = NULL;
    pg->is_polling = false;
    pg->is_broken = false;
    pg->not_durable = false;
    pg->in_transaction = false;
    pg->state = PG_DOWN;
    loop_timer_clear(pg->deadline);
}

static void retry_later(struct pg *pg)
{
    loop_timer_set(pg->retry, loop_now(pg->loop) + pg->retry_after);
    pg->retry_after = pg->retry_after * 2 < RETRY_MOST ? pg->retry_after * 2 : RETRY_MOST;
}

/* Any state -> DOWN. Whoever asked gets WHY, or what PostgreSQL said before it hung up. */
static void lose(struct pg *pg, const struct err *why)
{
    struct ask ask = take_ask(pg);
    bool was_up = pg_is_up(pg);
    struct err err = ask.batch != NULL && ask.has_failed ? ask.err : *why;
    disconnect(pg);
    pg->has_error = true;
    pg->last_error = err;
    if (!pg->is_taken) {
        retry_later(pg);
    }
    pg->changed(pg->owner);
    if (ask.batch != NULL && was_up) {
        answer(&ask, &err, ask.may_commit);
    } else {
        ask_release(&ask); /* our own, of the connect */
    }
}

/* The ask being complete in the socket, is it the one that a test wants to lose? */
static bool is_cut(struct pg *pg)
{
    struct pg_cut *cut = pg->options->cut;
    if (pg->ask.batch == NULL || pg->ask.is_sent) {
        return false;
    }
    pg->ask.is_sent = true;
    if (cut == NULL || pg->state != PG_BUSY) {
        return false;
    }
    cut->asked++;
    return cut->asked == cut->after;
}

static status flush(struct pg *pg, struct err *err)
{
    int left = PQflush(pg->conn);
    if (left < 0) {
        return pg_connection_error(pg->conn, "sending to PostgreSQL", err);
    }
    watch(pg, left > 0 ? LOOP_READ | LOOP_WRITE : LOOP_READ);
    if (left == 0 && is_cut(pg)) {
        (void) shutdown(PQsocket(pg->conn), SHUT_RDWR);
        return FAIL(err, ERR_UNAVAILABLE, "the connection was cut by the test hook");
    }
    return OK;
}

/* Send BATCH and its Sync. What fails here is told in the next turn, by deadline_passed(). */
static void begin_ask(struct pg *pg, struct pg_batch *batch, pg_done done, void *arg)
{
    BUG_IF(pg->ask.batch != NULL || batch->call_count == 0);
    pg->ask = (struct ask){.batch = batch, .done = done, .arg = arg};
    pg->ask.rows = mem_alloc(batch->call_count * sizeof(struct pg_rows));
    pg->ask.may_commit = pg_batch_may_commit(batch, pg->in_transaction);
    bool good = true;
    for (size_t i = 0; good && i < batch->call_count; i++) {
        pg->ask.rows[i].statement = batch->calls[i].statement;
        good = pg_batch_send(batch, i, pg->conn);
    }
    good = good && PQpipelineSync(pg->conn) == 1;
    struct err err;
    status sent = good ? flush(pg, &err)
                       : pg_connection_error(pg->conn, "sending to PostgreSQL", &err);
    if (sent != OK) {
        pg->is_broken = true;
        pg->last_error = err;
        watch(pg, 0);
        loop_timer_set(pg->deadline, 0);
    }
}

status pg_ask(struct pg *pg, struct pg_batch *batch, instant deadline, pg_done done,
              void *arg, struct err *err)
{
    BUG_IF(pg->state == PG_BUSY);
    if (pg->state != PG_IDLE) {
        pg_batch_free(batch);
        return FAIL(err, ERR_UNAVAILABLE, "the connection to PostgreSQL was lost");
    }
    pg->state = PG_BUSY;
    loop_timer_set(pg->deadline, deadline);
    begin_ask(pg, batch, done, arg);
    return OK;
}

/* BUSY -> IDLE; in CONNECTING the state is the callback's to change. */
static void finish_ask(struct pg *pg)
{
    struct ask ask = take_ask(pg);
    struct err err = ask.err;
    bool not_durable = pg->not_durable;
    PGTransactionStatusType in = PQtransactionStatus(pg->conn);
    pg->in_transaction = in == PQTRANS_INTRANS || in == PQTRANS_INERROR;
    pg->not_durable = false;
    if (pg->state == PG_BUSY) {
        pg->state = PG_IDLE;
        loop_timer_clear(pg->deadline);
    }
    if (not_durable && !ask.has_failed) {
        (void) FAIL(&err, ERR_UNAVAILABLE,
                    "the synchronous standby did not confirm the commit");
    }
    answer(&ask, ask.has_failed || not_durable ? &err : NULL, not_durable);
}

/* ---- results ---- */

static void note_failure(struct ask *ask, const struct err *err)
{
    if (!ask->has_failed) {
        ask->has_failed = true;
        ask->failed = ask->at;
        ask->err = *err;
    }
}

static void keep_rows(struct ask *ask, PGresult *result)
{
    struct pg_rows *rows = &ask->rows[ask->at];
    struct err err;
    PQclear(rows->result);
    rows->result = result;
    if (!ask->batch->calls[ask->at].prepare && pg_rows_check(rows, &err) != OK) {
        note_failure(ask, &err);
    }
}

/* A result of call `at`, not the Sync. Takes RESULT over. */
static void take_call_result(struct ask *ask, PGresult *result)
{
    ExecStatusType kind = PQresultStatus(result);
    struct err err;
    ask->got_result = true;
    if (kind == PGRES_TUPLES_OK || kind == PGRES_COMMAND_OK) {
        keep_rows(ask, result);
        return;
    }
    if (kind != PGRES_PIPELINE_ABORTED) { /* that only echoes an earlier error */
        (void) pg_result_error(result, ask->rows[ask->at].statement, &err);
        note_failure(ask, &err);
    }
    PQclear(result);
}

/* Take what libpq has, until it would wait. Calls back or loses at most once, and last. */
static void take_results(struct pg *pg)
{
    struct ask *ask = &pg->ask;
    while (PQisBusy(pg->conn) == 0) {
        PGresult *result = PQgetResult(pg->conn);
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            finish_ask(pg);
            return;
        }
        bool is_out_of_step =
            ask->at >= ask->batch->call_count || (result == NULL && !ask->got_result);
        if (is_out_of_step || PQstatus(pg->conn) == CONNECTION_BAD) {
            struct err err;
            PQclear(result);
            (void) pg_connection_error(pg->conn, "the connection to PostgreSQL was lost",
                                       &err);
            lose(pg, &err);
            return;
        }
        if (result != NULL) {
            take_call_result(ask, result);
        } else {
            ask->at++;
            ask->got_result = false;
        }
    }
}

/* ---- connecting ---- */

/* The third way a commit may not be durable: someone cancelled the wait for the synchronous
 * standby; PostgreSQL then says success, and this. The text may be translated, the
 * function's name is not. */
static void receive_notice(void *arg, const PGresult *result)
{
    struct pg *pg = arg;
    const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if ((function != NULL && strcmp(function, "SyncRepWaitForLSN") == 0) ||
        (message != NULL && strstr(message, "wait for synchronous replication") != NULL)) {
        pg->not_durable = true;
    }
}

static void prepared(void *arg, const struct pg_answer *reply)
{
    struct pg *pg = arg;
    if (reply->status != OK) {
        lose(pg, reply->err);
        return;
    }
    pg->state = PG_IDLE;
    pg->has_error = false;
    pg->retry_after = RETRY_FIRST;
    loop_timer_clear(pg->deadline);
    pg->changed(pg->owner);
}

static void settings_came(void *arg, const struct pg_answer *reply)
{
    struct pg *pg = arg;
    struct err err;
    if (pg_setup_judge(pg->options, reply, pg->settings_sent, clock_now(&clock_system),
                       &pg->clock_difference, &err) != OK) {
        lose(pg, &err);
        return;
    }
    begin_ask(pg, pg_setup_prepare(pg->options), prepared, pg);
}

static void begin_setup(struct pg *pg)
{
    struct err err;
    pg->is_polling = false;
    if (PQsetnonblocking(pg->conn, 1) != 0 || PQenterPipelineMode(pg->conn) != 1) {
        (void) pg_connection_error(pg->conn, "setting up the connection", &err);
        lose(pg, &err);
        return;
    }
    pg->settings_sent = clock_now(&clock_system);
    begin_ask(pg, pg_setup_settings(pg->options), settings_came, pg);
}

static void watch_anew(struct pg *pg, int wishes)
{
    pg->wishes = wishes;
    loop_watch_set(pg->watch, PQsocket(pg->conn), wishes);
}

static void poll_connection(struct pg *pg)
{
    struct err err;
    switch (PQconnectPoll(pg->conn)) {
    case PGRES_POLLING_READING:
        watch_anew(pg, LOOP_READ);
        return;
    case PGRES_POLLING_WRITING:
        watch_anew(pg, LOOP_WRITE);
        return;
    case PGRES_POLLING_OK:
        watch_anew(pg, LOOP_READ);
        begin_setup(pg);
        return;
    case PGRES_POLLING_FAILED:
    case PGRES_POLLING_ACTIVE:
    default:
        (void) pg_connection_error(pg->conn, "connecting to PostgreSQL", &err);
        lose(pg, &err);
        return;
    }
}

/* DOWN -> CONNECTING: the retry timer fired. */
static void connect_now(void *arg)
{
    struct pg *pg = arg;
    const char *const names[] = {"dbname", "client_encoding", "gssencmode",
                                 "fallback_application_name", NULL};
    const char *const values[] = {pg->options->conninfo, "UTF8", "disable", "crfd", NULL};
    BUG_IF(pg->state != PG_DOWN);
    pg->state = PG_CONNECTING;
    loop_timer_set(pg->deadline, loop_now(pg->loop) + pg->options->connect_limit);
    pg->conn = PQconnectStartParams(names, values, 1);
    if (pg->conn == NULL) {
        die(WHERE, "out of memory");
    }
    if (PQstatus(pg->conn) == CONNECTION_BAD) {
        struct err err;
        (void) pg_connection_error(pg->conn, "connecting to PostgreSQL", &err);
        lose(pg, &err);
        return;
    }
    (void) PQsetNoticeReceiver(pg->conn, receive_notice, pg);
    pg->is_polling = true;
    watch_anew(pg, LOOP_WRITE); /* as after POLLING_WRITING, says libpq */
}

/* ---- events ---- */

static void ready(void *arg, int wishes)
{
    struct pg *pg = arg;
    struct err err;
    if (pg->is_polling) {
        poll_connection(pg);
        return;
    }
    if ((wishes & LOOP_READ) != 0 && PQconsumeInput(pg->conn) == 0) {
        (void) pg_connection_error(pg->conn, "the connection to PostgreSQL was lost", &err);
        lose(pg, &err);
        return;
    }
    if (flush(pg, &err) != OK) {
        lose(pg, &err);
        return;
    }
    if (pg->ask.batch != NULL) {
        take_results(pg);
    } else {
        (void) PQisBusy(pg->conn); /* has libpq read parameter changes and notices */
    }
}

static void deadline_passed(void *arg)
{
    struct pg *pg = arg;
    struct err err = pg->last_error;
    if (!pg->is_broken) {
        (void) FAIL(&err, ERR_UNAVAILABLE, "PostgreSQL did not %s in time",
                    pg->state == PG_CONNECTING ? "connect" : "answer");
    }
    lose(pg, &err);
}

/* ---- end ---- */

void pg_reset(struct pg *pg)
{
    bool is_clean = pg->state == PG_IDLE && !pg->in_transaction;
    if (is_clean || pg->state == PG_CONNECTING) {
        return;
    }
    struct ask ask = take_ask(pg);
    disconnect(pg);
    ask_release(&ask);
    loop_timer_set(pg->retry, 0);
}

void pg_free(struct pg *pg)
{
    struct ask ask = take_ask(pg);
    bool was_up = pg_is_up(pg);
    struct err err;
    disconnect(pg);
    loop_watch_free(pg->watch);
    loop_timer_free(pg->retry);
    loop_timer_free(pg->deadline);
    free(pg);
    if (ask.batch != NULL && was_up) {
        (void) FAIL(&err, ERR_UNAVAILABLE, "the service is stopping");
        answer(&ask, &err, ask.may_commit);
    } else {
        ask_release(&ask);
    }
}
