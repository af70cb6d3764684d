"""The two pages before the board: how to begin (exercise, or a hub), and who sits here. Both stand in the window itself."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from console.ui.widgets import scaled


class _Page(QWidget):
    """A card in the middle of the window."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.card = QFrame()
        self.card.setProperty("role", "card")
        self.card.setFixedWidth(scaled(520))
        self.inside = QVBoxLayout(self.card)
        self.inside.setContentsMargins(scaled(28), scaled(24), scaled(28), scaled(24))
        self.inside.setSpacing(scaled(10))
        self.title = QLabel(title)
        self.title.setProperty("role", "question")
        self.title.setWordWrap(True)
        self.inside.addWidget(self.title)
        column = QVBoxLayout(self)
        column.addStretch(2)
        row = QHBoxLayout()  # not an alignment: the card would get no room for a second line of words
        row.addStretch(1)
        row.addWidget(self.card)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)

    def words(self, text: str, role: str = "muted") -> QLabel:
        """A label of the card."""
        label = QLabel(text)
        label.setProperty("role", role)
        label.setWordWrap(True)
        self.inside.addWidget(label)
        return label

    def field(self, name: str) -> QLineEdit:
        """A named line of the card."""
        label = QLabel(name)
        edit = QLineEdit()
        edit.setAccessibleName(name)
        label.setBuddy(edit)
        self.inside.addWidget(label)
        self.inside.addWidget(edit)
        return edit


class StartPage(_Page):
    """The first thing a newcomer sees: an exercise, or a hub's address. The last choice has the keyboard."""

    exercise_asked = Signal()
    hub_asked = Signal(str)

    def __init__(self, city: str, last: str = "") -> None:
        super().__init__("What would you like to open?")
        where = f"a simulated {city}" if city else "a simulated city"
        self.exercise = QPushButton(f"Exercise: {where}")
        self.exercise.setProperty("role", "primary")
        self.exercise.setAccessibleName(self.exercise.text())
        self.exercise.clicked.connect(self.exercise_asked)
        self.inside.addWidget(self.exercise)
        self.words("Calls, units and clinicians play by themselves. Take part at any desk.")
        self.inside.addSpacing(12)
        self.address = self.field("Address of your center's hub")
        self.address.setPlaceholderText("https://hub.example.org:8911")
        self.address.setText(last if last not in ("", "exercise") else "")
        self.address.returnPressed.connect(self._connect)
        row = QHBoxLayout()
        self.connect_button = QPushButton("Connect to a hub")
        self.connect_button.clicked.connect(self._connect)
        row.addWidget(self.connect_button)
        row.addStretch(1)
        self.inside.addLayout(row)
        self.trouble = self.words("", "due")
        self.setFocusProxy(self.address if self.address.text() else self.exercise)

    def _connect(self) -> None:
        why = wrong_address(self.address.text().strip())
        self.trouble.setText(f"◆ {why}" if why else "")
        if not why:
            self.hub_asked.emit(self.address.text().strip())


def wrong_address(address: str) -> str:
    """Why this is no hub's address, or ""."""
    try:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0):
            return ""
    except ValueError:
        pass
    return "A hub's address begins with https:// or http:// and names a machine, such as https://hub.example.org:8911"


class SignInPage(_Page):
    """Name and password; what went wrong is said in the card. The password is forgotten as soon as it was sent."""

    sign_in_asked = Signal(str, str)
    back_asked = Signal()

    def __init__(self, last_user: str = "", *, with_back: bool = False) -> None:
        super().__init__("Sign in")
        self.hub = self.words("")
        self.user = self.field("Name")
        self.user.setText(last_user)
        self.password = self.field("Password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.button = QPushButton("Sign in")
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self._ask)
        self.user.returnPressed.connect(self._name_typed)
        self.password.returnPressed.connect(self._ask)
        self.inside.addWidget(self.button)
        self.back = QPushButton("Open something else")
        self.back.setProperty("role", "quiet")
        self.back.clicked.connect(self.back_asked)
        self.back.setVisible(with_back)
        self.inside.addWidget(self.back)
        self.trouble = self.words("", "due")
        self.setFocusProxy(self.password if last_user else self.user)

    def to_hub(self, address: str) -> None:
        """Name the hub that will be asked."""
        self.hub.setText(f"at {address}")

    def say(self, words: str) -> None:
        """Say why nobody is signed in; the page can be used again."""
        self.trouble.setText(f"◆ {words}" if words else "")
        self.button.setEnabled(True)

    def _name_typed(self) -> None:
        """Enter after the name goes on to the password, and asks where that is there already."""
        if self.password.text():
            self._ask()
        else:
            self.password.setFocus(Qt.FocusReason.TabFocusReason)

    def _ask(self) -> None:
        if not self.button.isEnabled():
            return
        if not self.user.text().strip() or not self.password.text():
            self.say("Type a name and a password.")
            return
        password = self.password.text()
        self.password.clear()
        self.trouble.setText("")
        self.button.setEnabled(False)
        self.sign_in_asked.emit(self.user.text().strip(), password)
