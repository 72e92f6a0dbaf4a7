"""Where ideas are, within the platform's site."""

IDEAS = "/ideas"


def idea_path(number: int) -> str:
    return f"{IDEAS}/{number}"
