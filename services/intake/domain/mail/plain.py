"""The visible words of an HTML mail, in time proportional to its length whatever its author intends."""

import html
import re

BLOCKS = frozenset(
    ("p", "div", "ul", "ol", "li", "table", "tr", "blockquote", "pre", "section", "article", "header", "footer")
    + ("h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "center", "address", "form", "fieldset", "hr")
)
WITHOUT_END = frozenset(("br", "hr", "img", "input", "meta", "link", "base", "col", "wbr", "area", "source"))
NEVER_SHOWN = frozenset(("template", "noscript", "object", "select"))
DEEPEST_QUOTE = 5

# No token reaches beyond the next `<`, so that no input is read twice.
TOKEN = re.compile(
    r"""<(?P<raw>style|script|title|textarea)\b[^<>]*>
    | <(?P<end>/?)(?P<tag>[a-z][\w:-]*)(?P<attributes>(?:[^<>"']|"[^"<]*"|'[^'<]*')*)>
    | <(?P<loose_end>/?)(?P<loose_tag>[a-z][\w:-]*)[^<>]*>
    | <[!?/][^<>]*>""",
    re.IGNORECASE | re.VERBOSE,
)
STYLE = re.compile(r"""\bstyle\s*=\s*("[^"]*"|'[^']*'|\S+)""", re.IGNORECASE)
HIDDEN = re.compile(r"\bhidden\b", re.IGNORECASE)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
# Not `font-size: 0` or `mso-hide`: templates put them around text that is shown.
HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:opacity|max-height)\s*:\s*0(?![.\d])", re.IGNORECASE
)
JOINERS = str.maketrans("", "", "\u200b\ufeff\u00ad\u034f")


def html_to_text(page: str) -> str:
    """Blocks become lines, quotations lines that begin with `>`; styles, scripts, hidden parts, pictures
    and their descriptions are dropped."""
    shown = _without_comments(page.replace("\x00", ""))
    words = _Words()
    done = 0
    while token := TOKEN.search(shown, done):
        words.say(shown[done : token.start()])
        done = token.end()
        if raw := token["raw"]:
            closing = re.compile(rf"</{raw}\b[^<>]*>", re.IGNORECASE).search(shown, done)
            done = closing.end() if closing else len(shown)
        elif tag := token["tag"] or token["loose_tag"]:
            if token["end"] or token["loose_end"]:
                words.end(tag.lower())
            else:
                words.begin(tag.lower(), token["attributes"] or "")
    words.say(shown[done:])
    return words.text()


def _without_comments(page: str) -> str:
    kept: list[str] = []
    done = 0
    while (start := page.find("<!--", done)) >= 0:
        kept.append(page[done:start])
        end = page.find("-->", start)
        done = end + 3 if end >= 0 else len(page)
    return "".join((*kept, page[done:]))


class _Words:
    """The lines of a page, as its tags begin and end."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, list[str]]] = [(0, [])]
        self._open: list[tuple[str, bool]] = []
        self._counts: dict[str, int] = {}

    def say(self, source: str) -> None:
        """Text between two tags."""
        if not source or (self._open and self._open[-1][1]):
            return
        first, *others = source.split("\n") if self._counts.get("pre") else [source]
        self._lines[-1][1].append(first)
        self._lines += [(self._depth(), [line]) for line in others]

    def begin(self, tag: str, attributes: str) -> None:
        """An opening tag; a block ends the paragraph before it, as in a browser."""
        if tag in BLOCKS and self._open and self._open[-1][0] == "p":
            self.end("p")
        if tag not in WITHOUT_END:
            hidden = tag in NEVER_SHOWN or _hides(attributes)
            self._open.append((tag, hidden or bool(self._open and self._open[-1][1])))
            self._counts[tag] = self._counts.get(tag, 0) + 1
        self._boundary(tag)

    def end(self, tag: str) -> None:
        """A closing tag; it closes what was left open inside, and nothing when it was never opened."""
        while self._counts.get(tag):
            closed, _ = self._open.pop()
            self._counts[closed] -= 1
            if closed == tag:
                break
        self._boundary(tag)

    def text(self) -> str:
        """The lines so far, never more than one empty one in a row."""
        lines = ("> " * depth + _squeezed("".join(parts)) for depth, parts in self._lines)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()

    def _depth(self) -> int:
        return min(self._counts.get("blockquote", 0), DEEPEST_QUOTE)

    def _boundary(self, tag: str) -> None:
        parts = self._lines[-1][1]
        if tag in ("td", "th"):
            parts.append(" ")
        elif tag == "br" or (tag in BLOCKS and any(map(str.strip, parts))):
            self._lines.append((self._depth(), []))
        elif tag in BLOCKS:
            self._lines[-1] = (self._depth(), [])


def _hides(attributes: str) -> bool:
    style = STYLE.search(attributes)
    return bool((style and HIDING.search(style[1])) or HIDDEN.search(QUOTED.sub("", attributes)))


def _squeezed(source: str) -> str:
    return " ".join(html.unescape(source).translate(JOINERS).split())
