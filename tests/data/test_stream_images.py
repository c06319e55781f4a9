"""Images that are decoded when their turn comes."""

import numpy as np
import pytest

import dnn_tf
from dnn_tf.data import Dataset, ImageFormat, Stream
from dnn_tf.types import InputError

FORMAT = ImageFormat(16, 12, 3, flat=False)


@pytest.fixture(scope="module")
def photos(write_photos, tmp_path_factory):
    return write_photos(tmp_path_factory.mktemp("photos") / "train")


def test_the_pixels_of_load(photos):
    stream = Stream.from_image_folder(photos, FORMAT)
    loaded = dnn_tf.data.load(photos, image_format=FORMAT, splits=False)
    rows = stream.in_memory()
    np.testing.assert_array_equal(rows.x, loaded.train.x)
    np.testing.assert_array_equal(rows.y, loaded.train.y)
    assert stream.class_names == loaded.class_names
    assert len(stream) == 36


def test_all_of_them_are_mixed(photos):
    stream = Stream.from_image_folder(photos, ImageFormat(4, 4, 1))
    orders = [np.concatenate([y for _, y in stream.read(5, seed=seed)]) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(orders[0], orders[1])
    assert (orders[0] != orders[2]).any()
    assert (np.diff(orders[0]) != 0).sum() > 10
    later = np.concatenate([y for _, y in stream.read(5, seed=1, first_row=11)])
    np.testing.assert_array_equal(later, orders[0][11:])


def test_trains(photos, without_xla):
    stream = Stream.from_image_folder(photos, ImageFormat(8, 8, 1))
    data = Dataset(stream, stream.in_memory(), class_names=stream.class_names)
    history = dnn_tf.fit(
        dnn_tf.models.dnn(64, (20,), 3), data, loss=dnn_tf.losses.sparse_softmax_cross_entropy,
        optimizer=dnn_tf.optimizers.Adam(0.01), epochs=8, batch_size=10, seed=1,
    ).history  # fmt: skip
    assert history["val_loss"][-1] < history["val_loss"][0]


def test_a_file_that_is_no_image(photos, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "0.png").write_bytes(next(photos.glob("six/*.png")).read_bytes())
    (tmp_path / "b" / "1.png").write_bytes(b"none")
    stream = Stream.from_image_folder(tmp_path, FORMAT)
    with pytest.raises(InputError, match=r"b/1\.png: not an image"):
        list(stream.read(4))


def test_refused(photos):
    with pytest.raises(InputError, match="image_format is an ImageFormat"):
        Stream.from_image_folder(photos, 28)
    with pytest.raises(InputError, match="is none of the classes"):
        Stream.from_image_folder(photos, FORMAT, class_names=["six"])


def test_another_class_is_another_stream(photos):
    names = ["五", "six", "sieben 7"]
    one, two = (
        Stream.from_image_folder(photos, FORMAT, class_names=order)
        for order in (names, names[::-1])
    )
    assert one.identity != two.identity
    assert one.identity == Stream.from_image_folder(photos, FORMAT, class_names=names).identity
