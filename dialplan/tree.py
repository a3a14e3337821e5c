"""YAML as a plain tree: every scalar is the text that was written, every key knows its line.

Numbers of telephones are text: YAML would make 0800 the number 800 and drop the plus of +15550100.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Key = tuple[str, ...]
Tree = dict[str, "Tree"] | list["Tree"] | str | None

_VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?\})")
_DEPTH = 12
_NODES = 50_000


@dataclass(slots=True)
class Read:
    """What was read: the tree with its variables filled in, the lines (from 1) of its keys, what was wrong.

    `raw` holds scalars as they were written, before the environment filled them.
    """

    tree: Tree = None
    lines: dict[Key, int] = field(default_factory=dict)
    raw: dict[Key, str] = field(default_factory=dict)
    wrong: list[tuple[int, Key, str]] = field(default_factory=list)
    nodes: int = 0


def parse(text: str, environment: Mapping[str, str]) -> Read:
    """Read YAML. `${NAME}` and `${NAME:-default}` in a value come from the environment; `$$` is one dollar.

    They are filled in after parsing, so that what the environment holds is always one value.
    """
    read = Read()
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as problem:
        # the library's own message quotes the line, which may hold a password
        line = problem.problem_mark.line + 1 if problem.problem_mark else 0
        written = text.splitlines()[line - 1] if 0 < line <= len(text.splitlines()) else ""
        hint = '; within { } or [ ] write "${NAME}" with its quotes' if "${" in written else ""
        read.wrong.append((line, (), f"this is not YAML: {problem.problem}{hint}"))
        return read
    except YAMLError:
        read.wrong.append((0, (), "this is not YAML: it holds a character that YAML forbids"))
        return read
    if root is not None:
        read.tree = _Reader(read, environment).value(root, ())
    return read


class _Reader:
    """Walks the nodes of a file and notes what it finds."""

    def __init__(self, read: Read, environment: Mapping[str, str]) -> None:
        self._read = read
        self._environment = environment

    def value(self, node: Node, key: Key) -> Tree:
        self._read.nodes += 1
        if len(key) > _DEPTH or self._read.nodes > _NODES:  # aliases can refer to themselves
            self._wrong(node, key, "is nested too deep, or repeats itself")
            return None
        self._read.lines.setdefault(key, node.start_mark.line + 1)
        match node:
            case MappingNode():
                return self._mapping(node, key)
            case SequenceNode():
                return [self.value(item, (*key, str(place))) for place, item in enumerate(node.value)]
            case ScalarNode():
                return self._scalar(node, key)
        return None

    def _mapping(self, node: MappingNode, key: Key) -> Tree:
        entries: dict[str, Tree] = {}
        for name_node, value_node in node.value:
            if not isinstance(name_node, ScalarNode):
                self._wrong(name_node, key, "a key must be one word")
                continue
            name = str(name_node.value)
            inner = (*key, name)
            if name in entries:
                self._wrong(name_node, inner, f"stands here twice, first on line {self._read.lines[inner]}")
                continue
            self._read.lines[inner] = name_node.start_mark.line + 1
            entries[name] = self.value(value_node, inner)
        return entries

    def _scalar(self, node: ScalarNode, key: Key) -> str | None:
        text = str(node.value)
        self._read.raw[key] = text
        if node.style is None and text in ("", "~", "null"):
            return None
        return self._filled(node, key, text)

    def _filled(self, node: Node, key: Key, text: str) -> str:
        def fill(match: re.Match[str]) -> str:
            name, default = match["name"], match["default"]
            if name is None:
                return "$"
            found = self._environment.get(name) or default
            if found is None:
                self._wrong(
                    node, key, f"the environment has no {name}: set it, or write ${{{name}:-a default}}"
                )
                return "unset-" + name
            return found

        return _VARIABLE.sub(fill, text)

    def _wrong(self, node: Node, key: Key, reason: str) -> None:
        self._read.wrong.append((node.start_mark.line + 1, key, reason))
