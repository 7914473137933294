"""What the tests from outside share: running the program, serving, and a small client of its API.

Only Python's own library. TENKEN names the program (else build/tenken), TK_TEST_PG a PostgreSQL
(tools/test_pg.sh), TENKEN_CACHE a folder where the filled demonstration is kept between test files.
"""
import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
DATA = TOP / 'tests' / 'data'
PROGRAM = os.environ.get('TENKEN', str(TOP / 'build' / 'tenken'))
PG = os.environ.get('TK_TEST_PG')
PASSWORD = 'correct-horse-7-battery'


def tenken(*args, code=0, lang='C.UTF-8', timeout=600, text=True, **kw):
    """Runs a command; asserts on its exit code (None: any) and returns the finished process."""
    env = dict(os.environ, LANG=lang, LC_ALL=lang)
    env.pop('TENKEN_DB', None)
    p = subprocess.run([PROGRAM, *map(str, args)], stdin=subprocess.DEVNULL, capture_output=True, text=text,
                       timeout=timeout, env=env, **kw)
    if code is not None and p.returncode != code:
        raise AssertionError(f'tenken {" ".join(map(str, args))}: exit code {p.returncode}, not {code}\n'
                             f'{p.stdout[-1500:]}\n{p.stderr[-3000:]}')
    return p


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def new_pg(name):
    """An empty database of its own in the throw-away server."""
    name = f'{name}_{os.getpid()}_{time.monotonic_ns() % 1000000}'
    subprocess.run(['psql', '-q', '-v', 'ON_ERROR_STOP=1', PG, '-c', f'CREATE DATABASE {name}'], check=True,
                   stdin=subprocess.DEVNULL)
    return PG.rsplit('/', 1)[0] + '/' + name


def demo_db(folder, name='demo.db'):
    """A copy of the filled demonstration (SQLite)."""
    cache = Path(os.environ.get('TENKEN_CACHE') or folder)
    whole = cache / 'demonstration.db'
    if not whole.exists():
        tenken('demo', '--db', cache / 'filling.db', '--no-serve')
        close_wal(cache / 'filling.db')
        os.replace(cache / 'filling.db', whole)
    target = Path(folder) / name
    shutil.copyfile(whole, target)
    return target


def close_wal(path):
    """Puts what still stands in the -wal file into the database file itself."""
    with contextlib.closing(sqlite3.connect(path)) as c:
        c.execute('PRAGMA wal_checkpoint(TRUNCATE)')


def sql(db, text, *args):
    """Asks or changes the database behind the program's back."""
    if str(db).startswith('postgres'):
        out = subprocess.run(['psql', '-qAt', '-F', '\t', '-v', 'ON_ERROR_STOP=1', str(db), '-c', text], check=True,
                             capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
        return [tuple(line.split('\t')) for line in out.splitlines()]
    with contextlib.closing(sqlite3.connect(db, timeout=20)) as c:
        rows = c.execute(text, args).fetchall()
        c.commit()
        return rows


class Server:
    """`tenken serve` (demo=True: `tenken demo`, which fills an empty database first)."""

    def __init__(self, db, *args, demo=False, port=None, preexec=None, wait=120):
        self.db, self.args, self.demo = str(db), [str(a) for a in args], demo
        self.port = port or free_port()
        self.url = f'http://127.0.0.1:{self.port}'
        self.preexec, self.wait = preexec, wait
        self.log = tempfile.TemporaryFile(mode='w+')
        self.process = None

    def start(self):
        """Returns the seconds until it answered."""
        began = time.monotonic()
        env = dict(os.environ, LANG='C.UTF-8', LC_ALL='C.UTF-8')
        env.pop('TENKEN_DB', None)
        self.process = subprocess.Popen([PROGRAM, 'demo' if self.demo else 'serve', '--db', self.db, '--listen',
                                         f'127.0.0.1:{self.port}', *self.args], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=subprocess.STDOUT, preexec_fn=self.preexec, env=env)
        while True:
            if self.process.poll() is not None:
                raise AssertionError(f'the server ended with {self.process.returncode}: {self.said()}')
            if self.healthy(1):
                return time.monotonic() - began
            if time.monotonic() - began > self.wait:
                raise AssertionError(f'the server did not answer within {self.wait} s: {self.said()}')
            time.sleep(0.01)

    def healthy(self, timeout=5):
        try:
            c = http.client.HTTPConnection('127.0.0.1', self.port, timeout=timeout)
            c.request('GET', '/healthz')
            r = c.getresponse()
            r.read()
            c.close()
            return r.status == 200
        except (OSError, http.client.HTTPException):
            return False

    def said(self):
        self.log.seek(0)
        return self.log.read()[-3000:]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError('the server did not stop within 20 s of SIGTERM')

    def memory_mb(self):
        with open(f'/proc/{self.process.pid}/status') as f:
            return next(int(line.split()[1]) for line in f if line.startswith('VmHWM')) // 1024

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        self.log.close()


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f'{self.status} {self.body[:600].decode(errors="replace")}'


class Client:
    """One person's browser: keeps the cookie and the token against forged requests."""

    def __init__(self, port, lang='en', timeout=60):
        self.port, self.lang, self.timeout = port, lang, timeout
        self.cookie = self.csrf = self.conn = None
        self.used = 0

    def call(self, method, path, body=None, **headers):
        """body: a dict becomes JSON, bytes go as they are. A header's _ stands for -."""
        head = {'Accept-Language': self.lang, **{k.replace('_', '-'): v for k, v in headers.items()}}
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            head.setdefault('Content-Type', 'application/json')
        elif body is not None:
            head.setdefault('Content-Type', 'application/octet-stream')
        if self.cookie:
            head['Cookie'] = self.cookie
        if self.csrf and method != 'GET':
            head['X-CSRF-Token'] = self.csrf
        # The server closes connections that stand idle; one that may be closed by now is not used again.
        if self.conn and (time.monotonic() - self.used > 5 or method == 'GET'):
            self.conn.close()
            self.conn = None
        if not self.conn:
            self.conn = http.client.HTTPConnection('127.0.0.1', self.port, timeout=self.timeout)
        try:
            self.conn.request(method, '/api/v1' + path, body=body, headers=head)
            r = self.conn.getresponse()
            reply = Reply(r.status, r.headers, r.read())
            self.used = time.monotonic()
        except BaseException:
            self.conn.close()
            self.conn = None
            raise
        if r.headers.get('Set-Cookie'):
            self.cookie = r.headers['Set-Cookie'].split(';')[0]
        return reply

    def want(self, status, method, path, body=None, **headers):
        reply = self.call(method, path, body, **headers)
        if reply.status != status:
            raise AssertionError(f'{method} {path}: {reply!r} where {status} was wanted')
        return reply.json if reply.body and 'json' in reply.headers.get('Content-Type', '') else reply.body

    def get(self, path):
        return self.want(200, 'GET', path)

    def sign_in(self, login, password=PASSWORD):
        self.csrf = self.want(200, 'POST', '/session', {'login': login, 'password': password})['csrf']
        return self

    def use_link(self, token, password=PASSWORD):
        self.csrf = self.want(200, 'POST', f'/links/{token}', {'password': password})['csrf']
        return self

    def as_demo(self, key):
        self.csrf = self.want(200, 'POST', '/demo/sign-in', {'key': key})['csrf']
        return self
