"""Serves the providers of the double to Terraform."""

import os
import re
import traceback
from collections.abc import Callable, Mapping
from concurrent import futures
from typing import Any

import grpc
from tests.doubles.terraform.place import Place
from tests.doubles.terraform.provider import Caller, Provider
from tests.doubles.terraform.wire import MESSAGES

_CALLS = {
    "GetProviderSchema": "Empty",
    "ValidateProviderConfig": "ProviderConfig",
    "ConfigureProvider": "Configure",
    "ValidateResourceConfig": "Config",
    "ValidateDataResourceConfig": "Config",
    "ValidateEphemeralResourceConfig": "Config",
    "UpgradeResourceState": "Upgrade",
    "ReadResource": "Read",
    "PlanResourceChange": "Plan",
    "ApplyResourceChange": "Apply",
    "ImportResourceState": "Import",
    "ReadDataSource": "Config",
    "OpenEphemeralResource": "Config",
    "RenewEphemeralResource": "Empty",
    "CloseEphemeralResource": "Empty",
    "StopProvider": "Empty",
}
"""The calls of the protocol and the message that each brings. Terraform does without those that are not here."""

_OPTIONS = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]


class Server:
    """Providers that listen on the loopback address, each on a port of its own, from `start` to `stop`."""

    def __init__(self, providers: Mapping[str, Provider]) -> None:
        self._providers = providers
        self._servers: list[grpc.Server] = []

    def start(self) -> dict[str, Any]:
        """What TF_REATTACH_PROVIDERS holds: where each provider is, by its source address."""
        found = {}
        for source, provider in self._providers.items():
            # Terraform asks for ten things at a time
            server = grpc.server(futures.ThreadPoolExecutor(12, thread_name_prefix=provider.name), options=_OPTIONS)
            server.add_generic_rpc_handlers(_handlers(provider))
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            self._servers.append(server)
            found[source] = {
                "Protocol": "grpc",
                "ProtocolVersion": 6,
                "Pid": os.getpid(),
                "Test": True,  # Terraform must not end us when it ends
                "Addr": {"Network": "tcp", "String": f"127.0.0.1:{port}"},
            }
        return found

    def stop(self) -> None:
        """Ends all calls and closes the ports."""
        for stopped in [server.stop(grace=1) for server in self._servers]:
            stopped.wait()
        self._servers.clear()


def _handlers(provider: Provider) -> tuple[grpc.GenericRpcHandler, ...]:
    callers: dict[str, Caller] = {}
    calls = {
        name: _handler(getattr(provider, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()), message, callers)
        for name, message in _CALLS.items()
    }
    empty = MESSAGES["Empty"]
    shutdown = grpc.unary_unary_rpc_method_handler(
        lambda _, __: empty(), request_deserializer=empty.FromString, response_serializer=_serialized
    )
    stdio = grpc.unary_stream_rpc_method_handler(
        lambda _, __: iter(()), request_deserializer=empty.FromString, response_serializer=_serialized
    )
    return (
        grpc.method_handlers_generic_handler("tfplugin6.Provider", calls),
        grpc.method_handlers_generic_handler("plugin.GRPCController", {"Shutdown": shutdown}),
        grpc.method_handlers_generic_handler("plugin.GRPCStdio", {"StreamStdio": stdio}),
    )


def _handler(
    call: Callable[[Any, Caller], Any], message: str, callers: dict[str, Caller]
) -> "grpc.RpcMethodHandler[Any, Any]":
    def answer(request: Any, context: grpc.ServicerContext) -> Any:
        caller = callers.setdefault(context.peer(), Caller(Place()))
        try:
            return call(request, caller)
        except Exception:  # a fault of the double: Terraform shows it
            context.abort(grpc.StatusCode.INTERNAL, f"the double failed:\n{traceback.format_exc()}")

    return grpc.unary_unary_rpc_method_handler(
        answer, request_deserializer=MESSAGES[message].FromString, response_serializer=_serialized
    )


def _serialized(message: Any) -> bytes:
    return bytes(message.SerializeToString())
