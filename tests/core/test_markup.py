"""What authors write: the small part of Markdown shows, everything else stays text."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.core import markup
from classroom.core.markup import (
    clean,
    escaped,
    picture_ids,
    plain,
    render,
    render_line,
    to_typst_blocks,
    to_typst_runs,
)

CAT = "0123456789AB"
TAGS = {"p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "img"}
EVIL = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    '<img src=x onerror="alert(1)">',
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><script>alert&#40;1)</script>",
    "<b onmouseover=alert(1)>đậm</b>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<details open ontoggle=alert(1)>",
    "<style>@import'//evil.example'</style>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<unclosed",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.example)",
    "[x]\n\n[x]: javascript:alert(1)",
    "<https://evil.example>",
    "https://evil.example",
    "![x](https://evil.example/a.png)",
    "![x](//evil.example/a.png)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "![x](javascript:alert(1))",
    "![x](picture:../../admin)",
    "![x](picture:0123456789AB/../x)",
    "![x](picture:0123456789ab)",
    "![x](PICTURE:0123456789AB)",
    "![x](picture:)",
    "![x]()",
    "![x][a]\n\n[a]: https://evil.example/a.png",
    "![x](picture&#58;0123456789AB)",
    f'![" onerror="alert(1)](picture:{CAT})',
    f"![<script>alert(1)</script>](picture:{CAT})",
    f"![x](picture:{CAT} \"' onerror='alert(1)\")",
    f"**`*<script>`**![*<b>*](picture:{CAT})*",
    "`<script>alert(1)</script>`",
    "```<script>\n</code></pre><script>alert(1)</script>\n```",
    "- <script>\n- </li></ul><script>alert(1)</script>",
    "\u202e<script>\u202c",
    "<scr\u200bipt>alert(1)</scr\u200bipt>",
    "<scr\0ipt>alert(1)</script>",
    "\ud800<script>",
    "]]>'\"><script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    "%(x)s {0} {}",
]


class Strict(HTMLParser):
    """Reads HTML as a browser would and refuses every tag and attribute that is not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []
        self.pictures: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        assert tag in TAGS, tag
        allowed = {"img": {"class", "src", "alt"}, "ol": {"start"}}.get(tag, set())
        assert facts.keys() == allowed, attrs
        if tag == "img":
            assert facts["src"] == f"/pictures/{CAT}"
            self.pictures.append(facts["alt"] or "")
        elif tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        pytest.fail(f"a declaration: {decl}")

    unknown_decl = handle_decl
    handle_pi = handle_decl


def url(public_id: str) -> str:
    return f"/pictures/{public_id}"


def read(html: str) -> Strict:
    html.encode()
    strict = Strict()
    strict.feed(html)
    strict.close()
    assert strict.open == []
    return strict


@pytest.mark.parametrize("text", EVIL)
def test_nothing_typed_becomes_a_tag_an_attribute_or_an_address(text: str) -> None:
    for html in (render(text, url), render_line(text, url), render(f"- **{text}**\n  1. *{text}*", url)):
        read(html)


@pytest.mark.parametrize("text", [text for text in EVIL if "](" in text or "<" in text[:1]])
def test_what_is_not_understood_shows_as_it_was_typed(text: str) -> None:
    shown = read(render_line(text, url))
    if not shown.pictures:
        assert shown.text == clean(text).replace("\n", "")


PIECES = [*"<>&\"'`*_![]()#-+~1. \n\\/=ax:\u202e\0", f"picture:{CAT}", "![x](", "<script>", "```"]


@given(st.lists(st.sampled_from(PIECES), max_size=120).map("".join))
def test_no_text_at_all_breaks_out(text: str) -> None:
    for html in (render(text, url), render_line(text, url)):
        read(html)
    plain(text)
    to_typst_blocks(text)


@given(st.text(alphabet=st.sampled_from(list("<>&`*_![]()#-+~1. \n\\:ax")), max_size=80))
def test_plain_text_that_was_escaped_shows_itself(text: str) -> None:
    bare = " ".join(text.split())
    assert plain(escaped(text)) == bare
    assert " ".join(read(render_line(escaped(text), url).replace("<br>", " ")).text.split()) == bare


def test_the_small_part_of_markdown_is_shown() -> None:
    text = "Chọn **một** ý *đúng*:\nHà Nội `=A1<B1`\n\n1. a\n2. b\n   - c\n\n```\nx <\n  y\n```"
    assert render(text, url) == (
        "<p>Chọn <strong>một</strong> ý <em>đúng</em>:<br>Hà Nội <code>=A1&lt;B1</code></p>"
        '<ol start="1"><li>a</li><li>b<ul><li>c</li></ul></li></ol><pre><code>x &lt;\n  y</code></pre>'
    )


def test_a_picture_of_ours_is_shown_with_its_words() -> None:
    text = f"Đây là gì? ![Con **mèo**\nđen](picture:{CAT})"
    assert render(text, url) == f'<p>Đây là gì? <img class="picture" src="/pictures/{CAT}" alt="Con mèo đen"></p>'
    assert plain(text) == "Đây là gì? [Con mèo đen]"
    assert picture_ids(text, f"- ![x](picture:{'Z' * 12})", "![x](picture:nothing)") == {CAT, "Z" * 12}


def test_an_option_is_one_line_and_never_a_list() -> None:
    assert render_line("- 5", url) == "- 5"
    assert render_line("1. **a**", url) == "1. <strong>a</strong>"


def test_printed_papers_get_values() -> None:
    assert to_typst_blocks(f"**a** #b\n\n- ![w](picture:{CAT})\n\n```\nx\n```") == [
        {
            "kind": "paragraph",
            "runs": [
                {"text": "a", "bold": True, "italic": False, "code": False},
                {"text": " #b", "bold": False, "italic": False, "code": False},
            ],
        },
        {
            "kind": "list",
            "start": None,
            "items": [[{"kind": "paragraph", "runs": [{"picture": CAT, "words": "w"}]}]],
        },
        {"kind": "code", "text": "x"},
    ]
    assert to_typst_runs("$x$")[0]["text"] == "$x$"


@pytest.mark.parametrize(
    "text", ["- " * 100 + "sâu", "> " * 100 + "sâu", "*" * 100 + "sâu" + "*" * 100, "![" * 100 + "sâu"]
)
def test_a_hundred_levels_of_nesting_lose_no_word(text: str) -> None:
    assert "sâu" in read(render(text, url)).text
    assert "sâu" in read(render_line(text, url)).text


def test_a_text_beyond_all_measure_is_not_read_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    longest = "**a** " * (markup.LONGEST // 6)
    assert "<strong>" in render(longest, url)
    beyond = longest + "**b** " * 2 + "c"
    monkeypatch.setattr(markup, "_READER", None)
    assert render(beyond, url) == f"<p>{beyond}</p>"
    assert render_line(beyond, url) == beyond


def test_what_cannot_be_seen_or_kept_is_taken_out() -> None:
    assert clean("a\u202eb\u200bc\0d\ud800e\r\nf\tg\u0301\x1b") == "abcde\nf\tǵ"
    assert clean("Hoa\u0300  ") == "Hoà"
    assert clean("👩\u200d🏫") == "👩\u200d🏫"
