"""Pack files as documents: read, put together with what they extend, and written canonically."""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any, Final, TypeGuard

from portal.policy.reading import KEY

SHIPPED: Final = Path(__file__).parent / "packs"
LARGEST: Final = 1_000_000  # bytes
Document = dict[str, Any]


class InvalidPack(ValueError):
    """Everything that is wrong with one file, a line each: file, key and reason."""

    def __init__(self, file: str, problems: Iterable[str]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{file}: {problem}" for problem in self.problems))


def read_document(path: Path) -> Document:
    """The file with everything it extends; InvalidPack if any of them can't be read."""
    return _read(path, ())


def canonical(document: Mapping[str, Any]) -> str:
    """The same text for the same meaning, whatever the order of keys and the comments."""
    return json.dumps(document, default=_plain, sort_keys=True, ensure_ascii=False, indent=1)


def digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a support model")


def _read(path: Path, below: tuple[str, ...]) -> Document:
    document = _parse(path)
    parent = document.pop("extends", None)
    without = document.pop("without", {})
    if parent is None:
        if without:
            raise InvalidPack(path.name, ["without: only a pack that extends another leaves out"])
        return document
    inherited = _read(_parent(path, parent, below), (*below, path.stem))
    return merged(_left_out(path.name, inherited, without), document)


def _parse(path: Path) -> Document:
    try:
        if path.stat().st_size > LARGEST:
            raise InvalidPack(path.name, [f"is larger than {LARGEST:,} bytes"])
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidPack(path.name, [_where(str(error), text)]) from error
    except UnicodeDecodeError as error:
        raise InvalidPack(path.name, [f"is not UTF-8: {error.reason}"]) from error
    except OSError as error:
        raise InvalidPack(path.name, [f"can't be read: {error.strerror}"]) from error


def _where(message: str, text: str) -> str:
    """tomllib's "… (at line 3, column 5)" with the place in front."""
    found = re.fullmatch(r"(.*) \(at (.*)\)", message)
    if not found:
        return message
    last = f"line {len(text.splitlines())}, at the end"
    return f"{last if found[2] == 'end of document' else found[2]}: {found[1]}"


def _parent(path: Path, name: object, below: tuple[str, ...]) -> Path:
    if not isinstance(name, str) or not KEY.fullmatch(name):
        raise InvalidPack(path.name, ['extends: write the key of a pack, e.g. "common"'])
    if name in (*below, path.stem):
        chain = " → ".join([*below, path.stem, name])
        raise InvalidPack(path.name, [f"extends: goes round in a circle: {chain}"])
    for folder in (path.parent, SHIPPED):
        if (parent := folder / f"{name}.toml").is_file():
            return parent
    raise InvalidPack(path.name, [f'extends: there is no pack "{name}" here or among the shipped'])


def _left_out(file: str, inherited: Document, without: object) -> Document:
    """`without = { intents = ["docs"] }` drops inherited entries."""
    if not isinstance(without, Mapping):
        raise InvalidPack(file, ['without: write e.g. without = { intents = ["docs"] }'])
    problems = []
    document = dict(inherited)
    for section, keys in without.items():
        entries = document.get(section)
        if not _is_keyed(entries) or not isinstance(keys, list):
            problems.append(f"without.{section}: nothing of that kind is inherited")
            continue
        inherited_keys = {entry["key"] for entry in entries}
        problems += [
            f'without.{section}: there is no "{key}" to leave out'
            for key in keys
            if key not in inherited_keys
        ]
        document[section] = [entry for entry in entries if entry["key"] not in keys]
    if problems:
        raise InvalidPack(file, problems)
    return document


def merged(inherited: Mapping[str, Any], own: Mapping[str, Any]) -> Document:
    """Own values win; tables merge key by key, arrays of tables with a `key` entry by entry."""
    document = dict(inherited)
    for key, value in own.items():
        document[key] = _merged_value(document.get(key), value)
    return document


def _merged_value(inherited: Any, own: Any) -> Any:
    if isinstance(inherited, Mapping) and isinstance(own, Mapping):
        return merged(inherited, own)
    if _is_keyed(inherited) and _is_keyed(own):
        return _merged_entries(inherited, own)
    return own


def _merged_entries(inherited: list[Document], own: list[Document]) -> list[Document]:
    entries = {entry["key"]: entry for entry in inherited}
    fresh = []
    for entry in own:
        if entry["key"] in entries:
            entries[entry["key"]] = merged(entries[entry["key"]], entry)
        else:
            fresh.append(entry)
    return [*fresh, *entries.values()]


def _is_keyed(value: object) -> TypeGuard[list[Document]]:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(entry, Mapping) and isinstance(entry.get("key"), str) for entry in value)
    )
