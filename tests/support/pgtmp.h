/* SPDX-License-Identifier: Apache-2.0 */
/*
** pgtmp: a private PostgreSQL for one test program.
**
**     struct pgtmp *pg = pgtmp_start(&(struct pgtmp_options){0});
**     char *conninfo = pgtmp_database(pg, PGTMP_MIGRATED, "crfd_service");
**     ... tests ...
**     pgtmp_stop(pg);
**
** initdb into a folder of mode 0700, UNIX socket there, no TCP, trust; data checksums on, UTF8,
** locale C. Works as root (the server then runs as the user postgres, else nobody) and as an
** ordinary user. The server dies with the test program, however that ends. Anything that fails
** here ends the program with the reason: a test without its database is not a passed test.
*/
#ifndef CRFD_TESTS_PGTMP_H
#define CRFD_TESTS_PGTMP_H

#include "base/bytes.h"

struct pgtmp;

struct pgtmp_options {
    bool fsync;           /* on: for durability tests; off (default): fast */
    bool no_checksums;    /* initdb without data checksums */
    const char *settings; /* more lines of postgresql.conf, or NULL */
};

struct pgtmp *pgtmp_start(const struct pgtmp_options *options);
void pgtmp_stop(struct pgtmp *pg); /* immediate, and removes the folder; accepts NULL */

/* The server's life, for tests of what happens around it. */
void pgtmp_kill(struct pgtmp *pg);    /* kill -9 of the whole server */
void pgtmp_restart(struct pgtmp *pg); /* start again after a kill; waits until it answers */
void pgtmp_freeze(struct pgtmp *pg);  /* SIGSTOP to all of its processes */
void pgtmp_thaw(struct pgtmp *pg);

/* A fresh database and the conninfo of LOGIN to it; the caller frees. LOGIN is made when it is
 * missing; NULL: the superuser. PGTMP_MIGRATED: a copy of a template that crfd-migrate's runner
 * has made, LOGIN has the runtime role; only such a login may not make tables. */
enum pgtmp_kind { PGTMP_EMPTY, PGTMP_MIGRATED };
char *pgtmp_database(struct pgtmp *pg, enum pgtmp_kind kind, const char *login);

/* A new database that is a copy of the one of CONNINFO, and the superuser's conninfo to it; the
 * caller frees. Whoever is connected to the original is thrown out. */
char *pgtmp_copy(struct pgtmp *pg, const char *conninfo);

/* The same database as CONNINFO, for another login (NULL: the superuser); the caller frees. */
char *pgtmp_login(struct pgtmp *pg, const char *conninfo, const char *login);

/* Run SQL, blocking, on a connection of its own. Returns "" when it succeeded without rows, the
 * first value of the first row when there is one, else "SQLSTATE message"; the caller frees.
 * pgtmp_must() ends the test program with the reason unless it succeeds. */
char *pgtmp_try(const char *conninfo, const char *sql);
char *pgtmp_must(const char *conninfo, const char *sql);

/* The folder of the sources' migrations. */
const char *pgtmp_migrations(void);

#endif
