"""scikit-learn's `MLPClassifier`: dense networks with SGD or Adam."""

import sklearn
from sklearn.neural_network import MLPClassifier

from benchmarks.calls import predict_in_turn
from benchmarks.data import Data
from benchmarks.not_expressible import NotExpressible
from benchmarks.turn import Turn
from benchmarks.works import CLASSES, Work


def versions() -> dict[str, str]:
    """scikit-learn's."""
    return {"scikit-learn": sklearn.__version__}


def device() -> str:
    """It has no other."""
    return "CPU"


def network(work: Work, data: Data) -> MLPClassifier:
    """From the given weights; `partial_fit` trains an epoch."""
    if work.filters or work.batch_norm or work.dropout or work.activation != "relu":
        raise NotExpressible("MLPClassifier has dense layers with ReLU alone")
    model = MLPClassifier(
        work.hidden, activation="relu", solver=work.optimizer, alpha=0.0, batch_size=work.batch,
        learning_rate_init=work.rate, momentum=0.0, nesterovs_momentum=False, shuffle=True,
    )  # fmt: skip
    rows = data.x[: work.batch], data.y[: work.batch]
    model.partial_fit(*rows, classes=range(CLASSES))  # makes the arrays that follow
    for there, (kernel, bias) in zip(
        zip(model.coefs_, model.intercepts_, strict=True), data.weights, strict=True
    ):
        there[0][...], there[1][...] = kernel, bias
    return model


def run(work: Work, data: Data, turn: Turn) -> None:
    """Trains or predicts. In training it tells no accuracy."""
    model = network(work, data)
    if work.task != "train":
        turn.ready("predict_proba")
        predict_in_turn(work, data, turn, model.predict_proba)
    turn.ready("partial_fit, an epoch each; no accuracy in training")
    while True:
        turn.wait()
        model.partial_fit(data.x, data.y)
        turn.tell(float(model.loss_), None)
