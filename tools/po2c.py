#!/usr/bin/env python3
"""po2c.py PO OUT - turn po/ja.po into a C table sorted by msgid (bytes), for tk_tr()."""
import ast, sys


def entries(path):
    msgid = msgstr = None
    cur = None
    for line in open(path, encoding="utf-8"):
        line = line.strip()
        if line.startswith("msgid "):
            if msgid is not None:
                yield msgid, msgstr
            msgid, msgstr, cur = ast.literal_eval(line[6:]), "", "id"
        elif line.startswith("msgstr "):
            msgstr, cur = ast.literal_eval(line[7:]), "str"
        elif line.startswith('"'):
            if cur == "id":
                msgid += ast.literal_eval(line)
            else:
                msgstr += ast.literal_eval(line)
    if msgid is not None:
        yield msgid, msgstr


def c_string(s):
    out = []
    for b in s.encode("utf-8"):
        c = chr(b)
        out.append(c if 32 <= b < 127 and c not in '"\\?' else "\\%03o" % b)
    return '"' + "".join(out) + '"'


rows = {i: s for i, s in entries(sys.argv[1]) if i and s}
with open(sys.argv[2], "w", encoding="utf-8") as f:
    f.write("/* made from po/ja.po by tools/po2c.py */\n")
    for i in sorted(rows, key=lambda k: k.encode("utf-8")):
        f.write("{ %s, %s },\n" % (c_string(i), c_string(rows[i])))
    f.write("{ NULL, NULL },\n")
