"""Imports every module of the packages and modules in a folder."""

import importlib
import pkgutil
import sys

folder = sys.argv[1]
sys.path.insert(0, folder)
for top in pkgutil.iter_modules([folder]):
    if top.name in {"setup", "test"}:
        continue
    package = importlib.import_module(top.name)
    for module in pkgutil.walk_packages(getattr(package, "__path__", []), f"{top.name}."):
        importlib.import_module(module.name)
