"""Several machines, or several GPUs of one, that take each step of `fit` together."""

from dnn_tf.workers.cluster import Cluster, read_cluster
from dnn_tf.workers.strategies import gpus, strategy, team_of
from dnn_tf.workers.team import ALONE, Team, jointly

__all__ = ["ALONE", "Cluster", "Team", "gpus", "jointly", "read_cluster", "strategy", "team_of"]
