"""Every block of every page can be rendered alone, and then says what it says in the page."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, template_rendered
from jinja2 import Template

from portal.foundation.web import fragments
from tests.fixtures.premises import Premises
from tests.fixtures.world import World
from tests.support.addresses import address, rules

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("noon")]
SPACE = re.compile(r"\s+")


@contextmanager
def blocks_rendered(app: Flask) -> Iterator[list[tuple[str, str, str]]]:
    """Template, block and what it gave, for each page that is shown inside."""
    seen: list[tuple[str, str, str]] = []

    def alone(_app: Flask, template: Template, context: dict[str, Any], **_more: Any) -> None:
        assert template.name is not None
        for name in template.blocks:
            seen.append((template.name, name, fragments.block(template.name, name, **context)))

    with template_rendered.connected_to(alone, app):
        yield seen


def test_each_block_alone_is_a_part_of_its_page(
    app: Flask, world: World, premises: Premises, visit
) -> None:
    asks = {"contact.": visit(world.pm), "workspace.": visit(world.agent)}
    asks |= {"policy.": visit(world.manager), "mailbox.": visit(world.manager)}
    asks |= {"company.": visit(world.owner), "staff.": visit(world.admin)}
    asks["widget_keys."] = asks["company."]
    asks |= {"privacy.": visit(world.owner), "reading.": visit(world.agent)}
    asks |= dict.fromkeys(("articles.", "community.", "ideas.", "releases."), visit(world.manager))
    asks["company_community."] = visit(world.owner)
    asks["roadmap."] = visit(world.admin)
    asks |= dict.fromkeys(("branding.", "domains.", "letterhead."), visit(world.owner))
    missing, templates = [], set()
    for rule, method in rules(app):
        if method != "GET" or rule.endpoint.startswith(("live.", "ops.", "tickets_api.", "api.")):
            continue
        given = (ask for name, ask in asks.items() if rule.endpoint.startswith(name))
        ask = next(given, asks["contact."])
        with blocks_rendered(app) as found:
            answer = ask("GET", address(app, rule, premises.arguments(rule)))
        if answer.mimetype != "text/html":
            continue
        whole = SPACE.sub("", answer.text)
        templates |= {template for template, _block, _text in found}
        for template, block, text in found:
            if SPACE.sub("", text) not in whole:
                missing.append(f"{template}: {block}")
    assert not missing
    assert len(templates) > 20
