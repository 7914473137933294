#!/usr/bin/env python3
"""Does what the README's first command does, on a free port, and looks at what a person would see:
where it is served, whom one can sign in as, the page, the printed table, and a trail that verifies."""
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent

# the founding report's own numbers (SELF-02, SELF-05, SELF-09)
FACTS = {
    '2010': {'response_rate': '99.9%', 'items': '81'},
    '2011': {'response_rate': '100.0%', 'items': '81', 'items_all_staff': '6', 'items_division_head': '51',
             'items_system_admin': '24', 'items_100': '73', 'items_95': '6', 'items_90': '1', 'items_lt90': '1'},
}


def get(url):
    with urllib.request.urlopen(url, timeout=10) as r:
        return r.read()


def look(url, db, log):
    if b'<script type="module"' not in get(url + '/'):
        return 'the page is not served'
    if len(json.loads(get(url + '/api/v1/demo/persons'))['persons']) < 6:
        return 'there are not six persons to sign in as'
    if url not in log.read_text():
        return 'it does not say where it serves'
    tenken = TOP / 'build/tenken'
    table = subprocess.run([tenken, 'tabulate', 'self-inspection-2011', '--db', db, '--table', 'rate-classes', '--format',
                            'csv'], stdout=subprocess.PIPE).stdout
    if table != (TOP / 'tests/data/reference/self_inspection_2011.csv').read_bytes():
        return 'the table is not the printed one'
    for year, want in FACTS.items():
        facts = json.loads(subprocess.run([tenken, 'facts', year, '--db', db, '--format', 'json'],
                                          stdout=subprocess.PIPE).stdout)
        values = {f['id'].removeprefix('self_inspection.'): f['value'] for f in facts}
        if {k: values.get(k) for k in want} != want:
            return f'the numbers of {year} are not the printed ones: {values}'
    if subprocess.run([tenken, 'verify', '--db', db]).returncode:
        return 'the audit trail does not verify'
    return None


def main():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        port = s.getsockname()[1]
    url = f'http://127.0.0.1:{port}'
    with tempfile.TemporaryDirectory(prefix='tenken-demo-') as folder:
        log, db = Path(folder) / 'log', Path(folder) / 'demo.db'
        with open(log, 'w') as out:
            job = subprocess.Popen(['make', 'demo', f'LISTEN=127.0.0.1:{port}', f'DEMO_DB={db}'], cwd=TOP,
                                   stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
        try:
            fault = 'it was not there within ten minutes'
            for _ in range(1200):
                try:
                    get(url + '/healthz')
                    fault = look(url, db, log)
                    break
                except (urllib.error.URLError, OSError):
                    if job.poll() is not None:
                        fault = 'make demo ended by itself'
                        break
                    time.sleep(0.5)
        finally:
            if job.poll() is None:
                os.killpg(job.pid, signal.SIGTERM)
                job.wait(30)
        print(log.read_text())
    print(f'check_demo: {fault or "good"}')
    sys.exit(1 if fault else 0)


if __name__ == '__main__':
    main()
