#!/usr/bin/env python3
"""Rosters and answers from files: dry run, every fault by its cell, twice the same."""
import csv
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

ROSTER = t.DATA / 'roster'
WORKBOOK = ROSTER / 'office_workbook.xlsx'
EXPORT = ROSTER / 'personnel_export_cp932.csv'
# what is wrong in the workbook on purpose; E25/F25 is a name, right in itself
FAULTY = {'G12', 'C20', 'I30', 'H33', 'E36', 'G40'}


class Roster(unittest.TestCase):
    def setUp(self):
        self.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        self.db = Path(self.tmp.name) / 'office.db'
        t.tenken('migrate', '--db', self.db)

    def tearDown(self):
        self.tmp.cleanup()

    def roster(self, file, *args, code=None):
        p = t.tenken('import', 'roster', file, '--db', self.db, *args, '--format', 'json', code=code)
        try:
            return p.returncode, json.loads(p.stdout)
        except json.JSONDecodeError:
            raise AssertionError(f'no JSON ({p.returncode}): {p.stdout[:500]} {p.stderr[-1500:]}') from None

    def staff(self):
        return t.sql(self.db, 'SELECT count(*) FROM staff WHERE deleted_at IS NULL')[0][0]

    def test_csv_dry_run_then_real_then_again(self):
        code, dry = self.roster(EXPORT, '--dry-run', '--new-divisions', code=0)
        self.assertTrue(dry['accepted'], dry['problems'][:5])
        self.assertFalse(dry['written'])
        self.assertEqual(self.staff(), 0, 'a dry run writes nothing')
        code, real = self.roster(EXPORT, '--new-divisions', code=0)
        self.assertTrue(real['written'])
        self.assertEqual(real['counts']['added'], dry['counts']['added'])
        self.assertEqual(self.staff(), real['counts']['added'])
        code, again = self.roster(EXPORT, code=0)
        self.assertEqual({k: again['counts'][k] for k in ('added', 'changed', 'ended')},
                         {'added': 0, 'changed': 0, 'ended': 0})
        self.assertEqual(self.staff(), real['counts']['added'])
        trail = t.sql(self.db, "SELECT action, count(*) FROM trail WHERE rtype = 'staff' AND action <> 'import' GROUP BY 1")
        self.assertEqual(trail, [('create', real['counts']['added'])], 'no change, no trail')

    def test_workbook_names_every_fault(self):
        self.roster(EXPORT, '--new-divisions', code=0)
        before = t.sql(self.db, 'SELECT * FROM staff ORDER BY id')
        code, got = self.roster(WORKBOOK, '--dry-run')
        self.assertEqual(code, 1)
        self.assertFalse(got['accepted'])
        self.assertEqual(got['sheet'], '職員名簿')
        self.assertEqual(got['header_row'], 4)
        errors = {p['cell'] for p in got['problems'] if p['severity'] == 'error'}
        self.assertEqual(errors, FAULTY, [(p['cell'], p['message']) for p in got['problems']])
        code, got = self.roster(WORKBOOK)
        self.assertEqual(code, 1)
        self.assertFalse(got['written'])
        self.assertEqual(t.sql(self.db, 'SELECT * FROM staff ORDER BY id'), before, 'nothing is half-written')

    def test_problems_in_both_languages_and_formats(self):
        ja = t.tenken('import', 'roster', WORKBOOK, '--db', self.db, '--dry-run', lang='ja_JP.UTF-8', code=1)
        en = t.tenken('import', 'roster', WORKBOOK, '--db', self.db, '--dry-run', lang='en_GB.UTF-8', code=1)
        self.assertIn('G12', ja.stdout + ja.stderr)
        self.assertIn('G12', en.stdout + en.stderr)
        self.assertNotEqual(ja.stdout + ja.stderr, en.stdout + en.stderr)

    def test_wrong_files(self):
        folder = Path(self.tmp.name)
        zipped = WORKBOOK.read_bytes()
        for name, data in (('empty.csv', b''), ('picture.xlsx', b'\x89PNG\r\n\x1a\n' + bytes(200)),
                           ('broken.xlsx', zipped[:len(zipped) // 2]), ('no-header.csv', b'1,2,3\n4,5,6\n'),
                           ('wide.csv', b','.join(b'c%d' % i for i in range(17000)) + b'\n' + b',' * 16999 + b'\n'),
                           ('binary.csv', bytes(range(256)) * 20)):
            with self.subTest(name):
                (folder / name).write_bytes(data)
                p = t.tenken('import', 'roster', folder / name, '--db', self.db, code=None)
                self.assertEqual(p.returncode, 1, p.stderr[-500:])
                self.assertTrue((p.stdout + p.stderr).strip())
        with self.subTest('no such file'):
            self.assertIn(t.tenken('import', 'roster', folder / 'absent.csv', '--db', self.db, code=None).returncode, (1, 2))
        self.assertEqual(self.staff(), 0)


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        cls.dir = Path(cls.tmp.name)
        cls.db = t.demo_db(cls.dir)
        t.tenken('campaign', 'create', 'elsewhere', '--db', cls.db, '--form', 'self_inspection', '--year', '2026')
        people = t.sql(cls.db, 'SELECT r.staff_number, r.roles FROM respondent r JOIN campaign c ON c.id = r.campaign_id '
                               "WHERE c.name = 'elsewhere' AND r.state = 'in' ORDER BY r.staff_number")
        cls.head = next(n for n, roles in people if 'division_head' in roles.split() and 'system_admin' not in roles.split())
        cls.plain = [n for n, roles in people if 'division_head' not in roles.split() and 'system_admin' not in roles.split()]

    @classmethod
    def tearDownClass(cls):
        cls.tmp.cleanup()

    def setUp(self):
        self.copy = self.dir / 'copy.db'
        shutil.copyfile(self.db, self.copy)

    def load(self, text, *args, code=0):
        file = self.dir / 'answers.csv'
        file.write_text(text, encoding='utf-8')
        return t.tenken('import', 'response', 'elsewhere', file, '--db', self.copy, *args, code=code)

    def counts(self, item):
        out = t.tenken('tabulate', 'elsewhere', '--db', self.copy, '--table', 'items', '--format', 'csv').stdout
        return next(r for r in csv.DictReader(io.StringIO(out)) if r['item'] == item)

    def test_every_kind_of_cell(self):
        a, b, c, d, e = self.plain[:5]
        self.load('staff_number,c01,c02,c03,c04,c05,c06\n'
                  f'{a},done,done,done,done,na,done\n{b},partly,done,done,done,na,done\n'
                  f'{c},not_done,dk,done,done,done,done\n{d},,done,done,done,partly,done\n'
                  f'{e},na,done,done,done,done,done\n')
        r = self.counts('c01')
        self.assertEqual((r['done'], r['partly'], r['not_done'], r['not_applicable'], r['numerator'], r['denominator']),
                         ('1', '1', '1', '1', '1', '3'))
        self.assertEqual(self.counts('c02')['dont_know'], '1')
        self.assertEqual(self.counts('c02')['denominator'], '5')

    def test_again_replaces(self):
        a = self.plain[0]
        self.load(f'staff_number,c01,c02\n{a},done,partly\n')
        self.load(f'staff_number,c01,c02\n{a},not_done,done\n')
        r = self.counts('c01')
        self.assertEqual((r['done'], r['not_done'], r['denominator']), ('0', '1', '1'))
        self.assertEqual(self.counts('c02')['done'], '1')

    def refused(self, text, cell):
        before = t.sql(self.copy, 'SELECT count(*) FROM response')
        p = self.load(text, code=None)
        said = p.stdout + p.stderr
        self.assertEqual(p.returncode, 1, said[-800:])
        self.assertIn(cell, said)
        self.assertEqual(t.sql(self.copy, 'SELECT count(*) FROM response'), before, 'nothing is half-written')
        self.assertEqual(self.counts('c01')['denominator'], '0')

    def test_unknown_staff(self):
        self.refused(f'staff_number,c01\n{self.plain[0]},done\nnobody-7,done\n', 'A3')

    def test_unknown_item(self):
        self.refused(f'staff_number,c01,c99\n{self.plain[0]},done,done\n', 'C1')

    def test_choice_that_does_not_exist(self):
        self.refused(f'staff_number,c01,c02\n{self.plain[0]},done,done\n{self.plain[1]},done,perhaps\n', 'C3')

    def test_item_not_asked_of_that_person(self):
        self.refused(f'staff_number,c01,d01\n{self.plain[0]},done,done\n', 'C2')
        self.load(f'staff_number,c01,d01\n{self.plain[0]},done,\n{self.head},done,done\n')
        self.assertEqual(self.counts('d01')['done'], '1')

    def test_person_twice(self):
        self.refused(f'staff_number,c01\n{self.plain[0]},done\n{self.plain[0]},partly\n', 'A3')

    def test_two_choices_for_one(self):
        self.refused(f'staff_number,c01\n{self.plain[0]},done partly\n', 'B2')

    def test_answer_without_a_heading(self):
        self.refused(f'staff_number,c01\n{self.plain[0]},done,partly\n', 'C2')
        self.refused(f'staff_number,,c01\n{self.plain[0]},partly,done\n', 'B2')
        self.load(f'staff_number,c01,,\n{self.plain[0]},done,,\n')
        self.assertEqual(self.counts('c01')['done'], '1')

    def test_several_faults_at_once(self):
        p = self.load(f'staff_number,c01,d01\nnobody,done,\n{self.plain[0]},maybe,done\n', code=1)
        for cell in ('A2', 'B3', 'C3'):
            self.assertIn(cell, p.stdout + p.stderr)

    def test_dry_run(self):
        self.load(f'staff_number,c01\n{self.plain[0]},done\n', '--dry-run')
        self.assertEqual(self.counts('c01')['denominator'], '0')

    def test_encodings(self):
        for encoding in ('utf-8-sig', 'cp932', 'utf-16'):
            with self.subTest(encoding):
                file = self.dir / 'answers.csv'
                file.write_bytes(f'staff_number,c01,c02\r\n{self.plain[1]},done,partly\r\n'.encode(encoding))
                t.tenken('import', 'response', 'elsewhere', file, '--db', self.copy)
                self.assertEqual(self.counts('c02')['partly'], '1')


if __name__ == '__main__':
    unit.main()
