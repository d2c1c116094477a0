"""What Determined's own SDK does against a master of ours: every case, one test. Needs the package `determined`."""

import concurrent.futures
import json
import os
import tempfile
import unittest
import urllib.error
import urllib.request

from determined import core
from determined.common import api
from determined.common.api import bindings
from determined.common.experimental.determined import Determined
from recorder import RECORDER

URL = os.environ["MASTER_URL"]
TOKEN = os.environ["MASTER_TOKEN"]


def rest(method, path, body=None, token=TOKEN):
    """One call of the master's own REST API: what has to be there before Determined's clients come."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{URL}/api/v1{path}", data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def session(token=TOKEN, kind=api.Session):
    return kind(master=URL, username="me", token=token, cert=None, max_retries=0)


def train(trial_id, of=None):
    """What a training script has as `context.train`."""
    distributed = core.DummyDistributedContext()
    manual = core.TensorboardMode.MANUAL
    return core.TrainContext(of or session(), trial_id, 1, None, distributed, manual, None, None)


def field(column, kind, operator, value=None, location="LOCATION_TYPE_RUN_METADATA"):
    return {
        "kind": "field",
        "columnName": column,
        "location": location,
        "type": f"COLUMN_TYPE_{kind}",
        "operator": operator,
        "value": value,
    }


class SdkTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        RECORDER.begin()
        self.project = rest("POST", "/projects", {"name": self.id()})["project"]["id"]
        body = {"name": "E", "projectId": self.project}
        self.experiment = rest("POST", "/experiments", body)["experiment"]["id"]

    def tearDown(self):
        RECORDER.end(self._testMethodName.removeprefix("test_").replace("_", "-"))

    def trial(self, metadata=None):
        trial = rest("POST", f"/experiments/{self.experiment}/trials", {})["trial"]["id"]
        if metadata is not None:
            rest("PUT", f"/trials/{trial}/metadata", {"metadata": metadata})
        return trial

    def search(self, node=None, sort=None, offset=None, limit=None):
        search_filter = None if node is None else json.dumps({"filterGroup": node, "showArchived": False})
        given = {"filter": search_filter, "sort": sort, "offset": offset, "limit": limit}
        body = bindings.v1SearchRunsRequest(
            projectId=self.project, **{name: value for name, value in given.items() if value is not None}
        )
        return bindings.post_SearchRuns(session(), body=body)

    def found(self, *args, **kwargs):
        return [run.id for run in self.search(*args, **kwargs).runs]


class MetadataTest(SdkTest):
    def test_set_and_get(self):
        context = train(self.trial())
        self.assertEqual(context.get_metadata(), {})
        document = {
            "dataset_version": "MNIST-v1.0",
            "hardware": {"gpu": "NVIDIA A100", "cpu": "Intel Xeon", "count": 8},
            "runtime_seconds": 3600.5,
            "tags": ["a", 1, None, True, {}, []],
            "unicode": "é😀\u2028",
            "with.dot [and] $": {"": 0},
            "big": 2**53 + 1,
            "huge": 10**30,
        }
        self.assertEqual(context.set_metadata(document), document)
        self.assertEqual(context.get_metadata(), document)

    def test_replace(self):
        context = train(self.trial())
        context.set_metadata({"a": 1, "nested": {"b": 2, "c": 3}})
        self.assertEqual(context.set_metadata({"nested": {"b": 4}}), {"nested": {"b": 4}})
        self.assertEqual(context.get_metadata(), {"nested": {"b": 4}})

    def test_clear(self):
        trial = self.trial({"a": 1})
        context = train(trial)
        self.assertEqual(context.set_metadata({}), {})
        self.assertEqual(context.get_metadata(), {})
        rest("PUT", f"/trials/{trial}/metadata", {"metadata": {"a": 1}})
        answer = session().post(f"/api/v1/runs/{trial}/metadata", json={"runId": trial})
        self.assertEqual(answer.json(), {"metadata": {}})
        rest("PUT", f"/trials/{trial}/metadata", {"metadata": {"a": 1}})
        body = bindings.v1PostRunMetadataRequest(runId=trial, metadata=None)
        self.assertEqual(bindings.post_PostRunMetadata(session(), body=body, runId=trial).metadata, {})

    def test_path_wins_over_body(self):
        first, second = self.trial(), self.trial()
        body = bindings.v1PostRunMetadataRequest(runId=second, metadata={"a": 1})
        bindings.post_PostRunMetadata(session(), body=body, runId=first)
        self.assertEqual(train(first).get_metadata(), {"a": 1})
        self.assertEqual(train(second).get_metadata(), {})

    def test_values_that_json_has_no_word_for(self):
        import numpy as np

        context = train(self.trial())
        document = {"nan": float("nan"), "inf": float("-inf"), "int": np.int64(7), "array": np.array([[1.5, 2]])}
        stored = {"nan": "NaN", "inf": "-Infinity", "int": 7, "array": [[1.5, 2]]}
        self.assertEqual(context.set_metadata(document), stored)

    def test_limits(self):
        context = train(self.trial({"kept": True}))

        def nested(depth):
            return 1 if depth == 0 else {"k": nested(depth - 1)}

        at_the_limit = {
            "k" * 50: 1,
            "deep": nested(9),
            "list": list(range(100)),
            "text": "x" * 5000,
        }
        self.assertEqual(context.set_metadata(at_the_limit), at_the_limit)
        keys = {f"k{i}": i for i in range(1000)}
        self.assertEqual(context.set_metadata(keys), keys)
        for document, message in [
            ({"k" * 51: 1}, "metadata key exceeds maximum length of 50 characters"),
            ({"deep": nested(10)}, "metadata exceeds maximum nesting depth of 10"),
            ({"list": list(range(101))}, "metadata array exceeds maximum length of 101/100 elements"),
            ({"text": "x" * 5001}, "metadata value exceeds maximum length of 5000 characters"),
            ({f"k{i}": i for i in range(1001)}, "request exceeds run metadata key count limit"),
        ]:
            with self.subTest(message):
                with self.assertRaises(api.errors.APIException) as refused:
                    context.set_metadata(document)
                self.assertIn(f"error flattening metadata: {message}", str(refused.exception))
                self.assertEqual(refused.exception.status_code, 400)
                self.assertEqual(refused.exception.response_error["code"], 3)
        self.assertEqual(context.get_metadata(), keys)

    def test_unknown_run(self):
        for call in (lambda c: c.get_metadata(), lambda c: c.set_metadata({"a": 1})):
            with self.assertRaises(api.errors.NotFoundException) as refused:
                call(train(999999))
            self.assertEqual(refused.exception.message, "trial '999999' not found")

    def test_no_permission(self):
        trial = self.trial({"a": 1})
        name = self.id().split(".")[-1]
        user = rest("POST", "/users", {"name": name})["user"]["id"]
        token = rest("POST", f"/users/{user}/tokens", {})["token"]["secret"]
        context = train(trial, session(token))
        with self.assertRaises(api.errors.NotFoundException):
            context.get_metadata()
        rest("PUT", f"/projects/{self.project}/members/{user}", {"role": "viewer"})
        self.assertEqual(context.get_metadata(), {"a": 1})
        with self.assertRaises(api.errors.ForbiddenException):
            context.set_metadata({"a": 2})
        rest("PUT", f"/projects/{self.project}/members/{user}", {"role": "editor"})
        self.assertEqual(context.set_metadata({"a": 2}), {"a": 2})
        with self.assertRaises(api.errors.UnauthenticatedException):
            train(trial, session("wrong")).get_metadata()

    def test_training_container_token(self):
        trial = self.trial()
        context = train(trial, session(kind=api.TaskSession))
        self.assertEqual(context.set_metadata({"a": 1}), {"a": 1})
        self.assertEqual(context.get_metadata(), {"a": 1})
        with self.assertRaises(api.errors.UnauthenticatedException):
            train(trial, session("wrong", api.TaskSession)).get_metadata()

    def test_trial(self):
        determined = Determined._from_session(session())
        bare = self.trial()
        trial = determined.get_trial(bare)
        self.assertEqual((trial.id, trial.experiment_id), (bare, self.experiment))
        self.assertEqual(trial.state.value, "STATE_ACTIVE")
        self.assertIsNone(bindings.get_GetTrial(session(), trialId=bare).trial.metadata)
        reported = self.trial({"a": {"b": [1]}})
        self.assertEqual(bindings.get_GetTrial(session(), trialId=reported).trial.metadata, {"a": {"b": [1]}})
        with self.assertRaises(api.errors.NotFoundException) as refused:
            determined.get_trial(999999)
        self.assertEqual(refused.exception.message, "trial '999999' not found")


class WritersTest(SdkTest):
    def tearDown(self):
        pass  # Sent in an order of its own each time: nothing to keep.

    def test_25_writers(self):
        trial = self.trial()
        documents = [{"writer": i, f"key{i}": {"nested": i}} for i in range(25)]
        with concurrent.futures.ThreadPoolExecutor(25) as pool:
            answers = list(pool.map(lambda document: train(trial).set_metadata(document), documents))
        self.assertEqual(answers, documents)
        self.assertIn(train(trial).get_metadata(), documents)


class SearchTest(SdkTest):
    def setUp(self):
        super().setUp()
        self.a = self.trial({"t": "abc", "n": 1, "d": "2024-05-01", "b": True, "l": ["x", "y", 3], "o": {"k": "v"}})
        self.b = self.trial({"t": "ABD", "n": 2.5, "d": "2024-06-01T00:00:00Z", "b": False, "l": [], "o": {}})
        self.c = self.trial({"t": "1", "n": 2**40, "d": "2024-05", "l": ["z"], "nothing": None})
        self.d = self.trial({"t": 1, "n": "1", "d": "soon", "100%": "a_b"})
        self.e = self.trial()

    def check(self, cases):
        for node, expected in cases:
            with self.subTest(node):
                self.assertEqual(self.found(node), expected)

    def test_text(self):
        a, b, c, d = self.a, self.b, self.c, self.d
        self.check(
            [
                (field("metadata.t", "TEXT", "=", "abc"), [a]),
                (field("metadata.t", "TEXT", "=", "1"), [c]),
                (field("metadata.t", "TEXT", "!=", "abc"), [b, c]),
                (field("metadata.t", "TEXT", "contains", "b"), [a, b]),
                (field("metadata.t", "TEXT", "contains", "%"), []),
                (field("metadata.100%", "TEXT", "contains", "_"), [d]),
                (field("metadata.t", "TEXT", "notContains", "c"), [b, c]),
                (field("metadata.t", "TEXT", ">", "ABD"), [a]),
                (field("metadata.o.k", "TEXT", "=", "v"), [a]),
                (field("metadata.b", "TEXT", "=", "true"), [a]),
                (field("metadata.b", "TEXT", "!=", "true"), [b]),
                (field("metadata.b", "TEXT", "=", True), [a]),
                (field("metadata.t", "TEXT", "=", None), [a, b, c, d, self.e]),
            ]
        )

    def test_number(self):
        a, b, c = self.a, self.b, self.c
        self.check(
            [
                (field("metadata.n", "NUMBER", "=", 1), [a]),
                (field("metadata.n", "NUMBER", "=", 1.0), [a]),
                (field("metadata.n", "NUMBER", "!=", 1), [b, c]),
                (field("metadata.n", "NUMBER", "<", 2.5), [a]),
                (field("metadata.n", "NUMBER", "<=", 2.5), [a, b]),
                (field("metadata.n", "NUMBER", ">", 2.5), [c]),
                (field("metadata.n", "NUMBER", ">=", 2**40), [c]),
                (field("metadata.n", "NUMBER", "contains", 5), [b, c]),
                (field("metadata.n", "NUMBER", "notContains", 5), [a]),
                (field("metadata.l", "NUMBER", "=", 3), [a]),
            ]
        )

    def test_date(self):
        a, b, c = self.a, self.b, self.c
        self.check(
            [
                (field("metadata.d", "DATE", "=", "2024-05-01T00:00:00Z"), [a, c]),
                (field("metadata.d", "DATE", "!=", "2024-05"), [b]),
                (field("metadata.d", "DATE", ">", "2024-05-31T22:00:00-01:00"), [b]),
                (field("metadata.d", "DATE", "<", "2024-06-01"), [a, c]),
                (field("metadata.d", "DATE", "<=", "2024-06-01"), [a, b, c]),
                (field("metadata.d", "DATE", ">=", "2024-06-01"), [b]),
                (field("metadata.d", "TEXT", "=", "soon"), [self.d]),
                (field("metadata.d", "TEXT", "=", "2024-05"), []),
            ]
        )

    def test_lists_and_emptiness(self):
        a, b, c, d, e = self.a, self.b, self.c, self.d, self.e
        self.check(
            [
                (field("metadata.l", "ARRAY", "=", "x"), [a]),
                (field("metadata.l", "TEXT", "=", "x"), [a]),
                (field("metadata.l", "TEXT", "!=", "z"), [a]),
                (field("metadata.l", "ARRAY", "contains", "z"), [c]),
                (field("metadata.l", "ARRAY", "isEmpty"), [d, e]),
                (field("metadata.l", "ARRAY", "notEmpty"), [a, b, c]),
                (field("metadata.nothing", "TEXT", "notEmpty"), [c]),
                (field("metadata.o", "TEXT", "notEmpty"), [b]),
                (field("metadata.o", "TEXT", "isEmpty"), [a, c, d, e]),
            ]
        )

    def test_groups_and_columns(self):
        a, b, c, d, e = self.a, self.b, self.c, self.d, self.e
        one = field("metadata.n", "NUMBER", "=", 1)
        text = field("metadata.t", "TEXT", "=", "ABD")
        run = {"location": "LOCATION_TYPE_RUN"}

        def group(conjunction, *children):
            return {"kind": "group", "conjunction": conjunction, "children": list(children)}

        self.check(
            [
                (group("and"), [a, b, c, d, e]),
                (group("and", one, text), []),
                (group("or", one, text), [a, b]),
                (group("and", group("or", one, text), field("id", "NUMBER", ">", a, **run)), [b]),
                (field("id", "NUMBER", "=", c, **run), [c]),
                (field("experimentId", "NUMBER", "!=", self.experiment, **run), []),
                (field("state", "TEXT", "=", "ACTIVE", **run), [a, b, c, d, e]),
                (field("projectId", "NUMBER", "=", self.project, **run), [a, b, c, d, e]),
                (field("endTime", "DATE", "isEmpty", **run), [a, b, c, d, e]),
                (field("name", "TEXT", "contains", "e", location="LOCATION_TYPE_EXPERIMENT"), [a, b, c, d, e]),
            ]
        )

    def test_archived(self):
        rest("PATCH", f"/trials/{self.a}", {"archived": True})
        everything = {"kind": "group", "conjunction": "and", "children": []}
        self.assertEqual(self.found(everything), [self.b, self.c, self.d, self.e])
        self.assertEqual(self.found(), [self.a, self.b, self.c, self.d, self.e])
        shown = json.dumps({"filterGroup": everything, "showArchived": True})
        body = bindings.v1SearchRunsRequest(projectId=self.project, filter=shown)
        runs = bindings.post_SearchRuns(session(), body=body).runs
        self.assertEqual([run.archived for run in runs], [True, False, False, False, False])

    def test_sort(self):
        a, b, c, d, e = self.a, self.b, self.c, self.d, self.e
        for sort, expected in [
            ("id=desc", [e, d, c, b, a]),
            ("metadata.n=asc", [d, a, b, c, e]),
            ("metadata.n=desc", [c, b, a, d, e]),
            ("metadata.o.k=asc,id=desc", [a, e, d, c, b]),
            ("state=asc,metadata.t=desc", [d, a, b, c, e]),
        ]:
            with self.subTest(sort):
                self.assertEqual(self.found(sort=sort), expected)

    def test_pages(self):
        ids = [self.a, self.b, self.c, self.d, self.e]
        for offset, limit, part in [
            (0, 0, ids),
            (1, 2, ids[1:3]),
            (4, 10, ids[4:]),
            (9, 10, []),
            (-2, 10, ids[3:]),
            (2, -1, ids[2:]),
            (0, -2, []),
        ]:
            with self.subTest(f"{offset}, {limit}"):
                answer = self.search(offset=offset, limit=limit)
                self.assertEqual([run.id for run in answer.runs], part)
                pagination = answer.pagination
                self.assertEqual((pagination.offset, pagination.limit, pagination.total), (offset, limit, 5))
                self.assertEqual(pagination.endIndex - pagination.startIndex, len(part))

    def test_runs(self):
        run, *_ = self.search().runs
        self.assertEqual(run.id, self.a)
        self.assertEqual(run.state, bindings.trialv1State.ACTIVE)
        self.assertEqual((run.projectId, run.projectName), (self.project, self.id()))
        self.assertEqual(run.metadata["o"], {"k": "v"})
        self.assertEqual((run.experiment.id, run.experiment.isMultitrial), (self.experiment, True))
        self.assertIsNone(self.search().runs[-1].metadata)

    def test_all_projects_and_an_unknown_one(self):
        runs = bindings.post_SearchRuns(session(), body=bindings.v1SearchRunsRequest()).runs
        self.assertLessEqual({self.a, self.e}, {run.id for run in runs})
        with self.assertRaises(api.errors.NotFoundException):
            bindings.post_SearchRuns(session(), body=bindings.v1SearchRunsRequest(projectId=999999))

    def test_bad_requests(self):
        for given, message in [
            ({"sort": "id"}, "invalid sort parameter: id"),
            ({"sort": "id=up"}, "invalid sort direction: up"),
            ({"sort": "nonsense=asc"}, "invalid sort col: nonsense"),
            ({"node": field("metadata.t", "TEXT", "like", "x")}, "invalid operator like"),
            ({"node": field("x", "TEXT", "=", "x", "LOCATION_TYPE_RUN")}, "invalid run column x"),
            ({"node": {"kind": "group", "children": []}}, "group specified with no conjunction"),
            ({"limit": -3}, "invalid limit"),
        ]:
            with self.subTest(message):
                with self.assertRaises(api.errors.APIException) as refused:
                    self.search(**given)
                self.assertIn(message, str(refused.exception))
                self.assertEqual(refused.exception.status_code, 400)

    def test_columns(self):
        answer = bindings.get_GetProjectColumns(session(), id=self.project, tableType=bindings.v1TableType.RUN)
        place = bindings.v1LocationType.RUN_METADATA
        columns = [(column.column, column.type.name) for column in answer.columns if column.location == place]
        self.assertEqual(
            columns,
            [
                ("metadata.100%", "TEXT"),
                ("metadata.b", "TEXT"),
                ("metadata.d", "DATE"),
                ("metadata.d", "TEXT"),
                ("metadata.l", "ARRAY"),
                ("metadata.n", "NUMBER"),
                ("metadata.n", "TEXT"),
                ("metadata.nothing", "TEXT"),
                ("metadata.o.k", "TEXT"),
                ("metadata.t", "NUMBER"),
                ("metadata.t", "TEXT"),
            ],
        )
        self.assertEqual(answer.columns[-len(columns) :], [c for c in answer.columns if c.location == place])
        with self.assertRaises(api.errors.NotFoundException):
            bindings.get_GetProjectColumns(session(), id=999999)

    def test_values(self):
        def values(key):
            return bindings.get_GetMetadataValues(session(), key=key, projectId=self.project).values

        self.assertEqual(values("t"), ["1", "ABD", "abc"])
        self.assertEqual(values("o.k"), ["v"])
        self.assertEqual(values("l"), ["x", "y", "z"])
        self.assertEqual(values("d"), ["soon"])
        self.assertEqual(values("100%"), ["a_b"])
        self.assertEqual(values("n"), ["1"])
        self.assertEqual(values("unknown"), [])
        with self.assertRaises(api.errors.NotFoundException):
            bindings.get_GetMetadataValues(session(), key="t", projectId=999999)


class SignInTest(SdkTest):
    def setUp(self):
        super().setUp()
        # Where the SDK keeps the tokens of its sign-ins.
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.environ["DET_DEBUG_CONFIG_PATH"] = folder.name

    def test_login(self):
        from determined.experimental import client

        client.login(master=URL, user="admin", password=TOKEN)
        trial = self.trial({"a": 1})
        self.assertEqual(client.get_trial(trial).id, trial)
        self.assertEqual(client._determined.whoami().username, "admin")
        # Once more, with the token that the first sign-in left in the cache.
        self.assertEqual(Determined(URL, "admin").whoami().username, "admin")

    def test_wrong_password(self):
        for user in ("admin", "nobody"):
            with self.assertRaises(api.errors.ForbiddenException) as refused:
                Determined(URL, user, "Wrong-pass-1")
            self.assertIn("invalid credentials", str(refused.exception))


if __name__ == "__main__":
    unittest.main(verbosity=2)
