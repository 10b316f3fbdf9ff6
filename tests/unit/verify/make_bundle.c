/* SPDX-License-Identifier: Apache-2.0 */
/*
** make_bundle FILE: write a small bundle, for tests/system/bundle_recipe.sh. Prints the log's
** vkey, which a reader must have from elsewhere.
*/
#include "tests/unit/verify/made_bundle.h"

int main(int argc, char **argv)
{
    CLEANUP(bytes_done) struct bytes vkey = {0};
    if (argc != 2) {
        fputs("usage: make_bundle FILE\n", stderr);
        return 3;
    }
    struct made made = made_new(argv[1]);
    note_key_format(made.log->note_key, &vkey);
    puts(bytes_text(&vkey));
    made_done(&made);
    return 0;
}
