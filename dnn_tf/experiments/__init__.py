"""The documents' runs, one page each, with the result they are held against."""

from dnn_tf.experiments.mnist import mnist, resume_mnist

__all__ = ["mnist", "resume_mnist"]
