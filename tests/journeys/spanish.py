"""What the pages say in Spanish, and which of their words are still English."""

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.sync_api import Page

CATALOGUE = Path(__file__).resolve().parents[2] / "translations/es/LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
LETTERS = re.compile(r"[A-Za-z]{3}")
# words that stand in no Spanish text of ours
ENGLISH = re.compile(
    r"\b(the|and|your|you|we|our|with|this|that|is|are|was|not|by|from|of|to|it|who|"
    r"send|sign|ticket|answer|reply|open|closed|nobody|left|over|within|hours)\b",
    re.IGNORECASE,
)
# what people wrote, names, and languages in their own words
FOREIGN = ".prose, .rows__title, .crumbs [aria-current], .notice, [lang=en], .desk-others"
FOREIGN += ", .message__who, .panel .facts dd, .attachment a, select option, .desk-queue__ticket"
FOREIGN += ", .codes, .key-text"

SAID = """foreign => {
    const said = new Set();
    const add = (text) => { const plain = (text ?? '').trim(); if (plain) said.add(plain); };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const around = walk.currentNode.parentElement;
        if (around.closest('script, style, template, h1') || around.closest(foreign)) continue;
        add(walk.currentNode.data.replace(/\\s+/g, ' '));
    }
    for (const node of document.body.querySelectorAll('*')) {
        if (node.closest('template') || node.closest(foreign)) continue;
        for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
            if (node.tagName !== 'TIME') add(node.getAttribute(name));
        }
    }
    add(document.title.split(' · ').slice(-2, -1)[0]);
    return [...said];
}"""


@cache
def catalogue() -> dict[str, str]:
    """Spanish by English; of plurals the last form, and rather what is said without a context."""
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file, locale="es") if message.id]
    messages.sort(key=lambda message: message.context is None)
    return {last(message.id): last(message.string) for message in messages}


def last(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[-1]


def es(english: str, **values: object) -> str:
    spanish = catalogue()[english]
    return spanish % values if values else spanish


@cache
def untranslated() -> re.Pattern[str]:
    """What is said in English where there are other words for it."""
    texts = [
        english
        for english, spanish in catalogue().items()
        if english != spanish and LETTERS.search(PLACEHOLDER.sub("", english))
    ]
    return re.compile("|".join(".+".join(map(re.escape, PLACEHOLDER.split(t))) for t in texts))


def leftovers(page: Page) -> list[str]:
    """Texts of the page's own that are English."""
    page.wait_for_load_state()
    said: list[str] = page.evaluate(SAID, FOREIGN)
    return [text for text in said if untranslated().fullmatch(text) or ENGLISH.search(text)]
