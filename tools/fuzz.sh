#!/bin/sh
# fuzz.sh [SECONDS] [TARGET ...] - each libFuzzer target for that long, under ASan and UBSan.
# Starts from the corpus in tests/fuzz/corpus; what is new stays in build-fuzz/corpus, and an input
# that makes a target fail in build-fuzz. Prints "ok" or "not ok" for each target.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# = 0 ] || shift
dir=build-fuzz
options='-Dfuzz=true -Dtests=true -Db_sanitize=address,undefined -Db_lundef=false'
# shellcheck disable=SC2086
[ -f $dir/build.ninja ] || CC=clang-14 meson setup $dir $options >/dev/null
list=$(sed -n "s/^	'\([a-z_]*\)' : .*/\1/p" tests/fuzz/meson.build)
failed=0
export LSAN_OPTIONS=suppressions=$PWD/tools/lsan.supp:print_suppressions=0
for t in ${*:-$list}; do
	ninja -C $dir "tests/fuzz/fuzz_$t" >$dir/fuzz_$t.build 2>&1 || {
		tail -n 20 $dir/fuzz_$t.build
		echo "not ok - fuzz $t (does not build)"
		failed=1
		continue
	}
	mkdir -p "$dir/corpus/$t" "tests/fuzz/corpus/$t"
	if $dir/tests/fuzz/fuzz_$t -max_total_time="$seconds" -max_len=65536 -timeout=20 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix="$dir/fail-$t-" "$dir/corpus/$t" "tests/fuzz/corpus/$t" \
		>"$dir/fuzz_$t.log" 2>&1
	then
		echo "ok - fuzz $t: $(sed -n 's/^stat::number_of_executed_units: *//p' "$dir/fuzz_$t.log") inputs in $seconds s"
	else
		tail -n 40 "$dir/fuzz_$t.log"
		echo "not ok - fuzz $t (log: $dir/fuzz_$t.log)"
		failed=1
	fi
done
exit $failed
