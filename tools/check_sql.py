#!/usr/bin/env python3
"""check_sql.py ROOT [--run PROGRAM] - is every SQL text of src/ fixed in the source?

Macros with parameters that stand in the same file are put in first, as the compiler does.  The SQL argument of tk_db_run() and its relatives must be a string literal, a macro or static array
that is one, an element of a static table of such, a choice between such ("x ? a : b"), a local
variable that is made so and never changed, or, in
src/record, a buffer that was filled from the descriptors.  A static function that hands on its own
parameter "const char *sql" is looked at where it is called.  In the tables of facts the queries are
what `.sql =` and `.when =` say.  What else is needed stands in ALLOWED with its reason.

With --run, the statements found are given to PROGRAM (tests/db/sql_prepare.c) on its standard
input, one a line: place, engines (s, p or sp), number of arguments, text; it prepares each of them
on both databases.
"""
import ast
import pathlib
import re
import subprocess
import sys

# function -> position of the SQL argument
CALLS = {"tk_db_run": 2, "tk_db_exec": 2, "tk_db_exec0": 2, "tk_db_first": 3, "tk_db_int": 2,
         "tk_db_stream": 2, "tk_db_script": 1, "tk_fact_select": 3}
ALLOWED = {
    ("src/db/db.c", "sql"): "hands on what its own caller wrote",
    ("src/db/db.h", "sql"): "macros over tk_db_run",
    ("src/db/db.h", "(sql)"): "macros over tk_db_run",
    ("src/fact/fact.c", "sql"): "tk_fact_select, looked at where it is called",
    ("src/fact/fact.c", "f->sql"): "looked at in the tables of facts",
    ("src/fact/fact.c", "f->when"): "looked at in the tables of facts",
    ("src/db/migrate.c", "m->sqlite"): "the numbered migrations, compiled in",
    ("src/db/migrate.c", "m->postgres"): "the numbered migrations, compiled in",
}
# words that only one database knows, for statements in the branch of that one
ONLY = {"clock_timestamp": "p", "pg_advisory": "p", "sqlite_master": "s", "PRAGMA": "s"}
BUFFER = re.compile(r"^\w+(\.|->)p$|^tk_buf_cstr\(&?\w+\)$")
STRING = re.compile(r'"(?:\\.|[^"\\])*"')
# string, character, comments, or a name with an opening bracket
TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])+\'|/\*.*?\*/|//[^\n]*', re.S)


def blank_comments(text):
    def keep(m):
        s = m.group(0)
        return s if s[0] in "\"'" else re.sub(r"[^\n]", " ", s)
    return TOKEN.sub(keep, text)


def arguments(text, at):
    """The arguments of a call whose '(' stands at `at`, as texts."""
    depth, start, out, i = 0, at + 1, [], at
    while i < len(text):
        c = text[i]
        if c in "\"'":
            i = TOKEN.match(text, i).end()
            continue
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth == 0:
                return out + [text[start:i].strip()]
        elif c == "," and depth == 1:
            out.append(text[start:i].strip())
            start = i + 1
        i += 1
    return out


def split_choice(arg):
    """'a ? b : c' -> (a, b, c) outside of strings and brackets, else None."""
    depth, marks, i = 0, [], 0
    while i < len(arg):
        c = arg[i]
        if c in "\"'":
            i = TOKEN.match(arg, i).end()
            continue
        depth += (c in "([{") - (c in ")]}")
        if depth == 0 and c in "?:":
            marks.append(i)
        i += 1
    if len(marks) < 2 or arg[marks[0]] != "?":
        return None
    return arg[:marks[0]], arg[marks[0] + 1:marks[1]].strip(), arg[marks[1] + 1:].strip()


MACRO = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)\(([^)]*)\)[ \t]*((?:\\\n|[^\n])+)", re.M)


def fill(body, params, args):
    """The body of a macro with its arguments: #name is the argument as a string, ## joins."""
    for p, a in zip(params, args):
        body = re.sub(r"(?<!#)#[ \t]*%s\b" % re.escape(p), lambda m, a=a: '"%s"' % a, body)
    parts, at = [], 0
    for m in re.finditer(r'"(?:\\.|[^"\\])*"|\b\w+\b', body):
        word = m.group(0)
        parts += [body[at:m.start()], args[params.index(word)] if word in params else word]
        at = m.end()
    return re.sub(r"[ \t]*##[ \t]*", "", "".join(parts) + body[at:])


def expand(text, depth=0):
    """The text with the macros of SQL that take parameters put in; every line keeps its number."""
    macros = {m.group(1): ([x.strip() for x in m.group(2).split(",")], m.group(3).replace("\\\n", " "), m.end())
              for m in MACRO.finditer(text) if '"' in m.group(3) or "sql" in m.group(2) + m.group(3)}
    if not macros or depth > 5:
        return text
    own = [m.span() for m in MACRO.finditer(text)]
    out, at, changed = [], 0, False
    for m in re.finditer(r"\b(%s)\(" % "|".join(map(re.escape, macros)), text):
        params, body, known = macros[m.group(1)]
        if m.start() < max(at, known) or any(a <= m.start() < b for a, b in own):
            continue                            # in a definition with parameters, or just put in
        args = arguments(text, m.end() - 1)
        if len(args) != len(params):
            continue
        end = m.end()
        open_ = 1
        while open_:
            if text[end] in "\"'":
                end = TOKEN.match(text, end).end()
                continue
            open_ += (text[end] == "(") - (text[end] == ")")
            end += 1
        args = [" ".join(a.replace("\\\n", " ").split()) for a in args]
        lines = text[m.start():end].count("\n")
        line = text.rfind("\n", 0, m.start()) + 1
        joint = "\\\n" if re.match(r"[ \t]*#[ \t]*define", text[line:]) or text[line - 2:line] == "\\\n" else "\n"
        out += [text[at:m.start()], fill(body, params, args), joint * lines]
        at, changed = end, True
    text = "".join(out) + text[at:]
    return expand(text, depth + 1) if changed else text


def without_macros(text):
    """Definitions with parameters blanked out: what they hold was put in where they are used."""
    return MACRO.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def constants(text, known):
    """Names of macros and static arrays that are string literals."""
    found = dict(known)
    for m in re.finditer(r"^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+((?:\\\n|[^\n])+)", text, re.M):
        found[m.group(1)] = m.group(2).replace("\\\n", " ")
    for m in re.finditer(r"static\s+const\s+char\s+(\w+)\[\]\s*=\s*([^;]+);", text):
        found[m.group(1)] = m.group(2)
    return found


def literal(arg, names, depth=0):
    """The text of an expression of literals and such names, else None."""
    out, rest = "", arg.strip()
    while rest.startswith("(") and rest.endswith(")"):
        rest = rest[1:-1].strip()
    while rest and depth < 9:
        m = STRING.match(rest)
        if m:
            out += ast.literal_eval("b" + m.group(0)).decode("utf-8") if m.group(0).isascii() else \
                ast.literal_eval(m.group(0))
        else:
            m = re.match(r"\w+", rest)
            part = literal(names[m.group(0)], names, depth + 1) if m and m.group(0) in names else None
            if part is None:
                return None
            out += part
        rest = rest[m.end():].strip()
    return out if arg.strip() and not rest else None


def elements(table, text, names):
    """The texts of `static const char *const table[..] = { .. }`, else None."""
    m = re.search(r"static\s+const\s+char\s*\*\s*const\s+%s\[[^\]]*\]\s*=\s*\{" % table, text)
    if not m:
        return None
    items = [re.sub(r"^\[[^\]]*\]\s*=\s*", "", x) for x in arguments(text, m.end() - 1) if x]
    return [literal(x, names) for x in items]


def texts(arg, names, text, engines="sp"):
    """[(engines, text, part of the argument)] of an argument, text None where it is not fixed."""
    choice = split_choice(arg)
    if not choice:
        m = re.match(r"(\w+)\[[^\]]+\]$", arg)
        several = elements(m.group(1), text, names) if m else None
        if several:
            return [(engines, x, arg) for x in several]
        one = literal(arg, names)
        for word, only in ONLY.items():
            engines = only if one and word in one else engines
        return [(engines, one, arg)]
    first, second = engines, engines
    if "TK_DB_SQLITE" in choice[0]:
        first, second = "s", "p"
    elif "TK_DB_POSTGRES" in choice[0]:
        first, second = "p", "s"
    return texts(choice[1], names, text, first) + texts(choice[2], names, text, second)


def member(text, at):
    """What a designated initialiser says whose '=' ends at `at`, in a row or in a macro of members."""
    depth, i = 0, at
    while depth >= 0 and (depth or text[i] not in ",}"):
        if text[i] == "\n" and re.match(r"#[ \t]*define\b", logical_line(text, at)):
            break
        if text.startswith("\\\n", i):
            i += 2
        elif text[i] in "\"'":
            i = TOKEN.match(text, i).end()
        else:
            depth += (text[i] == "(") - (text[i] == ")")
            i += depth >= 0
    return " ".join(text[at:i].replace("\\\n", " ").split())


def logical_line(text, at):
    """The line with that place, from where the lines that it continues began."""
    begin = text.rfind("\n", 0, at) + 1
    while begin > 1 and text[begin - 2] == "\\":
        begin = text.rfind("\n", 0, begin - 1) + 1
    return text[begin:at].lstrip()


def local(text, at, arg):
    """What the local variable `arg` was made of, when it is not changed before `at`."""
    begin = text.rfind("\n}\n", 0, at) + 1
    made = list(re.finditer(r"\bconst char \*(?:const )?%s =" % re.escape(arg), text[begin:at]))
    if not made or re.search(r"\b%s\s*=[^=]" % re.escape(arg), text[begin + made[-1].end():at]):
        return None
    i = start = begin + made[-1].end()
    while text[i] != ";":
        i = TOKEN.match(text, i).end() if text[i] in "\"'" else i + 1
    return " ".join(text[start:i].split())


def hands_on(text, at, arg):
    """(name, position) of the static function around `at` whose parameter `arg` is."""
    last = None
    for m in re.finditer(r"^static [^;{}()]*?(\w+)\(", text[:at], re.M):
        last = m
    if not last:
        return None
    params = [" ".join(p.split()) for p in arguments(text, last.end() - 1)]
    wanted = "const char *" + arg
    return (last.group(1), params.index(wanted)) if wanted in params else None


def scan(root):
    faults, found, used = [], [], set()
    src = pathlib.Path(root) / "src"
    shared = {}
    for path in sorted(src.rglob("*.h")):
        shared = constants(blank_comments(path.read_text(encoding="utf-8")), shared)
    for path in sorted(src.rglob("*.[ch]")):
        name = str(path.relative_to(root))
        text = blank_comments(path.read_text(encoding="utf-8"))
        if path.suffix == ".c":
            text = without_macros(expand(text))
        names = constants(text, shared)
        calls = dict(CALLS)
        todo = list(CALLS)
        while todo:
            call = todo.pop()
            for m in re.finditer(r"\b%s\s*\(" % call, text):
                args = arguments(text, m.end() - 1)
                place = "%s:%d" % (name, text.count("\n", 0, m.start()) + 1)
                if len(args) <= calls[call]:
                    continue                    # the macro's own #define
                arg = " ".join(args[calls[call]].split())
                if re.match(r"const char \*\w*$", arg):
                    continue                    # a prototype or definition
                made = local(text, m.start(), arg) if arg.isidentifier() else None
                for engines, sql, part in texts(made or arg, names, text):
                    outer = hands_on(text, m.start(), part) if sql is None else None
                    if sql is not None:
                        found.append((place, engines, call, sql))
                    elif (name, part) in ALLOWED:
                        used.add((name, part))
                    elif outer:
                        if outer[0] not in calls:
                            calls[outer[0]] = outer[1]
                            todo.append(outer[0])
                    elif not (name.startswith("src/record/") and BUFFER.match(part)):
                        faults.append(f"{place}: the SQL of {call} is not fixed in the source: {part[:60]}")
    # tables of facts: a query is what `.sql =` or `.when =` says
    for path in sorted(src.rglob("*.c")):
        name = str(path.relative_to(root))
        text = without_macros(expand(blank_comments(path.read_text(encoding="utf-8"))))
        names = constants(text, shared)
        for m in re.finditer(r"\.(?:sql|when)\s*=", text):
            sql = literal(member(text, m.end()), names)
            place = "%s:%d" % (name, text.count("\n", 0, m.start()) + 1)
            if sql is None:
                faults.append(f"{place}: the SQL of the fact is not fixed in the source: {member(text, m.end())[:60]}")
            else:
                found.append((place, "sp", "tk_fact_select", sql))
    for name, part in sorted(set(ALLOWED) - used):
        if name != "src/db/db.h":
            faults.append(f"tools/check_sql.py: ALLOWED ({name}, {part}) is not needed any more")
    return faults, found


def main(argv):
    faults, found = scan(argv[1])
    print("\n".join(faults) if faults else f"{len(found)} statements are fixed in the source", flush=True)
    if faults or "--run" not in argv:
        return 1 if faults else 0
    lines = []
    for place, engines, call, sql in found:
        if call != "tk_db_script" and re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", sql):
            narg = max([int(n) for n in re.findall(r"\$(\d+)", sql)], default=0)
            lines.append("\t".join([place, engines, str(narg), " ".join(sql.split())]))
    return subprocess.run([argv[argv.index("--run") + 1]], input="\n".join(lines) + "\n", text=True,
                          encoding="utf-8", check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv))
