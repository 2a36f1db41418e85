"""A browser without JavaScript: opens pages, fills in the forms that stand on them, follows redirects."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

SKIPPED = ("checkbox", "radio", "submit", "file")


@dataclass
class PageForm:
    action: str
    method: str
    values: dict[str, Any] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page with what they hold before anybody types."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[PageForm] = []
        self._in: PageForm | None = None
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name = given.get("name") or ""
        if tag == "form":
            self._in = PageForm(given.get("action") or "", given.get("method") or "get")
            self.found.append(self._in)
        elif self._in is None:
            return
        elif tag == "input" and name and (given.get("type") not in SKIPPED or "checked" in given):
            self._in.values[name] = given.get("value") or ""
        elif tag == "textarea":
            self._area = name
            self._in.values[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self._in.values):
            self._in.values[self._select] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._in and self._area:
            self._in.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None


class Browser:
    def __init__(self, app: Flask, language: str = "zh-CN") -> None:
        self._client = app.test_client()
        self._language = {"Accept-Language": language}
        self.page: TestResponse

    @property
    def text(self) -> str:
        return self.page.get_data(as_text=True)

    @property
    def address(self) -> str:
        return self.page.request.full_path.rstrip("?")

    def open(self, address: str, **headers: str) -> str:
        self.page = self._client.get(address, headers=self._language | headers, follow_redirects=True)
        return self.text

    def form(self, action: str) -> PageForm:
        """The first form of this page whose address ends like that (without query and fragment)."""
        reader = Forms()
        reader.feed(self.text)
        return next(form for form in reader.found if form.action.split("#")[0].split("?")[0].endswith(action))

    def send(self, action: str, **typed: Any) -> str:
        """Fill in that form and send it."""
        form = self.form(action)
        return self.post(form.action, **form.values | typed)

    def post(self, address: str, **values: Any) -> str:
        self.page = self._client.post(
            address,
            data=values,
            headers=self._language,
            follow_redirects=True,
            content_type="multipart/form-data",
        )
        return self.text

    def sign_in(self) -> "Browser":
        self.open("/sign-in")
        self.send("/sign-in", tenant="linjiang", login="zhou", password="correct horse")
        return self
