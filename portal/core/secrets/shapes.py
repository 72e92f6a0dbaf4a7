"""Secrets known by their own shape, as their issuers document it."""

import re
from collections.abc import Callable, Iterator

from portal.core.secrets.plausible import stands_in, strong
from portal.core.secrets.spans import Span

Shape = tuple[str, re.Pattern[str], Callable[[str], bool]]


def shaped(text: str) -> Iterator[Span]:
    for kind, pattern, plausible in _SHAPES:
        for match in pattern.finditer(text):
            if plausible(match["secret"]) and not stands_in(match["secret"]):
                yield *match.span("secret"), kind


def _any(secret: str) -> bool:
    return True


def _mixed(secret: str) -> bool:
    """Digits among letters of both cases: no word of any language."""
    return bool(
        re.search(r"\d", secret) and re.search(r"[a-z]", secret) and re.search(r"[A-Z]", secret)
    )


def _with_digit(secret: str) -> bool:
    return bool(re.search(r"\d", secret))


def _shape(kind: str, pattern: str, plausible: Callable[[str], bool] = _any) -> Shape:
    return kind, re.compile(pattern), plausible


_START = r"(?<![A-Za-z0-9_])"
_B64 = r"[A-Za-z0-9+/=]"
_URL64 = r"[A-Za-z0-9_-]"
_KEY_LABEL = r"[A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----"


def _token(pattern: str, plausible: Callable[[str], bool] = _any) -> Shape:
    return _shape("api_token", f"{_START}(?P<secret>{pattern})", plausible)


_SHAPES = [
    _shape(
        "private_key",
        rf"(?P<secret>-----BEGIN {_KEY_LABEL}"
        # to its end, or as far as it looks like a key when the end was cut off
        rf"(?:(?:[^-]|-(?!----)){{0,20000}}+-----END {_KEY_LABEL}"
        rf"|(?:(?:[\s>]|\\[rn]){{0,8}}+{_B64}{{16,400}}+){{1,400}}+(?:\s{_B64}{{1,15}}=)?))",
    ),
    _shape(
        "private_key",
        rf"Private-Lines: \d{{1,3}}\s{{1,4}}(?P<secret>(?:{_B64}{{20,80}}\s{{0,3}}){{1,200}}+)",
    ),
    _shape(
        "jwt",
        rf"{_START}(?P<secret>eyJ{_URL64}{{8,4000}}+"
        rf"(?:\.{_URL64}{{0,8000}}+(?:\r?\n[> ]{{0,3}}{_URL64}{{20,200}}+){{0,100}}+){{2,4}})",
    ),
    _token(r"(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])", _with_digit),
    _token(r"gh[opsur]_[A-Za-z0-9]{36,255}"),
    _token(r"github_pat_\w{22,255}"),
    _token(rf"gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct)-{_URL64}{{20,300}}"),
    _token(r"xox[a-z]-[A-Za-z0-9-]{10,300}", _with_digit),
    _token(r"xapp-\d-[A-Za-z0-9-]{20,300}"),
    _shape("api_token", r"hooks\.slack\.com/services/(?P<secret>T\w{6,20}/B\w{6,20}/\w{16,40})"),
    _token(r"[rs]k_(?:live|test)_[A-Za-z0-9]{16,250}"),
    _token(r"whsec_[A-Za-z0-9+/=]{24,250}"),
    _token(rf"AIza{_URL64}{{35}}"),
    _token(rf"ya29\.{_URL64}{{20,2000}}"),
    _token(rf"GOCSPX-{_URL64}{{20,60}}"),
    _token(rf"sk-{_URL64}{{20,300}}", _mixed),
    _token(rf"SG\.{_URL64}{{16,32}}\.{_URL64}{{30,64}}"),
    _token(r"npm_[A-Za-z0-9]{36}"),
    _token(rf"pypi-AgE{_URL64}{{50,400}}"),
    _token(r"do[opr]_v1_[a-f0-9]{64}"),
    _token(r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    _token(r"lin_api_[A-Za-z0-9]{32,64}"),
    _token(r"ATATT3[\w=-]{50,400}"),
    _token(rf"\d{{8,10}}:AA{_URL64}{{33}}(?!{_URL64})"),
    _shape(
        "api_token",
        r"(?i)\bauthorization['\"]?\s{0,3}[:=]\s{0,3}['\"]?(?:[a-z-]{1,20}\s{1,3})?"
        r"(?P<secret>[^\s'\"<>]{8,4000})",
        _with_digit,
    ),
    _shape("api_token", r"(?i)\bbearer\s{1,3}(?P<secret>[\w.~+/-]{16,4000}=*)", _with_digit),
    _shape(
        "session_cookie",
        r"(?i)\bcookie:\s{0,3}(?P<secret>[^\s=;'\"]{1,100}=[^\n'\"]{8,4000})",
    ),
    # user:password@ of an address, or as an option; the rest helps whoever reads
    _shape(
        "password",
        rf"{_START}[a-zA-Z][a-zA-Z0-9+.-]{{1,20}}://[^\s:/@?#]{{0,100}}:"
        r"(?P<secret>[^\s/?#@][^\s/?#]{0,200})@",
    ),
    _shape(
        "password",
        r"\s(?:-u|--user)[ =]['\"]?[\w.@+-]{1,100}:(?P<secret>[^\s'\"]{3,200})",
        lambda secret: not secret.isdigit(),  # a container's user and group
    ),
    _shape("password", r"\bmysql\w{0,6} [^\n]{0,80}?(?<=\s)-p(?P<secret>[^\s'\"-]\S{2,100})"),
    # user and password in one breath: "login/pass: ana / Verano2024!"
    _shape(
        "password",
        r"(?i)\b(?:user(?:name)?|usuario|login|e-?mail|correo)\s{0,2}(?:/|and|y|&|\+)\s{0,2}"
        r"(?:password|pass|pwd|contraseña|contrasena|clave)\s{0,2}(?::|=|are|son|is|es)\s{0,3}"
        r"[^\s/,|]{1,100}\s{0,2}(?:/|,|\||and|y)?\s{0,2}(?P<secret>[^\s]{3,200})",
        strong,
    ),
    _shape(
        "card_code",
        r"(?i)\b(?:cvv2?|cvc2?|cvn)\b[^\w\n]{0,5}(?:is|es)?[^\w\n]{0,3}(?P<secret>\d{3,4})\b",
    ),
]
