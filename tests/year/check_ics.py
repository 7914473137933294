#!/usr/bin/python3
"""check_ics.py - reads an iCalendar file from standard input with a parser that is not ours
(python3-icalendar) and prints one line an entry: UID, first day, last day, summary."""
import datetime
import sys

import icalendar        # tools/setup.sh test

data = sys.stdin.buffer.read()
for n, line in enumerate(data.split(b"\r\n"), 1):
    if len(line) > 75:
        sys.exit(f"line {n} has {len(line)} octets")
    if b"\n" in line or b"\r" in line:
        sys.exit(f"line {n} does not end with CRLF")
    line.decode("utf-8")        # folded between characters only
if not data.endswith(b"END:VCALENDAR\r\n"):
    sys.exit("the end is missing")
cal = icalendar.Calendar.from_ical(data)
assert cal["VERSION"] == "2.0" and cal["PRODID"], "VERSION and PRODID"
seen = set()
for e in cal.walk("VEVENT"):
    uid, start, end = str(e["UID"]), e["DTSTART"].dt, e["DTEND"].dt
    assert uid not in seen, f"{uid} twice"
    seen.add(uid)
    assert isinstance(e["DTSTAMP"].dt, datetime.datetime) and e["DTSTAMP"].dt.tzinfo, "DTSTAMP in UTC"
    assert type(start) is datetime.date and end > start, f"{uid}: {start} {end}"
    print(uid, start, end - datetime.timedelta(days=1), str(e["SUMMARY"]).replace("\n", "|"), sep="\t")
