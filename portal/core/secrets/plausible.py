"""Does a word look like something that somebody keeps secret?"""

import re

_HARMLESS = re.compile(
    r"(?i)\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?|\d{1,2}[:h]\d{2}(?:[ap]m)?|v?\d+(?:\.\d+)+"
    r"|https?://.*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|#\d+|\d{1,3}-?[a-z]+(?:-[a-z]+)*|[(\[].*|[a-z]+'[a-z]+"
)


def strong(value: str) -> bool:
    """Not a word, a date, a version or an address: what people make up when a form asks them."""
    if len(value) < 6 or _HARMLESS.fullmatch(value):
        return False
    letters = any(map(str.isalpha, value))
    digits = any(map(str.isdigit, value))
    signs = bool(re.search(r"[!@#$%^&*+=~?|\\{}]", value))
    return letters + digits + signs >= 2


_STATUS = re.compile(
    r"(?i)required|optional|expired|(?:in)?(?:correct|valid)|wrong|reset(?:ting)?|forgotten|lost"
    r"|unknown|none|null|nil|undefined|true|false|yes|empty|blank|missing|hidden|same|changed"
    r"|string|text|str|password|passwd|token|secret|error|fail(?:ed|ure)|denied|rejected|locked"
    r"|disabled|enabled|weak|strong|help|problem|issue|question|urgent|login|redacted|removed"
    r"|masked|n/a|changeme|example|(?:requerid|obligatori|caducad|olvidad|perdid|ningun|desconocid"
    r"|restablecid|cambiad|vací|mism|bloquead|expirad|(?:in)?correct|(?:in)?válid)[oa]"
    r"|restablecer|igual|débil|texto|contraseña|clave|ayuda|problema|pregunta|urgente"
)
_SAID = re.compile(
    r"(?i)\b(?:must|required?|requires|invalid|should|can(?:not|'t)|not|is|are|was|at least|too"
    r"|debe|es|no|son|incorrect[oa]?|demasiado)\b"
)
_STAND_IN = re.compile(r"(.)\1*|[$%{<\[].*|.*⟦.*|(?i:your|my|tu|su)[-_ ].*", re.DOTALL)


def stands_in(value: str) -> bool:
    """Something that stands for a secret: ****, ${PASSWORD}, <your password>, a marker."""
    return bool(_STAND_IN.fullmatch(value))


def said_about(value: str) -> bool:
    """Words about a secret, or something that stands for one, but no secret."""
    if _STATUS.fullmatch(value) or stands_in(value):
        return True
    return " " in value and bool(_SAID.search(value))
