"""The regressor."""

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils import Tags, check_array
from sklearn.utils.validation import validate_data

from dnn_tf.estimator.limits import check_limits
from dnn_tf.estimator.network_estimator import NetworkEstimator
from dnn_tf.losses import mean_squared_error
from dnn_tf.types import InputError


class DNNRegressor(RegressorMixin, NetworkEstimator):
    """A deep neural network as a regressor of scikit-learn, for one target or several.

    It makes the mean squared error small. Scale the features, and scale `y` as well: put the
    regressor into scikit-learn's `TransformedTargetRegressor`, as below. Targets of a million,
    unscaled, are too far for the usual learning rates, and `score` stays near 0 without an error;
    those of `1e20` make training diverge.

    Args:
        hidden, activation, kernel_initializer, batch_norm, dropout, l1, l2: see `DNNClassifier`.
        optimizer, learning_rate, clip_value, clip_norm, clip_global_norm: see `DNNClassifier`.
        batch_size, epochs, early_stopping, validation_fraction: see `DNNClassifier`.
        dtype, jit_compile, progress, random_state: see `DNNClassifier`.

    Attributes:
        n_features_in_, feature_names_in_: of the features; names only of a data frame.
        n_outputs_: how many targets.
        model_: an ordinary Keras model, an output a target.
        history_, n_iter_, loss_: see `DNNClassifier`.

    >>> from sklearn.compose import TransformedTargetRegressor
    >>> from sklearn.preprocessing import StandardScaler
    >>> X = np.linspace(-1, 1, 100).reshape(-1, 1)
    >>> y = 1e6 * np.abs(X).ravel()
    >>> network = DNNRegressor(hidden=(20,), learning_rate=0.01, epochs=30, random_state=0)
    >>> scaled = TransformedTargetRegressor(network, transformer=StandardScaler())
    >>> bool(scaled.fit(X, y).score(X, y) > 0.9)
    True
    """

    _loss = staticmethod(mean_squared_error)

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> "DNNRegressor":
        """Trains once over these rows, and goes on from where training stood, after `fit` too.

        See `DNNClassifier.partial_fit`.

        Args:
            X, y, sample_weight: as in `fit`.

        Raises:
            InputError: other targets than before, or a parameter that cannot change now.
            ValueError, DivergenceError: see `fit`.
        """
        return self._pass(X, y, sample_weight)

    def predict(self, X: Any) -> np.ndarray:
        """The targets of each row, in the shape that they had in training.

        Shapes:
            `(rows, features)` -> `(rows,)` or `(rows, targets)`.
        """
        z = self._outputs(X)
        return z[:, 0] if self._one_number else z

    def _checked(self, X: Any, y: Any, **how: Any) -> tuple[np.ndarray, np.ndarray]:
        X, y = validate_data(self, X, y, multi_output=True, y_numeric=True, **how)
        return X, check_array(y, ensure_2d=False, input_name="y")  # which refuses sparse ones

    def _check_limits(self, X: np.ndarray, y: np.ndarray, within: str) -> None:
        super()._check_limits(X, y, within)
        check_limits(y, f"{within}y", "scale y, as with sklearn.compose.TransformedTargetRegressor")

    def _cure(self, y: np.ndarray) -> str:
        return (
            f"{super()._cure(y)} and y, whose largest number is {np.abs(y).max():.3g} in size, as "
            "with sklearn.compose.TransformedTargetRegressor"
        )

    def _learn(self, y: np.ndarray) -> None:
        self._one_number = y.ndim == 1
        self.n_outputs_ = 1 if y.ndim == 1 else y.shape[1]

    def _n_outputs(self) -> int:
        return self.n_outputs_

    def _encoded(self, y: np.ndarray) -> np.ndarray:
        n_targets = 1 if y.ndim == 1 else y.shape[1]
        if n_targets != self.n_outputs_:
            raise InputError(
                f"y has {n_targets} targets a row, and {self.n_outputs_} were expected, as in "
                "training: give as many, or fit anew"
            )
        return y

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
