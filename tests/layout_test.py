#!/usr/bin/env python3
"""layout_test.py ROOT - the folder order of src/ is the architecture: does every #include keep it?

A folder may include itself and what stands above it; domain folders (all that are not named here)
never include each other; each foreign library has the folder that owns it; in the folders after
http, only the *_api files know HTTP (auth is what http asks who somebody is, and the command line
starts the server).
"""
import pathlib
import re
import sys
import unicodedata

BEFORE = ["base", "db", "sheet", "record", "job", "case", "stat", "expr", "fact", "chart", "http", "auth", "org",
          "form", "survey", "table", "workbook"]
AFTER = ["report", "demo", "main"]      # demo/ stands beside src/: it fills a database through the same doors
KNOWS_HTTP = {"http", "auth", "main"}
OWNER = {
    "sqlite3.h": {"db"}, "libpq-fe.h": {"db"}, "microhttpd.h": {"http"},
    "zip.h": {"sheet"}, "expat.h": {"sheet"}, "xlsxwriter.h": {"sheet"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def rank(folder):
    if folder in BEFORE:
        return BEFORE.index(folder)
    return 100 + AFTER.index(folder) if folder in AFTER else 50


def fault_of(src, path, quote, name):
    folder = path.relative_to(src).parts[0] if src in path.parents else "demo"
    if quote == "<":
        owner = OWNER.get(name)
        return f"<{name}> belongs to src/{' '.join(sorted(owner))}" if owner and folder not in owner else None
    other = name.split("/")[0]
    if "/" not in name or not (src / other).is_dir() and other != "demo":
        return None if name.endswith(".inc") else f'"{name}" is not written as folder/file.h'
    if other == folder:
        return None
    if rank(other) > rank(folder):
        return f"src/{folder} stands before src/{other} and may not include it"
    if rank(other) == rank(folder):
        return f"the domains {folder} and {other} may not include each other"
    if other == "http" and folder not in KNOWS_HTTP and not path.stem.endswith("_api"):
        return "only *_api files know HTTP"
    return None


def width(line):
    """Columns on a terminal: tabs of 8, two for a full-width character."""
    w = 0
    for c in line:
        w = (w // 8 + 1) * 8 if c == "\t" else w + (2 if unicodedata.east_asian_width(c) in "WF" else 1)
    return w


def main(root):
    src = pathlib.Path(root) / "src"
    faults, seen = [], 0
    for path in sorted(src.rglob("*.[ch]")) + sorted((src.parent / "demo").glob("*.[ch]")):
        for n, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if width(line) > 100:
                faults.append(f"{path.relative_to(root)}:{n}: wider than 100 columns")
            m = INCLUDE.match(line)
            if not m:
                continue
            seen += 1
            fault = fault_of(src, path, m.group(1), m.group(2))
            if fault:
                faults.append(f"{path.relative_to(root)}:{n}: {fault}")
    if not seen:
        faults.append("no #include was found: wrong folder?")
    print("\n".join(faults) if faults else f"{seen} includes keep the order")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
