"""The classifier."""

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from dnn_tf.estimator.class_weights import class_weights
from dnn_tf.estimator.labels import check_one_kind
from dnn_tf.estimator.network_estimator import NetworkEstimator
from dnn_tf.estimator.outputs import log_softmax, softmax
from dnn_tf.estimator.rows import Rows
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.metrics import accuracy
from dnn_tf.types import InputError


class DNNClassifier(ClassifierMixin, NetworkEstimator):
    """A deep neural network as a classifier of scikit-learn.

    It trains with `dnn_tf.fit`, and works in pipelines, searches and cross-validation, in several
    processes too; it can be cloned and pickled. Scale the features, as with any network.

    Args:
        hidden: neurons of each hidden layer. Default `(300, 100)`, the document's.
        activation: of the hidden layers; see `models.dnn`.
        kernel_initializer: how the weights start. `None`: what `initializers.recommended` names
            for the activation; where it has no rule, the document's truncated normal.
        batch_norm, dropout: see `models.dnn`.
        l1, l2: strength of a penalty on the kernels: `l1 * sum |w|`, `l2 / 2 * sum w^2`.
        optimizer: a name that `optimizers.get` knows, or a Keras optimiser, which is copied for
            every training and not used itself.
        learning_rate: in place of the optimiser's own.
        clip_value, clip_norm, clip_global_norm: the gradients' limit, entry by entry, gradient by
            gradient, or all together; at most one of them.
        batch_size: rows a step, or `"all"`.
        epochs: how often every row is seen, in `fit`.
        early_stopping: so many epochs without a smaller validation loss end `fit`, and the best
            weights are kept. `None`: all epochs are trained, on all rows.
        validation_fraction: of the rows, held out for early stopping, of each class its share.
        class_weight: how much each class counts: a dict by label, in which the others count 1;
            `"balanced"`, all alike; `None`. It multiplies the weight of each row.
        dtype: what the network computes in. `None`: float32 where `X` is, else float64, as
            scikit-learn's own networks do. `"float32"` is two to three times as fast on wide
            layers, and exact to six digits.
        jit_compile: whether XLA compiles the steps. `"auto"`: in `fit`, if by a rough measure it
            saves more time than it takes, about .7 s for each size of a batch.
        progress: whether to show a progress bar. `None`: where stderr is a terminal.
        random_state: of the start, the order of the rows and what is held out: a whole number, a
            `RandomState`, or `None`. Same number, same machine, same bits; the generators of
            Python, NumPy and Keras are left as they were.

    Attributes:
        classes_: the labels.
        n_features_in_, feature_names_in_: of the features; names only of a data frame.
        model_: an ordinary Keras model that ends in logits, in the order of `classes_`.
        history_: of `fit`: of each epoch `loss`, `accuracy`, `val_loss` and so on.
        n_iter_: how many epochs were trained, passes of `partial_fit` with them.
        loss_: the last mean loss on the training rows.

    >>> from sklearn.datasets import load_iris
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> X, y = load_iris(return_X_y=True)
    >>> network = DNNClassifier(hidden=(20,), learning_rate=0.01, epochs=20, random_state=0)
    >>> bool(make_pipeline(StandardScaler(), network).fit(X, y).score(X, y) > 0.9)
    True
    """

    _loss = staticmethod(sparse_softmax_cross_entropy)
    _metrics = (accuracy,)

    def __init__(
        self,
        hidden: Any = (300, 100),
        activation: Any = "relu",
        *,
        kernel_initializer: Any = None,
        batch_norm: Any = False,
        dropout: Any = None,
        l1: float = 0.0,
        l2: float = 0.0,
        optimizer: Any = "adam",
        learning_rate: float | None = None,
        clip_value: float | None = None,
        clip_norm: float | None = None,
        clip_global_norm: float | None = None,
        batch_size: int | str = 50,
        epochs: int = 40,
        early_stopping: int | None = None,
        validation_fraction: float = 0.1,
        class_weight: Any = None,
        dtype: str | None = None,
        jit_compile: bool | str = "auto",
        progress: bool | None = False,
        random_state: Any = None,
    ):
        super().__init__(
            hidden,
            activation,
            kernel_initializer=kernel_initializer,
            batch_norm=batch_norm,
            dropout=dropout,
            l1=l1,
            l2=l2,
            optimizer=optimizer,
            learning_rate=learning_rate,
            clip_value=clip_value,
            clip_norm=clip_norm,
            clip_global_norm=clip_global_norm,
            batch_size=batch_size,
            epochs=epochs,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            dtype=dtype,
            jit_compile=jit_compile,
            progress=progress,
            random_state=random_state,
        )
        self.class_weight = class_weight

    def partial_fit(
        self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None
    ) -> "DNNClassifier":
        """Trains once over these rows, and goes on from where training stood, after `fit` too.

        The optimiser's memory is kept, in a pickle as well. Pieces with as many rows as one before
        are not compiled anew. The weights of a piece are scaled to the mean 1. A call that fails
        changes nothing.

        Between two calls `set_params` may change `batch_size`, `class_weight`, `jit_compile` and
        the clipping; what the network and its optimiser were made of stays. A learning rate can be
        set in `model_.optimizer.learning_rate`.

        Args:
            X, y, sample_weight: as in `fit`.
            classes: all labels there will be, in the first call; later the same, or nothing.

        Raises:
            InputError: no or other `classes`, or a label that is none of them; a parameter that
                cannot change now; `class_weight="balanced"`, for which all rows would have to be
                known.
            ValueError, DivergenceError: see `fit`.

        >>> X, y = np.array([[0.0], [1.0]]), np.array(["no", "yes"])
        >>> network = DNNClassifier((4,), random_state=0).partial_fit(X, y, classes=["no", "yes"])
        >>> network.partial_fit(X, y).n_iter_
        2
        """
        if self.class_weight == "balanced":
            raise InputError(
                "class_weight is 'balanced', and partial_fit does not know the rows to come: give "
                "a dict of numbers, or sample_weight"
            )
        first = not hasattr(self, "model_")
        if first and classes is None:
            raise InputError("classes was not given to the first partial_fit: name all labels")
        if not first and classes is not None and set(classes) != set(self.classes_.tolist()):
            raise InputError(
                f"classes is {list(classes)!r:.200}, and training began with "
                f"{self.classes_.tolist()!r:.200}: give the same, or nothing; fit begins anew"
            )
        labels = None if classes is None else np.asarray(classes)
        if labels is not None:
            check_one_kind(labels, "classes")
        return self._pass(X, y, sample_weight, labels)

    def predict(self, X: Any) -> np.ndarray:
        """The label of the largest output, for each row.

        Shapes:
            `(rows, features)` -> `(rows,)`.
        """
        z = self._outputs(X)
        return self.classes_[z.argmax(axis=1)]

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probability of each class, in the order of `classes_`.

        Shapes:
            `(rows, features)` -> `(rows, classes)`.
        """
        return softmax(self._outputs(X))

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """Its logarithm, finite where a probability is too small for its type.

        Shapes:
            `(rows, features)` -> `(rows, classes)`.
        """
        return log_softmax(self._outputs(X))

    def _checked(self, X: Any, y: Any, **how: Any) -> tuple[np.ndarray, np.ndarray]:
        X, y = validate_data(self, X, y, **how)
        check_one_kind(y, "y")
        check_classification_targets(y)
        return X, y

    def _learn(self, y: np.ndarray) -> None:
        classes = np.unique(y)
        if len(classes) < 2:
            raise InputError(
                f"y has one class, {classes.tolist()[0]!r}, and two classes or more were expected: "
                "add rows of another, with a weight above zero"
            )
        self.classes_ = classes

    def _n_outputs(self) -> int:
        return len(self.classes_)

    def _encoded(self, y: np.ndarray) -> np.ndarray:
        present, places = np.unique(y, return_inverse=True)
        known = {label: number for number, label in enumerate(self.classes_.tolist())}
        numbers = np.array([known.get(label, -1) for label in present.tolist()])[places]
        if (numbers < 0).any():
            row = int((numbers < 0).argmax())
            raise InputError(
                f"y[{row}] is {y[row : row + 1].tolist()[0]!r}, and one of the classes "
                f"{self.classes_.tolist()!r:.200} was expected: drop such rows, or fit anew"
            )
        return numbers

    def _factors(self, rows: Rows) -> np.ndarray:
        return class_weights(self.class_weight, self.classes_, rows.y, rows.weights)
