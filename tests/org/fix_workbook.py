#!/usr/bin/env python3
"""fix_workbook.py IN OUT - the reference workbook with its planted faults corrected by hand."""
import re
import sys
import zipfile

TEXT = '<c r="%s" t="inlineStr"><is><t>%s</t></is></c>'
CELLS = {
    "G12": '<c r="G12"><v>10008</v></c>',
    "C20": TEXT % ("C20", "政策課"),
    "I30": TEXT % ("I30", "平成8年4月1日"),
    "H33": TEXT % ("H33", "s10029@agency.example.jp"),
    "G40": '<c r="G40"><v>10036</v></c>',
}


def fix(xml):
    for name, cell in CELLS.items():
        xml, n = re.subn(r'<c r="%s"[^>]*>.*?</c>' % name, cell, xml, count=1)
        assert n == 1, name
    xml, n = re.subn(r'(<c r="F36")', TEXT.replace("\\", "") % ("E36", "江藤　乙") + r"\1", xml, count=1)
    assert n == 1
    return xml


with zipfile.ZipFile(sys.argv[1]) as src, zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as dst:
    for name in src.namelist():
        data = src.read(name)
        if name == "xl/worksheets/sheet1.xml":
            data = fix(data.decode()).encode()
        dst.writestr(name, data)
