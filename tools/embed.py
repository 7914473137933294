#!/usr/bin/env python3
"""embed.py OUT NAME=FILE ... - files as C char arrays (with a closing NUL), for what ships inside the program."""
import sys

with open(sys.argv[1], "w", encoding="utf-8") as out:
    out.write("/* made by tools/embed.py */\n")
    for pair in sys.argv[2:]:
        name, path = pair.split("=", 1)
        data = open(path, "rb").read() + b"\0"
        rows = [",".join("(char)%d" % b if b > 127 else str(b) for b in data[k:k + 32]) for k in range(0, len(data), 32)]
        out.write("static const char %s[] = {\n%s };\n" % (name, ",\n".join(rows)))
