"""The answer for a program."""

import json

from dnn_tf.cli.answer import print_json


def test_one_line(capsys):
    print_json({"名": [1, None]})
    out = capsys.readouterr().out
    assert out == '{"名": [1, null]}\n'
    assert json.loads(out) == {"名": [1, None]}
