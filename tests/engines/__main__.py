"""Walks with the widget through each engine that is here: `python -m tests.engines HOST_URL`."""

import sys
from collections.abc import Callable
from typing import Any

from tests.engines.drivers import Driver, Firefox, WebKit

OPEN = """
const done = arguments[arguments.length - 1];
const wait = (when, then) => {
  const look = () => when() ? then() : setTimeout(look, 100);
  look();
};
wait(() => window.Corbel && Corbel.open, () => {
  Corbel.on('error', (error) => done({error: JSON.stringify(error)}));
  Corbel.on('ready', (said) => done({role: said.role, cookies: document.cookie,
    frame: document.querySelector('[data-corbel]').shadowRoot.querySelector('iframe')}));
  document.querySelector('[data-corbel]').shadowRoot.querySelector('button').click();
});
"""
INSIDE = """
const done = arguments[arguments.length - 1];
const wait = (when, then) => {
  const look = () => when() ? then() : setTimeout(look, 100);
  look();
};
wait(() => document.querySelector('[data-view=home]'), () => {
  const looks = getComputedStyle(document.querySelector('.help__head')).display;
  document.querySelector('.help__nav [data-to=contact]').click();
  wait(() => document.querySelector('#contact #choices'), () => {
    document.querySelector('#subject').value = 'From another engine';
    document.querySelector('#body').value = 'It works here.';
    document.querySelector('#contact [data-send]').click();
    let stored = 0;
    try { stored = localStorage.length; } catch { /* denied */ }
    const sent = () => document.querySelector('[data-view=sent]');
    const { cookie: cookies } = document;
    wait(sent, () => done({looks, stored, cookies, number: sent().dataset.number}));
  });
});
"""


def walk(driver: Driver, host: str) -> None:
    """Raises AssertionError."""
    driver.go(f"{host}/projects/482/schedule")
    opened: dict[str, Any] = driver.ask(OPEN)
    assert opened.get("role") == "pm", opened
    driver.step_into(opened["frame"])
    inside: dict[str, Any] = driver.ask(INSIDE)
    assert inside["looks"] == "flex", inside
    assert int(inside["number"]) > 1000, inside
    assert (inside["cookies"], inside["stored"]) == ("", 0), inside


def main(host: str) -> int:
    failed = 0
    engines: list[Callable[[], Driver]] = [Firefox, WebKit]
    for start in engines:
        try:
            driver = start()
        except LookupError as missing:
            sys.stdout.write(f"left out: {missing}\n")
            continue
        try:
            walk(driver, host)
            sys.stdout.write(f"{driver.name}: opened, read and wrote without a cookie\n")
        except (AssertionError, RuntimeError, OSError) as error:
            failed += 1
            sys.stdout.write(f"{driver.name}: {error}\n")
        finally:
            driver.end()
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
