"""Settings: all mistakes at once, and no value in any message."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from libs.common.config import Secret, SettingsWrong, from_env, setting


@dataclass(frozen=True)
class Config:
    url: str = setting("URL", "where the database is")
    key: Secret = setting("KEY", "what seals the contacts")
    folder: Path = setting("FOLDER", "where files are kept")
    threads: int = setting("THREADS", "how many at once", 8)
    loud: bool = setting("LOUD", "whether to say everything", False)
    clock: Path | None = setting("CLOCK", "the file of the moved clock", None)


GIVEN = {"URL": "sqlite://", "KEY": "hunter2", "FOLDER": "/srv/files"}


def test_settings_come_typed_with_defaults():
    assert from_env(Config, GIVEN) == Config("sqlite://", Secret("hunter2"), Path("/srv/files"), 8, False, None)


def test_given_settings_replace_the_defaults():
    config = from_env(Config, GIVEN | {"THREADS": "3", "LOUD": "yes", "CLOCK": "/tmp/clock"})
    assert (config.threads, config.loud, config.clock) == (3, True, Path("/tmp/clock"))


def test_every_missing_setting_is_named_at_once_with_its_meaning():
    with pytest.raises(SettingsWrong) as wrong:
        from_env(Config, {"KEY": "", "THREADS": "many"})
    words = str(wrong.value)
    assert "URL is not set (where the database is)" in words
    assert "KEY is not set" in words and "FOLDER is not set" in words and "THREADS is not a int" in words


@pytest.mark.parametrize("wrong", [{"THREADS": "hunter2"}, {"LOUD": "hunter2"}])
def test_a_wrong_value_is_never_shown(wrong):
    with pytest.raises(SettingsWrong) as refusal:
        from_env(Config, GIVEN | wrong)
    assert "hunter2" not in str(refusal.value)


def test_a_setting_may_lie_in_a_file(tmp_path):
    (tmp_path / "key").write_text("hunter2\n")
    given = {"URL": "x", "FOLDER": "y", "KEY_FILE": str(tmp_path / "key")}
    assert from_env(Config, given).key.reveal() == "hunter2"


def test_a_file_that_cannot_be_read_is_named_with_the_others(tmp_path):
    with pytest.raises(SettingsWrong) as wrong:
        from_env(Config, {"FOLDER": "y", "KEY_FILE": str(tmp_path / "nowhere")})
    assert "URL is not set" in str(wrong.value) and "KEY_FILE" in str(wrong.value)


@pytest.mark.parametrize("word", ["1", "true", "True", "YES"])
def test_yes_has_several_names(word):
    assert from_env(Config, GIVEN | {"LOUD": word}).loud


@pytest.mark.parametrize("show", [repr, str, "{}".format, lambda secret: repr([secret]), lambda secret: f"{secret!s}"])
def test_a_secret_does_not_show_itself(show):
    assert "hunter2" not in show(Secret("hunter2"))
    assert "hunter2" not in repr(from_env(Config, GIVEN))
