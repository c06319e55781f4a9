"""Hostile graphs: SavedModels that read, write, print, call Python, or hide who does."""

from pathlib import Path

from dnn_tf.saving.contents import GRAPH
from soak.artefact_kit import change_graph, change_saved, reseal


def _text(nodes, name: str, value: str) -> str:
    node = nodes.add(name=name, op="Const")
    node.attr["dtype"].type = 7
    node.attr["value"].tensor.dtype = 7
    node.attr["value"].tensor.tensor_shape.SetInParent()
    node.attr["value"].tensor.string_val.append(value.encode())
    return name


def _serving(graph):
    """The function that serves, and not the saver's."""
    return next(
        function
        for function in graph.graph_def.library.function
        if "traced" not in function.signature.name
        and any(n.op == "MatMul" for n in function.node_def)
    )


def _saver(graph, kind: str):
    return next(
        function
        for function in graph.graph_def.library.function
        if f"traced_{kind}" in function.signature.name
    )


def _in_function(folder: Path, op: str, *texts: str) -> None:
    def change(graph):
        nodes = _serving(graph).node_def
        inputs = [f"{_text(nodes, f'evil/{i}', text)}:output:0" for i, text in enumerate(texts)]
        nodes.add(name=f"evil/{op}", op=op, input=inputs)

    change_graph(folder, change)


def read_file(folder: Path, canary: Path) -> None:
    _in_function(folder, "ReadFile", str(canary))


def write_file(folder: Path, canary: Path) -> None:
    _in_function(folder, "WriteFile", str(canary), "evil")


def python_call(folder: Path, canary: Path) -> None:
    _in_function(folder, "EagerPyFunc")


def stateless_python_call(folder: Path, canary: Path) -> None:
    _in_function(folder, "PyFuncStateless")


def printing(folder: Path, canary: Path) -> None:
    """`PrintV2` writes to files, too."""
    _in_function(folder, "PrintV2", f"file://{canary}")


def table_from_file(folder: Path, canary: Path) -> None:
    _in_function(folder, "InitializeTableFromTextFileV2", str(canary))


def dataset(folder: Path, canary: Path) -> None:
    _in_function(folder, "TFRecordDataset", str(canary))


def decoder(folder: Path, canary: Path) -> None:
    _in_function(folder, "DecodePng", "png")


def compiled_code(folder: Path, canary: Path) -> None:
    _in_function(folder, "XlaCallModule")


def remote_call(folder: Path, canary: Path) -> None:
    _in_function(folder, "RemoteCall", "/job:evil")


def write_at_the_start(folder: Path, canary: Path) -> None:
    """In the graph itself, as what is run when the model is loaded."""

    def change(graph):
        nodes = graph.graph_def.node
        inputs = [_text(nodes, "evil/name", str(canary)), _text(nodes, "evil/text", "evil")]
        nodes.add(name="evil", op="WriteFile", input=inputs)
        graph.collection_def["saved_model_main_op"].node_list.value[:] = ["evil"]

    change_graph(folder, change)


def save_while_serving(folder: Path, canary: Path) -> None:
    """An operation that the format needs, in a place where it has nothing to do."""
    _in_function(folder, "SaveV2", str(canary), "name", "")


def restore_while_serving(folder: Path, canary: Path) -> None:
    _in_function(folder, "RestoreV2", str(canary), "name", "")


def merge_while_serving(folder: Path, canary: Path) -> None:
    """It deletes the files that it merges."""
    _in_function(folder, "MergeV2Checkpoints", str(canary), str(canary))


def saver_of_its_own_file(folder: Path, canary: Path) -> None:
    """The saver, with the name of a file that was not given to it."""

    def change(graph):
        save = _saver(graph, "save")
        evil = _text(save.node_def, "evil", str(canary))
        for node in save.node_def:
            if node.op == "SaveV2":
                node.input[0] = f"{evil}:output:0"

    change_graph(folder, change)


def saver_with_another_ending(folder: Path, canary: Path) -> None:
    def change(graph):
        for node in _saver(graph, "save").node_def:
            value = node.attr["value"].tensor
            if node.op == "Const" and list(value.string_val) == [b"_temp/part"]:
                value.string_val[0] = b"/../../evil"

    change_graph(folder, change)


def saver_with_a_hidden_ending(folder: Path, canary: Path) -> None:
    """The same, in the other way to write a constant."""

    def change(graph):
        for node in _saver(graph, "save").node_def:
            value = node.attr["value"].tensor
            if node.op == "Const" and list(value.string_val) == [b"_temp/part"]:
                value.tensor_content = b"\x0b/../../evil"

    change_graph(folder, change)


def saver_with_a_separator(folder: Path, canary: Path) -> None:
    """The same, between the name and its ending."""

    def change(graph):
        for node in _saver(graph, "save").node_def:
            if node.op == "StringJoin":
                node.attr["separator"].s = b"/../../evil/"

    change_graph(folder, change)


def saver_in_a_circle(folder: Path, canary: Path) -> None:
    """Who follows the name of the file back never comes to an end."""

    def change(graph):
        for node in _saver(graph, "save").node_def:
            if node.op == "StringJoin":
                node.input[0] = f"{node.name}:output:0"

    change_graph(folder, change)


def restore_of_its_own_file(folder: Path, canary: Path) -> None:
    def change(graph):
        restore = _saver(graph, "restore")
        evil = _text(restore.node_def, "evil", str(canary))
        for node in restore.node_def:
            if node.op == "RestoreV2":
                node.input[0] = f"{evil}:output:0"

    change_graph(folder, change)


def saver_called_while_serving(folder: Path, canary: Path) -> None:
    def change(graph):
        nodes = _serving(graph).node_def
        evil = _text(nodes, "evil/name", str(canary))
        call = nodes.add(name="evil", op="StatefulPartitionedCall", input=[f"{evil}:output:0"])
        call.attr["f"].func.name = _saver(graph, "save").signature.name

    change_graph(folder, change)


def saver_fed_by_the_graph(folder: Path, canary: Path) -> None:
    """The saver's file is named by a constant, where the caller should name it."""

    def change(graph):
        for node in graph.graph_def.node:
            if node.name == "saver_filename":
                node.name = "replaced"
        _text(graph.graph_def.node, "saver_filename", str(canary))

    change_graph(folder, change)


def saver_as_an_object(folder: Path, canary: Path) -> None:
    def change(graph):
        functions = graph.object_graph_def.concrete_functions
        functions[_saver(graph, "save").signature.name].SetInParent()

    change_graph(folder, change)


def saver_as_a_signature(folder: Path, canary: Path) -> None:
    """Who is served names a file, and it is written."""

    def change(graph):
        signature = graph.signature_def["serving_default"]
        signature.inputs["path"].name = graph.saver_def.filename_tensor_name
        signature.inputs["path"].dtype = 7
        signature.outputs["done"].name = graph.saver_def.save_tensor_name
        signature.outputs["done"].dtype = 7

    change_graph(folder, change)


def saver_behind_a_signature(folder: Path, canary: Path) -> None:
    """The same, by a node that only waits for it."""

    def change(graph):
        door = graph.saver_def.save_tensor_name.split(":")[0]
        graph.graph_def.node.add(name="evil", op="NoOp", input=[f"^{door}"])
        graph.signature_def["serving_default"].outputs["done"].name = "evil:0"

    change_graph(folder, change)


def saver_at_the_start(folder: Path, canary: Path) -> None:
    """What is run when the model is loaded."""

    def change(graph):
        start = graph.signature_def["__saved_model_init_op"].outputs["__saved_model_init_op"]
        start.name = graph.saver_def.save_tensor_name.split(":")[0]

    change_graph(folder, change)


def saver_at_the_old_start(folder: Path, canary: Path) -> None:
    def change(graph):
        door = graph.saver_def.save_tensor_name.split(":")[0]
        graph.collection_def["saved_model_main_op"].node_list.value[:] = [door]

    change_graph(folder, change)


def saver_in_the_place_of_the_restorer(folder: Path, canary: Path) -> None:
    """It writes over the variables when they are to be read."""

    def change(graph):
        graph.saver_def.restore_op_name = graph.saver_def.save_tensor_name.split(":")[0]

    change_graph(folder, change)


def second_graph(folder: Path, canary: Path) -> None:
    """Under other tags, for those who ask for them."""

    def change(saved):
        saved.meta_graphs.add().CopyFrom(saved.meta_graphs[0])
        saved.meta_graphs[1].meta_info_def.tags[:] = ["evil"]

    change_saved(folder, change)


def function_like_an_operation(folder: Path, canary: Path) -> None:
    """Who calls `Relu` calls the saver."""

    def change(graph):
        graph.graph_def.library.function.add().CopyFrom(_saver(graph, "save"))
        graph.graph_def.library.function[-1].signature.name = "Relu"

    change_graph(folder, change)


def unknown_function(folder: Path, canary: Path) -> None:
    def change(graph):
        call = _serving(graph).node_def.add(name="evil", op="PartitionedCall")
        call.attr["f"].func.name = "WriteFile"

    change_graph(folder, change)


def hidden_in_a_list(folder: Path, canary: Path) -> None:
    """Branches are functions too."""

    def change(graph):
        case = _serving(graph).node_def.add(name="evil", op="Case")
        case.attr["branches"].list.func.add().name = _saver(graph, "save").signature.name

    change_graph(folder, change)


def asset(folder: Path, canary: Path) -> None:
    def change(graph):
        graph.asset_file_def.add(filename="../../canary.txt").tensor_info.name = "X:0"

    change_graph(folder, change)


def asset_object(folder: Path, canary: Path) -> None:
    def change(graph):
        graph.object_graph_def.nodes.add().asset.asset_file_def_index = 0

    change_graph(folder, change)


def table_object(folder: Path, canary: Path) -> None:
    def change(graph):
        graph.object_graph_def.nodes.add().resource.device = "CPU"

    change_graph(folder, change)


def registered_object(folder: Path, canary: Path) -> None:
    def change(graph):
        node = graph.object_graph_def.nodes.add(registered_name="Evil.Class")
        node.user_object.identifier = "_generic_user_object"

    change_graph(folder, change)


def registered_saver(folder: Path, canary: Path) -> None:
    def change(graph):
        node = graph.object_graph_def.nodes.add()
        node.user_object.identifier = "_generic_user_object"
        node.registered_saver = "Evil.Saver"

    change_graph(folder, change)


def no_graph(folder: Path, canary: Path) -> None:
    (folder / GRAPH).write_bytes(b"cos\nsystem\n(S'id'\ntR.")
    reseal(folder)


def empty_graph(folder: Path, canary: Path) -> None:
    (folder / GRAPH).write_bytes(b"")
    reseal(folder)


KINDS = [
    read_file, write_file, python_call, stateless_python_call, printing, table_from_file, dataset,
    decoder, compiled_code, remote_call, write_at_the_start, save_while_serving,
    restore_while_serving, merge_while_serving, saver_of_its_own_file, saver_with_another_ending,
    saver_with_a_hidden_ending, saver_with_a_separator, saver_in_a_circle,
    restore_of_its_own_file,
    saver_called_while_serving, saver_fed_by_the_graph, saver_as_an_object, saver_as_a_signature,
    saver_behind_a_signature, saver_at_the_start, saver_at_the_old_start,
    saver_in_the_place_of_the_restorer, second_graph,
    function_like_an_operation, unknown_function, hidden_in_a_list, asset, asset_object,
    table_object, registered_object, registered_saver, no_graph, empty_graph,
]  # fmt: skip
