import io
import logging

import pytest

from snowmelt.logs import OneLine


@pytest.fixture
def log() -> tuple[logging.Logger, io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine())
    logger = logging.Logger("collector", logging.INFO)
    logger.addHandler(handler)
    return logger, stream


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING])
def test_the_word_is_kept_for_errors(log: tuple[logging.Logger, io.StringIO], level: int) -> None:
    logger, stream = log
    logger.log(level, "a client asked for %s", "/ERROR\nERROR")
    assert "ERROR" not in stream.getvalue()
    assert stream.getvalue().count("\n") == 1


def test_an_error_with_its_traceback_is_one_line(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    try:
        raise OSError("broken\npipe")
    except OSError:
        logger.exception("it failed")
    (line,) = stream.getvalue().splitlines()
    assert " ERROR collector it failed | Traceback" in line
    assert line.endswith("OSError: broken | pipe")
