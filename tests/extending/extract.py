#!/usr/bin/env python3
"""extract.py DOC media.c media_field.c media_sql.h - the code of docs/EXTENDING.md, ready to build.

media_field.c is media.c with the two added lines. Ends with an error when the page promises less
than it shows: a file of under 150 lines, a field of two lines.
"""
import re
import sys

MAX_LINES = 150


def blocks(text):
    return dict(re.findall(r'^```\w+ file=(\S+)\n(.*?)^```$', text, re.M | re.S))


def apply(code, diff):
    """Each piece of the diff stands once in the code; returns the code with the added lines."""
    added = 0
    for piece in diff.split('@@\n'):
        lines = piece.splitlines(keepends=True)
        if any(line[0] not in ' +' for line in lines):
            sys.exit('field.diff takes lines away')
        before = ''.join(line[1:] for line in lines if line[0] == ' ')
        if code.count(before) != 1:
            sys.exit(f'field.diff does not fit: {before!r}')
        code = code.replace(before, ''.join(line[1:] for line in lines))
        added += sum(line[0] == '+' for line in lines)
    if added != 2:
        sys.exit(f'a field costs {added} lines, not two')
    return code


def main():
    doc, plain, field, sql = sys.argv[1:]
    with open(doc, encoding='utf-8') as f:
        b = blocks(f.read())
    lines = b['media.c'].count('\n')
    if lines >= MAX_LINES:
        sys.exit(f'the register is a file of {lines} lines')
    with open(plain, 'w', encoding='utf-8') as f:
        f.write(b['media.c'])
    with open(field, 'w', encoding='utf-8') as f:
        f.write(apply(b['media.c'], b['field.diff']))
    with open(sql, 'w', encoding='utf-8') as f:
        for name in ('media', 'field'):
            text = ''.join(f'\t"{line}\\n"\n' for line in b[name + '.sql'].splitlines())
            f.write(f'static const char {name}_sql[] =\n{text.rstrip()};\n')


main()
