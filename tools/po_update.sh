#!/bin/sh
# po_update.sh - collects every text marked with N_() in src/ and demo/ into po/tenken.pot and
# brings po/ja.po up to date.  New messages get an empty translation, gone ones are dropped.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8
new=$(mktemp)
trap 'rm -f "$new" "$new.po"' EXIT

# Formats in tk_fail() are seen by the compiler too; elsewhere a % decides.
find src demo -name '*.[ch]' | sort | xgettext --files-from=- --from-code=UTF-8 --language=C \
	--keyword --keyword=N_ --flag=N_:1:pass-c-format --flag=tk_fail:4:c-format --flag=tk_say:3:c-format \
	--package-name=Tenken --add-location=file --sort-output --no-wrap --output="$new"
sed -i -e '1,/^$/{/^#/d;/^"POT-Creation-Date/d;/^"PO-Revision-Date/d;/^"Last-Translator/d' \
	-e '/^"Language-Team/d;/^"Report-Msgid/d;s/charset=CHARSET/charset=UTF-8/}' "$new"
if [ "${1-}" = --pot ]; then        # for the test: the template only, to standard output
	cat "$new"
	exit
fi
msgmerge --quiet --no-fuzzy-matching --sort-output --add-location=file --no-wrap \
	--output-file="$new.po" po/ja.po "$new"
msgattrib --no-obsolete --sort-output --add-location=file --no-wrap --output-file=po/ja.po "$new.po"
cat "$new" > po/tenken.pot
msgattrib --untranslated --no-wrap --no-location po/ja.po | sed -n 's/^msgid /not translated: /p' | tail -n +2
