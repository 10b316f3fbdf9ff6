#!/bin/bash
# Search with every fuzz target for CRFD_FUZZ_SECONDS each (default: a minute times CRFD_SOAK), starting from
# its corpus. Needs clang-14 and libclang-rt-14-dev. What breaks a target is kept in build/fuzz/found/; new
# inputs that reach new code are kept in build/fuzz/new/ (the corpus in the repository is grown by hand).
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${CRFD_FUZZ_SECONDS:-$((60 * ${CRFD_SOAK:-1}))}
cmake --preset fuzz >/dev/null
mapfile -t targets < <(cmake --build --preset fuzz --target help | sed -n 's/^\.\.\. \(fuzz_.*\)/\1/p' | sort)
[ "${#targets[@]}" -gt 0 ]
cmake --build --preset fuzz -j "${CRFD_JOBS:-2}" --target "${targets[@]}" >build/fuzz/build.log || { tail -20 build/fuzz/build.log; exit 1; }
failed=0
for target in "${targets[@]}"; do
    new=build/fuzz/new/$target
    mkdir -p "$new" build/fuzz/found
    if build/fuzz/tests/"$target" -max_total_time="$seconds" -max_len=65536 -timeout=20 -rss_limit_mb=2048 -verbosity=0 \
        -artifact_prefix=build/fuzz/found/"$target"- "$new" tests/fuzz/corpus/"${target#fuzz_}" >"$new.log" 2>&1; then
        echo "ok   $target: $(find "$new" -type f | wc -l) inputs beyond its corpus"
    else
        echo "FAIL $target"
        grep -E 'fatal|ERROR|SUMMARY|#[0-9] |Test unit written' "$new.log" | head -20
        failed=1
    fi
done
exit "$failed"
