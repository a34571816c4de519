"""`salyq pilot …`: the card, the city, the corridor, contracts of the sandbox, and the scenarios that drive them."""

from __future__ import annotations

import click

from salyq.cli import options
from salyq.cli.helping import Group, Help

COMMANDS = {
    "card": "salyq.cli.commands.pilot_card:build",
    "city": "salyq.cli.commands.pilot_city:build",
    "corridor": "salyq.cli.commands.pilot_corridor:build",
    "sandbox": "salyq.cli.commands.pilot_sandbox:build",
    "scenario": "salyq.cli.commands.pilot_scenario:build",
}


def build(words: Help) -> click.Command:
    return Group("pilot", words, COMMANDS, [options.lang(words)])
