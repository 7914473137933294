#!/usr/bin/env python3
"""Questionnaire workbooks against the rules of the reference converter: whatever is exported keeps them, and
comes back as the same questionnaire (SRV-01)."""
import json
import random
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'support'))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import tenken as t
import unit
import xlsform_rules
from test_form import workbook

YN = [['list_name', 'name', 'label'], ['yn', 'yes', 'はい'], ['yn', 'no', 'いいえ']]
PLACES = [['list name', 'Name', 'caption::Japanese (ja)', 'caption::English (en)', 'pref', 'active'],
          ['pref', 'a', '甲', 'A', '', ''], ['pref', 'b', '乙', 'B', '', ''],
          ['city', 'a1', '甲一', '', 'a', '1'], ['city', 'b1', '乙一', '', 'b', '1']]
FORMS = {
    'plain': {'survey': [['type', 'name', 'label'], ['text', 'a', 'あ']]},
    'aliases': {
        'SURVEY': [['Command', 'Tag', 'Caption', 'Relevance', 'Calculate', 'Constraining Message', 'Constraint', 'Required', 'Hint'],
                   ['select one from yn', 'a', '甲', '', '', '', '', 'TRUE', ''],
                   ['q int', 'n', 'How   many\u00a0people ', '\u201cyes\u201d = ${a}', '', 'too many', '. < 1000', 'YES', 'h'],
                   ['add date prompt', 'd', 'いつ', '', '', '', '. <= today()', 'false', ''],
                   ['percentage', 'p', '割合', '', '', '', '', '', ''], ['calculate', 'c', '', '', '${n} * 2', '', '', '', '']],
        'CHOICES ': YN, 'Settings': [['Form Title', 'id_string', 'Version', 'Style'], ['題', 'aliases', 1.0, 'pages']]},
    'languages': {
        'survey': [['type', 'name', 'label::Japanese (ja)', 'label::English (en)', 'label::French (fr)', 'hint', 'required_message::English (en)', 'required'],
                   ['text', 'a', '甲', 'A', 'La', '', 'Say it', 'yes'], ['integer', 'b', '乙', '', '', '手がかり', '', "${a} != ''"]],
        'choices': YN},
    'english': {'survey': [['type', 'name', 'label', 'hint', 'guidance_hint'], ['text', 'a', 'A', 'h', 'g']],
                'settings': [['form_title', 'form_id', 'default_language'], ['T', 'english', 'English (en)']]},
    'everything': {
        'survey': [['type', 'name', 'label::Japanese (ja)', 'label::English (en)', 'choice_filter', 'required', 'default', 'appearance', 'parameters', 'relevant'],
                   ['begin group', 'g', '節', 'Section', '', '', '', '', '', ''],
                   ['select_one pref', 'p', '県', 'Prefecture', '', 'yes', 'a', 'minimal', '', ''],
                   ['select_one city', 'c', '市', 'City', "pref=${p} and active='1'", "${p} != ''", '', '', '', ''],
                   ['select_multiple yn or_other', 'm', '複数', 'Several', '', '', '', '', 'randomize=true seed=4', ''],
                   ['rank pref', 'o', '順', 'Order', '', '', '', '', '', ''],
                   ['begin_group', 'grid', '表', 'Grid', '', '', '', 'table-list', '', "selected(${m}, 'other')"],
                   ['select_one yn', 'r1', '一', 'One', '', '', '', '', '', ''], ['select_one yn', 'r2', '二', 'Two', '', '', '', '', '', ''],
                   ['end group', '', '', '', '', '', '', '', '', ''], ['end_group', '', '', '', '', '', '', '', '', ''],
                   ['time', 't', '時刻', 'Time', '', '', '', '', '', ''], ['acknowledge', 'k', '確認', 'Confirm', '', 'yes', '', '', '', ''],
                   ['hidden', 'h', '', '', '', '', 'v1', '', '', ''], ['range', 'v', '範囲', 'Range', '', '', '', '', 'start=0 end=5', ''],
                   ['date', 'd', '日', 'Day', '', '', 'today()', '', '', ''], ['text', 'x', '文', 'Text', '', '', '', 'multiline', 'rows=4', ''],
                   ['note', '', '県は ${p}', 'You chose ${p}', '', '', '', '', '', ''],
                   ['integer', 'n', '数', 'Number', '', '', '${last-saved#n}', '', '', ''],
                   ['number of days in last month', 'nd', '日数', 'Days', '', '', '', '', '', ''], ['today', '', '', '', '', '', '', '', '', '']],
        'choices': PLACES + [['yn', 'yes', 'はい', 'Yes', '', ''], ['yn', 'no', 'いいえ', 'No', '', '']]},
    'matrix': {'survey': [['type', 'name', 'label', 'kobo--matrix_list', 'relevant'], ['begin_kobomatrix', 'assets', '資産', 'items', ''],
                          ['select_one yn', 'own', '有無', '', ''], ['integer', 'num', '数', '', "${own} = 'yes'"],
                          ['end_kobomatrix', '', '', '', ''], ['text', 'z', '終', '', '']],
               'choices': YN + [['items', 'tv', 'テレビ'], ['items', 'car', '車']]},
}
STACKED = 'survey,,,\n,type,name,label\n,select_one yn,a,甲\nchoices,list_name,name,label\n,yn,y,はい\n,yn,n,いいえ\nsettings,,,\n,form_title,form_id,\n,題,stacked,\n'


class XlsForm(unittest.TestCase):
    def setUp(self):
        self.tmp = tempfile.TemporaryDirectory(prefix='tenken-xls-')
        self.dir = Path(self.tmp.name)
        self.db = self.dir / 'office.db'

    def tearDown(self):
        self.tmp.cleanup()

    def form(self, *args, code=0):
        return t.tenken('form', *args, '--db', self.db, code=code).stdout

    def round(self, file, name):
        """Runs, goes out by the rules, comes back as the same."""
        self.form('check', file)
        said = self.form('import', file)
        self.assertIn('@1: imported as a draft, 0 faults', said, name)
        out = self.dir / f'{name}-out.xlsx'
        self.form('export', said.split(':')[0], '--out', out)
        self.assertEqual(xlsform_rules.check(out), ([], []), name)
        self.assertIn('there already', self.form('import', out), name)

    def test_exports_keep_the_rules(self):
        for name, sheets in FORMS.items():
            for style in ('excel', 'openpyxl'):
                file = self.dir / f'{name}_{style}.xlsx'
                book = {k: [list(r) for r in v] for k, v in sheets.items()}
                for row in book.get('settings', []) + book.get('Settings', []):
                    row[1] = str(row[1]).replace(name, f'{name}_{style}')
                workbook(file, book, style)
                self.round(file, f'{name}_{style}')
        stacked = self.dir / 'stacked.csv'
        stacked.write_text(STACKED, encoding='utf-8')
        self.round(stacked, 'stacked')

    def test_the_shipped_questionnaire(self):
        self.form('list')
        out = self.dir / 'shipped.xlsx'
        self.form('export', 'self_inspection', '--out', out)
        self.assertEqual(xlsform_rules.check(out), ([], []))
        self.assertIn('there already', self.form('import', out))

    def test_the_rules_can_be_broken(self):
        """The checker itself: each of these is refused by it."""
        bad = {
            'no such list': [['type', 'name', 'label'], ['select_one nobody', 'a', 'A']],
            'a name with blanks': [['type', 'name', 'label'], ['text', 'a b', 'A']],
            'twice': [['type', 'name', 'label'], ['text', 'a', 'A'], ['text', 'a', 'B']],
            'unknown type': [['type', 'name', 'label'], ['single', 'a', 'A']],
            'not ended': [['type', 'name', 'label'], ['begin_group', 'g', 'G'], ['text', 'a', 'A']],
            'no label': [['type', 'name', 'label'], ['text', 'a', '']],
            'unknown name': [['type', 'name', 'label', 'relevant'], ['text', 'a', 'A', '${b} = 1']],
            'no calculation': [['type', 'name', 'label'], ['calculate', 'a', 'A']],
            'parameters': [['type', 'name', 'label', 'parameters'], ['text', 'a', 'A', 'lines=3']],
        }
        for why, rows in bad.items():
            file = self.dir / 'bad.xlsx'
            workbook(file, {'survey': rows, 'settings': [['form_title', 'form_id', 'version', 'default_language'], ['T', 'x', '1', 'default']]}, 'excel')
            self.assertEqual(len(xlsform_rules.check(file)[0]), 1, why)
        file = self.dir / 'lacks.xlsx'
        workbook(file, {'survey': [['type', 'name', 'label::Japanese (ja)', 'hint::English (en)'], ['text', 'a', 'A', 'h']],
                        'settings': [['form_title', 'form_id', 'version', 'default_language'], ['T', 'x', '1', 'Japanese (ja)']]}, 'excel')
        self.assertEqual(len(xlsform_rules.check(file)[1]), 2)

    def test_random_questionnaires(self):
        """Rows put together by chance: what can be run goes out by the rules and comes back."""
        rng = random.Random(20)
        for k in range(12):
            rows, open_groups, names = [['type', 'name', 'label::Japanese (ja)', 'label::English (en)', 'relevant', 'required', 'hint', 'default', 'constraint']], 0, []
            for i in range(rng.randint(3, 30)):
                kind = rng.choice(['text', 'integer', 'decimal', 'date', 'time', 'note', 'select_one yn', 'select_multiple yn', 'rank yn',
                                   'select_one yn or_other', 'begin group', 'end group', 'acknowledge', 'range', 'hidden'])
                if kind == 'end group':
                    if not open_groups or rows[-1][0].startswith('begin'):
                        continue
                    open_groups -= 1
                    rows.append([kind] + [''] * 8)
                    continue
                open_groups += kind == 'begin group'
                name = f'項目{i}'
                ask = rng.choice(names) if names else ''
                rows.append([kind, name, f'問 {i}', rng.choice(['', f'Q {i}']),
                             f"${{{ask}}} != ''" if ask and rng.random() < .3 else '',
                             rng.choice(['', 'yes', f"${{{ask}}} = '1'" if ask else '']) if kind not in ('note', 'begin group', 'hidden') else '',
                             rng.choice(['', '', 'hint']), '', '. != 7' if kind == 'integer' and rng.random() < .5 else ''])
                if kind not in ('note', 'begin group'):
                    names.append(name)
            rows.append(['text', 'last', '最後', '', '', '', '', '', ''])
            rows += [['end group'] + [''] * 8] * open_groups
            file = self.dir / f'random{k}.xlsx'
            workbook(file, {'survey': rows, 'choices': YN}, rng.choice(['excel', 'libreoffice', 'google', 'openpyxl']))
            self.round(file, f'random{k}')

    def test_slips_are_warned_of(self):
        file = self.dir / 'slips.xlsx'
        workbook(file, {'survey': [['type', 'name', 'label', 'relevent'], ['text', 'a', '甲', ''], ['text', 'A', '乙', '']],
                        'choises': YN, '_setting': [['x'], ['y']]}, 'excel')
        got = json.loads(t.tenken('form', 'check', file, '--format', 'json').stdout)
        self.assertEqual([(w['sheet'], w['row'], w['column']) for w in got['warnings']],
                         [('choises', 0, None), ('survey', 1, 'relevant'), ('survey', 3, 'name')])
        self.assertTrue(got['runs'])
        self.assertEqual(list(got), ['faults', 'warnings', 'form', 'rows', 'runs'])
        said = t.tenken('form', 'check', file).stderr
        self.assertIn('warning: choises: ', said)
        workbook(file, {'surveys': FORMS['plain']['survey'], 'choices': YN}, 'excel')
        self.assertIn('Is "surveys" meant?', t.tenken('form', 'check', file, code=1).stderr)
        workbook(file, {'survey': [['type', 'name', 'label', 'Caption'], ['text', 'a', '甲', '乙']]}, 'excel')
        got = json.loads(t.tenken('form', 'check', file, '--format', 'json', code=1).stdout)
        self.assertEqual([(f['sheet'], f['row'], f['column']) for f in got['faults']], [('survey', 1, 'D1')])


if __name__ == '__main__':
    unit.main()
