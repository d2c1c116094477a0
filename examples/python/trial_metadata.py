"""Reports metadata of a training run to a trial metadata master. One file, nothing but the standard library.

    from trial_metadata import TrialMetadata

    train = TrialMetadata(trial_id=110, master="http://localhost:8080", token="...")
    train.report_metadata({"hardware": {"gpu": "NVIDIA A100"}, "runtime_seconds": 3600})

Each top-level key that is reported replaces that key; the others stay. A report never blocks the training loop and never
raises into it: it is put into a queue, which a thread of its own sends, with retries while the master is away. What could
not be sent is said in a warning of the logger "trial_metadata". `flush()` waits for what is queued; at the end of the
program that is done by itself, for `exit_timeout` seconds at most.

Without arguments the settings come from the environment: TRIAL_ID, MASTER_URL and MASTER_TOKEN, or what a training
container of Determined has: DET_TRIAL_ID, DET_MASTER and DET_SESSION_TOKEN.

Values may be anything that JSON has, and: NumPy scalars and arrays (whatever has `tolist`), datetime, date, time, timedelta
(as seconds), UUID, Enum (by name), Path, Decimal, bytes in UTF-8, dataclasses, sets, and mappings with any keys.
"""

import atexit
import collections
import collections.abc
import dataclasses
import datetime
import decimal
import enum
import http.client
import json
import logging
import math
import os
import pathlib
import random
import threading
import time
import urllib.error
import urllib.request
import uuid
import weakref

__all__ = ["MetadataNotSent", "TrialMetadata"]

logger = logging.getLogger("trial_metadata")

#: Answers that another try may turn into a better one.
RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
#: Objects and lists inside each other: more than any master takes.
MAX_DEPTH = 100
#: Bits of an integer: what Python writes out without being asked to, with some room.
MAX_BITS = 14_000
#: Keys that are sent at once when reports have piled up, and that one report may have.
KEYS_AT_ONCE, MAX_KEYS = 200, 10_000
#: Requests after which the parts of a refused report are not halved any more.
MOST_REQUESTS = 64


class MetadataNotSent(Exception):
    """Raised instead of a warning, by a client made with `raise_errors=True`: what could not be sent, and why."""


class TrialMetadata:
    """Reports to one trial. Safe to use from several threads, and in processes that fork.

    Args:
        trial_id: the id of the trial (a run of Determined's: its id).
        master: where the master is, e.g. "http://localhost:8080".
        token: what the master takes as a bearer token.
        queue_size: reports that may wait; further ones are merged into the last.
        timeout: seconds for one request.
        give_up_after: seconds after which a report that can't be sent is given up.
        exit_timeout: seconds that the end of the program waits for what is queued.
        raise_errors: raise MetadataNotSent instead of warning: from report_metadata() for values that JSON can't hold,
            from flush() and close() for what the master refused or could not be reached for.
    """

    def __init__(
        self,
        trial_id=None,
        master=None,
        token=None,
        *,
        queue_size=1_000,
        timeout=10.0,
        give_up_after=600.0,
        exit_timeout=10.0,
        raise_errors=False,
    ):
        self.trial_id = _setting(trial_id, "TRIAL_ID", "DET_TRIAL_ID")
        self.master = _setting(master, "MASTER_URL", "DET_MASTER")
        self._token = _setting(token, "MASTER_TOKEN", "DET_SESSION_TOKEN", "DET_USER_TOKEN")
        address = str(self.master or "").rstrip("/")
        self._address = address if "://" in address else f"http://{address}"
        self._queue_size = max(1, queue_size)
        self._timeout = timeout
        self._give_up_after = give_up_after
        self._raise_errors = raise_errors
        self._reset()
        missing = [
            f"{name} ({variable})"
            for name, variable, value in [
                ("trial_id", "TRIAL_ID", self.trial_id),
                ("master", "MASTER_URL", self.master),
                ("token", "MASTER_TOKEN", self._token),
            ]
            if not value
        ]
        self._usable = not missing
        if missing:
            self._complain(f"no metadata is sent: {', '.join(missing)} is not set", raise_now=True)
        _at_exit(self, exit_timeout)

    def report_metadata(self, metadata):
        """Puts a report into the queue and returns at once. The values are read now: changing them later is harmless."""
        try:
            report, faults = _to_report(metadata)
        except Exception as error:  # A value's own code may do anything.
            report, faults = {}, [f"the report: {type(error).__name__}: {error}"]
        for fault in faults:
            self._complain(f"could not send {fault}", raise_now=True)
        if not report or not self._usable:
            return
        try:
            self._enqueue(report)
        except RuntimeError as error:  # No thread can be started any more: the program is ending.
            self._complain(f"could not send {_named(report)}: {error}", raise_now=True)

    def flush(self, timeout=None):
        """Waits until all that was reported is sent or given up; False when `timeout` seconds were not enough."""
        until = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            self._hurry += 1
            self._changed.notify_all()
            try:
                while self._pending or self._sending:
                    left = None if until is None else until - time.monotonic()
                    if left is not None and left <= 0:
                        return False
                    self._changed.wait(left)
            finally:
                self._hurry -= 1
            errors, self._errors = self._errors, []
        if errors and self._raise_errors:
            raise MetadataNotSent("; ".join(errors))
        return True

    def close(self, timeout=None):
        """Flushes and ends the thread; what is left then is given up, with a warning. Further reports start it anew."""
        try:
            return self.flush(timeout)
        finally:
            with self._changed:
                left = [key for report in [self._sending or {}, *self._pending] for key in report]
                self._pending.clear()
                self._closing = True
                self._changed.notify_all()
            if left:
                self._complain(f"gave up {_named(left)} at the end: {self._trouble or 'there was no time left'}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _reset(self):
        """The state of a process that has nothing to send; also what a forked child begins with."""
        self._changed = threading.Condition()
        self._pending = collections.deque()
        self._sending = None
        self._thread = None
        self._hurry = 0
        self._closing = False
        self._errors = []
        self._trouble = None

    def _enqueue(self, report):
        lost = []
        with self._changed:
            if len(self._pending) < self._queue_size:
                self._pending.append(report)
            elif len(self._pending[-1].keys() | report.keys()) <= MAX_KEYS:
                # As if both were sent one after the other.
                self._pending[-1] = {**self._pending[-1], **report}
            else:
                lost = list(report)
            self._closing = False
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="trial-metadata", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        if lost:
            self._complain(f"could not send {_named(lost)}: too much is waiting already")

    def _run(self):
        while True:
            with self._changed:
                while not self._pending:
                    if self._closing:
                        return
                    self._changed.wait()
                report = self._pending.popleft()
                # What has piled up goes as one.
                while self._pending and len(report) + len(self._pending[0]) <= KEYS_AT_ONCE:
                    report = {**report, **self._pending.popleft()}
                self._sending = report
            try:
                self._send(report)
            except _Closed:
                pass  # close() says what is left.
            except Exception as error:
                self._complain(f"could not send {_named(report)}: {type(error).__name__}: {error}")
            finally:
                with self._changed:
                    self._sending = None
                    self._changed.notify_all()

    def _send(self, report):
        """Sends a report. A part of it that is refused does not take the rest along."""
        parts, requests = [report], 0
        while parts:
            part = parts.pop()
            requests += 1
            status, reason, splits = self._post_until_settled(part)
            if splits and len(part) > 1 and requests < MOST_REQUESTS:
                keys = list(part)
                first, second = keys[: len(keys) // 2], keys[len(keys) // 2 :]
                parts += [{key: part[key] for key in half} for half in (second, first)]
            elif status != 200:
                self._complain(f"could not send {_named(part)}: {reason}")

    def _post_until_settled(self, report):
        """Gives status, what is wrong, and whether less at once may go through."""
        started, delay = time.monotonic(), FIRST_DELAY
        while True:
            status, reason, wait, splits = self._post(report)
            if status is not None and status not in RETRIED:
                self._trouble = None
                return status, reason, splits
            if self._trouble is None:
                logger.warning("trial %s: metadata waits: %s", self.trial_id, reason)
            self._trouble = reason
            if time.monotonic() - started >= self._give_up_after:
                return status, f"gave up: {reason}", False
            # Spread, so that a thousand workers don't come back in the same moment.
            self._pause(max(wait or 0.0, delay * random.uniform(0.5, 1.0)))
            if self._closing:
                raise _Closed
            delay = min(delay * 2, LONGEST_DELAY)

    def _pause(self, seconds):
        """Waits before the next try; less when somebody waits for it."""
        started = time.monotonic()
        with self._changed:
            while not self._closing:
                allowed = min(seconds, FIRST_DELAY) if self._hurry else seconds
                left = started + allowed - time.monotonic()
                if left <= 0:
                    return
                self._changed.wait(left)

    def _post(self, report):
        """Gives status (None: no answer), what is wrong, seconds to wait, and whether less at once may go through."""
        try:
            return self._post_once(report)
        except (ValueError, http.client.InvalidURL) as error:
            return 0, f"{self._address} is no address: {error}", None, False
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            return None, f"{self._address} does not answer ({reason})", None, False

    def _post_once(self, report):
        request = urllib.request.Request(
            f"{self._address}/api/v1/trials/{self.trial_id}/metadata",
            _json({"metadata": report}).encode(),
            {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:
                answer.read()
                return 200, None, None, False
        except urllib.error.HTTPError as error:
            with error:
                return error.code, *_problem(error)

    def _complain(self, message, raise_now=False):
        text = f"trial {self.trial_id}: {message}"
        if not self._raise_errors:
            logger.warning(text)
        elif raise_now:
            raise MetadataNotSent(text)
        else:
            with self._changed:
                self._errors.append(text)


def _setting(value, *names):
    return value if value is not None else next((os.environ[name] for name in names if os.environ.get(name)), None)


def _problem(error):
    """What a refusal says, the seconds until another try makes sense, and whether a part of the report may be accepted."""
    try:
        wait = float(error.headers.get("Retry-After") or 0)
    except ValueError:
        wait = 0.0
    reason, splits = f"the master answered {error.code}", error.code == 413
    try:
        problem = json.loads(error.read(1_000_000))
        reason = f"{error.code} {problem.get('detail') or problem.get('title') or ''}".strip()
        splits = splits or (error.code == 400 and bool(problem.get("errors")))
    except (ValueError, AttributeError, OSError):
        pass
    return reason, min(wait, 300.0), splits


def _named(keys):
    names = [repr(key) for key in keys]
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


class _Closed(Exception):
    """The client was closed while a report waited for its next try."""


class _Unfit(Exception):
    """A value that JSON has no form for."""


def _to_report(metadata):
    """The report as plain JSON values, and what had to be left out."""
    if not isinstance(metadata, collections.abc.Mapping):
        return {}, [f"the report: a mapping was expected, not {type(metadata).__name__}"]
    faults = []
    return _members(metadata, "", 1, faults), faults


def _json(value):
    """The JSON text of plain values; a Decimal keeps its digits, which `json` has no way to write."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_json(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    if isinstance(value, decimal.Decimal):
        return str(value)
    return json.dumps(value, allow_nan=False)


def _members(mapping, path, depth, faults):
    members = {}
    for key, value in mapping.items():
        name = key if isinstance(key, str) else key.name if isinstance(key, enum.Enum) else str(key)
        place = f"{path}.{name}" if path else name
        try:
            members[_text(name)] = _value(value, place, depth, faults)
        except _Unfit as unfit:
            faults.append(f"{place!r}: {unfit}")
    return members


def _elements(values, path, depth, faults):
    elements = []
    for index, value in enumerate(values):
        try:
            elements.append(_value(value, f"{path}[{index}]", depth, faults))
        except _Unfit as unfit:
            faults.append(f"{path}[{index}]: {unfit}")
            elements.append(None)  # The others keep their places.
    return elements


def _value(value, path, depth, faults):
    if depth > MAX_DEPTH:
        raise _Unfit("it is nested too deep, or in itself")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, enum.Enum):
        return _text(value.name)
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, int):
        return _integer(int(value))
    if isinstance(value, float):
        return _number(float(value))
    if isinstance(value, decimal.Decimal):
        return _decimal(value)
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, (uuid.UUID, pathlib.PurePath)):
        return _text(str(value))
    if isinstance(value, (bytes, bytearray)):
        return _decoded(value)
    if isinstance(value, collections.abc.Mapping):
        return _members(value, path, depth + 1, faults)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return _members(fields, path, depth + 1, faults)
    if isinstance(value, (list, tuple, set, frozenset, collections.deque, range, collections.abc.ValuesView)):
        return _elements(value, path, depth + 1, faults)
    if hasattr(value, "tolist"):
        return _value(_of_numpy(value), path, depth + 1, faults)
    raise _Unfit(f"a value of type {type(value).__module__}.{type(value).__qualname__} has no form in JSON")


def _of_numpy(value):
    """NumPy's scalars and arrays, and whatever else knows how to become a list."""
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    if kind in ("M", "m"):  # Points in time: as a list they would be numbers, in a unit of their own.
        value = value.astype(str)
    plain = value.tolist()
    return float(plain) if hasattr(plain, "tolist") else plain  # Numbers of more digits than Python has.


def _integer(value):
    if value.bit_length() > MAX_BITS:
        raise _Unfit(f"an integer of more than {MAX_BITS} bits is too long")
    return value


def _decimal(value):
    if value.is_finite():
        return value
    return "NaN" if value.is_nan() else _number(float(value))


def _number(value):
    """JSON has no word for these; Determined's SDK sends them so too."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def _text(text):
    if "\0" in text:
        raise _Unfit("a text with NUL can't be stored")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _Unfit("a text with half a surrogate pair can't be stored") from None
    return text


def _decoded(value):
    try:
        return _text(bytes(value).decode())
    except UnicodeDecodeError:
        raise _Unfit("bytes that are no UTF-8 have no form in JSON") from None


def _at_exit(client, exit_timeout):
    """Sends what is left at the end of the program; a forked child begins with nothing. Keeps no client alive."""
    reference = weakref.ref(client)

    def end():
        living = reference()
        if living is None:
            return
        try:
            living.close(exit_timeout)
        except MetadataNotSent as error:
            logger.warning("%s", error)

    def begin_anew():
        living = reference()
        if living is not None:
            living._reset()

    atexit.register(end)
    weakref.finalize(client, atexit.unregister, end).atexit = False
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=begin_anew)
