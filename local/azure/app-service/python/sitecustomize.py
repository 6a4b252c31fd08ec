"""Loaded into every process of Python of an app before its own code, as loopback.cjs is into one of Node.js.

In Azure nobody but the front end reaches an app's port, whatever address it listens on, and services are reached without
a proxy: what the local Azure does for both stays out of the app.
"""

import importlib.abc
import importlib.util
import re
import socket
import sys

_OURS = re.compile(r"^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$", re.IGNORECASE)
_bind = socket.socket.bind


def _on_loopback(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _OURS.match(str(address[0])):
        here = "::1" if self.family == socket.AF_INET6 else "127.0.0.1"
        address = (here, *address[1:])
    return _bind(self, address)


socket.socket.bind = _on_loopback


class _TrustEnvironment(importlib.abc.MetaPathFinder):
    """aiohttp takes no notice of HTTPS_PROXY unless it is told to, and in Azure nobody tells it to."""

    def find_spec(self, name, path=None, target=None):
        if name != "aiohttp.client":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            session = module.ClientSession
            init = session.__init__

            def with_environment(self, *given, **named):
                named["trust_env"] = True
                init(self, *given, **named)

            session.__init__ = with_environment

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, _TrustEnvironment())
