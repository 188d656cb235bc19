"""Mediazona's own file: the script that draws the charts of its page and carries their figures as JSON.

What belongs here: getting at the JSON. What does not: what the figures mean (the folders of the sources that take it).

The page refers to the script as `…/infographics/bodycount/main.<hash>.js`; a person brings it, or the one object cut
out of it. That the figures stand in it as `JSON.parse('…')` is described by Narretz/sbs-stats (scripts/mediazona).
"""

import re

from orchestration.sources import parsing
from orchestration.sources.errors import SourceFormatError

_LITERAL = re.compile(r"JSON\.parse\('((?:\\.|[^'\\])*)'\)", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}


def documents(content: bytes, path: str) -> list[object] | None:
    """The JSON documents of a script, or the one that the file is; None where it is neither (a table).

    Raises SourceFormatError for an empty file, a web page, other bytes than UTF-8, and a document cut short. Text in a
    script that is not JSON belongs to something else: whoever looks for a document says that it is not there.
    """
    text = parsing.text(content, path)
    if text.lstrip().startswith(("{", "[")):
        return [parsing.json_document(content, path)]
    literals = _LITERAL.findall(text)
    return _readable(literals, path) if literals else None


def _readable(literals: list[str], path: str) -> list[object]:
    found = []
    for literal in literals:
        try:
            found.append(parsing.json_document(_ESCAPE.sub(_unescaped, literal).encode("utf-8", "replace"), path))
        except SourceFormatError:
            continue
    return found


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1]
    return chr(int(code[1:], 16)) if code[0] in "ux" and len(code) > 1 else _ESCAPED.get(code, code)
