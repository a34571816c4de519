"""Returns and reports received: validated, acknowledged, corrected in chains, compared with what registers say."""
