"""Appends to a log and prints what was acknowledged, until somebody kills it. Arguments: folder, seed."""

import sys
from itertools import count
from pathlib import Path
from random import Random

from snowmelt.streams.log import Appended, Record
from snowmelt.streams.segments import SegmentWriter


def main(folder: Path, seed: int) -> None:
    rng = Random(seed)
    numbers = count()
    with SegmentWriter.open(folder, segment_bytes=1 << 17) as writer:
        while True:
            names = [f"{seed}/{next(numbers)}" for _ in range(rng.randint(1, 20))]
            records = [Record(name, name.encode() + b" " + rng.randbytes(rng.randint(0, 3000))) for name in names]
            results = writer.append(records)
            lines = [
                f"{r.position} {name}\n" for r, name in zip(results, names, strict=True) if isinstance(r, Appended)
            ]
            sys.stdout.write("".join(lines))
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
