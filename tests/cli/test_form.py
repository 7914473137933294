#!/usr/bin/env python3
"""Questionnaire workbooks on the command line: as several programs write them, faults, the round trip, eval."""
import json
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'support'))
import tenken as t
import unit

MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
PKG = 'http://schemas.openxmlformats.org/package/2006'
SHEETS = {
    'survey': [['type', 'name', 'label::Japanese (ja)', 'label::English (en)', 'relevant', 'constraint'],
               ['begin_group', 'g', '総務', 'General', '', ''],
               ['select_one yn', 'a', '受けましたか', 'Did you?', '', ''],
               ['integer', 'n', '何人', 'How many', "${a} = 'yes'", '. > 0'],
               ['end_group', '', '', '', '', '']],
    'choices': [['list_name', 'name', 'label::Japanese (ja)', 'label::English (en)'],
                ['yn', 'yes', 'はい', 'Yes'], ['yn', 'no', 'いいえ', 'No']],
    'settings': [['form_title', 'form_id', 'version'], ['見本', 'sample', 3]],
}


def column(k):
    return chr(65 + k)


def workbook(path, sheets, style):
    """style: excel (shared strings, spans), libreoffice (shared, empty styled cells, a million blank rows
    declared), google (shared, no dimension, sheets numbered apart), openpyxl (inline strings)."""
    strings = []

    def cell(k, row, v):
        ref = f'{column(k)}{row}'
        if v == '':
            return f'<c r="{ref}" s="0"/>' if style == 'libreoffice' else ''
        if isinstance(v, (int, float)):
            return f'<c r="{ref}"><v>{v}</v></c>'
        if style == 'openpyxl':
            return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(v)}</t></is></c>'
        if v not in strings:
            strings.append(v)
        return f'<c r="{ref}" t="s"><v>{strings.index(v)}</v></c>'

    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
        names, files = list(sheets), {}
        for i, name in enumerate(names):
            rows = ''.join(f'<row r="{r}"' + (f' spans="1:{len(row)}"' if style == 'excel' else '') + '>' +
                           ''.join(cell(k, r, v) for k, v in enumerate(row)) + '</row>'
                           for r, row in enumerate(sheets[name], 1))
            if style == 'libreoffice':
                rows += '<row r="1048576" hidden="true"><c r="A1048576" s="0"/></row>'
            files[f'xl/worksheets/sheet{i + 1}.xml'] = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        types = f'<Types xmlns="{PKG}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
        z.writestr('[Content_Types].xml', types)
        z.writestr('_rels/.rels', f'<Relationships xmlns="{PKG}/relationships"><Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        entries = ''.join(f'<sheet name="{n}" sheetId="{i * 7 + 1 if style == "google" else i + 1}" r:id="rId{i + 1}"/>' for i, n in enumerate(names))
        z.writestr('xl/workbook.xml', f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{entries}</sheets></workbook>')
        rels = ''.join(f'<Relationship Id="rId{i + 1}" Type="{REL}/worksheet" Target="worksheets/sheet{i + 1}.xml"/>' for i in range(len(names)))
        if strings:
            rels += f'<Relationship Id="rId99" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/>'
            z.writestr('xl/sharedStrings.xml', f'<sst xmlns="{MAIN}" count="{len(strings)}" uniqueCount="{len(strings)}">' +
                       ''.join(f'<si><t xml:space="preserve">{escape(s)}</t></si>' for s in strings) + '</sst>')
        z.writestr('xl/_rels/workbook.xml.rels', f'<Relationships xmlns="{PKG}/relationships">{rels}</Relationships>')
        for name, text in files.items():
            z.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)


class Form(unittest.TestCase):
    def setUp(self):
        self.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        self.dir = Path(self.tmp.name)
        self.db = self.dir / 'office.db'

    def tearDown(self):
        self.tmp.cleanup()

    def form(self, *args, code=0):
        return t.tenken('form', *args, '--db', self.db, code=code).stdout

    def test_every_program_writes_the_same_questionnaire(self):
        for i, style in enumerate(('excel', 'libreoffice', 'google', 'openpyxl')):
            file = self.dir / f'{style}.xlsx'
            workbook(file, SHEETS, style)
            self.assertEqual(self.form('check', file), 'sample: 3 rows, 0 faults\n', style)
            said = self.form('import', file)
            self.assertIn('sample@1: imported as a draft' if i == 0 else 'sample@1: there already', said, style)
        out = self.dir / 'out.xlsx'
        self.form('export', 'sample', '--out', out)
        self.assertIn('there already', self.form('import', out))
        self.form('publish', 'sample@1')
        self.assertIn('受けましたか', t.tenken('form', 'show', 'sample', '--db', self.db, lang='ja_JP.UTF-8').stdout)

    def test_faults_are_named_and_stop_publication_only(self):
        bad = {k: [list(r) for r in v] for k, v in SHEETS.items()}
        bad['survey'][3][4] = "${b} = 'yes'"
        bad['survey'].insert(4, ['geopoint', 'where', '場所', '', '', ''])
        file = self.dir / 'bad.xlsx'
        workbook(file, bad, 'excel')
        p = t.tenken('form', 'check', file, '--format', 'json', code=1)
        got = json.loads(p.stdout)
        self.assertFalse(got['runs'])
        self.assertEqual([(f['sheet'], f['row'], f['column'], f['item']) for f in got['faults']],
                         [('survey', 5, 'type', 'where'), ('survey', 4, 'relevant', 'n')])
        self.assertIn('2 faults', self.form('import', file))
        self.form('publish', 'sample@1', code=1)
        p = t.tenken('form', 'check', file, code=1)
        self.assertIn('survey 5 type: ', p.stderr)

    def test_what_is_no_questionnaire(self):
        old = self.dir / 'old.xlsx'
        old.write_bytes(b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(4096))
        p = t.tenken('form', 'check', old, code=1)
        self.assertIn('xlsx', p.stderr)
        got = json.loads(t.tenken('form', 'check', old, '--format', 'json', code=1).stdout)
        self.assertEqual(len(got['faults']), 1)
        other = self.dir / 'other.xlsx'
        workbook(other, {'one': [['a', 'b']], 'two': [['c', 'd']]}, 'excel')
        self.assertIn('survey', t.tenken('form', 'check', other, code=1).stderr)

    def test_eval(self):
        got = t.tenken('form', 'eval', "selected(${tools}, 'web') and ${age} >= 20", '--set', 'tools=mail web', '--set=age=31').stdout
        self.assertEqual(got, 'true\tboolean\n')
        got = json.loads(t.tenken('form', 'eval', 'round(${x} + 0.05, 1)', '--set', 'x=0.4', '--format', 'json').stdout)
        self.assertEqual(got, {'value': '0.5', 'type': 'number'})
        self.assertIn('Column 5', t.tenken('form', 'eval', '1 + ', code=1).stderr)
        t.tenken('form', 'eval', '1', '--set', 'x', code=2)
        self.assertIn('FIND', t.tenken('form', 'eval', "selected(${a}, 'x')", '--as', 'formula').stdout)


if __name__ == '__main__':
    unit.main()
