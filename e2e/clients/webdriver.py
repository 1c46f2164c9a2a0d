"""WebDriver commands, sent over HTTP to a driver, or to Firefox, which needs no driver."""

import json
import socket
from typing import Any, Protocol

import urllib3

# WebDriver's key of an element's reference.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
# Each command in the protocol of Firefox, and as a method and path of WebDriver.
COMMANDS = {
    "NewSession": ("POST", "/session"),
    "DeleteSession": ("DELETE", ""),
    "Navigate": ("POST", "/url"),
    "Back": ("POST", "/back"),
    "DeleteAllCookies": ("DELETE", "/cookie"),
    "FindElements": ("POST", "/elements"),
    "ElementClick": ("POST", "/element/{id}/click"),
    "ElementClear": ("POST", "/element/{id}/clear"),
    "ElementSendKeys": ("POST", "/element/{id}/value"),
    "GetElementProperty": ("GET", "/element/{id}/property/{name}"),
    "GetComputedLabel": ("GET", "/element/{id}/computedlabel"),
    "IsElementDisplayed": ("GET", "/element/{id}/displayed"),
}


class WebDriverError(Exception):
    """The browser refused a command, for example because an element is gone."""


class Connection(Protocol):
    version: str

    def send(self, command: str, **arguments: Any) -> Any: ...

    def close(self) -> None: ...


class Driver:
    """A driver such as WebKitWebDriver."""

    def __init__(self, port: int, capabilities: dict[str, Any]) -> None:
        self.pool = urllib3.PoolManager()
        self.base = f"http://127.0.0.1:{port}"
        asked = {"alwaysMatch": capabilities}
        session = self.send("NewSession", capabilities=asked)
        self.version = session["capabilities"]["browserVersion"]
        self.base += f"/session/{session['sessionId']}"

    def send(self, command: str, **arguments: Any) -> Any:
        method, path = COMMANDS[command]
        body = json.dumps(arguments) if method == "POST" else None
        url = self.base + path.format_map(arguments)
        answer = self.pool.request(method, url, body=body, timeout=60, retries=False)
        value = answer.json()["value"]
        if answer.status != 200:
            raise WebDriverError(value["error"], value["message"])
        return value

    def close(self) -> None:
        self.send("DeleteSession")
        self.pool.clear()


class Marionette:
    """Firefox's own protocol: the commands of WebDriver on a socket, without a driver."""

    def __init__(self, port: int) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            # It keeps the connection open until it is closed itself.
            self.stream = connection.makefile("rwb")
        self.sent = 0
        self._receive()
        self.version = self.send("NewSession")["capabilities"]["browserVersion"]

    def send(self, command: str, **arguments: Any) -> Any:
        self.sent += 1
        message = json.dumps([0, self.sent, f"WebDriver:{command}", arguments]).encode()
        self.stream.write(b"%d:%s" % (len(message), message))
        self.stream.flush()
        _, _, error, answer = self._receive()
        if error:
            raise WebDriverError(error["error"], error["message"])
        return answer["value"] if isinstance(answer, dict) and "value" in answer else answer

    def close(self) -> None:
        self.stream.close()

    def _receive(self) -> Any:
        length = b""
        while (digit := self.stream.read(1)) != b":":
            if not digit:
                raise WebDriverError("Firefox has closed the connection.")
            length += digit
        return json.loads(self.stream.read(int(length)))
