"""What the reference converter of XLSForm asks of a workbook, as far as its documentation and its error
messages say it; written anew, without any of Tenken's own code.

    errors, warnings = check(path)

An error is what the converter refuses, a warning what it complains of.
"""
import re
import xml.etree.ElementTree as ET
import zipfile

NS = {'m': 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'}
REL = '{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id'
START = (r'A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F'
         r'\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF')
NAME = re.compile(f'[{START}][{START}\\-.0-9\u00B7\u0300-\u036F\u203F-\u2040]*')
REFERENCE = re.compile(r'\$\{(.*?)\}')
SELECT = re.compile(r'(select_one|select_multiple|rank) (\S+)( or_other)?')
TYPES = {'text', 'integer', 'decimal', 'date', 'time', 'dateTime', 'note', 'calculate', 'hidden', 'acknowledge', 'range',
         'start', 'end', 'today', 'deviceid', 'username', 'email', 'phonenumber', 'audit', 'image', 'audio', 'video', 'file',
         'barcode', 'geopoint', 'geotrace', 'geoshape'}
SURVEY_ALIAS = {'command': 'type', 'tag': 'name', 'value': 'name', 'caption': 'label', 'relevance': 'relevant',
                'calculate': 'calculation', 'readonly': 'read_only', 'count': 'repeat_count'}
CHOICE_ALIAS = {'value': 'name', 'caption': 'label'}
TRANSLATABLE = {'label', 'hint', 'guidance_hint', 'constraint_message', 'required_message'}
YES_NO = {'yes', 'no', 'true', 'false', 'true()', 'false()'}
PARAMETERS = {'text': {'rows'}, 'select': {'randomize', 'seed'},
              'range': {'start', 'end', 'step', 'tick_interval', 'placeholder', 'tick_labelset'}}


def read(path):
    """Sheet name -> rows of texts."""
    with zipfile.ZipFile(path) as z:
        shared = []
        if 'xl/sharedStrings.xml' in z.namelist():
            shared = [''.join(t.text or '' for t in si.iter(f'{{{NS["m"]}}}t')) for si in ET.fromstring(z.read('xl/sharedStrings.xml'))]
        target = {r.get('Id'): r.get('Target') for r in ET.fromstring(z.read('xl/_rels/workbook.xml.rels'))}
        book = {}
        for s in ET.fromstring(z.read('xl/workbook.xml')).iterfind('.//m:sheet', NS):
            rows = []
            for row in ET.fromstring(z.read('xl/' + target[s.get(REL)].removeprefix('/xl/'))).iterfind('.//m:row', NS):
                cells = {}
                for c in row.iterfind('m:c', NS):
                    kind = c.get('t')
                    text = ''.join(t.text or '' for t in c.iter(f'{{{NS["m"]}}}t')) if kind == 'inlineStr' else c.findtext('m:v', '', NS)
                    cells[c.get('r').rstrip('0123456789')] = shared[int(text)] if kind == 's' else text
                while len(rows) < int(row.get('r')) - 1:
                    rows.append({})
                rows.append(cells)
            book[s.get('name').lower()] = rows
        return book


class Sheet:
    def __init__(self, name, rows, alias, errors):
        self.head, self.rows, seen = {}, [], {}
        for col, text in (rows[0] if rows else {}).items():
            parts = [p.strip() for p in text.split('::')]
            first = '_'.join(parts[0].split()).lower()
            parts[0] = alias.get(first, first if len(parts) == 1 or first in TRANSLATABLE else parts[0])
            key = '::'.join(parts)
            if key in seen:
                errors.append(f'{name}: the headings "{seen[key]}" and "{text}" are the same')
            seen[key] = text
            self.head[col] = key
        for n, row in enumerate(rows[1:], 2):
            cells = {self.head[c]: re.sub(' +', ' ', v.replace('\u00a0', ' ').strip()) for c, v in row.items() if c in self.head}
            cells = {k: v for k, v in cells.items() if v}
            if cells:
                self.rows.append((n, cells))

    def languages(self, name, warnings):
        seen = {}
        for key in self.head.values():
            base, _, language = key.partition('::')
            if base in TRANSLATABLE:
                seen.setdefault(language or 'default', set()).add(base)
        every = set().union(*seen.values()) if seen else set()
        if set(seen) - {'default'}:
            for language, bases in seen.items():
                for b in sorted(every - bases):
                    warnings.append(f"Language '{language}' is missing the {name} {b} column")
        return set(seen)


def parse_parameters(text):
    parts = text.split(';') if ';' in text else text.split(',') if ',' in text else text.split()
    if any('=' not in p for p in parts):
        raise ValueError(text)
    return {p.split('=')[0].strip().lower(): p.split('=')[1].strip() for p in parts}


def dynamic(text):
    return '${' in text or re.search(r'[A-Za-z-]\(', text) or re.search(r'\d\s*[+*]\s*\d', text)


def check(path):
    errors, warnings = [], []
    book = read(path)
    if 'survey' not in book:
        return ['there is no sheet survey'], []
    survey = Sheet('survey', book['survey'], SURVEY_ALIAS, errors)
    choices = Sheet('choices', book.get('choices', []), CHOICE_ALIAS, errors)
    settings = Sheet('settings', book.get('settings', []), {'id_string': 'form_id', 'title': 'form_title'}, errors)
    languages = survey.languages('survey', warnings) | choices.languages('choices', warnings)
    if 'type' not in survey.head.values():
        errors.append('survey: there is no column type')
    check_settings(settings, languages, errors)
    lists = check_choices(choices, errors, warnings)
    check_survey(survey, lists, errors, warnings)
    return errors, warnings


def check_settings(settings, languages, errors):
    if not settings.rows:
        errors.append('settings: no row')
        return
    s = settings.rows[0][1]
    for key in ('form_title', 'form_id', 'version', 'default_language'):
        if key not in s:
            errors.append(f'settings: no {key}')
    if re.search(r'\s', s.get('form_id', '')):
        errors.append(f'settings: form_id "{s["form_id"]}" has blanks')
    if languages - {'default'} and s.get('default_language') not in languages:
        errors.append(f'settings: default_language {s.get("default_language")} is none of {sorted(languages)}')
    if 'name' in s and not NAME.fullmatch(s['name']):
        errors.append('settings: name is no XML name')


def check_choices(choices, errors, warnings):
    lists = {}
    if choices.rows and 'name' not in choices.head.values():
        errors.append('choices: there is no column name')
    for key in choices.head.values():
        if not key or (' ' in key and '::' not in key):
            warnings.append(f'choices: the heading "{key}" is empty or has blanks')
    for n, c in choices.rows:
        at = lists.setdefault(c.get('list_name', ''), [])
        if 'name' not in c:
            errors.append(f'choices {n}: no name')
        elif c['name'] in at:
            errors.append(f'choices {n}: {c["name"]} is there twice')
        if not any(k.partition('::')[0] == 'label' for k in c):
            warnings.append(f'choices {n}: no label')
        at.append(c.get('name', ''))
    return lists


def check_survey(survey, lists, errors, warnings):
    stack, names, refs = [{'kind': None, 'names': {'meta'}, 'grid': None}], set(), []

    def wrong(n, text):
        errors.append(f'survey {n}: {text}')

    for n, row in survey.rows:
        kind, name = row.get('type', ''), row.get('name')
        if not kind:
            if name or any(k.startswith('label') for k in row):
                wrong(n, 'a question without type')
            continue
        for key, text in row.items():
            if key.partition('::')[0] in TRANSLATABLE | {'relevant', 'constraint', 'calculation', 'required', 'default', 'choice_filter', 'repeat_count', 'trigger'}:
                if text.count('${') != len(REFERENCE.findall(text)):
                    wrong(n, f'{key}: a ${{ is not closed')
                refs += [(n, key, r.strip().removeprefix('last-saved#')) for r in REFERENCE.findall(text)]
        m = re.fullmatch(r'end[ _](group|repeat)', kind)
        if m:
            if stack[-1]['kind'] != m[1]:
                wrong(n, f'"{kind}" ends nothing')
            else:
                stack.pop()
            continue
        if kind == 'note' and not name:
            name = f'generated_note_name_{n}'
        if not name:
            wrong(n, 'no name')
            continue
        if not NAME.fullmatch(name):
            wrong(n, f'"{name}" is no XML name')
        if name in stack[-1]['names'] or name in names:
            wrong(n, f'{name} is there twice')
        stack[-1]['names'].add(name)
        names.add(name)
        labelled = any(k.partition('::')[0] in ('label', 'hint') for k in row)
        m = re.fullmatch(r'begin[ _](group|repeat)', kind)
        if m:
            stack.append({'kind': m[1], 'names': {'meta'}, 'grid': '' if 'table-list' in row.get('appearance', '').split() else None})
            continue
        check_question(n, kind, row, stack[-1], lists, labelled, wrong)
        if 'required' in row and row['required'].lower() not in YES_NO and not re.search(r'[=<>(${]', row['required']):
            wrong(n, f'required: "{row["required"]}"')
        if 'trigger' in row and not re.fullmatch(r'\$\{[^}]*\}(, ?\$\{[^}]*\})*', row['trigger']):
            wrong(n, 'trigger is no ${name}')
    if len(stack) > 1:
        errors.append(f'survey: a {stack[-1]["kind"]} is not ended')
    for n, key, ref in refs:
        if not NAME.fullmatch(ref):
            wrong(n, f'{key}: ${{{ref}}} is no name')
        elif ref not in names:
            wrong(n, f'{key}: there is no ${{{ref}}}')
    folded = {}
    for name in names:
        if folded.setdefault(name.lower(), name) != name:
            warnings.append(f'{name} and {folded[name.lower()]} differ in case only')


def check_question(n, kind, row, group, lists, labelled, wrong):
    try:
        parameters = parse_parameters(row['parameters']) if 'parameters' in row else {}
    except ValueError as e:
        wrong(n, f'parameters: {e}')
        parameters = {}
    m = SELECT.fullmatch(kind)
    base = 'select' if m else kind
    extra = set(parameters) - PARAMETERS.get(base, set(parameters))
    if extra:
        wrong(n, f'parameters: {sorted(extra)} at {kind}')
    if m:
        if m[2] not in lists:
            wrong(n, f'there is no list {m[2]}')
        if m[1] == 'select_multiple' and any(' ' in c for c in lists.get(m[2], [])):
            wrong(n, 'a choice of several has blanks in its name')
        if m[3] and 'choice_filter' in row:
            wrong(n, 'or_other with choice_filter')
        if group['grid'] is not None:
            if group['grid'] not in ('', m[2]):
                wrong(n, f'a grid of the lists {group["grid"]} and {m[2]}')
            if group['grid'] == '' and 'choice_filter' in row:
                wrong(n, 'choice_filter in a grid')
            group['grid'] = m[2]
    elif kind not in TYPES:
        wrong(n, f'the type "{kind}" is not known')
    if kind == 'calculate' and 'calculation' not in row and not dynamic(row.get('default', '')):
        wrong(n, 'calculate without calculation')
    if kind == 'range':
        try:
            start, end, step = (float(parameters.get(k, d)) for k, d in (('start', 1), ('end', 10), ('step', 1)))
            if step == 0 or step > abs(end - start):
                wrong(n, 'range: the step does not fit')
        except ValueError:
            wrong(n, 'range: not numbers')
    if kind == 'audit' and row['name'] != 'audit':
        wrong(n, 'audit must be called audit')
    if not labelled and kind not in ('calculate', 'hidden', 'start', 'end', 'today', 'deviceid', 'username', 'email', 'phonenumber', 'audit'):
        wrong(n, f'{row["name"]} has neither label nor hint')
