#!/bin/bash
# Does tests/includes catch what it is for? Each case plants one include in a small tree.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

# plant FILE LINE: a fresh good tree with one more line at the top of FILE.
plant() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree"/{base,crypto,protocol/{study,record},service/{pg,http,store,flow,api},clients/{lib,site}}
    local h
    for h in base/a crypto/a protocol/study/a protocol/record/a service/pg/a service/http/a service/store/a \
             service/flow/a service/api/a clients/lib/a clients/site/a; do
        echo '#include <stdint.h>' >"$tree/$h.h"
        echo "#include \"$h.h\"" >"$tree/$h.c"
    done
    echo '#include <jansson.h>' >>"$tree/base/a.c"
    echo '#include <openssl/ssl.h>' >"$tree/service/http/tls.c"
    echo '#include "service/pg/a.h"' >>"$tree/service/store/a.c"
    if [ $# -gt 0 ]; then mkdir -p "$(dirname "$tree/$1")"; echo "$2" >>"$tree/$1"; fi
}

# case NAME EXPECTED-EXIT EXPECTED-TEXT
expect() {
    local out code=0
    out=$("$here/../includes" "$tree" 2>&1) || code=$?
    if [ "$code" = "$2" ] && [[ "$out" == *"$3"* ]]; then
        echo "ok   $1"
    else
        printf 'FAIL %s: exit %s, wanted %s and "%s", got:\n%s\n' "$1" "$code" "$2" "$3" "$out"
        failed=1
    fi
}

plant
expect 'a good tree passes' 0 'every include points downward'
plant base/a.h '#include "crypto/a.h"'
expect 'an include upward fails' 1 'base/a.h:2: base (level 0) may not include crypto (level 1)'
plant base/a.h '  #  include "crypto/a.h"'
expect 'white space does not hide an include' 1 'base/a.h:2: base'
plant crypto/a.c '#include "protocol/study/a.h"'
expect 'an include sideways fails' 1 'may not include protocol/study'
plant service/store/a.c '#include "service/flow/a.h"'
expect 'store and flow do not know each other' 1 'may not include service/flow'
plant service/pg/a.c '#include "service/http/a.h"'
expect 'pg does not know http' 1 'may not include service/http'
plant clients/lib/a.c '#include "service/pg/a.h"'
expect 'a client never includes the service' 1 'may not include service/pg'
plant service/api/a.c '#include "clients/lib/a.h"'
expect 'the service never includes a client' 1 'may not include clients/lib'
plant clients/lib/a.c '#include "clients/site/a.h"'
expect 'the clients'\'' library does not know a client' 1 'may not include clients/site'
plant crypto/a.c '#include "tests/support/rows.h"'
expect 'nothing includes tests' 1 'name a folder of the table'
plant crypto/a.c '#include "b.h"'
expect 'an include is written from the root' 1 'written from the root'
plant crypto/a.c '#include "b.h"'
echo 'configure_file(b.h.in ${CMAKE_CURRENT_BINARY_DIR}/b.h)' >"$tree/crypto/CMakeLists.txt"
expect 'a header that CMake makes for its folder is the folder'\''s own' 0 'every include points downward'
rm "$tree/crypto/CMakeLists.txt"
plant crypto/a.c '#include "base/none.h"'
expect 'an include that does not exist fails' 1 'does not exist'
plant crypto/a.c '#include "base/a.c"'
expect 'a .c file is not included' 1 'is no header'
plant crypto/a.c '#include <jansson.h>'
expect 'jansson has one door' 1 '<jansson.h>: not through crypto/a.c'
plant service/http/a.c '#include <openssl/ssl.h>'
expect 'in service/http only tls.c sees OpenSSL' 1 '<openssl/ssl.h>: not through service/http/a.c'
plant service/store/a.c '#include <libpq-fe.h>'
expect 'libpq has one door' 1 '<libpq-fe.h>: not through service/store/a.c'
plant base/a.c '#include <zstd.h>'
expect 'a library nobody decided upon fails' 1 'no folder owns the door'
plant service/rogue/a.c '#include "base/a.h"'
expect 'a folder without a level fails' 1 'has no row'
plant base/a.h '#include "crypto/a.h"'
echo '#include "base/a.h"' >>"$tree/crypto/a.h"
expect 'a circle of folders is named' 1 'in a circle'
exit "$failed"
