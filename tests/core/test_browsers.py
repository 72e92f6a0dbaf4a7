import pytest

from portal.core.browsers import Browser, browser_of

MOZILLA = "Mozilla/5.0"
KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "found"),
    [
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
            Browser("Firefox", "Windows"),
        ),
        (
            f"{MOZILLA} (Windows NT 10.0) {KHTML} Chrome/142.0 Safari/537.36 Edg/142.0",
            Browser("Edge", "Windows"),
        ),
        (
            f"{MOZILLA} (X11; Linux x86_64) {KHTML} Chrome/142.0.0.0 Safari/537.36",
            Browser("Chrome", "Linux"),
        ),
        (
            f"{MOZILLA} (Linux; Android 10; K) {KHTML} Chrome/142.0 Mobile Safari/537.36",
            Browser("Chrome", "Android"),
        ),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 18_1 like Mac OS X) {KHTML} CriOS/142 Safari/604.1",
            Browser("Chrome", "iPhone"),
        ),
        (
            f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) {KHTML} Version/18.1 Safari/605.1.15",
            Browser("Safari", "Mac"),
        ),
        ("curl/8.5.0", Browser("", "")),
        ("", Browser("", "")),
        ("<script>", Browser("", "")),
    ],
)
def test_browsers_are_named_as_people_name_them(user_agent, found):
    assert browser_of(user_agent) == found
