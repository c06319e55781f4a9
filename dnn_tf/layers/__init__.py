"""Layers: one class, one file."""

from dnn_tf.layers.neuron_layer import NeuronLayer

__all__ = ["NeuronLayer"]
