"""Every error that the pipeline raises on purpose, split by what the caller can do about it.

    DispatchesError
    ├── ConfigError          a file or setting is wrong: say where, exit 2
    └── Unavailable          try again later: exit 3
        ├── StoreUnavailable   the store does not answer
        └── ServerUnavailable  the Prefect server does not answer

A bad *input* is no error: it becomes a `Rejection`, and the run goes on.
"""


class DispatchesError(Exception):
    """The root: what a user can be told in one line, without a traceback."""


class ConfigError(DispatchesError):
    """A configuration file, a setting or an argument cannot be used. The message names the file and the place."""


class Unavailable(DispatchesError):
    """Something outside this process does not answer. Trying again may help."""


class StoreUnavailable(Unavailable):
    """The store cannot be reached or does not answer in time."""


class ServerUnavailable(Unavailable):
    """The Prefect server cannot be reached."""
