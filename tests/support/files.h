/* SPDX-License-Identifier: Apache-2.0 */
/*
** files: reading test data, and the corpora that nobody here wrote.
*/
#ifndef CRFD_TESTS_FILES_H
#define CRFD_TESTS_FILES_H

#include "base/bytes.h"

/* The whole file; fails the program with the reason when it cannot be read. */
struct bytes read_file(const char *path);

/* The path of FILE below the folder of third-party files (CRFD_CORPORA, default
 * ../shared/corpora), or NULL after one loud line that says which test went without. The
 * caller frees. */
char *corpus_path(const char *file, const char *what_goes_without);

/* Call EACH for every regular file below FOLDER (recursive) whose name ends in SUFFIX, in
 * sorted order; returns how many. */
size_t each_file(const char *folder, const char *suffix,
                 void (*each)(const char *path, void *arg), void *arg);

/* Make a new private folder below $TMPDIR; remove_tree() it. The caller frees the name. */
char *temp_folder(const char *prefix);
void remove_tree(const char *folder);

#endif
