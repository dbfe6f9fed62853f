"""What an article costs in processor time: on the command line, in Python, in Spark, in Ray Data.

    python benches/cost.py --program youcheng --articles articles.jsonl [WAY...]

Each way reads a small and a large part of the same articles in the same processes, and what an
article costs is the difference of what the two cost by the difference of their articles: user
and system time of all processes, the Java machine and the workers among them. So the start of
processes, the loading of data and the warming up do not count; they are printed apart.
`youcheng extract --jobs 1` reads the same in turn, once to JSON Lines (`extract`) and once to
shards in Parquet (`shards`: all that Spark and Ray make of an article, but for its columns).
All ways work on one thread, or on one a worker. `./dev bench python` runs it.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Tuple

#: What each way is to take at most, as a multiple of `youcheng extract`.
GOALS = {"extract_batch": 1.1, "engine": 1.3, "spark": 1.3, "ray": 1.3}
#: What each way is compared with: ways themselves.
PEERS = ("extract", "shards")
WORKERS = 2
#: Lines of a piece: enough pieces for all workers.
LINES = 500

Run = Callable[[Path], None]


def quiet(call: List[str]) -> None:
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL)


def program(arguments: argparse.Namespace, *more: str) -> Iterator[Run]:
    call = [arguments.program, "extract", "--quiet", "--jobs", "1", *more]
    yield lambda file: quiet([*call, str(file)])


def extract(arguments: argparse.Namespace) -> Iterator[Run]:
    """JSON Lines, written to nowhere."""
    yield from program(arguments)


def shards(arguments: argparse.Namespace) -> Iterator[Run]:
    """Shards in Parquet: what an engine makes of articles, and more than JSON Lines."""
    yield from program(arguments, "--format", "parquet")


def extract_batch(arguments: argparse.Namespace) -> Iterator[Run]:
    """A table of Arrow in, one out."""
    import pyarrow

    import youcheng

    def run(file: Path) -> None:
        lines = pyarrow.array(file.read_bytes().splitlines(), pyarrow.binary())
        youcheng.extract_batch(pyarrow.table({"record": lines}), jobs=1)

    yield run


def engine(arguments: argparse.Namespace) -> Iterator[Run]:
    """What each task of Spark and Ray Data does, without them."""
    from youcheng import engine

    def run(file: Path) -> None:
        for piece in engine.pieces([file], LINES):
            for _ in engine.extract(piece):
                pass

    yield run


def spark_session() -> Any:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local[{WORKERS}]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "4")
    builder = builder.config("spark.driver.host", "127.0.0.1")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def spark(arguments: argparse.Namespace) -> Iterator[Run]:
    """Extraction with `mapInArrow`, all columns read and dropped."""
    from youcheng.spark import extract, pieces

    session = spark_session()
    yield lambda file: (
        extract(pieces(session, [file], LINES)).write.format("noop").mode("overwrite").save()
    )
    session.stop()


def spark_run(arguments: argparse.Namespace) -> Iterator[Run]:
    """`youcheng.spark.run`: Parquet, near duplicates and merged agreements as well."""
    from youcheng.spark import run

    session = spark_session()
    with tempfile.TemporaryDirectory() as folder:
        yield lambda file: run(session, [file], folder, LINES)
    session.stop()


def ray(arguments: argparse.Namespace) -> Iterator[Run]:
    """Extraction with `map_batches`, all rows counted and dropped."""
    import ray

    from youcheng.ray import extract, pieces

    from ray.data import DataContext

    DataContext.get_current().enable_progress_bars = False
    ray.init(num_cpus=WORKERS, include_dashboard=False, log_to_driver=False, logging_level=40)

    def run(file: Path) -> None:
        for _ in extract(pieces([file], LINES)).iter_internal_ref_bundles():
            pass

    yield run
    ray.shutdown()


WAYS: Dict[str, Callable[[argparse.Namespace], Iterator[Run]]] = {
    "extract": extract,
    "shards": shards,
    "extract_batch": extract_batch,
    "engine": engine,
    "spark": spark,
    "spark-run": spark_run,
    "ray": ray,
}


def spent() -> float:
    """Seconds of processor time of this process and of all that it started, also of those that
    ended."""
    tick = os.sysconf("SC_CLK_TCK")
    told: Dict[int, Tuple[int, int]] = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            # Behind the name, which may hold anything.
            fields = Path("/proc", entry, "stat").read_text().rsplit(")", 1)[1].split()
        except (OSError, UnicodeDecodeError):
            continue
        told[int(entry)] = (int(fields[1]), sum(map(int, fields[11:15])))
    ours = {os.getpid()}
    while True:
        more = {pid for pid, (parent, _) in told.items() if parent in ours} - ours
        if not more:
            return sum(told[pid][1] for pid in ours) / tick
        ours |= more


def adopt() -> None:
    """Processes whose parents end become children of this one, and count."""
    adopting = 36
    ctypes.CDLL(None).prctl(adopting, 1, 0, 0, 0)


def measure(arguments: argparse.Namespace) -> Dict[str, float]:
    """One way, in this process: its start, and what an article costs. The program reads the
    same articles in turn, so that what else the machine does falls on both."""
    adopt()
    files = arguments.files
    counts = [sum(1 for _ in open(file, "rb")) for file in files]
    way = arguments.way[0]
    peers = {name: next(WAYS[name](arguments)) for name in PEERS}
    began = spent()
    for run in WAYS[way](arguments):
        run(files[0])
        start = spent() - began
        # What compiles while it runs does so now.
        run(files[1])
        runs = {**peers, way: run}
        least = {name: [float("inf")] * 2 for name in runs}
        for _ in range(arguments.rounds):
            for at, file in enumerate(files):
                for name, each in runs.items():
                    before = spent()
                    each(file)
                    least[name][at] = min(least[name][at], spent() - before)
        article = {
            name: (large - small) / (counts[1] - counts[0])
            for name, (small, large) in least.items()
        }
        found = {f"of {name}": article[way] / article[name] for name in PEERS}
        return {**found, "article": article[way], "start": start - article[way] * counts[0]}
    raise AssertionError("a way gives what to run")


def parts(articles: Path, sizes: List[int], folder: Path) -> List[Path]:
    found = []
    with open(articles, "rb") as opened:
        lines = [line for line, _ in zip(opened, range(max(sizes)))]
    if len(lines) < max(sizes):
        raise SystemExit(f"{articles}: {len(lines)} articles, {max(sizes)} are wanted")
    for size in sizes:
        found.append(folder / f"{size}.jsonl")
        found[-1].write_bytes(b"".join(lines[:size]))
    return found


def compare(arguments: argparse.Namespace) -> Dict[str, Dict[str, float]]:
    """All ways, each in a process of its own, and how they compare."""
    found: Dict[str, Dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        files = parts(arguments.articles, [arguments.small, arguments.large], Path(folder))
        for way in arguments.way or [way for way in WAYS if way not in PEERS]:
            call = [sys.executable, __file__, way, "--program", arguments.program,
                    "--rounds", str(arguments.rounds), "--files", *map(str, files)]
            done = subprocess.run(call, check=True, stdout=subprocess.PIPE)
            found[way] = json.loads(done.stdout.splitlines()[-1])
            print(line(way, found[way]), flush=True)
    return found


def line(way: str, told: Dict[str, float]) -> str:
    text = f"{way:14} {told['article'] * 1e6:6.0f} us an article, {told['start']:5.1f} s to start"
    for peer in PEERS:
        text += f", {told[f'of {peer}']:.2f} of {peer}"
    if way in GOALS:
        text += f" (goal: {GOALS[way]} of extract)"
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("way", nargs="*", choices=[[], *WAYS], metavar="WAY", help=", ".join(WAYS))
    parser.add_argument("--program", default="youcheng")
    parser.add_argument("--articles", type=Path, help="JSON Lines, as examples/generate makes them")
    parser.add_argument("--small", type=int, default=2000)
    parser.add_argument("--large", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--files", type=Path, nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.files:
        print(json.dumps(measure(arguments)), flush=True)
    elif not arguments.articles:
        parser.error("--articles says which articles to read")
    else:
        compare(arguments)


if __name__ == "__main__":
    main()
