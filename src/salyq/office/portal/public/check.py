"""The check of an extract: a file comes in, and the page says whether it is what the log says."""

from __future__ import annotations

import json

from starlette.responses import Response

from salyq.office.portal.visit import Visit
from salyq.office.registry.extract import LARGEST, check


def page(visit: Visit) -> Response:
    visit.need_session()
    signer = visit.site.web.signer
    verifier = signer.verifier if signer else ""
    if visit.request.method == "GET":
        return visit.render("check.html", checked=None, shown=None, verifier=verifier)
    file = visit.files.get("file")
    data = file.file.read(LARGEST + 1) if file else b""
    checked = check(data, verifier or None)
    shown = json.loads(data) if checked.valid else None
    return visit.render("check.html", 200 if checked.valid else 422, checked=checked, shown=shown, verifier=verifier)
