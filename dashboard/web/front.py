"""What stands before the server: nothing, TLS of its own, or a proxy that does TLS, whose word alone is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from dashboard.web import error_pages
from dashboard.web.access import HANDED_ON
from dashboard.web.heads import Judge

#: what a proxy says of a request: from which address it came, and whether over TLS; of several the last is its own
ADDRESS, SCHEME = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"
#: what begins like this says who asked, where somebody hands requests on
_TELLS = ("HTTP_X_FORWARDED", "HTTP_FORWARDED")
#: whoever watches the server asks it directly
WATCHED = "/healthz"
MISDIRECTED = 421


@dataclass(frozen=True)
class Front:
    """``proxies``: addresses from which requests come, and no others; ``tls``: done by the server itself."""

    proxies: frozenset[str] = frozenset()
    tls: bool = False

    def astray(self, environ: Mapping[str, Any]) -> bool:
        """Whether a request went round the proxy, or came to it without TLS: its password would travel in clear."""
        if not self.proxies or environ.get("PATH_INFO") == WATCHED:
            return False
        return plain(environ.get("REMOTE_ADDR", "")) not in self.proxies or _last(environ, SCHEME) != "https"

    def seen(self, environ: Mapping[str, Any]) -> dict[str, Any]:
        """A request as it was sent: address and scheme as the proxy says; what anybody else says of that is dropped."""
        found = {k: v for k, v in environ.items() if not k.startswith(_TELLS)}
        if not self.proxies and any(k.startswith((*_TELLS, "HTTP_VIA")) for k in environ):
            found[HANDED_ON] = True
        if self.tls:
            found["wsgi.url_scheme"] = "https"
        elif plain(environ.get("REMOTE_ADDR", "")) in self.proxies:
            found["wsgi.url_scheme"] = "https" if _last(environ, SCHEME) == "https" else "http"
            found["REMOTE_ADDR"] = plain(_last(environ, ADDRESS)) or environ["REMOTE_ADDR"]
        return found

    def judged(self, judge: Judge) -> Judge:
        """The judge of requests with a body, who sees them as they were sent."""

        def judged(environ: Mapping[str, Any]) -> tuple[int, int]:
            return (MISDIRECTED, 0) if self.astray(environ) else judge(self.seen(environ))

        return judged

    def before(self, serve: Callable[..., Any], lang: str) -> Callable[..., Any]:
        """The application, given requests as they were sent."""

        def served(environ: dict[str, Any], start_response: Any) -> Any:
            if self.astray(environ):
                line, headers, body = error_pages.answer(MISDIRECTED, None, lang)
                start_response(line, [*headers, ("Content-Length", str(len(body)))])
                return [body]
            return serve(self.seen(environ), start_response)

        return served


def plain(address: str) -> str:
    """An address in its one way of writing, an IPv4 one within IPv6 as itself; empty for what is none."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)


def _last(environ: Mapping[str, Any], name: str) -> str:
    """The last of what a header lists: what the proxy itself added."""
    return str(environ.get(name, "")).rpartition(",")[2].strip()
