"""The command line `dispatches`: a face on the pipeline. Arguments, tables, exit codes; everything else is elsewhere.

A command imports what it needs when it runs, so that `dispatches --help` is quick.
"""

from flows.cli.app import app, main

__all__ = ["app", "main"]
