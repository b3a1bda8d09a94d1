"""What goes wrong is told in our words, and never with a password."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pymongo.errors
import pytest

from flows.errors import ConfigError, StoreUnavailable
from flows.store import mask, open_store
from flows.store.interface import Conflict, DocumentError
from flows.store.mongo_errors import guarded

MASKED = [
    ("mongodb://u:s3cret@host/db", "mongodb://u:***@host/db"),
    ("mongodb+srv://u:s3cret@host/db?retryWrites=true", "mongodb+srv://u:***@host/db?retryWrites=true"),
    ("mongodb://u:s3/c:r@et@h1:1,h2:2/db", "mongodb://u:***@h1:1,h2:2/db"),  # not escaped
    ("MongoDB://u:s3cret@host", "MongoDB://u:***@host"),
    (
        "mongodb://u@host/?tlsCertificateKeyFilePassword=s3cret&w=1",
        "mongodb://u@host/?tlsCertificateKeyFilePassword=***&w=1",
    ),
    ("mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:s3cret", "mongodb://h/?authMechanismProperties=***"),
    ("mongodb://host:27017/db", "mongodb://host:27017/db"),
    ("./a@b:c.db", "./a@b:c.db"),
]


@pytest.mark.parametrize(("uri", "expected"), MASKED)
def test_a_password_is_masked(uri: str, expected: str) -> None:
    assert mask(uri) == expected
    assert mask(mask(uri)) == expected


BAD_URIS = [
    ("mongodb://u:s3cret@/db", ConfigError),
    ("mongodb://u:s3c@ret%zz@host/db", ConfigError),
    ("mongodb://u:s3cret@host:notaport/db", ConfigError),
    ("mongodb://u:s3cret@host/db?retryWrite=true", ConfigError),  # retryWrites: no such option is no option
    ("mongodb://u:s3cret@127.0.0.1:1/db?serverSelectionTimeoutMS=50", StoreUnavailable),
]


@pytest.mark.parametrize(("uri", "kind"), BAD_URIS)
def test_no_error_shows_a_password(uri: str, kind: type[Exception], masked: Callable[[BaseException], str]) -> None:
    with pytest.raises(kind) as caught, closing(open_store(uri)) as store:
        store.prepare()
    assert "s3c" not in masked(caught.value)
    assert "***" in str(caught.value)


@pytest.mark.parametrize(
    ("uri", "expected"), [("mongodb://127.0.0.1:1/named", "named"), ("mongodb://127.0.0.1:1", "other")]
)
def test_the_uri_may_name_the_database(uri: str, expected: str) -> None:
    with closing(open_store(uri, "other")) as store:
        assert store._database.name == expected  # type: ignore[attr-defined]


def test_a_passing_error_is_tried_again() -> None:
    failures: list[Exception] = [pymongo.errors.AutoReconnect("x"), pymongo.errors.OperationFailure("x", 189)]

    def work() -> str:
        if failures:
            raise failures.pop()
        return "done"

    assert guarded(work, "here") == "done"


TRANSLATED = [
    (pymongo.errors.AutoReconnect("s3cret"), StoreUnavailable),
    (pymongo.errors.ServerSelectionTimeoutError("s3cret"), StoreUnavailable),
    (pymongo.errors.OperationFailure("s3cret", 18), ConfigError),
    (pymongo.errors.OperationFailure("s3cret", 13), ConfigError),
    (pymongo.errors.WriteError("s3cret", 121), DocumentError),
    (pymongo.errors.BulkWriteError({"writeErrors": [{"code": 121, "errmsg": "s3cret"}]}), DocumentError),
    (pymongo.errors.OperationFailure("s3cret", 112), Conflict),
    (pymongo.errors.DuplicateKeyError("s3cret", 11000), Conflict),
    (pymongo.errors.DocumentTooLarge("s3cret"), DocumentError),
    (pymongo.errors.OperationFailure("s3cret", 9), StoreUnavailable),
    (pymongo.errors.InvalidURI("s3cret"), ConfigError),
]


@pytest.mark.parametrize(("error", "kind"), TRANSLATED, ids=lambda value: getattr(value, "__name__", ""))
def test_errors_are_told_by_what_can_be_done(
    error: Exception, kind: type[Exception], masked: Callable[[BaseException], str]
) -> None:
    def work() -> None:
        raise error

    with pytest.raises(kind) as caught:
        guarded(work, "mongodb://u:***@host")
    assert type(caught.value) is kind
    assert "s3cret" not in masked(caught.value)


def test_a_conflict_within_a_transaction_is_for_the_caller() -> None:
    error = pymongo.errors.OperationFailure("x", 251, {"errorLabels": ["TransientTransactionError"]})
    calls = []

    def work() -> None:
        calls.append(1)
        raise error

    with pytest.raises(Conflict):
        guarded(work, "here", again=False)
    assert len(calls) == 1


def test_a_document_that_is_too_large_is_refused(store: Any, backend: str, make: ModuleType) -> None:
    if backend != "server":
        pytest.skip("the limit is MongoDB's")
    from flows.store.stories import save

    with pytest.raises(DocumentError):
        save(store, make.dispatch(text="x" * 9_000_000))


def test_a_file_that_is_no_database_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database\n" * 100)
    with pytest.raises(ConfigError, match=r"text\.db"):
        open_store(str(tmp_path / "text.db"))
    assert (tmp_path / "text.db").read_text().startswith("not a database")
    with pytest.raises(ConfigError, match="folder"):
        open_store(str(tmp_path))
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be made"):
        open_store(str(tmp_path / "file" / "x.db"))


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE accounts (id)")
    with pytest.raises(ConfigError, match="another program"):
        open_store(str(path))
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("accounts",)]
