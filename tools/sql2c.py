#!/usr/bin/env python3
"""sql2c.py DIR OUT [DEPFILE] - embed the numbered migrations sql/NNNN_name.sql as a C table.

A file holds one text for both databases; a statement that only one of them takes stands between
`-- only sqlite` or `-- only postgres` and `-- both`.
"""
import hashlib, os, re, sys

folder, out = sys.argv[1:3]
depfile = sys.argv[3] if len(sys.argv) > 3 else None


def c_string(s):
    """As numbers: C17 promises string literals of 4,095 characters only."""
    data = s.encode("ascii") + b"\0"
    rows = [", ".join(map(str, data[k:k + 24])) for k in range(0, len(data), 24)]
    return "(const char[]){\n" + ",\n".join(rows) + " }"


def pick(text, which):
    keep, res = True, []
    for line in text.split("\n"):
        m = re.match(r"--\s*only\s+(sqlite|postgres)\s*$", line)
        if m:
            keep = m.group(1) == which
        elif re.match(r"--\s*both\s*$", line):
            keep = True
        elif keep and not line.lstrip().startswith("--"):
            res.append(line)
    sql = "\n".join(l for l in res if l.strip())
    if which == "sqlite":   # INTEGER PRIMARY KEY is SQLite's row id: one tree instead of two
        sql = re.sub(r"\bBYTEA\b", "BLOB", sql)
        sql = re.sub(r"\bBIGINT PRIMARY KEY\b", "INTEGER PRIMARY KEY", sql)
    return sql


with open(out, "w", encoding="utf-8") as f:
    f.write("/* made from sql/ by tools/sql2c.py */\n")
    for name in sorted(os.listdir(folder)):
        m = re.match(r"(\d{4})_(\w+)\.sql$", name)
        if not m:
            continue
        text = open(os.path.join(folder, name), encoding="utf-8").read()
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
        f.write('{ %d, "%s", "%s",\n%s,\n%s },\n' % (int(m.group(1)), m.group(2), digest,
                c_string(pick(text, "sqlite")), c_string(pick(text, "postgres"))))

if depfile:     # the folder too: a new migration is noticed without being named anywhere
    with open(depfile, "w", encoding="utf-8") as f:
        parts = [folder] + [os.path.join(folder, n) for n in sorted(os.listdir(folder))]
        f.write("%s: %s\n" % (out, " ".join(p.replace(" ", "\\ ") for p in parts)))
