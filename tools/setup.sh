#!/bin/sh
# setup.sh [build] [test] [page] [bench] - installs from Debian what is missing, and only that.
#
#   build  compiler, libraries, fonts: for the program          (the default)
#   test   PostgreSQL, cmocka, clang, LibreOffice: for the tests of the program
#   page   Chromium: for the tests of the page
#   bench  load generator
#
# Asks nothing. When everything is there it only looks, needs no network and changes nothing.
set -eu
cd "$(dirname "$0")/.."

build='gcc libc6-dev make meson ninja-build pkg-config python3 libmicrohttpd-dev libcjson-dev
	libsqlite3-dev libpq-dev libsodium-dev libssl-dev libcurl4-openssl-dev libxlsxwriter-dev libzip-dev
	libexpat1-dev libpango1.0-dev libcairo2-dev fonts-ipaexfont'
test='libcmocka-dev postgresql-15 sqlite3 clang-14 libclang-rt-14-dev gettext fonts-noto-cjk python3-icalendar
	libreoffice-calc-nogui postfix openssl'
page='chromium fonts-ipaexfont fonts-noto-cjk'
bench='wrk sqlite3'

say() { printf 'setup: %s\n' "$*"; }

need_node() {
	if sh tools/page.sh --fresh; then
		return 0        # the page is built already (as in a release tarball)
	fi
	if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
		say 'the page needs Node.js 20.19 or newer with npm, which are not installed.' >&2
	elif ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 20 || +a == 20 && +b >= 19 ? 0 : 1)'; then
		say "the page needs Node.js 20.19 or newer; this is $(node --version)." >&2
	else
		return 0
	fi
	say 'Debian 12 itself has 18: install a newer one (20 LTS or later), or build from a release' >&2
	say 'tarball (made by "make dist"), which has the page built already and needs no Node.js.' >&2
	exit 1
}

missing() {
	for p in "$@"; do
		dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$p" 2>/dev/null | grep -q ' installed$' || echo "$p"
	done
}

packages=
for kind in "${@:-build}"; do
	case $kind in
	build) packages="$packages $build" ;;
	test)  packages="$packages $test" ;;
	page)  packages="$packages $page" ;;
	bench) packages="$packages $bench" ;;
	*)     sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
	esac
done

if ! command -v dpkg-query >/dev/null; then
	say "this is not Debian: please see to these packages, or what they are called here:$packages" >&2
else
	# shellcheck disable=SC2086
	lacking=$(missing $packages | sort -u | tr '\n' ' ')
	if [ -n "$lacking" ]; then
		say "installing $lacking"
		as_root=
		if [ "$(id -u)" != 0 ]; then
			command -v sudo >/dev/null || { say 'this needs root, or sudo.' >&2; exit 1; }
			as_root=sudo
		fi
		log=$(mktemp "${TMPDIR:-/tmp}/tenken-setup.XXXXXX")
		apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 "$@" </dev/null >>"$log" 2>&1; }
		apt update || true      # an old list is better than none
		# shellcheck disable=SC2086
		if ! apt install --no-install-recommends $lacking; then
			tail -n 20 "$log" >&2
			say "apt-get could not install them; all it said is in $log" >&2
			exit 1
		fi
		rm -f "$log"
	fi
fi
need_node
say "all there (${*:-build})"
