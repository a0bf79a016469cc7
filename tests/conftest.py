"""What all tests share: the option that updates goldens, the repository's folder, and no network but loopback."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="replace what the golden tests expect by what attrest generates now; read the diff before committing",
    )
    parser.addoption(
        "--every-schema",
        action="store_true",
        help="hold values against every schema of the published descriptions, and not against some; takes long",
    )


def pytest_configure() -> None:
    sys.addaudithook(_refuse_network)
    _keep_proxies_from_loopback()


def _keep_proxies_from_loopback() -> None:
    """Let no proxy of the environment, which pip may need, come between a test and its server."""
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1", "localhost")))


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        _require_loopback(arguments[0])
    elif event == "socket.connect" and isinstance(address := arguments[1], tuple):
        _require_loopback(address[0])


def _require_loopback(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name not in {None, "", "localhost"} and not _is_loopback_address(str(name)):
        raise AssertionError(f"a test reaches for {name!r}: tests use loopback alone")


def _is_loopback_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the checkout."""
    return Path(__file__).parent.parent


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are to be replaced and not compared."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def every_schema(request: pytest.FixtureRequest) -> bool:
    """Whether every schema of the published descriptions is to be tried."""
    return bool(request.config.getoption("--every-schema"))


@pytest.fixture(scope="session")
def golden_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder on the path of imports with the client of every golden case."""
    import golden_cases

    folder = tmp_path_factory.mktemp("golden")
    for case in golden_cases.CASES:
        golden_cases.save(folder, golden_cases.sources(case))
        golden_cases.save(folder, {f"{golden_cases.PROGRAMS}/{case}.py": golden_cases.programs(case)})
    sys.path.insert(0, str(folder))
    return folder


@pytest.fixture
def package(golden_packages: Path) -> Callable[[str], ModuleType]:
    """Returns the package of a golden case."""

    def load(case: str) -> ModuleType:
        import golden_cases

        module = import_module(golden_cases.package(case))
        assert Path(module.__path__[0]).parent == golden_packages
        return module

    return load


@pytest.fixture
def models(package: Callable[[str], ModuleType]) -> Callable[[str], ModuleType]:
    """Returns the models of a golden case."""
    return lambda case: package(case).models
