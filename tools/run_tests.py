#!/usr/bin/env python3
"""Runs all tests and ends with a count.

    run_tests.py [--build DIR] [SUITE ...]

Suites, in this order, all of them when none is named:
    unit    the C tests, on SQLite and on a throw-away PostgreSQL
    page    type check of the page
    cli     the command line and the server from outside (tests/cli)
    story   the whole main job in Chromium, an author's work, then screenshots with accessibility checks

A suite that fails does not keep the next from running. The last line is "N passed, N failed"
(and "N skipped" if any); the exit code is 1 when anything failed.
"""
import argparse
import contextlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / 'tests' / 'support'))
CMOCKA = re.compile(r'^\[\s*(OK|FAILED|SKIPPED)\s*\] (\S.*)$', re.M)
CMOCKA_SUM = re.compile(r'\d+ test\(s\)|^GROUP ')
TAP = re.compile(r'^(not ok|ok)\b(?: \d+)?[ -]+(\S.*)$', re.M)


class Count:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.names = []

    def add(self, suite, name, outcome):
        if outcome == 'ok':
            self.passed += 1
        elif outcome == 'skip':
            self.skipped += 1
        else:
            self.failed += 1
            self.names.append(f'{suite}: {name}')

    def line(self):
        tail = f', {self.skipped} skipped' if self.skipped else ''
        return f'{self.passed} passed, {self.failed} failed{tail}'


def say(text):
    print(f'\n== {text}', flush=True)


def tap(count, suite, name, text, code):
    """Counts TAP lines; a program without any counts as one test by its exit code."""
    lines = TAP.findall(text)
    for verdict, what in lines:
        skipped = '# SKIP' in what
        count.add(suite, f'{name}: {what}', 'skip' if skipped else 'ok' if verdict == 'ok' else 'fail')
    if not lines or (code != 0 and all(v == 'ok' for v, _ in lines)):
        count.add(suite, f'{name} (exit code {code})', 'ok' if code == 0 else 'fail')


def run(argv, *, cwd=TOP, env=None, timeout=1800, show=True):
    """Runs a command, shows its output as it comes, returns (exit code, output)."""
    out = []
    p = subprocess.Popen(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, errors='replace', start_new_session=True)
    late = time.monotonic() + timeout
    timer = threading.Timer(timeout, lambda: os.killpg(p.pid, signal.SIGKILL))
    timer.start()
    try:
        for line in p.stdout:
            out.append(line)
            if show:
                print(line, end='', flush=True)
        code = p.wait()
    finally:
        timer.cancel()
    if time.monotonic() >= late:
        out.append(f'not ok - stopped after {timeout} s\n')
    return code, ''.join(out)


@contextlib.contextmanager
def postgres():
    """A throw-away cluster; its address is in TK_TEST_PG meanwhile."""
    start = subprocess.run([str(TOP / 'tools/test_pg.sh'), 'start'], stdout=subprocess.PIPE, text=True, check=True)
    found = dict(re.findall(r"export (\w+)='([^']*)'", start.stdout))
    os.environ.update(found)
    try:
        yield
    finally:
        subprocess.run([str(TOP / 'tools/test_pg.sh'), 'stop', found['TK_TEST_PG_DIR']], check=False)
        for name in found:
            os.environ.pop(name, None)


def build(dir_, options=('-Dtests=true',), env=None):
    log = TOP / f'{dir_.name}.log' if not dir_.is_absolute() else Path(f'{dir_}.log')
    setup = ['meson', 'configure', str(dir_), *options] if (dir_ / 'build.ninja').exists() else \
        ['meson', 'setup', str(dir_), str(TOP), *options]
    with open(log, 'w') as f:
        code = subprocess.run(setup, cwd=TOP, stdin=subprocess.DEVNULL, stdout=f, stderr=f, env=env).returncode
    if code:
        print(log.read_text()[-3000:])
        return False
    return subprocess.run(['ninja', '-C', str(dir_)], cwd=TOP, stdin=subprocess.DEVNULL, env=env).returncode == 0


def count_cmocka(count, suite, t):
    text = (t.get('stdout') or '') + '\n' + (t.get('stderr') or '')
    seen = {}
    for verdict, name in CMOCKA.findall(text):
        if not CMOCKA_SUM.search(name):
            seen[name] = {'OK': 'ok', 'SKIPPED': 'skip'}.get(verdict, 'fail')
    for name, outcome in seen.items():
        count.add(suite, f'{t["name"]}: {name}', outcome)
    bad = t['result'] not in ('OK', 'SKIP')
    if bad and 'fail' not in seen.values() or not seen:
        count.add(suite, f'{t["name"]} ({t["result"]})', 'fail' if bad else 'skip' if t['result'] == 'SKIP' else 'ok')
    if bad:
        print(f'\n---- {t["name"]}: {t["result"]}\n{text[-6000:]}')


def suite_unit(count, args):
    """Also used by .ci/run with a build under sanitizers."""
    log = args.build / 'meson-logs' / 'testlog.json'
    log.unlink(missing_ok=True)
    names = []
    if args.match:
        out = subprocess.run(['meson', 'test', '-C', str(args.build), '--list'], stdout=subprocess.PIPE, text=True).stdout
        names = [n.split(' / ')[-1].strip() for n in out.splitlines() if ' / ' in n]
        names = [n for n in names if re.search(args.match, n)]
        if not names:
            return count.add('unit', f'a test called {args.match}', 'fail')
    with postgres():
        run(['meson', 'test', '-C', str(args.build), '--no-rebuild', '-t', str(args.timeout_factor), *names])
    if not log.exists():
        return count.add('unit', 'meson test', 'fail')
    for line in log.read_text().splitlines():
        count_cmocka(count, 'unit', json.loads(line))
    return None


def suite_page(count, args):
    code, _ = run(['npm', 'run', '--silent', 'check'], cwd=TOP / 'ui')
    count.add('page', 'svelte-check', 'ok' if code == 0 else 'fail')


def suite_cli(count, args):
    env = dict(os.environ, TENKEN=str(args.build / 'tenken'))
    with postgres(), tempfile.TemporaryDirectory(prefix='tenken-demo-') as cache:
        env['TENKEN_CACHE'] = cache
        env.update({k: os.environ[k] for k in ('TK_TEST_PG', 'TK_TEST_PG_DIR')})
        for file in sorted((TOP / 'tests/cli').glob('test_*.py')):
            if args.only and args.only not in file.name:
                continue
            code, text = run([sys.executable, str(file)], env=env)
            tap(count, 'cli', file.stem, text, code)


def suite_story(count, args):
    import tenken
    tenken.PROGRAM = str(args.build / 'tenken')
    with tempfile.TemporaryDirectory(prefix='tenken-story-') as folder:
        for script, lang in (('story', 'ja'), ('story', 'en'), ('panel', 'ja'), ('keyboard', 'ja'), ('author', 'ja'), ('registers', 'ja'),
                             ('year', 'ja'), ('training', 'ja'), ('inspection', 'ja'), ('shots', 'ja')):
            with tenken.Server(Path(folder) / f'{script}-{lang}.db', demo=True) as server:
                env = dict(os.environ, TENKEN_URL=server.url, TENKEN=tenken.PROGRAM, TENKEN_DB=server.db, TENKEN_LANG=lang)
                code, text = run(['node', f'e2e/{script}.mjs'], cwd=TOP / 'ui', env=env)
                tap(count, 'story', f'{script} {lang}', text, code)


SUITES = {'unit': suite_unit, 'page': suite_page, 'cli': suite_cli, 'story': suite_story}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--build', type=Path, default=Path('build'))
    p.add_argument('--options', default='-Dtests=true', help='options of meson setup')
    p.add_argument('--timeout-factor', type=float, default=2)
    p.add_argument('--match', help='only unit tests whose name has this (a regular expression)')
    p.add_argument('--only', help='part of the file name, in the suite cli')
    p.add_argument('--sum', type=Path, help='add the counts to this file (for several runs in one)')
    p.add_argument('suite', nargs='*', choices=[*SUITES, []])
    args = p.parse_args()
    args.build = (TOP / args.build).resolve()
    count = Count()

    say(f'Building {args.build.name} with its tests')
    if not build(args.build, shlex.split(args.options)):
        count.add('build', 'the program and its tests (nothing was run)', 'fail')
        wanted = []
    else:
        wanted = args.suite or list(SUITES)
    for name in wanted:
        say(f'Suite {name}')
        before = time.monotonic()
        try:
            SUITES[name](count, args)
        except Exception as e:      # one suite's trouble is a failure, not the end
            print(f'{type(e).__name__}: {e}')
            count.add(name, f'{type(e).__name__}: {e}', 'fail')
        print(f'-- {name}: {time.monotonic() - before:.0f} s')
    if count.names:
        say('Failed')
        print('\n'.join(count.names))
    if args.sum or os.environ.get('TEST_SUM'):
        with open(args.sum or os.environ['TEST_SUM'], 'a') as f:
            f.write(f'{count.passed} {count.failed} {count.skipped}\n')
    print(f'\n{count.line()}', flush=True)
    sys.exit(1 if count.failed else 0)


if __name__ == '__main__':
    main()
