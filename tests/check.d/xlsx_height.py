"""Row heights of a workbook against LibreOffice: the best height of each cell's text in its width. For the scripts of this folder."""
import os
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.utils import get_column_letter


def merged_range(ws, cell):
    for r in ws.merged_cells.ranges:
        if cell.row == r.min_row and cell.column == r.min_col:
            return r
    return None


def columns_pixels(ws, first, last):
    return sum(int(ws.column_dimensions[get_column_letter(c)].width * 7 + 0.5) for c in range(first, last + 1))


def measure(book, convert, folder):
    """(sheet, cell, height, width in pixels, height needed) of every text cell; convert(path) gives the path of a workbook."""
    wanted, by_width, faces, rows = [], {}, {}, []
    for s in book:
        for row in s.iter_rows():
            for cell in row:
                if cell.value is None or not isinstance(cell.value, str) or (cell.data_type == "f" and cell.value != "=1+1"):
                    continue
                r = merged_range(s, cell)
                c1, c2, r1, r2 = (r.min_col, r.max_col, r.min_row, r.max_row) if r else (cell.column, cell.column, cell.row, cell.row)
                width = columns_pixels(s, c1, c2)
                height = sum(s.row_dimensions[k].height or 15 for k in range(r1, r2 + 1))
                column = by_width.setdefault(width, len(by_width))
                face = faces.setdefault((cell.font.sz, cell.font.b, cell.font.i), len(faces))
                lines = "".join(f"<text:p>{escape(x)}</text:p>" for x in cell.value.split("\n"))
                empty = f'<table:table-cell table:number-columns-repeated="{column}"/>' if column else ""
                rows.append(f'<table:table-row table:style-name="r">{empty}<table:table-cell table:style-name="f{face}" office:value-type="string">'
                            f"{lines}</table:table-cell></table:table-row>")
                wanted.append((s.title, cell.coordinate, height, width))
    space = " ".join(f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{v}"' for k, v in (
        ("office", "office:1.0"), ("style", "style:1.0"), ("text", "text:1.0"), ("table", "table:1.0"), ("fo", "xsl-fo-compatible:1.0")))
    styles = ['<style:style style:name="r" style:family="table-row"><style:table-row-properties style:use-optimal-row-height="true"/></style:style>']
    styles += [f'<style:style style:name="c{k}" style:family="table-column"><style:table-column-properties style:column-width="{w * 0.75}pt"/></style:style>'
               for w, k in by_width.items()]
    styles += [f'<style:style style:name="f{k}" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap"/><style:text-properties '
               f'style:font-name="T" fo:font-size="{sz}pt" fo:font-weight="{"bold" if b else "normal"}" fo:font-style="{"italic" if i else "normal"}"/></style:style>'
               for (sz, b, i), k in faces.items()]
    columns = "".join(f'<table:table-column table:style-name="c{k}"/>' for k in by_width.values())
    with open(os.path.join(folder, "probe.fods"), "w", encoding="utf-8") as f:
        f.write(f'<?xml version="1.0" encoding="UTF-8"?><office:document {space} xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
                'office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:font-face-decls>'
                '<style:font-face style:name="T" svg:font-family="Times New Roman"/></office:font-face-decls><office:automatic-styles>'
                + "".join(styles) + '</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="p">' + columns + "".join(rows)
                + "</table:table></office:spreadsheet></office:body></office:document>")
    best = openpyxl.load_workbook(convert(os.path.join(folder, "probe.fods"))).active
    return [(*w, best.row_dimensions[i].height or 0) for i, w in enumerate(wanted, 1)]
