/* SPDX-License-Identifier: Apache-2.0 */
/*
** common: commands that every crf program has, for its table.
**
**     static const struct command commands[] = {..., COMMON_SESSION, COMMON_OUTBOX,
**                                                COMMON_RECEIPTS, COMMON_WHOAMI, {0}};
*/
#ifndef CRFD_CLIENTS_COMMON_H
#define CRFD_CLIENTS_COMMON_H

#include "clients/lib/command.h"

status common_join(struct invocation *run, struct err *err);
status common_session(struct invocation *run, struct err *err);
status common_outbox(struct invocation *run, struct err *err);
status common_receipts(struct invocation *run, struct err *err);
status common_whoami(struct invocation *run, struct err *err);

extern const struct option COMMON_SESSION_OPTIONS[];

#define COMMON_JOIN                                                                        \
    {                                                                                      \
        "join", "INVITATION", 1, 1, "use an invitation: makes your key on this computer",  \
            "Asks for a new passphrase, registers the key, and shows its fingerprint.\n"   \
            "Read it to the person who invited you; after their confirmation you can\n"    \
            "work.\n\n"                                                                    \
            "  join p-0042.crf",                                                           \
            NULL, common_join                                                              \
    }
#define COMMON_SESSION                                                                     \
    {                                                                                      \
        "session", "[end]", 0, 1, "type the passphrase once for several commands",         \
            "Holds your key for 15 minutes after the last command, in a process of its\n"  \
            "own; nothing else can read it. 'session end' locks at once. In a script,\n"   \
            "CRF_PASSPHRASE_FILE names a file (mode 0600) with the passphrase instead.",   \
            COMMON_SESSION_OPTIONS, common_session                                         \
    }
#define COMMON_OUTBOX                                                                      \
    {                                                                                      \
        "outbox", "[send]", 0, 1, "what is signed and waits to be sent",                   \
            "Every command that is online sends what waits. 'outbox send' only does\n"     \
            "that. What was refused is a draft: crf-site drafts.",                         \
            NULL, common_outbox                                                            \
    }
#define COMMON_RECEIPTS                                                                    \
    {                                                                                      \
        "receipts", "[verify]", 0, 1, "proofs of what you sent, kept on this computer",    \
            "'receipts verify' checks each one again without the service: your record\n"   \
            "is inside, the log's key signed a head that contains it. Exit code 1 if\n"    \
            "one does not hold.",                                                          \
            NULL, common_receipts                                                          \
    }
#define COMMON_WHOAMI                                                                      \
    {                                                                                      \
        "whoami", "", 0, 0, "who you are here: person, role, key, study",                  \
            "Works without the service and without the passphrase.", NULL, common_whoami   \
    }

#endif
