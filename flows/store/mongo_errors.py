"""PyMongo's errors as ours: what can be tried again, what is misconfigured, which document is refused.

No text of PyMongo is passed on, for it may quote the URI; only its class, and the server's name for the error.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from bson.errors import BSONError, InvalidDocument
from pymongo import errors

from flows.errors import ConfigError, DispatchesError, StoreUnavailable
from flows.store.interface import Conflict, DocumentError

T = TypeVar("T")

ATTEMPTS = 3
TRANSIENT = "TransientTransactionError"
DUPLICATE = 11000
_UNAUTHORIZED = {13, 18, 8000}
_INVALID = {2, 121, 10334, 17419, 17420}  # against the schema; too large
_WRITE_CONFLICT = 112
# Elections, shutdowns, time-outs: the server's own list of errors worth another attempt.
_PASSING = {6, 7, 50, 64, 89, 91, 134, 189, 262, 317, 358, 9001, 10058, 10107, 11600, 11602, 13388, 13435, 13436}


def _codes(error: errors.OperationFailure) -> set[int]:
    """The codes of an error, and of the single writes of a bulk."""
    details = error.details or {}
    parts = [*details.get("writeErrors", ()), *details.get("writeConcernErrors", ())]
    return {part["code"] for part in parts if "code" in part} | ({error.code} if error.code is not None else set())


def translate(error: Exception, location: str) -> DispatchesError:
    """Our error for one of PyMongo's.

    Args:
        error: The error caught.
        location: Where the store is, masked.
    """
    name = type(error).__name__
    if isinstance(error, errors.PyMongoError) and error.has_error_label(TRANSIENT):
        return Conflict(f"{location}: another process is writing the same documents ({name}); try again")
    if isinstance(error, errors.DocumentTooLarge | InvalidDocument | BSONError):
        return DocumentError(f"{location}: a document cannot be stored ({name}): too large, or not a BSON value")
    if isinstance(error, errors.ConfigurationError):
        return ConfigError(f"{location}: not a usable MongoDB URI ({name}); see its user, password and options")
    if isinstance(error, errors.OperationFailure):
        codes = _codes(error)
        named = f"code {', '.join(map(str, sorted(codes)))}" if codes else name
        if codes & _UNAUTHORIZED:
            return ConfigError(
                f"{location}: the server refuses this user or password, or the user lacks the role ({named})"
            )
        if codes & _INVALID:
            return DocumentError(f"{location}: a document is too large, or against its collection's schema ({named})")
        if codes & {_WRITE_CONFLICT, DUPLICATE}:
            return Conflict(f"{location}: another process is writing the same documents ({named}); try again")
        return StoreUnavailable(f"{location}: the server cannot do this ({name}, {named})")
    return StoreUnavailable(f"{location}: no answer ({name}); is the server running, and can it be reached from here?")


def _passing(error: Exception) -> bool:
    """May the same operation succeed a moment later?"""
    if isinstance(error, errors.OperationFailure):
        return bool(_codes(error) & (_PASSING | {_WRITE_CONFLICT, DUPLICATE}))
    # Selecting a server has waited its time already.
    return isinstance(error, errors.ConnectionFailure) and not isinstance(error, errors.ServerSelectionTimeoutError)


def guarded(work: Callable[[], T], location: str, *, again: bool = True) -> T:
    """Runs `work`, again where that may help, and raises our errors only.

    Args:
        work: What to do; it must be safe to repeat.
        location: Where the store is, masked.
        again: False in a transaction, which must be run again as a whole.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return work()
        except (errors.PyMongoError, BSONError) as error:
            if again and attempt < ATTEMPTS and _passing(error):
                time.sleep(0.1 * attempt)
                continue
            failure = translate(error, location)
        # Outside the handler, so that PyMongo's error is no part of ours.
        raise failure
    raise AssertionError("unreachable")
