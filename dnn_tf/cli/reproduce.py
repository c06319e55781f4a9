"""The command that reruns the documents' experiments."""

import argparse
import sys
from pathlib import Path

from dnn_tf.cli.answer import print_json


def reproduce(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """Experiments by their names, or all of them."""
    from dnn_tf.experiments import contents, reproducing, table
    from dnn_tf.storage import replacing_file

    if options.list:
        titles = {name: contents.title(name) for name in contents.PAGES}
        if options.json:
            print_json([{"name": name, "title": title} for name, title in titles.items()])
        else:
            width = max(map(len, titles))
            print("\n".join(f"{name:{width}}  {title}" for name, title in titles.items()))
        return
    if bool(options.names) == options.all:
        parser.error("name the experiments to run, or --all; --list tells their names")
    stream = sys.stderr if options.json else sys.stdout
    directory = Path(options.directory)
    results = reproducing.reproduce(
        list(contents.PAGES) if options.all else options.names,
        directory=directory,
        quick=options.quick,
        seed=options.seed,
        again=options.again,
        report=lambda result: print(f"{table.as_text(result)}\n", file=stream, flush=True),
    )
    with replacing_file(directory / "results.md") as beside:
        beside.write_text(table.as_markdown(reproducing.collect(directory)), encoding="utf-8")
    if options.json:
        print_json(
            [
                {"experiment": result.name, **row, "seconds": result.seconds}
                for result in results
                for row in result.rows
            ]
        )
        return
    print(table.counted(results))
    print(f"results and figures  {directory / 'results.md'}")
