"""`ensure()`: the environment that settings read, with the servers it names running."""

import os
import time
from dataclasses import dataclass, field

from debriefs.local import keeper, locks, places
from debriefs.local.errors import LauncherError
from debriefs.local.places import Profile

_VARIABLES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
_TEST_SLOTS = 64
_START_SECONDS = 120


@dataclass
class Services:
    """The embedded servers this process uses. They stay up at least as long as the process lives."""

    profile: Profile
    kept: list[keeper.Service] = field(default_factory=list)
    users: list[int | None] = field(default_factory=list)

    @property
    def all_embedded(self) -> bool:
        """Whether both servers are ours, so that demonstration data may be put into them."""
        return len(self.kept) == len(_VARIABLES)

    def are_up(self) -> bool:
        """Whether every keeper lives. Costs one system call each; a keeper ends with its server."""
        return all(locks.is_held(keeper.lock_path(service, "keeper")) for service in self.kept)

    def start(self) -> bool:
        """Starts what does not answer, and puts the URLs into the environment. True if a URL changed by that."""
        for service in self.kept[len(self.users) :]:
            self.users.append(locks.acquire(keeper.lock_path(service, "users"), shared=True))
        starting = [service for service in self.kept if not _is_up(service)]
        gates = [locks.acquire(keeper.lock_path(service, "start")) for service in starting]
        try:
            # Another command may have started it while we waited at the gate.
            starting = [service for service in starting if not _is_up(service)]
            for service in starting:
                keeper.spawn(service)
            for service in starting:
                _wait(service)
        finally:
            for gate in gates:
                locks.release(gate)
        before = dict(os.environ)
        for service in self.kept:
            os.environ[_VARIABLES[service.name]] = service.url()
        return before != dict(os.environ)

    def leave(self) -> None:
        """Stops using the servers, and asks their keepers to stop them at once unless another command uses them."""
        while self.users:
            locks.release(self.users.pop())
        for service in self.kept:
            keeper.hurry(service)


def ensure(profile_name: str, *, start: bool = True) -> Services:
    """Sets what is missing of the environment that settings read, and starts the servers that the caller did not name.

    Must run before settings are imported. Profile `test` takes a free slot (`test`, `test-2` …), so that runs at the same
    time do not meet. With `start=False` nothing is started: enough for commands that only need settings to load.
    """
    profile = _test_slot() if profile_name == "test" else Profile(profile_name)
    config = places.read_config(profile)
    services = Services(profile)
    for name, variable in _VARIABLES.items():
        if not os.environ.get(variable):
            services.kept.append(keeper.service(name, profile))
            os.environ[variable] = services.kept[-1].url()
    defaults = {
        "DEBRIEFS_LOCAL": "1",
        "DEBRIEFS_SECRET_KEY": config["secret_key"],
        "DEBRIEFS_LINK_KEYS": config["link_key"],
        "DEBRIEFS_BASE_URL": f"http://localhost:{config['web_port']}",
    }
    if not os.environ.get("EMAIL_URL"):
        defaults["EMAIL_URL"] = f"smtp://127.0.0.1:{config['smtp_port']}"
        defaults["DEBRIEFS_MAILBOX_DIR"] = str(profile.directory / "mailbox")
    for variable, value in defaults.items():
        if not os.environ.get(variable):
            os.environ[variable] = value
    if start:
        services.start()
    return services


def _is_up(service: keeper.Service) -> bool:
    return locks.is_held(keeper.lock_path(service, "keeper")) and service.is_answering()


def _wait(service: keeper.Service) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if _is_up(service):
            return
        if not locks.is_held(keeper.lock_path(service, "keeper")):
            failure = keeper.failure_path(service)
            if failure.exists():
                raise LauncherError(failure.read_text())
            # The last keeper was still stopping when ours looked for the lock.
            keeper.spawn(service)
        time.sleep(0.03)
    raise LauncherError(
        f"The embedded {service.name} did not answer within {_START_SECONDS} seconds; see "
        f"{service.profile.directory / (service.name + '.log')}."
    )


# Held until the process ends.
_slot: list[int] = []


def _test_slot() -> Profile:
    for number in range(1, _TEST_SLOTS + 1):
        profile = Profile("test" if number == 1 else f"test-{number}")
        lock = locks.acquire(profile.directory / "slot.lock", wait=False)
        if lock is not None:
            _slot.append(lock)
            return profile
    raise LauncherError(f"{_TEST_SLOTS} test runs are under way in this checkout already.")
