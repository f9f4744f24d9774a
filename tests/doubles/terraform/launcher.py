"""Runs Terraform out of a shared library: `launcher.py LIBRARY ARGUMENT…`."""

import ctypes
import os
import sys


def main(library: str, *arguments: str) -> int:
    """Terraform's exit code."""
    run = ctypes.CDLL(library).RunCli
    run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
    run.restype = ctypes.c_int
    words = [argument.encode() for argument in arguments]
    # it closes what it is given to write to
    return int(run(len(words), (ctypes.c_char_p * len(words))(*words), os.dup(1), os.dup(2)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
