#!/usr/bin/env python3
"""make_bad_files.py FOLDER [CORPUS]: small spreadsheet files, most of them broken on purpose, one
habit or fault each, for tests/sheet; with CORPUS also the seeds of tests/fuzz/corpus.  The build runs
it.  Standard library only; the same bytes every time."""
import os
import struct
import sys
import zipfile
import zlib

SHEET = sys.argv[1] if len(sys.argv) > 1 else "."
CORPUS = sys.argv[2] if len(sys.argv) > 2 else None
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PKG = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def parts(sheet, shared=None, styles=None, workbook=None, more=None):
    """The parts of a small workbook with one sheet."""
    rels = [("rId1", "worksheet", "worksheets/sheet1.xml")]
    if shared is not None:
        rels.append(("rId2", "sharedStrings", "sharedStrings.xml"))
    if styles is not None:
        rels.append(("rId3", "styles", "styles.xml"))
    out = {
        "[Content_Types].xml": HEAD + f'<Types xmlns="{PKG}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": HEAD + f'<Relationships xmlns="{PKG}/relationships"><Relationship Id="rId1" '
        f'Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": workbook or HEAD + f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
        '<sheet name="名簿" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": HEAD + f'<Relationships xmlns="{PKG}/relationships">' + "".join(
            f'<Relationship Id="{i}" Type="{REL}/{t}" Target="{p}"/>' for i, t, p in rels)
        + "</Relationships>",
        "xl/worksheets/sheet1.xml": sheet,
    }
    if shared is not None:
        out["xl/sharedStrings.xml"] = shared
    if styles is not None:
        out["xl/styles.xml"] = styles
    out.update(more or {})
    return out


def ws(rows, before="", after=""):
    return HEAD + f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def pack(name, files, folder=SHEET):
    path = os.path.join(folder, name)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for part, text in files.items():
            info = zipfile.ZipInfo(part, (2012, 1, 10, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(info, text)
    with open(path, "rb") as f:
        return f.read()


def write(name, data, folder=SHEET):
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)


def deflated(pieces):
    """Raw deflate of a stream, its size and checksum, without ever holding it."""
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    out, size, crc = [], 0, 0
    for p in pieces:
        out.append(c.compress(p))
        size += len(p)
        crc = zlib.crc32(p, crc)
    out.append(c.flush())
    return b"".join(out), size, crc


def raw_zip(name, entries, said=None):
    """An archive from raw streams; said: a size to lie about for the last entry."""
    body, directory = b"", b""
    for i, (part, (data, size, crc)) in enumerate(entries):
        if said and i == len(entries) - 1:
            size = said
        n = part.encode()
        fixed = struct.pack("<HHHHHIIIHH", 20, 0x800, 8, 0, 0x402A, crc, len(data), size, len(n), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + fixed + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + n
        body += b"PK\3\4" + fixed + n + data
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    write(name, body + directory + end)


def zip_bombs():
    base = [(p, deflated([t.encode()])) for p, t in parts("").items() if "sheet1" not in p]
    zeros = (b" " * (1 << 20) for _ in range(600))
    bomb = deflated([ws("").encode()[:-25], *zeros])
    raw_zip("zip_bomb.xlsx", base + [("xl/worksheets/sheet1.xml", bomb)])
    raw_zip("zip_bomb_lie.xlsx", base + [("xl/worksheets/sheet1.xml", bomb)], said=4096)
    # under the ceiling of bytes, over the one of the ratio
    small = deflated([ws("").encode()[:-25], *(b" " * (1 << 20) for _ in range(64))])
    raw_zip("zip_ratio.xlsx", base + [("xl/worksheets/sheet1.xml", small)])


def ole(name, words):
    write(name, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + b"\0" * 504 +
          b"".join(w.encode("utf-16-le") + b"\0\0" for w in words))


def column(n):
    s = ""
    while n:
        n, r = divmod(n - 1, 26)
        s = chr(65 + r) + s
    return s


def inline(text, ref=""):
    r = f' r="{ref}"' if ref else ""
    return f'<c{r} t="inlineStr"><is><t>{text}</t></is></c>'


STYLES = HEAD + f'''<styleSheet xmlns="{MAIN}"><numFmts count="6">
<numFmt numFmtId="164" formatCode="[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>
<numFmt numFmtId="165" formatCode="0.00E+00"/><numFmt numFmtId="166" formatCode="General&quot;day&quot;"/>
<numFmt numFmtId="167" formatCode="[Red]#,##0\\y"/><numFmt numFmtId="168" formatCode="yyyy/mm/dd h:mm"/>
<numFmt numFmtId="169" formatCode="G/標準"/>
</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>
<xf numFmtId="57"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/>
<xf numFmtId="168"/><xf numFmtId="20"/><xf numFmtId="45"/><xf numFmtId="169"/></cellXfs></styleSheet>'''


def styled(value, style):
    return f'<c s="{style}"><v>{value}</v></c>'


def workbooks():
    shared = HEAD + f'''<sst xmlns="{MAIN}"><si><t>総務課</t></si><si><r><t>監</t></r><r><rPr><b/></rPr>
<t>督課</t></r><rPh sb="0" eb="2"><t>カントクカ</t></rPh><phoneticPr fontId="1"/></si>
<si><t>a_x000D_b_x005F_x0041__xD83D__xDE00_</t></si><si/></sst>'''
    good = pack("kinds.xlsx", parts(ws(
        '<row r="2">' + '<c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c>'
        '<c r="D2" t="s"><v>3</v></c><c r="E2"><v>1.0001E4</v></c><c r="F2"><v>0.1</v></c>'
        '<c r="G2" t="b"><v>1</v></c><c r="H2" t="e"><v>#N/A</v></c><c r="I2" t="str"><f>A2</f><v>x</v></c>'
        '<c r="J2"><f>A3</f></c><c r="K2"><f>1+1</f><v>2</v></c><c r="L2" t="d"><v>2012-03-31T00:00:00</v></c>'
        '<c r="M2" t="str"><f>A9</f><v></v></c><c r="N2"><v>-0.5</v></c><c r="O2"><v>1E21</v></c>'
        '<c r="P2"><v>1234567890123456789</v></c></row>'
        '<row r="4">' + "".join(styled(40918, s) for s in range(1, 8)) + styled("40918.5", 7)
        + styled("0.75", 8) + styled("59", 1) + styled("60", 1) + styled("61", 1) + styled("-1", 1)
        + styled("0.000011574", 9) + styled(5, 10) + '</row>',
        '<cols><col min="2" max="3" hidden="1"/></cols>',
        '<mergeCells><mergeCell ref="A4:B6"/><mergeCell ref="D1:D2"/></mergeCells>'), shared, STYLES))
    pack("date1904.xlsx", parts(ws('<row>' + styled(39456, 1) + '</row>'), None, STYLES,
        HEAD + f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><workbookPr date1904="1"/><sheets>'
        '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'))
    # no names at all, prefixes everywhere: the standard allows both
    pack("no_refs.xlsx", parts((HEAD + f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c><x:v>1</x:v>'
        '</x:c><x:c><x:v>2</x:v></x:c></x:row><x:row/><x:row><x:c r="C3"><x:v>3</x:v></x:c><x:c><x:v>4</x:v>'
        '</x:c></x:row></x:sheetData></x:worksheet>')))
    pack("cells_out_of_order.xlsx", parts(ws(
        f'<row r="1">{inline("c", "C1")}{inline("a", "A1")}{inline("b", "B1")}</row>')))
    pack("rows_out_of_order.xlsx", parts(ws(f'<row r="9">{inline("a")}</row><row r="5">{inline("b")}</row>')))
    pack("row_too_far.xlsx", parts(ws(f'<row r="1048577">{inline("a")}</row>')))
    pack("bad_ref.xlsx", parts(ws(f'<row r="1">{inline("a", "G12")}</row>')))
    pack("columns_17000.xlsx", parts(ws(
        '<row r="1">' + "".join(f'<c r="{column(i)}1"><v>1</v></c>' for i in range(1, 17001)) + '</row>')))
    pack("long_cell.xlsx", parts(ws(f'<row r="3">{inline("あ" * 32768, "B3")}</row>')))
    pack("string_out_of_range.xlsx", parts(ws('<row r="7"><c r="C7" t="s"><v>9</v></c></row>'), shared))
    entity = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    dtd = pack("entity.xlsx", parts(ws(f'<row>{inline("&b;")}</row>').replace(HEAD, HEAD + entity)))
    pack("no_rows.xlsx", parts(ws("")))
    pack("broken_xml.xlsx", parts(ws(f'<row>{inline("a")}</row><row>').replace("</sheetData>", "")))
    write("truncated.xlsx", good[:len(good) * 2 // 3])
    pack("no_workbook.zip", {"readme.txt": "not a table"})
    pack("document.docx", {"_rels/.rels": HEAD + f'<Relationships xmlns="{PKG}/relationships"><Relationship '
        f'Id="r" Type="{REL}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": "<document/>"})
    pack("table.ods", {"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": "<office:document-content/>"})
    pack("two_sheets.xlsx", parts(ws(f'<row>{inline("hidden")}</row>'), workbook=HEAD +
        f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="裏" sheetId="1" state="hidden" '
        'r:id="rId1"/><sheet name="Chart" sheetId="2" r:id="rId9"/><sheet name="List" sheetId="3" '
        'r:id="rId8"/></sheets></workbook>', more={
        "xl/_rels/workbook.xml.rels": HEAD + f'<Relationships xmlns="{PKG}/relationships">'
        f'<Relationship Id="rId1" Type="{REL}/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId9" Type="{REL}/chartsheet" Target="chartsheets/sheet1.xml"/>'
        f'<Relationship Id="rId8" Type="{REL}/worksheet" Target="../xl/worksheets/sheet2.xml"/>'
        '</Relationships>', "xl/worksheets/sheet2.xml": ws(f'<row>{inline("shown")}</row>')}))
    zip_bombs()
    return good, dtd


def csv_seeds():
    folder = os.path.join(CORPUS, "csv")
    os.makedirs(folder, exist_ok=True)
    table = "職員番号,氏名,所属\r\n10001,髙橋　あかり,\"総務課\r\n（本庁）\"\r\n'=1+1,\"a\"\"b\",\r\n"
    write("utf8.csv", table.encode(), folder)
    write("utf8_bom.csv", b"\xEF\xBB\xBF" + table.encode(), folder)
    write("cp932.csv", table.encode("cp932"), folder)
    write("utf16le.csv", b"\xFF\xFE" + table.replace(",", "\t").encode("utf-16-le"), folder)
    write("semicolon.csv", b"a;b;c\n1,5;2;3\n", folder)
    write("open_quote.csv", b"a,b\n\"c,d\n", folder)
    write("nul.csv", b"a,b\n\0,d\n", folder)


def main():
    os.makedirs(SHEET, exist_ok=True)
    good, dtd = workbooks()
    ole("old_excel.xls", ["Root Entry", "Workbook"])
    ole("password.xlsx", ["Root Entry", "EncryptionInfo", "EncryptedPackage"])
    write("page.xls", b"\r\n<html><body><table><tr><td>1</td></tr></table></body></html>")
    write("paper.csv", b"%PDF-1.4\n")
    with open(os.path.join(SHEET, "made"), "w") as f:
        f.write("\n".join(sorted(os.listdir(SHEET))))
    if not CORPUS:
        return 0
    csv_seeds()
    folder = os.path.join(CORPUS, "xlsx")
    os.makedirs(folder, exist_ok=True)
    write("kinds.xlsx", good, folder)
    write("entity.xlsx", dtd, folder)
    for name in ("no_refs.xlsx", "truncated.xlsx", "string_out_of_range.xlsx", "two_sheets.xlsx"):
        with open(os.path.join(SHEET, name), "rb") as f:
            write(name, f.read(), folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
