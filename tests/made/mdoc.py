"""Sections of our Markdown pages as manual pages (mdoc), for tests/made.py. Knows what those pages use: headings, paragraphs, lists,
tables, blocks of code, `code`, *stress* and links."""
import re

DATE = "November 28, 2026"
OTHERS = {"job", "values", "narrative", "manifest", "template", "form"}


def escape(text):
    """Text that mdoc prints as it stands."""
    text = text.replace("\\", "\\e").replace("`", "\\(ga").replace("´", "\\(aa").replace("^", "\\(ha").replace("~", "\\(ti")
    text = text.replace('"', "\\(dq")
    return re.sub(r"^([.'])", r"\\&\1", text)


def word(text):
    """One word of a macro line: what mdoc would read as a delimiter or a macro is no such thing."""
    text = escape(text)
    return "\\&" + text if re.fullmatch(r"[][(){}|.,:;?!]+", text) or re.fullmatch(r"[A-Z][a-z]", text) or text in ("An", "Ar", "No") else text


def text(s):
    """A line of text; code and stress become fonts."""
    out = []
    for part in re.split(r"(`[^`]+`|\*\*[^*`]+\*\*|\*[^ *`][^*`]*\*)", s):
        if part.startswith("`") and len(part) > 2:
            out.append("\\fB" + escape(part[1:-1]).replace("\\&.", ".").replace(". ", ".\\& ") + "\\fP")
        elif part.startswith("**") and len(part) > 4:
            out.append("\\fB" + escape(part[2:-2]) + "\\fP")
        elif part.startswith("*") and len(part) > 2:
            out.append("\\fI" + escape(part[1:-1]) + "\\fP")
        else:
            out.append(escape("\0" + part).replace("\0", "") if out else escape(part))
    # sentences begin lines; an abbreviation of two letters ends none
    return re.sub(r"(?<=[A-Za-zÀ-ỹ0-9)q])\. (?=[A-ZÀ-Ỹ`\\])", ".\n", "".join(out))


def arguments(s):
    """ "[JOB]" and "TEMPLATE DIR" of a usage line as arguments of .It """
    out = ""
    for a in s.split():
        optional, name = a.startswith("["), a.strip("[]…")
        out += " Op Ar %s" % name if optional else " Ar %s" % name + (" ..." if a.endswith("…") else "")
    return out


def plain(s):
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", s).replace("&gt;", ">").replace("&lt;", "<")


def lines_of(s):
    """Text as lines that none begins with a macro by chance."""
    return "\n".join(re.sub(r"^([.'])", r"\\&\1", x.strip()) for x in text(plain(s)).split("\n") if x.strip())


def table(rows):
    """A table as a list: the first column is the item, the others follow with their headings where there are several."""
    heads, body = rows[0], rows[2:]
    out = [".Bl -tag -width Ds"]
    for row in body:
        out.append(".It " + text(plain(row[0])).replace("\n", " "))
        rest = [(h, c) for h, c in zip(heads[1:], row[1:]) if c]
        said = "; ".join(c if i == 0 and len(heads) < 3 or not h else "%s: %s" % (h, c) for i, (h, c) in enumerate(rest))
        if said:
            out.append(lines_of(said + "."))
    return out + [".El"]


def blocks(section):
    """The lines of a section in mdoc."""
    out, lines, i = [], section.split("\n"), 0
    while i < len(lines):
        line = lines[i]
        if line.startswith("```"):
            end = next(k for k in range(i + 1, len(lines)) if lines[k].startswith("```"))
            name = re.match(r"```\w* ?(\S*)", line).group(1)
            if name and name != "result":
                out += [".Pp", "The file", ".Pa " + word(name) + " :"]
            out += [".Bd -literal -offset indent"] + [escape(x) if x else "" for x in lines[i + 1:end]] + [".Ed"]
            i = end + 1
        elif line.startswith("    ") and line.strip():
            end = i
            while end < len(lines) and lines[end].startswith("    "):
                end += 1
            out += [".Bd -literal -offset indent"] + [escape(x[4:]) for x in lines[i:end]] + [".Ed"]
            i = end
        elif line.startswith("|"):
            end = i
            while end < len(lines) and lines[end].startswith("|"):
                end += 1
            rows = [[c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", x)[1:-1]] for x in lines[i:end]]
            out += table(rows)
            i = end
        elif line.startswith("### "):
            out.append(".Ss " + escape(line[4:].replace("`", "").replace("<", "").replace(">", "")))
            i += 1
        elif line.startswith("- "):
            out.append(".Bl -bullet")
            while i < len(lines) and lines[i].startswith("- "):
                item = [lines[i][2:]]
                i += 1
                while i < len(lines) and lines[i].startswith("  "):
                    item.append(lines[i].strip())
                    i += 1
                out += [".It", lines_of(" ".join(item))]
            out.append(".El")
        elif line.strip():
            para = []
            while i < len(lines) and lines[i].strip() and not re.match(r"```|    |\||#|- ", lines[i]):
                para.append(lines[i].strip())
                i += 1
            out += [".Pp", lines_of(" ".join(para))]
        else:
            i += 1
    text_out = "\n".join(out)
    return re.sub(r"(?m)^(\.Ss .*)\n\.Pp$", r"\1", text_out)


def page(name, about, source, heads):
    sections = dict(re.findall(r"(?ms)^## (.*?)\n(.*?)(?=^## |\Z)", source))
    out = ['.\\" Made by tests/made.py from docs/: change the page there.', ".Dd " + DATE, ".Dt %s 5" % name.upper(), ".Os", ".Sh NAME", ".Nm " + name,
           ".Nd " + about, ".Sh DESCRIPTION"]
    for i, head in enumerate(heads):
        body = blocks(sections[head].strip("\n"))
        if i == 0:
            out.append(re.sub(r"^\.Pp\n", "", body))
        else:
            out += [".Sh " + escape(head).upper(), re.sub(r"^\.Pp\n", "", body)]
    own = name.split("-")[1]
    others = sorted("vanban-" + o for o in OTHERS - {own})
    out += [".Sh SEE ALSO", ".Xr vanban 1 ,"] + [".Xr %s 5%s" % (o, " ," if o != others[-1] else "") for o in others]
    return "\n".join(out) + "\n"
