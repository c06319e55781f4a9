"""What the classifier and the regressor share: words in, a trained network out."""

import abc
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, ClassVar, TypeVar

import keras
import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from dnn_tf.data import Dataset
from dnn_tf.estimator import parts
from dnn_tf.estimator.all_or_nothing import all_or_nothing
from dnn_tf.estimator.beginning import begun_with, check_unchanged
from dnn_tf.estimator.compilation import compiling_pays
from dnn_tf.estimator.holdout import held_out
from dnn_tf.estimator.kept import Kept
from dnn_tf.estimator.limits import check_limits
from dnn_tf.estimator.outputs import outputs
from dnn_tf.estimator.passes import Passes
from dnn_tf.estimator.rows import Rows, as_weights, weighted
from dnn_tf.estimator.seeding import Seeds, building, draw_seeds
from dnn_tf.estimator.words import Words
from dnn_tf.training.door import check_batch_size
from dnn_tf.training.fit import fit
from dnn_tf.types import DivergenceError, InputError, Measure, first_line

Own = TypeVar("Own", bound="NetworkEstimator")


class NetworkEstimator(BaseEstimator, abc.ABC):
    """Abstract: a network of dense layers behind scikit-learn's words.

    A subclass says what is learnt of the targets, and in which form training gets them.
    """

    _loss: ClassVar["staticmethod[[Any, Any], Any]"]
    _metrics: ClassVar[tuple[Measure, ...]] = ()

    model_: keras.Model
    classes_: np.ndarray
    _compiled_for: tuple[Any, ...]

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
        dtype: str | None = None,
        jit_compile: bool | str = "auto",
        progress: bool | None = False,
        random_state: Any = None,
    ):
        self.hidden = hidden
        self.activation = activation
        self.kernel_initializer = kernel_initializer
        self.batch_norm = batch_norm
        self.dropout = dropout
        self.l1 = l1
        self.l2 = l2
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.clip_value = clip_value
        self.clip_norm = clip_norm
        self.clip_global_norm = clip_global_norm
        self.batch_size = batch_size
        self.epochs = epochs
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.dtype = dtype
        self.jit_compile = jit_compile
        self.progress = progress
        self.random_state = random_state

    @abc.abstractmethod
    def _checked(self, X: Any, y: Any, **how: Any) -> tuple[np.ndarray, np.ndarray]:
        """Features and targets as arrays, after scikit-learn's own checks."""

    @abc.abstractmethod
    def _learn(self, y: np.ndarray) -> None:
        """Keeps what there is to know of the targets: the classes, or how many there are."""

    @abc.abstractmethod
    def _n_outputs(self) -> int:
        """Of the network."""

    @abc.abstractmethod
    def _encoded(self, y: np.ndarray) -> np.ndarray:
        """The targets as numbers, by what was learnt of them."""

    def _check_limits(self, X: np.ndarray, y: np.ndarray, within: str) -> None:  # noqa: ARG002
        """Raises `InputError` where a number is too large; `within` goes before its name."""
        repair = "scale the features, as with sklearn.preprocessing.StandardScaler"
        check_limits(X, f"{within}X", repair)

    def _cure(self, y: np.ndarray) -> str:  # noqa: ARG002
        """What to do where training on these targets diverges."""
        return "lower the learning rate, clip the gradients, or scale the features"

    def _factors(self, rows: Rows) -> np.ndarray | None:  # noqa: ARG002
        """How much each class counts; `None` where there are no classes."""
        return None

    def fit(
        self: Own, X: Any, y: Any, sample_weight: Any = None, validation_data: Any = None
    ) -> Own:
        """Trains a new network.

        A call that fails, or is interrupted, leaves the estimator as it was before: untrained, or
        with the network of an earlier training.

        Args:
            X: features, `(rows, features)`: an array, a data frame or lists; not sparse.
            y: targets, one row each.
            sample_weight: `(rows,)`: how much each row counts in the loss. With `batch_size="all"`
                a weight of 2 is the row twice; a weight of 0 is always as if the row were not
                there.
            validation_data: `(X, y)` or `(X, y, sample_weight)`: is measured after each epoch, and
                early stopping goes by it. Without it, early stopping holds out
                `validation_fraction` of the rows. A pipeline transforms `X` and not these rows:
                transform them first.

        Returns:
            The estimator.

        Raises:
            InputError: words or data that cannot be used.
            ValueError: data that scikit-learn refuses.
            DivergenceError: the loss became NaN or infinite; scale the features, and the targets
                of a regressor.
        """
        with all_or_nothing(self):
            self._fit(X, y, sample_weight, validation_data)
        return self

    def _fit(self, X: Any, y: Any, sample_weight: Any, validation_data: Any) -> None:
        words = self._words()
        rows = self._rows(X, y, sample_weight, reset=True, dtype=_dtypes(words.dtype))
        self._learn(rows.y)
        rows = rows._replace(y=self._encoded(rows.y))
        factors = self._factors(rows)
        train = _times(factors, rows)
        seeds = draw_seeds(self.random_state)
        validation = None
        if validation_data is not None:
            validation = _times(factors, self._validating(validation_data, rows.x.dtype))
        elif words.early_stopping is not None:
            classes = None if factors is None else train.y
            chosen = held_out(len(train.x), words.validation_fraction, seeds.held_out, classes)
            train, validation = (train.at(numbers) for numbers in chosen)
        with self._with_a_cure(train.y):
            self._train(words, train, validation, seeds)

    def _words(self) -> Words:
        """Raises `InputError` where they cannot be used."""
        given = self.get_params(deep=False)
        return Words(**{word: given[word] for word in Words.__dataclass_fields__})

    def _rows(self, X: Any, y: Any, sample_weight: Any, within: str = "", **how: Any) -> Rows:
        """Checked, and without those of weight zero; `within` names what holds them."""
        X, y = self._checked(X, y, **how)
        self._check_limits(X, y, f"{within}: " if within else "")
        rows = Rows(X, y, as_weights(sample_weight, len(X)))
        return rows.without_zero_weights(within or "sample_weight")

    def _validating(self, given: Any, dtype: Any) -> Rows:
        if not isinstance(given, tuple | list) or len(given) not in (2, 3):
            raise InputError(
                "validation_data is (X, y) or (X, y, sample_weight), and got "
                f"{type(given).__name__}"
            )
        X, y, sample_weight = given if len(given) == 3 else (*given, None)
        rows = self._rows(X, y, sample_weight, "validation_data", reset=False, dtype=dtype)
        return rows._replace(y=self._encoded(rows.y))

    def _train(self, words: Words, train: Rows, validation: Rows | None, seeds: Seeds) -> None:
        n_rows = len(train.x)
        self._begin(words, train.x, seeds)
        model, batch_size = self.model_, check_batch_size(words.batch_size, n_rows)
        jit_compile = words.jit_compile
        if jit_compile == "auto":
            n_weights = model.count_params()
            jit_compile = compiling_pays(n_rows, batch_size, words.epochs, n_weights)
        data = Dataset(train.packed(), None if validation is None else validation.packed())
        history = fit(
            model,
            data,
            loss=weighted(self._loss),
            optimizer=model.optimizer,
            epochs=words.epochs,
            batch_size=batch_size,
            clip=parts.clip(words),
            metrics=[weighted(metric) for metric in self._metrics],
            callbacks=parts.callbacks(words),
            seed=seeds.order,
            jit_compile=bool(jit_compile),
            progress=words.progress,
        ).history
        self._compile(model.optimizer)  # once more: for labels without a weight beside them
        self.history_ = history
        self.n_iter_ = len(history["loss"])
        self.loss_ = history["loss"][-1]

    def _begin(self, words: Words, x: np.ndarray, seeds: Seeds) -> None:
        """A network and an optimiser that have not learnt anything."""
        with building(seeds.weights, x.dtype.name):
            self.model_ = parts.network(words, x.shape[1], self._n_outputs())
            self._compile(parts.optimizer(words))
        self._begun = begun_with(self.get_params(deep=False))
        self._order = np.random.default_rng(seeds.passes)
        self._passes: Passes | None = None

    def _compile(self, optimizer: keras.optimizers.Optimizer) -> None:
        """So that the model is an ordinary one, which Keras evaluates, trains on and saves."""
        self.model_.compile(optimizer, self._loss, metrics=list(self._metrics))

    def _pass(
        self: Own, X: Any, y: Any, sample_weight: Any, targets: np.ndarray | None = None
    ) -> Own:
        """One pass over these rows, for `partial_fit`; begins with a new network if there is none.

        Args:
            X, y, sample_weight: as in `fit`.
            targets: what is learnt of them, at first. `None`: that of `y`.
        """
        words = self._words()
        first = not hasattr(self, "model_")
        if not first:
            check_unchanged(self._begun, self.get_params(deep=False))
        with all_or_nothing(self):
            rows = self._rows(X, y, sample_weight, reset=first, dtype=self._dtype())
            if first:
                self._learn(rows.y if targets is None else targets)
            rows = rows._replace(y=self._encoded(rows.y))
            rows = _times(self._factors(rows), rows)
            if first:
                self._begin(words, rows.x, draw_seeds(self.random_state))
            draws = deepcopy(self._order)
            order = draws.permutation(len(rows.x))
            batch_size = check_batch_size(words.batch_size, len(rows.x))
            with self._with_a_cure(rows.y):
                self.loss_ = self._passes_by(words).over(rows.packed(), order, batch_size)
            self._order = draws
            self.n_iter_ = getattr(self, "n_iter_", 0) + 1
        return self

    def _passes_by(self, words: Words) -> Passes:
        """Those of the last call, unless the words for them have changed, or a pickle was made."""
        jit_compile = words.jit_compile is True  # "auto" cannot know how many will follow
        clipping = words.clip_value, words.clip_norm, words.clip_global_norm
        if self._passes is None or self._compiled_for != (jit_compile, clipping):
            loss = weighted(self._loss)
            self._passes = Passes(self.model_, loss, parts.clip(words), jit_compile)
            self._compiled_for = jit_compile, clipping
        return self._passes

    @contextmanager
    def _with_a_cure(self, y: np.ndarray) -> Iterator[None]:
        """Within, a training that diverges is told in the words of this class."""
        try:
            yield
        except DivergenceError as error:
            what = first_line(error).split(";")[0]
            raise DivergenceError(
                f"{what}; the estimator is as it was before: {self._cure(y)}"
            ) from error

    def _dtype(self) -> Any:
        """Of the network; before there is one, those that `dtype` allows."""
        return self.model_.input.dtype if hasattr(self, "model_") else _dtypes(self.dtype)

    def _outputs(self, X: Any) -> np.ndarray:
        check_is_fitted(self, "model_")
        X = validate_data(self, X, reset=False, dtype=self._dtype())
        return outputs(self.model_, X)

    def __getstate__(self) -> dict[str, Any]:
        """The network as plain values; the compiled functions stay here."""
        state = dict(super().__getstate__())
        if "model_" in state:
            state |= {"model_": Kept.of(self.model_), "_passes": None}
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if "model_" in state:
            model = state["model_"].restored(self._loss, list(self._metrics))
            state = state | {"model_": model}
        super().__setstate__(state)


def _dtypes(dtype: str | None) -> Any:
    """For scikit-learn's checks, which turn what is in none of several into the first."""
    return ["float64", "float32"] if dtype is None else dtype


def _times(factors: np.ndarray | None, rows: Rows) -> Rows:
    """Each row's weight times the factor of its class."""
    if factors is None:
        return rows
    return rows._replace(weights=rows.weights * factors[rows.y]).without_zero_weights(
        "class_weight"
    )
