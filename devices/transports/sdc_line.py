"""An IEEE 11073 SDC device on the network as a line, by the extra package ``sdc11073``: finds it, subscribes, passes on what it reports.

    sdc:            the first device found
    sdc:EPR         the device with this endpoint reference, "urn:uuid:…"
    …@HOST          searched for on the interface that has the address HOST; without it, on the one that leads out of this computer

A line of its own kind: what comes are whole documents, in the form of ``devices.drivers.sdc.frames``. It gets the description,
subscribes to reports, renews and ends the subscription; clients for services that set anything are not even made. Real devices ask for
certificates: a folder with userkey.pem, usercert.pem and cacert.pem, named by the environment variable BEDSIDE_SDC_CERTIFICATES.
"""

from __future__ import annotations

import copy
import logging
import os
import socket
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from importlib import import_module
from queue import Empty, Full, Queue
from threading import Event
from typing import Any
from xml.etree.ElementTree import ParseError

from devices.drivers.sdc.frames import framed
from devices.transports.line import LineError

SDC_PREFIX = "sdc:"
CERTIFICATES = "BEDSIDE_SDC_CERTIFICATES"
DISCOVERY_S, PROBE_EVERY_S = 10, 1
MOST_WAITING = 2000
"""Reports kept for a late reader; after more the description is fetched anew."""

REPORTS = ("waveform_report", "episodic_metric_report", "episodic_alert_report")
WANTED = frozenset({"Waveform", "EpisodicMetricReport", "EpisodicAlertReport", "DescriptionModificationReport"})

READING_CLIENTS = frozenset({"GetServiceClient", "StateEventClient", "WaveformClient", "DescriptionEventClient"})

FAULTS = (OSError, HTTPException, RuntimeError, ValueError, LookupError, AttributeError, TypeError, ParseError)
"""What the library raises when a device does not answer, or answers what it should not."""


@dataclass(frozen=True, slots=True)
class _Library:
    """The parts of sdc11073 that are used; imported late, because it is an extra."""

    consumer: Any
    components: Any
    dispatcher: Any
    discovery: Any
    definitions: Any
    actions: Any
    certificates: Any
    etree: Any
    observe: Any
    faults: tuple[type[BaseException], ...]


def _library() -> _Library:
    try:
        faults = import_module("sdc11073.exceptions")
        consumer = import_module("sdc11073.consumer.consumerimpl")
        logging.getLogger("sdc").setLevel(logging.ERROR)  # it warns of each service for which no client is wanted
        return _Library(
            consumer=consumer.SdcConsumer,
            components=consumer.default_components_factory,
            dispatcher=import_module("sdc11073.dispatch").RequestDispatcher,
            discovery=import_module("sdc11073.wsdiscovery").WSDiscovery,
            definitions=import_module("sdc11073.definitions_sdc").SdcV1Definitions,
            actions=import_module("sdc11073.xml_types.actions").Actions,
            certificates=import_module("sdc11073.certloader"),
            etree=import_module("lxml.etree"),
            observe=import_module("sdc11073.observableproperties"),
            faults=(*FAULTS, faults.ApiUsageError, faults.HTTPRequestHandlingError),
        )
    except ImportError as error:
        raise LineError("SDC devices need an extra package that is not installed: pip install bedside[sdc]") from error


class SdcLine:
    """A subscription to one device (``Line``). Raises LineError for an address of another form."""

    def __init__(self, address: str) -> None:
        if not address.startswith(SDC_PREFIX) or any(sign.isspace() for sign in address):
            raise LineError(f"{address} is no address of an SDC device: write sdc:, sdc:EPR or sdc:EPR@HOST")
        self.name = address
        self._epr, _, self._host = address.removeprefix(SDC_PREFIX).partition("@")
        self._library: _Library | None = None
        self._consumer: Any = None
        self._waiting: Queue[bytes] = Queue(MOST_WAITING)
        self._outdated = Event()

    def open(self) -> None:
        """Searches for ten seconds, subscribes and asks for the description with the first ``read``. Raises LineError."""
        self.close()
        library = self._library = _library()
        try:
            service = self._found(library)
            self._consumer = self._subscribed(service, library)
        except library.faults as error:
            self.close()
            raise LineError(f"{self.name} cannot be subscribed to: {str(error) or type(error).__name__}") from error
        self._outdated.set()

    def _subscribed(self, service: Any, library: _Library) -> Any:
        components = library.components()
        components.service_handlers = {client for client in components.service_handlers if client.__name__ in READING_CLIENTS}
        components.action_dispatcher_class = library.dispatcher  # the usual one starts a thread that nothing ever ends
        certificates = self._certificates(library)
        consumer = library.consumer.from_wsd_service(service, ssl_context_container=certificates, components=components)
        take = partial(self._take, library)
        library.observe.strongbind(consumer, **dict.fromkeys(REPORTS, take), description_modification_report=self._outdate)
        unwanted = [action for action in library.actions if action.name not in WANTED]
        try:
            consumer.start_all(not_subscribed_actions=unwanted)
        except library.faults:
            consumer.stop_all(unsubscribe=False)
            raise
        return consumer

    def read(self, timeout_s: float) -> bytes:
        """Documents that have come, whole. Raises LineError when the subscription has ended."""
        consumer, library = self._opened()
        if self._outdated.is_set():
            return self._description(consumer, library)
        try:
            data = self._waiting.get(timeout=timeout_s) if timeout_s > 0 else self._waiting.get_nowait()
        except Empty:
            if not consumer.is_connected:
                raise LineError(f"{self.name} was lost: the device renews the subscription no more") from None
            return b""
        while not self._waiting.empty():
            data += self._waiting.get_nowait()
        return data

    def write(self, data: bytes) -> None:
        """Nothing is ever sent to an SDC device this way."""
        raise LineError(f"{self.name} takes no bytes: {len(data)} were not sent")

    def close(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None and self._library is not None:
            try:
                consumer.stop_all()
            except self._library.faults:  # the device may be gone, and what is left of it must not stop the next opening
                consumer.stop_all(unsubscribe=False)
        self._waiting = Queue(MOST_WAITING)
        self._outdated.clear()

    def _opened(self) -> tuple[Any, _Library]:
        if self._consumer is None or self._library is None:
            raise LineError(f"{self.name} is not open")
        return self._consumer, self._library

    def _found(self, library: _Library) -> Any:
        host = self._host or _own_address()
        with library.discovery(host) as discovery:
            for _ in range(DISCOVERY_S // PROBE_EVERY_S):
                types = library.definitions.MedicalDeviceTypesFilter
                found = discovery.search_services(types=types, timeout=PROBE_EVERY_S, repeat_probe_interval=PROBE_EVERY_S)
                wanted = sorted((service for service in found if self._epr in {"", service.epr}), key=lambda service: str(service.epr))
                if wanted:
                    return wanted[0]
        what = f"no SDC device {self._epr}" if self._epr else "no SDC device"
        raise LineError(f"{self.name}: {what} answers on the network of {host}: is it on, and on this network?")

    @staticmethod
    def _certificates(library: _Library) -> Any:
        folder = os.environ.get(CERTIFICATES)
        return library.certificates.mk_ssl_contexts_from_folder(folder) if folder else None

    def _description(self, consumer: Any, library: _Library) -> bytes:
        self._outdated.clear()
        try:
            return _document(consumer.get_service_client.get_mdib().p_msg.msg_node, library)
        except library.faults as error:
            raise LineError(f"{self.name} does not describe itself: {str(error) or type(error).__name__}") from error

    def _take(self, library: _Library, message: Any) -> None:
        """Called by the library's own thread with each report."""
        try:
            self._waiting.put_nowait(_document(message.p_msg.msg_node, library))
        except Full:
            self._outdated.set()

    def _outdate(self, _: Any) -> None:
        """Called by the library's own thread when the device has changed what it is."""
        self._outdated.set()


def _document(node: Any, library: _Library) -> bytes:
    """The document, framed, without what a strict reader refuses."""
    own = copy.deepcopy(node)
    library.etree.strip_tags(own, library.etree.Comment, library.etree.ProcessingInstruction)
    return framed(library.etree.tostring(own, encoding="utf-8"))


def _own_address() -> str:
    """The address of the interface that leads out of this computer. Asks the system; sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("239.255.255.250", 3702))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
