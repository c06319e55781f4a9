"""The face of scikit-learn: networks of dense layers as its classifier and its regressor."""

from dnn_tf.estimator.classifier import DNNClassifier
from dnn_tf.estimator.regressor import DNNRegressor

__all__ = ["DNNClassifier", "DNNRegressor"]
