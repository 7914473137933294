#!/usr/bin/env python3
"""The year's registers: every number of the founding document's year comes out of rows.

The facts that the program states are counted once more here from the tables of the demonstration,
by other code (SQL over SQLite's own library and whole numbers in Python), and then rows are changed
to see that exactly the facts follow that should.
"""
import contextlib
import csv
import io
import json
import shutil
import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'support'))
import tenken as t
import unit


def tenths(n, d):
    """Per cent in tenths, half up, from whole numbers."""
    return (2000 * n + d) // (2 * d)


def printed(n, d):
    x = tenths(n, d)
    return f'{x // 10}.{x % 10}%'


class Year(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tmp = tempfile.TemporaryDirectory(prefix='tenken-cli-')
        cls.db = t.demo_db(cls.tmp.name)
        cls.facts = {y: cls.read(cls.db, y) for y in (2010, 2011)}

    @classmethod
    def tearDownClass(cls):
        cls.tmp.cleanup()

    @staticmethod
    def read(db, year, *args):
        return {f['id']: f for f in json.loads(t.tenken('facts', year, '--db', db, '--format', 'json', *args).stdout)}

    def one(self, text, *args):
        rows = t.sql(self.db, text, *args)
        self.assertEqual(len(rows), 1)
        return rows[0][0] if len(rows[0]) == 1 else rows[0]

    def value(self, fact, year=2011):
        return self.facts[year][fact]['value']

    # -- SELF-02, SELF-05, SELF-08, SELF-10, SELF-11 ----------------------------------------------
    def test_self_inspection(self):
        for fact, want in (('items', 81), ('items_all_staff', 6), ('items_division_head', 51), ('items_system_admin', 24),
                           ('items_100', 73), ('items_95', 6), ('items_90', 1), ('items_lt90', 1)):
            self.assertEqual(self.value('self_inspection.' + fact), str(want), fact)
        self.assertEqual(self.facts[2011]['self_inspection.items']['numerator'] -
                         self.facts[2011]['self_inspection.items_100']['numerator'], 8)
        table = t.tenken('tabulate', 'self-inspection-2011', '--db', self.db, '--table', 'rate-classes', '--format', 'csv').stdout
        rows = {r['audience']: r for r in csv.DictReader(io.StringIO(table))}
        self.assertEqual([rows['total'][f'rc_{c}_share'] for c in ('100', '95', '90', 'lt90')], ['90.2', '7.4', '1.2', '1.2'])
        self.assertEqual([rows['cumulative'][f'rc_{c}'] for c in ('100', '95', '90', 'lt90')], ['73', '79', '80', '81'])
        self.assertEqual([rows['cumulative'][f'rc_{c}_share'] for c in ('100', '95', '90', 'lt90')],
                         ['90.2', '97.6', '98.8', '100.0'])
        for year, want in ((2010, '99.9%'), (2011, '100.0%')):
            asked = self.one("SELECT COUNT(*) FROM respondent r JOIN campaign c ON c.id = r.campaign_id"
                             " WHERE c.name = ? AND r.state = 'in' AND r.deleted_at IS NULL", f'self-inspection-{year}')
            gave = self.one("SELECT COUNT(*) FROM respondent r JOIN campaign c ON c.id = r.campaign_id JOIN response s"
                            " ON s.id = r.id WHERE c.name = ? AND r.state = 'in' AND s.state = 'submitted'",
                            f'self-inspection-{year}')
            fact = self.facts[year]['self_inspection.response_rate']
            self.assertEqual((fact['numerator'], fact['denominator']), (gave, asked))
            self.assertEqual(fact['value'], want)
        self.assertLess(self.facts[2010]['self_inspection.response_rate']['numerator'],
                        self.facts[2010]['self_inspection.response_rate']['denominator'])      # SELF-06

    # -- CORE-01, CORE-04, CORE-05, CORE-07 -------------------------------------------------------
    def test_the_year_and_its_dates(self):
        self.assertEqual(self.one('SELECT starts_on, ends_on FROM fiscal_year WHERE year = 2011'), ('2011-04-01', '2012-03-31'))
        opens, closes = self.one("SELECT opens_on, closes_on FROM campaign WHERE name = 'self-inspection-2011'")
        self.assertTrue('2011-12-11' <= opens <= '2011-12-20', opens)           # the middle ten days of December
        self.assertTrue('2012-02-21' <= closes <= '2012-02-29', closes)         # the last ten of February
        self.assertIn('情報セキュリティ対策推進会議',
                      self.one("SELECT decided_by FROM year_event WHERE happened_on = '2012-01-19' AND deleted_at IS NULL"))
        carried = t.sql(self.db, "SELECT p.title, p.measure, p.result, p.state FROM problem p JOIN problem o"
                                 " ON o.id = p.carried_from_id WHERE p.fiscal_year = 2011 AND o.fiscal_year = 2010")
        self.assertEqual(len(carried), 3)
        for title, measure, result, state in carried:
            self.assertTrue(title and measure and result and state == 'solved', title)
        phases = {p for (p,) in t.sql(self.db, 'SELECT DISTINCT phase FROM activity WHERE fiscal_year = 2011')}
        self.assertEqual(phases, {'plan', 'do', 'check', 'improve'})            # CORE-02

    # -- EDU-01, EDU-02, EDU-03, EDU-05, EDU-06 ---------------------------------------------------
    def test_education(self):
        for year, want, sessions in ((2010, '92.0%', None), (2011, '97.9%', 12)):
            base = self.facts[year]['education.attendance_rate']['base_date']
            staff = {i for (i,) in t.sql(self.db, "SELECT id FROM staff WHERE deleted_at IS NULL AND (joined_on IS NULL OR"
                                                  " joined_on <= ?1) AND (left_on IS NULL OR left_on > ?1)", base)}
            came = {i for (i,) in t.sql(self.db, "SELECT a.staff_id FROM attendance a JOIN course c ON c.id = a.course_id"
                                                 " WHERE c.kind = 'security_training' AND c.fiscal_year = ? AND a.state ="
                                                 " 'attended' AND a.deleted_at IS NULL", year)}
            fact = self.facts[year]['education.attendance_rate']
            self.assertEqual((fact['numerator'], fact['denominator']), (len(came & staff), len(staff)))
            self.assertEqual(fact['value'], printed(len(came & staff), len(staff)))
            self.assertEqual(fact['value'], want)
            self.assertEqual(self.value('education.non_attendees', year), str(len(staff - came)))
            held = self.one("SELECT COUNT(*) FROM course_session x JOIN course c ON c.id = x.course_id WHERE c.kind ="
                            " 'security_training' AND c.fiscal_year = ? AND x.state = 'held'", year)
            self.assertEqual(self.value('education.sessions', year), str(held))
            if sessions:
                self.assertEqual(held, sessions)
        self.assertEqual(self.facts[2011]['education.attendance_rate']['change'], '+5.9 points')
        self.assertEqual(self.value('education.course_kinds'), '4')
        self.assertGreater(int(self.value('education.recommendations')), 0)

    # -- DOC-01, DOC-02, DOC-03, DOC-04, DOC-08 ---------------------------------------------------
    def test_documents(self):
        numbers = [n for (n,) in t.sql(self.db, "SELECT number FROM policy_document WHERE level = 'procedure' ORDER BY sort")]
        self.assertEqual(numbers, [f'（{c}）' for c in 'アイウエオカキクケコサ'])
        self.assertEqual(self.value('policy.procedures'), '11')
        self.assertEqual(self.one("SELECT e.decided_on FROM document_edition e JOIN policy_document d ON d.id ="
                                  " e.policy_document_id WHERE d.level = 'policy' AND e.edition = 3"), '2009-11-11')
        self.assertEqual(self.value('policy.revised'), '0')
        self.assertEqual(self.value('policy.operation_rules'), '100.0%')
        self.assertEqual(self.facts[2011]['policy.operation_rules']['denominator'], 7)

    # -- ORG-02 ... ORG-09, ORG-12 ----------------------------------------------------------------
    def test_roles(self):
        by_post = {r for (r,) in t.sql(self.db, "SELECT DISTINCT role FROM role_holder WHERE holder_kind = 'post'")}
        named = {r for (r,) in t.sql(self.db, "SELECT DISTINCT role FROM role_holder WHERE holder_kind <> 'post'")}
        self.assertLessEqual({'role_general_officer', 'role_deputy_general_officer'}, by_post)
        self.assertLessEqual({'role_audit_head', 'role_adviser'}, named)

    # -- AST-01, AST-03, TECH-01 ... TECH-04 ------------------------------------------------------
    def test_systems_and_inspection(self):
        self.assertEqual(self.value('ledger.systems'), '7')
        self.assertEqual(self.value('ledger.updated'), '100.0%')
        kinds = dict(t.sql(self.db, "SELECT server_kind, COUNT(DISTINCT category) FROM tech_check WHERE fiscal_year = 2011"
                                    " AND deleted_at IS NULL GROUP BY server_kind"))
        self.assertEqual((kinds['web'], kinds['mail']), (4, 3))
        self.assertEqual((self.value('inspection.categories_web'), self.value('inspection.categories_mail')), ('4', '3'))
        cells, good = self.one("SELECT COUNT(*), SUM(r.result <> 'non_conforming') FROM tech_result r JOIN tech_round o ON"
                               " o.id = r.tech_round_id WHERE o.fiscal_year = 2011 AND r.deleted_at IS NULL")
        self.assertEqual(cells, good)
        self.assertEqual(self.value('inspection.all_conforming'), '100.0%')
        self.assertNotEqual(self.value('inspection.all_conforming', 2010), '100.0%')

    # -- BCP-01 ... BCP-04 ------------------------------------------------------------------------
    def test_continuity(self):
        self.assertEqual(self.one("SELECT substr(made_on, 1, 7), substr(revised_on, 1, 7) FROM bcp_plan WHERE scenario ="
                                  " 'earthquake'"), ('2008-06', '2011-12'))
        self.assertEqual(self.value('continuity.manuals'), '100.0%')
        self.assertEqual(self.value('continuity.revised'), '1')

    # -- AUD-03 ... AUD-06, AUD-08 ----------------------------------------------------------------
    def test_audit(self):
        self.assertEqual([self.value('audit.' + f) for f in ('kinds', 'kinds_done', 'kinds_skipped')], ['3', '2', '1'])
        kind, why = self.one("SELECT a.kind, a.skip_reason FROM audit a JOIN audit_plan p ON p.id = a.plan_id WHERE"
                             " p.fiscal_year = 2011 AND a.state = 'skipped'")
        self.assertEqual(kind, 'policy')
        self.assertTrue(why)

    # -- RMP-01, RMP-03, CLS-01 -------------------------------------------------------------------
    def test_grid_and_kinds_of_information(self):
        cells = [f for f in self.facts[2011] if f.startswith('roadmap.cell.')]
        self.assertEqual(len(cells), 9)
        self.assertEqual(self.one("SELECT COUNT(DISTINCT kind) FROM information WHERE deleted_at IS NULL"), 3)

    # -- every fact goes back to its rows ---------------------------------------------------------
    def test_explain_gives_the_rows(self):
        for fact in ('education.attendance_rate', 'education.sessions', 'policy.procedures', 'ledger.systems'):
            got = json.loads(t.tenken('explain', fact, '--year', 2011, '--db', self.db, '--format', 'json').stdout)
            self.assertEqual(sum(r['counts'] for r in got), self.facts[2011][fact]['numerator'], fact)
            text = t.tenken('explain', fact, '--year', 2011, '--db', self.db).stdout
            self.assertIn(self.facts[2011][fact]['digest'], text)

    def test_one_row_changes_what_hangs_on_it_and_nothing_else(self):
        db = Path(self.tmp.name) / 'changed.db'
        t.close_wal(self.db)
        shutil.copyfile(self.db, db)
        t.sql(db, "UPDATE fiscal_year SET state = 'running' WHERE year = 2011")         # a published year keeps its numbers
        before = self.read(db, 2011, '--compute')
        with contextlib.closing(sqlite3.connect(db)) as c:
            (row,) = c.execute("SELECT MIN(a.id) FROM attendance a JOIN course c ON c.id = a.course_id WHERE c.fiscal_year ="
                               " 2011 AND c.kind = 'security_training' AND a.state = 'attended' AND NOT EXISTS(SELECT 1 FROM"
                               " attendance b JOIN course d ON d.id = b.course_id WHERE b.staff_id = a.staff_id AND b.id <>"
                               " a.id AND d.fiscal_year = 2011) AND a.staff_id NOT IN (SELECT staff_id FROM"
                               " attendance_notice)").fetchone()
            c.execute("UPDATE attendance SET state = 'absent' WHERE id = ?", (row,))
            c.commit()
        after = self.read(db, 2011, '--compute')
        changed = {i for i in after if (after[i]['value'], after[i]['numerator']) != (before[i]['value'], before[i]['numerator'])}
        self.assertEqual(changed, {'education.attendance_rate', 'education.attendees', 'education.non_attendees'})


if __name__ == '__main__':
    unit.main()
