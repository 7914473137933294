#!/usr/bin/env python3
"""The mails of a day against a real mail server (Postfix): each person gets one, whatever happens (SELF-16)."""
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'support'))
import tenken as t
import unit
from postfix import Postfix

PEOPLE = '''UPDATE staff SET mail = 'p' || id || '@example.jp';
INSERT INTO account(id, version, login, name, staff_id, state, failed_count)
 SELECT s.id + 1, 1, 'post' || s.id, s.name, s.id, 'active', 0 FROM staff s
 WHERE s.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM account a WHERE a.staff_id = s.id);
UPDATE account SET state = 'active' WHERE staff_id IS NOT NULL AND state = 'invited';
DELETE FROM mail; DELETE FROM setting WHERE name = 'daily.at';
INSERT INTO setting(name, value) VALUES('daily.at', '00:00')'''


def prepare(db):
    """Everybody has an address and an account, and it is always time."""
    for statement in PEOPLE.split(';'):
        t.sql(db, statement)


def count(db, where):
    return int(t.sql(db, f'SELECT COUNT(*) FROM mail WHERE {where}')[0][0])


class Day(unittest.TestCase):
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
        db = t.new_pg('postfix')
        t.tenken('demo', '--db', db, '--no-serve')
        return db

    def once(self, kind):
        db = self.database(kind)
        prepare(db)
        with Postfix() as p:
            serve = ['--smtp', f'smtp://127.0.0.1:{p.port}', '--mail-from', 'tenken@example.jp', '--base-url',
                     'https://tenken.example.jp']
            kills = 0
            # killed while the mails are written, and while they are on their way
            for arrived in (1, 120):
                server = t.Server(db, *serve)
                server.start()
                p.wait(lambda n=arrived: len(p.mails()) >= n)
                server.kill()
                kills += 1
                t.sql(db, 'UPDATE lease SET until_ms = 0')      # as if its three minutes had run out
            p.wait(lambda: t.tenken('daily', '--db', db, '--base-url', 'https://tenken.example.jp').stdout
                   and t.sql(db, "SELECT 1 FROM daily_run WHERE name = 'digest'"))
            written = count(db, "dedupe LIKE 'digest.%'")
            self.assertGreater(written, 300)
            server = t.Server(db, *serve)
            server.start()
            try:
                p.wait(lambda: count(db, "dedupe LIKE 'digest.%' AND state <> 'sent'") == 0, 180)
                t.tenken('daily', '--db', db)                   # asked again
                self.assertEqual(count(db, "dedupe LIKE 'digest.%'"), written)
                p.wait(lambda: len({m['id'] for m in p.mails()}) >= written)
            finally:
                server.stop()
            mails = p.mails()
            per_person = Counter(to for to, _ in {(m['to'], m['id']) for m in mails})
            self.assertEqual(len(per_person), written)
            self.assertEqual(set(per_person.values()), {1})
            # the one mail on its way at a kill may come again, the same to the byte, with the same id
            self.assertLessEqual(len(mails) - written, kills)
            self.assertTrue(all('https://tenken.example.jp/#/' in m['body'] for m in mails))
            self.assertTrue(all(m['subject'].startswith('【本日のやること】') for m in mails), mails[0])

    def test_one_mail_a_day_although_killed_SQLite(self):
        self.once('SQLite')

    def test_one_mail_a_day_although_killed_PostgreSQL(self):
        self.once('PostgreSQL')

    def test_who_is_refused_is_told_to_the_office(self):
        db = self.database('SQLite')
        prepare(db)
        t.tenken('daily', '--db', db)
        some = t.sql(db, "SELECT staff_id FROM mail WHERE dedupe LIKE 'digest.%' ORDER BY id LIMIT 3")
        for table in ('mail', 'daily_run', 'task_told'):        # nobody was told yet
            t.sql(db, f'DELETE FROM {table}')
        t.sql(db, 'UPDATE staff SET mail = NULL')
        for (staff,), name in zip(some, ('refuse', 'later', 'good')):
            t.sql(db, f"UPDATE staff SET mail = '{name}@example.jp' WHERE id = {staff}")
        with Postfix() as p, t.Server(db, '--smtp', f'smtp://127.0.0.1:{p.port}'):
            p.wait(lambda: count(db, "state = 'sent'") == 1 and count(db, "state = 'failed'") == 1
                   and count(db, "last_error LIKE '%come again%'") == 1 and p.mails())
            self.assertEqual([m['to'] for m in p.mails()], ['good@example.jp'])
            self.assertEqual(count(db, "recipient = 'refuse@example.jp' AND last_error LIKE '%nobody of that name%'"), 1)
            self.assertEqual(count(db, "recipient = 'later@example.jp' AND state = 'queued'"), 1)

    def test_mails_leave_over_tls(self):
        db = self.database('SQLite')
        prepare(db)
        t.sql(db, 'UPDATE staff SET mail = NULL WHERE id NOT IN (SELECT staff_id FROM account WHERE staff_id IS NOT NULL'
                  ' ORDER BY staff_id LIMIT 5)')
        with Postfix(tls=True) as p:
            with t.Server(db, '--smtp', f'smtp://mail.localhost:{p.port}', '--smtp-ca', p.ca):
                p.wait(lambda: len(p.mails()) >= 1)
            self.assertIn('ESMTPS', p.mails()[0]['received'])


if __name__ == '__main__':
    unit.main()
