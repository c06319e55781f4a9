"""Networks, built as the documents build them: one function, one file."""

from dnn_tf.models.auxiliary import with_auxiliary_outputs
from dnn_tf.models.cnn import cnn
from dnn_tf.models.dnn import dnn
from dnn_tf.models.funnel import funnel
from dnn_tf.models.perceptron import perceptron
from dnn_tf.models.rnn import rnn

__all__ = ["cnn", "dnn", "funnel", "perceptron", "rnn", "with_auxiliary_outputs"]
