"""Many files, one truth: repeats, own transfers, row conservation, open questions."""

from salyq.reconcile.run import reconcile

__all__ = ["reconcile"]
