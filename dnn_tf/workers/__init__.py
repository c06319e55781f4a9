"""Several machines, or several GPUs of one, that take each step of `fit` together."""

from dnn_tf.workers.cluster import Cluster, read_cluster
from dnn_tf.workers.strategy import gpus, strategy, team_of
from dnn_tf.workers.team import ALONE, Team

__all__ = ["ALONE", "Cluster", "Team", "gpus", "read_cluster", "strategy", "team_of"]
