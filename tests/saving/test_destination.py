"""Where a model may be saved."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

import dnn_tf
from dnn_tf.saving import check_destination, read_card
from dnn_tf.types import InputError


def test_replaces_its_own_kind_and_nothing_else(small_model, tmp_path):
    folder = dnn_tf.save(small_model, tmp_path / "m")
    dnn_tf.save(small_model, folder)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("years")
    with pytest.raises(InputError, match=r"other holds something else .* \(thesis.txt\)"):
        dnn_tf.save(small_model, tmp_path / "other")
    assert (tmp_path / "other" / "thesis.txt").read_text() == "years"
    with pytest.raises(InputError, match="is a file"):
        dnn_tf.save(small_model, tmp_path / "other" / "thesis.txt")


@pytest.mark.parametrize(
    "name",
    ["notes.txt", "mine/data.csv", "assets.extra/more", "variables/x", "assets/a", ".git/HEAD"],
)
def test_what_the_user_put_beside_is_not_lost(small_model, tmp_path, name):
    folder = dnn_tf.save(small_model, tmp_path / "m")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("mine")
    with pytest.raises(InputError, match=rf"\({name.split('/')[0]}.*\), and it would be lost"):
        dnn_tf.save(small_model, folder)
    assert (folder / name).read_text() == "mine"


def test_the_folder_one_works_in_is_not_replaced(small_model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in (".", tmp_path, tmp_path.parent):
        with pytest.raises(InputError, match="is the folder you work in"):
            dnn_tf.save(small_model, path)


def test_links_are_followed(small_model, tmp_path):
    folder = dnn_tf.save(small_model, tmp_path / "m")
    (tmp_path / "link").symlink_to(folder)
    (tmp_path / "dangling").symlink_to(tmp_path / "later")
    dnn_tf.save(small_model, tmp_path / "link", measured={"accuracy": 0.25})
    assert read_card(folder).metrics == {"accuracy": 0.25}
    dnn_tf.save(small_model, tmp_path / "dangling")
    assert read_card(tmp_path / "later")
    assert {path.name for path in tmp_path.iterdir()} == {"m", "link", "dangling", "later"}


def test_an_empty_folder_will_do(small_model, tmp_path):
    assert read_card(dnn_tf.save(small_model, tmp_path))


def test_nowhere_to_write(small_model, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="m cannot be written"):
        check_destination(tmp_path / "file" / "m")


def test_links_in_a_circle(small_model, tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for act in (dnn_tf.load, read_card, check_destination):
        with pytest.raises(InputError):
            act(tmp_path / "a" / "c")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_folder_that_may_not_be_read(small_model, tmp_path):
    folder = dnn_tf.save(small_model, tmp_path / "m")
    (folder / "variables").chmod(0)
    try:
        with pytest.raises(InputError, match="Permission denied"):
            dnn_tf.load(folder)
        with pytest.raises(InputError, match="Permission denied"):
            check_destination(folder)
    finally:
        (folder / "variables").chmod(0o700)


def test_two_threads_ask_at_once(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(check_destination, tmp_path / "m") for _ in range(200)]
    assert {one.result() for one in asked} == {(tmp_path / "m").resolve()}
    assert not list(tmp_path.iterdir())
