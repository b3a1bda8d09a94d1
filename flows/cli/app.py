"""The application: its commands in the order of use, and the one place where errors become exit codes.

0 all well; 1 something was rejected; 2 usage or configuration; 3 the store or the server does not answer; 130 Ctrl-C.
"""

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from flows.cli import annotate, browse, check, export, names, operate, reprocess, run, schedule, schema, show
from flows.cli import rejections as rejected
from flows.cli.output import complain
from flows.errors import ConfigError, DispatchesError, Unavailable


class Commands(TyperGroup):
    """Runs a command; what a user can be told in one line is told in one line, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the arguments name."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # here, where a closed pipe is still handled
            return result
        except ConfigError as error:
            complain(error)
            raise typer.Exit(2) from None
        except Unavailable as error:
            complain(error)
            raise typer.Exit(3) from None
        except DispatchesError as error:
            complain(error)
            raise typer.Exit(1) from None
        except BrokenPipeError:
            _forget_stdout()
            raise typer.Exit(0) from None
        except KeyboardInterrupt:
            complain("interrupted")
            raise typer.Exit(130) from None


def _forget_stdout() -> None:
    """The reader is gone (`| head`): let nothing more be written to it, not even when Python exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


app = typer.Typer(
    cls=Commands,
    name="dispatches",
    help="From raw news dispatches to clean, queryable documents: who said what about whom, and when.",
    epilog="Start with: dispatches run tests/samples    then: dispatches quotes --speaker Lavrov",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,  # they print local variables, and one may be a password
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run", epilog="Example: dispatches run tests/samples --show")(run.run)
app.command("annotate", epilog="Example: dispatches annotate dispatch.txt | jq .quotes")(annotate.annotate)
app.command("search", epilog="Example: dispatches search grain corridor --place Odesa")(browse.search)
app.command("quotes", epilog="Example: dispatches quotes --speaker Lavrov --since 2022-01-01")(browse.quotes)
app.command("entities", epilog="Example: dispatches entities --name Zelensky")(browse.entities)
app.command("show", epilog="Example: dispatches show samples:01ab --html dispatch.html")(show.show)
app.command("runs", epilog="Example: dispatches runs --limit 5")(operate.runs)
app.command("export", epilog="Example: dispatches export quotes --format csv --since 2024-01-01 > quotes.csv")(
    export.export
)
app.command("reprocess", epilog="Example: dispatches reprocess --dry-run")(reprocess.reprocess)
app.command("names", epilog='Example: dispatches names "The chicken Kiev was served in Kiev."')(names.names)
app.command("check", epilog="Example: dispatches check")(check.check)
app.command("schema", epilog="Example: dispatches schema quotes")(schema.schema)
app.command("serve", epilog="Example: PREFECT_API_URL=http://127.0.0.1:4200/api dispatches serve")(schedule.serve)
app.command("trigger", epilog="Example: dispatches trigger samples -p force=true --wait")(schedule.trigger)

rejections = typer.Typer(help="What was rejected, and why.", no_args_is_help=True,
                         epilog="Example: dispatches rejections list --reason empty")  # fmt: skip
rejections.command("list", epilog="Example: dispatches rejections list --reason empty")(operate.list_rejections)
rejections.command("show", epilog="Example: dispatches rejections show 3f2a")(operate.show_rejection)
rejections.command("replay", epilog="Example: dispatches rejections replay --reason undecodable")(rejected.replay)
rejections.command("discard", epilog="Example: dispatches rejections discard 3f2a")(rejected.discard)
app.add_typer(rejections, name="rejections")


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.", is_eager=True)] = False,
) -> None:
    """Options before any command."""
    os.environ.setdefault("DO_NOT_TRACK", "1")  # Prefect reports its use unless told not to, and says so on a terminal
    if version:
        from importlib.metadata import version as version_of

        print(version_of("dispatches"))
        raise typer.Exit


def main() -> None:
    """The console script."""
    try:
        app()
    except KeyboardInterrupt:  # before a command began
        complain("interrupted")
        sys.exit(130)
