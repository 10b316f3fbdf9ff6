/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/files.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

struct bytes read_file(const char *path)
{
    struct bytes content = {0};
    uint8_t buffer[65536];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        (void) fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }
    for (size_t n; (n = fread(buffer, 1, sizeof(buffer), file)) > 0;) {
        bytes_add(&content, buffer, n);
    }
    (void) fclose(file);
    return content;
}

char *corpus_path(const char *file, const char *what_goes_without)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    const char *root = getenv("CRFD_CORPORA");
    bytes_printf(&path, "%s/%s", root != NULL ? root : "../shared/corpora", file);
    if (access(bytes_text(&path), R_OK) == 0) {
        return mem_text(bytes_text(&path));
    }
    (void) fprintf(stderr, "*** NOT TESTED: %s: %s is absent (set CRFD_CORPORA) ***\n",
                   what_goes_without, bytes_text(&path));
    return NULL;
}

static int compare_names(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*left, *right);
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t n = strlen(name);
    size_t s = strlen(suffix);
    return n >= s && strcmp(name + n - s, suffix) == 0;
}

static char **list_folder(const char *folder, size_t *ret_count)
{
    char **names = NULL;
    size_t count = 0;
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        *ret_count = 0;
        return NULL;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            names = mem_grow(names, count + 1, sizeof(*names));
            names[count++] = mem_text(entry->d_name);
        }
    }
    (void) closedir(dir);
    if (count > 0) {
        qsort(names, count, sizeof(*names), compare_names);
    }
    *ret_count = count;
    return names;
}

size_t each_file(const char *folder, const char *suffix,
                 void (*each)(const char *path, void *arg), void *arg)
{
    size_t seen = 0;
    size_t count = 0;
    char **names = list_folder(folder, &count);
    for (size_t i = 0; i < count; i++) {
        CLEANUP(bytes_done) struct bytes path = {0};
        struct stat info;
        bytes_printf(&path, "%s/%s", folder, names[i]);
        if (lstat(bytes_text(&path), &info) == 0 && S_ISDIR(info.st_mode)) {
            seen += each_file(bytes_text(&path), suffix, each, arg);
        } else if (S_ISREG(info.st_mode) && ends_with(names[i], suffix)) {
            each(bytes_text(&path), arg);
            seen++;
        }
        free(names[i]);
    }
    free(names);
    return seen;
}

char *temp_folder(const char *prefix)
{
    CLEANUP(bytes_done) struct bytes path = {0};
    const char *tmp = getenv("TMPDIR");
    bytes_printf(&path, "%s/%s.XXXXXX", tmp != NULL ? tmp : "/tmp", prefix);
    char *name = mem_text(bytes_text(&path));
    if (mkdtemp(name) == NULL) {
        perror(name);
        exit(1);
    }
    return name;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void) info;
    (void) type;
    (void) walk;
    return remove(path);
}

void remove_tree(const char *folder)
{
    (void) nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
