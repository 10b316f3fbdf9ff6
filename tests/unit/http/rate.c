/* SPDX-License-Identifier: Apache-2.0 */
/*
** Rates by address, and addresses.
*/
#include "service/http/rate.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "tests/support/rows.h"

static struct http_address address_of(const char *text)
{
    struct http_address address;
    struct sockaddr_storage storage = {0};
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        memcpy(&storage, &four, sizeof(four));
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
        memcpy(&storage, &six, sizeof(six));
    }
    http_address_of((const struct sockaddr *) &storage, &address);
    return address;
}

static size_t takes(struct http_rate *rate, const char *text, instant now, size_t tries)
{
    struct http_address address = address_of(text);
    size_t taken = 0;
    for (size_t i = 0; i < tries; i++) {
        taken += http_rate_take(rate, &address, now);
    }
    return taken;
}

static void check_burst_and_return(void **state)
{
    struct http_rate *rate = http_rate_new(60, 10);
    instant now = 1000 * SECOND;
    (void) state;
    assert_int_equal(takes(rate, "192.0.2.1", now, 20), 10);
    assert_int_equal(takes(rate, "192.0.2.1", now + SECOND - 1, 20), 0);
    assert_int_equal(takes(rate, "192.0.2.1", now + SECOND, 20), 1);
    assert_int_equal(takes(rate, "192.0.2.1", now + 6 * SECOND, 20), 5);
    assert_int_equal(takes(rate, "192.0.2.1", now + HOUR, 20), 10);
    http_rate_free(rate);
}

static void check_apart(void **state)
{
    struct http_rate *rate = http_rate_new(1, 1);
    (void) state;
    assert_int_equal(takes(rate, "192.0.2.1", SECOND, 2), 1);
    assert_int_equal(takes(rate, "192.0.2.2", SECOND, 2), 1);
    assert_int_equal(takes(rate, "::ffff:192.0.2.2", SECOND, 2), 0);
    assert_int_equal(takes(rate, "2001:db8:0:1::1", SECOND, 2), 1);
    assert_int_equal(takes(rate, "2001:db8:0:1::2", SECOND, 2), 0);
    assert_int_equal(takes(rate, "2001:db8:0:2::1", SECOND, 2), 1);
    http_rate_free(rate);
}

/* A hundred thousand strangers neither grow the table nor refuse somebody new. */
static void check_flood(void **state)
{
    struct http_rate *rate = http_rate_new(1, 1);
    struct http_address stranger = address_of("2001:db8::1");
    (void) state;
    for (uint32_t i = 0; i < 100000; i++) {
        memcpy(stranger.key + 4, &i, sizeof(i));
        assert_true(http_rate_take(rate, &stranger, SECOND));
    }
    assert_int_equal(takes(rate, "192.0.2.1", SECOND, 2), 1);
    http_rate_free(rate);
}

static void check_local(void **state)
{
    struct http_rate *rate = http_rate_new(1, 1);
    struct http_address local;
    const struct sockaddr nobody = {.sa_family = AF_UNIX};
    (void) state;
    http_address_of(&nobody, &local);
    assert_string_equal(local.text, "local");
    for (int i = 0; i < 10; i++) {
        assert_true(http_rate_take(rate, &local, SECOND));
    }
    assert_true(http_rate_take(NULL, &local, SECOND));
    http_rate_free(rate);
}

static void check_text(void **state)
{
    (void) state;
    assert_string_equal(address_of("192.0.2.7").text, "192.0.2.7");
    assert_string_equal(address_of("::ffff:192.0.2.7").text, "192.0.2.7");
    assert_string_equal(address_of("2001:db8::7").text, "2001:db8::7");
}

static const struct place {
    const char *name;
    const char *text;
} bad_places[] = {
    {"a name is no address to listen at", "localhost:8443"},
    {"an address without a port is refused", "127.0.0.1"},
    {"an address with an empty port is refused", "127.0.0.1:"},
    {"a port above 65535 is refused", "127.0.0.1:65536"},
    {"a port with a letter is refused", "127.0.0.1:80a"},
    {"IPv6 without brackets is refused", "::1:80"},
    {"IPv6 without a port is refused", "[::1]"},
    {"an open bracket is refused", "[::1:80"},
    {"nothing is refused", ""},
    {"a relative unix socket is refused", "unix:metrics.sock"},
    {"a unix socket with a long path is refused",
     "unix:/"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"a descriptor that is no listening socket is refused", "fd:2"},
    {"a descriptor that is not open is refused", "fd:999"},
};

static void check_bad_place(void **state)
{
    const struct place *row = *state;
    struct err err = {0};
    int fd = -7;
    assert_status(http_listen(row->text, &fd, &err), ERR_BAD_INPUT, &err);
    assert_int_equal(fd, -7);
}

int main(void)
{
    add_test("a burst goes through, the rest comes back by the minute",
             check_burst_and_return);
    add_test("IPv4 counts by address, IPv6 by /64", check_apart);
    add_test("a flood of addresses does not refuse a new one", check_flood);
    add_test("local sockets and a NULL table have no rate", check_local);
    add_test("an address is printed as people write it", check_text);
    add_rows(bad_places, ARRAY_LEN(bad_places), sizeof(bad_places[0]), check_bad_place);
    return run_added("http_rate");
}
