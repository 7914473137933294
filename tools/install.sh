#!/bin/sh
# install.sh BUILD PREFIX - the program, the page, and what a service needs, under PREFIX.
set -eu
cd "$(dirname "$0")/.."
build=$1 prefix=$2
install -D -m 755 "$build/tenken" "$prefix/bin/tenken"
rm -rf "$prefix/share/tenken/page"
mkdir -p "$prefix/share/tenken"
cp -R ui/dist "$prefix/share/tenken/page"
find "$prefix/share/tenken/page" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
for f in README.md README.ja.md LICENSE docs/*.md packaging/tenken.env packaging/nginx.conf; do
	install -D -m 644 "$f" "$prefix/share/doc/tenken/${f##*/}"
done
install -D -m 644 packaging/tenken.service "$prefix/lib/systemd/system/tenken.service"
sed -i "s#^ExecStart=/usr/local/#ExecStart=${PREFIX_OF_UNIT:-/usr/local}/#" "$prefix/lib/systemd/system/tenken.service"
echo "install: $prefix/bin/tenken"
