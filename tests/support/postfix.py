"""A Postfix of our own on the loopback, with its own port and folder: a mail server as offices run one.

It is started from Debian's programs with its own configuration, so the machine's own mail system, if
there is one, is neither used nor changed. Needs root, as Postfix does. Mails go to one maildir; refuse@
is turned away (550), later@ is put off (450).
"""
import email
import email.policy
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import tenken as t

MAIN = '''compatibility_level = 3.6
queue_directory = {d}/queue
data_directory = {d}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.localhost
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
virtual_mailbox_domains = static:all
virtual_mailbox_base = {d}/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
smtpd_recipient_restrictions = check_recipient_access regexp:{d}/conf/access, permit_mynetworks, reject
smtpd_error_sleep_time = 0
maillog_file = {d}/log
maillog_file_prefixes = {d}
'''
MASTER = '''{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
'''
ACCESS = '/^refuse@/ 550 5.1.1 nobody of that name here\n/^later@/ 450 4.2.1 come again\n'


class Postfix:
    def __init__(self, tls=False):
        if os.geteuid() != 0:
            raise AssertionError('these tests start Postfix, which needs root')
        if not shutil.which('postfix', path='/usr/sbin:/usr/bin'):
            raise AssertionError('Postfix is not installed: tools/setup.sh test')
        self.dir = Path(tempfile.mkdtemp(prefix='tenken-postfix-'))
        self.port = t.free_port()
        self.dir.chmod(0o755)
        for name in ('conf', 'queue', 'data', 'mail'):
            (self.dir / name).mkdir()
        shutil.chown(self.dir / 'data', 'postfix')
        shutil.chown(self.dir / 'mail', 'nobody')
        conf = MAIN.format(d=self.dir)
        if tls:
            self.ca = self.dir / 'conf' / 'cert.pem'
            subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj',
                            '/CN=mail.localhost', '-addext', 'subjectAltName=DNS:mail.localhost', '-keyout',
                            self.dir / 'conf' / 'key.pem', '-out', self.ca], check=True, capture_output=True)
            conf += (f'smtpd_tls_security_level = encrypt\nsmtpd_tls_cert_file = {self.ca}\n'
                     f'smtpd_tls_key_file = {self.dir}/conf/key.pem\n')
        (self.dir / 'conf' / 'main.cf').write_text(conf)
        (self.dir / 'conf' / 'master.cf').write_text(MASTER.format(port=f'127.0.0.1:{self.port}'))
        (self.dir / 'conf' / 'access').write_text(ACCESS)

    def run(self, what):
        return subprocess.run(['/usr/sbin/postfix', '-c', self.dir / 'conf', what], capture_output=True, text=True)

    def __enter__(self):
        p = self.run('start')
        if p.returncode:
            raise AssertionError(f'Postfix did not start: {p.stderr}\n{self.log()}')
        return self

    def __exit__(self, *_):
        self.run('stop')        # by the process id in its own folder
        shutil.rmtree(self.dir, ignore_errors=True)

    def log(self):
        try:
            return (self.dir / 'log').read_text()
        except OSError:
            return ''

    def mails(self):
        """What has arrived, read by Python's own parser."""
        out = []
        for f in sorted((self.dir / 'mail' / 'box').glob('new/*')):
            m = email.message_from_bytes(f.read_bytes(), policy=email.policy.default)
            out.append({'to': m['Delivered-To'], 'id': m['Message-ID'], 'subject': str(m['Subject']),
                        'body': m.get_content(), 'received': str(m['Received'])})
        return out

    def wait(self, enough, seconds=180):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if enough():
                return
            time.sleep(0.1)
        raise AssertionError(f'waited {seconds} s in vain; {len(self.mails())} mails; {self.log()[-2000:]}')
