"""What stops the loader."""


class LoaderError(RuntimeError):
    """The loader cannot go on; the message says why and, where one can know it, what to do."""
