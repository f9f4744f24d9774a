"""The command line: one verb a stage, each working alone."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from snowmelt import __version__

VERBS: dict[str, tuple[str, str, str]] = {
    "collector": ("snowmelt.collector.main", "main", "take events over HTTP into the log"),
    "enrich": ("snowmelt.drain.main", "main", "validate and enrich what the log holds, into the lake"),
    "iglu": ("snowmelt.iglu.server.main", "main", "serve schemas, as Iglu Server does"),
    "schema": ("snowmelt.contracts.main", "main", "check, compare and publish schemas"),
    "load": ("snowmelt.loader.main", "main", "load run folders into the warehouse"),
    "runs": ("snowmelt.loader.main", "runs", "list loaded runs; release or drop one that was held"),
    "simulate": ("snowmelt.simulate.main", "main", "send what visitors' trackers would send"),
    "books": ("snowmelt.books.main", "main", "compare the counts of every stage"),
    "page": ("snowmelt.page.main", "main", "serve the tracker page"),
    "proxy": ("snowmelt.proxy.main", "main", "put Nginx before collector and registry"),
    "up": ("snowmelt.live.main", "main", "run the whole platform until it is stopped"),
    "status": ("snowmelt.live.main", "status", "tell what is up and how fresh each stage is"),
    "logs": ("snowmelt.live.main", "logs", "show the log of a stage"),
    "demo": ("snowmelt.demo.main", "main", "run every stage on one machine, from HTTP to the dashboard"),
}
"""Verb: module, function, what it does. A verb's module is imported only when the verb is used."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one verb and gives its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(usage())
        return 0
    if arguments[0] == "--version":
        print(f"snowmelt {__version__}")
        return 0
    verb, *rest = arguments
    if verb not in VERBS:
        print(f"snowmelt: there is no verb {verb!r}; snowmelt --help lists them", file=sys.stderr)
        return 2
    module, function, _ = VERBS[verb]
    run: Callable[[Sequence[str]], int] = getattr(import_module(module), function)
    try:
        code = run(rest)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:  # as `| head` does when it has read enough; nor must the interpreter write there any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    return code


def usage() -> str:
    """The help text."""
    lines = [f"  {verb:<10} {purpose}" for verb, (_, _, purpose) in VERBS.items()]
    return "\n".join(["usage: snowmelt VERB …   (snowmelt VERB --help tells more)", "", *lines])


if __name__ == "__main__":
    sys.exit(main())
