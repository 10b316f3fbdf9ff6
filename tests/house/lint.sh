#!/bin/bash
# Does tests/lint catch what it is for? Each case is one small tree with one planted line.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0
spdx='/* SPDX-License-Identifier: Apache-2.0 */'

# expect NAME FILE CONTENT TEXT: lint of a tree with FILE fails and says TEXT ('' = passes).
expect() {
    local name=$1 file=$2 content=$3 text=$4 out code=0
    rm -rf "${tree:?}"/*
    mkdir -p "$tree/tests" "$tree/$(dirname "$file")"
    cp "$here/../lint" "$tree/tests/lint"
    cp "$here/../../.clang-format" "$tree/"
    echo 'A folder.' >"$tree/$(dirname "$file")/README.md"
    printf '%s\n' "$content" >"$tree/$file"
    out=$(GIT_DIR=/nonexistent "$tree/tests/lint" 2>&1) || code=$?
    if { [ -z "$text" ] && [ "$code" = 0 ]; } || { [ -n "$text" ] && [ "$code" = 1 ] && [[ "$out" == *"$text"* ]]; }; then
        echo "ok   $name"
    else
        printf 'FAIL %s: exit %s, wanted "%s", got:\n%s\n' "$name" "$code" "$text" "$out"
        failed=1
    fi
}

in_function() { printf '%s\nvoid f(void)\n{\n    %s\n}\n' "$spdx" "$1"; }
long_function() {
    printf '%s\n%s\nvoid f(void)\n{\n' "$spdx" "$1"
    for _ in {1..60}; do echo '    g();'; done
    echo '}'
}

expect 'a good file passes' crypto/a.c "$(in_function 'g();')" ''
expect 'prose and strings may say anything' crypto/a.c "$(in_function 'g("malloc(1) goto x"); /* memcmp( */')" ''
expect 'malloc outside base fails' crypto/a.c "$(in_function 'void *p = malloc(1);')" 'crypto/a.c:4: memory comes from'
expect 'malloc in base passes' base/a.c "$(in_function 'void *p = malloc(1);')" ''
expect 'strdup fails' service/pg/a.c "$(in_function 'char *p = strdup(q);')" 'memory comes from'
expect 'memcmp in crypto fails' crypto/a.c "$(in_function 'g(memcmp(a, b, 1));')" 'digest_equal'
expect 'a line may be excused with a reason' crypto/a.c "$(in_function 'g(memcmp(a, b, 1)); /* lint: public bytes */')" ''
expect 'an error without FAIL fails' crypto/a.c "$(in_function 'return ERR_BUG;')" 'without FAIL'
expect 'an error with FAIL passes' crypto/a.c "$(in_function 'return FAIL(err, ERR_BUG, "x");')" ''
expect 'system() fails' clients/a.c "$(in_function 'system("x");')" 'no shell'
expect 'popen() fails' tests/a.c "$(in_function 'popen("x", "r");')" 'no shell'
expect 'goto fails' crypto/a.c "$(in_function 'goto done;')" 'goto'
expect 'a typedef for a struct fails' crypto/a.c "$(printf '%s\ntypedef struct a a;' "$spdx")" 'no typedef'
expect 'protocol sees no clock' protocol/study/a.c "$(in_function 'time(NULL);')" 'is pure'
if command -v clang-format-14 >/dev/null; then
    expect 'wrong format fails' crypto/a.c "$(printf '%s\nint  a;' "$spdx")" 'not formatted'
fi
expect 'a file without licence fails' crypto/a.c 'int a;' 'SPDX'
expect 'something left for later fails' crypto/a.c "$(in_function 'g(); /* TO''DO */')" 'left for later'
expect 'a path of a machine fails' README.txt 'see /ho''me/jan/x' 'machine'
expect 'a function of 63 lines fails' crypto/a.c "$(long_function '')" 'f has 63 lines'
expect 'a tabular function may be long' crypto/a.c "$(long_function '/* tabular: one line a case */')" ''
expect 'a file of 601 lines fails' crypto/a.c "$(printf '%s\n' "$spdx"; for _ in {1..600}; do echo 'int f(void);'; done)" '601 lines'
exit "$failed"
