"""Code inside a text, put aside while the rest is changed."""

import re
from textwrap import dedent

_FENCE = re.compile(
    r"(?P<margin>[ \t>]*)(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?P<fence>`{3,}|~{3,})(?P<info>.*)"
)
_INLINE = re.compile(
    r"(?<!`)(?P<ticks>`{1,3})(?!`)(?P<code>(?:(?!\n[ \t]*\n).){1,2000}?)(?<!`)(?P=ticks)(?!`)",
    re.DOTALL,
)
_BEGIN, _END = "\ue000", "\ue001"
_KEPT = re.compile(rf"{_BEGIN}(?P<number>\d+){_END}")


class Aside:
    """`text` is what is left; `back` puts the code into it again, moved with its line."""

    def __init__(self, source: str) -> None:
        self._kept: list[str] = []
        source = source.replace(_BEGIN, "").replace(_END, "")
        self.text = _INLINE.sub(lambda found: self._keep(found[0]), self._blocks(source))

    def _keep(self, code: str) -> str:
        self._kept.append(code)
        return f"{_BEGIN}{len(self._kept) - 1}{_END}"

    def _blocks(self, source: str) -> str:
        out: list[str] = []
        block: list[str] = []
        fence = ""
        for line in source.split("\n"):
            found = _FENCE.fullmatch(line) if "```" in line or "~~~" in line else None
            if not fence and found and not (found["fence"][0] == "`" and "`" in found["info"]):
                fence, block = found["fence"], [line[found.start("fence") :]]
                out.append(line[: found.start("fence")])
                margin = len(out[-1].expandtabs(4))
            elif fence:
                block.append(_less(line, margin))
                if found and found["fence"].startswith(fence) and not found["info"].strip():
                    out[-1] += self._keep("\n".join(block))
                    fence = ""
            else:
                out.append(line)
        if fence:
            out[-1] += self._keep("\n".join(block))
        return "\n".join(out)

    def back(self, text: str) -> str:
        while _BEGIN in text:  # code in what stands for code, where a component had some inside
            text, times = _KEPT.subn(self._whole, text)
            if not times:
                return text.replace(_BEGIN, "").replace(_END, "")
        return text

    def _whole(self, found: re.Match[str]) -> str:
        number = int(found["number"])
        code = self._kept[number] if number < len(self._kept) else ""
        if not code.startswith(("```", "~~~")) or "\n" not in code:
            return code
        before = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.start()]
        return code.replace("\n", "\n" + re.sub(r"[^ \t>]", " ", before[:80]))


def _less(line: str, margin: int) -> str:
    """Without as many columns of space (or marks of a quote) as the fence stood in."""
    return line[min(margin, len(line) - len(line.lstrip(" \t>"))) :]


def level(text: str) -> str:
    """Moved to the left as far as its lines allow, without empty ones around it."""
    return dedent(text.expandtabs(4)).strip("\n").rstrip()
