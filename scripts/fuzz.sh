#!/usr/bin/env bash
# Runs every fuzz target for `fuzz.sh SECONDS` each, beginning as PROPTEST_RNG_SEED says (0: by chance). What breaks
# one lies in tests/fuzz/artifacts afterwards, what was learnt in tests/fuzz/corpus. Safe Rust needs no address
# sanitizer, and without one the stable toolchain will do.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=$1
fuzz=tests/fuzz
mkdir -p $fuzz/artifacts
for file in $fuzz/targets/*.rs; do
  target=$(basename "$file" .rs)
  log=$fuzz/artifacts/$target.log
  mkdir -p "$fuzz/corpus/$target"
  # What reads the mail server begins with seeds of its own, what reads mail with the letters of the tests.
  seeds=$fuzz/seeds/$target dict=$fuzz/imap.dict
  [ -d "$seeds" ] || seeds=tests/letters dict=$fuzz/mail.dict
  if ! cargo fuzz run --fuzz-dir $fuzz --sanitizer none "$target" "$fuzz/corpus/$target" "$seeds" -- \
    -dict="$dict" -max_len=16384 -timeout=10 -print_final_stats=1 "-max_total_time=$seconds" \
    "-seed=${PROPTEST_RNG_SEED:-0}" \
    >"$log" 2>&1; then
    grep -a -m1 -A4 panicked "$log" | cut -c 1-4000 >&2 || true
    tail -n 20 "$log" | cut -c 1-4000 >&2
    exit 1
  fi
  echo "fuzz $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs in ${seconds} s, nothing found"
done
