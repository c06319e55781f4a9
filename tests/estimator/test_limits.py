import numpy as np
import pytest

from dnn_tf.estimator.limits import check_limits
from dnn_tf.types import InputError

LARGEST = float(np.finfo("float32").max)


def test_what_is_just_small_enough():
    check_limits(np.array([LARGEST, -LARGEST, 0.0]), "X", "scale it")
    check_limits(np.array([[LARGEST]], "float32"), "X", "scale it")
    check_limits(np.array([2**62]), "y", "scale it")


@pytest.mark.parametrize("sign", [1, -1])
def test_the_first_that_is_too_large_is_named(sign):
    x = np.ones((3, 2))
    x[1, 1] = x[2, 0] = sign * 1e39
    message = r"^X\[1, 1\] is -?1e\+39 \(2 such values in all\), and numbers .*: scale it$"
    with pytest.raises(InputError, match=message):
        check_limits(x, "X", "scale it")
