#!/usr/bin/env python3
"""suppress_check.py DUMP - can a reader compute a figure that was left out?

Reads the publications and patterns that the program DUMP prints and solves the equations with exact
fractions: a cell is known when it is a combination of what is printed. Also checked: nothing small is
printed, and no pattern is wasteful (no complementary cell is known anyway).
"""
import json
import subprocess
import sys
from fractions import Fraction

PRINTED, PRIMARY, COMPLEMENTARY, HIDDEN = range(4)
PUBLISHED, MAY, SAFE = 1, 2, 4


def equations(pub):
    """Rows {variable: coefficient} over all variables; the rest of a base is a variable too."""
    n = len(pub["cells"])
    value = [c[0] for c in pub["cells"]]
    rows = []
    for total, part in pub["sums"]:
        rows.append({**{p: 1 for p in part}, total: -1})
    for cell, base in pub["parts"]:
        value.append(value[base] - value[cell])
        rows.append({cell: 1, len(value) - 1: 1, base: -1})
    return rows, value, n


def known(rows, unknown):
    """The unknowns whose unit vector lies in the row space, by Gauss-Jordan over fractions."""
    work = [{v: Fraction(c) for v, c in row.items() if v in unknown} for row in rows]
    done = []
    for row in work:
        for pivot, other in done:
            if pivot in row:
                f = row[pivot]
                for v, c in other.items():
                    row[v] = row.get(v, 0) - f * c
                    if row[v] == 0:
                        del row[v]
        if not row:
            continue
        pivot = min(row)
        f = row[pivot]
        row = {v: c / f for v, c in row.items()}
        for i, (p, other) in enumerate(done):
            if pivot in other:
                f = other[pivot]
                for v, c in row.items():
                    other[v] = other.get(v, 0) - f * c
                    if other[v] == 0:
                        del other[v]
        done.append((pivot, row))
    return {p for p, row in done if len(row) == 1}


def faults(pub):
    rows, value, n = equations(pub)
    status = [c[2] for c in pub["cells"]]
    unknown = {v for v in range(len(value)) if v >= n or status[v] != PRINTED}
    open_book = known(rows, unknown)
    for v in range(n):
        count, flags, st = pub["cells"][v]
        small = not flags & SAFE and 0 < count < pub["k"]
        if st != PRINTED and v in open_book:
            yield f"cell {v} was left out and can be computed"
        if small and flags & MAY and st != PRIMARY:
            yield f"cell {v} counts {count} and is {st}"
    for i, (cell, base) in enumerate(pub["parts"]):
        rest = value[n + i]
        if value[cell] == 0 and pub["cells"][base][1] & (PUBLISHED | MAY | SAFE) == PUBLISHED | SAFE:
            continue  # nobody of a base that everybody knows: the figure itself says so
        if 0 < rest < pub["k"] and not pub["cells"][cell][1] & SAFE and n + i in open_book:
            yield f"the rest of cell {base} beside cell {cell} is {rest} and can be computed"


def main(dump):
    out = subprocess.run([dump], capture_output=True, text=True, check=True).stdout.splitlines()
    wrong = cells = left_out = 0
    for i, line in enumerate(out):
        pub = json.loads(line)
        found = list(faults(pub))
        cells += len(pub["cells"])
        left_out += sum(c[2] != PRINTED for c in pub["cells"])
        print(f"{'not ok' if found else 'ok'} {i + 1} - publication of {len(pub['cells'])} cells")
        for f in found:
            print("#", f)
        wrong += bool(found)
    print(f"# {len(out)} publications, {cells} cells, {left_out} left out, {wrong} wrong")
    return 1 if wrong or len(out) < 50 or not left_out else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
