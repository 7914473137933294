#!/bin/sh
# run.sh [BUILD] - every figure of docs/PERFORMANCE.md in one run, each with its mark, and beside it
# what it is compared with. Needs about ten minutes and 2 GB in the temporary folder.
# SMALL=1 takes a tenth of the data, to try the script itself.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
scale=1
[ -z "${SMALL:-}" ] || scale=10
export LANG=C LC_ALL=C.UTF-8
[ -f "$build/build.ninja" ] || meson setup "$build" -Dtests=false >/dev/null
build=$(cd "$build" && pwd)
ninja -C "$build" tenken bench/seed bench/load bench/plane_bench bench/flow_bench bench/table_bench \
	bench/suppress_bench bench/register_bench >/dev/null
tenken=$build/tenken seed=$build/bench/seed load=$build/bench/load
dir=$(mktemp -d "${TMPDIR:-/tmp}/tenken-bench.XXXXXX")
server= pg=
finish() {
	[ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || :; }
	[ -z "$pg" ] || sh tools/test_pg.sh stop "$pg" >/dev/null 2>&1 || :
	rm -rf "$dir"
}
trap finish EXIT INT TERM
part() { printf '\n== %s\n' "$*"; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.2f", b - a }'; }
row() { printf '%-58s %14s  %s\n' "$1" "$2" "${3:-}"; }
# peak SECONDS COMMAND... : runs it, prints "SECONDS MB" (peak resident memory) on the last line
peak() { python3 bench/peak.py "$@"; }

# fill DB PEOPLE DIVISIONS: roster, questionnaire, open campaign; sets $campaign
fill() {
	"$tenken" migrate --db "$1" >/dev/null 2>&1
	"$seed" roster "$2" "$3" >"$dir/roster.csv"
	"$tenken" import roster "$dir/roster.csv" --db "$1" >/dev/null
	"$seed" form "$1"
	"$tenken" campaign create bench --form bench --year 2026 --db "$1" >/dev/null
	"$tenken" campaign open bench --db "$1" >/dev/null
	campaign=$("$tenken" export campaigns --format json --db "$1" | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')
}
# serve DB: sets $port and $server; prints the seconds until it answers
serve() {
	began=$(now)
	"$tenken" serve --db "$1" --listen 127.0.0.1:0 --rate 1000000 --log error >"$dir/serve.out" 2>"$dir/serve.err" &
	server=$!
	until grep -q http:// "$dir/serve.out"; do sleep 0.005; done
	ready=$(since "$began")
	port=$(sed -n 's,.*http://[^:]*:\([0-9]*\).*,\1,p' "$dir/serve.out")
}
stop() { kill "$server"; wait "$server" 2>/dev/null || :; server=; }
rss() { awk '/^VmRSS/ { printf "%.0f MB", $2 / 1024 }' "/proc/$server/status"; }

# submits NAME DB: submits at 1, 8 and 64 connections, saves, reads
submits() {
	"$seed" sessions "$2" "$people" >"$dir/tokens"
	serve "$2"
	row "$1: start of serve on this database" "$ready s" 'mark 0.2 s'
	skip=0
	for conns in 1 8 64; do
		count=$((conns == 1 ? people / 20 : conns == 8 ? people / 4 : people / 2))
		row "$1: submits, $conns connection(s), $count people" \
			"$("$load" submit --port "$port" --tokens "$dir/tokens" --campaign "$campaign" --conns "$conns" --count "$count" --skip "$skip")" \
			"$([ "$conns" != 64 ] || echo 'mark 8,000/s on SQLite')"
		skip=$((skip + count))
	done
	row "$1: saves as typed, 64 connections" \
		"$("$load" save --port "$port" --tokens "$dir/tokens" --campaign "$campaign" --conns 64 --count $((people / 8)) --skip "$skip")"
	for path in /api/v1/my/tasks "/api/v1/my/responses/$campaign"; do
		row "$1: GET $(echo "$path" | sed "s/$campaign/ID/"), 64 connections" \
			"$("$load" get --port "$port" --tokens "$dir/tokens" --path "$path" --conns 64 --count $((people / 2)))" 'mark p99 20 ms'
	done
	row "$1: GET status, table by division (office), 64 connections" \
		"$("$load" get --port "$port" --tokens "$dir/tokens" --office --path "/api/v1/campaigns/$campaign/status" \
			--path "/api/v1/campaigns/$campaign/tables/rate-classes" --conns 64 --count 2000)"
	row "$1: memory of the server afterwards" "$(rss)" 'mark 100 MB'
	stop
}

part 'Planes in memory, 300,000 people x 81 items x 300 divisions, against a plain byte loop'
"$build/bench/plane_bench"
part 'Tables of a survey: 500 institutions x 2,000 questions'
"$build/bench/table_bench"
part 'One keystroke in a questionnaire of 2,000 conditions'
"$build/bench/flow_bench" || :    # its mark is a worst case, which a busy machine misses

part "A register of $((100000 / scale)) records with a life: its list, search, count, and the import that makes it"
"$build/bench/register_bench" "$dir/register.db" $((100000 / scale)) || :
rm -f "$dir"/register.db*

part 'Disclosure control: time and cells left out, against "at least two in every sum"'
"$build/bench/suppress_bench"

people=$((20000 / scale))
part "The answer path: $people people, 81 items; the load generator shares the machine"
fill "$dir/lite.db" "$people" 50
submits SQLite "$dir/lite.db"
eval "$(sh tools/test_pg.sh start)"
pg=$TK_TEST_PG_DIR
fill "$TK_TEST_PG" "$people" 50
submits PostgreSQL "$TK_TEST_PG"
part "The same register on PostgreSQL, $((20000 / scale)) records"
psql -q "$TK_TEST_PG" -c 'CREATE DATABASE register' 2>/dev/null &&
	"$build/bench/register_bench" "${TK_TEST_PG%/*}/register" $((20000 / scale)) || :
sh tools/test_pg.sh stop "$pg" >/dev/null
pg=

people=$((300000 / scale))
part "$people people: files in and out, tables from the command line (each a process of its own)"
"$seed" roster "$people" 300 >"$dir/roster.csv"
"$tenken" migrate --db "$dir/big.db" >/dev/null 2>&1
row 'import roster' "$(peak "$tenken" import roster "$dir/roster.csv" --db "$dir/big.db")"
"$seed" form "$dir/big.db"
row 'campaign create' "$(peak "$tenken" campaign create bench --form bench --year 2026 --db "$dir/big.db")"
"$tenken" campaign open bench --db "$dir/big.db" >/dev/null
campaign=$("$tenken" export campaigns --format json --db "$dir/big.db" | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')
"$seed" answers "$dir/big.db" bench >"$dir/answers.csv"
row 'import response (81 items)' "$(peak "$tenken" import response bench "$dir/answers.csv" --db "$dir/big.db")"
row 'tabulate items (cold: loads and counts everything)' "$(peak "$tenken" tabulate bench --table items --format csv --db "$dir/big.db")" 'mark 0.5 s'
row 'tabulate items --by division (24,300 rows)' "$(peak "$tenken" tabulate bench --table items --by division --format csv --db "$dir/big.db")"
row 'export staff, CSV' "$(peak "$tenken" export staff --format csv --db "$dir/big.db")" 'constant memory'
row 'export of the answers (81 items), CSV' "$(peak "$tenken" export response bench --out "$dir/out.csv" --db "$dir/big.db")" 'constant memory'
row 'export of the answers (81 items), XLSX' "$(peak "$tenken" export response bench --format xlsx --out "$dir/out.xlsx" --db "$dir/big.db")" 'constant memory'
row 'export staff, XLSX' "$(peak "$tenken" export staff --format xlsx --out "$dir/staff.xlsx" --db "$dir/big.db")" 'constant memory'
row 'backup' "$(peak "$tenken" backup "$dir/big.bak" --db "$dir/big.db")"
row 'verify' "$(peak "$tenken" verify --db "$dir/big.db")"
"$seed" sessions "$dir/big.db" 10 >"$dir/tokens"
serve "$dir/big.db"
row 'start of serve' "$ready s" 'mark 0.2 s'
row 'memory before the first table' "$(rss)"
row 'first table in the server (loads the campaign)' \
	"$("$load" get --port "$port" --tokens "$dir/tokens" --office --path "/api/v1/campaigns/$campaign/tables/items" --conns 1 --count 1)" 'mark 500 ms'
row 'items, warm, 1 connection' \
	"$("$load" get --port "$port" --tokens "$dir/tokens" --office --path "/api/v1/campaigns/$campaign/tables/items" --conns 1 --count 200)" 'mark 5 ms'
row 'items by division (24,300 rows as JSON), 1 connection' \
	"$("$load" get --port "$port" --tokens "$dir/tokens" --office --path "/api/v1/campaigns/$campaign/tables/items?by=division" --conns 1 --count 50)"
row 'memory with the campaign open' "$(rss)" 'mark 100 MB'
stop

part "The same count by SQL, one row an answer (tenth of the people: $((people / 10)))"
python3 bench/long_table.py "$dir/big.db" $((people / 10))
