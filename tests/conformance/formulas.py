"""Layers written again in NumPy, one number at a time where that is plainer."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def elu(z, alpha=1.0):
    return np.array([v if v >= 0 else alpha * (np.exp(v) - 1) for v in z.ravel()]).reshape(z.shape)


def maxout(x, W, b, pieces):
    maps = [x @ W[:, piece::pieces] + b[piece::pieces] for piece in range(pieces)]
    return np.max(maps, axis=0)


def framed(x, size, stride, fill):
    """Padding "same": enough around the image for `length / stride` windows, rounded up."""
    widths = []
    for length in x.shape[1:3]:
        missing = max((-(-length // stride) - 1) * stride + size - length, 0)
        widths.append((missing // 2, missing - missing // 2))
    return np.pad(x, [(0, 0), *widths, (0, 0)], constant_values=fill)


def over_windows(function, x, size, stride):
    """`function(window, row, column)` at every place, put together again."""
    rows, columns = ((length - size) // stride + 1 for length in x.shape[1:3])
    return np.stack(
        [
            np.stack(
                [
                    function(x[:, r : r + size, c : c + size], r // stride, c // stride)
                    for c in range(0, columns * stride, stride)
                ],
                axis=1,
            )
            for r in range(0, rows * stride, stride)
        ],
        axis=1,
    )


def convolution(x, W, b, stride=1):
    return over_windows(
        lambda window, *_: np.tensordot(window, W, axes=3) + b, x, W.shape[0], stride
    )


def locally_connected(x, W, b, size, stride=1):
    return over_windows(
        lambda window, r, c: window.reshape(len(x), -1) @ W[r, c] + b[r, c], x, size, stride
    )


def max_pooling(x, size, stride):
    return over_windows(lambda window, *_: window.max(axis=(1, 2)), x, size, stride)


def mean_pooling(x, size, stride):
    return over_windows(lambda window, *_: np.nanmean(window, axis=(1, 2)), x, size, stride)


def batch_norm(x, gamma, beta, mean, variance, epsilon=1e-3):
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def simple_rnn(x, W, U, b):
    h = np.zeros((len(x), len(U)))
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + h @ U + b)
    return h


def lstm(x, W, U, b):
    h = c = np.zeros((len(x), len(U)))
    for t in range(x.shape[1]):
        i, f, g, o = np.split(x[:, t] @ W + h @ U + b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return h


def gru(x, W, U, b):
    n = len(U)
    h = np.zeros((len(x), n))
    two_biases = b.ndim == 2
    b, b_state = b if two_biases else (b, np.zeros(3 * n))
    for t in range(x.shape[1]):
        x_z, x_r, x_g = np.split(x[:, t] @ W + b, 3, axis=1)
        z = sigmoid(x_z + h @ U[:, :n] + b_state[:n])
        r = sigmoid(x_r + h @ U[:, n : 2 * n] + b_state[n : 2 * n])
        if two_biases:
            g = np.tanh(x_g + r * (h @ U[:, 2 * n :] + b_state[2 * n :]))
        else:
            g = np.tanh(x_g + (r * h) @ U[:, 2 * n :])
        h = z * h + (1 - z) * g
    return h
