"""Pretraining: layers that learn from data without labels, or from labels that cost nothing."""

from dnn_tf.pretraining.contrastive_divergence import contrastive_divergence
from dnn_tf.pretraining.deep_belief_network import deep_belief_network
from dnn_tf.pretraining.fit_rbm import fit_rbm
from dnn_tf.pretraining.good_or_corrupted import good_or_corrupted
from dnn_tf.pretraining.hidden_network import hidden_network
from dnn_tf.pretraining.pair_network import pair_network
from dnn_tf.pretraining.pairs import draw_pairs, same_or_different
from dnn_tf.pretraining.pretrained import Pretrained
from dnn_tf.pretraining.stacked_autoencoder import stacked_autoencoder

__all__ = [
    "Pretrained",
    "contrastive_divergence",
    "deep_belief_network",
    "draw_pairs",
    "fit_rbm",
    "good_or_corrupted",
    "hidden_network",
    "pair_network",
    "same_or_different",
    "stacked_autoencoder",
]
