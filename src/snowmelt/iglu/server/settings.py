"""The registry's settings, under the names of Snowplow's Iglu Server."""

from typing import Literal
from urllib.parse import urlsplit

from snowmelt.iglu.server.permissions import parse_key
from snowmelt.settings import Port, Positive, Settings, seconds


class Hsts(Settings, frozen=True):
    """Whether browsers are told to come back by HTTPS only. Nginx says so where it stands in front."""

    enable: bool = False
    max_age: str = "365 days"

    def __post_init__(self) -> None:
        """Refuses a duration that is none."""
        seconds(self.max_age)


class RepoServer(Settings, frozen=True):
    """Where the registry listens, and what a client may send."""

    interface: str = "127.0.0.1"
    port: Port = 8090
    """0 takes any free port; the log says which."""
    idle_timeout: str = "30 seconds"
    """How long a quiet connection is kept."""
    max_connections: Positive = 1024
    max_payload_size: Positive = 1024 * 1024
    """Bytes of a request's body; a larger one is refused with 413."""
    hsts: Hsts = Hsts()

    def __post_init__(self) -> None:
        """Refuses a duration that is none."""
        seconds(self.idle_timeout)


class Pool(Settings, frozen=True):
    """Connections to the database."""

    maximum_pool_size: Positive = 10
    connection_timeout: str = "10 seconds"
    """How long a request waits for one before it is answered 503."""

    def __post_init__(self) -> None:
        """Refuses a duration that is none."""
        seconds(self.connection_timeout)


class Database(Settings, frozen=True):
    """Where schemas, drafts and the hashes of keys are kept."""

    type: Literal["sqlite", "postgres"] = "sqlite"
    path: str = ""
    """The file of SQLite; empty: registry.sqlite in the state folder."""
    host: str = "localhost"
    """The host of PostgreSQL, or the folder of its socket. What follows is for PostgreSQL too."""
    port: Port = 5432
    dbname: str = "igludb"
    username: str = ""
    password: str = ""
    pool: Pool = Pool()


class SchemaPublished(Settings, frozen=True):
    """One address that is told of every schema published."""

    uri: str = ""
    vendor_prefixes: tuple[str, ...] = ()
    """Only schemas of these vendors and of those below them; none named: all."""

    def __post_init__(self) -> None:
        """Refuses an address that cannot be sent to."""
        if self.uri and urlsplit(self.uri).scheme not in ("http", "https"):
            raise ValueError(f"{self.uri!r} is no http or https address")


class Webhooks(Settings, frozen=True):
    """Who is told of what happens here."""

    schema_published: tuple[SchemaPublished, ...] = ()


class Swagger(Settings, frozen=True):
    """The page that describes the API."""

    base_url: str = "/api"
    """The path by which clients reach the API, which a proxy may have lengthened."""


class License(Settings, frozen=True):
    """Nothing to accept here: read so that a file of Snowplow's server can be used."""

    accept: bool = True


class IgluSettings(Settings, frozen=True):
    """Everything the registry can be told."""

    repo_server: RepoServer = RepoServer()
    database: Database = Database()
    super_api_key: str | None = None
    """The key that may do everything, a UUID; none: one is made at the first start and kept in the state folder."""
    patches_allowed: bool = False
    """Whether a published schema may be replaced or deleted. For development: elsewhere nobody could rely on one."""
    debug: bool = False
    """Whether /api/debug shows, to the super key, what the registry holds."""
    swagger: Swagger = Swagger()
    webhooks: Webhooks = Webhooks()
    license: License = License()

    def __post_init__(self) -> None:
        """Refuses a super key that no client could send."""
        if self.super_api_key is not None and parse_key(self.super_api_key) is None:
            raise ValueError("superApiKey is no UUID, which uuidgen makes")
