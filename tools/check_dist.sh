#!/bin/bash
# check_dist.sh - makes the release tarball, builds from it without Node.js, installs and runs it.
set -eu
cd "$(dirname "$0")/.."
make dist </dev/null
tarball=$(ls -t build/tenken-*.tar.gz | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -x -C "$work" -f "$tarball"
# A folder of commands without node and npm stands for a machine that has none.
mkdir "$work/bin"
for dir in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
	for f in "$dir"/*; do
		case ${f##*/} in node|nodejs|npm|npx) ;; *) [ -e "$work/bin/${f##*/}" ] || ln -s "$f" "$work/bin/" ;; esac
	done
done
cd "$work"/tenken-*
PATH=$work/bin make install DESTDIR="$work/root" PREFIX=/usr </dev/null
"$work/root/usr/bin/tenken" demo --db "$work/x.db" --no-serve >/dev/null
"$work/root/usr/bin/tenken" tabulate self-inspection-2011 --db "$work/x.db" --table rate-classes --format csv |
	cmp - tests/data/reference/self_inspection_2011.csv
echo "check_dist: good ($tarball)"
