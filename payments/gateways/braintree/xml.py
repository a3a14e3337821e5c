"""XML as Braintree writes it: dashes in names, and a `type` on what is no text."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as Tree
from xml.sax.saxutils import escape

Node = Any
"""A text, None for an empty element, a dict of children, or a list where the type is `array`."""


def written(name: str, node: Node) -> str:
    """An element; underscores in names become dashes."""
    tag = name.replace("_", "-")
    kind, inner = _inner(node)
    return f"<{tag}{kind}>{inner}</{tag}>"


def document(name: str, node: Node) -> str:
    """A whole document with one root."""
    return f'<?xml version="1.0" encoding="UTF-8"?>{written(name, node)}'


def read(body: bytes | str) -> dict[str, Node]:
    """A document as `{root: node}`, names with underscores. Raises ValueError for what is no XML."""
    try:
        root = Tree.fromstring(body)  # noqa: S314 - expat 2.4 and newer refuse entity bombs, and fetch nothing
    except Tree.ParseError as error:
        raise ValueError(f"not XML: {error}") from None
    return {_name(root): _node(root)}


def _inner(node: Node) -> tuple[str, str]:
    match node:
        case bool():
            inner = ' type="boolean"', str(node).lower()
        case int():
            inner = ' type="integer"', str(node)
        case datetime():
            inner = ' type="datetime"', f"{node:%Y-%m-%dT%H:%M:%SZ}"
        case Mapping():
            inner = "", _all(node.items())
        case list():
            inner = ' type="array"', _all(("item", one) for one in node)
        case _:
            inner = "", escape(node or "")
    return inner


def _all(children: Iterable[tuple[str, Node]]) -> str:
    return "".join(written(name, node) for name, node in children)


def _name(element: Tree.Element) -> str:
    return element.tag.replace("-", "_")


def _node(element: Tree.Element) -> Node:
    if element.get("type") == "array":
        return [_node(child) for child in element]
    if not len(element):
        return (element.text or "").strip() or None
    return {_name(child): _node(child) for child in element}
