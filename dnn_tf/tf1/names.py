"""What the name of a TF1 variable says: its scope, its part in a layer, its number."""

import re

_KERNEL = re.compile(r"(^|_)(kernel|weights?|w)(?=$|_|\d)", re.IGNORECASE)
_BIAS = re.compile(r"(^|_)(bias|biases|b)(?=$|_|\d)", re.IGNORECASE)
_UNNAMED = re.compile(r"Variable(_\d+)?")
_NUMBERED = re.compile(r"(\D*?)_?(\d+)(.*)")
_OUTPUTS = {"output", "outputs", "out", "logit", "logits", "softmax", "prediction", "predictions"}

Place = tuple[tuple[str, int, str], ...]
"""Where a name stands among others: by the words of each part of it, and by its number."""


def split(name: str) -> tuple[str, str]:
    """Scope and last word; the word `Variable`, which TF1 gave where no name was given, is dropped
    where there is another.

    >>> split("dnn/hidden1/kernel"), split("kernel_1"), split("layer1/weights/Variable")
    (('dnn/hidden1', 'kernel'), ('', 'kernel_1'), ('layer1', 'weights'))
    """
    scope, _, word = name.rpartition("/")
    above, _, last = scope.rpartition("/")
    if _UNNAMED.fullmatch(word) and (_KERNEL.search(last) or _BIAS.search(last)):
        return above, last
    return scope, word


def may_be_bias(name: str) -> bool:
    """Whether it is called a bias, or nothing at all.

    >>> may_be_bias("hidden1/biases"), may_be_bias("b_out"), may_be_bias("prelu/alpha")
    (True, True, False)
    """
    word = split(name)[1]
    return bool(_BIAS.search(word) or _UNNAMED.fullmatch(word))


def partner(name: str) -> str | None:
    """What is left of the last word without `kernel` or `bias`: the same for the two of a layer.

    >>> partner("kernel_1"), partner("bias_1"), partner("W_out"), partner("Variable_2")
    ('1', '1', 'out', None)
    """
    word = split(name)[1]
    for role in (_KERNEL, _BIAS):
        if role.search(word):
            return role.sub("", word, count=1).strip("_")
    return None


def place(name: str) -> Place:
    """To sort by: `hidden2` comes before `hidden10`, and `dense` before `dense_1`.

    >>> place("hidden10/kernel")
    (('hidden', 10, ''), ('kernel', -1, ''))
    >>> sorted(["fc10", "fc9", "fc"], key=place)
    ['fc', 'fc9', 'fc10']
    """
    return tuple(map(_place, name.split("/")))


def _place(part: str) -> tuple[str, int, str]:
    match = _NUMBERED.fullmatch(part)
    return (match[1], int(match[2]), match[3]) if match else (part, -1, "")


def stem(name: str) -> tuple[tuple[str, str], ...]:
    """What is left of a name without its numbers.

    >>> stem("dnn/hidden10/kernel") == stem("dnn/hidden2/kernel")
    True
    """
    return tuple((before, after) for before, _, after in place(name))


def is_outputs(name: str) -> bool:
    """Whether the layer of this kernel is called the last one.

    >>> is_outputs("dnn/outputs/kernel"), is_outputs("W_out"), is_outputs("outputs/hidden1/kernel")
    (True, True, False)
    """
    scope, word = split(name)
    return not _OUTPUTS.isdisjoint(
        re.split(r"[_\d]+", f"{scope.rpartition('/')[2]}_{word}".lower())
    )
