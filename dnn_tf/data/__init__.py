"""Data: three splits of arrays, checked at the door."""

from dnn_tf.data.dataset import Dataset, Split
from dnn_tf.data.fingerprint import fingerprint
from dnn_tf.data.image_files import read_images
from dnn_tf.data.images import ImageFormat
from dnn_tf.data.loading import load, located
from dnn_tf.data.selecting import select
from dnn_tf.data.stream import Stream
from dnn_tf.data.tfrecord_writer import write_tfrecords

__all__ = [
    "Dataset",
    "ImageFormat",
    "Split",
    "Stream",
    "fingerprint",
    "load",
    "located",
    "read_images",
    "select",
    "write_tfrecords",
]
