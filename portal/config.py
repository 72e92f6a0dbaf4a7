"""Typed settings from the environment; the table in README.md lists them."""

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

PREFIX = "CORBEL_"
PLATFORM_NAME = "Corbel"
PORTALS = "/b/"  # before the slug of a portal, in paths of the platform's host
TRUE = frozenset({"1", "true", "yes", "on"})
T = TypeVar("T")
FALSE = frozenset({"0", "false", "no", "off", ""})


class SettingsError(ValueError):
    """One or more settings are wrong; the message names each variable and why."""


@dataclass(frozen=True, slots=True)
class Smtp:
    host: str
    port: int
    user: str
    password: str
    tls: str  # none | starttls | ssl


@dataclass(frozen=True, slots=True)
class Paging:
    endpoint: str
    routing_key: str
    fallback_email: str  # told when the page is not accepted or not confirmed
    confirm_minutes: int


@dataclass(frozen=True, slots=True)
class Settings:
    data: Path
    database_url: str
    redis_url: str
    secret_key: str
    base_url: str
    portal_domain: str  # `<slug>.<this>` is a builder's portal; empty: only paths are
    portal_target: str  # the name that builders' own hosts are an alias of
    dns: str  # "address:port" of a name server; empty: the machine's
    pack: str
    mail_from: str
    portal_mail_from: str  # the bare address of letters in a builder's name; empty: mail_from's
    mail_allowing: str  # the SPF term by which a builder lets our mail server send
    smtp: Smtp | None
    paging: Paging | None
    linear_url: str
    demo: bool
    staff_totp: bool  # whether the platform's people must give a code when they sign in
    web_workers: int
    web_threads: int
    max_streams: int
    proxies: int
    log_level: str
    metrics_token: str
    attachment_limit: int  # bytes
    events_kept: timedelta | None  # once dealt with; None is for ever
    letters_kept: timedelta | None  # what they said, once settled; None is for ever
    readings_kept: timedelta | None  # what was looked for and read, by whom; None is for ever
    testing: bool = False

    @property
    def embedded_redis(self) -> bool:
        return self.redis_url == embedded_redis_url(self.data)

    def portal_root(self, slug: str) -> str:
        """The address of a portal below the portal domain."""
        return self.root_at(f"{slug}.{self.portal_domain}")

    def portal_path_root(self, slug: str) -> str:
        """The address of a portal within the platform's."""
        return f"{self.base_url}{PORTALS}{slug}"

    def root_at(self, host: str) -> str:
        """The address of another host that leads to us: scheme and port are the platform's."""
        own = urlsplit(self.base_url)
        port = f":{own.port}" if own.port else ""
        return f"{own.scheme}://{host}{port}"

    @property
    def on_loopback(self) -> bool:
        """Nobody but this machine is served, or tests are run."""
        host = urlsplit(self.base_url).hostname
        return self.testing or host in {"127.0.0.1", "localhost", "::1"}

    @property
    def secure_cookies(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Raises SettingsError listing everything that is wrong, not only the first."""
        return _read(os.environ if environ is None else environ)


def embedded_redis_url(data: Path) -> str:
    return f"unix://{_socket(data)}"


def _socket(data: Path) -> Path:
    """In the data directory, or in a short one of its own: the system takes 107 bytes."""
    path = data / "valkey.sock"
    if len(os.fsencode(path)) < 100:
        return path
    import hashlib  # with OpenSSL behind it: 4 MB that the supervisor needn't hold

    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"corbel-{os.geteuid()}-{name}" / "valkey.sock"


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.errors: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self.environ.get(PREFIX + name, default).strip()

    def _parsed(self, name: str, parse: Callable[[str], T], default: T, wants: str) -> T:
        raw = self.text(name)
        if not raw:
            return default
        try:
            return parse(raw)
        except ValueError:
            self.errors.append(f"{PREFIX}{name}: {raw!r} is not {wants}")
            return default

    def whole(self, name: str, default: int, low: int = 0, high: int = 2**31) -> int:
        def parse(raw: str) -> int:
            number = int(raw)
            if not low <= number <= high:
                raise ValueError
            return number

        return self._parsed(name, parse, default, f"a whole number from {low} to {high}")

    def days(self, name: str, default: int) -> timedelta | None:
        """0 is for ever."""
        return timedelta(days=self.whole(name, default, 0, 36_500)) or None

    def flag(self, name: str) -> bool:
        def parse(raw: str) -> bool:
            if raw.lower() not in TRUE | FALSE:
                raise ValueError
            return raw.lower() in TRUE

        return self._parsed(name, parse, False, "yes or no")

    def choice(self, name: str, default: str, options: tuple[str, ...]) -> str:
        def parse(raw: str) -> str:
            if raw.lower() not in options:
                raise ValueError
            return raw.lower()

        return self._parsed(name, parse, default, "one of " + ", ".join(options))

    def server(self, name: str) -> str:
        def parse(raw: str) -> str:
            address, _colon, port = raw.rpartition(":")
            ip_address(address.strip("[]"))
            if not 0 < int(port) < 65536:
                raise ValueError
            return raw

        return self._parsed(name, parse, "", "an address and a port, such as 127.0.0.1:53")

    def address(self, name: str) -> str:
        def parse(raw: str) -> str:
            local, _at, domain = raw.rpartition("@")
            if not local or not domain or set(raw) & set(' <>,;"\r\n'):
                raise ValueError
            return raw

        return self._parsed(name, parse, "", "a bare e-mail address such as care@homes.example")

    def url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        def parse(raw: str) -> str:
            parts = urlsplit(raw)
            if parts.scheme not in schemes or not (parts.netloc or parts.path):
                raise ValueError
            return raw

        wants = "a URL that starts with " + " or ".join(f"{s}://" for s in schemes)
        return self._parsed(name, parse, default, wants)


def _read(environ: Mapping[str, str]) -> Settings:
    read = _Reader(environ)
    data = Path(read.text("DATA", "data")).expanduser().resolve()
    settings = Settings(
        data=data,
        database_url=read.url(
            "DATABASE_URL",
            f"sqlite:///{data / 'corbel.db'}",
            ("sqlite", "postgresql", "postgresql+psycopg"),
        ),
        redis_url=read.url("REDIS_URL", embedded_redis_url(data), ("redis", "rediss", "unix")),
        secret_key=read.text("SECRET_KEY"),
        base_url=read.url("BASE_URL", "http://127.0.0.1:8000", ("http", "https")).rstrip("/"),
        portal_domain=read.text("PORTAL_DOMAIN").lower().strip("."),
        portal_target=read.text("PORTAL_TARGET").lower().rstrip("."),
        dns=read.server("DNS"),
        pack=read.text("PACK", "module-46"),
        mail_from=read.text("MAIL_FROM", "Corbel Support <support@corbel.test>"),
        portal_mail_from=read.address("PORTAL_MAIL_FROM"),
        mail_allowing=read.text("MAIL_SPF"),
        smtp=_smtp(read),
        paging=_paging(read),
        linear_url=read.url("LINEAR_URL", "https://api.linear.app/graphql", ("http", "https")),
        demo=read.flag("DEMO"),
        staff_totp=read.choice("STAFF_TOTP", "optional", ("optional", "required")) == "required",
        web_workers=read.whole("WEB_WORKERS", 1, 1, 64),
        web_threads=read.whole("WEB_THREADS", 24, 2, 512),
        max_streams=read.whole("MAX_STREAMS", 16, 0, 500),
        proxies=read.whole("PROXIES", 0, 0, 5),
        log_level=read.choice("LOG_LEVEL", "info", ("debug", "info", "warning", "error")),
        metrics_token=read.text("METRICS_TOKEN"),
        attachment_limit=read.whole("ATTACHMENT_MB", 25, 1, 1000) * 1_000_000,
        events_kept=read.days("KEEP_EVENTS_DAYS", 30),
        letters_kept=read.days("KEEP_LETTERS_DAYS", 90),
        readings_kept=read.days("KEEP_READINGS_DAYS", 365),
        testing=read.flag("TESTING"),
    )
    settings = _with_what_follows(settings)
    if settings.max_streams >= settings.web_threads:
        read.errors.append(
            f"{PREFIX}MAX_STREAMS: {settings.max_streams} open streams would leave no thread "
            f"of {PREFIX}WEB_THREADS={settings.web_threads} for pages; make it smaller"
        )
    if read.errors:
        raise SettingsError("\n".join(read.errors))
    return settings


def _with_what_follows(settings: Settings) -> Settings:
    """Names that are those of the platform, unless they are set."""
    own = urlsplit(settings.base_url).hostname or ""
    sender = settings.portal_mail_from or parseaddr(settings.mail_from)[1]
    return replace(
        settings,
        portal_target=settings.portal_target or settings.portal_domain or own,
        portal_mail_from=sender,
        mail_allowing=settings.mail_allowing or f"include:{sender.rpartition('@')[2]}",
    )


def _smtp(read: _Reader) -> Smtp | None:
    host = read.text("SMTP_HOST")
    tls = read.choice("SMTP_TLS", "none", ("none", "starttls", "ssl"))
    port = read.whole("SMTP_PORT", {"none": 25, "starttls": 587, "ssl": 465}[tls], 1, 65535)
    if not host:
        return None
    return Smtp(host, port, read.text("SMTP_USER"), read.text("SMTP_PASSWORD"), tls)


def _paging(read: _Reader) -> Paging | None:
    endpoint = read.url(
        "PAGERDUTY_URL", "https://events.pagerduty.com/v2/enqueue", ("http", "https")
    )
    minutes = read.whole("PAGE_CONFIRM_MINUTES", 5, 1, 1440)
    key = read.text("PAGERDUTY_KEY")
    if not key:
        return None
    return Paging(endpoint, key, read.text("PAGE_FALLBACK_EMAIL"), minutes)


def secret_key(settings: Settings) -> str:
    """The configured key, or one made once and kept in the data directory (mode 600)."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.data / "secret.key"
    settings.data.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii")
    with os.fdopen(descriptor, "w") as file:
        file.write(os.urandom(48).hex())
    return path.read_text("ascii")
