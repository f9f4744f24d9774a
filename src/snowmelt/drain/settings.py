"""Settings of the enrich application."""

from typing import Annotated

import msgspec

from snowmelt.settings import Settings

Positive = Annotated[int, msgspec.Meta(ge=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0)]


class Input(Settings, frozen=True):
    """Where collector payloads come from."""

    path: str | None = None
    """Folder of the segment log. Default: log/ in the state folder."""
    consumer: str = "snowmelt-enrich"
    """The name under which the read positions are kept; two applications with two names both read everything."""
    max_records: Positive = 2000
    """Records read from a partition at a time."""
    max_bytes: Positive = 16 * 1024 * 1024
    """Bytes read from a partition at a time."""


class Output(Settings, frozen=True):
    """Where run folders go, and how large they grow."""

    path: str | None = None
    """Root of the lake. Default: lake/ in the state folder."""
    max_events: Positive = 50_000
    """A run folder is closed when it holds so many events, good and bad."""
    max_bytes: Positive = 256 * 1024 * 1024
    """A run folder is closed when the records in it have so many bytes: they are held in memory until then."""
    max_seconds: Seconds = 60.0
    """A run folder is closed so many seconds after its first event. Snowplow's windows are 300 to 600 seconds."""


class EnrichSettings(Settings, frozen=True):
    """Everything the application reads from its file and from SNOWMELT_ENRICH_… variables."""

    input: Input = Input()
    output: Output = Output()
    poll_seconds: Seconds = 0.5
    """Pause when the log holds nothing new."""
    registry_patience: Seconds = 300.0
    """Seconds that --once and --stdin wait for a registry that cannot answer before they give up. Otherwise enrich
    waits without end: a registry that is down delays events."""
