#!/usr/bin/env python3
"""What is made from the program's own tables and pages, so that it cannot drift. `tests/made.py` says what is out of date and ends with 1;
`tests/made.py --write` writes it anew. From the top folder.

  gen/cli/*.def + messages.def  → completions/vanban (tables), docs/man/vanban.1 (commands, options, examples)
  gen/base/messages.def         → docs/messages.md
  gen/ROOMS                     → docs/architecture.md (drawing and table of what may include what)
  docs/formats.md, templates.md → docs/man/vanban-*.5
  templates/ + its schemas      → gen/xml/xml_known.def (which file is valid by which schema, as xmllint finds)
"""
import glob
import hashlib
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "made"))
import mdoc  # noqa: E402


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def strings(text):
    """The C strings of a macro's arguments, joined where they stand side by side."""
    return [re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m.group(1), m.group(1)), s) for s in re.findall(r'"((?:[^"\\]|\\.)*)"', text)]


def catalogue():
    """[(section, [(id, severity, rule, english, vietnamese)])] in the order of the file."""
    sections = []
    for line in read("gen/base/messages.def").split("\n"):
        comment = re.match(r"/\* (.*?) \*/$", line)
        message = re.match(r"VB_MSG\((\w+), VB_(\w+), (.*)\)$", line)
        if comment:
            sections.append((comment.group(1), []))
        elif message:
            rule, en, vi = strings(message.group(3))
            sections[-1][1].append((message.group(1), message.group(2).lower(), rule, en, vi))
    return [s for s in sections if s[1]]


MESSAGES = {m[0]: m for _, messages in catalogue() for m in messages}


def entries(name, macro):
    return [re.match(r"%s\((.*)\)$" % macro, line).group(1) for line in read("gen/cli/" + name).split("\n") if line.startswith(macro + "(")]


class Table:
    """The verbs, options and examples of the command line."""

    def __init__(self):
        self.verbs = []  # (ID, name, args message or None)
        for text in entries("verbs.def", "VB_VERB"):
            part = [p.strip() for p in text.split(",")]
            self.verbs.append((part[0], part[1].strip('"'), None if part[2] == "COUNT" else part[2]))
        self.options = []  # (name, letter, value, {IDs of verbs}, message)
        for text in entries("options.def", "VB_OPTION"):
            key, name, letter, value, verbs, message = [p.strip() for p in text.split(",")]
            ids = {v[0] for v in self.verbs} if verbs == "EVERY" else {v.strip() for v in verbs.split("|")}
            self.options.append((name.strip('"'), letter.strip("'") if letter != "0" else "", None if value == "NULL" else value.strip('"'), ids, message))
        self.examples = []  # (ID of the verb, command, message)
        for text in entries("examples.def", "VB_EXAMPLE"):
            verb, rest = text.split(",", 1)
            self.examples.append((verb, strings(rest)[0], rest.rsplit(",", 1)[1].strip()))
        if len(self.verbs) < 8 or len(self.options) < 25:
            sys.exit("made: the tables of gen/cli are not read as they are written")


TABLE = Table()


def english(message):
    return MESSAGES[message][3]


# ---- completion ----------------------------------------------------------------------------------------------------

def completion_tables():
    out = ["  case $1 in"]
    for ident, name, _ in TABLE.verbs:
        words = []
        for option, letter, value, verbs, _m in TABLE.options:
            if ident in verbs:
                words += ["-" + letter] * bool(letter) + ["--%s%s" % (option, "=" if value else "")]
        out.append("    %s) echo '%s' ;;" % (name, " ".join(words)))
    out += ["    *) echo '%s --help --version --lang= --quiet --verbose' ;;" % " ".join(v[1] for v in TABLE.verbs), "  esac"]
    return "\n".join(out)


def completion_values():
    out, seen = ["  case $1 in"], set()
    for ident, name, _ in TABLE.verbs:
        for option, letter, value, verbs, _m in TABLE.options:
            if ident not in verbs or not value or (name, option) in seen:
                continue
            seen.add((name, option))
            names = "%s:--%s%s" % (name, option, "|%s:-%s" % (name, letter) if letter else "")
            what = "words " + value.replace("|", " ") if "|" in value else {"DIR": "folders", "LIST": "list pdf xlsx edxml tree pages", "NAME": "words utf-8 utf-16 windows-1258 tcvn3 vni",
                                                                          "FILE": "files", "PEM": "files", "PNG": "files"}.get(value, "nothing")
            out.append("    %s) echo '%s' ;;" % (names, what))
    return "\n".join(out + ["  esac"])


# ---- manual --------------------------------------------------------------------------------------------------------

def manual_commands():
    out = [".Bl -tag -width Ds"]
    for ident, name, args in TABLE.verbs:
        out.append(".It Ic %s%s" % (name, mdoc.arguments(english(args)) if args else ""))
        out.append(mdoc.text(english("HELP_" + ident)[0].upper() + english("HELP_" + ident)[1:] + "."))
        out.append(mdoc.text(english("MORE_" + ident)))
    return "\n".join(out + [".El"])


def manual_options():
    out = []
    for ident, name, _ in TABLE.verbs:
        own = [o for o in TABLE.options if ident in o[3] and len(o[3]) < len(TABLE.verbs)]
        if own:
            out += [".Ss vanban " + name, ".Bl -tag -width Ds"] + [line for o in own for line in manual_option(o)] + [".El"]
    every = [o for o in TABLE.options if len(o[3]) == len(TABLE.verbs)]
    return "\n".join(out + [".Ss Every command", ".Bl -tag -width Ds"] + [line for o in every for line in manual_option(o)] + [".El"])


def manual_option(o):
    name, letter, value, _, message = o
    head = ".It "
    if letter:
        head += "Fl %s%s , " % (letter, " Ar " + mdoc.word(value) if value else "")
    head += "Fl -%s" % name + (" Ns = Ns Ar " + mdoc.word(value) if value else "")
    text = english(message)
    return [head, mdoc.text(text[0].upper() + text[1:] + ".")]


def manual_examples():
    out = []
    for _, command, message in TABLE.examples:
        text = english(message)
        out += [mdoc.text(text[0].upper() + text[1:] + ":"), ".Pp", ".Dl " + mdoc.escape(command), ".Pp"]
    return "\n".join(out[:-1])


# ---- messages ------------------------------------------------------------------------------------------------------

MESSAGES_HEAD = """# Messages

Every message that the program can give, by the part of it that speaks. A message reads `file:line:column: level: text [rule]`; the text says what is wrong and,
behind the semicolon or colon, what to do. `…` stands for what differs from case to case. The rule in brackets is what a `<waive>` of job.xml names
(see [checking.md](checking.md), which lists the rules on figures and words, written as one letter and digits, such as `A06`).

| level | means | exit code |
| --- | --- | --- |
| info | worth knowing; shown with `-v` | 0 |
| warning | look at it; with `--strict` it counts as an error | 0 |
| error | the document it is about is withheld, the others are written; without a document or unit named it withholds all of the job | 1 |
| fault | the system: nothing can be read, written or found at that place; printed as *error* | 3 |

This page is made from the catalogue `gen/base/messages.def` by `tests/made.py --write`.
"""

# What to do about all messages of a rule, where a message is too short to say it.
ADVICE = {
    "xml-form": "The file is no XML as it stands. Open it in an editor at the line and column named; most often a `<`, `&` or quote is missing or one too many.",
    "xml-valid": "The file is XML, but an element or attribute is not one that stands there. The message names what may; docs/formats.md and docs/templates.md say what each means.",
    "xml-limit": "A limit of gen/base/limits.h, each with its reason there. Split the file.",
    "zip-limit": "A workbook or package far larger than any real one. Save it anew from the spreadsheet, or split it.",
    "read-limit": "A limit of gen/base/limits.h. Check whether the file is what it says it is.",
    "sql-limit": "An expression of a template or form that runs too long; docs/templates.md.",
    "system-write": "Nothing half written is left. Make room, or get the right to write into the folder, and run again: what was complete stays.",
    "system-read": "Check the name, and that you may read the file.",
    "edxml-read": "The package does not follow QCVN 102:2016. The sender's system has to make it anew.",
    "verify": "A file differs from what the manifest says; build again, or find out who changed it.",
    "usage": "The command line is wrong, and nothing was done. The exit code is 2.",
}
LEVELS = {"info": "info", "warning": "warning", "error": "error", "fatal": "fault"}


def cell(text):
    return re.sub(r"\{\d\}", "…", text).strip().replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def messages_page():
    out = [MESSAGES_HEAD]
    for section, messages in catalogue():
        shown = [m for m in messages if m[2] not in ("say", "help", "rule")]
        if not shown:
            continue
        out.append("## %s\n" % section.split(":")[0].split(",")[0].capitalize() if out[-1] != section else "")
        rules = []
        for m in shown:
            if m[2] not in rules:
                rules.append(m[2])
        for rule in rules:
            out.append("### %s\n" % rule)
            if rule in ADVICE:
                out.append(ADVICE[rule] + "\n")
            out.append("| id | level | message | tiếng Việt |\n| --- | --- | --- | --- |")
            out += ["| %s | %s | %s | %s |" % (m[0], LEVELS[m[1]], cell(m[3]), cell(m[4])) for m in shown if m[2] == rule]
            out.append("")
    return "\n".join(out).rstrip("\n") + "\n"


# ---- rooms ---------------------------------------------------------------------------------------------------------

def rooms():
    """{room: (rooms it may include, libraries)} in the order of gen/ROOMS."""
    out = {}
    for line in read("gen/ROOMS").split("\n"):
        if line and not line.startswith("#"):
            name, rest = line.split(":", 1)
            uses, libraries = rest.split(";")
            out[name] = (uses.split(), libraries.split())
    return out


def drawing():
    """A graph without the arrows that follow from others."""
    table = rooms()

    def reaches(room, target):
        return target in table[room][0] or any(reaches(r, target) for r in table[room][0])
    out = ["```mermaid", "flowchart BT"]
    for room, (uses, libraries) in table.items():
        out.append("  %s[\"%s%s\"]" % (room, room, "<br><i>%s</i>" % ", ".join(libraries) if libraries else ""))
    for room, (uses, _) in table.items():
        out += ["  %s --> %s" % (room, u) for u in uses if not any(reaches(v, u) for v in uses if v != u)]
    out += ["```", "", "| room | may use | libraries met only here |", "| --- | --- | --- |"]
    out += ["| %s | %s | %s |" % (room, " ".join(uses) or "–", " ".join(libraries) or "–") for room, (uses, libraries) in table.items()]
    return "\n".join(out)


# ---- valid files ---------------------------------------------------------------------------------------------------

def known_files():
    out = ["/* Made by tests/made.py --write, which lets xmllint validate them: SHA-256 of a schema and of a file that is valid by it. Included by xml_known.c. */"]
    for schema, pattern in (("archive", "mappings"), ("form", "forms"), ("registers", "registers"), ("template", ""), ("template", "parts")):
        rng = "templates/schemas/%s.rng" % schema
        files = sorted(glob.glob(os.path.join("templates", pattern, "*.xml")))
        if re.search(r"<(include|externalRef)\b", read(rng)):
            sys.exit("made: %s takes in another file, whose bytes its hash does not cover" % rng)
        subprocess.run(["xmllint", "--noout", "--relaxng", rng, *files], check=True, stderr=subprocess.DEVNULL)
        for path in files:
            out.append("/* %s: %s */" % (schema, os.path.relpath(path, "templates")))
            out.append("VB_XML_KNOWN(\"%s\", \"%s\")" % tuple(hashlib.sha256(open(p, "rb").read()).hexdigest() for p in (rng, path)))
    return "\n".join(out) + "\n"


# ---- all of it -----------------------------------------------------------------------------------------------------

def between(path, made, comment):
    """The file with the lines between `<comment> made: NAME` and `<comment> end` replaced."""
    text = read(path)
    for name, lines in made.items():
        head, tail = re.escape(comment[0] + " made: " + name + comment[1]), re.escape(comment[0] + " end" + comment[1])
        text, n = re.subn(r"(?ms)^(%s\n).*?^(%s)$" % (head, tail), lambda m: m.group(1) + lines + "\n" + m.group(2), text)
        if n != 1:
            sys.exit("made: %s has no lines made: %s" % (path, name))
    return text


def all_made():
    formats, templates = read("docs/formats.md"), read("docs/templates.md")
    yield "completions/vanban", between("completions/vanban", {"words": completion_tables(), "values": completion_values()}, ("#", ""))
    yield "docs/man/vanban.1", between("docs/man/vanban.1", {"commands": manual_commands(), "options": manual_options(), "examples": manual_examples()}, ('.\\"', ""))
    yield "docs/messages.md", messages_page()
    yield "docs/architecture.md", between("docs/architecture.md", {"rooms": drawing()}, ("<!--", " -->"))
    yield "gen/xml/xml_known.def", known_files()
    for name, about, page, heads in (
            ("job", "the folder of one job and its job.xml", formats, ["The job folder", "job.xml"]),
            ("values", "figures and lists that vanban reads: CSV, XML, workbooks", formats, ["Lists", "Built-in lists", "Values", "Deliveries", "Numbers and dates", "Encodings"]),
            ("narrative", "text of clerks that goes into a document", formats, ["Text of clerks"]),
            ("manifest", "what vanban writes, and manifest.json", formats, ["What comes out"]),
            ("template", "a kind of document as an XML file", templates, ["Files", "The template", "Text", "Blocks", "Parts", "Reports over other units", "Limits"]),
            ("form", "indicators of a statistical form as an XML file", templates, ["Forms"])):
        yield "docs/man/vanban-%s.5" % name, mdoc.page("vanban-" + name, about, page, heads)


def main():
    stale = []
    for path, text in all_made():
        if os.path.exists(path) and read(path) == text:
            continue
        stale.append(path)
        if "--write" in sys.argv:
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
    if stale:
        print("made: %s: %s" % ("written" if "--write" in sys.argv else "out of date; run tests/made.py --write", " ".join(stale)))
    sys.exit(1 if stale and "--write" not in sys.argv else 0)


if __name__ == "__main__":
    main()
