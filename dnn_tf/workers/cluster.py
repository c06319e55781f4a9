"""Who works on a job: what stands in TF_CONFIG."""

import json
import os
from dataclasses import dataclass
from typing import Any

from dnn_tf.types import InputError

_JOBS = ("chief", "worker")
_EXAMPLE = (
    '{"cluster": {"worker": ["10.0.0.1:2222", "10.0.0.2:2222"]}, '
    '"task": {"type": "worker", "index": 0}}'
)


@dataclass(frozen=True)
class Cluster:
    """The workers of a job, and which of them this process is.

    Args:
        addresses: `host:port` of each, at which the others reach it. The first is the chief's.
        names: what each is called, such as `"worker 1"`.
        rank: the number of this process among them, from 0.
    """

    addresses: tuple[str, ...]
    names: tuple[str, ...]
    rank: int

    @property
    def is_chief(self) -> bool:
        """Whether this process writes what the job leaves."""
        return self.rank == 0

    def describe(self, rank: int) -> str:
        """Name and address, for an error."""
        return f"{self.names[rank]} ({self.addresses[rank]})"

    def host_and_port(self, rank: int) -> tuple[str, int]:
        """Where one of them is reached."""
        host, _, port = self.addresses[rank].rpartition(":")
        return host.strip("[]"), int(port)


def read_cluster(text: str | None = None) -> Cluster:
    """What TF_CONFIG says, once it is known that it can be meant so.

    The cluster may name one `chief`, and `worker`s; without a chief, worker 0 is it.

    Args:
        text: of it. `None`: the environment variable's.

    Raises:
        InputError: it is missing, no JSON, or names other jobs, addresses that cannot be, one
            address twice, or a task that is not in the cluster.

    >>> cluster = read_cluster(
    ...     '{"cluster": {"worker": ["10.0.0.1:2222", "10.0.0.2:2222"]}, '
    ...     '"task": {"type": "worker", "index": 1}}'
    ... )
    >>> cluster.describe(cluster.rank), cluster.is_chief
    ('worker 1 (10.0.0.2:2222)', False)
    """
    text = os.environ.get("TF_CONFIG", "") if text is None else text
    if not text.strip():
        raise InputError(f"TF_CONFIG is not set, and workers find each other by it: {_EXAMPLE}")
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"TF_CONFIG is no JSON ({error}): expected is {_EXAMPLE}") from error
    jobs, task = _part(config, "cluster"), _part(config, "task")
    if unknown := set(jobs) - set(_JOBS):
        raise InputError(
            f"TF_CONFIG names the jobs {', '.join(sorted(unknown))}, and only chief and worker "
            "train here: leave them out"
        )
    people = [
        (job, index, address)
        for job in _JOBS
        for index, address in enumerate(_addresses(job, jobs.get(job, [])))
    ]
    if not people:
        raise InputError(f"TF_CONFIG names no worker: expected is {_EXAMPLE}")
    if len(jobs.get("chief", [])) > 1:
        raise InputError(f"TF_CONFIG names {len(jobs['chief'])} chiefs: name one")
    addresses = tuple(address for _, _, address in people)
    if twice := {address for address in addresses if addresses.count(address) > 1}:
        raise InputError(
            f"TF_CONFIG gives the address {min(twice)} to more than one worker: each needs its own"
        )
    names = tuple("chief" if job == "chief" else f"worker {index}" for job, index, _ in people)
    return Cluster(addresses, names, _rank(task, [(job, index) for job, index, _ in people]))


def _part(config: Any, name: str) -> dict[str, Any]:
    part = config.get(name) if isinstance(config, dict) else None
    if not isinstance(part, dict):
        raise InputError(f"TF_CONFIG has no {name!r}, or not an object there: {_EXAMPLE}")
    return part


def _addresses(job: str, given: Any) -> list[str]:
    if not isinstance(given, list):
        raise InputError(f"TF_CONFIG: {job} is a list of 'host:port', and got {given!r}")
    for address in given:
        host, _, port = address.rpartition(":") if isinstance(address, str) else ("", "", "")
        if not host or not (port.isascii() and port.isdigit() and 0 < int(port) < 2**16):
            raise InputError(
                f"TF_CONFIG: {job} holds {address!r}, and 'host:port' was expected, such as "
                "'10.0.0.1:2222'"
            )
    return given


def _rank(task: dict[str, Any], people: list[tuple[str, int]]) -> int:
    job, index = task.get("type"), task.get("index")
    if job not in _JOBS:
        raise InputError(f"TF_CONFIG: the task's type is {job!r}, and 'chief' or 'worker' expected")
    if type(index) is not int or (job, index) not in people:
        numbers = [number for name, number in people if name == job]
        there = f"0 to {numbers[-1]}" if numbers else "none"
        raise InputError(
            f"TF_CONFIG: the task is {job} {index!r}, and the cluster has {there}: give each "
            "process the index of its own address"
        )
    return people.index((job, index))
