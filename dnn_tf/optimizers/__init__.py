"""Optimisers: one class, one file."""

from dnn_tf.optimizers.gradient_descent import GradientDescent

__all__ = ["GradientDescent"]
