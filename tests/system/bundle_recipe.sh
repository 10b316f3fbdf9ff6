#!/bin/bash
# tests/system/bundle_recipe.sh MAKE_BUNDLE | FILE.tar [VKEY]: does a bundle verify with stock tools?
#
# Runs the commands of the bundle's own README.txt, as they stand there, for every entry; then what
# the README leaves to the reader: the root of the tree, and the signed export. Nothing of crfd takes
# part, only sha256sum, base64, sed, xxd and openssl (tar unpacks).
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,6p' "$0" | cut -c3-; exit 3; }
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
bundle=$1
vkey=${2:-}
if [ -x "$1" ]; then
    bundle=$box/bundle.tar
    vkey=$("$1" "$bundle")
fi
mkdir "$box/in"
tar -xf "$bundle" -C "$box/in"
cd "$box/in"
checks=0
fail() { echo "FAIL $*"; exit 1; }
same() { [ "$2" = "$3" ] || fail "$1: '$2' is not '$3'"; checks=$((checks + 1)); }

# step FROM TO: the commands of the README between two lines that begin so, for entry $seq.
step() { sed -n "/^ *$1/,/^ *$2/p" README.txt | sed -n 's/^     //p' | sed "s,000/000412,$at,g"; }
at=000/000412
one=$(step '1\.' '2\.') two=$(step '2\.' '3\.') three=$(step '3\.' '4\.')
four=$(step '4\.' 'Ed25519:') ed25519=$(step 'Ed25519:' 'ES256') es256=$(step 'ES256' 'What was signed')
five=$(step '5\.' 'Its second line') six=$(step '6\.' 'Lines 2 and 3')
for text in "$one" "$two" "$three" "$four" "$ed25519" "$es256" "$five" "$six"; do
    [ -n "$text" ] || fail "the README lacks a step"
done
here() { sed "s,000/000412,$at,g" <<<"$1"; }

# The signature in `sig` over `input`, by the key in file $key.
verify_record() {
    case $(openssl pkey -pubin -in "$key" -noout -text | sed -n 1p) in
    ED25519*) bash -euc "key='$key'; $ed25519" >said 2>&1 || true ;;
    *) bash -euc "key='$key'; $es256" >said 2>&1 || true ;;
    esac
    case $(cat said) in
    *'Verified Successfully'* | *'Verified OK'*) checks=$((checks + 1)) ;;
    *) fail "$1: its signature does not hold: $(cat said)" ;;
    esac
}

bash -euc "$one" >said 2>&1 || fail "sums: $(cat said)"
checks=$((checks + 1))

leaves=()
last=
for entry in log/entry/*/*; do
    at=${entry#log/entry/}
    [ -z "$last" ] || same "prev of $at" "$(sed -n 's/^prev //p' "$entry")" "$last"
    last=$(bash -euc "$(here "$two")")
    leaves+=("$(base64 -d <<<"$last" | xxd -p -c 64)")
    body=log/body/$at
    [ -e "$body" ] || continue
    same "body of $at" "$(sed -n 's/^body \([^ ]*\) .*/\1/p' "$entry")" "$(bash -euc "$(here "$three")")"
    [ "$(sed -n 's/^type //p' "$entry")" != reject ] || continue
    key=keys/$(sed -n 's/^key //p' "$entry").pem
    bash -euc "$(here "$four")" || fail "$at: its record cannot be taken out"
    verify_record "$at"
done

# RFC 6962: the root of LEAVES, level by level.
root() {
    local -a level=("$@") next
    local i
    while [ "${#level[@]}" -gt 1 ]; do
        next=()
        for ((i = 0; i + 1 < ${#level[@]}; i += 2)); do
            next+=("$(printf '01%s%s' "${level[i]}" "${level[i + 1]}" | xxd -r -p | openssl dgst -sha256 -binary | xxd -p -c 64)")
        done
        if [ "$i" -lt "${#level[@]}" ]; then next+=("${level[i]}"); fi
        level=("${next[@]}")
    done
    printf '%s' "${level[0]}" | xxd -r -p | base64
}
[ -z "$vkey" ] || same "the log's key" "$(cat log.vkey)" "$vkey"
bash -euc "$five" >said 2>&1 || fail "checkpoint: $(cat said)"
same size "$(sed -n 2p text)" "${#leaves[@]}"
same root "$(sed -n 3p text)" "$(root "${leaves[@]}")"

# the export: signed over the sums
record=$(cat export/record.jws)
field() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/" <<<"$record"; }
bin() { s=$(tr '_-' '/+'); while [ $((${#s} % 4)) != 0 ]; do s=$s=; done; base64 -d <<<"$s"; }
printf '%s.%s' "$(field protected)" "$(field payload)" >input
field signature | bin >sig
key=keys/$(field protected | bin | sed 's/.*"kid":"\([^"]*\)".*/\1/').pem
verify_record export
same 'sums of the export' "$(field payload | bin | sed 's/.*"sums_sha256":"\([^"]*\)".*/\1/')" \
    "$(sha256sum <SHA256SUMS | sed 's/ .*//')"
same 'root of the export' "$(field payload | bin | sed 's/.*"data":{"size":[0-9]*,"root":"\([^"]*\)".*/\1/')" "$(sed -n 3p text)"

# the note over the sums, by the key that the export names
helpers=$(grep -E '^(field|bin)\(\)' <<<"$four")
note() { bash -euo pipefail -c "$helpers
$six" >said 2>&1; }
note || fail "SHA256SUMS.note: $(cat said)"
checks=$((checks + 1))
same 'size of the note' "$(sed -n 2p text)" "$(sed -n 2p checkpoint)"
same 'root of the note' "$(sed -n 3p text)" "$(sed -n 3p checkpoint)"

# and it can fail: one digit of the note, one byte of one body
cp SHA256SUMS.note kept
sed -i '2s/^./9/' SHA256SUMS.note
if note; then fail "an altered note was not noticed"; fi
mv kept SHA256SUMS.note
printf 'x' >>"$body"
if bash -euc "$one" >/dev/null 2>&1; then fail "an altered body was not noticed"; fi
echo "ok: ${#leaves[@]} entries, $checks checks, with stock tools only"
