"""The API as OpenAPI 3.1 tells it, written from the table of routes and its models."""

import json
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from api.problem import Problem
from api.route import AnyRoute
from api.scopes import Scope
from api.webhook_out import MESSAGES

Json = dict[str, Any]  # a document of many shapes

_REF: Final = "#/components/schemas/{model}"
_ABOUT: Final = """Calls, payments and all that belongs to them.

Lists come a page at a time: `next_cursor` of one is `cursor` of the next. Times are ISO 8601 in UTC, amounts
are integers in minor units. Every POST takes an `Idempotency-Key`. Mistakes are told as problem+json
(RFC 9457): `code` is stable."""
_PART: Final = re.compile(r"\{(\w+)[^}]*\}")


def document(table: Iterable[AnyRoute]) -> Json:
    """The whole document."""
    listed = [route for route in table if route.listed]
    schemas, names = _schemas(listed)
    paths: Json = {}
    for route in sorted(listed, key=lambda one: (one.path, one.method)):
        path = _PART.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tellerline", "version": version("tellerline"), "description": _ABOUT},
        "security": [{"key": []}, {"session": []}],
        "paths": paths,
        "webhooks": {topic: {"post": _told(topic, names)} for topic in MESSAGES},
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "an API key, or a short token"},
                "session": {"type": "apiKey", "in": "cookie", "name": "tellerline_session"},
            },
        },
    }


def written(table: Iterable[AnyRoute]) -> str:
    """The document as it lies in docs/reference/openapi.json."""
    return json.dumps(document(table), indent=1, ensure_ascii=False) + "\n"


Names = dict[tuple[type[BaseModel], JsonSchemaMode], Json]


def _schemas(table: Sequence[AnyRoute]) -> tuple[Json, Names]:
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Problem, "serialization")]
    models += [(message, "serialization") for message in MESSAGES.values()]
    for route in table:
        models += [(one, "validation") for one in (route.query, route.body) if one is not None]
        models += [(route.answer, "serialization")] if route.answer is not None else []
    names, told = models_json_schema(list(dict.fromkeys(models)), ref_template=_REF)
    queries = {route.query for route in table if route.query is not None}
    schemas = {
        name: schema
        for name, schema in sorted(told.get("$defs", {}).items())
        if name not in {query.__name__ for query in queries}
    }
    return schemas, {
        (model, mode): ref for (model, mode), ref in names.items() if issubclass(model, BaseModel)
    }


def _operation(route: AnyRoute, names: Names) -> Json:
    operation: Json = {
        "operationId": _name(route),
        "summary": route.summary,
        "tags": [_tag(route)],
        "parameters": [*_in_path(route), *_in_query(route), *_in_headers(route)],
        "responses": {
            str(route.status if _says(route) else 204): _answer(route, names),
            "default": _problem(names),
        },
        "x-scope": str(route.scope),
    }
    if route.scope is Scope.OPEN:
        operation["security"] = []
    if route.body is not None:
        schema = {"schema": names[route.body, "validation"]}
        kinds = ["application/json", *(["application/x-www-form-urlencoded"] if route.form else [])]
        operation["requestBody"] = {"required": True, "content": dict.fromkeys(kinds, schema)}
    return {name: value for name, value in operation.items() if value != [] or name == "security"}


def _told(topic: str, names: Names) -> Json:
    """A message of ours to whoever asked for the topic."""
    schema = {"schema": names[MESSAGES[topic], "serialization"]}
    return {
        "operationId": f"webhook_{topic.replace('.', '_')}",
        "summary": f"{topic}, signed as Standard Webhooks has it",
        "security": [],
        "requestBody": {"required": True, "content": {"application/json": schema}},
        "responses": {"2XX": {"description": "it was taken; any other answer is tried again"}},
    }


def _says(route: AnyRoute) -> bool:
    return route.answer is not None or bool(route.media) or route.status != 200


def _answer(route: AnyRoute, names: Names) -> Json:
    content: Json = {}
    if route.answer is not None:
        content["application/json"] = {"schema": names[route.answer, "serialization"]}
    if route.csv:
        content["text/csv"] = {"schema": {"type": "string"}}
    if route.media:
        content[route.media] = {}
    told: Json = {"description": route.summary}
    if content:
        told["content"] = content
    if route.edits:
        told["headers"] = {"ETag": {"schema": {"type": "string"}}}
    return told


def _problem(names: Names) -> Json:
    schema = {"schema": names[Problem, "serialization"]}
    return {"description": "why it was not carried out", "content": {"application/problem+json": schema}}


def _in_path(route: AnyRoute) -> list[Json]:
    schema = {"type": "string", "minLength": 1}
    return [
        {"name": name, "in": "path", "required": True, "schema": schema} for name in _PART.findall(route.path)
    ]


def _in_query(route: AnyRoute) -> list[Json]:
    if route.query is None:
        return []
    told = route.query.model_json_schema(ref_template=_REF)
    told_parts = told.get("$defs", {})
    return [
        {
            "name": name,
            "in": "query",
            "required": name in told.get("required", []),
            "schema": _inlined(schema, told_parts),
        }
        for name, schema in told["properties"].items()
    ]


def _inlined(schema: Json, parts: Json) -> Json:
    """The schema of a parameter, with what it refers to in its place."""
    if "$ref" in schema:
        return {
            **parts[schema["$ref"].rpartition("/")[2]],
            **{k: v for k, v in schema.items() if k != "$ref"},
        }
    if "anyOf" in schema:
        return {**schema, "anyOf": [_inlined(one, parts) for one in schema["anyOf"]]}
    return schema


def _in_headers(route: AnyRoute) -> list[Json]:
    names = ["Idempotency-Key"] if route.method == "POST" and route.replays else []
    names += ["If-Match"] if route.edits and route.method in {"PUT", "PATCH", "DELETE"} else []
    return [{"name": name, "in": "header", "required": False, "schema": {"type": "string"}} for name in names]


def _name(route: AnyRoute) -> str:
    """`get_calls_id_recording`: the method and the words of the path."""
    words = re.findall(r"[A-Za-z0-9]+", route.path.removeprefix("/v1"))
    return "_".join([route.method.lower(), *words])


def _tag(route: AnyRoute) -> str:
    words = [word for word in route.path.split("/") if word and word != "v1"]
    return words[0] if words else "page"
