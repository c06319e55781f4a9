import re

from dnn_tf.cli.begin import new_run_dir, tell_device


def test_a_folder_of_this_second_that_is_not_there_yet(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = new_run_dir("finetune")
    assert re.fullmatch(r"runs/finetune-\d{8}-\d{6}", str(first))
    taken = [first]
    for _ in range(3):
        taken[-1].mkdir(parents=True)
        taken.append(new_run_dir("finetune"))
    assert len(set(taken)) == 4


def test_the_device_is_told_beside_json(capsys):
    tell_device(json=False)
    tell_device(json=True)
    told = capsys.readouterr()
    assert told.out == told.err
    assert told.out.startswith("Training on the ")
