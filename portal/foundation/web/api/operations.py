"""The description of the JSON surface, arranged for a page that people read."""

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter or property. `shape` names the shape that it holds or lists."""

    name: str
    kind: str
    required: bool
    text: str
    choices: tuple[str, ...] = ()
    shape: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    text: str
    shape: str


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    title: str
    text: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[Answer, ...]
    curl: str


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    text: str
    fields: tuple[Field, ...]


def operations(document: Schema, base_url: str) -> Iterator[Operation]:
    """Short addresses first: lists before what hangs on one of their lines."""
    for path, item in sorted(document["paths"].items()):
        for method in METHODS:
            if method in item:
                yield _operation(document, base_url, path, method, item[method])


def shapes(document: Schema, operations: Iterable[Operation]) -> list[Shape]:
    """Those that answers are made of, each before what it holds."""
    waiting = [answer.shape for operation in operations for answer in operation.answers]
    found: dict[str, Shape] = {}
    while waiting:
        name = waiting.pop(0)
        if not name or name in found:
            continue
        schema = document["components"]["schemas"][name]
        found[name] = Shape(name, schema.get("description", ""), tuple(_fields(schema)))
        waiting += [field.shape for field in found[name].fields]
    return list(found.values())


def _operation(document: Schema, base_url: str, path: str, method: str, found: Schema) -> Operation:
    parameters = found.get("parameters", [])
    body = _body_of(document, found)
    return Operation(
        id=found["operationId"],
        method=method.upper(),
        path=path,
        title=found["summary"],
        text=found.get("description", ""),
        parameters=tuple(
            _field(one["name"], one["schema"], one.get("required", False)) for one in parameters
        ),
        body=tuple(_fields(body)),
        answers=tuple(_answer(*pair) for pair in found["responses"].items()),
        curl=_curl(base_url, path, method, parameters, body),
    )


def _body_of(document: Schema, operation: Schema) -> Schema:
    content = operation.get("requestBody", {}).get("content", {})
    name = _shape_of(content.get("application/json", {}).get("schema", {}))
    found: Schema = document["components"]["schemas"][name] if name else {}
    return found


def _answer(status: str, found: Schema) -> Answer:
    content: Schema = next(iter(found.get("content", {}).values()), {})
    return Answer(status, found["description"], _shape_of(content.get("schema", {})))


def _fields(schema: Schema) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, one in schema.get("properties", {}).items():
        yield _field(name, one, name in required)


def _field(name: str, schema: Schema, required: bool) -> Field:
    real = _real(schema)
    default = schema.get("default")
    return Field(
        name=name,
        kind=_kind(real),
        required=required,
        text=schema.get("description", ""),
        choices=tuple(str(choice) for choice in real.get("enum", ())),
        shape=_shape_of(real) or _shape_of(real.get("items", {})),
        default="" if default in (None, "", []) else json.dumps(default),
    )


def _real(schema: Schema) -> Schema:
    """Of "this or nothing", this."""
    options: list[Schema] = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return options[0] if options else schema


def _kind(schema: Schema) -> str:
    if "$ref" in schema:
        return _shape_of(schema)
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema.get("format", "text")) if kind == "string" else kind


def _shape_of(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _curl(base_url: str, path: str, method: str, parameters: Iterable[Schema], body: Schema) -> str:
    for parameter in parameters:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", parameter["schema"]["examples"][0])
    lines = ["curl" if method == "get" else f"curl -X {method.upper()}"]
    lines[0] += f" {base_url}{path}"
    lines.append('-H "Authorization: Bearer $TOKEN"')
    if any(parameter["name"] == "Idempotency-Key" for parameter in parameters):
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if body:
        example = json.dumps(dict(_examples(body)), ensure_ascii=False)
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(example)}"]
    return " \\\n  ".join(lines)


def _examples(body: Schema) -> Iterator[tuple[str, Any]]:
    for name in body.get("required", ()):
        one = body["properties"][name]
        yield name, (one.get("examples") or one.get("enum") or [""])[0]
