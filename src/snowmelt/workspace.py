"""Where a laptop keeps its state: one folder, so that removing it is a clean start."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STATE_VERSION = "1"
"""Layout of the state folder. A release that changes the layout raises it, and older folders are refused."""


class WorkspaceError(RuntimeError):
    """A state folder that cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The paths of one installation's state. Nothing is created until ``prepare``."""

    root: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Workspace":
        """The workspace named by SNOWMELT_HOME, else ``.snowmelt`` in the current folder."""
        return cls(Path(environ.get("SNOWMELT_HOME") or ".snowmelt").absolute())

    @property
    def log(self) -> Path:
        """Segment log of collector payloads."""
        return self.root / "log"

    @property
    def bad(self) -> Path:
        """Segment log of the bad rows that the collector makes itself."""
        return self.root / "bad"

    @property
    def offsets(self) -> Path:
        """How far each consumer has read the log."""
        return self.root / "offsets.sqlite"

    @property
    def lake(self) -> Path:
        """Run folders."""
        return self.root / "lake"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that one process at a time writes. Its name is the catalog's name on both engines."""
        return self.root / "warehouse" / "snowmelt.duckdb"

    @property
    def published(self) -> Path:
        """The copy that people and the dashboard read, replaced by rename after each build."""
        return self.root / "published" / "snowmelt.duckdb"

    @property
    def reports(self) -> Path:
        """Dashboard, check results, what was sent."""
        return self.root / "reports"

    @property
    def sent(self) -> Path:
        """What senders reported, for the books."""
        return self.reports / "sent.jsonl"

    @property
    def airflow_home(self) -> Path:
        """Airflow's metadata database and its logs."""
        return self.root / "airflow"

    @property
    def dbt_target(self) -> Path:
        """Dbt's compiled models and its manifest."""
        return self.root / "dbt" / "target"

    @property
    def run_logs(self) -> Path:
        """Logs of the stages."""
        return self.root / "logs"

    @property
    def iglu(self) -> Path:
        """The registry's database and its super key, and the resolver configuration that names the registry."""
        return self.root / "iglu"

    @property
    def tls(self) -> Path:
        """The self-signed certificate and its key."""
        return self.root / "tls"

    @property
    def nginx(self) -> Path:
        """Nginx' configuration as rendered, and what it writes."""
        return self.root / "nginx"

    @property
    def tools(self) -> Path:
        """Programs unpacked for this installation alone. Whoever unpacks one makes the folder."""
        return self.root / "tools"

    @property
    def web(self) -> Path:
        """The tracker page as built. Its build makes the folder."""
        return self.root / "web"

    @property
    def live(self) -> Path:
        """Who uses the workspace as a whole, and which stages it runs."""
        return self.root / "live"

    def prepare(self) -> None:
        """Creates the folders, private to their owner: they hold raw addresses and cookies.

        Raises WorkspaceError when the folder was written by a version with another layout, is not ours or cannot be
        written.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._check()
            self.root.chmod(0o700)  # only now: it is not somebody else's
            self._make_folders()
        except OSError as error:
            raise WorkspaceError(
                f"the state folder {self.root} cannot be used ({error.strerror}: {error.filename}): "
                "set SNOWMELT_HOME to one you can write to"
            ) from None

    @contextmanager
    def sole_user(self, who: str) -> Iterator[None]:
        """Keeps others who want the whole workspace away meanwhile. Raises WorkspaceError saying who has it.

        The lock goes with the process that holds it, however it ends.
        """
        with (self.live / "lock").open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise WorkspaceError(
                    f"{lock.read().strip() or 'another process'} runs on the state folder {self.root}: "
                    f"stop that first, or give `{who}` another folder by SNOWMELT_HOME"
                ) from None
            lock.truncate(0)
            lock.write(f"`{who}` (process {os.getpid()})\n")
            lock.flush()
            yield

    def _check(self) -> None:
        """Refuses a folder that is not ours; stamps an empty one, at once, so that no crash leaves half a stamp."""
        stamp = self.root / "VERSION"
        names = {entry.name for entry in self.root.iterdir()}
        if stamp.name not in names:
            if any(not name.startswith("VERSION.") for name in names):
                raise WorkspaceError(f"{self.root} is not empty and not a state folder: choose another SNOWMELT_HOME")
            unfinished = stamp.with_name(f"VERSION.{os.getpid()}")  # two may be the first at the same time
            unfinished.write_text(f"{STATE_VERSION}\n", encoding="utf-8")
            unfinished.replace(stamp)
        found = stamp.read_text(encoding="utf-8").strip()
        if found != STATE_VERSION:
            raise WorkspaceError(
                f"{self.root} was written with layout {found}, this snowmelt writes layout {STATE_VERSION}: "
                "move the folder away or run `make clean`"
            )

    def _make_folders(self) -> None:
        for folder in (
            self.log,
            self.lake,
            self.warehouse.parent,
            self.published.parent,
            self.reports,
            self.airflow_home,
            self.dbt_target.parent,
            self.run_logs,
            self.iglu,
            self.tls,
            self.nginx,
            self.live,
        ):
            folder.mkdir(parents=True, exist_ok=True)
