"""What is said in a film, and when."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.captions import (
    LONGEST,
    BadCaptions,
    Chapter,
    Cue,
    chapters,
    clock,
    read,
    typed,
    webvtt,
)

VTT = """\ufeffWEBVTT - Title

STYLE
::cue { color: red }

NOTE a remark

intro
00:01.500 --> 00:03.000 align:start line:0
<v Ana>Open the <b>schedule</b>.</v>
Then the crew.

01:00:02.000 --> 01:00:04.250
5 &gt; 3 &amp; so on
"""
SRT = """1
00:00:01,500 --> 00:00:03,000
{an8}Abre el <i>cronograma</i>.

2
00:00:04,000 --> 00:00:05,000
"""


def test_webvtt_and_subrip_are_read() -> None:
    assert read(VTT) == [
        Cue(1.5, 3.0, "Open the schedule.\nThen the crew."),
        Cue(3602.0, 3604.25, "5 > 3 & so on"),
    ]
    assert read(SRT.replace("\n", "\r\n")) == [Cue(1.5, 3.0, "{an8}Abre el cronograma.")]


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        ("", "nothing", 0),
        ("WEBVTT\n\nno times at all", "nothing", 0),
        ("x" * (LONGEST + 1), "too_long", 0),
        ("1\n00:01 --> soon\nWords", "time", 2),
        ("00:03.000 --> 00:01.000\nWords", "time", 1),
        ("00:61.000 --> 00:62.000\nWords", "time", 1),
        ("--> 00:01.000\nWords", "time", 1),
        ("00:01.000 -->\nWords", "time", 1),
    ],
)
def test_what_is_no_captions_is_refused_with_its_place(
    content: str, reason: str, line: int
) -> None:
    with pytest.raises(BadCaptions) as refused:
        read(content)
    assert (refused.value.reason, refused.value.line) == (reason, line)


words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40)
cues = st.builds(
    lambda at, length, text: Cue(at / 1000, (at + length) / 1000, text),
    st.integers(0, 9_000_000),
    st.integers(1, 9_000),
    words.map(str.strip).filter(bool),
)


@given(st.lists(cues, min_size=1, max_size=20))
def test_what_is_written_is_read_again(written: list[Cue]) -> None:
    assert read(webvtt(written)) == sorted(written, key=lambda cue: (cue.at, cue.until))
    for cue in read(webvtt(written)):
        assert "-->" not in webvtt([cue]).splitlines()[3]


@given(st.text())
def test_whatever_comes_is_read_or_refused(content: str) -> None:
    with suppress(BadCaptions):
        assert read(content)


@pytest.mark.parametrize(
    "content", ["<" * 500_000, "a\n-->" * 50_000, "&" * 900_000, "1:" * 400_000]
)
def test_hostile_files_cost_little(content: str) -> None:
    begun = time.process_time()
    with pytest.raises(BadCaptions):
        read("00:01.000 --> 00:00.000\n" + content)
    assert time.process_time() - begun < 1


def test_chapters_are_typed_a_line_each() -> None:
    known = [Chapter(0, "Start"), Chapter(12, "A task"), Chapter(3750, "– the end")]
    text = "0:12 A task\n\n[0:00] - Start\n1:02:30 – – the end"
    assert chapters(text) == known
    assert typed(known[:2]) == "0:00 Start\n0:12 A task"
    assert chapters(typed(known[:2])) == known[:2]


@pytest.mark.parametrize(
    "text", ["0:12", "soon Start", "0:99 Start", "0:01 " + "x" * 200, "12 Start"]
)
def test_a_line_that_is_no_chapter_is_named(text: str) -> None:
    with pytest.raises(BadCaptions) as refused:
        chapters(f"0:00 Start\n{text}")
    assert refused.value.line == 2


def test_clocks_read_as_people_write_them() -> None:
    assert [clock(at) for at in (0, 7.9, 62, 3750)] == ["0:00", "0:07", "1:02", "1:02:30"]
