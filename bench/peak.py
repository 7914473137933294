#!/usr/bin/env python3
"""peak.py COMMAND... - runs it, output thrown away; prints seconds and peak resident memory."""
import resource
import subprocess
import sys
import time

began = time.monotonic()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
took = time.monotonic() - began
mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"{took:.2f} s, {mb:.0f} MB" + (f" (exit {code})" if code else ""))
