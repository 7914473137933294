#!/usr/bin/env python3
"""The demonstration panel, counted again: every figure of the founding document and of the press about the same survey
(SRV-01, SRV-04, SRV-05, TEL-02 ... TEL-06, BCP-05), and that each institution's answers fit each other.

    panel_count_test.py PANEL_CSV SOURCE_FOLDER
"""
import csv
import io
import re
import subprocess
import sys
import unittest
from collections import Counter
from fractions import Fraction
from pathlib import Path

PROGRAM, SOURCE = sys.argv[1], Path(sys.argv[2])
REFERENCE = SOURCE / 'tests' / 'data' / 'reference'
ALERT = {'13', '27', '01', '08', '11', '12', '14', '17', '21', '23', '26', '28', '40'}   # the 13 prefectures of SRV-06


def read(*args):
    text = subprocess.run([PROGRAM, *args], check=True, capture_output=True, text=True, encoding='utf-8').stdout
    return list(csv.DictReader(io.StringIO(text)))


def rows(path):
    with open(path, encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


INSTITUTION = read('institutions')
CODE = {r['code']: r for r in INSTITUTION}
ANSWER = read('answers')
GROUP = {'B': lambda n: 'major' if n <= 10 else 'regional' if n <= 112 else 'foreign' if n <= 169 else 'other',
         'S': lambda n: 'securities'}


def group(r):
    code = r['institution']
    return GROUP.get(code[0], lambda n: 'other')(int(code[1:]))


def has(r, item, *codes):
    return any(c in r[item].split() for c in codes)


def count(item, code, among=None):
    return sum(has(r, item, code) for r in (ANSWER if among is None else among))


def share(k, n, places=1):
    """Half up, from whole numbers."""
    scale = 10 ** places
    return float(Fraction((200 * scale * k + n) // (2 * n), scale))


class Press(unittest.TestCase):
    def test_sectors(self):
        got = Counter(r['sector'] for r in INSTITUTION)
        want = {r['sector']: int(r['institutions']) for r in rows(REFERENCE / 'panel_2020.csv')}
        self.assertEqual(got, want)
        self.assertEqual(sum(got.values()), 239)
        self.assertEqual([r['institution'] for r in ANSWER], list(CODE))

    def test_web_meeting(self):
        for want in rows(REFERENCE / 'web_meeting_2020.csv'):
            for time in ('before', 'after'):
                base = [r for r in ANSWER if r[f'wm_used_{time}'] == 'yes']
                n = count(f'wm_measures_{time}', want['option'], base)
                self.assertEqual((n, len(base), share(n, len(base))),
                                 (int(want[f'{time}_count']), int(want[f'{time}_base']), float(want[f'{time}_share'])))

    def test_practice(self):
        self.assertEqual((count('status_after', 'practised'), share(234, 239)), (234, 97.9))
        before = count('status_before', 'practised')
        self.assertTrue(37 <= share(before, 239) < 40, 'a little under four in ten')
        scheme = Counter(group(r) for r in ANSWER if r['system_exists'] == 'yes')
        size = Counter(group(r) for r in ANSWER)
        self.assertEqual(sum(scheme.values()), 166)
        self.assertEqual((scheme['major'], size['major'], scheme['securities'], size['securities']), (10, 10, 22, 22))
        self.assertEqual((size['regional'], share(scheme['regional'], size['regional'], 0)), (102, 54))
        self.assertEqual(share(scheme['other'], size['other'], 0), 46)

    def test_businesses(self):
        for item, places, want in (('lending', 1, 77.9), ('product_sales', 0, 64), ('system_development', 0, 64),
                                   ('market_operations', 0, 56), ('settlement', 0, 51), ('account_services', 1, 43.4)):
            base = [r for r in ANSWER if r['biz_' + item] != 'na']
            self.assertEqual(share(count('biz_' + item, 'realised', base), len(base), places), want, item)
            self.assertGreater(len(base), 150, item)

    def test_plan(self):
        base = [r for r in ANSWER if r['bcp_plan_before'] == 'in_place']
        self.assertEqual(share(count('bcp_outcome', 'effective', base), len(base)), 32.0)

    def test_devices(self):
        base = [r for r in ANSWER if r['system_exists'] == 'yes']
        under_30 = sum(has(r, 'device_share_before', 'under_10', 'from_10') for r in base)
        over_70 = sum(has(r, 'device_share_after', 'from_70', 'from_100') for r in base)
        self.assertEqual((share(under_30, len(base)), share(over_70, len(base))), (50.0, 50.0))
        foreign = [r for r in base if group(r) == 'foreign']
        self.assertGreater(sum(has(r, 'device_share_after', 'from_70', 'from_100') for r in foreign) / len(foreign), 0.6)
        company, own = ([r for r in base if r[f'device_{who}_after'] == 'used'] for who in ('company', 'own'))
        self.assertEqual((len(company), len(own), share(len(own), len(base))), (154, 69, 41.6))
        was = count('device_own_before', 'used')
        self.assertTrue(9.5 <= share(len(own), len(base)) - share(was, len(base)) <= 10.5, 'ten points more')
        self.assertEqual([count('device_company_measures', c, company) for c in ('malware_software', 'latest_patches')],
                         [126, 103])
        self.assertEqual([count('device_own_measures', c, own)
                          for c in ('no_file_download', 'malware_software', 'latest_patches')], [55, 39, 38])
        self.assertEqual([share(k, 69) for k in (55, 39, 38)], [79.7, 56.5, 55.1])


class Institutions(unittest.TestCase):
    def test_numbers(self):
        seen = set()
        for r in INSTITUTION:
            d = [int(c) for c in r['corporate_number']]
            self.assertEqual(len(d), 13)
            # weights 1 and 2 in turn from the right, without the check digit
            total = sum(x * (1 if i % 2 == 0 else 2) for i, x in enumerate(reversed(d[1:])))
            self.assertEqual(d[0], 9 - total % 9, r)
            self.assertEqual(r['corporate_number'][1:5], '9999', 'no registration office has this number')
            self.assertNotIn(r['corporate_number'], seen)
            seen.add(r['corporate_number'])
            self.assertEqual(bool(r['bank_code']), r['sector'] in ('bank', 'shinkin_bank', 'central_organisation'))
            self.assertRegex(r['bank_code'], r'^(0[789]\d\d)?$')
        for column in ('code', 'name', 'name_en'):
            self.assertEqual(len({r[column] for r in INSTITUTION}), 239, column)

    def test_names_are_plainly_fictional(self):
        for r in INSTITUTION:
            self.assertTrue(r['name'].startswith('架空') and r['name_en'].startswith('Fictional'), r)
            self.assertRegex(r['kana'], '^カクウ[ァ-ヶー]+$')

    def test_both_groups_of_prefectures_are_filled(self):
        alert = sum(r['prefecture'] in ALERT for r in INSTITUTION)
        self.assertTrue(70 <= alert <= 239 - 70, alert)
        self.assertEqual({r['prefecture'] for r in INSTITUTION}, {f'{i:02}' for i in range(1, 48)})


# -- each institution's answers against the questionnaire ----------------------------------------
FORM = rows(SOURCE / 'forms' / 'telework' / 'survey.csv')
NUMBER = [q['name'] for q in FORM if q['type'] == 'integer']
CHOICES = {}
for c in rows(SOURCE / 'forms' / 'telework' / 'choices.csv'):
    CHOICES.setdefault(c['list_name'], set()).add(c['name'])


def evaluate(text, r, own='', last=None):
    """The part of the language that this questionnaire uses."""
    text = re.sub(r"count-selected\(\.\)", 'len(own.split())', text)
    text = re.sub(r"selected\(\.,", 'selected(own,', text)
    for n in NUMBER:
        text = re.sub(r"(\$\{(?:last-saved#)?%s\})" % n, r"int(\1)", text)
    text = re.sub(r"\$\{last-saved#(\w+)\}", r"L('\1')", text)
    text = re.sub(r"selected\(\$\{(\w+)\},", r"selected(V('\1'),", text)
    text = re.sub(r"\$\{(\w+)\}", r"V('\1')", text)
    text = re.sub(r"(?<![\w'.])\.(?= )", 'own', text)
    text = re.sub(r"(?<![<>!])=", '==', text).replace('today()', "'9999-12-31'")
    return eval(text, {'selected': lambda v, c: c in v.split(), 'own': own, 'len': len, 'int': int,
                       'L': lambda name: last[name],
                       'V': lambda name: '' if r[name] in ('na', 'dk') else r[name]})


def number_rule(text, r, own):
    m = re.fullmatch(r'\. <= \$\{(\w+)\}', text)
    return int(own) <= int(r[m[1]]) if m and own.isdigit() else None


class Fit(unittest.TestCase):
    def each(self, answers):
        faults, group_rule = [], []
        for q in FORM:
            kind, name = q['type'], q['name']
            if kind == 'begin_group':
                group_rule.append(q['relevant'])
            if kind == 'end_group':
                group_rule.pop()
            if kind.split()[0] in ('begin_group', 'end_group', 'note', 'calculate'):
                continue
            for r in answers:
                value = r[name]
                asked = all(evaluate(x, r) for x in [*group_rule, q['relevant']] if x)
                at = f"{r['institution']} {name} {value!r}"
                if not asked and value:
                    faults.append(f'{at}: is not asked')
                elif asked and not value and q['required'] == 'yes':
                    faults.append(f'{at}: is missing')
                if value in ('', 'na', 'dk'):
                    if value and q['not_applicable' if value == 'na' else 'dont_know'] != 'yes':
                        faults.append(f'{at}: the question does not allow it')
                    continue
                if kind.startswith('select') and not set(value.split()) <= CHOICES[kind.split()[1]]:
                    faults.append(f'{at}: no such choice')
                if kind.startswith('select_one') and ' ' in value:
                    faults.append(f'{at}: one choice')
                if q['constraint']:
                    ok = number_rule(q['constraint'], r, value)
                    if not (evaluate(q['constraint'], r, value) if ok is None else ok):
                        faults.append(f'{at}: does not keep {q["constraint"]}')
                if q['max_value'] and not int(q['min_value']) <= int(value) <= int(q['max_value']):
                    faults.append(f'{at}: out of range')
        self.assertEqual(faults[:10], [])

    def test_2020(self):
        self.each(ANSWER)

    def test_later_wave(self):
        self.each(read('answers', '2026'))

    def test_same_every_time(self):
        self.assertEqual(read('answers'), ANSWER)

    def test_the_past_is_the_same_in_each_wave(self):
        later = {r['institution']: r for r in read('answers', '2026')}
        for item in ('status_before', 'staff_share_before', 'wm_used_before', 'wm_measures_before', 'bcp_plan_before'):
            self.assertEqual([r[item] for r in ANSWER], [later[r['institution']][item] for r in ANSWER], item)
        moved = sum(later[r['institution']]['wm_measures_after'] != r['wm_measures_after'] for r in ANSWER)
        self.assertGreater(moved, 50, 'and the present is not')

    def test_rules_find_nothing(self):
        # parts against the whole in both waves, this time against last in the later one
        rules = rows(SOURCE / 'forms' / 'telework' / 'plausibility.csv')
        first = {r['institution']: r for r in ANSWER}
        judged = Counter()
        for wave, last in ((ANSWER, None), (read('answers', '2026'), first)):
            for rule in rules:
                names = re.findall(r'\$\{((?:last-saved#)?)(\w+)\}', rule['expression'])
                if last is None and any(n[0] for n in names):
                    continue
                for r in wave:
                    was = last and last[r['institution']]
                    if any((was if at else r)[n] == '' for at, n in names if n in NUMBER):
                        continue        # a number without value cannot be judged
                    judged[rule['code']] += 1
                    self.assertTrue(evaluate(rule['expression'], r, last=was), f"{rule['code']} of {r['institution']}")
        self.assertEqual(set(judged), {r['code'] for r in rules})

    def test_bands_fit_the_numbers(self):
        band = {'under_10': (0, 10), 'from_10': (10, 30), 'from_30': (30, 50), 'from_50': (50, 70), 'from_70': (70, 100),
                'from_100': (100, 10**6)}
        for r in ANSWER:
            if r['system_exists'] == 'yes':
                for time in ('before', 'after'):
                    low, high = band[r[f'device_share_{time}']]
                    self.assertTrue(low * int(r['staff_total']) <= 100 * int(r[f'devices_{time}']) <
                                    high * int(r['staff_total']), r['institution'])
                self.assertLessEqual(int(r['devices_before']), int(r['devices_after']))

    def test_what_was_done_before_goes_on(self):
        for r in ANSWER:
            for item in ('wm_measures', 'practice_kinds'):
                self.assertLessEqual(set(r[item + '_before'].split()), set(r[item + '_after'].split()), r['institution'])
            if r['system_exists'] == 'yes':
                self.assertTrue(has(r, 'practice_kinds_after', 'telework'), r['institution'])


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
