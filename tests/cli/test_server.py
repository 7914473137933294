#!/usr/bin/env python3
"""The server from outside: kill -9, a full disk, back-up under load, bad input of every kind."""
import contextlib
import io
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'support'))
import tenken as t
import unit
from office import Office, token

REFERENCE = (t.DATA / 'reference' / 'self_inspection_2011.csv').read_bytes()
ROUNDS = int(os.environ.get('TENKEN_KILLS', '4'))


class Both(unittest.TestCase):
    """Each test on both databases."""

    def setUp(self):
        self.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        self.dir = Path(self.tmp.name)

    def tearDown(self):
        self.tmp.cleanup()

    def database(self, kind):
        if kind == 'SQLite':
            return str(t.demo_db(self.dir))
        if not t.PG:
            self.skipTest('TK_TEST_PG is not set')
        db = t.new_pg('server')
        t.tenken('demo', '--db', db, '--no-serve')
        return db

    # -- kill -9 -----------------------------------------------------------------------------
    def killed(self, kind):
        db = self.database(kind)
        server = t.Server(db, '--rate', 1000000)
        try:
            server.start()
            office = Office(server, db)
            slowest = 0
            for n in range(ROUNDS):
                load = office.load().start()
                time.sleep(0.6 + 0.37 * n)
                before = load.saved
                server.kill()
                load.stop()
                self.assertGreater(before, 20, 'there was load when it was killed')
                self.assertEqual(load.odd, [])
                slowest = max(slowest, server.start())
                for p in office.people:
                    p.check()
            self.assertLess(slowest, 1.0, 'ready again within a second')
            server.stop()
            t.tenken('verify', '--db', db)
        finally:
            if server.process and server.process.poll() is None:
                server.kill()

    def test_kill_sqlite(self):
        self.killed('SQLite')

    def test_kill_postgres(self):
        self.killed('PostgreSQL')

    # -- back-up under load ------------------------------------------------------------------
    def backed_up(self, kind):
        db = self.database(kind)
        with t.Server(db, '--rate', 1000000) as server:
            office = Office(server, db, people=8)
            load = office.load().start()
            time.sleep(0.5)
            before = {p: dict(p.told) for p in office.people}
            t.tenken('backup', self.dir / 'backup.file', '--db', db)
            after = {p: p.said for p in office.people}
            time.sleep(0.3)
            load.stop()
            self.assertEqual(load.odd, [])
            for p in office.people:
                p.check()
        back = self.dir / 'restored.db' if kind == 'SQLite' else t.new_pg('restored')
        t.tenken('restore', self.dir / 'backup.file', '--db', back)
        t.tenken('verify', '--db', back)
        self.assertEqual(t.tenken('tabulate', 'self-inspection-2011', '--db', back, '--table', 'rate-classes', '--format',
                                  'csv', text=False).stdout, REFERENCE)
        for table in ('staff', 'respondent', 'campaign', 'account', 'form_item'):
            self.assertEqual(t.sql(back, f'SELECT count(*) FROM {table}'), t.sql(db, f'SELECT count(*) FROM {table}'))
        with t.Server(back) as server:
            for p in office.people:
                p.client.port, p.client.conn = server.port, None
                got = p.client.get(p.path)
                self.assertGreaterEqual(got['version'], before[p]['version'], 'acknowledged before the back-up began')
                said = int(got['answers']['c01']['comment'].split()[-1])
                self.assertLessEqual(said, after[p] + 1)

    def test_backup_sqlite(self):
        self.backed_up('SQLite')

    def test_backup_postgres(self):
        self.backed_up('PostgreSQL')

    # -- a full disk -------------------------------------------------------------------------
    @contextlib.contextmanager
    def small_disk(self, megabytes):
        if os.geteuid() != 0:
            self.skipTest('a small disk can be mounted only by root')
        folder = self.dir / 'small'
        folder.mkdir()
        if subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={megabytes}m', 'tmpfs', str(folder)],
                          capture_output=True).returncode:
            self.skipTest('this machine does not let a small disk be mounted')
        try:
            yield folder
        finally:
            subprocess.run(['umount', '-l', str(folder)], check=False)

    def fill_up(self, db, folder):
        """Nearly all of the disk goes to another file; then people answer until there is no room."""
        ballast = folder / 'ballast'
        with t.Server(db, '--rate', 1000000) as server:
            office = Office(server, db, people=6)
            with open(ballast, 'wb', buffering=0) as f:
                with contextlib.suppress(OSError):
                    while f.write(bytes(1 << 16)):
                        pass
                f.truncate(max(0, f.tell() - (200 << 10)))
            refused = []
            for n in range(6000):
                r = office.people[n % len(office.people)].save(f'{"x" * 300} {n}')
                if r.status >= 500:
                    refused.append(r)
                    if len(refused) == 20:
                        break
                else:
                    self.assertEqual(r.status, 200, r)
            self.assertEqual(len(refused), 20, 'the disk was full at last')
            for r in refused:
                self.assertIn(r.status, (503, 507), r)
                self.assertIn('problem+json', r.headers['Content-Type'])
                self.assertGreater(len(r.json['detail']), 20)
            self.assertTrue(server.healthy(), 'the server stays up')
            self.still_there(office)
            ballast.unlink()
            for p in office.people:
                p.version = p.client.get(p.path)['version']
                self.assertEqual(p.save().status, 200, 'with room again, saving works again')
            server.kill()
            server.start()
            self.still_there(office)
        t.tenken('verify', '--db', db)

    def still_there(self, office):
        for p in office.people:
            got = p.client.get(p.path)
            self.assertGreaterEqual(got['version'], p.told['version'])
            if p.told['comment']:
                self.assertEqual(got['answers']['c01']['comment'], p.told['comment'])

    def test_full_disk_sqlite(self):
        size = t.demo_db(self.dir).stat().st_size // (1 << 20)
        with self.small_disk(size + 24) as folder:
            shutil.copyfile(self.dir / 'demo.db', folder / 'full.db')
            self.fill_up(str(folder / 'full.db'), folder)

    def test_full_disk_postgres(self):
        if not t.PG:
            self.skipTest('TK_TEST_PG is not set')
        with self.small_disk(110) as folder:
            for f in (self.dir, folder):
                f.chmod(0o755)
            shutil.chown(folder, 'postgres')
            name = f'small_{os.getpid()}'
            t.sql(t.PG, f"CREATE TABLESPACE {name} LOCATION '{folder}'")
            db = t.PG.rsplit('/', 1)[0] + '/' + name
            try:
                t.sql(t.PG, f'CREATE DATABASE {name} TABLESPACE {name}')
                t.tenken('demo', '--db', db, '--no-serve')
                self.fill_up(db, folder)
            finally:
                t.sql(t.PG, f'DROP DATABASE IF EXISTS {name} WITH (FORCE)')
                t.sql(t.PG, f'DROP TABLESPACE {name}')


def zip_bomb(gigabytes):
    """A workbook whose only sheet unpacks to that much; made without unpacking it here."""
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + \
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
    first = z.compress(head) + z.flush(zlib.Z_FULL_FLUSH)
    block = z.compress(b'A' * (1 << 20)) + z.flush(zlib.Z_FULL_FLUSH)
    sheet = first + block * (gigabytes << 10) + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    small = io.BytesIO()
    with zipfile.ZipFile(small, 'w', zipfile.ZIP_DEFLATED) as f:
        f.writestr('[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                   '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
                   'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>')
        f.writestr('_rels/.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                   '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                   'officeDocument" Target="xl/workbook.xml"/></Relationships>')
        f.writestr('xl/workbook.xml', '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                   'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
                   '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>')
        f.writestr('xl/_rels/workbook.xml.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                   'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
                   'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        f.writestr('xl/worksheets/sheet1.xml', b'')
    data = small.getvalue()
    return rebuild(data, b'xl/worksheets/sheet1.xml', sheet, len(head) + (gigabytes << 30))


def rebuild(data, name, packed, size):
    """The zip `data` with the member `name` replaced by raw deflated bytes of the given sizes."""
    out, directory = io.BytesIO(), []
    with zipfile.ZipFile(io.BytesIO(data)) as f:
        members = [(i.filename.encode(), f.read(i)) for i in f.infolist()]
    for n, plain in members:
        if n == name:
            raw, full, crc = packed, size, 0
        else:
            z = zlib.compressobj(9, zlib.DEFLATED, -15)
            raw, full, crc = z.compress(plain) + z.flush(), len(plain), zlib.crc32(plain)
        at = out.tell()
        out.write(struct.pack('<IHHHHHIIIHH', 0x04034b50, 20, 0, 8, 0, 0x21, crc, len(raw), full & 0xffffffff, len(n), 0))
        out.write(n + raw)
        directory.append(struct.pack('<IHHHHHHIIIHHHHHII', 0x02014b50, 20, 20, 0, 8, 0, 0x21, crc, len(raw),
                                     full & 0xffffffff, len(n), 0, 0, 0, 0, 0, at) + n)
    start = out.tell()
    out.write(b''.join(directory))
    end = out.tell()
    out.write(struct.pack('<IHHHHIIH', 0x06054b50, 0, 0, len(directory), len(directory), end - start, start, 0))
    return out.getvalue()


class BadInput(unittest.TestCase):
    """A clear message, the right status, nothing half-written, and the server stays up."""

    @classmethod
    def setUpClass(cls):
        cls.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        cls.dir = Path(cls.tmp.name)
        cls.db = str(t.demo_db(cls.dir))
        cls.server = t.Server(cls.db, '--rate', 1000000)
        cls.server.start()
        cls.office = Office(cls.server, cls.db, people=3)
        cls.clerk = cls.office.clerk

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.tmp.cleanup()

    def tearDown(self):
        self.assertIsNone(self.server.process.poll(), 'the server stays up')
        self.assertTrue(self.server.healthy())

    def problem(self, r, *status):
        self.assertIn(r.status, status, r)
        self.assertIn('problem+json', r.headers['Content-Type'], r)
        self.assertGreater(len(r.json['detail']), 10)
        return r.json

    def raw(self, data, wait=20):
        """Bytes as they are, and what comes back until the server closes."""
        out = b''
        with socket.create_connection(('127.0.0.1', self.server.port), timeout=wait) as s:
            try:
                for piece in data if isinstance(data, list) else [data]:
                    s.sendall(piece)
            except (BrokenPipeError, ConnectionResetError):
                pass
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_WR)
                while piece := s.recv(65536):
                    out += piece
        return out

    def test_body_of_100_mb(self):
        head = (f'PATCH {self.office.people[0].path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
                'Content-Length: 104857600\r\n\r\n').replace('PATCH ', 'PATCH /api/v1').encode()
        before = self.server.memory_mb()
        out = self.raw([head, *[b' ' * (1 << 20)] * 100], wait=60)
        self.assertTrue(out == b'' or b' 413 ' in out[:40] or b' 401 ' in out[:40], out[:200])
        self.assertLess(self.server.memory_mb() - before, 64)

    def test_body_of_100_mb_signed_in(self):
        c = self.office.people[0].client
        c.get('/session')
        try:
            self.problem(c.call('PATCH', self.office.people[0].path, b' ' * 100_000_000,
                                Content_Type='application/json', If_Match='"1"'), 413)
        except (BrokenPipeError, ConnectionResetError):
            pass        # refused and closed while it was still being sent
        self.office.people[0].client.get(self.office.people[0].path)

    def test_chunks_of_100_mb(self):
        p = self.office.people[0]
        head = (f'PATCH /api/v1{p.path} HTTP/1.1\r\nHost: x\r\nCookie: {p.client.cookie}\r\nX-CSRF-Token: {p.client.csrf}\r\n'
                'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nIf-Match: "1"\r\n\r\n').encode()
        before = self.server.memory_mb()
        out = self.raw([head, *[b'100000\r\n' + b' ' * (1 << 20) + b'\r\n'] * 100, b'0\r\n\r\n'], wait=60)
        self.assertTrue(out == b'' or b' 413 ' in out[:40], out[:200])
        self.assertLess(self.server.memory_mb() - before, 64)

    def test_slow_clients(self):
        slow = []
        try:
            for n in range(300):
                s = socket.create_connection(('127.0.0.1', self.server.port), timeout=5)
                s.sendall(b'POST /api/v1/session HTTP/1.1\r\nHost: x\r\n' + (b'' if n % 2 else
                          b'Content-Type: application/json\r\nContent-Length: 50000\r\n\r\n{'))
                slow.append(s)
            for _ in range(5):
                for s in slow:
                    with contextlib.suppress(OSError):
                        s.sendall(b'X')
                began = time.monotonic()
                self.clerk.get('/session')
                self.assertLess(time.monotonic() - began, 1.0, 'everybody else is served as before')
                time.sleep(0.2)
        finally:
            for s in slow:
                s.close()

    def test_trickling_client_is_sent_away(self):
        with socket.create_connection(('127.0.0.1', self.server.port), timeout=5) as s:
            s.sendall(b'GET /api/v1/session HTTP/1.1\r\nHost: x\r\nX: ')
            began = time.monotonic()
            closed = False
            while time.monotonic() - began < 60 and not closed:
                try:
                    s.sendall(b'a')
                    s.settimeout(1)
                    closed = s.recv(1000) != b'never'
                except TimeoutError:
                    continue
                except OSError:
                    closed = True
            self.assertTrue(closed, 'a header that trickles for a minute')

    def test_not_http(self):
        for data in (b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + os.urandom(200), b'GET\r\n\r\n', b'\0' * 5000,
                     b'GET / HTTP/1.1\r\n' + b'X-Long: ' + b'a' * 200_000 + b'\r\n\r\n',
                     b'GET /' + b'a' * 200_000 + b' HTTP/1.1\r\nHost: x\r\n\r\n',
                     b'GET / HTTP/1.1\r\n' + b'A: b\r\n' * 20_000 + b'\r\n',
                     b'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n'):
            out = self.raw(data)
            self.assertFalse(b'HTTP/1.1 200' in out[:20], out[:100])
            self.assertTrue(self.server.healthy())

    def test_a_downloads_name_says_list_grade_and_day(self):
        for ending in ('csv', 'xlsx'):
            r = self.clerk.call('GET', f'/staff.{ending}')
            self.assertRegex(r.headers['Content-Disposition'], r'filename="[^".]+_\d{8}\.' + ending + '"')

    def test_bad_json(self):
        p = self.office.people[0]
        for body in (b'{', b'[1,2', b'{"answers":' + b'[' * 100_000, b'\xff\xfe\x00', b'nothing', b'"text"',
                     b'{"answers":{"c01":{"value":"done"}},"answers":{}}', b'{"other":1}', b'{"answers":{},"other":1}', b'{"answers":{"c01":5}}',
                     b'{"answers":{"c01":{"value":"perhaps"}}}', b'{"answers":{"c01":{"valeu":"done"}}}',
                     b'{"answers":{"d01":{"value":"done"}}}', b'{"answers":{"nothing":{"value":"done"}}}'):
            version = p.client.get(p.path)['version']
            r = p.client.call('PATCH', p.path, body, Content_Type='application/json', If_Match=f'"{version}"')
            self.problem(r, 400, 422, 413)
            self.assertEqual(p.client.get(p.path)['version'], version)

    def test_wrong_files(self):
        workbook = (t.DATA / 'roster' / 'office_workbook.xlsx').read_bytes()
        before = t.sql(self.db, 'SELECT count(*) FROM staff')
        wide = b'\xef\xbb\xbf' + b','.join(b'c%d' % i for i in range(17000)) + b'\n' + b',' * 16999 + b'\n'
        for name, data in (('a.xlsx', workbook[:5000]), ('a.xlsx', b'\x89PNG\r\n\x1a\n' + bytes(5000)), ('a.csv', b''),
                           ('wide.csv', wide), ('a.xlsx', zip_bomb(3)), ('a.pdf', b'%PDF-1.7\n' + bytes(900))):
            with self.subTest(name, n=len(data)):
                began = time.monotonic()
                self.clerk.conn = None
                r = self.clerk.call('POST', f'/roster/import?name={name}&dry_run=1', data)
                took = time.monotonic() - began
                self.assertIn(r.status, (200, 400, 413, 415, 422), r)
                self.assertFalse(r.json.get('accepted', False))
                self.assertLess(took, 15)
        self.assertEqual(t.sql(self.db, 'SELECT count(*) FROM staff'), before)
        self.assertLess(self.server.memory_mb(), 500)

    def test_two_tabs(self):
        p = self.office.people[1]
        p.version = p.client.get(p.path)['version']
        self.assertEqual(p.save().status, 200)
        new = p.version
        r = p.client.call('PATCH', p.path, {'answers': {'c01': {'value': 'partly'}}}, If_Match=f'"{new - 1}"')
        self.assertEqual(self.problem(r, 412)['version'], new)
        self.assertEqual(p.client.get(p.path)['answers']['c01']['value'], 'done')
        self.problem(p.client.call('PATCH', p.path, {'answers': {'c01': {'value': 'partly'}}}), 428, 412)

    def test_messages_in_the_persons_language(self):
        said = {}
        for lang in ('ja', 'en'):
            said[lang] = self.problem(t.Client(self.server.port, lang=lang).call('GET', '/my/tasks'), 401)['detail']
        self.assertNotEqual(said['ja'], said['en'])
        self.assertTrue(any(ord(c) > 0x3000 for c in said['ja']))

    def test_expired_link(self):
        said = t.tenken('user', 'add', 'late', '--name', 'Late', '--roles', 'auditor', '--db', self.db)
        link = token(said.stdout + said.stderr)
        t.sql(self.db, "UPDATE one_time_link SET expires_at = 1 WHERE account_id = "
                       "(SELECT id FROM account WHERE login = 'late')")
        self.problem(t.Client(self.server.port).call('GET', f'/links/{link}'), 410)
        self.problem(t.Client(self.server.port).call('POST', f'/links/{link}', {'password': t.PASSWORD}), 410)

    def test_no_token_no_change(self):
        p = self.office.people[0]
        c = t.Client(self.server.port)
        c.cookie = p.client.cookie
        version = p.client.get(p.path)['version']
        self.problem(c.call('PATCH', p.path, {'answers': {}}, If_Match=f'"{version}"'), 403)

    def test_strangers_are_refused_everywhere(self):
        c = t.Client(self.server.port)
        doc = self.clerk.get('/openapi.json')
        seen = 0
        for path, methods in doc['paths'].items():
            for method, op in methods.items():
                if op.get('x-permission') == 'public' or 'demo' in path:
                    continue
                seen += 1
                url = re.sub(r'\{\w+\}', '1', path.removeprefix('/api/v1'))
                r = c.call(method.upper(), url, None if method in ('get', 'delete') else {}, If_Match='"1"')
                self.assertEqual(r.status, 401, f'{method} {path}: {r!r}')
        self.assertGreater(seen, 60)

    def test_staff_cannot_do_the_offices_work(self):
        c, doc = self.office.people[2].client, self.clerk.get('/openapi.json')
        mine = {k for k, v in c.get('/session')['can'].items()}
        for path, methods in doc['paths'].items():
            for method, op in methods.items():
                need = op.get('x-permission')
                if need in mine or need in ('public', 'signed_in', 'signed-in', None) or not need or '.' not in need:
                    continue
                url = '/'.join('1' if s.startswith('{') else s for s in path.removeprefix('/api/v1').split('/'))
                r = c.call(method.upper(), url, None if method in ('get', 'delete') else {}, If_Match='"1"')
                self.assertIn(r.status, (403, 404), f'{method} {path} ({need}): {r!r}')

    def test_demo_sign_in_is_not_offered_by_serve(self):
        r = t.Client(self.server.port).call('POST', '/demo/sign-in', {'key': 'clerk'})
        self.assertIn(r.status, (401, 403, 404), r)

    def test_port_in_use(self):
        p = t.tenken('serve', '--db', self.db, '--listen', f'127.0.0.1:{self.server.port}', code=None, timeout=20)
        self.assertEqual(p.returncode, 1)
        self.assertTrue(p.stderr.strip())


class Closing(unittest.TestCase):
    def test_no_answer_after_closing(self):
        with tempfile.TemporaryDirectory(prefix='tenken-cli-') as folder:
            db = str(t.demo_db(folder))
            with t.Server(db) as server:
                office = Office(server, db, people=1)
                p = office.people[0]
                self.assertEqual(p.save().status, 200)
                version = office.clerk.get(f'/campaigns/{office.campaign}')['version']
                office.clerk.want(200, 'POST', f'/campaigns/{office.campaign}/close', {'reason': 'The period is over.'},
                                  If_Match=f'"{version}"')
                r = p.save()
                self.assertEqual(r.status, 409, r)
                self.assertIn('problem+json', r.headers['Content-Type'])
                r = p.submit()
                self.assertEqual(r.status, 409, r)

    def test_one_click_sign_in_only_on_this_machine(self):
        with tempfile.TemporaryDirectory(prefix='tenken-cli-') as folder:
            db = str(t.demo_db(folder))
            with t.Server(db, demo=True) as server:
                people = t.Client(server.port).get('/demo/persons')['persons']
                self.assertGreaterEqual(len(people), 6)
                for person in people:
                    self.assertTrue(t.Client(server.port).as_demo(person['key']).get('/my/tasks'))
                key = people[0]['key']
                for head in ({'X_Forwarded_For': '192.0.2.7'}, {'Forwarded': 'for=192.0.2.7'}, {'Host': 'tenken.example'}):
                    r = t.Client(server.port).call('POST', '/demo/sign-in', {'key': key}, **head)
                    self.assertIn(r.status, (401, 403, 404), f'{head}: {r!r}')

    def test_stops_when_told(self):
        with tempfile.TemporaryDirectory(prefix='tenken-cli-') as folder:
            with t.Server(str(t.demo_db(folder))) as server:
                began = time.monotonic()
                server.stop()
                self.assertLess(time.monotonic() - began, 5)
                self.assertEqual(server.process.returncode, 0, server.said())


if __name__ == '__main__':
    unit.main()
