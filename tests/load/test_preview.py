"""What `make bench` measures of previews can be measured; how fast it is says the bench alone."""

from tests.load import preview


def test_a_preview_answers_for_every_case_there_is(monkeypatch):
    monkeypatch.setattr(preview, "CASES", 20)
    assert min(preview.measure(lambda _: None)) > 0
