#!/usr/bin/env python3
"""smtp_sink.py OUT [--user U --password P] [--port N] [--tls PEM] - a small SMTP server for the tests.

Prints its port, then serves until its standard input ends.  Every mail it has taken is one JSON line
in the file OUT, read by Python's own mail parser, not by what wrote it.  The recipient says how it
behaves: later-N@ is put off (450) the first N times, refuse@ gets 550 after RCPT, spam@ gets 554 after
the text, down@ gets 421 and a closed connection, hang@ is taken, but the first answer never comes.
"""
import argparse, asyncio, base64, email, email.header, email.policy, json, re, ssl, sys

asked = {}      # recipient -> times
hung = set()


def describe(sender, to, data):
    m = email.message_from_bytes(data, policy=email.policy.default)
    # the modern parser of some Pythons leaves blanks between encoded words of a name
    name = str(email.header.make_header(email.header.decode_header(email.message_from_bytes(data)["From"])))
    return {
        "from": sender, "to": to, "subject": str(m["Subject"]), "body": m.get_content().replace("\r\n", "\n"),
        "header_to": str(m["To"]), "header_from": str(m["From"]),
        "from_name": name.rpartition("<")[0].strip(), "message_id": str(m["Message-ID"]).strip(),
        "date": str(m["Date"]), "type": m.get_content_type(), "charset": m.get_content_charset(),
        "headers": sorted(k.lower() for k in m.keys()), "defects": [str(d) for d in m.defects],
        "longest": max(len(l) for l in data.split(b"\r\n")), "bare_lf": b"\n" in data.replace(b"\r\n", b""),
        "eight_bit": any(c > 127 for c in data),
    }


class Talk:
    def __init__(self, args, r, w):
        self.args, self.r, self.w = args, r, w
        self.known = not args.user
        self.sender, self.to = None, []

    async def say(self, line):
        self.w.write(line.encode() + b"\r\n")
        await self.w.drain()

    async def line(self):
        return (await self.r.readline()).decode("utf-8", "replace").rstrip("\r\n")

    async def auth(self, rest):
        how, _, given = rest.partition(" ")
        if how.upper() != "PLAIN":
            return await self.say("504 5.5.4 only PLAIN")
        if not given:
            await self.say("334 ")
            given = await self.line()
        parts = base64.b64decode(given).decode().split("\0")
        self.known = parts[1:] == [self.args.user, self.args.password]
        await self.say("235 2.7.0 welcome" if self.known else "535 5.7.8 wrong user or password")

    async def rcpt(self, rest):
        to = re.search(r"<(.*)>", rest).group(1)
        local = to.split("@")[0]
        asked[to] = asked.get(to, 0) + 1
        later = re.match(r"later-(\d+)$", local)
        if later and asked[to] <= int(later.group(1)):
            return await self.say("450 4.2.1 try again later")
        if local == "refuse":
            return await self.say("550 5.1.1 no such mailbox here")
        if local == "down":
            await self.say("421 4.3.2 closing for maintenance")
            return self.w.close()
        self.to.append(to)
        await self.say("250 2.1.5 ok")

    async def data(self):
        await self.say("354 go on")
        text = b""
        while True:
            line = await self.r.readline()
            if line in (b".\r\n", b""):
                break
            text += line[1:] if line.startswith(b".") else line
        local = self.to[0].split("@")[0]
        if local == "spam":
            return await self.say("554 5.7.1 content refused")
        with open(self.args.out, "a", encoding="utf-8") as f:
            f.write(json.dumps(describe(self.sender, self.to, text)) + "\n")
        if local == "hang" and self.to[0] not in hung:
            hung.add(self.to[0])
            await asyncio.sleep(3600)
        self.to = []
        await self.say("250 2.0.0 taken")

    async def run(self):
        await self.say("220 sink.example ESMTP")
        while not self.w.is_closing():
            line = await self.line()
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            if not line or verb == "QUIT":
                break
            if verb == "EHLO":
                await self.say("250-sink.example\r\n250-8BITMIME\r\n250 AUTH PLAIN" if self.args.user
                               else "250-sink.example\r\n250 8BITMIME")
            elif verb == "AUTH":
                await self.auth(rest)
            elif verb == "MAIL" and not self.known:
                await self.say("530 5.7.0 sign in first")
            elif verb == "MAIL":
                self.sender, self.to = re.search(r"<(.*)>", rest).group(1), []
                await self.say("250 2.1.0 ok")
            elif verb == "RCPT":
                await self.rcpt(rest)
            elif verb == "DATA":
                await self.data()
            elif verb in ("RSET", "NOOP"):
                await self.say("250 2.0.0 ok")
            else:
                await self.say("502 5.5.1 unknown")


async def serve(args):
    async def client(r, w):
        try:
            await Talk(args, r, w).run()
        except (ConnectionError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            w.close()

    tls = None
    if args.tls:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(args.tls)
    server = await asyncio.start_server(client, "127.0.0.1", args.port, ssl=tls)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


p = argparse.ArgumentParser()
p.add_argument("out")
p.add_argument("--user")
p.add_argument("--password")
p.add_argument("--tls", help="PEM file of certificate and key: TLS from the start")
p.add_argument("--port", type=int, default=0)
args = p.parse_args()
try:
    asyncio.run(asyncio.wait_for(serve(args), 600))
except (KeyboardInterrupt, asyncio.TimeoutError):
    pass
