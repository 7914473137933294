#!/usr/bin/env python3
"""The demonstration agency, its printed figures, the audit trail, back-up and restore."""
import csv
import hashlib
import io
import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'support'))
import tenken as t
import unit

REFERENCE = (t.DATA / 'reference' / 'self_inspection_2011.csv').read_bytes()


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        cls.dir = Path(cls.tmp.name)
        cls.db = t.demo_db(cls.dir)

    @classmethod
    def tearDownClass(cls):
        cls.tmp.cleanup()

    def table(self, campaign, name, *args, db=None):
        return t.tenken('tabulate', campaign, '--db', db or self.db, '--table', name, *args, '--format', 'csv').stdout

    def test_rate_classes_are_the_printed_table(self):
        got = t.tenken('tabulate', 'self-inspection-2011', '--db', self.db, '--table', 'rate-classes', '--format', 'csv',
                       text=False).stdout
        self.assertEqual(got, REFERENCE)
        for lang in ('ja_JP.UTF-8', 'en_GB.UTF-8', 'C'):
            got = t.tenken('tabulate', 'self-inspection-2011', '--db', self.db, '--table', 'rate-classes', '--format',
                           'csv', lang=lang, text=False).stdout
            self.assertEqual(got, REFERENCE, f'a machine-readable file does not depend on LANG={lang}')

    # SELF-02, SELF-05, SELF-06, SELF-09: the report's own numbers
    def test_numbers_of_the_year_and_where_they_come_from(self):
        def facts(year):
            out = t.tenken('facts', str(year), '--db', self.db, '--format', 'json').stdout
            return {f['id'].removeprefix('self_inspection.'): f for f in json.loads(out)}
        want = {'response_rate': '100.0%', 'items': '81', 'items_all_staff': '6', 'items_division_head': '51',
                'items_system_admin': '24', 'items_100': '73', 'items_95': '6', 'items_90': '1', 'items_lt90': '1'}
        now, last = facts(2011), facts(2010)
        self.assertEqual({k: now[k]['value'] for k in want}, want)
        self.assertEqual(last['response_rate']['value'], '99.9%')
        self.assertEqual(now['response_rate']['change'].split()[0][:4], '+0.1')
        self.assertIsNone(now['survey.return_rate']['numerator'])
        rows = list(csv.DictReader(io.StringIO(t.tenken('explain', 'self_inspection.response_rate', '--year', '2010',
                                                        '--db', self.db, '--format', 'csv').stdout)))
        self.assertEqual(len(rows), last['response_rate']['denominator'])
        self.assertEqual(sum(r['counts'] == '1' for r in rows), last['response_rate']['numerator'])
        self.assertEqual(len(rows) - 1, last['response_rate']['numerator'], 'one of all did not answer')
        by_id = ''.join(f"respondent {r['id']} {r['counts']} {r['amount']} \n" for r in sorted(rows, key=lambda r: int(r['id'])))
        self.assertEqual(hashlib.sha256(by_id.encode()).hexdigest(), last['response_rate']['digest'])
        self.assertIn('99.9%', t.tenken('explain', 'self_inspection.response_rate', '--year', '2010', '--db', self.db).stdout)
        self.assertIn('self_inspection.items', t.tenken('explain', 'self_inspection.itms', '--db', self.db, code=1).stderr)
        self.assertEqual(t.tenken('facts', '20x', '--db', self.db, code=1).stdout, '')

    def test_strict_rounding(self):
        strict = self.table('self-inspection-2011', 'rate-classes', '--round', 'strict')
        printed = REFERENCE.decode()
        rows = {r['audience']: r for r in csv.DictReader(io.StringIO(strict))}
        self.assertEqual(rows['total']['rc_100_share'], '90.1')
        self.assertEqual(rows['cumulative']['rc_95_share'], '97.5')
        self.assertIn('90.2', printed)
        self.assertIn('97.6', printed)
        self.assertNotIn('90.2', strict)
        self.assertNotIn('97.6', strict)

    def test_units_by_the_readers_name_and_for_machines_by_one(self):
        for lang, name in (('ja_JP.UTF-8', '総務企画局'), ('en_GB.UTF-8', 'Planning and Coordination Bureau')):
            for table, by in (('response-rate', 'bureau'), ('rate-classes', 'bureau'), ('items', 'bureau'), ('compare', 'bureau')):
                args = ('tabulate', 'self-inspection-2011', '--db', self.db, '--table', table, '--by', by)
                with self.subTest(f'{table} {lang}'):
                    self.assertIn(name, t.tenken(*args, lang=lang).stdout)
                    self.assertIn('総務企画局', t.tenken(*args, '--format', 'csv', lang=lang).stdout)
        text = t.tenken('tabulate', 'self-inspection-2011', '--db', self.db, '--table', 'response-rate', lang='en_GB.UTF-8').stdout
        self.assertIn('Planning and Coordination Bureau General Affairs Division', text)
        self.assertNotIn('総務課', text)

    def test_response_rates(self):
        # 99.9% then 100.0%, the latter only because everybody answered
        for campaign, rate in (('self-inspection-2010', '99.9'), ('self-inspection-2011', '100.0')):
            rows = list(csv.reader(io.StringIO(self.table(campaign, 'response-rate'))))
            self.assertTrue(any(rate in r for r in rows), f'{campaign}: no {rate} in {rows[-1]}')

    def test_items_table(self):
        rows = list(csv.DictReader(io.StringIO(self.table('self-inspection-2011', 'items'))))
        self.assertEqual(list(rows[0]), ['item', 'group', 'asked', 'no_answer', 'not_applicable', 'dont_know',
                                         'numerator', 'denominator', 'rate', 'done', 'partly', 'not_done'])
        self.assertEqual(len(rows), 81)
        for r in rows:
            asked, none, na, dk, num, den = (int(r[k]) for k in ('asked', 'no_answer', 'not_applicable', 'dont_know',
                                                                 'numerator', 'denominator'))
            self.assertEqual(den, asked - none - na, r)
            self.assertEqual(num, int(r['done']), r)
            self.assertEqual(asked, none + na + dk + int(r['done']) + int(r['partly']) + int(r['not_done']), r)
            self.assertEqual(r['rate'], f'{(num * 2000 + den) // (2 * den) / 10:.1f}', r)
        machine = json.loads(t.tenken('tabulate', 'self-inspection-2011', '--db', self.db, '--table', 'items', '--format',
                                      'json').stdout)
        self.assertEqual(len(machine), 81)
        self.assertEqual(list(machine[0]), list(rows[0]))
        self.assertEqual(machine[0]['numerator'], int(rows[0]['numerator']))

    def test_divisions_add_up(self):
        total = {r['item']: r for r in csv.DictReader(io.StringIO(self.table('self-inspection-2011', 'items')))}
        for by in ('division', 'bureau', 'post'):
            sums = {}
            for r in csv.DictReader(io.StringIO(self.table('self-inspection-2011', 'items', '--by', by))):
                s = sums.setdefault(r['item'], dict.fromkeys(('asked', 'numerator', 'denominator', 'partly'), 0))
                for k in s:
                    s[k] += int(r[k])
            for item, s in sums.items():
                self.assertEqual(s, {k: int(total[item][k]) for k in s}, f'{item} by {by}')
            self.assertEqual(set(sums), set(total))

    def test_open_campaign_of_this_year(self):
        found = t.sql(self.db, "SELECT name FROM campaign WHERE state = 'open' AND asks = 'staff'")
        self.assertEqual(len(found), 1, found)
        for r in csv.DictReader(io.StringIO(self.table(found[0][0], 'response-rate'))):
            self.assertEqual(r['rate'] == '100.0', r['submitted'] == r['population'], r)
        self.assertLess(int(r['submitted']), int(r['population']), 'part answered, not all')
        self.assertGreater(int(r['submitted']), 0)

    def test_filling_again_is_refused_or_harmless(self):
        copy = self.dir / 'again.db'
        shutil.copyfile(self.db, copy)
        t.tenken('demo', '--db', copy, '--no-serve', code=None)
        got = t.tenken('tabulate', 'self-inspection-2011', '--db', copy, '--table', 'rate-classes', '--format', 'csv',
                       text=False).stdout
        self.assertEqual(got, REFERENCE)

    def test_unknown_names_are_errors(self):
        for args in (['tabulate', 'no-such-campaign', '--table', 'items'],
                     ['tabulate', 'self-inspection-2011', '--table', 'no-such-table'],
                     ['tabulate', 'self-inspection-2011', '--table', 'items', '--by', 'shoe-size'],
                     ['tabulate', 'self-inspection-2011', '--table', 'rate-classes', '--round', 'upwards'],
                     ['tabulate', 'self-inspection-2011', '--table', 'items', '--format', 'papyrus']):
            p = t.tenken(*args, '--db', self.db, code=None)
            self.assertIn(p.returncode, (1, 2), args)
            self.assertEqual(p.stdout, '', args)
            self.assertTrue(p.stderr.strip(), args)

    def test_unknown_command_and_help(self):
        self.assertEqual(t.tenken('no-such-command', code=None).returncode, 2)
        for command in ('serve', 'demo', 'migrate', 'user', 'import', 'export', 'campaign', 'tabulate', 'verify',
                        'backup', 'restore', 'check'):
            self.assertIn(command, t.tenken(command, '--help').stdout)


class Panel(unittest.TestCase):
    """The 239 institutions and the survey on telework (SRV-01 ... SRV-06, TEL-02 ... TEL-06)."""

    @classmethod
    def setUpClass(cls):
        cls.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        cls.dir = Path(cls.tmp.name)
        cls.db = t.demo_db(cls.dir)
        cls.now = t.sql(cls.db, "SELECT name FROM campaign WHERE asks = 'institution' AND state = 'open'")[0][0]

    @classmethod
    def tearDownClass(cls):
        cls.tmp.cleanup()

    def items(self, campaign, *args):
        text = t.tenken('tabulate', campaign, '--db', self.db, '--table', 'items', *args, '--format', 'csv').stdout
        return {r['item']: r for r in csv.DictReader(io.StringIO(text))}

    def test_register(self):
        rows = t.sql(self.db, 'SELECT s.code, COUNT(*) FROM institution i JOIN sector s ON s.id = i.sector_id GROUP BY s.code')
        want = {r['sector']: int(r['institutions']) for r in csv.DictReader(io.StringIO(
            (t.DATA / 'reference' / 'panel_2020.csv').read_text()))}
        self.assertEqual(dict(rows), want)
        zeros = t.sql(self.db, "SELECT COUNT(*) FROM institution WHERE bank_code LIKE '0%' AND LENGTH(bank_code) = 4")
        self.assertEqual(zeros[0][0], 208, 'leading zeros stay')
        alone = t.sql(self.db, 'SELECT COUNT(*) FROM institution i WHERE 1 <> (SELECT COUNT(*) FROM contact c'
                               ' WHERE c.institution_id = i.id AND c.coordinator = 1)')
        self.assertEqual(alone[0][0], 0, 'one coordinator each')

    def test_2020_is_complete(self):
        states = t.sql(self.db, "SELECT r.state, COUNT(*) FROM response r JOIN campaign c ON c.id = r.campaign_id"
                                " WHERE c.name = 'telework-2020' GROUP BY r.state")
        self.assertEqual(states, [('accepted', 239)])
        self.assertEqual(t.sql(self.db, "SELECT COUNT(*), SUM(late) FROM submission s JOIN campaign c ON"
                                        " c.id = s.campaign_id WHERE c.name = 'telework-2020'"), [(239, 0)])
        rows = self.items('telework-2020')
        self.assertEqual({i for i, r in rows.items() if r['no_answer'] != '0'}, {'future_policy', 'obstacles'},
                         'only what is not required is left out')
        last = t.sql(self.db, "SELECT MAX(submitted_at), MIN(submitted_at) FROM response r JOIN campaign c"
                              " ON c.id = r.campaign_id WHERE c.name = 'telework-2020'")[0]
        self.assertTrue(1593961200 <= last[1] < last[0] < 1596812400, 'answered from 6 July to 7 August 2020')

    def test_web_meeting_measures(self):
        # the twelve printed values, from the counts of two questions with two bases
        rows = self.items('telework-2020')
        for want in csv.DictReader(io.StringIO((t.DATA / 'reference' / 'web_meeting_2020.csv').read_text())):
            for time in ('before', 'after'):
                r = rows[f'wm_measures_{time}']
                self.assertEqual((r[want['option']], r['asked']), (want[f'{time}_count'], want[f'{time}_base']))

    def test_printed_tables(self):
        for table, file in (('web-meeting', 'web_meeting_2020.csv'), ('panel', 'panel_2020.csv')):
            for lang in ('ja_JP.UTF-8', 'en_GB.UTF-8', 'C'):
                got = t.tenken('tabulate', 'telework-2020', '--db', self.db, '--table', table, '--format', 'csv', lang=lang,
                               text=False).stdout
                self.assertEqual(got, (t.DATA / 'reference' / file).read_bytes(), f'{table}, LANG={lang}')

    def test_every_table_of_the_questionnaire(self):
        names = [r['name'] for r in csv.DictReader((t.TOP / 'forms' / 'telework' / 'tables.csv').open(encoding='utf-8'))]
        self.assertGreater(len(names), 25)
        for name in names:
            for lang in ('ja_JP.UTF-8', 'en_GB.UTF-8'):
                out = t.tenken('tabulate', 'telework-2020', '--db', self.db, '--table', name, lang=lang).stdout
                self.assertRegex(out, 'n=' if name not in ('business', 'devices', 'scheme-by-group') else '分母|Base',
                                 f'{name}: a figure prints its base')

    def test_free_text_in_codes(self):
        # TEL-07, TEL-08: groups and, in them, codes; a group counts who has any of its codes
        for table, groups in (('future-policy', 4), ('obstacles', 7)):
            text = t.tenken('tabulate', 'telework-2020', '--db', self.db, '--table', table, '--format', 'csv').stdout
            rows = {r['option']: int(r['count']) for r in csv.DictReader(io.StringIO(text))}
            self.assertEqual(sum('.' not in code for code in rows), groups, table)
            for code, n in rows.items():
                if '.' in code:
                    self.assertLessEqual(n, rows[code.split('.')[0]], code)
                self.assertGreater(n, 0, code)

    def test_current_survey_is_under_way(self):
        # something to do for everybody: not begun, in work, submitted, returned, accepted
        asked = t.sql(self.db, 'SELECT COUNT(*) FROM respondent r JOIN campaign c ON c.id = r.campaign_id'
                               f" WHERE c.name = '{self.now}'")[0][0]
        states = dict(t.sql(self.db, 'SELECT r.state, COUNT(*) FROM response r JOIN campaign c ON c.id = r.campaign_id'
                                     f" WHERE c.name = '{self.now}' GROUP BY r.state"))
        self.assertEqual(asked, 239)
        self.assertLess(sum(states.values()), 239, 'some have not begun')
        for state in ('draft', 'submitted', 'accepted'):
            self.assertGreater(states[state], 20, state)
        self.assertEqual(states['sent_back'], 1)
        self.assertEqual(t.sql(self.db, 'SELECT COUNT(*) FROM review_comment WHERE sent_at IS NOT NULL')[0][0], 2)
        self.assertGreater(t.sql(self.db, "SELECT COUNT(*) FROM plausibility_warning WHERE state = 'open'")[0][0], 2)
        given = t.sql(self.db, 'SELECT a.login, COUNT(*) FROM section_account s JOIN account a ON a.id = s.account_id'
                               ' GROUP BY a.login')
        self.assertEqual(given, [('b053.respondent', 3)])
        self.assertEqual(t.sql(self.db, "SELECT COUNT(*) FROM mail WHERE state = 'queued'")[0][0], 0,
                         'the demonstration mails nobody')

    def test_persons_of_the_survey(self):
        out = t.tenken('demo', '--db', self.db, '--no-serve', lang='en_GB.UTF-8').stdout
        for person in ('Supervisor', 'Coordinator of an institution', 'Colleague at an institution'):
            self.assertIn(person, out)


class Verify(unittest.TestCase):
    """Whoever changes the trail behind the program's back is found, and the place is named."""

    @classmethod
    def setUpClass(cls):
        cls.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        cls.dir = Path(cls.tmp.name)
        cls.db = t.demo_db(cls.dir)
        t.tenken('verify', '--db', cls.db)         # also seals what is not sealed yet, if it does that
        t.close_wal(cls.db)
        cls.seals = t.sql(cls.db, 'SELECT count(*), max(seal) FROM trail_seal')[0]

    @classmethod
    def tearDownClass(cls):
        cls.tmp.cleanup()

    def tampered(self, *statements):
        copy = self.dir / 'tampered.db'
        shutil.copyfile(self.db, copy)
        for s in statements:
            t.sql(copy, s)
        p = t.tenken('verify', '--db', copy, code=None)
        self.assertEqual(p.returncode, 1, f'{statements} was not found\n{p.stdout}{p.stderr}')
        return p.stdout + p.stderr

    def row(self, which):
        return t.sql(self.db, f'SELECT id, seal FROM trail WHERE seal IS NOT NULL ORDER BY seal, id {which} LIMIT 1')[0]

    def test_untouched(self):
        self.assertGreater(self.seals[0], 0, 'the demonstration has sealed rows')
        t.tenken('verify', '--db', self.db)

    def test_changed(self):
        id_, _ = t.sql(self.db, 'SELECT id, seal FROM trail WHERE seal IS NOT NULL ORDER BY id LIMIT 1 OFFSET 3')[0]
        for change in ("who = 'somebody else'", 'at_ms = at_ms + 1', "detail = '{}'", "action = 'x'",
                       'record_id = record_id + 1', "source = '192.0.2.1'"):
            with self.subTest(change):
                self.assertIn(str(id_), self.tampered(f'UPDATE trail SET {change} WHERE id = {id_}'))

    def test_removed(self):
        id_, seal = t.sql(self.db, 'SELECT id, seal FROM trail WHERE seal IS NOT NULL ORDER BY id LIMIT 1 OFFSET 5')[0]
        said = self.tampered(f'DELETE FROM trail WHERE id = {id_}')
        self.assertTrue(str(id_) in said or str(seal) in said, said)

    def test_last_removed(self):
        id_, seal = self.row('DESC')
        said = self.tampered(f'DELETE FROM trail WHERE id = {id_}')
        self.assertTrue(str(id_) in said or str(seal) in said, said)

    def test_last_seal_removed_with_its_rows(self):
        last = self.seals[1]
        self.assertIn(str(last), self.tampered(f'DELETE FROM trail WHERE seal = {last}',
                                               f'DELETE FROM trail_seal WHERE seal = {last}'))

    def test_reordered(self):
        rows = t.sql(self.db, 'SELECT id FROM trail WHERE seal IS NOT NULL ORDER BY id LIMIT 2 OFFSET 7')
        a, b = rows[0][0], rows[1][0]
        said = self.tampered(f'UPDATE trail SET id = -1 WHERE id = {a}', f'UPDATE trail SET id = {a} WHERE id = {b}',
                             f'UPDATE trail SET id = {b} WHERE id = -1')
        self.assertTrue(str(a) in said or str(b) in said, said)

    def test_added(self):
        id_, seal = self.row('DESC')
        new = id_ + 1
        said = self.tampered('INSERT INTO trail SELECT %d, at_ms, account_id, who, source, action, rtype, record_id, '
                             'detail, digest, seal FROM trail WHERE id = %d' % (new, id_))
        self.assertTrue(str(new) in said or str(seal) in said, said)


class BackUp(unittest.TestCase):
    def test_there_and_back(self):
        with tempfile.TemporaryDirectory(prefix='tenken-cli-') as folder:
            folder = Path(folder)
            db = t.demo_db(folder)
            file, back = folder / 'backup.file', folder / 'restored.db'
            t.tenken('backup', file, '--db', db)
            self.assertGreater(file.stat().st_size, 1000)
            self.assertEqual(file.stat().st_mode & 0o077, 0, 'a back-up is nobody else\'s to read')
            t.tenken('restore', file, '--db', back)
            self.assertEqual(t.tenken('tabulate', 'self-inspection-2011', '--db', back, '--table', 'rate-classes',
                                      '--format', 'csv', text=False).stdout, REFERENCE)
            t.tenken('verify', '--db', back)
            with self.subTest('an existing database is not overwritten'):
                before = back.read_bytes()
                self.assertNotEqual(t.tenken('restore', file, '--db', back, code=None).returncode, 0)
                self.assertEqual(back.read_bytes(), before)
            with self.subTest('a damaged back-up is refused'):
                damaged = folder / 'damaged.file'
                data = bytearray(file.read_bytes())
                damaged.write_bytes(data[:len(data) // 2])
                self.assertNotEqual(t.tenken('restore', damaged, '--db', folder / 'x.db', code=None).returncode, 0)
                self.assertFalse((folder / 'x.db').exists(), 'nothing half-written')


class Lists(unittest.TestCase):
    """DESIGN.md section 6: --format table|csv|json wherever there is output."""
    @classmethod
    def setUpClass(cls):
        cls.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        cls.db = t.demo_db(Path(cls.tmp.name))

    @classmethod
    def tearDownClass(cls):
        cls.tmp.cleanup()

    def test_every_list_in_three_formats(self):
        for args in (('check',), ('user', 'list'), ('form', 'list'), ('form', 'show', 'self_inspection'), ('campaign', 'list'),
                     ('campaign', 'remind', 'self-inspection-2026'), ('campaign', 'status', 'self-inspection-2026')):
            campaigns = json.loads(t.tenken('campaign', 'list', '--db', self.db, '--format', 'json').stdout)
            args = [campaigns[0]['name'] if a == 'self-inspection-2026' else a for a in args]
            with self.subTest(' '.join(args)):
                table = t.tenken(*args, '--db', self.db, '--format', 'table').stdout
                rows = list(csv.reader(io.StringIO(t.tenken(*args, '--db', self.db, '--format', 'csv').stdout)))
                machine = json.loads(t.tenken(*args, '--db', self.db, '--format', 'json').stdout)
                self.assertTrue(table.strip())
                self.assertEqual(len(rows) - 1, len(machine))
                self.assertTrue(machine)
                t.tenken(*args, '--db', self.db, '--format', 'yaml', code=2)

    def test_an_unknown_kind_of_record_is_answered_with_those_there_are(self):
        said = t.tenken('export', 'nothing', '--db', self.db, code=2).stderr
        for kind in ('staff', 'divisions', 'role-holders', 'campaigns'):
            self.assertIn(kind, said)


class Forgery(unittest.TestCase):
    """NFR-02: the trail set back as a whole, rows, seals and head, to fit."""
    def test_set_back(self):
        with tempfile.TemporaryDirectory(prefix='tenken-cli-') as tmp:
            db = t.demo_db(Path(tmp))
            t.tenken('verify', '--db', db)
            t.tenken('user', 'add', 'guest', '--db', db)
            t.tenken('import', 'roster', self.roster(Path(tmp), db), '--db', db, '--partial')
            seals = t.sql(db, 'SELECT MAX(seal) FROM trail_seal')[0][0]
            self.assertGreater(seals, 1, 'a command seals what it wrote')
            t.sql(db, 'DELETE FROM trail WHERE seal > 1 OR seal IS NULL')
            t.sql(db, 'DELETE FROM trail_seal WHERE seal > 1')
            t.sql(db, 'UPDATE trail_head SET seal = 1, nrow = (SELECT nrow FROM trail_seal), digest = (SELECT digest FROM trail_seal)')
            said = t.tenken('verify', '--db', db, '--format', 'json', code=1).stdout
            faults = json.loads(said)['faults']
            self.assertTrue(any('account' in f for f in faults), faults)
            self.assertTrue(any('staff' in f for f in faults), faults)

    def test_all_of_it_gone(self):
        with tempfile.TemporaryDirectory(prefix='tenken-cli-') as tmp:
            db = t.demo_db(Path(tmp))
            for table in ('trail', 'trail_seal', 'trail_head'):
                t.sql(db, f'DELETE FROM {table}')
            self.assertIn('staff', t.tenken('verify', '--db', db, code=1).stdout)

    @staticmethod
    def roster(folder, db):
        number, bureau, division = t.sql(db, 'SELECT s.staff_number, b.name, d.name FROM staff s JOIN division d ON '
                                             'd.id = s.division_id JOIN bureau b ON b.id = d.bureau_id LIMIT 1')[0]
        file = folder / 'one.csv'
        file.write_text(f'職員番号,氏名,局等,課室\n{number},別名 太郎,{bureau},{division}\n', encoding='utf-8')
        return file


if __name__ == '__main__':
    unit.main()
