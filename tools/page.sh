#!/bin/sh
# page.sh [--fresh] - builds the page into ui/dist when its sources are not those it was built from.
# --fresh only says by its exit code whether it is up to date.
#
# What it was built from is remembered as a digest, not as times, so that a page that came with a
# tarball needs no Node.js.
set -eu
cd "$(dirname "$0")/../ui"

sources() {
	find index.html package.json package-lock.json svelte.config.js tsconfig.json vite.config.js public src \
		-type f | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum
}

want=$(sources)
if [ -f dist/index.html ] && [ "$(cat dist.sha256 2>/dev/null)" = "$want" ]; then
	exit 0
fi
[ "${1:-}" != --fresh ] || exit 1
if [ ! -f node_modules/.lock.sha256 ] || ! sha256sum --status -c node_modules/.lock.sha256; then
	echo 'page: fetching its packages (npm ci)'
	npm ci --no-audit --no-fund --loglevel=error
	sha256sum package-lock.json >node_modules/.lock.sha256
fi
echo 'page: building ui/dist'
npm run --silent build -- --logLevel warn
echo "$want" >dist.sha256
