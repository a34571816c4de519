"""Our own small manager of an embedded PostgreSQL in a folder of the user: made, started, joined, stopped.

The server listens on a unix socket that only the user reaches; it never opens a port. Who starts it stops it; another
process of the same folder joins it as a client and holds a shared lock, so that the starter waits for it. If the
starter is killed, the server shuts itself down. Start it from the main thread: the server's life hangs on that thread.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from salyq.office.store.errors import StoreError
from salyq.office.store.programs import How, before_exec, find_programs, how_to_run, major_version, reachable_copy

USER = "salyq"
_LONGEST_SOCKET = 90  # sun_path holds 107 bytes, the socket's own name takes 15
_READY_LINE = 7  # of postmaster.pid: "starting", "ready" …
_PATIENCE = 60  # seconds for a start or a stop, also after a crash
_SETTINGS = {"listen_addresses": "", "unix_socket_permissions": "0700", "shared_buffers": "128MB", "timezone": "UTC"}
NOT_SAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # tests only


class Server:
    """PostgreSQL in `home`/pgdata. `options` are further settings; `sync` off makes and runs it without fsync
    (tests).
    """

    def __init__(self, home: Path, *, options: Mapping[str, str] | None = None, sync: bool = True) -> None:
        self.home = home.absolute()
        self.data = self.home / "pgdata"
        self.options = {**_SETTINGS, **({} if sync else NOT_SAFE), **(options or {})}
        self.sync = sync
        self.programs = find_programs()
        self.version = major_version(self.programs)
        self.how = how_to_run()
        self.environment = dict(os.environ)
        self.process: subprocess.Popen[bytes] | None = None
        self._users: IO[str] | None = None

    @property
    def socket_folder(self) -> Path:
        """`home`/run, or a private folder with a short name where that would be too long for a socket."""
        own = self.home / "run"
        if len(os.fsencode(own)) <= _LONGEST_SOCKET:
            return own
        short = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"salyq-{os.geteuid()}-{short}"

    def url(self, database: str = "salyq", user: str = USER) -> str:
        """What psycopg connects to."""
        return f"host={self.socket_folder} user={user} dbname={database}"

    @property
    def made(self) -> bool:
        return (self.data / "PG_VERSION").is_file()

    def start(self) -> None:
        """Makes the folder if need be, then starts the server or joins the one that runs there."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._alone():
            self._users = (self.home / "users.lock").open("a")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            self._prepare()
            if not self.made:
                self._initdb()
            self._check_version()
            if not self.running():
                self._launch()

    def stop(self) -> None:
        """The starter stops the server when nobody else of this folder uses it any more; a guest only leaves."""
        if self._users is not None:
            self._users.close()
            self._users = None
        if self.process is None:
            return
        with self._alone(), (self.home / "users.lock").open("a") as users:
            for _ in range(_PATIENCE * 10):
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                time.sleep(0.1)
            self.process.send_signal(signal.SIGINT)
            self.process.wait(_PATIENCE)
            self.process = None

    def running(self) -> bool:
        """Whether a living server of this folder is ready (ours or another process's)."""
        lines = self._pid_file()
        if len(lines) <= _READY_LINE or lines[_READY_LINE].strip() != "ready":
            return False
        try:
            os.kill(int(lines[0]), 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # --- how -----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.home / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _prepare(self) -> None:
        sockets = self.socket_folder
        sockets.mkdir(mode=0o700, exist_ok=True)
        if sockets.stat().st_uid not in {os.geteuid(), pwd.getpwnam("nobody").pw_uid}:
            raise StoreError("store_folder_of_other", folder=str(sockets))
        if self.how is not How.NOBODY:
            return
        nobody = pwd.getpwnam("nobody")
        if any(p.stat().st_mode & 0o001 == 0 for p in self.home.parents):
            raise StoreError("store_nobody_cannot_reach", folder=str(self.home))
        for folder in (self.home, sockets):
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        self.programs, self.environment = reachable_copy(self.programs, self.home)

    def _initdb(self) -> None:
        # The C.UTF-8 of PostgreSQL itself where it has one: no order of words that changes with the system's library.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--lc-ctype=C.UTF-8"]
        words = builtin if self.version >= 17 else ["--locale=C.UTF-8"]
        made = ["-D", str(self.data), "-U", USER, "-A", "trust", "-E", "UTF8", "-T", "simple"]
        # A commit that needs a new segment of the log waits until it is filled with zeros: 16 MB are 40 to 70 ms.
        made += ["--no-instructions", "--wal-segsize=1", *words, *([] if self.sync else ["--no-sync"])]
        command = [str(self.programs / "initdb"), *made]
        done = subprocess.run(  # noqa: S603
            command, preexec_fn=before_exec(self.how), env=self.environment, cwd="/", capture_output=True, text=True
        )
        if done.returncode:
            raise StoreError("store_initdb_failed", reason=_last_line(done.stderr or done.stdout))

    def _check_version(self) -> None:
        made_by = int((self.data / "PG_VERSION").read_text().strip())
        if made_by != self.version:
            raise StoreError("store_other_version", made_by=made_by, version=self.version)

    def _launch(self) -> None:
        settings = {**self.options, "unix_socket_directories": str(self.socket_folder)}
        command = [str(self.programs / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with (self.home / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                command,
                preexec_fn=before_exec(self.how, die_with_parent=True),
                env=self.environment,
                cwd="/",
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(_PATIENCE * 100):
            if self.process.poll() is not None:
                self.process = None
                raise StoreError("store_start_failed", reason=self._log_end())
            lines = self._pid_file()
            if lines and lines[0] == str(self.process.pid) and self.running():
                return
            time.sleep(0.01)
        raise StoreError("store_start_failed", reason=self._log_end())

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            return []

    def _log_end(self) -> str:
        try:
            return _last_line((self.home / "postgres.log").read_text(errors="replace"))
        except OSError:
            return ""


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    wrong = [line for line in lines if "FATAL" in line or "error" in line.lower()]
    return (wrong or lines or [""])[-1].strip()[:300]
