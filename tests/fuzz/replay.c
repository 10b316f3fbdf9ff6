/* SPDX-License-Identifier: Apache-2.0 */
/*
** Replay a fuzz target's corpus without a fuzzing compiler: every file of the folders
** named on the command line goes through LLVMFuzzerTestOneInput once. An empty or absent
** corpus is a failure, so that a target whose corpus was lost does not pass.
*/
#include <dirent.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    CLEANUP(bytes_done) struct bytes content = {0};
    uint8_t buffer[65536];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    for (size_t n; (n = fread(buffer, 1, sizeof(buffer), file)) > 0;) {
        bytes_add(&content, buffer, n);
    }
    (void) fclose(file);
    /* an exact copy, so that the sanitizer sees a read past the end */
    uint8_t *exact = mem_alloc(content.size);
    if (content.size > 0) {
        memcpy(exact, content.data, content.size);
    }
    (void) LLVMFuzzerTestOneInput(exact, content.size);
    free(exact);
    return 0;
}

static int replay_folder(const char *folder, size_t *count)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        perror(folder);
        return 1;
    }
    int failed = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        CLEANUP(bytes_done) struct bytes path = {0};
        struct stat info;
        bytes_printf(&path, "%s/%s", folder, entry->d_name);
        if (stat(bytes_text(&path), &info) == 0 && S_ISREG(info.st_mode)) {
            failed |= replay_file(bytes_text(&path));
            ++*count;
        }
    }
    (void) closedir(dir);
    return failed;
}

int main(int argc, char **argv)
{
    size_t count = 0;
    int failed = 0;
    for (int i = 1; i < argc; i++) {
        failed |= replay_folder(argv[i], &count);
    }
    (void) printf("%zu inputs replayed\n", count);
    return failed != 0 || count == 0;
}
