"""`mmbm play`: a trained agent plays in its world, in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base import paths
from mmbm_desktop.bundles.store import bundle_folder
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.training import relay

if TYPE_CHECKING:
    import argparse


def play(arguments: argparse.Namespace) -> int:
    """Let a bundle's agent (a name or a folder) play; return the exit status.

    Raises:
        EnvironmentFault: MODEL_MISSING.
    """
    bundle = arguments.bundle
    if not Path(bundle).is_dir():
        bundle = str(bundle_folder(bundle, (paths.installed_models_dir(), paths.shipped_models_dir())))
    command = ["mmbm_desktop.training.reinforcement.play", bundle]
    command += ["--episodes", str(arguments.episodes), "--seed", str(arguments.seed)]
    command += ["--gif", arguments.gif] if arguments.gif else []
    return relay(command, Output(as_json=arguments.json))
