"""The command `regdocs`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import click

from builder.cli import output
from builder.config import Config, is_url, load_config
from builder.errors import RegistryError, UsageError
from builder.model.address import Address
from builder.pipeline.build import BuildOptions, build_site
from builder.pipeline.check import check_links, check_metadata
from builder.pipeline.new import new_repository
from builder.pipeline.report import Report
from builder.server.preview import PreviewServer

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Context:
    """The options that every command takes."""

    config_file: Path
    quiet: bool
    verbose: bool
    form: str

    def config(self) -> Config:
        """The configuration. Raises UsageError with all its faults."""
        return load_config(self.config_file)


def common(command: F) -> F:
    """The options that every command takes."""
    options = (
        click.option(
            *("-f", "--config-file"),
            type=click.Path(path_type=Path),
            default=Path("mkdocs.yml"),
            show_default=True,
            help="The configuration.",
        ),
        click.option("-q", "--quiet", is_flag=True, help="No progress and no story."),
        click.option("-v", "--verbose", is_flag=True, help="Notes too, and a line a step."),
        click.option(
            "--color/--no-color",
            default=None,
            help="Colors; without it as the terminal and NO_COLOR say.",
        ),
        click.option(
            "--format",
            "form",
            type=click.Choice(output.FORMATS),
            default="text",
            show_default=True,
            help="How issues are told.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def context(**options: Any) -> Context:
    """The common options out of a command's keywords."""
    return Context(options["config_file"], options["quiet"], options["verbose"], options["form"])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("regdocs"), "-V", "--version", prog_name="regdocs")
def cli() -> None:
    """Build a registry of Terraform/OpenTofu providers and modules and Pulumi packages: site, docs API and search."""


@cli.command()
@common
@click.option(
    "-d",
    "--site-dir",
    type=click.Path(path_type=Path),
    help="Write the site here in place of site_dir.",
)
@click.option("-j", "--jobs", type=click.IntRange(1), help="Repositories fetched at the same time.")
@click.option(
    "--strict", is_flag=True, help="Warnings fail the build too (the site is written all the same)."
)
@click.option(
    "--no-ingest", is_flag=True, help="Ask no repository: build from what is in the store."
)
@click.argument("addresses", nargs=-1, metavar="[ADDR]...")
def build(
    addresses: tuple[str, ...],
    site_dir: Path | None,
    jobs: int | None,
    strict: bool,
    no_ingest: bool,
    **options: Any,
) -> None:
    """Build the site, the docs API and the manifest.

    With addresses, only these packages are looked at; the others stay as they were built before.
    """
    given = context(**options)
    config = given.config()
    config = replace(config, jobs=jobs or config.jobs)
    if site_dir is not None:
        config = replace(config, site_dir=site_dir.resolve())
    wanted = frozenset(Address.parse(text) for text in addresses)
    bar = output.Bar(quiet=given.quiet, verbose=given.verbose)
    report = build_site(config, BuildOptions(wanted, ingest=not no_ingest), bar)
    output.show_issues(report.sorted_issues(), given.form, verbose=given.verbose)
    if not given.quiet:
        output.show_build(report, given.form)
    sys.exit(report.exit_code(strict=strict))


@cli.command()
@common
@click.option(
    "--links", is_flag=True, help="Look at the links of the pages too, without writing the site."
)
@click.option(
    "--no-ingest",
    is_flag=True,
    help="With --links: ask no repository, look at what is in the store.",
)
@click.option("--strict", is_flag=True, help="Warnings fail the check too.")
@click.option("--fix", is_flag=True, help="Bring the metadata files into canonical form.")
@click.argument("addresses", nargs=-1, metavar="[ADDR]...")
def check(
    addresses: tuple[str, ...],
    links: bool,
    no_ingest: bool,
    strict: bool,
    fix: bool,
    **options: Any,
) -> None:
    """Check the configuration and the metadata, of all packages or of those named; with --links, also where the links
    of their pages lead.

    Writes nothing without --fix (but for the cache, with --links).
    """
    given = context(**options)
    config = given.config()
    wanted = frozenset(Address.parse(text) for text in addresses)
    report = Report()
    if not (links and is_url(config.metadata)):
        report.issues = set(check_metadata(config, wanted, fix=fix))
    if links:
        bar = output.Bar(quiet=given.quiet, verbose=given.verbose)
        found = check_links(config, BuildOptions(wanted, ingest=not no_ingest), bar)
        found.issues |= report.issues
        report = found
    output.show_issues(report.sorted_issues(), given.form, verbose=given.verbose)
    if not given.quiet:
        output.show_check(report)
    sys.exit(report.exit_code(strict=strict))


@cli.command()
@common
@click.option(
    "-d", "--site-dir", type=click.Path(path_type=Path), help="The built site; default: site_dir."
)
@click.option(
    "-a",
    "--addr",
    default="127.0.0.1:8000",
    show_default=True,
    metavar="HOST:PORT",
    help="Where to listen.",
)
def serve(site_dir: Path | None, addr: str, **options: Any) -> None:
    """Preview a built site as a static host would serve it."""
    given = context(**options)
    folder = site_dir.resolve() if site_dir is not None else given.config().site_dir
    if not (folder / "index.html").is_file():
        raise UsageError(f"{folder}: there is no built site", hint="Call `regdocs build` first.")
    host, _, port = addr.rpartition(":")
    if not port.isdigit():
        raise UsageError(f"{addr}: not an address; write HOST:PORT")
    try:
        server = PreviewServer(folder, host or "127.0.0.1", int(port), log=given.verbose)
    except (OSError, OverflowError) as error:
        raise UsageError(f"{addr}: {error}", hint="Name another port with -a HOST:PORT.") from error
    click.echo(f"{folder} is at {server.address} (Ctrl-C ends it)", err=True)
    with server:
        server.serve_forever()


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--name", help="Name of the registry; default: the folder's name.")
def new(folder: Path, name: str | None) -> None:
    """Make an operator's repository in DIR, ready to build, with a CI workflow."""
    for path in new_repository(folder, name or folder.resolve().name):
        output.say(str(path))


def main() -> None:
    """The entry point: errors become one sentence and an exit code by who must act."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; the previous site is untouched", err=True)
        sys.exit(130)
    except RegistryError as error:
        output.show_error(error)
        sys.exit(error.exit_code)
    except Exception as error:  # the last door: nobody but us can mend it
        if output.debugging():
            raise
        output.show_bug(error)
        sys.exit(4)
