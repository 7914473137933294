#!/bin/sh
# dist.sh BUILD - BUILD/tenken-VERSION.tar.gz: what is committed, with the page already built, so
# that whoever builds from it needs no Node.js. The same commit gives the same tarball.
set -eu
cd "$(dirname "$0")/.."
build=$1
version=$(sed -n "s/^project('tenken', 'c', version : '\([^']*\)'.*/\1/p" meson.build)
name=tenken-$version
work=$(mktemp -d "${TMPDIR:-/tmp}/tenken-dist.XXXXXX")
trap 'rm -rf "$work"' EXIT
[ -z "$(git status --porcelain --untracked-files=no)" ] ||
	echo 'dist: there are changes that are not committed; they are not in the tarball' >&2
git archive --prefix="$name/" HEAD | tar -x -C "$work"
cp -R ui/dist ui/dist.sha256 "$work/$name/ui/"
tar -c -C "$work" --sort=name --owner=0 --group=0 --numeric-owner \
	--mtime="@$(git log -1 --format=%ct)" "$name" | gzip -9n >"$build/$name.tar.gz"
echo "dist: $build/$name.tar.gz"
