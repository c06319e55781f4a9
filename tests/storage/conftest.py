"""What happens to the disk, in order."""

import os
from pathlib import Path

import pytest

from dnn_tf.storage import replacement


@pytest.fixture
def events(monkeypatch):
    """The inodes that are synchronised, and each `"rename"` between them."""
    events = []

    def watch(owner, name, event):
        original = getattr(owner, name)

        def watched(*args):
            result = original(*args)
            if result is not False:  # an exchange that did not take place
                events.append(event(*args))
            return result

        monkeypatch.setattr(owner, name, watched)

    watch(os, "fsync", lambda handle: os.fstat(handle).st_ino)
    for owner, name in ((Path, "rename"), (Path, "replace"), (replacement, "_exchange")):
        watch(owner, name, lambda *_: "rename")
    return events
