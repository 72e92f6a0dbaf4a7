from textwrap import dedent

import pytest

from portal.kb.importing.mdx import Imports, as_dialect, imports_of
from portal.kb.markup import render
from tests.kb.markup.reading import Page


def made(source: str, said: list[tuple[str, str]] | None = None) -> str:
    said = [] if said is None else said
    source = dedent(source).strip("\n")
    told = as_dialect(
        source, lambda *one: said.append(one), Imports(imports_of(source)), expressions=True
    )
    return "\n".join(line.rstrip() for line in told.strip().splitlines() if line.strip())


def test_tabs_of_both_kinds_become_tabs() -> None:
    assert made(
        """
        import Tabs from '@theme/Tabs';
        import TabItem from '@theme/TabItem';

        <Tabs values={[{label: 'Mac', value: 'mac'}, {label: 'Linux', value: 'l'}]}>
          <TabItem value="mac">

          Text **bold**

          ```sh
          brew install
            x
          ```

          </TabItem>
          <TabItem value="l" label="GNU/Linux">apt</TabItem>
        </Tabs>
        """
    ) == dedent(
        """\
        :::tabs
        ::tab[Mac]
        Text **bold**
        ```sh
        brew install
          x
        ```
        ::tab[GNU/Linux]
        apt
        :::"""
    )


def test_components_in_a_list_stay_in_it() -> None:
    source = made(
        """
        <Steps>
        1. One

           <Tabs>
             <TabItem label="a">A</TabItem>
           </Tabs>

        2. Two
        </Steps>
        """
    )
    html = render(source).html
    assert html.count("<li>") == 2
    assert '<div class="steps"><ol>' in html
    assert html.index('class="tabs"') < html.index("Two")


@pytest.mark.parametrize(
    ("source", "dialect"),
    [
        ('<Aside type="tip" title="T">\nA\n</Aside>', ":::tip[T]\nA\n:::"),
        ("<Aside>A</Aside>", ":::note\nA\n:::"),
        ('<Admonition type="danger">A</Admonition>', ":::danger\nA\n:::"),
        ("<details>\n<summary>S <b>x</b></summary>\n\nA\n</details>", ":::details[S x]\nA\n:::"),
        ('<Card title="T" icon="x">\n  A\n</Card>', "**T**\nA"),
        ('<LinkCard title="T" href="/x/" description="D" />', "- [T](/x/): D"),
        ('New <Badge text="Beta" variant="tip" />', "New (Beta)"),
        ("<Icon name='star' /> A", "A"),
        ("<CardGrid>\n  <Card title='T'>\n    A\n  </Card>\n</CardGrid>", "**T**\nA"),
        ("<FileTree>\n\n- a\n  - b\n\n</FileTree>", "- a\n  - b"),
        ("{/* gone */}A{' '}B <!-- gone -->", "A B"),
        ('A {"text"} {`more`}', "A text more"),
        ("export const x = {\n  a: 1,\n};\n\nA", "A"),
        ("import x from 'y'\nimport {\n  a,\n  b\n} from \"c\";\n\nA", "A"),
        (
            "`<Tabs>` and `{x}` and `import a from 'b'`",
            "`<Tabs>` and `{x}` and `import a from 'b'`",
        ),
        ("```jsx\n<Tabs>{x}</Tabs>\n```", "```jsx\n<Tabs>{x}</Tabs>\n```"),
        ('<img src="/img/a.png" alt="A" className="b" style={{width: 1}} />', "![A](/img/a.png)"),
        ("<img src={require('./a b.png').default} alt='A' />", "![A](<./a b.png>)"),
        ("import logo from './l.png'\n\n<Image src={logo} alt='A' />", "![A](./l.png)"),
        ('<Link to="/x">A</Link>', "[A](/x)"),
        ('<Code code="a = 1" lang="py" title="t.py" />', '```py title="t.py"\na = 1\n```'),
        ("<div className='x'>\n\nA\n\n</div>", "A"),
        ("## T {#id}", "## T {#id}"),
        ("## T { #my-id }", "## T {#my-id}"),
        ("## T {/* #my-id */}", "## T {#my-id}"),
        ("a \\{b\\} \\<c>", "a \\{b\\} \\<c>"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("press <kbd>A</kbd><br/>b", "press <kbd>A</kbd><br>b"),
    ],
)
def test_what_is_known_is_turned(source: str, dialect: str) -> None:
    said: list[tuple[str, str]] = []
    assert made(source, said) == dialect
    assert not said


def test_parts_in_slots_become_tabs() -> None:
    source = '<X>\n<Fragment slot="npm">A</Fragment>\n<Fragment slot="yarn">B</Fragment>\n</X>'
    assert made(source) == ":::tabs\n::tab[npm]\nA\n::tab[yarn]\nB\n:::"


def test_what_stands_in_no_slot_comes_first() -> None:
    source = "<X>\nFirst\n<Y slot='a'>A</Y>\n<Y slot='b'>B</Y>\n\n<Badge text='C' />\n</X>"
    assert made(source) == "First\n(C)\n:::tabs\n::tab[a]\nA\n::tab[b]\nB\n:::"


def test_of_what_is_unknown_the_words_stay_and_it_is_told() -> None:
    said: list[tuple[str, str]] = []
    assert made(
        "<Hero>\n  Words\n</Hero>\n\n<Since v='1' />\n\n<Box title='T' />\n\n{x.y}", said
    ) == ("Words\nT\n`x.y`")
    assert said == [
        ("unknown_component", "Hero"),
        ("unknown_component", "Since"),
        ("unknown_component", "Box"),
        ("expression", "x.y"),
    ]


def test_what_nobody_closed_swallows_nothing() -> None:
    said: list[tuple[str, str]] = []
    assert made("<Tabs>\n\nA\n\n## B\n\nC </Nothing>", said).split() == ["A", "##", "B", "C"]
    assert ("unclosed_component", "Tabs") in said


@pytest.mark.parametrize(
    "source",
    [
        "<A" * 5000,
        "{" * 20_000,
        "<A b={" * 3000,
        "<A>" * 5000,
        "</A>" * 5000,
        "`" * 9999,
        "<A b='" * 999,
    ],
)
def test_the_work_is_bounded_and_words_stay(source: str) -> None:
    assert "end" in Page(render(made(f"{source}\n\nend")).html).words
