#!/usr/bin/env python3
"""long_table.py DB PEOPLE - what Tenken does not do: one row an answer, counted by GROUP BY in SQLite."""
import sqlite3
import sys
import time

path, people = sys.argv[1], int(sys.argv[2])
src = sqlite3.connect(path)
rows = src.execute("SELECT s.division_id, s.answers FROM response s ORDER BY s.id LIMIT ?", (people,)).fetchall()
db = sqlite3.connect(":memory:")
db.execute("CREATE TABLE answer(person INTEGER, division INTEGER, item INTEGER, code INTEGER)")
began = time.monotonic()
db.executemany("INSERT INTO answer VALUES(?,?,?,?)",
               ((i, d, k, c) for i, (d, blob) in enumerate(rows) for k, c in enumerate(blob)))
loaded = time.monotonic() - began
began = time.monotonic()
n = len(db.execute("SELECT item, division, code, COUNT(*) FROM answer GROUP BY item, division, code").fetchall())
took = time.monotonic() - began
print(f"{len(rows)} people: loaded in {loaded:.1f} s, {n} cells counted in {took:.2f} s")
