"""The signed log: checkpoint, proofs of inclusion and of consistency (RFC 6962, C2SP signed notes)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException

from salyq.office.portal.api.asking import Asks
from salyq.office.portal.public.asked import whole
from salyq.office.store import entries

router = APIRouter(tags=["log"])
_MOST = 2**62


@router.get("/log/checkpoint", response_class=PlainTextResponse)
def checkpoint(caller: Asks) -> str:
    """The signed note of the tree as it is now."""
    with caller.transaction() as tx:
        return entries.checkpoint(tx).note


@router.get("/log/key", response_class=PlainTextResponse)
def key(caller: Asks) -> str:
    """The log's public key as signed notes name it: what `salyq verify-extract --key` takes."""
    signer = caller.site.web.signer
    if signer is None:
        raise HTTPException(404)
    return signer.verifier + "\n"


@router.get("/log/proof")
def proof(caller: Asks, position: str, size: str = "") -> dict[str, Any]:
    """That the entry at `position` is in the tree of the first `size` entries (all of them, if not said)."""
    at = whole("position", position, 0, 0, _MOST)
    with caller.transaction() as tx:
        count = entries.size(tx)
        of = whole("size", size, count, 0, _MOST)
        if not at < of <= count:
            raise HTTPException(404)
        leaf = entries.stored_nodes(tx, [(0, at)])[0, at]
        path = entries.inclusion(tx, at, of)
    return {"position": at, "size": of, "leaf": leaf.hex(), "path": [p.hex() for p in path]}


@router.get("/log/consistency")
def consistency(caller: Asks, first: Annotated[str, Query(alias="from")], to: str = "") -> dict[str, Any]:
    """That the tree of `to` entries begins with the tree of `from`."""
    old = whole("from", first, 0, 0, _MOST)
    with caller.transaction() as tx:
        count = entries.size(tx)
        new = whole("to", to, count, 0, _MOST)
        if not 0 < old <= new <= count:
            raise HTTPException(404)
        path = entries.consistency(tx, old, new)
    return {"from": old, "to": new, "path": [p.hex() for p in path]}
