/* SPDX-License-Identifier: Apache-2.0 */
/*
** Functions that nobody here may call: each is easy to use wrongly and has a better one
** beside it. (strcpy, strcat, sprintf: text.h, bytes.h; strtok: text.h; atoi: text.h;
** gmtime, localtime: clock.h; rand: crypto/random.h; alloca: arena.h.)
*/
#ifndef CRFD_BASE_BANNED_H
#define CRFD_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* glibc under clang with _FORTIFY_SOURCE makes macros of these, which cannot be poisoned */
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat sprintf vsprintf strtok atoi atol gmtime localtime rand   \
    srand

#endif
