"""The pages that can be docked beside the watch: one open at a time, each keeps its draft while it is away."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from widgets.docked_page import DockedPage


class Pages(QObject):
    """Signals:
    changed: name of the page that is open now, empty for none.
    """

    changed = Signal(str)

    def __init__(self, dock: Callable[[DockedPage | None], None], named: Mapping[str, DockedPage], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dock = dock
        self._named = named
        self.open_name = ""
        for page in named.values():
            page.back_requested.connect(self.close)

    @property
    def open_page(self) -> DockedPage | None:
        return self._named.get(self.open_name)

    def toggle(self, name: str) -> None:
        """Opens a page, or closes it if it is the one that is open. Raises KeyError for a name there is not."""
        if name == self.open_name:
            self.close()
            return
        self._dock(self._named[name])
        self.open_name = name
        self.changed.emit(name)

    def close(self) -> None:
        """Back to the watch alone."""
        if self.open_name:
            self.open_name = ""
            self._dock(None)
            self.changed.emit("")
