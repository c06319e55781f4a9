"""Artefacts: a trained network on disk, for TensorFlow, for Keras and for people."""

from dnn_tf.saving.artefact import check_destination, load, open_artefact, save
from dnn_tf.saving.card import Card, read_card

__all__ = ["Card", "check_destination", "load", "open_artefact", "read_card", "save"]
