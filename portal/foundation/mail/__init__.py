from portal.foundation.mail.letters import InvalidLetter, Letter, build, message_id
from portal.foundation.mail.smtp import (
    Outcome,
    PermanentFailure,
    Sent,
    SmtpTransport,
    TemporaryFailure,
    Transport,
    transport_from,
)

__all__ = [
    "InvalidLetter",
    "Letter",
    "Outcome",
    "PermanentFailure",
    "Sent",
    "SmtpTransport",
    "TemporaryFailure",
    "Transport",
    "build",
    "message_id",
    "transport_from",
]
