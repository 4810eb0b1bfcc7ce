"""The page's modules put into one, so that a page of forty modules is one request, and one file can hold it all.

Each module becomes a function that runs once and returns what it exports, in an order in which every module stands
behind those it imports; doc comments and indentation stay behind. It knows the forms that our own modules are written
in and refuses all others, so that it cannot misread one silently.
"""

import re
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from posixpath import dirname, join, normpath

_DOC = r"/\*\*[^*]*(?:\*(?!/)[^*]*)*\*/"
_COMMENT = re.compile(rf"^[ \t]*{_DOC}[ \t]*\n|{_DOC} ?", re.M)
_IMPORT = re.compile(r'^import (\{[^{}]*\}) from "(\.[^"\n]+)";$', re.M)
_LAZY = re.compile(r'\bimport\("(\.[^"\n]+)"\)')
_EXPORT = re.compile(r"^export (?=(?:async function|function|const|class) (\w+))", re.M)
_EXPORTS_AT_END = re.compile(r"export ?\{([^{}]*)\};?\s*\Z")
_INDENT = re.compile(r"^[ \t]+|\n(?=\n)", re.M)
_UNKNOWN = re.compile(r"^(?:import|export)\b(?!\().*$|\bimport\(", re.M)


def bundle(modules: Mapping[str, str], entry: str) -> str:
    """One module that does what `entry` does, of all the `modules` (text by path) that it leads to.

    Raises `ValueError` for a module that is not there, a circle of imports, or a form it does not know.
    """
    found = _reachable(modules, entry)
    needs = {path: [target for _, target in _imports(path, text)] for path, text in found.items()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise ValueError(f"modules import each other in a circle: {' → '.join(error.args[1])}") from error
    order.sort(key=lambda path: path == entry)  # what is imported when needed stands before who needs it, too
    return "".join(_scope(path, found[path]) for path in order)


def _reachable(modules: Mapping[str, str], entry: str) -> dict[str, str]:
    found: dict[str, str] = {}
    ahead = [entry]
    while ahead:
        path = ahead.pop()
        if path in found:
            continue
        if path not in modules:
            raise ValueError(f"there is no module {path}")
        text = _COMMENT.sub("", modules[path])
        found[path] = text
        ahead += [target for _, target in _imports(path, text)]
        ahead += [_resolve(path, match[1]) for match in _LAZY.finditer(text)]
    return found


def _imports(path: str, text: str) -> list[tuple[str, str]]:
    return [(match[1], _resolve(path, match[2])) for match in _IMPORT.finditer(text)]


def _resolve(path: str, target: str) -> str:
    return normpath(join(dirname(path), target))


def _scope(path: str, text: str) -> str:
    """A module as a constant: what it exports."""
    exported = [match[1] for match in _EXPORT.finditer(text)]
    text = _EXPORT.sub("", text)
    if at_end := _EXPORTS_AT_END.search(text):  # as bundlers write it
        exported += [_renamed(name, swap=True) for name in at_end[1].split(",")]
        text = text[: at_end.start()] + "\n"
    text = _IMPORT.sub(lambda match: f"const {_taken(match[1])} = {_name(_resolve(path, match[2]))};", text)
    text = _LAZY.sub(lambda match: f"Promise.resolve({_name(_resolve(path, match[1]))})", text)
    if unknown := _UNKNOWN.search(text):
        raise ValueError(f"{path}: not a form of import or export that can be bundled: {unknown[0][:80]}")
    if any(line.count("`") % 2 for line in text.splitlines()):
        raise ValueError(f"{path}: a template over several lines would lose its indentation")
    text = _INDENT.sub("", text)
    return f"const {_name(path)} = (() => {{\n{text}return {{ {', '.join(exported)} }};\n}})();\n"


def _taken(braces: str) -> str:
    names = [_renamed(name) for name in braces.strip("{}").split(",") if name.strip()]
    return f"{{ {', '.join(names)} }}"


def _renamed(name: str, swap: bool = False) -> str:
    """`a as b` as an object pattern says it (`a: b`), or as an object does (`b: a`)."""
    inner, _, outer = name.strip().partition(" as ")
    if not outer:
        return inner
    return f"{outer}: {inner}" if swap else f"{inner}: {outer}"


def _name(path: str) -> str:
    return "m_" + re.sub(r"\W", "_", path.removesuffix(".js"))
