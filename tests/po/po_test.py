#!/usr/bin/env python3
"""po_test.py ROOT - can every message of the source be said in Japanese, and said rightly?

Fails when a text marked with N_() has no translation, when the formats of the two differ, when a
word appears that the vocabulary replaced by another, when a message does not fit struct tk_err, or
when tk_fail() is given a text without N_().
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1]).resolve()
sys.path.insert(0, str(ROOT / "tools"))
import po2c  # noqa: E402

# word: what to write in its place
REPLACED = {
    "統制": "対策", "コントロール": "対策", "チェックリスト": "点検項目", "アセスメント": "自己点検",
    "是正": "改善", "監査ログ": "監査証跡", "社員": "職員", "従業員": "職員", "部局": "局等", "課所": "課室",
    "レスポンス率": "回答率", "達成率": "実施率", "ユーザ": "利用者", "リマインド": "督促",
}
MSG_MAX = 480           # struct tk_err.msg; what is put in needs room too
ARGUMENT = 24
UNMARKED = re.compile(r'\btk_fail\s*\(\s*&?[\w>.\-]+\s*,\s*TK_\w+\s*,[^,;]*,\s*"((?:[^"\\]|\\.)*)"')
FORMAT = re.compile(r"%(?:\d+\$)?[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|z|j)?[diouxXcsp]")


def in_source():
    """The msgids of the source, as xgettext sees them now."""
    pot = subprocess.run([ROOT / "tools/po_update.sh", "--pot"], check=True, capture_output=True, text=True).stdout
    return {msgid for msgid, _ in po2c.entries_of(re.sub(r'^msgstr ""$', 'msgstr "-"', pot, flags=re.M))}


def faults_of_text(msgid, msgstr):
    for word, better in REPLACED.items():
        if word in msgstr:
            yield f"{msgstr!r} says {word}; the word is {better}"
    if "アンケート" in msgstr and "survey" not in msgid.lower():
        yield f"{msgstr!r}: アンケート is a survey, not the self-inspection (自己点検)"
    if len(msgstr.encode()) + ARGUMENT * len(FORMAT.findall(msgstr)) > MSG_MAX:
        yield f"{msgstr!r} is too long for struct tk_err"
    if msgid.strip() != "" and (msgid[0] == " ") != (msgstr[0] == " "):
        yield f"{msgid!r} and {msgstr!r} do not begin alike"


def faults():
    po = ROOT / "po/ja.po"
    ja = dict(po2c.entries(po))
    for msgid in sorted(in_source() - ja.keys()):
        yield f"not translated (run tools/po_update.sh, then translate in po/ja.po): {msgid!r}"
    check = subprocess.run(["msgfmt", "--check-format", "-o", "/dev/null", po], capture_output=True, text=True)
    if check.returncode:
        yield check.stderr
    for msgid, msgstr in ja.items():
        yield from faults_of_text(msgid, msgstr)
    for path in sorted([*ROOT.glob("src/*/*.c"), *ROOT.glob("demo/*.c")]):
        for m in UNMARKED.finditer(path.read_text(encoding="utf-8")):
            if not re.search("[A-Za-z]{2}", FORMAT.sub("", m[1])):
                continue        # only what others said
            yield f"{path.relative_to(ROOT)}: a text without N_(): {' '.join(m[0].split())}"
    if dict(po2c.on_machines("%<PRId64> s", "%<PRId64> 件")) != {"%ld s": "%ld 件", "%lld s": "%lld 件"}:
        yield "po2c.py does not write a row for each length of int64_t"


found = list(faults())
print("\n".join(found))
sys.exit(1 if found else 0)
