"""Layers: one class, one file."""

from dnn_tf.layers.alpha_dropout import AlphaDropout
from dnn_tf.layers.batch_norm import BatchNorm
from dnn_tf.layers.convolution import Convolution
from dnn_tf.layers.dropout import Dropout
from dnn_tf.layers.gaussian_noise import GaussianNoise
from dnn_tf.layers.gru_cell import GRUCell
from dnn_tf.layers.locally_connected import LocallyConnected
from dnn_tf.layers.lstm_cell import LSTMCell
from dnn_tf.layers.maxout import Maxout
from dnn_tf.layers.neuron_layer import NeuronLayer
from dnn_tf.layers.pooling import MaxPooling, MeanPooling
from dnn_tf.layers.prelu import PReLU
from dnn_tf.layers.rbm import RBM
from dnn_tf.layers.rrelu import RReLU
from dnn_tf.layers.simple_rnn_cell import SimpleRNNCell

__all__ = [
    "RBM",
    "AlphaDropout",
    "BatchNorm",
    "Convolution",
    "Dropout",
    "GRUCell",
    "GaussianNoise",
    "LSTMCell",
    "LocallyConnected",
    "MaxPooling",
    "Maxout",
    "MeanPooling",
    "NeuronLayer",
    "PReLU",
    "RReLU",
    "SimpleRNNCell",
]
