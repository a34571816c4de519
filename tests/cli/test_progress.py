"""A bar on a terminal after a second; nothing anywhere else."""

import os
import subprocess
import sys

import pytest

LONG = (
    "import time\nfrom salyq.cli.progress import Bar\n"
    "with Bar() as bar:\n"
    "    for n in range(28):\n"
    "        bar.step('evil\\x1b]0;x\\x07[bold].csv', n * 1000, None)\n"
    "        time.sleep(0.05)\n"
    "print('result')"
)


def test_silent_when_not_on_a_terminal():
    done = subprocess.run([sys.executable, "-c", LONG], capture_output=True, text=True)
    assert done.stdout == "result\n"
    assert done.stderr == ""


STEP = (
    "import time, click\nfrom salyq.cli.progress import Bar\n"
    "context = click.Context(click.Command('x'))\ncontext.params['lang'] = 'ru'\n"
    "with context, Bar() as bar:\n"
    "    for n in range(30):\n"
    "        bar.step('reconcile', n * 1000, 30000)\n"
    "        time.sleep(0.05)\n"
    "print('result')"
)


def shown(program: str) -> bytes:
    """What a program draws on a terminal; its result goes to a pipe."""
    main_end, child_end = os.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=child_end, env=env)
    os.close(child_end)
    seen = b""
    while True:
        try:
            chunk = os.read(main_end, 65536)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        seen += chunk
    os.close(main_end)
    assert child.communicate(timeout=20)[0] == b"result\n"
    return seen


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a Unix thing")
def test_shows_itself_on_a_terminal_and_stdout_stays_clean():
    seen = shown(LONG)
    assert b"[bold].csv" in seen
    assert b"\x1b]0;" not in seen


def test_quick_work_imports_nothing_heavy():
    code = "import sys\nfrom salyq.cli.progress import Bar\n"
    code += "with Bar() as bar: bar.step('x', 1)\nsys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a Unix thing")
def test_a_step_is_said_in_the_language_of_the_command_with_its_rate():
    seen = shown(STEP).decode("utf-8", "replace")
    assert "сверка записей" in seen
    assert "/с" in seen
