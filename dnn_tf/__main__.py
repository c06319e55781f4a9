"""`python -m dnn_tf` is `dnn-tf`."""

import sys

from dnn_tf.cli import main

sys.exit(main())
