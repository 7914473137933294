"""A filled demonstration behind a real server, and people of it who answer: for the load tests."""
import random
import re
import threading
import uuid

import tenken as t


class Office:
    """Makes an account for the office and signs in `people` staff members of the open campaign."""

    def __init__(self, server, db, people=12):
        self.server, self.db = server, db
        said = t.tenken('user', 'add', 'office-test', '--name', 'Office Test', '--roles', 'office', '--db', db)
        self.clerk = t.Client(server.port).use_link(token(said.stdout + said.stderr))
        self.campaign = t.sql(db, "SELECT id FROM campaign WHERE state = 'open'")[0][0]
        rows = t.sql(db, 'SELECT r.staff_id FROM respondent r LEFT JOIN response s ON s.id = r.id '
                         'LEFT JOIN account a ON a.staff_id = r.staff_id '
                         f"WHERE r.campaign_id = {self.campaign} AND r.state = 'in' AND s.id IS NULL "
                         f"AND r.roles NOT LIKE '%_head%' AND r.roles NOT LIKE '%admin%' "
                         f"AND (a.password IS NULL) ORDER BY r.staff_number LIMIT {people}")
        made = self.clerk.want(200, 'POST', '/accounts/invite', {'staff_ids': [str(r[0]) for r in rows],
                                                                'send_mail': False})
        self.people = [Person(server.port, self.campaign, token(link['url'])) for link in made['links']]
        assert len(self.people) == people, made

    def load(self):
        return Load(self.people)


def token(text):
    found = re.search(r'(?:activate|reset|links)/([\w-]{20,})', text)
    if not found:
        raise AssertionError(f'no one-time link in: {text}')
    return found.group(1)


class Person:
    def __init__(self, port, campaign, link):
        self.client = t.Client(port, timeout=20).use_link(link)
        self.path = f'/my/responses/{campaign}'
        got = self.client.get(self.path)
        self.asked = got['asked']
        self.version = got['version'] or 0
        self.told = {'version': self.version, 'comment': None, 'receipt': None}     # what was acknowledged
        self.said = 0

    def save(self, comment=None):
        """One saved change; what the server acknowledged is remembered after it said so."""
        self.said += 1
        comment = comment or f'number {self.said}'
        r = self.client.call('PATCH', self.path, {'answers': {'c01': {'value': 'done', 'comment': comment}}},
                             If_Match=f'"{self.version}"')
        if r.status == 200:
            self.version = r.json['version']
            self.told = {'version': self.version, 'comment': comment, 'receipt': None}
        return r

    def submit(self):
        comment = f'number {self.said}'
        answers = {code: {'value': random.choice(('done', 'partly', 'not_done'))} for code in self.asked}
        answers['c01'] = {'value': 'done', 'comment': comment}
        r = self.client.call('POST', self.path + '/submit', {'answers': answers}, If_Match=f'"{self.version}"',
                             Idempotency_Key=str(uuid.uuid4()))
        if r.status == 200:
            self.version = r.json['version']
            self.told = {'version': self.version, 'comment': comment, 'receipt': r.json['receipt_no']}
        return r

    def withdraw(self):
        r = self.client.call('POST', self.path + '/withdraw', {}, If_Match=f'"{self.version}"')
        if r.status == 200:
            self.version = self.client.get(self.path)['version']
            self.told = {'version': self.version, 'comment': self.told['comment'], 'receipt': None}
        return r

    def check(self, client=None):
        """Everything acknowledged is there; at most the one change in flight is there besides."""
        got = (client or self.client).get(self.path)
        told = self.told
        if got['version'] < told['version'] or got['version'] > told['version'] + 1:
            raise AssertionError(f'version {got["version"]} where {told} was acknowledged')
        comment = got['answers'].get('c01', {}).get('comment')
        if got['version'] == told['version']:
            if comment != told['comment'] or (told['receipt'] and got['receipt_no'] != told['receipt']):
                raise AssertionError(f'{got["state"]} {comment} {got["receipt_no"]} where {told} was acknowledged')
        self.version = got['version']
        if got['state'] == 'submitted':
            self.withdraw()
        return got


class Load:
    """Everybody saves and submits without a pause until told to stop or the server is gone."""

    def __init__(self, people):
        self.people, self.odd, self.stopping = people, [], threading.Event()
        self.threads = [threading.Thread(target=self.one, args=(p,), daemon=True) for p in people]

    def one(self, person):
        try:
            while not self.stopping.is_set():
                r = person.save()
                if r.status != 200:
                    self.odd.append(r)
                    return
                if person.said % 7 == 0:
                    for step in (person.submit, person.withdraw):
                        r = step()
                        if r.status != 200:
                            self.odd.append(r)
                            return
        except Exception as e:          # the server was killed: expected
            self.gone = e

    def start(self):
        for th in self.threads:
            th.start()
        return self

    def stop(self):
        self.stopping.set()
        for th in self.threads:
            th.join(30)

    @property
    def saved(self):
        return sum(p.said for p in self.people)
