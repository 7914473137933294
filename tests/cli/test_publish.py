#!/usr/bin/env python3
"""What a reader of publications finds out by subtracting: tables that lie in each other, groups of one
or two, editions published apart (SRV-08).  The reader here knows the register, the definitions of the
tables and every file that went out, and solves the equations with exact fractions."""
import csv
import io
import json
import sys
import tempfile
import unittest
import zipfile
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'support'))
import tenken as t
import unit

SECTORS = {'bank': 12, 'shinkin': 8, 'broker': 3, 'central': 2, 'only': 1}
TABLES = '''form_id,name,position,kind,title_ja,title_en,items,by_group,filter,weighted
own,all,10,options,全体,All,q1,,,
own,but-one,20,options,一部,Without one,q1,,${sector} != 'only',
own,but-two,30,options,一部,Without the central,q1,,${sector} != 'central',
own,sector,40,groups,業態別,By sector,q1,sector,,
own,means,50,options,手段,Means,q2,,,
own,means-banks,60,options,手段,Means of banks,q2,,${sector} = 'bank' or ${sector} = 'shinkin',
own,numbers,70,numbers,台数,Devices,n1,,,
own,numbers-some,80,numbers,台数,Devices of some,n1,,${sector} != 'central',
own,weighted,90,options,加重,Weighted,q1,,,yes
'''
SURVEY = '''survey,type,name,label,relevant
,select_one yn,q1,方針はありますか,
,select_one abc,q2,どの手段ですか,${q1} = 'yes'
,integer,n1,台数,
choices,list_name,name,label
,yn,yes,はい
,yn,no,いいえ
,abc,a,甲
,abc,b,乙
settings,form_title,form_id
,自作の調査,own
'''


def answers():
    """One line an institution: sector, q1, q2, n1; the only one of its kind says no."""
    k = 0
    for sector, n in SECTORS.items():
        for i in range(n):
            k += 1
            q1 = 'no' if sector == 'only' or k % 3 == 0 else 'yes'
            yield f'{sector[:2].upper()}{i:03d}', sector, q1, 'ab'[k % 2] if q1 == 'yes' else '', str(10 + k)


def determined(rows, wanted):
    """The value of a sum of unknowns, if it is a combination of what was printed."""
    done = []
    for terms, value in [*rows, (wanted, None)]:
        row = {v: Fraction(c) for v, c in terms.items()}
        left = Fraction(value) if value is not None else Fraction(0)
        for pivot, other, its in done:
            f = row.get(pivot, 0)
            if f:
                left -= f * its
                for v, c in other.items():
                    row[v] = row.get(v, 0) - f * c
        row = {v: c for v, c in row.items() if c}
        if value is None:
            return None if row else -left
        if row:
            pivot = min(row)
            f = row[pivot]
            done.append((pivot, {v: c / f for v, c in row.items()}, left / f))
    return None


class Publish(unittest.TestCase):
    def setUp(self):
        self.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        self.dir = Path(self.tmp.name)
        self.db = self.dir / 'office.db'
        t.tenken('migrate', '--db', self.db)
        self.load('sectors', 'code,name\n' + ''.join(f'{s},{s}\n' for s in SECTORS))
        self.load('institutions', 'code,name,sector,prefecture\n' + ''.join(
            f'{c},見本{c},{s},東京都\n' for c, s, *_ in answers()))
        t.tenken('form', 'import', self.file(SURVEY), '--db', self.db, code=0)
        t.tenken('form', 'publish', 'own@1', '--db', self.db, code=0)
        t.tenken('campaign', 'create', 'wave', '--form', 'own', '--year', '2026', '--panel', '--db', self.db)
        t.tenken('campaign', 'open', 'wave', '--db', self.db)
        t.tenken('import', 'response', 'wave', self.file('institution,q1,q2,n1\n' + ''.join(
            f'{c},{q1},{q2},{n1}\n' for c, _, q1, q2, n1 in answers())), '--db', self.db)
        self.load('survey-tables', TABLES)
        t.tenken('campaign', 'close', 'wave', '--reason', '終了', '--db', self.db)
        self.out = []

    def tearDown(self):
        self.tmp.cleanup()

    def file(self, text):
        path = self.dir / 'in.csv'
        path.write_text(text, encoding='utf-8')
        return path

    def load(self, kind, text):
        return t.tenken('import', kind, self.file(text), '--db', self.db, code=0)

    def publish(self, tables, code=0, small=3):
        pack = self.dir / 'pack.zip'
        args = ['--remark', '表を加えた'] if self.out else []
        p = t.tenken('publish', 'wave', '--tables', tables, '--min', small, '--out', pack, '--db', self.db, *args, code=code)
        if p.returncode == 0:
            with zipfile.ZipFile(pack) as z:
                self.files = {n: z.read(n).decode('utf-8-sig') for n in z.namelist() if n.endswith('.csv')}
                self.out += csv.DictReader(io.StringIO(z.read('data.csv').decode('utf-8-sig')))
        return p

    def reader(self):
        """Everything printed, as equations over the answers of each sector."""
        whom = {'all': set(SECTORS), 'but-one': set(SECTORS) - {'only'}, 'but-two': set(SECTORS) - {'central'},
                'means': set(SECTORS), 'means-banks': {'bank', 'shinkin'}}
        rows = []
        for d in self.out:
            if d['item'] == 'n1':
                continue
            sectors = whom.get(d['table']) or (set(SECTORS) if d['series'] == 'total' else {d['series']})
            base = d['option'] == 'base'
            value = d['denominator'] if base else d['numerator']
            if value in ('x', ''):
                continue
            codes = [d['option']] if not base else {'q1': ['yes', 'no'], 'q2': ['a', 'b']}[d['item']]
            rows.append(({(d['item'], s, c): 1 for s in sectors for c in codes}, int(value)))
        for s, n in SECTORS.items():                       # everybody was asked, all answered
            rows.append(({('q1', s, 'yes'): 1, ('q1', s, 'no'): 1}, n))
            rows.append(({('q2', s, 'a'): 1, ('q2', s, 'b'): 1, ('q1', s, 'yes'): -1}, 0))
        return rows

    def nothing_small_is_known(self):
        rows = self.reader()
        truth = list(answers())
        groups = [{s} for s in SECTORS] + [{'only', 'central'}, {'broker', 'central', 'only'}, {'broker', 'central'}]
        for g in groups:
            for at, item, codes in ((2, 'q1', ('yes', 'no')), (3, 'q2', ('a', 'b'))):
                for c in codes:
                    n = sum(a[at] == c for a in truth if a[1] in g)
                    if 0 < n < 3:
                        self.assertIsNone(determined(rows, {(item, s, c): 1 for s in g}), (g, item, c, n))
        return rows

    def shown(self, table, option, column='numerator'):
        return [d[column] for d in self.out if d['table'] == table and d['option'] == option]

    def test_a_table_without_one_institution_does_not_tell_its_answer(self):
        self.publish('all but-one')
        self.nothing_small_is_known()
        self.assertEqual(self.shown('all', 'base', 'denominator'), ['26'])      # how many there are is known
        self.assertIn('x', self.shown('all', 'no') + self.shown('but-one', 'no'))

    def test_all_tables_together(self):
        self.publish('all but-one but-two sector means means-banks numbers numbers-some')
        self.nothing_small_is_known()
        # the sum of two institutions is the difference of two tables
        numbers = self.shown('numbers', 'base', 'denominator') + self.shown('numbers-some', 'base', 'denominator')
        self.assertIn('x', numbers)
        # groups of one and two are there, with their known number and nothing else
        bases = {d['series']: d['denominator'] for d in self.out if d['table'] == 'sector' and d['option'] == 'base'}
        self.assertEqual((bases['central'], bases['only']), ('2', '1'))
        self.assertEqual({d['numerator'] for d in self.out if d['table'] == 'sector' and d['series'] in ('central', 'only')
                          and d['option'] != 'base'} - {'0'}, {'x'})

    def test_editions_published_apart(self):
        self.publish('all')
        self.publish('but-one')
        self.publish('sector', code=None)
        self.publish('means', code=None)
        self.publish('means-banks but-two', code=None)
        self.nothing_small_is_known()
        # what is out stays out, and is not printed differently
        self.assertEqual(self.shown('all', 'yes'), ['17'])

    def test_weights_tell_no_sector_apart(self):
        self.publish('weighted')
        rows = list(csv.DictReader(io.StringIO(self.files['tables/weighted.csv'])))
        self.assertEqual([(r['option'], r['count'], r['weighted_share']) for r in rows],
                         [('yes', '17', 'x'), ('no', '9', 'x')])

    def test_a_larger_minimum_does_not_repeat_what_is_small(self):
        self.publish('sector', small=3)
        first = list(self.out)
        self.publish('sector', small=10, code=None)     # or it is refused: too much is out already
        again = self.out[len(first):]
        for d in again:
            if d['option'] != 'base' and d['numerator'] not in ('x', '0', '…', '-', ''):
                self.assertGreaterEqual(int(d['numerator']), 10)


if __name__ == '__main__':
    unit.main()
