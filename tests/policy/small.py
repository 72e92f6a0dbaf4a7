"""The smallest sound pack, and a way to spoil one thing in it."""

from pathlib import Path

SMALL = """
extends = "common"

[pack]
key = "small"
version = "1"
title = { en = "Small", es = "Pequeño" }
summary = { en = "Two severities", es = "Dos niveles" }
zone = "Europe/Madrid"
hours = "office"
default_severity = "low"
default_category = "question"

[calendars.office]
weekly = { mon-fri = "09:00-13:00, 14:00-18:00" }

[calendars.always]
always = true

[[plans]]
key = "basic"
name = { en = "Basic", es = "Básico" }
channels = ["email"]

[[plans]]
key = "gold"
name = { en = "Gold", es = "Oro" }
channels = ["email", "chat"]

[[severities]]
key = "high"
name = { en = "High", es = "Alta" }
description = { en = "It is down", es = "Está caído" }
tone = "burning"
urgent = true

[[severities]]
key = "low"
name = { en = "Low", es = "Baja" }
description = { en = "A question", es = "Una pregunta" }
tone = "low"

[[targets]]
severity = "high"
respond = { basic = "4h", gold = "1h" }

[[targets]]
respond = "8h"

[escalation]
warn_at = 0.75

[[stages]]
key = "in"
name = { en = "In", es = "Recibido" }
text = { en = "It is in", es = "Ha llegado" }
reached_by = ["created"]
"""


def written(folder: Path, *changes: tuple[str, str], name: str = "small.toml") -> Path:
    """SMALL with each (old, new) replaced once, in a file."""
    text = SMALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
