#!/usr/bin/env python3
"""Holds a PDF against requirements of ISO 19005-2/3 (PDF/A-2a, 3a) and ISO 14289-1 (PDF/UA-1) that its writer must meet.

    pdf_check.py FILE.pdf...     one line a breach, exit 1 if there is any; where FILE.words stands beside it, the text of the structure
                                 tree must be those words
    pdf_check.py --self-test FILE.pdf   breaks the file in memory in many ways, each of which must be found

Objects come from `qpdf --json`, so that nothing of the writer is trusted with reading what it wrote. No modules but Python's own.
"""
import base64
import copy
import json
import os
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter

STANDARD = set("Document Part Sect Div P H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table THead TBody TR TH TD Span Figure Form Caption".split())
HOLDS = {  # what may stand in what, where the type restricts it
    "L": {"LI"}, "LI": {"Lbl", "LBody"}, "Table": {"THead", "TBody"}, "THead": {"TR"}, "TBody": {"TR"}, "TR": {"TH", "TD"},
}
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
NS = {"dc": "http://purl.org/dc/elements/1.1/", "pdf": "http://ns.adobe.com/pdf/1.3/", "xmp": "http://ns.adobe.com/xap/1.0/",
      "pdfaid": "http://www.aiim.org/pdfa/ns/id/", "pdfuaid": "http://www.aiim.org/pdfua/ns/id/"}


class Doc:
    """The objects of a file; values as qpdf's JSON gives them: "/Name", "u:text", "b:hex", "12 0 R"."""

    def __init__(self, path):
        self.raw = open(path, "rb").read()
        out = subprocess.run(["qpdf", "--json", "--json-stream-data=inline", "--decode-level=generalized", path],
                             stdout=subprocess.PIPE, check=True).stdout
        self.objects = json.loads(out)["qpdf"][1]
        self.trailer = self.objects.pop("trailer")["value"]

    def get(self, v):
        for _ in range(9):
            if not (isinstance(v, str) and re.fullmatch(r"\d+ \d+ R", v)):
                return v
            o = self.objects.get("obj:" + v)
            if o is None:
                return None
            v = o["stream"]["dict"] if "stream" in o else o["value"]
        return v

    def data(self, ref):
        o = self.objects.get("obj:" + ref) if isinstance(ref, str) else None
        return base64.b64decode(o["stream"]["data"]) if o and "stream" in o else None

    def at_ref(self, spec):
        return self.get(spec["/EF"])["/F"]

    def at_ref_of(self, font):
        return self.get(font)["/ToUnicode"]

    def at(self, v, *keys):
        for k in keys:
            v = self.get(v)
            if isinstance(v, dict):
                v = v.get(k)
            elif isinstance(v, list) and isinstance(k, int) and k < len(v):
                v = v[k]
            else:
                return None
        return self.get(v)


def text(v):
    """A text string."""
    if isinstance(v, str) and v[:2] == "u:":
        return v[2:]
    if isinstance(v, str) and v[:2] == "b:":
        b = bytes.fromhex(v[2:])
        return b[2:].decode("utf-16-be") if b[:2] == b"\xfe\xff" else b.decode("latin-1")
    return None


# ---- content streams ---------------------------------------------------------------------------------------------

TOKEN = re.compile(rb"[\s\0]+|%[^\r\n]*|(?P<num>[+-]?(?:\d+\.?\d*|\.\d+))|(?P<name>/[^\s()<>\[\]{}/%]*)|(?P<open><<|\[)|(?P<close>>>|\])"
                   rb"|(?P<hex><[0-9A-Fa-f\s]*>)|(?P<str>\()|(?P<op>[A-Za-z'\"*][A-Za-z0-9'\"*]*)")
ESCAPE = {110: 10, 114: 13, 116: 9, 98: 8, 102: 12}


def literal(b, i):
    """A literal string from behind its "(": its bytes and where it ends."""
    out, depth = bytearray(), 1
    while True:
        c = b[i]
        i += 1
        if c == 92:
            c = b[i]
            i += 1
            if 48 <= c <= 55:
                m = re.match(rb"[0-7]{1,3}", b[i - 1:i + 2]).group()
                i += len(m) - 1
                out.append(int(m, 8) & 255)
            elif c not in (10, 13):
                out.append(ESCAPE.get(c, c))
            continue
        if c == 40:
            depth += 1
        if c == 41:
            depth -= 1
            if depth == 0:
                return bytes(out), i
        if c == 13:
            c = 10  # an end of line in a string reads as LF
        out.append(c)


def operators(b):
    """(operator, operands) of a content stream."""
    i, stack = 0, [[]]
    while i < len(b):
        m = TOKEN.match(b, i)
        if not m:
            raise ValueError("content stream: %r" % b[i:i + 20])
        i = m.end()
        kind = m.lastgroup
        if kind == "num":
            stack[-1].append(float(m.group()))
        elif kind == "name":
            stack[-1].append(m.group().decode())
        elif kind == "hex":
            stack[-1].append(bytes.fromhex(m.group()[1:-1].decode()))
        elif kind == "str":
            s, i = literal(b, i)
            stack[-1].append(s)
        elif kind == "open":
            stack.append([])
        elif kind == "close":
            inner = stack.pop()
            stack[-1].append(dict(zip(inner[::2], inner[1::2])) if m.group() == b">>" else inner)
        elif kind == "op":
            yield m.group().decode(), stack[0]
            stack = [[]]


# ---- font programs -----------------------------------------------------------------------------------------------

def advances(program):
    """Advances in 1/1000 em by glyph, and which glyphs have an outline."""
    tables = {}
    for k in range(struct.unpack_from(">H", program, 4)[0]):
        tag, _, at, n = struct.unpack_from(">4sIII", program, 12 + 16 * k)
        tables[tag] = (at, n)
    upem, = struct.unpack_from(">H", program, tables[b"head"][0] + 18)
    glyphs, = struct.unpack_from(">H", program, tables[b"maxp"][0] + 4)
    metrics, = struct.unpack_from(">H", program, tables[b"hhea"][0] + 34)
    at = tables[b"hmtx"][0]
    wide = [struct.unpack_from(">H", program, at + 4 * min(g, metrics - 1))[0] * 1000 / upem for g in range(glyphs)]
    long_loca, = struct.unpack_from(">h", program, tables[b"head"][0] + 50)
    at = tables[b"loca"][0]
    loca = [struct.unpack_from(">I", program, at + 4 * g)[0] if long_loca else 2 * struct.unpack_from(">H", program, at + 2 * g)[0]
            for g in range(glyphs + 1)]
    return wide, [loca[g] < loca[g + 1] for g in range(glyphs)]


def unicode_map(cmap):
    out = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.S):
        for code, value in re.findall(r"<([0-9A-Fa-f]{2}|[0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>", block):
            out[int(code, 16)] = bytes.fromhex(value).decode("utf-16-be")
    return out


def code_map(cmap):
    """Codespace ranges as (bytes, first, last), and the character ids of the codes in them."""
    spaces, cids = [], {}
    for block in re.findall(r"begincodespacerange(.*?)endcodespacerange", cmap, re.S):
        spaces += [(len(a) // 2, int(a, 16), int(b, 16)) for a, b in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block)]
    for block in re.findall(r"begincidrange(.*?)endcidrange", cmap, re.S):
        for a, b, cid in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(\d+)", block):
            cids.update((code, int(cid) + code - int(a, 16)) for code in range(int(a, 16), int(b, 16) + 1))
    return spaces, cids


# ---- checks ------------------------------------------------------------------------------------------------------

class Check:
    def __init__(self, doc):
        self.d = doc
        self.faults = []
        self.root = doc.get(doc.trailer.get("/Root")) or {}
        self.used = {}       # font object -> codes shown
        self.marks = {}      # (page ref, mcid) -> tags of the sequences that have it
        self.shown = {}      # (page ref, mcid) -> (font, codes)
        self.coded = {}      # font object with a CMap of its own -> code_map
        self.pages = []

    def need(self, ok, what):
        if not ok:
            self.faults.append(what)
        return bool(ok)

    def all(self):
        for step in (self.file, self.metadata, self.catalog, self.page_tree, self.fonts, self.structure, self.parent_tree, self.annotations,
                     self.outline, self.labels, self.attachments, self.forbidden):
            try:
                step()
            except (KeyError, TypeError, ValueError, AttributeError, IndexError, struct.error) as e:
                self.faults.append("%s: cannot be read: %r" % (step.__name__, e))
        return self.faults

    def file(self):
        raw = self.d.raw
        self.need(raw[:9] == b"%PDF-1.7\n", "header: PDF 1.7")
        self.need(raw[9:10] == b"%" and min(raw[10:14]) > 127, "header: comment of four bytes above 127")
        self.need(raw.endswith(b"%%EOF\n"), "file ends behind %%EOF")
        ends = [m.start() for m in re.finditer(rb"endstream\nendobj", raw)]
        self.need(ends and all(raw[e - 1] == 10 for e in ends), "an end of line before endstream")
        self.need(not re.search(rb"[^d]stream\r(?!\n)", raw), "stream is followed by CR LF or LF")
        self.need("/ID" in self.d.trailer and re.search(rb"/ID\[<[0-9A-F]{32}><[0-9A-F]{32}>\]", raw), "trailer: ID of two strings of 16 bytes")
        self.need("/Encrypt" not in self.d.trailer, "no encryption")

    # XMP and Info (19005-2 6.6, 14289-1 7.1)
    def metadata(self):
        ref = self.root.get("/Metadata")
        head = self.d.get(ref)
        self.need(head.get("/Type") == "/Metadata" and head.get("/Subtype") == "/XML", "metadata: type and subtype")
        self.need("/Filter" not in head, "metadata: not filtered")
        xmp = self.d.data(ref)
        self.need(not re.search(rb"<\?xpacket begin=[^>]*(bytes|encoding)=", xmp), "metadata: packet header without bytes, encoding")
        tree = ET.fromstring(xmp.decode("utf-8"))

        def value(name):
            prefix, local = name.split(":")
            e = next(iter(tree.iter("{%s}%s" % (NS[prefix], local))), None)
            if e is None:
                return None
            li = next(iter(e.iter(RDF + "li")), None)
            return li.text if li is not None else e.text
        info = self.d.get(self.d.trailer.get("/Info")) or {}
        for key, name in (("/Title", "dc:title"), ("/Author", "dc:creator"), ("/Subject", "dc:description"), ("/Keywords", "pdf:Keywords"),
                          ("/Producer", "pdf:Producer")):
            self.need(text(info.get(key)) == value(name), "Info %s equals %s" % (key, name))
        for key, name in (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate")):
            m = re.fullmatch(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\+07'00'", text(info.get(key)) or "")
            want = "%s-%s-%sT%s:%s:%s+07:00" % m.groups() if m else None
            self.need(key not in info or m, "Info %s is a date" % key)
            self.need(want == value(name), "Info %s equals %s" % (key, name))
        self.need(value("dc:title"), "metadata: a title")
        self.part = value("pdfaid:part")
        self.need(self.part in ("2", "3") and value("pdfaid:conformance") == "A", "metadata: PDF/A-2a or 3a")
        self.need(value("pdfuaid:part") == "1", "metadata: PDF/UA-1")
        schema = xmp.decode("utf-8")
        self.need("pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/<" in schema and "pdfaProperty:name>part<" in schema,
                  "metadata: extension schema of pdfuaid")

    def catalog(self):
        r, d = self.root, self.d
        self.need(d.at(r, "/MarkInfo", "/Marked") is True and not d.at(r, "/MarkInfo", "/Suspects"), "catalog: marked, no suspects")
        self.need(text(r.get("/Lang")) == "vi", "catalog: language vi")
        self.need(d.at(r, "/ViewerPreferences", "/DisplayDocTitle") is True, "catalog: title displayed")
        intents = d.get(r.get("/OutputIntents")) or []
        self.need(len(intents) == 1 and d.at(intents, 0, "/S") == "/GTS_PDFA1", "output intent: one, of PDF/A")
        self.need(d.at(intents, 0, "/OutputConditionIdentifier"), "output intent: identifier")
        profile = d.get(intents[0]).get("/DestOutputProfile")
        icc = d.data(profile) or b""
        self.need(icc[36:40] == b"acsp" and icc[16:20] == b"RGB " and icc[12:16] in (b"mntr", b"prtr") and icc[8] <= 4,
                  "output intent: an RGB profile of a monitor or printer")
        self.need(d.at(profile, "/N") == 3, "output intent: N is 3")
        for key in ("/OpenAction", "/AA", "/Perms", "/OCProperties", "/NeedsRendering", "/Requirements"):
            self.need(key not in r, "catalog: no %s" % key)

    def page_tree(self):
        def walk(ref, parent):
            node = self.d.get(ref)
            self.need(parent is None or node.get("/Parent") == parent, "page tree: parent of %s" % ref)
            if node.get("/Type") == "/Pages":
                before = len(self.pages)
                for kid in self.d.get(node["/Kids"]):
                    walk(kid, ref)
                self.need(node.get("/Count") == len(self.pages) - before, "page tree: count of %s" % ref)
            else:
                self.pages.append(ref)
        walk(self.root.get("/Pages"), None)
        self.need(self.pages, "page tree: a page")
        keys = Counter()
        for ref in self.pages:
            page = self.d.get(ref)
            keys[page.get("/StructParents")] += 1
            self.need(page.get("/Tabs") == "/S", "page %s: tab order by structure" % ref)
            self.need(isinstance(page.get("/StructParents"), int), "page %s: StructParents" % ref)
            box = page.get("/MediaBox")
            self.need(box and box[0] == 0 and box[1] == 0 and 3 <= box[2] <= 14400 and 3 <= box[3] <= 14400, "page %s: media box" % ref)
            self.need(set(self.d.get(page.get("/Resources"))) <= {"/Font"}, "page %s: fonts are its only resources" % ref)
            self.need("/Group" not in page and "/AA" not in page, "page %s: no transparency, no actions" % ref)
            self.content(ref, page)
        self.need(max(keys.values()) == 1, "pages: each with its own StructParents")

    SHOW = {"Tj", "TJ", "'", '"'}
    PAINT = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "BI"} | SHOW
    KNOWN = PAINT | set("BT ET Td Tf Tw m l re w g G rg RG BDC BMC EMC n q Q cm Tm".split())

    def content(self, ref, page):
        fonts = self.d.at(page, "/Resources", "/Font") or {}
        open_marks, in_text, font, here = [], False, None, None
        for op, args in operators(self.d.data(page["/Contents"])):
            self.need(op in self.KNOWN - {"sh", "Do", "BI"}, "page %s: operator %s" % (ref, op))
            if op in ("BDC", "BMC"):
                self.need(not open_marks, "page %s: marked content within marked content" % ref)
                props = args[1] if op == "BDC" else {}
                mcid = props.get("/MCID") if isinstance(props, dict) else None
                self.need(args[0] == "/Artifact" or mcid is not None, "page %s: content is tagged or an artifact" % ref)
                here = None if mcid is None else (ref, int(mcid))
                if mcid is not None:
                    self.marks[ref, int(mcid)] = self.marks.get((ref, int(mcid)), []) + [args[0]]
                open_marks.append(in_text)
            elif op == "EMC":
                self.need(open_marks and open_marks.pop() == in_text, "page %s: marked content and text object nest" % ref)
            elif op == "BT":
                self.need(not in_text, "page %s: BT in BT" % ref)
                in_text = True
            elif op == "ET":
                self.need(in_text, "page %s: ET without BT" % ref)
                in_text = False
            elif op == "Tf":
                font = fonts.get(args[0])
                self.need(font and args[1] > 0, "page %s: font %s" % (ref, args[0]))
            if op in self.PAINT:
                self.need(open_marks, "page %s: %s outside of marked content" % (ref, op))
            if op in self.SHOW:
                self.need(in_text and font, "page %s: text without font or text object" % ref)
                codes = self.used.setdefault(font, Counter())
                for s in args[0] if op == "TJ" else args:
                    if isinstance(s, bytes):
                        run = self.codes(font, s)
                        self.need(run is not None, "page %s: codes of its font" % ref)
                        run = run or ()
                        codes.update(run)
                        if here:
                            self.shown.setdefault(here, []).append((font, run))
        self.need(not open_marks and not in_text, "page %s: everything is closed" % ref)

    def codes(self, font, s):
        encoding = self.d.get(font).get("/Encoding")
        if encoding == "/Identity-H":
            return struct.unpack(">%dH" % (len(s) // 2), s) if len(s) % 2 == 0 else None
        if font not in self.coded:
            self.coded[font] = code_map((self.d.data(encoding) or b"").decode("latin-1"))
        out, at = [], 0
        while at < len(s):
            fits = [(n, int.from_bytes(s[at:at + n], "big")) for n, first, last in self.coded[font][0]
                    if len(s) - at >= n and all(a <= c <= b for a, c, b in zip(first.to_bytes(n, "big"), s[at:at + n], last.to_bytes(n, "big")))]
            if len(fits) != 1 or fits[0][1] not in self.coded[font][1]:
                return None
            at += fits[0][0]
            out.append(fits[0][1])
        return tuple(out)

    # 19005-2 6.2.11.3: a CMap that is not predefined is embedded, is of the font's character collection, and says its writing mode twice.
    def embedded_cmap(self, name, f, cid):
        stream = self.d.get(f.get("/Encoding"))
        told = (self.d.data(f.get("/Encoding")) or b"").decode("latin-1")
        self.need(stream.get("/Type") == "/CMap" and stream.get("/WMode") == 0 and "/WMode 0 def" in told and "usecmap" not in told
                  and "/CMapName %s def" % stream.get("/CMapName") in told, "font %s: its CMap" % name)
        info = self.d.get(stream.get("/CIDSystemInfo"))
        self.need(info == self.d.get(cid.get("/CIDSystemInfo")), "font %s: character collection of its CMap" % name)

    # A signature may show text in a font of its own, and a picture with a soft mask: 19005-2 6.2.10 allows that where there is an output intent.
    def looks_of_signatures(self):
        fonts, pictures = set(), set()
        for ref in self.pages:
            for w in self.d.at(ref, "/Annots") or []:
                if "/V" not in self.d.get(w):
                    continue
                resources = self.d.at(w, "/AP", "/N", "/Resources") or {}
                fonts |= set((self.d.get(resources.get("/Font")) or {}).values())
                pictures |= set((self.d.get(resources.get("/XObject")) or {}).values())
        return fonts, pictures

    # 19005-2 6.4.3: a signature covers the file but itself; the last one to the end of the file.
    def signature(self, where, value):
        v = self.d.get(value) or {}
        covered = self.d.get(v.get("/ByteRange")) or []
        self.need(v.get("/Type") == "/Sig" and v.get("/SubFilter") == "/ETSI.CAdES.detached" and len(covered) == 4 and covered[0] == 0
                  and "/Reference" not in v, where + ": a signature without conditions")
        return covered[2] + covered[3] if len(covered) == 4 else 0

    # 19005-2 6.2.11, 14289-1 7.21
    def fonts(self):
        d = self.d
        files = {k[4:] for k, o in d.objects.items() if "value" in o and isinstance(o["value"], dict) and o["value"].get("/Type") == "/Font"
                 and o["value"].get("/Subtype") == "/Type0"}
        self.need(files == set(self.used) | self.looks_of_signatures()[0], "fonts: those used, no other")
        for ref, codes in self.used.items():
            f = d.get(ref)
            cid = d.at(f, "/DescendantFonts", 0)
            desc = d.get(cid.get("/FontDescriptor"))
            name = f.get("/BaseFont")
            self.need(cid.get("/Subtype") == "/CIDFontType2", "font %s: TrueType" % name)
            if f.get("/Encoding") != "/Identity-H":
                self.embedded_cmap(name, f, cid)
            self.need(name == cid.get("/BaseFont") == desc.get("/FontName") and re.match(r"/[A-Z]{6}\+", name), "font %s: one name with a tag" % name)
            self.need([text(d.at(cid, "/CIDSystemInfo", k)) for k in ("/Registry", "/Ordering")] == ["Adobe", "Identity"],
                      "font %s: character collection" % name)
            self.need("/CIDSet" not in desc, "font %s: no CIDSet to be wrong" % name)
            flags = desc.get("/Flags", 0)
            self.need(bool(flags & 4) != bool(flags & 32), "font %s: symbolic or not" % name)
            for key in ("/FontBBox", "/ItalicAngle", "/Ascent", "/Descent", "/CapHeight", "/StemV"):
                self.need(key in desc, "font %s: %s" % (name, key))
            program = d.data(desc.get("/FontFile2"))
            if not self.need(program, "font %s: embedded" % name):
                continue
            self.need(d.at(desc, "/FontFile2", "/Length1") == len(program), "font %s: Length1" % name)
            cids = self.coded[ref][1] if ref in self.coded else None
            if cids is not None:
                codes = Counter({c: n for c, n in codes.items() if self.need(cids[c] == c, "font %s: a code is its own id" % name)})
            self.glyphs(name, cid, program, codes, unicode_map((d.data(f.get("/ToUnicode")) or b"").decode("latin-1")))

    def glyphs(self, name, cid, program, codes, to_unicode):
        wide, outline = advances(program)
        table = cid.get("/CIDToGIDMap")
        gids = None if table == "/Identity" else self.d.data(table)
        self.need(table == "/Identity" or gids is not None, "font %s: CIDToGIDMap" % name)
        w = self.d.get(cid.get("/W"))
        self.need(len(w) == 2 and w[0] == 0, "font %s: widths from 0" % name)
        widths = self.d.get(w[1])
        for code in codes:
            gid = code if gids is None else struct.unpack_from(">H", gids, 2 * code)[0] if 2 * code + 2 <= len(gids) else 0
            if not self.need(0 < gid < len(wide), "font %s: code %d has a glyph" % (name, code)):
                continue
            self.need(code < len(widths) and abs(widths[code] - wide[gid]) <= 1, "font %s: width of code %d" % (name, code))
            char = to_unicode.get(code)
            self.need(char and char not in "\0\ufeff\ufffe", "font %s: character of code %d" % (name, code))
            self.need(outline[gid] or char in (" ", "\u00a0"), "font %s: outline of %r" % (name, char))
        chars = Counter(to_unicode[c] for c in codes if c in to_unicode)
        self.need(not chars or max(chars.values()) == 1, "font %s: a code a character" % name)

    # 19005-2 6.7.3, 14289-1 7.1 to 7.5
    def structure(self):
        d, r = self.d, self.root
        tree = d.get(r.get("/StructTreeRoot"))
        self.need(tree.get("/Type") == "/StructTreeRoot" and "/RoleMap" not in tree, "structure: root")
        self.elems, self.owner, self.objr = {}, {}, {}
        self.level = 0
        kids = tree.get("/K")
        top = kids if isinstance(kids, list) else [kids]
        self.need([d.at(k, "/S") for k in top] == ["/Document"], "structure: one Document")
        for k in top:
            self.elem(k, r.get("/StructTreeRoot"), None)
        self.need(set(self.owner) == set(self.marks), "structure: every marked content has one element, and the other way round")
        for key, tags in self.marks.items():
            self.need(len(tags) == 1, "structure: MCID %d of page %s is used once" % (key[1], key[0]))
            if key in self.owner:
                self.need(tags == [d.get(self.owner[key]).get("/S")], "structure: tag of MCID %d of page %s" % (key[1], key[0]))

    def elem(self, ref, parent, parent_type):
        d = self.d
        e = d.get(ref)
        kind = (e.get("/S") or "")[1:]
        where = "structure: %s %s" % (kind, ref)
        self.need(ref not in self.elems, where + " stands once")
        self.elems[ref] = kind
        self.need(kind in STANDARD, where + " is a standard type")
        self.need(e.get("/P") == parent, where + " knows its parent")
        self.need(parent_type not in HOLDS or kind in HOLDS[parent_type], where + " may not stand in " + str(parent_type))
        needs = {"LI": "L", "Lbl": "LI", "LBody": "LI", "TR": ("THead", "TBody"), "TH": "TR", "TD": "TR", "THead": "Table", "TBody": "Table"}
        self.need(kind not in needs or parent_type in needs[kind], where + " in its place")
        kids = d.get(e.get("/K"))
        kids = [] if kids is None else kids if isinstance(kids, list) else [kids]
        refs = [e.get("/K")] if isinstance(e.get("/K"), str) else kids
        inner, content = [], 0
        for k in refs:
            if isinstance(k, int):
                content += 1
                self.own(e.get("/Pg"), k, ref)
            elif isinstance(k, dict) and k.get("/Type") == "/MCR":
                content += 1
                self.own(k.get("/Pg"), k["/MCID"], ref)
            elif isinstance(k, dict) and k.get("/Type") == "/OBJR":
                content += 1
                self.objr[k.get("/Obj")] = ref
            else:
                inner.append(k)
        self.need(not (inner and content), where + " holds elements or content")
        self.need(inner or content or kind in ("TD", "TH", "Document", "Sect"), where + " is not empty")
        self.special(kind, e, inner, where)
        for k in inner:
            self.elem(k, ref, kind)

    def words(self):
        """Words of the structure tree but its figures, in its order; an element ends a word."""
        unicode = {f: unicode_map(self.d.data(self.d.at_ref_of(f)).decode("latin-1")) for f in self.used}
        out = []

        def walk(ref):
            e = self.d.get(ref)
            kids = self.d.get(e.get("/K"))
            run = ""
            for k in [e["/K"]] if isinstance(e.get("/K"), str) else kids if isinstance(kids, list) else [] if kids is None else [kids]:
                if isinstance(k, int) or isinstance(k, dict) and "/MCID" in k:
                    key = (e["/Pg"], k) if isinstance(k, int) else (k["/Pg"], k["/MCID"])
                    run += "".join(unicode[f].get(c, "\0") for f, codes in self.shown.get(key, []) for c in codes)
                elif isinstance(k, str):
                    walk(k)
            out.extend([] if e["/S"] == "/Figure" else run.lower().split())
        walk(self.kids(self.d.get(self.root["/StructTreeRoot"]))[0])
        return out

    def own(self, page, mcid, ref):
        self.need((page, mcid) not in self.owner, "structure: MCID %s of page %s has one owner" % (mcid, page))
        self.owner[page, mcid] = ref

    def attributes(self, e):
        out = {}
        a = self.d.get(e.get("/A"))
        for part in a if isinstance(a, list) else [a] if a else []:
            out.update(self.d.get(part))
        return out

    def special(self, kind, e, inner, where):
        a = self.attributes(e)
        if re.fullmatch(r"H[1-6]", kind):
            level = int(kind[1])
            self.need(level <= self.level + 1, where + " skips no level")
            self.level = level
        if kind == "TH":
            self.need(a.get("/O") == "/Table" and a.get("/Scope") in ("/Column", "/Row"), where + " has a scope")
        if kind == "Figure":
            self.need(text(e.get("/Alt")), where + " has an alternative")
            self.need(len(a.get("/BBox") or []) == 4, where + " has a box")
        if kind == "L":
            labels = any(self.d.at(k, "/S") == "/Lbl" for li in inner for k in [self.d.get(li)] for k in self.kids(k))
            self.need(not labels or a.get("/ListNumbering") not in (None, "/None"), where + " tells its numbering")
        if kind == "Table":
            self.grid(inner, where)

    def kids(self, e):
        k = self.d.get(e.get("/K"))
        return k if isinstance(k, list) else [] if k is None else [e.get("/K")]

    # every cell of the grid is covered once, and has a header above it or in its row
    def grid(self, groups, where):
        columns = None
        kinds = [self.d.at(g, "/S") for g in groups]
        self.need(kinds.count("/THead") <= 1 and "/TBody" in kinds, where + " has at most one head, and a body")
        above = set()
        for g in groups:
            covered = {}
            rows = self.kids(self.d.get(g))
            for y, row in enumerate(rows):
                x = 0
                for ref in self.kids(self.d.get(row)):
                    a = self.attributes(self.d.get(ref))
                    while (x, y) in covered:
                        x += 1
                    for dx in range(a.get("/ColSpan", 1)):
                        for dy in range(a.get("/RowSpan", 1)):
                            self.need((x + dx, y + dy) not in covered, where + " has overlapping cells")
                            covered[x + dx, y + dy] = ref
                    x += a.get("/ColSpan", 1)
            heads = {ref for ref in covered.values() if self.d.at(ref, "/S") == "/TH"}
            above |= {x for (x, _), ref in covered.items() if ref in heads and self.attributes(self.d.get(ref)).get("/Scope") == "/Column"}
            across = {y for (_, y), ref in covered.items() if ref in heads and self.attributes(self.d.get(ref)).get("/Scope") == "/Row"}
            self.need(all(x in above or y in across for x, y in covered), where + " has a header for each cell")
            wide = max((x for x, _ in covered), default=-1) + 1
            columns = wide if columns is None else columns
            self.need(wide == columns and len(covered) == wide * len(rows), where + " is regular")

    def parent_tree(self):
        d = self.d
        entries, last = {}, [-1]

        def walk(node, top):
            node = d.get(node)
            nums = d.get(node.get("/Nums")) or []
            keys = [k for k in nums[::2]]
            for k, v in zip(keys, nums[1::2]):
                self.need(k > last[0], "parent tree: keys ascend")
                last[0] = k
                entries[k] = v
            for kid in d.get(node.get("/Kids")) or []:
                walk(kid, False)
            if not top and keys:
                self.need(node.get("/Limits") == [keys[0], keys[-1]], "parent tree: limits")
        root = d.get(self.root.get("/StructTreeRoot"))
        walk(root.get("/ParentTree"), True)
        self.need(root.get("/ParentTreeNextKey", 0) > last[0], "parent tree: next key")
        keys = set()
        for ref in self.pages:
            key = d.at(ref, "/StructParents")
            keys.add(key)
            parents = d.get(entries.get(key))
            mcids = sorted(m for p, m in self.marks if p == ref)
            self.need(mcids == list(range(len(mcids))), "page %s: MCIDs from 0 on" % ref)
            if self.need(isinstance(parents, list) and len(parents) == len(mcids), "parent tree: page %s" % ref):
                for m, parent in enumerate(parents):
                    self.need(self.owner.get((ref, m)) == parent, "parent tree: MCID %d of page %s" % (m, ref))
            for widget in d.at(ref, "/Annots") or []:
                key = d.at(widget, "/StructParent")
                keys.add(key)
                self.need(entries.get(key) is not None and entries.get(key) == self.objr.get(widget), "parent tree: annotation %s" % widget)
        self.need(keys == set(entries), "parent tree: no key that leads nowhere")

    # 19005-2 6.3, 6.4; 14289-1 7.18
    def annotations(self):
        d = self.d
        widgets, ends = [], []
        for ref in self.pages:
            for w in d.at(ref, "/Annots") or []:
                a = d.get(w)
                widgets.append(w)
                where = "annotation %s" % w
                self.need(a.get("/Subtype") == "/Widget" and a.get("/FT") == "/Sig" and a.get("/P") == ref, where + ": a signature field of its page")
                self.need(a.get("/F", 0) & 4 and not a.get("/F", 0) & (1 | 2 | 32 | 256), where + ": printed, not hidden")
                ap = d.get(a.get("/AP"))
                self.need(set(ap) == {"/N"} and d.data(ap["/N"]) is not None and d.at(ap, "/N", "/Subtype") == "/Form", where + ": an appearance")
                self.need(text(a.get("/TU")) or text(a.get("/Contents")), where + ": a description")
                self.need("/A" not in a and "/AA" not in a, where + ": no action")
                if "/V" in a:
                    ends.append(self.signature(where, a["/V"]))
                self.need(self.elems.get(self.objr.get(w)) == "Form", where + ": in a Form")
                x0, y0, x1, y1 = a["/Rect"]
                box = d.at(ref, "/MediaBox")
                self.need(0 <= x0 < x1 <= box[2] and 0 <= y0 < y1 <= box[3], where + ": on the page")
        form = d.get(self.root.get("/AcroForm")) or {}
        names = [text(d.at(f, "/T")) for f in d.get(form.get("/Fields")) or []]
        self.need(sorted(d.get(form.get("/Fields")) or []) == sorted(widgets), "form: all fields, no other")
        self.need(len(set(names)) == len(names) and all(names), "form: names of fields")
        self.need(not form.get("/NeedAppearances") and "/XFA" not in form, "form: no XFA, appearances are there")
        self.need(not widgets or form.get("/SigFlags") == (3 if ends else 1), "form: SigFlags as the fields are")
        self.need(not ends or max(ends) == len(self.d.raw), "form: the last signature covers the whole file")

    def outline(self):
        d = self.d
        ref = self.root.get("/Outlines")
        if not self.need(ref, "outline: there is one"):
            return
        self.visible(ref)

    def visible(self, ref):
        """Checks an item's children; how many of them are visible when it is open."""
        d, o = self.d, self.d.get(ref)
        seen, prev, kid = 0, None, o.get("/First")
        while kid:
            k = d.get(kid)
            self.need(k.get("/Parent") == ref and k.get("/Prev") == prev, "outline: links of %s" % kid)
            self.need(text(k.get("/Title")), "outline: title of %s" % kid)
            self.need(d.at(k, "/Dest", 0) and d.get(k["/Dest"])[0] in self.pages, "outline: target of %s" % kid)
            below = self.visible(kid)
            self.need(abs(k.get("/Count", 0)) == below, "outline: count of %s" % kid)
            seen += 1 + (below if k.get("/Count", 0) > 0 else 0)
            prev, kid = kid, k.get("/Next")
        self.need(o.get("/Last") == prev, "outline: last of %s" % ref)
        if o.get("/Type") == "/Outlines":
            self.need(o.get("/Count") == seen and seen > 0, "outline: count")
        return seen

    def labels(self):
        nums = self.d.at(self.root, "/PageLabels", "/Nums") or []
        self.need(nums[:1] == [0] and nums[::2] == sorted(set(nums[::2])) and nums[-2] < len(self.pages), "page labels: from page 0 on")

    # 19005-3 6.8; 19005-2 6.8
    def attachments(self):
        d = self.d
        files = [k[4:] for k, o in d.objects.items() if "value" in o and isinstance(o["value"], dict) and o["value"].get("/Type") == "/Filespec"]
        if self.part == "2":
            self.need(not files and not d.at(self.root, "/Names", "/EmbeddedFiles"), "attachments: none in PDF/A-2")
            return
        names = d.at(self.root, "/Names", "/EmbeddedFiles", "/Names") or []
        self.need(sorted(names[1::2]) == sorted(files) == sorted(d.get(self.root.get("/AF")) or []), "attachments: named and associated")
        keys = [bytes.fromhex(k[2:]) if k[:2] == "b:" else k[2:].encode() for k in names[::2]]
        self.need(keys == sorted(keys), "attachments: names are sorted")
        for f in files:
            spec = d.get(f)
            stream = d.at(spec, "/EF", "/F") or {}
            self.need(spec.get("/AFRelationship") == "/Data" and text(spec.get("/F")) and text(spec.get("/UF")), "attachment %s: names, relationship" % f)
            self.need(re.match(r"/\w+/\w+", stream.get("/Subtype") or ""), "attachment %s: MIME type" % f)
            self.need(d.at(stream, "/Params", "/ModDate"), "attachment %s: date" % f)
            self.need(d.at(stream, "/Params", "/Size") == len(d.data(d.at_ref(spec))), "attachment %s: size" % f)

    def forbidden(self):
        pictures = self.looks_of_signatures()[1]
        for key, o in self.d.objects.items():
            v = o["stream"]["dict"] if "stream" in o else o["value"]
            if not isinstance(v, dict):
                continue
            self.need(v.get("/S") not in ("/JavaScript", "/Launch", "/URI", "/SubmitForm"), "%s: an action" % key)
            self.need(v.get("/Type") != "/ExtGState" and ("/SMask" not in v or key[4:] in pictures), "%s: transparency" % key)
            self.need(v.get("/Filter") not in ("/LZWDecode", "/Crypt") and "/F" not in (v if "stream" in o else {}), "%s: filter" % key)


# ---- the checker is checked --------------------------------------------------------------------------------------

def find(doc, test):
    return next(o for o in doc.objects.values() if test(o["stream"]["dict"] if "stream" in o else o["value"]))


def entries(doc, test):
    o = find(doc, lambda v: isinstance(v, dict) and test(v))
    return o["stream"]["dict"] if "stream" in o else o["value"]


def recode(doc, test, change):
    o = find(doc, lambda v: isinstance(v, dict) and test(v))
    o["stream"]["data"] = base64.b64encode(change(base64.b64decode(o["stream"]["data"]))).decode()


def contents(doc, change):
    page = entries(doc, lambda v: v.get("/Type") == "/Page")
    s = doc.objects["obj:" + page["/Contents"]]["stream"]
    s["data"] = base64.b64encode(change(base64.b64decode(s["data"]))).decode()


def breaks():
    """name, what it does to a file, what the message must hold."""
    typed = lambda t: lambda v: v.get("/Type") == t
    struct_elem = lambda s: lambda v: v.get("/S") == s
    xmp = lambda a, b: lambda d: recode(d, typed("/Metadata"), lambda s: s.replace(a, b))
    drop = lambda test, key: lambda d: entries(d, test).pop(key)
    put = lambda test, key, value: lambda d: entries(d, test).__setitem__(key, value)
    catalog, page, cid = typed("/Catalog"), typed("/Page"), lambda v: v.get("/Subtype") == "/CIDFontType2"
    return [
        ("no language", drop(catalog, "/Lang"), "language"),
        ("not marked", drop(catalog, "/MarkInfo"), "marked"),
        ("title not displayed", drop(catalog, "/ViewerPreferences"), "title displayed"),
        ("no intent", put(catalog, "/OutputIntents", []), "output intent"),
        ("an action at opening", put(catalog, "/OpenAction", {"/S": "/JavaScript"}), "/OpenAction"),
        ("another title in XMP", xmp(b"B\xc3\xa1o c", b"B"), "/Title"),
        ("another producer in XMP", xmp(b"vanban test", b"vanban"), "/Producer"),
        ("another date in XMP", xmp(b"2023-12-06T", b"2023-12-07T"), "xmp:CreateDate"),
        ("no part of PDF/A", xmp(b"pdfaid:part>2", b"pdfaid:part>1"), "PDF/A"),
        ("no PDF/UA", xmp(b"<pdfuaid:part>1</pdfuaid:part>", b""), "PDF/UA"),
        ("schema not described", xmp(b"pdfaSchema:namespaceURI>", b"pdfaSchema:x>"), "extension schema"),
        ("no tab order", drop(page, "/Tabs"), "tab order"),
        ("no key of a page", drop(page, "/StructParents"), "StructParents"),
        ("a transparency group", put(page, "/Group", {"/S": "/Transparency"}), "transparency"),
        ("a width", lambda d: entries(d, cid)["/W"][1].__setitem__(slice(None), [500] * 400), "width of code"),
        ("no glyphs", lambda d: (d.objects.__setitem__("obj:9999 0 R", {"stream": {"dict": {}, "data": base64.b64encode(bytes(800)).decode()}}),
                                 entries(d, cid).__setitem__("/CIDToGIDMap", "9999 0 R")), "has a glyph"),
        ("glyphs shifted", lambda d: (d.objects.__setitem__("obj:9999 0 R", {"stream": {"dict": {}, "data": base64.b64encode(
            struct.pack(">400H", *range(1, 401))).decode()}}), entries(d, cid).__setitem__("/CIDToGIDMap", "9999 0 R")), "width of code"),
        ("no program", drop(typed("/FontDescriptor"), "/FontFile2"), "embedded"),
        ("no ToUnicode", drop(lambda v: v.get("/Subtype") == "/Type0", "/ToUnicode"), "character of code"),
        ("two names", put(cid, "/BaseFont", "/ABCDEF+Other"), "one name"),
        ("content outside", lambda d: contents(d, lambda s: s + b"\n0 0 m 9 9 l S\n"), "outside of marked content"),
        ("text not tagged", lambda d: contents(d, lambda s: re.sub(rb"/P<</MCID \d+>>BDC", b"/P BMC", s, count=1)), "tagged or an artifact"),
        ("an MCID twice", lambda d: contents(d, lambda s: re.sub(rb"<</MCID 1>>", b"<</MCID 0>>", s, count=1)), "MCID"),
        ("another tag", lambda d: contents(d, lambda s: s.replace(b"/H1<<", b"/H2<<", 1)), "tag of MCID"),
        ("nesting", lambda d: contents(d, lambda s: s.replace(b"BT\n", b"", 1)), "text object"),
        ("a heading skips", put(struct_elem("/H1"), "/S", "/H3"), "skips no level"),
        ("no scope", drop(struct_elem("/TH"), "/A"), "scope"),
        ("a span", put(struct_elem("/TD"), "/A", {"/O": "/Table", "/ColSpan": 3}), "Table"),
        ("no head", lambda d: entries(d, struct_elem("/Table"))["/K"].pop(0), "header for each cell"),
        ("a cell is missing", lambda d: entries(d, struct_elem("/TR"))["/K"].pop(), "regular"),
        ("no alternative", drop(struct_elem("/Figure"), "/Alt"), "alternative"),
        ("no box", drop(struct_elem("/Figure"), "/A"), "box"),
        ("no numbering", drop(struct_elem("/L"), "/A"), "numbering"),
        ("unknown type", put(struct_elem("/LBody"), "/S", "/Body"), "standard type"),
        ("wrong parent", put(struct_elem("/P"), "/P", "1 0 R"), "parent"),
        ("parent tree", lambda d: entries(d, lambda v: "/Nums" in v and "/Limits" in v)["/Nums"][1].reverse(), "parent tree"),
        ("parent tree short", lambda d: entries(d, lambda v: "/Nums" in v and "/Limits" in v)["/Nums"][1].pop(), "parent tree"),
        ("no appearance", put(typed("/Annot"), "/AP", {}), "appearance"),
        ("no description", drop(typed("/Annot"), "/TU"), "description"),
        ("hidden", put(typed("/Annot"), "/F", 2), "printed"),
        ("field not listed", lambda d: entries(d, lambda v: "/SigFlags" in v)["/Fields"].pop(), "all fields"),
        ("outline count", put(typed("/Outlines"), "/Count", 99), "outline"),
        ("outline link", drop(lambda v: "/Title" in v and "/Next" in v, "/Next"), "outline"),
        ("labels", lambda d: d.get(entries(d, catalog)["/PageLabels"])["/Nums"].__setitem__(0, 1), "page labels"),
        ("an attachment", lambda d: d.objects.__setitem__("obj:9999 0 R", {"value": {"/Type": "/Filespec"}}), "attachments"),
        ("a soft mask", lambda d: d.objects.__setitem__("obj:9999 0 R", {"value": {"/Type": "/ExtGState"}}), "transparency"),
        ("no identifier", lambda d: d.trailer.pop("/ID"), "ID"),
        ("bytes behind the end", lambda d: setattr(d, "raw", d.raw + b"x"), "%%EOF"),
        ("header", lambda d: setattr(d, "raw", d.raw.replace(b"PDF-1.7", b"PDF-1.4")), "header"),
    ]


def self_test(path):
    whole = Doc(path)
    missed = 0
    for name, change, want in breaks():
        d = copy.deepcopy(whole)
        before = json.dumps([d.objects, d.trailer]) + str(len(d.raw)) + str(d.raw[:9])
        change(d)
        changed = before != json.dumps([d.objects, d.trailer]) + str(len(d.raw)) + str(d.raw[:9])
        faults = Check(d).all()
        if not changed or not any(want in f for f in faults):
            missed += 1
            print("self-test: not found: %s (changed: %s, found: %s)" % (name, changed, faults[:3]))
    return missed


def different(have, want):
    if have == want:
        return []
    k = next((i for i, (a, b) in enumerate(zip(have, want)) if a != b), min(len(have), len(want)))
    return ["word %d: %r, not %r" % (k, have[max(k - 2, 0):k + 4], want[max(k - 2, 0):k + 4])]


def main(args):
    if args[:1] == ["--self-test"]:
        return 1 if self_test(args[1]) else 0
    bad = 0
    for path in args:
        check = Check(Doc(path))
        faults = check.all()
        want = path[:-4] + ".words"
        if not faults and os.path.exists(want):
            faults = different(check.words(), open(want, encoding="utf-8").read().split())
        for f in sorted(set(faults)):
            print("%s: %s" % (path, f))
        bad += bool(faults)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.setrecursionlimit(10000)
    sys.exit(main(sys.argv[1:]))
