"""Reading all variables, whole or not at all."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.tf1 import reader
from dnn_tf.tf1.reader import read_variables
from dnn_tf.types import InputError

V1, V2 = tf.compat.v1.train.SaverDef.V1, tf.compat.v1.train.SaverDef.V2
VARIABLES = {"hidden1/kernel": (4, 3), "hidden1/bias": (3,), "step": np.int64(7)}


@pytest.mark.parametrize("version", [V1, V2])
def test_values_as_they_were_saved(write, version):
    kernel = np.arange(12, dtype="float32").reshape(4, 3)
    variables = read_variables(write({"kernel": kernel, "n": np.int64(7)}, version=version))
    assert list(variables) == ["kernel", "n"]
    np.testing.assert_array_equal(variables["kernel"], kernel)
    assert variables["n"] == 7


def test_a_variable_in_slices_is_put_together(tmp_path):
    v1 = tf.compat.v1
    paths = []
    for version in (V2, V1):
        with tf.Graph().as_default(), v1.Session() as session:
            v1.get_variable("kernel", (10, 2), partitioner=v1.fixed_size_partitioner(2))
            session.run(v1.global_variables_initializer())
            saver = v1.train.Saver(write_version=version)
            paths.append(saver.save(session, str(tmp_path / f"{version}.ckpt")))
    assert read_variables(paths[0])["kernel"].shape == (10, 2)
    with pytest.raises(InputError, match=r"variables in slices.*write_version"):
        read_variables(paths[1])


@pytest.mark.parametrize("ending", [".index", ".data-00000-of-00001"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.5, 0.9, 0.999])
def test_truncated_anywhere(small, ending, share):
    file = small.with_name(f"{small.name}{ending}")
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))])
    with pytest.raises(
        InputError, match=r"final\.ckpt is truncated or damaged .*copy all its files again"
    ):
        read_variables(small)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_truncated_v1(write, share):
    path = write(VARIABLES, version=V1)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(InputError, match="truncated, damaged or no TF1 checkpoint"):
        read_variables(path)


@pytest.mark.parametrize("version", [V1, V2])
def test_a_flipped_bit_is_seen_or_changes_nothing(write, version):
    """The last bytes of an index are padding, without a checksum."""
    path = write(VARIABLES, version=version)
    expected = read_variables(path)
    endings = [""] if version == V1 else [".index", ".data-00000-of-00001"]
    seen = flips = 0
    for file in (path.with_name(f"{path.name}{ending}") for ending in endings):
        content = file.read_bytes()
        for byte in range(0, len(content), 5):
            damaged = bytearray(content)
            damaged[byte] ^= 1 << byte % 8
            file.write_bytes(damaged)
            flips += 1
            try:
                variables = read_variables(path)
            except InputError:
                seen += 1
            else:
                assert variables.keys() == expected.keys()
                for name, value in variables.items():
                    np.testing.assert_array_equal(value, expected[name])
        file.write_bytes(content)
    assert seen > flips / 2


def test_damage_in_what_the_network_does_not_need_is_seen(small):
    """A slot is read, too."""
    kept = read_variables(small)["dnn/outputs/kernel/Momentum"].tobytes()
    file = small.with_name(f"{small.name}.data-00000-of-00001")
    content = file.read_bytes()
    assert content.count(kept) == 1
    file.write_bytes(content.replace(kept, bytes(len(kept))))
    with pytest.raises(InputError, match="truncated or damaged .*Checksum does not match"):
        read_variables(small)


def test_what_claims_to_be_larger_than_its_files_is_given_no_memory(small, monkeypatch):
    monkeypatch.setattr(reader, "size_on_disk", lambda _: 40)
    with pytest.raises(InputError, match=r"it lists 47 numbers and has 40 bytes"):
        read_variables(small)


def test_a_file_of_another_kind(tmp_path):
    (tmp_path / "model.h5").write_bytes(b"\x89HDF" * 100)
    with pytest.raises(InputError, match=r"model.h5 is truncated, damaged or no TF1 checkpoint"):
        read_variables(tmp_path / "model.h5")


def test_a_checkpoint_of_tensorflow_2(tmp_path):
    path = tf.train.Checkpoint(kernel=tf.Variable(tf.ones((4, 3)))).write(str(tmp_path / "ckpt"))
    with pytest.raises(InputError, match="a checkpoint of TensorFlow 2 .*then dnn_tf.save"):
        read_variables(path)
