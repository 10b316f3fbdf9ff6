/* SPDX-License-Identifier: Apache-2.0 */
/*
** folder: what the crf programs keep on this computer for one study (RECORDS.md chapter 5).
**
**     $XDG_DATA_HOME/crf/<origin with "/" as "_">/       (mode 0700; default ~/.local/share)
**         passport.json study.json key.pem state lock     plain: nothing clinical in them
**         definition/<sha256>.xml
**         outbox/ receipts/ casebook/ drafts/ evidence/   sealed with the person's key
**
** Every write is a temporary file, fsync, rename, fsync of the folder: after a crash a file is
** the old one or the new one, whole. All programs share one lock file with two locks in it:
** FOLDER_WRITE is held for moments, FOLDER_SEND by whoever sends the outbox.
**
** NAME is always relative ("outbox/0193.jws"); names with "..", a leading "/" or a leading dot
** in a part are our own bug. Sealing is signer.h's; these functions move bytes.
*/
#ifndef CRFD_CLIENTS_FOLDER_H
#define CRFD_CLIENTS_FOLDER_H

#include "base/arena.h"

struct folder;

/* The folder of ORIGIN below the person's data folder, in ARENA. */
status folder_path(const char *origin, struct arena *arena, const char **ret_path,
                   struct err *err);

/* Find the one folder to work in: GIVEN if not NULL; else that of ORIGIN if not NULL; else
 * CRF_STUDY of the environment; else the only one there is. ERR_NOT_FOUND names what to do. */
MUST_USE status folder_find(const char *given, const char *origin, struct arena *arena,
                            const char **ret_path, struct err *err);

/* Open the folder at PATH; with CREATE make it and its parts. Refuses one that others may
 * read or that belongs to somebody else. */
MUST_USE status folder_open(const char *path, bool create, struct folder **ret_folder,
                            struct err *err);
void folder_close(struct folder *folder); /* accepts NULL; releases the locks */
void folder_closep(struct folder **folder);
const char *folder_name(const struct folder *folder); /* borrowed */

enum folder_lock { FOLDER_WRITE, FOLDER_SEND };

/* Wait at most SECONDS for a lock; ERR_BUSY then. Not recursive. */
MUST_USE status folder_lock(struct folder *folder, enum folder_lock which, int seconds,
                            struct err *err);
void folder_unlock(struct folder *folder, enum folder_lock which);

#define FOLDER_FILE_MAX ((size_t) 64 << 20)

/* Append the content of NAME to OUT. ERR_NOT_FOUND when there is none. */
MUST_USE status folder_read(const struct folder *folder, const char *name,
                            struct bytes *out, struct err *err);

/* Replace NAME whole, and durably. */
MUST_USE status folder_write(const struct folder *folder, const char *name,
                             struct span content, struct err *err);

/* The same, but ERR_CONFLICT when NAME is there already. */
MUST_USE status folder_create(const struct folder *folder, const char *name,
                              struct span content, struct err *err);

/* Durably; a file that is not there is as good as removed. */
MUST_USE status folder_remove(const struct folder *folder, const char *name,
                              struct err *err);

/* OLD becomes NEW (which must not be there), durably. */
MUST_USE status folder_move(const struct folder *folder, const char *old_name,
                            const char *new_name, struct err *err);

bool folder_has(const struct folder *folder, const char *name);

struct folder_names {
    const char **items; /* file names without the part, sorted bytewise */
    size_t count, capacity;
};

/* The files of a part ("outbox") whose names end in SUFFIX, in ARENA. */
MUST_USE status folder_list(const struct folder *folder, const char *part,
                            const char *suffix, struct arena *arena,
                            struct folder_names *ret_names, struct err *err);

/* Called between any two steps that reach the disk or the server; NULL outside of tests,
 * which end the process in it to show that nothing is lost. */
extern void (*folder_step_hook)(void);
void folder_step(void);

#endif
