#!/usr/bin/env python3
"""Whole processes, measured beside each other in one run: `./dev bench whole`.

Makes articles with a seed, plain and as pages, and prints a report: the extraction end to
end and by stage, what peers take on the same bytes, one core against two, ingest against
extraction and bulk loading, and how time and memory grow with the number of articles.

Times are processor time (user and system) unless they say "wall"; on a machine that does
other work, trust the ratios, and of these those of long runs. Needs Python 3.9 and nothing
else; the programs must be built (`./dev bench` does it).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Run:
    """A process that has ended: its times, memory and output."""

    def __init__(self, arguments, keep=False):
        began = time.monotonic()
        out = subprocess.PIPE if keep else subprocess.DEVNULL
        child = subprocess.Popen([str(it) for it in arguments], stdout=out, stderr=subprocess.PIPE)
        self.out = child.stdout.read() if keep else b""
        errors = child.stderr.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - began
        self.cpu = used.ru_utime + used.ru_stime
        # Kilobytes, but for macOS.
        self.megabytes = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
        # 1: some input was skipped.
        if child.returncode not in (0, 1):
            sys.exit(f"{arguments}: {child.returncode}\n{errors.decode(errors='replace')}")

    def least(self, other):
        return self if self.cpu <= other.cpu else other


def best(arguments, rounds):
    """The shortest of some runs: other programs only ever make one longer."""
    run = Run(arguments)
    for _ in range(rounds - 1):
        run = run.least(Run(arguments))
    return run


def measured(arguments):
    return json.loads(Run(arguments, keep=True).out)


def head(title):
    print(f"\n{title}", flush=True)


def say(name, value, more=""):
    print(f"  {name:<44} {value:>12}  {more}".rstrip(), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--bin", type=Path, required=True, help="the folder of what was built")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--growth", default="1000,10000,100000", help="numbers of articles")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1, help="the shortest of so many runs counts")
    parser.add_argument("--json", type=Path, help="writes the figures to this file as well")
    given = parser.parse_args()
    youcheng, examples = given.bin / "youcheng", given.bin / "examples"
    measure, generate = examples / "measure", examples / "generate"
    figures = {"articles": given.articles, "seed": given.seed}

    with tempfile.TemporaryDirectory(prefix="youcheng-bench-") as folder:
        folder = Path(folder)

        def made(articles, form):
            to = folder / f"{form}-{articles}"
            file = to / "articles.jsonl"
            if not file.exists():
                Run([generate, "--articles", articles, "--seed", given.seed,
                     "--format", form, "--out", to])
            return file

        def extract(file, jobs=1):
            return best([youcheng, "--quiet", "extract", "--jobs", jobs, file], given.rounds)

        one = folder / "one.txt"
        one.write_text("临沂市与韩国军浦市于2009年5月12日签署友好城市协议书。\n")
        start = best([youcheng, "--quiet", "extract", one], 5)
        head("Start")
        say("one sentence, start included", f"{start.cpu * 1e3:.0f} ms", f"{start.megabytes:.0f} MB")
        figures["start"] = {"cpu": start.cpu, "megabytes": start.megabytes}

        for form in ("jsonl", "html"):
            file = made(given.articles, form)
            size = file.stat().st_size / 1e6
            head(f"{given.articles} articles as {'plain text' if form == 'jsonl' else 'pages'}, "
                 f"{size:.1f} MB")
            run = extract(file)
            work = run.cpu - start.cpu
            say("extract, all stages, one thread", f"{work:.2f} s",
                f"{size / work:.1f} MB/s, {given.articles / work:.0f} articles/s, "
                f"peak {run.megabytes:.0f} MB")
            two = extract(file, 2)
            say("  with two threads, wall", f"{two.wall:.2f} s",
                f"{run.wall / two.wall:.2f} times as fast; processor time {two.cpu / run.cpu:.2f} times")
            split = measured([measure, "split", file])
            whole = sum(split["stages"].values())
            for name, seconds in split["stages"].items():
                say(f"  {name}", f"{100 * seconds / whole:.1f} %", f"{seconds:.2f} s")
            tags = measured([measure, "tag", made(given.articles, "jsonl")])
            ratio = split["extract"] / tags["cpu"]
            say("jieba tagging alone, same articles", f"{tags['cpu']:.2f} s",
                f"{tags['bytes'] / 1e6 / tags['cpu']:.1f} MB/s")
            if form == "jsonl":
                say("clean to claims / tagging", f"{ratio:.2f}", "goal: at most 1.5")
                peer = tags["cpu"]
            else:
                parse = measured([measure, "parse", file])
                say("scraper parsing alone", f"{parse['cpu']:.2f} s",
                    f"{parse['bytes'] / 1e6 / parse['cpu']:.1f} MB/s")
                ours = split["stages"]["read"] + split["extract"]
                peer = parse["cpu"] + tags["cpu"]
                say("read to claims / (parsing + tagging)", f"{ours / peer:.2f}", "goal: at most 2")
            say("the whole process / the same", f"{work / peer:.2f}")
            figures[form] = {
                "megabytes": size, "extract": work, "peak": run.megabytes,
                "wall": [run.wall, two.wall], "split": split, "peer": peer,
            }

        if has_store(youcheng):
            head(f"Into the store, {given.articles} articles as plain text, two threads")
            file = made(given.articles, "jsonl")
            store = folder / "kg"
            ingest = Run([youcheng, "--quiet", "ingest", "--store", store, "--jobs", 2, file])
            again = Run([youcheng, "--quiet", "ingest", "--store", store, "--jobs", 2, file])
            two = extract(file, 2)
            quads = folder / "graph.nq"
            Run([youcheng, "--quiet", "export", "--store", store, "--format", "nquads", "--to", quads])
            load = measured([measure, "load", quads, folder / "loaded"])
            longer = max(two.wall, load["wall"])
            say("ingest, wall", f"{ingest.wall:.2f} s",
                f"processor time {ingest.cpu:.2f} s, peak {ingest.megabytes:.0f} MB")
            say("  the same once more", f"{again.wall:.2f} s", f"processor time {again.cpu:.2f} s")
            say("extract alone, wall", f"{two.wall:.2f} s", f"processor time {two.cpu:.2f} s")
            say("bulk loading alone, wall", f"{load['wall']:.2f} s",
                f"processor time {load['cpu']:.2f} s, {load['quads']} quads, "
                f"{load['quads'] / given.articles:.1f} an article")
            say("ingest / the longer of the two, wall", f"{ingest.wall / longer:.2f}",
                "goal: at most 1.25")
            say("ingest / both together, processor time",
                f"{ingest.cpu / (two.cpu + load['cpu']):.2f}")
            figures["store"] = {
                "ingest": [ingest.wall, ingest.cpu, ingest.megabytes], "again": again.cpu,
                "extract": [two.wall, two.cpu], "load": load,
            }

        head("Growth, plain text, one thread for extract, two for ingest")
        figures["growth"] = []
        for articles in map(int, filter(None, given.growth.split(","))):
            file = made(articles, "jsonl")
            run = extract(file)
            per = (run.cpu - start.cpu) / articles * 1e6
            row = {"articles": articles, "extract": run.cpu, "peak": run.megabytes}
            say(f"extract {articles}", f"{per:.0f} µs each", f"peak {run.megabytes:.0f} MB")
            if has_store(youcheng):
                store = folder / f"kg-{articles}"
                run = Run([youcheng, "--quiet", "ingest", "--store", store, "--jobs", 2, file])
                size = sum(it.stat().st_size for it in store.rglob("*") if it.is_file()) / 1e6
                say(f"ingest  {articles}", f"{run.cpu / articles * 1e6:.0f} µs each",
                    f"peak {run.megabytes:.0f} MB, store {size:.0f} MB")
                row |= {"ingest": run.cpu, "ingest_peak": run.megabytes, "store": size}
            figures["growth"].append(row)
            # Many articles take room.
            if articles != given.articles:
                file.unlink()

    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n")


def has_store(youcheng):
    return b"ingest" in subprocess.run([youcheng, "--help"], capture_output=True).stdout


if __name__ == "__main__":
    main()
