"""The peers: one module each, which speaks for itself alone.

A peer has `versions()`, `device()`, and `run(work, data, turn)`, which does the work epoch by
epoch. It raises `NotExpressible` for a work that it has no words for.
"""

MODULES = {
    "dnn_tf.fit": "dnn_tf_fit",
    "TF1 session loop": "tf1_session",
    "model.fit": "model_fit:default",
    "model.fit, best": "model_fit:best",
    "PyTorch loop": "torch_loop:eager",
    "torch.compile": "torch_loop:compiled",
    "JAX scan": "jax_scan",
    "scikit-learn": "scikit_learn",
    "large matmul": "matmul",
}
"""Module of each peer and, behind a colon, which of its forms."""

OURS = "dnn_tf.fit"
LIMIT = "large matmul"
"""Not a peer: what the machine can do."""

NEEDS = {
    "PyTorch loop": "torch",
    "torch.compile": "torch",
    "JAX scan": "jax",
    "scikit-learn": "sklearn",
}
"""Peers that the package can do without, and what they import."""
