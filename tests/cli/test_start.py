"""Ctrl-C in the first moments, while the house is still being imported: quiet, and the shell's own number."""

import subprocess
import sys

import pytest

STRUCK = """
import importlib.abc, os, signal, sys
class Strike(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[-1]:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Strike())
wanted = sys.argv.pop()
sys.argv.append(wanted)
from salyq.cli.start import run
sys.argv = ["salyq", "assess", "nowhere", "--year", "2025"] + [wanted]
run()
"""


@pytest.mark.parametrize("module", ["salyq.cli.main", "click", "salyq.cli.helping", "salyq.cli.commands.assess"])
def test_an_interrupt_while_importing_is_quiet(module):
    done = subprocess.run([sys.executable, "-c", STRUCK, module], capture_output=True, text=True, timeout=60)
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
