#!/usr/bin/env python3
"""Makes the corpus of bad and odd files beside it; needs nothing but Python 3.

Every file is small on disk and the same on every run, so that it can be kept in the repository.
What each must lead to stands in ../corpus.rs.
"""

import os
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    "</Types>"
)
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def sheet(rows, more="", dimension=""):
    """A sheet of rows of (cell, XML inside the cell's element, attributes)."""
    body = "".join(
        f'<row r="{number}">'
        + "".join(f'<c r="{name}"{attributes}>{inner}</c>' for name, inner, attributes in cells)
        + "</row>"
        for number, cells in rows
    )
    return f'{HEAD}<worksheet xmlns="{MAIN}">{dimension}<sheetData>{body}</sheetData>{more}</worksheet>'


def text(name, words):
    return (name, f"<is><t>{words}</t></is>", ' t="inlineStr"')


def number(name, digits, style=""):
    return (name, f"<v>{digits}</v>", style)


def row(at, *words):
    """A row of texts from column A."""
    return (at, [text(f"{chr(65 + i)}{at}", word) for i, word in enumerate(words) if word])


def workbook(file, content, date1904=False, parts=None):
    """A workbook with one sheet; the same bytes on every run."""
    flag = ' date1904="1"' if date1904 else ""
    every = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><workbookPr{flag}/><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{RELS}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="{RELS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": content,
        **(parts or {}),
    }
    with zipfile.ZipFile(os.path.join(HERE, file), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, part in every.items():
            info = zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, part)


def plain(file, content):
    with open(os.path.join(HERE, file), "wb") as out:
        out.write(content)


def strings(words, doctype=""):
    return {"xl/sharedStrings.xml": f'{HEAD}{doctype}<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><t>{words}</t></si></sst>'}


def main():
    code, name = "370725001201", "店子村"
    places = [row(1, "编码", "名称")]

    workbook("zip-bomb.xlsx", sheet(places) + " " * (270 << 20))
    entity = '<!DOCTYPE sst [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    shared = [(2, [text("A2", code), number("B2", "0", ' t="s"')])]
    workbook("xxe.xlsx", sheet(places + shared), parts=strings("&secret;", entity))
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    laughs = f'<!DOCTYPE sst [<!ENTITY l0 "哈哈">{laughs}]>'
    workbook("billion-laughs.xlsx", sheet(places + shared), parts=strings("&l9;", laughs))

    wide = '<dimension ref="A1:BDWGN1048576"/>'
    workbook("million-columns.xlsx", sheet([(1, [text("A1", "编码"), text("BDWGN1", "名称")])], dimension=wide))
    workbook("claims-a-million-columns.xlsx", sheet(places + [row(2, code, name)], dimension=wide))
    plain("million-columns.csv", b"," * 1_000_000 + b"\n")
    workbook("last-row.xlsx", sheet([(4294967295, [text("A4294967295", "编码")])]))

    merged = '<mergeCells count="3"><mergeCell ref="A1:D1"/><mergeCell ref="A2:A3"/><mergeCell ref="B2:C2"/></mergeCells>'
    heads = [row(1, "某县行政区划一览表"), row(2, "区划代码", "名称"), row(3, "", "名称", "简称")]
    workbook("merged-headers.xlsx", sheet([heads[0], (2, [text("A2", "区划代码"), text("B2", "单位")]), heads[2], row(4, code, "店子村民委员会", name)], merged))

    people = [row(1, "姓名", "职务", "村", "身份证号")]
    workbook("id-as-number.xlsx", sheet(people + [(2, [text("A2", "陈国平"), text("B2", "书记"), text("C2", name), number("D2", "1.10105194912310021E+17")])]))
    workbook("dates-1904.xlsx", sheet([row(1, "姓名", "职务", "村", "任职时间"), (2, [text("A2", "陈国平"), text("B2", "书记"), text("C2", name), number("D2", "44620", ' s="1"')])]), date1904=True)
    figures = [row(1, "区划代码", "指标代码", "所属期", "数值")]
    told = [text("A2", code), text("B2", "income"), text("C2", "2026-Q3")]
    workbook("formula-without-value.xlsx", sheet(figures + [(2, told + [("D2", "<f>1+1</f>", "")])]))
    workbook("formula-with-value.xlsx", sheet(figures + [(2, told + [("D2", "<f>1+1</f><v>2</v>", "")])]))
    workbook("shared-formula.xlsx", sheet(figures + [(2, told + [("D2", '<f t="shared" si="4294967295" ref="D2:D9">1+1</f><v>2</v>', "")])]))
    workbook("error-cell.xlsx", sheet(figures + [(2, told + [("D2", "<v>#REF!</v>", ' t="e"')])]))

    table = "区划代码,指标代码,所属期,数值,单位,来源\r\n370725001201,income,2026年第三季度,38.62,万元,三资台账\r\n"
    plain("gb18030.csv", table.encode("gb18030"))
    plain("full-width-digits.csv", table.replace("38.62", "３８．６２").replace("370725001201", "３７０７２５００１２０１").encode())
    plain("grouped-digits.csv", table.replace("38.62", '"1,234,567.80"').encode())
    plain("long-name.csv", f"编码,名称\n{code},{'长' * 5000}\n".encode())
    plain("long-name-that-fits-a-cell.csv", f"编码,名称\n{code},{'长' * 1000}\n".encode())
    plain("nul-bytes.csv", f"编码,名称\n{code},店\0子\0村\n".encode())
    plain("no-encoding.csv", "编码,名称\n".encode() + b"\xff\xfe\xfd,\xff\n")
    plain("open-quote.csv", f'编码,名称\n{code},"店子村\n370725001202,下一行\n'.encode())

    workbook("whole.xlsx", sheet(places + [row(2, code, name)]))
    with open(os.path.join(HERE, "whole.xlsx"), "rb") as whole:
        content = whole.read()
    plain("truncated-upload.xlsx", content[: len(content) // 2])
    plain("truncated-upload.csv", table.encode()[:-40])
    plain("old-format.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    plain("no-workbook.xlsx", b"PK\x03\x04" + bytes(60))
    plain("empty.csv", b"")


if __name__ == "__main__":
    main()
