#!/usr/bin/env python3
"""Institutions from files, a campaign that asks them, their answers from a file, where they stand."""
import csv
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'support'))
import tenken as t
import unit


class Panel(unittest.TestCase):
    def setUp(self):
        self.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        self.dir = Path(self.tmp.name)
        self.db = self.dir / 'office.db'
        t.tenken('migrate', '--db', self.db)
        self.load('sectors', 'code,name\nbank,銀行\nshinkin,信用金庫\n')
        self.load('institutions', 'コード,名称,業態,都道府県\nB001,見本銀行,銀行,東京都\nB002,標本銀行,銀行,大阪府\n'
                  'S001,例示信用金庫,信用金庫,京都府\n')

    def tearDown(self):
        self.tmp.cleanup()

    def file(self, text):
        path = self.dir / 'in.csv'
        path.write_text(text, encoding='utf-8')
        return path

    def load(self, kind, text):
        return t.tenken('import', kind, self.file(text), '--db', self.db, code=0)

    def test_answers_of_institutions_and_their_status(self):
        t.tenken('campaign', 'create', 'wave', '--form', 'self_inspection', '--year', '2026', '--panel', '--db', self.db, code=0)
        t.tenken('campaign', 'open', 'wave', '--db', self.db, code=0)
        bad = t.tenken('import', 'response', 'wave', self.file('institution,c01\nB009,done\n'), '--db', self.db, '--format', 'json', code=1)
        self.assertEqual(json.loads(bad.stdout)['problems'][0]['cell'], 'A2')
        t.tenken('import', 'response', 'wave', self.file('institution,c01\nB001,done\nS001,not_done\n'), '--db', self.db, code=0)
        out = t.tenken('panel', 'status', 'wave', '--db', self.db, '--format', 'csv', code=0).stdout
        rows = list(csv.DictReader(io.StringIO(out)))
        self.assertEqual([(r['institution'], r['state'], r['submissions'], r['late']) for r in rows],
                         [('B001', 'submitted', '1', '0'), ('B002', 'not_started', '0', '0'), ('S001', 'submitted', '1', '0')])
        self.assertGreater(int(rows[0]['missing']), 0)
        items = json.loads(t.tenken('panel', 'status', 'wave', '--db', self.db, '--format', 'json', code=0).stdout)
        self.assertEqual(items[2]['sector'], '信用金庫')
        text = t.tenken('panel', 'status', 'wave', '--db', self.db, code=0).stdout
        self.assertRegex(text, r'Institutions asked +3\n')
        self.assertRegex(text, r'Submitted +2\n')
        t.tenken('panel', 'status', 'nothing', '--db', self.db, code=1)
        t.tenken('panel', 'list', 'wave', '--db', self.db, code=2)

    def test_a_word_that_was_only_begun_is_said_in_full(self):
        bad = t.tenken('import', 'institutions', self.file('コード,名称,業態,都道府県\nB9,見本第九銀行,銀行,京都\n'), '--db', self.db, code=1)
        self.assertIn('京都府', bad.stdout)

    def test_a_campaign_of_staff_has_no_panel(self):
        t.tenken('campaign', 'create', 'staff', '--form', 'self_inspection', '--year', '2026', '--db', self.db, code=0)
        t.tenken('panel', 'status', 'staff', '--db', self.db, code=1)


if __name__ == '__main__':
    unit.main()
