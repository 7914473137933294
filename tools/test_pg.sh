#!/bin/sh
# test_pg.sh start [PORT] | stop FOLDER - a throw-away PostgreSQL for the tests.
#
#   eval "$(tools/test_pg.sh start)"   sets TK_TEST_PG (address) and TK_TEST_PG_DIR (folder)
#   tools/test_pg.sh stop "$TK_TEST_PG_DIR"
#
# The cluster lives in a temporary folder, listens on the loopback only and trusts whoever reaches
# it.  fsync stays on: what is tested is what is run.  PG_BIN names another folder of programs.
set -eu
bin=${PG_BIN:-/usr/lib/postgresql/15/bin}

# The server refuses to run as root.
as_owner() {
	if [ "$(id -u)" = 0 ]; then
		runuser -u postgres -- "$@"
	else
		"$@"
	fi
}

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() {
	port=${1:-$(free_port)}
	dir=$(mktemp -d "${TMPDIR:-/tmp}/tenken-pg.XXXXXX")
	[ "$(id -u)" != 0 ] || chown postgres "$dir"
	as_owner "$bin/initdb" -D "$dir/data" -U tenken -A trust -E UTF8 --locale=C.UTF-8 >"$dir.log" 2>&1
	mv "$dir.log" "$dir/initdb.log"
	as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -s start \
		-o "-h 127.0.0.1 -p $port -k $dir -c max_connections=50" >&2
	echo "export TK_TEST_PG='postgres://tenken@127.0.0.1:$port/postgres'"
	echo "export TK_TEST_PG_DIR='$dir'"
}

stop() {
	case $1 in
	*/tenken-pg.*) ;;
	*) echo "not a folder of this tool: $1" >&2; exit 2 ;;
	esac
	as_owner "$bin/pg_ctl" -D "$1/data" -m immediate -w -s stop
	rm -rf "$1"
}

case ${1:-} in
start) start "${2:-}" ;;
stop)  stop "${2:?folder}" ;;
*)     sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
