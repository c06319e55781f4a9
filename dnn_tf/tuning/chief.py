"""The process that chooses the trials: KerasTuner's chief, on loopback.

`python -m dnn_tf.tuning.chief DIRECTORY`. It tells its parent `{"port": 12345}`, then
`{"ended": "03"}` for each trial that has. It is told on stdin that a worker died, as in
`died tuner0 was killed by SIGKILL`, and ends when stdin does: its parent is done, or dead.
"""

import os
import sys
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc

from dnn_tf.tuning.voice import open_voice

DEATHS = 3
"""So many workers may die at one trial before it has failed."""


def main() -> None:
    """Serves until stdin ends."""
    directory = Path(sys.argv[1])
    tell = open_voice()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
    tell(port=server.add_insecure_port("127.0.0.1:0"))  # the workers start meanwhile

    from keras_tuner.src.distribute.oracle_chief import OracleServicer
    from keras_tuner.src.protos import get_service_grpc

    from dnn_tf.tuning.identity import read_identity

    class Servicer(OracleServicer):
        """That of upstream, which tells of each end."""

        def EndTrial(self, request: Any, context: Any) -> Any:  # noqa: N802
            answer = super().EndTrial(request, context)
            tell(ended=request.trial.trial_id)
            return answer

    oracle = read_identity(directory).make_oracle()
    oracle.open(directory)
    oracle.save()
    get_service_grpc().add_OracleServicer_to_server(Servicer(oracle), server)
    server.start()
    deaths: dict[str, int] = {}
    for line in sys.stdin:
        _, tuner, how = line.strip().split(" ", 2)
        trial = oracle.ongoing_trials.get(tuner)
        if trial is None:
            continue
        deaths[trial.trial_id] = deaths.get(trial.trial_id, 0) + 1
        if deaths[trial.trial_id] >= DEATHS:
            oracle.fail(trial, f"its process died {DEATHS} times, the last time {how}")
            tell(ended=trial.trial_id)
    server.stop(None)
    sys.stderr.flush()
    os._exit(0)  # at once: a worker may be asking still


if __name__ == "__main__":
    main()
