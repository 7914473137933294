#!/usr/bin/env python3
"""Several thousand made-up respondents loaded from a file and counted; a plain count in Python agrees."""
import csv
import io
import json
import random
import sys
import tempfile
import unittest
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'support'))
import tenken as t
import unit

EXTRA = 4000
CHOICES = ('done', 'partly', 'not_done')


def items():
    with open(t.TOP / 'forms/self_inspection/survey.csv', encoding='utf-8') as f:
        return [(r['name'], r['audience']) for r in csv.DictReader(f) if r['type'].startswith('select_one')]


def rate(num, den):
    """Half up, from integers."""
    return f'{(num * 2000 + den) // (2 * den) // 10}.{(num * 2000 + den) // (2 * den) % 10}' if den else ''


class Count(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        cls.dir = Path(cls.tmp.name)
        cls.rng = random.Random(20260401)
        cls.targets = {'SQLite': str(t.demo_db(cls.dir))}
        if t.PG:
            cls.targets['PostgreSQL'] = t.new_pg('count')
            t.tenken('demo', '--db', cls.targets['PostgreSQL'], '--no-serve')
        cls.roster = cls.dir / 'more.csv'
        units = t.sql(cls.targets['SQLite'], 'SELECT b.name, d.name FROM division d JOIN bureau b ON b.id = d.bureau_id '
                                             'WHERE d.deleted_at IS NULL ORDER BY d.code')
        with open(cls.roster, 'w', encoding='utf-8', newline='') as f:
            w = csv.writer(f)
            w.writerow(('職員番号', '氏名', '局等', '課室', '役職', 'メールアドレス'))
            for i in range(EXTRA):
                bureau, division = units[(i * 7) % len(units)]
                w.writerow((f'X{i:05d}', f'見本　{i}号', bureau, division, '課長' if i % 40 == 0 else '係員',
                            f'x{i:05d}@agency.example.jp'))

    @classmethod
    def tearDownClass(cls):
        cls.tmp.cleanup()

    def prepare(self, db):
        t.tenken('import', 'roster', self.roster, '--db', db, '--partial')
        t.tenken('campaign', 'create', 'big', '--db', db, '--form', 'self_inspection', '--year', '2026')
        rows = t.sql(db, 'SELECT r.staff_number, r.roles, b.name, d.name FROM respondent r JOIN campaign c '
                         'ON c.id = r.campaign_id JOIN bureau b ON b.id = r.bureau_id JOIN division d '
                         "ON d.id = r.division_id WHERE c.name = 'big' AND r.state = 'in' ORDER BY r.staff_number")
        self.assertGreater(len(rows), EXTRA)
        return rows

    def answer(self, people):
        """A file, and what each asked item of each person counts as."""
        rng, form = random.Random(7), items()
        file = self.dir / 'answers.csv'
        counted = []
        with open(file, 'w', encoding='utf-8', newline='') as f:
            w = csv.writer(f)
            columns = [code for code, _ in form]
            rng.shuffle(columns)
            w.writerow(['staff_number', *columns])
            for number, roles, bureau, division in people:
                asked = [code for code, audience in form if audience == 'all_staff' or audience in roles.split()]
                if rng.random() < 0.07:         # never answered: asked, and nothing there
                    counted.append((bureau, division, dict.fromkeys(asked, '')))
                    continue
                got = {code: rng.choices((*CHOICES, 'na', 'dk', ''), (70, 9, 6, 7, 3, 5))[0] for code in asked}
                counted.append((bureau, division, got))
                w.writerow([number, *(got.get(code, '') for code in columns)])
        return file, counted

    def naive(self, counted, key):
        cells = defaultdict(Counter)
        for bureau, division, got in counted:
            for code, value in got.items():
                cells[code, key(bureau, division)][value] += 1
        return cells

    def compare(self, text, cells):
        rows = list(csv.DictReader(io.StringIO(text)))
        seen = set()
        for r in rows:
            c = cells[r['item'], r['group']]
            seen.add((r['item'], r['group']))
            asked = sum(c.values())
            den = asked - c['na'] - c['']
            want = {'asked': asked, 'no_answer': c[''], 'not_applicable': c['na'], 'dont_know': c['dk'],
                    'numerator': c['done'], 'denominator': den, **{k: c[k] for k in CHOICES}}
            self.assertEqual({k: int(r[k]) for k in want}, want, (r['item'], r['group']))
            self.assertEqual(r['rate'], rate(c['done'], den), (r['item'], r['group']))
        self.assertEqual(seen, {k for k, c in cells.items() if sum(c.values())})

    def check(self, kind):
        if kind not in self.targets:
            self.skipTest('TK_TEST_PG is not set')
        db = self.targets[kind]
        people = self.prepare(db)
        file, counted = self.answer(people)
        t.tenken('import', 'response', 'big', file, '--db', db)
        names = Counter(d for d, b in {(d, b) for _, _, b, d in people})
        label = {'total': lambda b, d: 'total', 'bureau': lambda b, d: b,
                 'division': lambda b, d: d if names[d] == 1 else f'{b} {d}'}
        for by, key in label.items():
            with self.subTest(by):
                args = [] if by == 'total' else ['--by', by]
                out = t.tenken('tabulate', 'big', '--db', db, '--table', 'items', *args, '--format', 'csv').stdout
                self.compare(out, self.naive(counted, key))
                machine = json.loads(t.tenken('tabulate', 'big', '--db', db, '--table', 'items', *args, '--format',
                                              'json').stdout)
                flat = [{k: '' if v is None else str(v) for k, v in r.items()} for r in machine]
                self.assertEqual(flat, [dict(r) for r in csv.DictReader(io.StringIO(out))])
        with self.subTest('the same file again changes no figure'):
            t.tenken('import', 'response', 'big', file, '--db', db)
            self.compare(t.tenken('tabulate', 'big', '--db', db, '--table', 'items', '--format', 'csv').stdout,
                         self.naive(counted, label['total']))

    def test_sqlite(self):
        self.check('SQLite')

    def test_postgres(self):
        self.check('PostgreSQL')


if __name__ == '__main__':
    unit.main()
