"""The graph of a SavedModel: a program, whose every operation is judged before anybody runs it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from google.protobuf.message import DecodeError
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import saved_model_pb2

from dnn_tf.saving.operations import ALLOWED, SAVER
from dnn_tf.types import InputError

LARGEST = 64 * 2**20
"""Bytes of a `saved_model.pb`: weights are kept elsewhere, and ResNet50 has 1 MB of it. In memory
one of empty nodes takes forty times as many."""

_OBJECTS = {"bare_concrete_function", "captured_tensor", "constant", "function", "variable"}
_USER_OBJECTS = {
    "_generic_user_object", "signature_map", "trackable_dict_wrapper", "trackable_list_wrapper",
}  # fmt: skip
_REGISTERED = {"", "tf.TrackableConstant"}
_SUFFIXES = ({b".part"}, {b"_temp/part"})
_READING = {"RestoreV2"}
_CHAIN = 8
"""Steps from the name of the file to the operation that reads or writes it: TensorFlow takes 4."""


def check_graph(content: bytes, where: str) -> None:
    """Whether the graph in a `saved_model.pb` only computes.

    Every operation, in every function, must be in `operations.ALLOWED`. Those that save and restore
    the variables are part of the format; they may stand in functions of their own, which only the
    saver calls, and take the name of their file from it. Whoever serves the model, by its
    signatures, can neither call the saver nor name its file.

    Raises:
        InputError: it could do something else; the message names the operation and its node.
    """
    saved = saved_model_pb2.SavedModel()
    try:
        if len(content) > LARGEST:
            raise DecodeError
        saved.ParseFromString(content)
    except DecodeError as error:
        raise InputError(f"{where} is damaged: it is no graph; save the model again") from error
    if len(saved.meta_graphs) != 1:
        raise InputError(
            f"{where} is damaged: it holds {len(saved.meta_graphs)} graphs, and one was expected; "
            "save the model again"
        )
    (graph,) = saved.meta_graphs
    _check_operations(graph, where)
    _check_saver(graph, where)
    _check_signatures(graph, where)
    _check_objects(graph, where)


def _check_operations(graph: Any, where: str) -> None:
    functions = {function.signature.name for function in graph.graph_def.library.function}
    if masked := functions & (ALLOWED | SAVER):
        raise InputError(
            f"{where}: its graph calls a function {min(masked)!r}, like an operation: it is "
            "damaged; save the model again"
        )
    for place, nodes in _bodies(graph.graph_def):
        for node in nodes:
            if node.op not in ALLOWED and node.op not in SAVER:
                raise InputError(
                    f"{where}: its graph holds the operation {node.op!r:.80} (node "
                    f"{node.name!r:.120} in {place!r:.80}), which is not among those that only "
                    "compute (dnn_tf.saving.operations): build the network without it"
                )
            for called in _called(node):
                if called not in functions:
                    raise InputError(
                        f"{where}: its node {node.name!r:.120} calls {called!r:.80}, which the "
                        "graph does not hold: it is damaged; save the model again"
                    )


def _check_saver(graph: Any, where: str) -> None:
    """Files are named, read and written in the saver's own two functions only."""
    touching = {
        function.signature.name: function
        for function in graph.graph_def.library.function
        if any(node.op in SAVER for node in function.node_def)
    }
    writing = {
        name
        for name, function in touching.items()
        if any(node.op not in _READING for node in function.node_def if node.op in SAVER)
    }
    save, restore, file = _saver_nodes(graph)
    files = [
        node.name for node in graph.graph_def.node if node.op == "Placeholder" and node.name == file
    ]
    for function in touching.values():
        if not _names_own_file(function):
            raise _misused(function.signature.name, where)
    for place, nodes in _bodies(graph.graph_def):
        for node in nodes:
            called = touching.keys() & set(_called(node))
            door = save if called & writing else restore
            at_the_door = not place and node.name == door and node.input[:1] == files
            if (called and not at_the_door) or (node.op in SAVER and place not in touching):
                raise _misused(node.name, where)
    if misplaced := touching.keys() & set(graph.object_graph_def.concrete_functions):
        raise _misused(min(misplaced), where)


def _check_signatures(graph: Any, where: str) -> None:
    """What a server runs or fills by name, when it loads the model too, is not of the saver."""
    private = {*_saver_nodes(graph)}
    public = [
        (name, info)
        for name, signature in graph.signature_def.items()
        for info in (*signature.inputs.values(), *signature.outputs.values())
    ]
    for name, info in public:
        if info.WhichOneof("encoding") not in (None, "name") or _node_of(info.name) in private:
            raise _misused(name, where)
    for name, collection in graph.collection_def.items():
        if private & {_node_of(value) for value in collection.node_list.value}:
            raise _misused(name, where)
    for node in graph.graph_def.node:
        if node.name not in private and private & {_node_of(one) for one in node.input}:
            raise _misused(node.name, where)


def _saver_nodes(graph: Any) -> tuple[str, str, str]:
    """The nodes that save and restore, and the one that is filled with the name of the file."""
    saver = graph.saver_def
    names = saver.save_tensor_name, saver.restore_op_name, saver.filename_tensor_name
    save, restore, file = map(_node_of, names)
    return save, restore, file


def _node_of(tensor: str) -> str:
    """`"^name"` and `"name:0"` speak of the node `"name"`."""
    return tensor.removeprefix("^").split(":")[0]


def _names_own_file(function: Any) -> bool:
    """Whether every file that a function of the saver touches is named by its first argument."""
    inputs = function.signature.input_arg
    if not inputs or inputs[0].type != types_pb2.DT_STRING:
        return False
    prefix = inputs[0].name
    nodes = {node.name: node for node in function.node_def}
    for node in function.node_def:
        named = {
            "MergeV2Checkpoints": node.input[:2],
            "RestoreV2": node.input[:1],
            "SaveV2": node.input[:1],
        }.get(node.op, ())
        if not all(_comes_from(name, prefix, nodes, _CHAIN) for name in named):
            return False
    return True


def _comes_from(name: str, prefix: str, nodes: Mapping[str, Any], steps: int) -> bool:
    """Whether a text is the prefix, or the prefix with one of the saver's own endings."""
    if name == prefix:
        return True
    node = nodes.get(name.split(":")[0])
    if node is None or steps == 0:
        return False
    inputs = [one for one in node.input if not one.startswith("^")]
    if node.op in ("Identity", "Pack"):
        return all(_comes_from(one, prefix, nodes, steps - 1) for one in inputs)
    if node.op in ("ShardedFilename", "StringJoin"):
        endings = inputs[1:] if node.op == "StringJoin" else []
        return (
            not node.attr["separator"].s
            and _comes_from(inputs[0], prefix, nodes, steps - 1)
            and all(_is_ending(one, nodes) for one in endings)
        )
    return False


def _is_ending(name: str, nodes: Mapping[str, Any]) -> bool:
    """Whether it is a constant, or a choice of two, that only the saver's own endings are in."""
    node = nodes.get(name.split(":")[0])
    if node is None:
        return False
    chosen = [nodes.get(one.split(":")[0]) for one in node.input[1:3]]
    constants = chosen if node.op == "Select" else [node]
    return all(
        constant is not None
        and constant.op == "Const"
        and not constant.attr["value"].tensor.tensor_content
        and {*constant.attr["value"].tensor.string_val} in _SUFFIXES
        for constant in constants
    )


def _check_objects(graph: Any, where: str) -> None:
    """What TensorFlow makes Python objects of: functions, variables and containers, no files."""
    if graph.asset_file_def or "saved_model_assets" in graph.collection_def:
        raise InputError(f"{where}: its graph reads files beside it: save the model again")
    for node in graph.object_graph_def.nodes:
        kind = node.WhichOneof("kind")
        known = (
            node.user_object.identifier in _USER_OBJECTS
            if kind == "user_object"
            else kind in _OBJECTS
        )
        if not known or node.registered_name not in _REGISTERED or node.registered_saver:
            name = node.registered_name or node.user_object.identifier or kind
            raise InputError(
                f"{where}: its graph holds an object {name!r:.80}, which dnn_tf does not write: "
                "save the model again"
            )


def _bodies(graph_def: Any) -> Iterator[tuple[str, Iterable[Any]]]:
    """The nodes of the graph, under no name, and those of each of its functions."""
    yield "", graph_def.node
    for function in graph_def.library.function:
        yield function.signature.name, function.node_def


def _called(node: Any) -> list[str]:
    """The functions that a node calls."""
    values = node.attr.values()
    listed = [function.name for value in values for function in value.list.func]
    return [value.func.name for value in values if value.WhichOneof("value") == "func"] + listed


def _misused(name: str, where: str) -> InputError:
    return InputError(
        f"{where}: its graph reads or writes files outside of its saver (at {name!r:.120}): save "
        "the model again"
    )
