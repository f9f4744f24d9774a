"""The command line names its verbs and refuses others."""

from collections.abc import Sequence
from importlib import import_module

import pytest

from snowmelt import __version__
from snowmelt.cli import VERBS, main


def test_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    text = capsys.readouterr().out
    assert all(f"  {verb} " in text for verb in VERBS)


def test_every_verb_leads_to_a_function() -> None:
    for module, function, _ in VERBS.values():
        assert callable(getattr(import_module(module), function))


def test_an_unknown_verb_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["colect"]) == 2
    assert "colect" in capsys.readouterr().err


def test_an_interrupted_verb_says_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(argv: Sequence[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("snowmelt.books.main.main", interrupted)
    assert main(["books"]) == 130
    assert capsys.readouterr() == ("", "")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"snowmelt {__version__}\n"


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([verb, "--help"])
    assert left.value.code == 0
    assert f"snowmelt {verb}" in capsys.readouterr().out
