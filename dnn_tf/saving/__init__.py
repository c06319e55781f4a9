"""Artefacts: a trained network on disk, for TensorFlow, for Keras and for people."""

from dnn_tf.saving.artefact import save
from dnn_tf.saving.card import Card, read_card
from dnn_tf.saving.destination import check_destination
from dnn_tf.saving.loading import load, open_artefact

__all__ = ["Card", "check_destination", "load", "open_artefact", "read_card", "save"]
