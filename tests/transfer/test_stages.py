from dnn_tf.transfer import FineTuning, Stage


def stage(accuracy, loss=0.5, test=None, trained=("outputs",), **words):
    return Stage(trained, 12, 1.234, accuracy, loss, test, **{"cached": True, **words})


def test_better_is_more_right_and_of_as_many_a_smaller_loss():
    assert stage(0.9).better_than(stage(0.8, loss=0.1))
    assert stage(0.9, loss=0.1).better_than(stage(0.9, loss=0.2))
    assert not stage(0.9).better_than(stage(0.9))
    assert not stage(0.8, loss=0.1).better_than(stage(0.9))


TUNING = FineTuning(
    (stage(0.8, test=0.75), stage(0.9, test=0.85, trained=("hidden2", "outputs"), cached=False)),
    best=1,
    scratch=stage(0.7, test=0.65, trained=("hidden1", "hidden2", "outputs"), cached=False),
)


def test_a_table_to_read():
    assert str(TUNING) == (
        "stage  trained                    epochs  seconds  validation  test\n"
        "1      outputs                    12      1.2      0.8000      0.7500  "
        "frozen part cached\n"
        "2      hidden2, outputs           12      1.2      0.9000      0.8500  kept\n"
        "       hidden1, hidden2, outputs  12      1.2      0.7000      0.6500  from scratch"
    )


def test_a_summary_for_a_program():
    summary = TUNING.summary()
    assert (summary["best_stage"], summary["test_accuracy"]) == (1, 0.85)
    assert (summary["scratch_accuracy"], summary["cached"]) == (0.65, True)
    assert summary["stages"][1]["trained"] == ("hidden2", "outputs")
    assert FineTuning((stage(0.8, cached=False),), 0).summary() == {
        "stages": [
            {
                "trained": ("outputs",), "epochs": 12, "seconds": 1.234,
                "validation_accuracy": 0.8, "validation_loss": 0.5, "test_accuracy": None,
                "cached": False, "uncached_because": None,
            }
        ],
        "best_stage": 0, "test_accuracy": None, "validation_accuracy": 0.8,
        "scratch_accuracy": None, "scratch": None, "cached": False,
    }  # fmt: skip


def test_without_a_test_split_and_without_scratch():
    assert str(FineTuning((stage(0.8),), 0)).splitlines()[1].split() == [
        "1", "outputs", "12", "1.2", "0.8000", "kept;", "frozen", "part", "cached",
    ]  # fmt: skip
