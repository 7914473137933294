#!/usr/bin/env python3
"""po2c.py PO OUT - turn po/ja.po into a C table sorted by msgid (bytes), for tk_tr().

Fuzzy, obsolete and empty entries are left out.  A <PRId64> of a format is "ld" on one machine and
"lld" on another, and tk_tr() is asked for what it is there: such a message gets a row for each.
"""
import ast
import re
import sys

PRI = re.compile(r"<PRI([diouxX])(8|16|32|64|MAX|PTR)>")
SHORT = {"8", "16", "32"}                      # the rest is long or long long


def entries(path):
    with open(path, encoding="utf-8") as f:
        return entries_of(f.read())


def entries_of(po):
    """(msgid, msgstr) of each entry that counts."""
    for block in po.split("\n\n"):
        text = {"msgid": "", "msgstr": ""}
        fuzzy, into = False, None
        for line in block.splitlines():
            if line.startswith("#,") and "fuzzy" in line:
                fuzzy = True
            word, _, rest = line.partition(" ")
            if word in text:
                into, line = word, rest
            if into and line.startswith('"'):
                text[into] += ast.literal_eval(line)
        if text["msgid"] and text["msgstr"] and not fuzzy:
            yield text["msgid"], text["msgstr"]


def on_machines(msgid, msgstr):
    """The pair as compiled where 64 bits are long, and where they are long long."""
    for long in ("l", "ll"):
        def length(m):
            return ("" if m[2] in SHORT else long) + m[1]
        yield PRI.sub(length, msgid), PRI.sub(length, msgstr)


def c_string(s):
    out = []
    for b in s.encode("utf-8"):
        c = chr(b)
        out.append(c if 32 <= b < 127 and c not in '"\\?' else "\\%03o" % b)
    return '"' + "".join(out) + '"'


if __name__ == "__main__":
    rows = dict(pair for e in entries(sys.argv[1]) for pair in on_machines(*e))
    with open(sys.argv[2], "w", encoding="utf-8") as f:
        f.write("/* made from po/ja.po by tools/po2c.py */\n")
        for i in sorted(rows, key=lambda k: k.encode("utf-8")):
            f.write("{ %s, %s },\n" % (c_string(i), c_string(rows[i])))
        f.write("{ NULL, NULL },\n")
