"""Routes of the public pages."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from salyq.office.portal.public import check, oidc, registers, signin, statistics
from salyq.office.portal.visit import routed

ROUTES: list[BaseRoute] = [
    Route("/{lang}", routed(registers.home)),
    Route("/{lang}/registers", routed(registers.every)),
    Route("/{lang}/registers/{code}.{form}", routed(registers.as_file)),
    Route("/{lang}/registers/{code}", routed(registers.one)),
    Route("/{lang}/registers/{code}/{number}", routed(registers.record_page)),
    Route("/{lang}/registers/{code}/{number}/extract.{form}", routed(registers.extract_file)),
    Route("/{lang}/statistics", routed(statistics.page)),
    Route("/{lang}/statistics/history", routed(statistics.history)),
    Route("/{lang}/check", routed(check.page), methods=["GET", "POST"]),
    Route("/{lang}/sign-in", routed(signin.sign_in), methods=["GET", "POST"]),
    Route("/{lang}/sign-in/passkey", routed(signin.passkey_use), methods=["POST"]),
    Route("/{lang}/sign-in/oidc", routed(oidc.there)),
    Route("/{lang}/sign-in/oidc/back", routed(oidc.back)),
    Route("/{lang}/account", routed(signin.account_page), methods=["GET", "POST"]),
    Route("/{lang}/account/passkey", routed(signin.passkey_new), methods=["POST"]),
    Route("/{lang}/sign-out", routed(signin.sign_out), methods=["POST"]),
]
