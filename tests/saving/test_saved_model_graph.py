"""The graph of a SavedModel only computes."""

import keras
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

import dnn_tf
from dnn_tf.data import ImageFormat
from dnn_tf.saving import saved_model_graph
from dnn_tf.saving.saved_model_graph import check_graph
from dnn_tf.saving.signatures import ServedNetwork
from dnn_tf.types import InputError

OUTSIDE = "reads or writes files outside of its saver"


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    folder = tmp_path_factory.mktemp("graph")
    served = ServedNetwork(dnn_tf.models.dnn(12, (5,), 3), ImageFormat(3, 4))
    tf.saved_model.save(served, str(folder), signatures=served.endpoints)
    return (folder / "saved_model.pb").read_bytes()


@pytest.fixture
def saved(content):
    return saved_model_pb2.SavedModel.FromString(content)


@pytest.fixture
def graph(saved):
    return saved.meta_graphs[0]


@pytest.fixture
def refused(saved):
    def check(said):
        with pytest.raises(InputError, match=f"^m.*{said}") as caught:
            check_graph(saved.SerializeToString(), "m")
        assert str(caught.value).isprintable()

    return check


def function(graph, part):
    functions = graph.graph_def.library.function
    return next(one for one in functions if part in one.signature.name)


def node(nodes, op):
    return next(one for one in nodes if one.op == op)


def text(nodes, value, name="evil"):
    made = nodes.add(name=name, op="Const")
    made.attr["value"].tensor.dtype = tf.string.as_datatype_enum
    made.attr["value"].tensor.string_val.append(value)
    return f"{name}:output:0"


def call(nodes, name, *inputs):
    made = nodes.add(name="evil call", op="StatefulPartitionedCall", input=inputs)
    made.attr["f"].func.name = name


def test_what_save_writes(content):
    check_graph(content, "m")


@pytest.mark.parametrize("op", ["WriteFile", "Evil\n", "XlaCallModule"])
def test_operations_that_are_not_listed(graph, refused, op):
    graph.graph_def.node.add(name="start", op=op)
    refused(r"holds the operation '.*' \(node 'start' in ''\)")


def test_every_function_is_looked_at(graph, refused):
    graph.graph_def.library.function[-1].node_def.add(name="deep", op="ReadFile")
    refused(r"holds the operation 'ReadFile' \(node 'deep' in '__inference")


def test_one_graph(saved, graph, refused):
    """Who loads it takes the one with the tags that are asked for."""
    saved.meta_graphs.add().CopyFrom(graph)
    refused("it holds 2 graphs, and one was expected")


@pytest.mark.parametrize("op", ["SaveV2", "RestoreV2", "MergeV2Checkpoints", "ShardedFilename"])
def test_the_savers_operations_stay_in_the_saver(graph, refused, op):
    graph.graph_def.node.add(name="x", op=op)
    refused(OUTSIDE)


def test_the_savers_operations_do_not_serve(graph, refused):
    served = function(graph, "answer")
    name = text(served.node_def, b"/etc/passwd")
    served.node_def.add(name="x", op="RestoreV2", input=[name, name, name])
    refused(OUTSIDE)


@pytest.mark.parametrize(
    ("part", "op", "place"),
    [
        ("save", "SaveV2", 0),
        ("save", "MergeV2Checkpoints", 0),
        ("save", "MergeV2Checkpoints", 1),
        ("save", "StringJoin", 0),
        ("save", "StringJoin", 1),
        ("save", "ShardedFilename", 0),
        ("restore", "RestoreV2", 0),
    ],
)
def test_the_saver_names_no_file_of_its_own(graph, refused, part, op, place):
    nodes = function(graph, f"traced_{part}").node_def
    node(nodes, op).input[place] = text(nodes, b"/tmp/evil")
    refused(OUTSIDE)


def test_the_saver_is_given_a_name(graph, refused):
    signature = function(graph, "traced_restore").signature
    signature.input_arg[0].type = tf.float32.as_datatype_enum
    refused(OUTSIDE)


def endings(graph):
    nodes = function(graph, "traced_save").node_def
    return [one for one in nodes if one.attr["value"].tensor.string_val[:] == [b"_temp/part"]]


def test_the_saver_has_endings_of_its_own(graph, refused):
    (ending,) = endings(graph)
    ending.attr["value"].tensor.string_val[0] = b"/../evil"
    refused(OUTSIDE)


def test_an_ending_is_not_hidden(graph, refused):
    (ending,) = endings(graph)
    ending.attr["value"].tensor.tensor_content = b"\x08/../evil"
    refused(OUTSIDE)


def test_nothing_comes_between_the_name_and_the_ending(graph, refused):
    node(function(graph, "traced_save").node_def, "StringJoin").attr["separator"].s = b"/../evil/"
    refused(OUTSIDE)


def test_an_ending_is_a_constant(graph, refused):
    (ending,) = endings(graph)
    ending.op = "Identity"
    refused(OUTSIDE)


@pytest.mark.parametrize("circle", [["StringJoin"], ["StringJoin", "ShardedFilename"]])
def test_names_that_go_round_in_circles(graph, refused, circle):
    nodes = function(graph, "traced_save").node_def
    for one, other in zip(circle, [*circle[1:], circle[0]], strict=True):
        node(nodes, one).input[0] = f"{node(nodes, other).name}:output:0"
    refused(OUTSIDE)


@pytest.mark.parametrize("part", ["save", "restore"])
def test_only_the_saver_calls_it(graph, refused, part):
    served = function(graph, "answer").node_def
    call(served, function(graph, f"traced_{part}").signature.name, text(served, b"/tmp/evil"))
    refused(f"{OUTSIDE} .at 'evil call'")


def test_only_by_its_own_door(graph, refused):
    call(graph.graph_def.node, function(graph, "traced_save").signature.name, "saver_filename")
    refused(f"{OUTSIDE} .at 'evil call'")


def test_a_node_of_a_function_is_no_door(graph, refused):
    """By its name and its input it is one; only the graph itself has doors."""
    door = graph.saver_def.save_tensor_name.split(":")[0]
    call(function(graph, "answer").node_def, function(graph, "traced_save").signature.name)
    evil = function(graph, "answer").node_def[-1]
    evil.name = door
    evil.input[:] = ["saver_filename"]
    refused(f"{OUTSIDE} .at '{door}'")


def test_restoring_does_not_save(graph, refused):
    """A server restores at once when it loads the model."""
    save = graph.saver_def.save_tensor_name.split(":")[0]
    graph.saver_def.save_tensor_name = f"{graph.saver_def.restore_op_name}:0"
    graph.saver_def.restore_op_name = save
    refused(OUTSIDE)


def test_saving_by_the_same_door_as_restoring(graph, refused):
    graph.saver_def.restore_op_name = graph.saver_def.save_tensor_name.split(":")[0]
    refused(OUTSIDE)


SAVERS = ["save_tensor_name", "restore_op_name", "filename_tensor_name"]


@pytest.mark.parametrize("node", SAVERS)
@pytest.mark.parametrize("side", ["inputs", "outputs"])
@pytest.mark.parametrize("name", ["serving_default", "images", "__saved_model_init_op", "new"])
def test_no_signature_is_the_saver(graph, refused, node, side, name):
    place = getattr(graph.signature_def[name], side)["evil"]
    place.name = getattr(graph.saver_def, node).split(":")[0] + ":0"
    refused(f"{OUTSIDE} .at '{name}'")


def test_no_signature_in_parts(graph, refused):
    parts = graph.signature_def["serving_default"].inputs["features"].coo_sparse
    parts.values_tensor_name = graph.saver_def.filename_tensor_name
    refused(OUTSIDE)


@pytest.mark.parametrize("node", SAVERS)
@pytest.mark.parametrize("name", ["saved_model_main_op", "legacy_init_op", "train_op"])
def test_no_collection_runs_the_saver(graph, refused, node, name):
    door = getattr(graph.saver_def, node)
    graph.collection_def[name].node_list.value[:] = [door]
    refused(f"{OUTSIDE} .at '{name}'")


@pytest.mark.parametrize("node", SAVERS)
@pytest.mark.parametrize("form", ["{}", "^{}", "{}:0"])
def test_nothing_else_waits_for_the_saver(graph, refused, node, form):
    door = getattr(graph.saver_def, node).split(":")[0]
    graph.graph_def.node.add(name="behind", op="Identity", input=[form.format(door)])
    refused(f"{OUTSIDE} .at 'behind'")


def test_only_with_the_name_it_is_given(graph, refused):
    doors = {graph.saver_def.save_tensor_name.split(":")[0]}
    (door,) = (one for one in graph.graph_def.node if one.name in doors)
    text(graph.graph_def.node, b"/tmp/evil")
    door.input[0] = "evil"
    refused(OUTSIDE)


def test_the_name_is_not_in_the_file(graph, refused):
    placeholder = graph.saver_def.filename_tensor_name.split(":")[0]
    (name,) = (one for one in graph.graph_def.node if one.name == placeholder)
    name.op = "Const"
    refused(OUTSIDE)


def test_the_saver_is_no_object(graph, refused):
    name = function(graph, "traced_save").signature.name
    graph.object_graph_def.concrete_functions[name].SetInParent()
    refused(OUTSIDE)


def test_a_function_in_a_list_is_called_too(graph, refused):
    case = function(graph, "answer").node_def.add(name="evil case", op="Case")
    case.attr["branches"].list.func.add().name = function(graph, "traced_save").signature.name
    refused(f"{OUTSIDE} .at 'evil case'")


def test_functions_that_are_not_there(graph, refused):
    call(graph.graph_def.node, "WriteFile")
    refused("its node 'evil call' calls 'WriteFile', which the graph does not hold")


def test_functions_do_not_look_like_operations(graph, refused):
    graph.graph_def.library.function.add().signature.name = "MatMul"
    refused("calls a function 'MatMul', like an operation")


def test_no_files_beside(graph, refused):
    graph.asset_file_def.add(filename="x")
    refused("reads files beside it")


def test_no_files_beside_by_the_old_way(graph, refused):
    graph.collection_def["saved_model_assets"].any_list.SetInParent()
    refused("reads files beside it")


@pytest.mark.parametrize("kind", ["asset", "resource"])
def test_objects_that_hold_files_or_tables(graph, refused, kind):
    getattr(graph.object_graph_def.nodes.add(), kind).SetInParent()
    refused(f"holds an object '{kind}'")


def test_objects_of_other_packages(graph, refused):
    graph.object_graph_def.nodes.add().user_object.identifier = "_tf_keras_layer"
    refused("holds an object '_tf_keras_layer'")


@pytest.mark.parametrize("word", ["registered_name", "registered_saver"])
def test_objects_that_somebody_registered(graph, refused, word):
    setattr(graph.object_graph_def.nodes[0], word, "Evil.Class")
    refused("holds an object")


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff" * 100])
def test_no_graph(content):
    with pytest.raises(InputError, match="^m is damaged"):
        check_graph(content, "m")


def test_real_graphs_are_far_below(tmp_path):
    model = keras.applications.EfficientNetB0(
        weights=None, input_shape=(32, 32, 3), classes=3, classifier_activation=None
    )
    folder = dnn_tf.save(model, tmp_path / "m")
    assert (folder / "saved_model.pb").stat().st_size < saved_model_graph.LARGEST / 8


def test_not_too_large(content, monkeypatch):
    monkeypatch.setattr(saved_model_graph, "LARGEST", len(content) - 1)
    with pytest.raises(InputError, match="m is damaged"):
        check_graph(content, "m")
