#!/usr/bin/env python3
"""Fills answers into a respondent's workbook as a program would: fill_workbook.py IN OUT CODE=TEXT …"""
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(TOP / 'tests' / 'cli'), str(TOP / 'tests' / 'support')]
from test_workbook import Book

book = Book(sys.argv[1])
for pair in sys.argv[3:]:
    code, text = pair.split('=', 1)
    book.put(code, text)
book.save(sys.argv[2])
