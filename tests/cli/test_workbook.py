#!/usr/bin/env python3
"""A respondent's workbook from outside: made, opened and saved by LibreOffice, edited as people and programs
do, and taken in again (issue 3, part 4)."""
import csv
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'support'))
import tenken as t
import unit

SOFFICE = shutil.which('soffice')
NS = {'m': 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'}
MAIN = '{' + NS['m'] + '}'

# LibreOffice works formulas out when it loads a file, whoever wrote it.
RECALCULATE = '''<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>'''

SURVEY = [
    ['type', 'name', 'label::Japanese (ja)', 'label::English (en)', 'hint::Japanese (ja)', 'hint::English (en)',
     'required', 'relevant', 'constraint', 'constraint_message::Japanese (ja)', 'constraint_message::English (en)'],
    ['begin_group', 'basic', '組織と体制', 'Organisation', '基準日は期末日とします。', 'As of the last day of the year.', '', '', '', '', ''],
    ['select_one yn', 'tele', 'テレワークを実施していますか。', 'Do you allow telework?',
     '一部の部署だけで実施している場合も「はい」とします。', 'Also if some departments only.', 'yes', '', '', '', ''],
    ['integer', 'staff', '全役職員数', 'Number of staff', '嘱託・派遣を含みます。', 'Temporary staff included.', 'yes', '', '. >= 0',
     '0以上の人数を入力してください。', 'Write 0 or more.'],
    ['integer', 'users', 'うちテレワークを利用できる人数', 'Of these, who may telework', '', '', 'yes', "${tele} = 'yes'",
     '. <= ${staff}', '全役職員数を超えています。', 'More than all staff.'],
    ['date', 'since', '開始した日', 'Since when', '', '', '', "${tele} = 'yes'", '', '', ''],
    ['end_group', '', '', '', '', '', '', '', '', '', ''],
    ['begin_group', 'measures', 'セキュリティ対策', 'Security measures', '', '', '', "${tele} = 'yes'", '', '', ''],
    ['select_multiple device', 'dev', '利用する端末（該当するものすべて）', 'Devices in use', '', '', 'yes', '', '', '', ''],
    ['text', 'own_rule', '私用端末について定めている条件をご記入ください。', 'Conditions for own devices', '', '', '',
     "selected(${dev}, 'own')", '', '', ''],
    ['begin_group', 'auth', '認証', 'Authentication', '', '', '', '', '', '', ''],
    ['select_one grade', 'mfa', '多要素認証の導入状況', 'Multi-factor authentication', '', '', '', '', '', '', ''],
    ['decimal', 'share', '多要素認証の対象者の割合（％）', 'Share of users (%)', '', '', '',
     "${mfa} != '' and regex(${mfa}, 'all|part')", '. <= 100', '', ''],
    ['end_group', '', '', '', '', '', '', '', '', '', ''],
    ['end_group', '', '', '', '', '', '', '', '', '', ''],
]
CHOICES = [
    ['list_name', 'name', 'label::Japanese (ja)', 'label::English (en)'],
    ['yn', 'yes', 'はい', 'Yes'], ['yn', 'no', 'いいえ', 'No'],
    ['device', 'company', '会社貸与端末', 'Company device'], ['device', 'own', '私用端末', 'Own device'],
    ['device', 'thin', 'シンクライアント', 'Thin client'],
    ['grade', 'all', '全員に導入している', 'For everybody'],
    ['grade', 'part', '一部に導入している', 'For some'], ['grade', 'none', '導入していない', 'Not introduced'],
]


def xlsform(path, survey=SURVEY):
    sheets = {'survey': survey, 'choices': CHOICES, 'settings': [['form_title', 'form_id'], ['テレワーク調査', 'home_work']]}

    def rows(v):
        return ''.join(f'<row r="{r}">' + ''.join(
            f'<c r="{chr(65 + k)}{r}" t="inlineStr"><is><t>{escape(str(c))}</t></is></c>' for k, c in enumerate(row) if c != '') +
            '</row>' for r, row in enumerate(v, 1))
    rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    pkg = 'http://schemas.openxmlformats.org/package/2006'
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
        z.writestr('_rels/.rels', f'<Relationships xmlns="{pkg}/relationships"><Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        z.writestr('xl/workbook.xml', f'<workbook xmlns="{NS["m"]}" xmlns:r="{rel}"><sheets>' + ''.join(
            f'<sheet name="{n}" sheetId="{i}" r:id="rId{i}"/>' for i, n in enumerate(sheets, 1)) + '</sheets></workbook>')
        z.writestr('xl/_rels/workbook.xml.rels', f'<Relationships xmlns="{pkg}/relationships">' + ''.join(
            f'<Relationship Id="rId{i}" Type="{rel}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in range(1, len(sheets) + 1)) + '</Relationships>')
        for i, v in enumerate(sheets.values(), 1):
            z.writestr(f'xl/worksheets/sheet{i}.xml', f'<worksheet xmlns="{NS["m"]}"><sheetData>{rows(v)}</sheetData></worksheet>')


class Book:
    """A workbook as the test edits it: its parts, and cells by sheet and address."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as z:
            self.part = {n: z.read(n) for n in z.namelist()}
        book = ElementTree.fromstring(self.part['xl/workbook.xml'])
        self.name = [s.get('name') for s in book.iter(MAIN + 'sheet')]
        shared = self.part.get('xl/sharedStrings.xml')
        self.shared = [''.join(x.text or '' for x in si.iter(MAIN + 't'))
                       for si in ElementTree.fromstring(shared).iter(MAIN + 'si')] if shared else []

    def part_of(self, sheet):
        return f'xl/worksheets/sheet{self.name.index(sheet) + 1}.xml'

    def cells(self, sheet):
        """{address: text} of a sheet."""
        out = {}
        for c in ElementTree.fromstring(self.part[self.part_of(sheet)]).iter(MAIN + 'c'):
            v, kind = c.find('m:v', NS), c.get('t')
            if kind == 'inlineStr':
                out[c.get('r')] = ''.join(x.text or '' for x in c.iter(MAIN + 't'))
            elif v is not None:
                out[c.get('r')] = self.shared[int(v.text)] if kind == 's' else v.text
        return out

    def find(self, code):
        """Sheet and row of an item."""
        for sheet in self.name:
            for at, text in self.cells(sheet).items():
                if text == code and at.startswith('A') and not sheet.startswith('_'):
                    return sheet, int(at[1:])
        raise AssertionError(f'no row of {code}')

    def put(self, code, text, col='D', raw=None):
        """Writes an answer as a program would: an inline string, or the XML given."""
        sheet, row = self.find(code)
        part, at = self.part_of(sheet), f'{col}{row}'
        xml = self.part[part].decode()
        cell = raw.format(at=at) if raw else f'<c r="{at}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        new, n = re.subn(rf'<c r="{at}"(?: [^>]*?)?(?:/>|>.*?</c>)', lambda _: cell, xml, count=1, flags=re.S)
        if not n:
            raise AssertionError(f'{sheet} has no cell {at}')
        self.part[part] = new.encode()

    def save(self, path):
        with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
            for n, data in self.part.items():
                z.writestr(n, data)
        return path


class Workbook(unittest.TestCase):
    def setUp(self):
        self.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        self.dir = Path(self.tmp.name)
        self.db = self.dir / 'office.db'
        roster = self.dir / 'roster.csv'
        with open(roster, 'w', encoding='utf-8', newline='') as f:
            csv.writer(f).writerows([['職員番号', '氏名', '局等', '課室', '役職'],
                                     ['101', '標本 一号', '総務企画局', '総務課', '課長'],
                                     ['102', '標本 二号', '総務企画局', '総務課', '係員']])
        self.run_it('import', 'roster', roster, '--new-divisions')
        form = self.dir / 'form.xlsx'
        xlsform(form)
        self.run_it('form', 'import', form)
        self.run_it('form', 'publish', 'home_work@1')
        self.campaign('t1', 2026)

    def tearDown(self):
        self.tmp.cleanup()

    def run_it(self, *args, code=0, lang='C.UTF-8'):
        return t.tenken(*args, '--db', self.db, code=code, lang=lang)

    def campaign(self, name, year):
        self.run_it('campaign', 'create', name, '--form', 'home_work', '--year', year, '--title', f'テレワーク調査 {year}',
                    '--title-en', f'Telework survey {year}')
        self.run_it('campaign', 'open', name)

    def export(self, who='101', name='t1', lang='ja_JP.UTF-8'):
        file = self.dir / f'{name}-{who}.xlsx'
        self.run_it('workbook', 'export', name, who, '--out', file, lang=lang)
        return file

    def take(self, file, *opt, code=0, who='101', name='t1'):
        p = self.run_it('workbook', 'import', name, who, file, *opt, code=code)
        return p.stdout + p.stderr

    def answer(self, item, who='101'):
        """As it stands in a workbook made now."""
        book = Book(self.export(who))
        sheet, row = book.find(item)
        return book.cells(sheet).get(f'D{row}', '')

    def filled(self):
        book = Book(self.export())
        book.put('tele', ' は い ')
        book.put('staff', '１，２００')
        book.put('users', '', raw='<c r="{at}"><v>300</v></c>')
        book.put('since', '令和2年4月1日')
        book.put('dev/own', '✓')
        book.put('dev/thin', '◯')
        book.put('own_rule', '管理者の許可を得ること\n年1回確認すること')
        book.put('mfa', 'part')
        book.put('mfa', '来年度に拡大', col='E')
        return book

    def test_filled_in_and_taken(self):
        file = self.filled().save(self.dir / 'in.xlsx')
        said = self.take(file, '--dry-run')
        self.assertIn('changed: 7', said)
        self.assertIn('problems: 0', said)
        self.assertEqual(self.answer('staff'), '')
        self.take(file)
        self.assertEqual([self.answer(x) for x in ('tele', 'staff', 'users', 'dev/company', 'dev/own', 'mfa')],
                         ['はい', '1200', '300', '', '○', '一部に導入している'])
        self.assertIn('unchanged: 8', self.take(self.export(), '--dry-run'))
        self.assertIn('unchanged: 8', self.take(self.export(lang='C.UTF-8'), '--dry-run'))

    def test_two_sides(self):
        mine = self.filled().save(self.dir / 'mine.xlsx')
        other = Book(self.export())
        other.put('tele', 'いいえ')
        self.take(other.save(self.dir / 'other.xlsx'))
        said = self.take(mine, code=1)
        self.assertIn('tele: changed on the server and in the file', said)
        self.assertEqual(self.answer('tele'), 'いいえ')
        self.take(mine, '--keep', 'tele')
        self.assertEqual([self.answer('tele'), self.answer('staff')], ['いいえ', '1200'])
        self.take(mine, '--take', 'tele', '--dry-run')
        self.take(mine, '--take', '*')
        self.assertEqual(self.answer('tele'), 'はい')

    def test_problems_by_cell(self):
        book = Book(self.export(lang='C.UTF-8'))
        book.put('tele', 'perhaps')
        book.put('staff', '', raw='<c r="{at}"><f>1+1</f><v>2</v></c>')
        book.put('users', '12 people')
        book.put('dev/own', '×')
        said = self.take(book.save(self.dir / 'bad.xlsx'), code=1)
        self.assertRegex(said, r'1 Organisation!D4 .*tele: there is no choice "perhaps"')
        self.assertRegex(said, r'1 Organisation!D5 .*staff: the cell holds a formula')
        self.assertRegex(said, r'1 Organisation!D6 .*users: "12 people" is not a whole number')
        self.assertRegex(said, r'2 Security measures!D6 .*dev: "×" is no mark')
        book = Book(self.export(lang='C.UTF-8'))
        book.put('tele', 'Yes')
        book.put('staff', '10')
        book.put('users', '11')
        self.assertRegex(self.take(book.save(self.dir / 'bad.xlsx'), code=1), r'1 Organisation!D6 .*More than all staff')
        book.put('tele', 'No')
        self.assertIn('users is not asked after the other answers', self.take(book.save(self.dir / 'shut.xlsx')))

    def test_whose_it_is(self):
        other = self.export('102')
        self.assertIn('made for 標本 二号, not for 標本 一号', self.take(other, code=1))
        self.campaign('t2', 2027)
        self.assertIn('the workbook of "テレワーク調査 2027"', self.take(self.export(name='t2'), code=1))
        book = Book(self.export())
        ident = book.part_of('_tenken')
        shared = 'xl/sharedStrings.xml'
        for n in (ident, shared):
            if n in book.part and '標本 一号'.encode() in book.part[n]:
                book.part[n] = book.part[n].replace('標本 一号'.encode(), '標本 二号'.encode())
        self.assertIn('was changed, or it was made by another installation', self.take(book.save(self.dir / 'forged.xlsx'), code=1))
        book = Book(self.export())
        book.part['xl/workbook.xml'] = re.sub(rb'<sheet name="_tenken"[^>]*/>', b'', book.part['xl/workbook.xml'])
        self.assertIn('is missing', self.take(book.save(self.dir / 'nameless.xlsx'), code=1))

    def test_files_that_are_refused(self):
        book = Book(self.export())
        book.part['xl/vbaProject.bin'] = b'x'
        self.assertIn('macros', self.take(book.save(self.dir / 'a.xlsm'), code=1))
        book = Book(self.export())
        book.part['xl/externalLinks/externalLink1.xml'] = b'<x/>'
        self.assertIn('links to other files', self.take(book.save(self.dir / 'b.xlsx'), code=1))
        old = self.dir / 'old.xlsx'
        old.write_bytes(b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(4096))
        self.assertIn('.xls', self.take(old, code=1))
        old.write_bytes(b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(512) + 'EncryptedPackage'.encode('utf-16-le') + bytes(4096))
        self.assertIn('password', self.take(old, code=1))
        text = self.dir / 'x.csv'
        text.write_text('a,b\n')
        self.assertIn('no workbook', self.take(text, code=1))

    @unittest.skipUnless(SOFFICE, 'LibreOffice is not installed')
    def test_libreoffice_saves_it(self):
        def through(file):
            out, user = self.dir / 'saved', self.dir / 'profile' / 'user'
            user.mkdir(parents=True, exist_ok=True)
            (user / 'registrymodifications.xcu').write_text(RECALCULATE)
            subprocess.run([SOFFICE, f'-env:UserInstallation=file://{self.dir}/profile', '--headless', '--convert-to',
                            'xlsx:Calc MS Excel 2007 XML', '--outdir', out, file], check=True, capture_output=True, timeout=180)
            return out / file.name

        again = through(self.export())
        self.assertIn('problems: 0', self.take(again, '--dry-run'))
        self.assertIn('unchanged: 8', self.take(again, '--dry-run'))
        book = self.filled()
        book.put('tele', 'はい')
        file = book.save(self.dir / 'filled.xlsx')
        saved = through(file)
        said = self.take(saved)
        self.assertIn('problems: 0', said)
        self.assertEqual([self.answer(x) for x in ('tele', 'staff', 'users', 'dev/own', 'mfa')],
                         ['はい', '1200', '300', '○', '一部に導入している'])
        # LibreOffice has worked the formulas out anew: what it found is what the server finds
        cells = Book(saved).cells('2 セキュリティ対策')
        status = {cells.get(f'A{r}'): cells.get(f'F{r}') for r in range(4, 20)}
        self.assertEqual([status['dev'], status['own_rule'], status['mfa'], status['share']],
                         ['回答済み', '回答済み', '回答済み', '該当する場合'])
        self.assertIn('unchanged: 8', self.take(through(self.export()), '--dry-run'))
        book = Book(self.export())
        book.put('tele', 'いいえ')
        cells = Book(through(book.save(self.dir / 'no.xlsx'))).cells('2 セキュリティ対策')
        self.assertEqual({cells[f'F{r}'] for r in range(4, 20) if cells.get(f'A{r}') in ('dev', 'own_rule', 'mfa')},
                         {'回答不要'})


if __name__ == '__main__':
    unit.main()
