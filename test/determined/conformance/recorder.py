"""Keeps every request that this process sends, byte for byte, with what was answered: one file a test."""

import http.client
import json
import os
import pathlib


class Recorder:
    def __init__(self, folder):
        self.folder = folder and pathlib.Path(folder)
        self.exchanges = []
        self.tests = 0
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            _tap(self.exchanges)

    def begin(self):
        self.exchanges.clear()

    def end(self, name):
        """Writes what was sent since begin(); a test that sends at random has nothing to keep."""
        self.tests += 1
        if not self.folder:
            return
        file = self.folder / f"{self.tests:02}-{name}.json"
        exchanges = [{key: exchange[key] for key in ("request", "status", "body")} for exchange in self.exchanges]
        file.write_text(json.dumps(exchanges, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _tap(exchanges):
    connection, response = http.client.HTTPConnection, http.client.HTTPResponse
    send, begin, read = connection.send, response.begin, response.read

    def tapped_send(self, data):
        if not isinstance(data, bytes):
            raise TypeError("Only bytes can be recorded.")
        current = self.__dict__.get("recorded")
        if current is None or current["status"] is not None:
            current = {"request": "", "status": None, "body": "", "connection": self}
            self.__dict__["recorded"] = current
            exchanges.append(current)
        current["request"] += data.decode("utf-8")
        send(self, data)

    def tapped_getresponse(self, *args, **kwargs):
        answer = getresponse(self, *args, **kwargs)
        answer.__dict__["recorded"] = self.__dict__.get("recorded")
        if answer.__dict__["recorded"] is not None:
            answer.__dict__["recorded"]["status"] = answer.status
        return answer

    def tapped_read(self, *args, **kwargs):
        data = read(self, *args, **kwargs)
        recorded = self.__dict__.get("recorded")
        if recorded is not None and data:
            recorded["body"] += data.decode("utf-8")
        return data

    getresponse = connection.getresponse
    connection.send = tapped_send
    connection.getresponse = tapped_getresponse
    response.read = tapped_read
    del begin


RECORDER = Recorder(os.environ.get("RECORDINGS"))
