"""What is an e-mail address, as far as its looks can say."""

import re
from typing import Final

LONGEST: Final = 320
_ADDRESS: Final = re.compile(
    r"[^@\s,;:<>()\[\]\"\\\x00-\x1f]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
)


def is_address(text: str) -> bool:
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None
