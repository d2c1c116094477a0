import collections
import dataclasses
import datetime
import decimal
import enum
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import unittest
import uuid

from trial_metadata import MetadataNotSent, TrialMetadata

from tests.masters import FakeMaster, TOKEN, URL, free_port, metadata_of, needs_master, new_trial, refusal

try:
    import numpy as np
except ImportError:
    np = None

FOLDER = pathlib.Path(__file__).parent.parent


class Colour(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    HIGH = 3


@dataclasses.dataclass
class Hardware:
    gpu: str
    count: int


class ClientTest(unittest.TestCase):
    maxDiff = None

    def client(self, master, **options):
        client = TrialMetadata(1, getattr(master, "url", master), "token", **options)
        self.addCleanup(lambda: self.quietly(client.close, 0))
        return client

    def quietly(self, work, *args):
        with self.assertLogs("trial_metadata") as logs:
            import logging

            logging.getLogger("trial_metadata").warning("at least one")
            try:
                work(*args)
            except MetadataNotSent:
                pass
        return logs.output


class ValuesTest(ClientTest):
    def sent(self, metadata):
        with FakeMaster() as master:
            client = self.client(master)
            client.report_metadata(metadata)
            self.assertTrue(client.flush(10))
            return master.accepted

    def test_json(self):
        document = {"n": None, "b": True, "i": 2**70, "f": 0.1, "s": "é😀\u2028", "l": [1, [2]], "o": {"": {}}}
        self.assertEqual(self.sent(document), document)

    def test_python_values(self):
        moment = datetime.datetime(2024, 5, 1, 10, tzinfo=datetime.timezone.utc)
        name = uuid.uuid4()
        document = {
            "datetime": moment,
            "date": moment.date(),
            "time": datetime.time(10, 30),
            "timedelta": datetime.timedelta(minutes=1.5),
            "uuid": name,
            "enum": Colour.RED,
            "int enum": Level.HIGH,
            "path": pathlib.PurePosixPath("/data/x"),
            "decimal": decimal.Decimal("0.5"),
            "whole decimal": decimal.Decimal("1e3"),
            "bytes": b"abc",
            "dataclass": Hardware("A100", 8),
            "tuple": (1, 2),
            "set": {7},
            "deque": collections.deque([1]),
            "range": range(3),
            "nan": float("nan"),
            "infinity": float("-inf"),
            "keys": {1: "int", Colour.RED: "enum", None: "none"},
        }
        expected = {
            "datetime": "2024-05-01T10:00:00+00:00",
            "date": "2024-05-01",
            "time": "10:30:00",
            "timedelta": 90,
            "uuid": str(name),
            "enum": "RED",
            "int enum": "HIGH",
            "path": "/data/x",
            "decimal": 0.5,
            "whole decimal": 1000,
            "bytes": "abc",
            "dataclass": {"gpu": "A100", "count": 8},
            "tuple": [1, 2],
            "set": [7],
            "deque": [1],
            "range": [0, 1, 2],
            "nan": "NaN",
            "infinity": "-Infinity",
            "keys": {"1": "int", "RED": "enum", "None": "none"},
        }
        self.assertEqual(self.sent(document), expected)

    DECIMALS = ["0.1000000000000000055", "9007199254740993.5", "1E-400", "-1E+400", "0.10", "-0.0", "12" * 2_000]

    def test_decimals_keep_their_digits(self):
        report = {"list": [decimal.Decimal(text) for text in self.DECIMALS]}
        with FakeMaster() as master:
            client = self.client(master)
            client.report_metadata(report)
            self.assertTrue(client.flush(10))
            sent = json.loads(master.bodies[0], parse_float=str, parse_int=str)
        self.assertEqual(sent, {"metadata": {"list": self.DECIMALS}})
        no_numbers = {name: decimal.Decimal(name) for name in ("NaN", "sNaN", "Infinity", "-Infinity")}
        expected = {"NaN": "NaN", "sNaN": "NaN", "Infinity": "Infinity", "-Infinity": "-Infinity"}
        self.assertEqual(self.sent(no_numbers), expected)

    @unittest.skipUnless(np, "NumPy is not installed")
    def test_numpy(self):
        document = {
            "int": np.int64(2**60),
            "float": np.float32(0.5),
            "half": np.float16(2),
            "long": np.longdouble("1.5"),
            "bool": np.bool_(True),
            "str": np.str_("x"),
            "nan": np.float64("nan"),
            "array": np.array([[1, 2], [3, 4]]),
            "scalar array": np.array(7),
            "floats": np.array([0.5, np.inf]),
            "times": np.array(["2024-05-01T10:00"], "datetime64[s]"),
            "time": np.datetime64("2024-05-01"),
            "objects": np.array([Colour.RED, pathlib.PurePosixPath("x")], object),
        }
        expected = {
            "int": 2**60,
            "float": 0.5,
            "half": 2,
            "long": 1.5,
            "bool": True,
            "str": "x",
            "nan": "NaN",
            "array": [[1, 2], [3, 4]],
            "scalar array": 7,
            "floats": [0.5, "Infinity"],
            "times": ["2024-05-01T10:00:00"],
            "time": "2024-05-01",
            "objects": ["RED", "x"],
        }
        self.assertEqual(self.sent(document), expected)

    def test_what_json_cannot_hold_is_left_out_with_a_warning(self):
        itself = {}
        itself["itself"] = itself
        document = {
            "kept": 1,
            "object": object(),
            "nested": {"kept": 2, "complex": 1j, "list": [1, object(), 3]},
            "nul": "a\0b",
            "surrogate": "\ud800",
            "binary": b"\xff",
            "long": 10**6000,
            "function": print,
            "type": int,
        }
        with self.assertLogs("trial_metadata") as logs:
            self.assertEqual(self.sent(document), {"kept": 1, "nested": {"kept": 2, "list": [1, None, 3]}})
        said = "\n".join(logs.output)
        for place in ["object", "nested.complex", "nested.list[1]", "nul", "surrogate", "binary", "long", "function"]:
            self.assertIn(place, said)
        with self.assertLogs("trial_metadata"):
            self.assertIn("kept", self.sent({"kept": 1, "loop": itself}))
        for report in (None, 5, ["a"], "text"):
            with self.assertLogs("trial_metadata", "WARNING"):
                self.assertEqual(self.sent(report), {})

    def test_values_whose_own_code_fails(self):
        class Broken(dict):
            def items(self):
                raise RuntimeError("broken")

        with self.assertLogs("trial_metadata") as logs:
            self.assertEqual(self.sent(Broken(a=1)), {})
        self.assertIn("broken", logs.output[0])

    def test_the_values_of_the_moment_are_sent(self):
        with FakeMaster() as master:
            client = self.client(master)
            state = {"list": [1]}
            client.report_metadata(state)
            state["list"].append(2)
            state["late"] = True
            client.flush(10)
            self.assertEqual(master.accepted, {"list": [1]})

    def test_raises_when_asked_to(self):
        with FakeMaster() as master:
            client = self.client(master, raise_errors=True)
            with self.assertRaisesRegex(MetadataNotSent, "complex"):
                client.report_metadata({"complex": 1j})


class ServerTest(ClientTest):
    def test_the_server_is_down_at_first(self):
        port = free_port()
        client = self.client(f"127.0.0.1:{port}")
        with self.assertLogs("trial_metadata") as logs:
            for step in range(50):
                started = time.monotonic()
                client.report_metadata({"step": step, f"key{step}": 1})
                self.assertLess(time.monotonic() - started, 0.1)
            self.assertFalse(client.flush(0.3))
            with FakeMaster(port=port) as master:
                self.assertTrue(client.flush(10))
                self.assertEqual(master.accepted, {"step": 49, **{f"key{step}": 1 for step in range(50)}})
        self.assertEqual(len(logs.output), 1)
        self.assertIn("does not answer", logs.output[0])

    def test_the_server_stays_down(self):
        client = self.client(f"http://127.0.0.1:{free_port()}")
        client.report_metadata({"lost": 1})
        with self.assertLogs("trial_metadata") as logs:
            self.assertFalse(client.close(0.2))
        self.assertIn("gave up 'lost'", logs.output[-1])

    def test_gives_up_after_a_while(self):
        client = self.client(f"http://127.0.0.1:{free_port()}", give_up_after=0.0)
        with self.assertLogs("trial_metadata") as logs:
            client.report_metadata({"lost": 1})
            self.assertTrue(client.flush(10))
        self.assertIn("could not send 'lost': gave up", logs.output[-1])

    def test_tries_again_later_and_later(self):
        def answer(report, number):
            return (503, {"detail": "busy"}, {}) if number < 4 else (200, {}, {})

        with FakeMaster(answer) as master:
            client = self.client(master)
            with self.assertLogs("trial_metadata") as logs:
                client.report_metadata({"a": 1})
                while len(master.reports) < 4:
                    time.sleep(0.02)
                client.flush(10)
            pauses = [b - a for a, b in zip(master.times, master.times[1:])]
            self.assertEqual(master.accepted, {"a": 1})
            for pause, (least, most) in zip(pauses, [(0.25, 0.9), (0.5, 1.5), (1.0, 2.8)]):
                self.assertTrue(least <= pause <= most, pauses)
            self.assertEqual(len(logs.output), 1)

    def test_heeds_retry_after(self):
        def answer(report, number):
            return (429, {}, {"Retry-After": "1"}) if number == 1 else (200, {}, {})

        with FakeMaster(answer) as master, self.assertLogs("trial_metadata"):
            client = self.client(master)
            client.report_metadata({"a": 1})
            while len(master.reports) < 2:
                time.sleep(0.02)
            self.assertGreaterEqual(master.times[1] - master.times[0], 0.95)

    def test_a_slow_server_does_not_slow_the_training(self):
        def answer(report, number):
            time.sleep(0.3)
            return 200, {}, {}

        with FakeMaster(answer) as master:
            client = self.client(master, queue_size=5)
            started = time.monotonic()
            for step in range(300):
                client.report_metadata({"step": step, f"key{step % 90}": step})
            self.assertLess(time.monotonic() - started, 0.3)
            self.assertTrue(client.flush(20))
            self.assertLess(len(master.reports), 20)
            expected = {f"key{step % 90}": step for step in range(300)}
            self.assertEqual(master.accepted, {"step": 299, **expected})

    def test_a_server_that_hangs_is_given_up(self):
        gate = threading.Event()

        def answer(report, number):
            if number == 1:
                gate.wait(10)
            return 200, {}, {}

        with FakeMaster(answer) as master, self.assertLogs("trial_metadata"):
            client = self.client(master, timeout=0.3)
            client.report_metadata({"a": 1})
            self.assertTrue(client.flush(10))
            gate.set()
            self.assertEqual(len(master.reports), 2)

    def test_a_refused_value_does_not_take_the_others_along(self):
        def answer(report, number):
            return refusal(*[f"metadata.{key}" for key in report if "bad" in key]) if any(
                "bad" in key for key in report
            ) else (200, {}, {})

        good = {f"good{i}": i for i in range(20)}
        with FakeMaster(answer) as master:
            client = self.client(master)
            with self.assertLogs("trial_metadata") as logs:
                client.report_metadata({**good, "bad1": 1, "bad2": 2})
                self.assertTrue(client.flush(10))
            self.assertEqual(master.accepted, good)
            self.assertEqual(len(logs.output), 2)
            self.assertIn("'bad1'", logs.output[0])
            self.assertLess(len(master.reports), 20)

    def test_a_report_of_which_every_part_is_refused_is_not_tried_without_end(self):
        with FakeMaster(lambda report, number: refusal("metadata")) as master:
            client = self.client(master)
            with self.assertLogs("trial_metadata") as logs:
                client.report_metadata({f"k{i}": i for i in range(200)})
                self.assertTrue(client.flush(10))
            self.assertLess(len(master.reports), 80)
            self.assertEqual(sorted(key for report in master.reports[-1:] for key in report)[-1:], ["k199"])
            self.assertIn("more", logs.output[-1])

    def test_refusals_are_said_once_each_and_not_repeated(self):
        for status in (401, 403, 404, 405, 301):
            with self.subTest(status), FakeMaster(lambda report, number: (status, {"detail": "no"}, {})) as master:
                client = self.client(master)
                with self.assertLogs("trial_metadata") as logs:
                    client.report_metadata({"a": 1})
                    self.assertTrue(client.flush(10))
                self.assertEqual(len(master.reports), 1)
                self.assertIn(str(status), logs.output[0])

    def test_raises_from_flush_when_asked_to(self):
        with FakeMaster(lambda report, number: (404, {"detail": "There is no trial 1"}, {})) as master:
            client = self.client(master, raise_errors=True)
            client.report_metadata({"a": 1})
            with self.assertRaisesRegex(MetadataNotSent, "There is no trial 1"):
                client.flush(10)
            self.assertTrue(client.flush(10))

    def test_an_answer_that_is_no_http(self):
        import socket

        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen()

            def talk():
                try:
                    while True:
                        connection, _ = server.accept()
                        connection.recv(10_000)
                        connection.sendall(b"hello\r\n")
                        connection.close()
                except OSError:
                    pass

            threading.Thread(target=talk, daemon=True).start()
            client = self.client(f"127.0.0.1:{server.getsockname()[1]}", give_up_after=0)
            with self.assertLogs("trial_metadata") as logs:
                client.report_metadata({"a": 1})
                self.assertTrue(client.flush(10))
            self.assertIn("does not answer", logs.output[-1])

    def test_a_wrong_address(self):
        for address in ("ftp://", "http://", "http://no such host/", "nonsense://x"):
            with self.subTest(address):
                client = self.client(address, give_up_after=0)
                with self.assertLogs("trial_metadata"):
                    client.report_metadata({"a": 1})
                    self.assertTrue(client.flush(10))

    def test_settings_that_are_missing_are_said_and_nothing_breaks(self):
        environment = {name: os.environ.pop(name, None) for name in ("MASTER_URL", "MASTER_TOKEN", "TRIAL_ID")}
        try:
            with self.assertLogs("trial_metadata") as logs:
                client = TrialMetadata()
            for name in environment:
                self.assertIn(name, logs.output[0])
            client.report_metadata({"a": 1})
            self.assertTrue(client.flush(1))
            with self.assertRaises(MetadataNotSent):
                TrialMetadata(raise_errors=True)
        finally:
            os.environ.update({name: value for name, value in environment.items() if value is not None})

    def test_threads(self):
        with FakeMaster() as master:
            client = self.client(master, queue_size=3)
            threads = [
                threading.Thread(target=lambda n=n: [client.report_metadata({f"{n}-{i}": i}) for i in range(50)])
                for n in range(8)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertTrue(client.flush(20))
            self.assertEqual(len(master.accepted), 400)

    def test_reports_after_close_are_sent_too(self):
        with FakeMaster() as master:
            client = self.client(master)
            client.report_metadata({"a": 1})
            self.assertTrue(client.close(10))
            client.report_metadata({"b": 2})
            self.assertTrue(client.close(10))
            self.assertEqual(master.accepted, {"a": 1, "b": 2})


class ProcessTest(ClientTest):
    """Programs of their own."""

    def run_program(self, url, text, **options):
        environment = {**os.environ, "TRIAL_ID": "1", "MASTER_URL": url, "MASTER_TOKEN": "token"}
        return subprocess.run(
            [sys.executable, "-c", text],
            cwd=FOLDER,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            **options,
        )

    def test_what_is_queued_is_sent_at_the_end_of_the_program(self):
        def answer(report, number):
            time.sleep(0.2)
            return 200, {}, {}

        text = "from trial_metadata import TrialMetadata; t = TrialMetadata()\nfor i in range(20): t.report_metadata({f'k{i}': i})"
        for end in ("", "\nraise ValueError('training failed')", "\nimport sys; sys.exit(3)"):
            with self.subTest(end), FakeMaster(answer) as master:
                self.run_program(master.url, text + end)
                self.assertEqual(len(master.accepted), 20)

    def test_the_end_of_the_program_waits_only_so_long(self):
        text = "from trial_metadata import TrialMetadata; TrialMetadata(exit_timeout=0.5).report_metadata({'a': 1})"
        keep = text.replace("TrialMetadata(exit", "t = TrialMetadata(exit").replace(").report", "); t.report")
        started = time.monotonic()
        ended = self.run_program(f"http://127.0.0.1:{free_port()}", keep)
        self.assertLess(time.monotonic() - started, 8)
        self.assertEqual(ended.returncode, 0)
        self.assertIn("gave up 'a' at the end", ended.stderr)

    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork here")
    def test_a_forked_worker_sends_what_it_reports_itself(self):
        text = """
import os, sys
from trial_metadata import TrialMetadata
t = TrialMetadata()
t.report_metadata({"parent": 1})
child = os.fork()
if child == 0:
    t.report_metadata({"child": 1})
    t.flush(10)
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
t.report_metadata({"after": 1})
"""
        with FakeMaster() as master:
            ended = self.run_program(master.url, text)
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertEqual(master.accepted, {"parent": 1, "child": 1, "after": 1})


@needs_master
class MasterTest(ClientTest):
    def test_reports_merge(self):
        trial = new_trial("merge")
        with TrialMetadata(trial, URL, TOKEN) as client:
            client.report_metadata({"a": 1, "hardware": {"gpu": "A100", "cpu": "Xeon"}})
            client.flush(30)
            client.report_metadata({"b": 2**70, "hardware": {"gpu": "H100"}})
        self.assertEqual(metadata_of(trial), {"a": 1, "b": 2**70, "hardware": {"gpu": "H100"}})

    def test_the_real_refusals(self):
        trial = new_trial("refusals")
        with TrialMetadata(trial, URL, TOKEN) as client, self.assertLogs("trial_metadata") as logs:
            client.report_metadata({"kept": 1, "k" * 300: 2, "list": list(range(2000)), "also": "kept"})
            self.assertTrue(client.flush(30))
        self.assertEqual(metadata_of(trial), {"kept": 1, "also": "kept"})
        self.assertEqual(len(logs.output), 2)
        for unknown, token, reason in [(999_999_999, TOKEN, "404"), (trial, "wrong", "401")]:
            with self.subTest(reason), self.assertLogs("trial_metadata") as logs:
                client = TrialMetadata(unknown, URL, token)
                client.report_metadata({"a": 1})
                self.assertTrue(client.flush(30))
            self.assertIn(reason, logs.output[0])

    def test_two_scripts_at_once(self):
        trial = new_trial("two")
        clients = [TrialMetadata(trial, URL, TOKEN) for _ in range(2)]
        for step in range(30):
            for number, client in enumerate(clients):
                client.report_metadata({f"script {number} step {step}": step})
        for client in clients:
            self.assertTrue(client.close(60))
        self.assertEqual(len(metadata_of(trial)), 60)

    def test_the_tutorial_with_the_client(self):
        trial = new_trial("tutorial")
        ended = self.run_example("tutorial_with_client.py", trial)
        self.assertEqual(ended.stderr, "")
        self.assertEqual(metadata_of(trial), TUTORIAL)

    def test_the_tutorial_with_the_sdk(self):
        try:
            import determined  # noqa: F401
        except ImportError:
            self.skipTest("Determined's SDK is not installed")
        trial = new_trial("tutorial")
        ended = self.run_example("tutorial_with_sdk.py", trial)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(metadata_of(trial), TUTORIAL)

    def run_example(self, name, trial):
        environment = {**os.environ, "TRIAL_ID": str(trial), "MASTER_URL": URL, "MASTER_TOKEN": TOKEN}
        return subprocess.run(
            [sys.executable, name], cwd=FOLDER, env=environment, capture_output=True, text=True, timeout=120
        )


TUTORIAL = json.loads(
    """{
      "dataset_version": "MNIST-v1.0",
      "preprocessing": "normalization",
      "hardware": {"gpu": "NVIDIA A100", "cpu": "Intel Xeon", "ram": "64GB"},
      "software": {"cuda_version": "11.2", "python_version": "3.8.10"},
      "runtime_seconds": 3600
    }"""
)


if __name__ == "__main__":
    unittest.main()
