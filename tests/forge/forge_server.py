"""Forges on this machine: their documented APIs in front of a list of requests, with every call kept."""

from __future__ import annotations

import http.server
import json
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "a-token-that-nobody-may-see"  # noqa: S105  # it opens nothing
REPOSITORY = "shop/gitops"
PROJECT = "shop/platform/gitops"
OWN, FORK = 1, 2


class Call(msgspec.Struct, frozen=True):
    """One request as it arrived; names of headers in lower case, `path` still encoded."""

    verb: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


class Reply(msgspec.Struct, frozen=True):
    """An answer: a status, JSON (or bytes that are none), and headers."""

    status: int
    value: Any = None
    headers: Mapping[str, str] = {}


class Lost(Reply, frozen=True):
    """An answer in place of the real one, after what was asked for was done."""


class Silence(msgspec.Struct, frozen=True):
    """No answer at all, until the server is gone."""


class ForgeServer:
    """A host whose API keeps requests in `opened`; `troubles` are answered first, one for each call."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.troubles: deque[Reply | Silence] = deque()
        self.opened: list[dict[str, Any]] = []
        self.root = ""
        self.gone = threading.Event()

    @property
    def verbs(self) -> list[str]:
        """The verbs of all calls."""
        return [call.verb for call in self.calls]

    def reply(self, call: Call) -> Reply:
        """Answer as the documentation says."""
        raise NotImplementedError

    def answered(self, call: Call) -> Reply | None:
        """Keep the call, and answer it unless there is silence."""
        self.calls.append(call)
        trouble = self.troubles.popleft() if self.troubles else None
        if isinstance(trouble, Silence):
            self.gone.wait()
            return None
        if isinstance(trouble, Lost):
            self.reply(call)
        return trouble or self.reply(call)

    def number(self) -> int:
        """Return the next request's number."""
        return len(self.opened) + 1

    def close_all(self, state: str) -> None:
        """Close or merge what is open."""
        for request in self.opened:
            request["state"] = state


class GitHubServer(ForgeServer):
    """https://docs.github.com/en/rest/pulls/pulls: the pull requests of shop/gitops, also from a fork in `shop`."""

    identical = False  # whether the branch holds nothing that the base lacks

    def add(self, *, head: str, base: str, repository: int = OWN, title: str = "", body: str = "") -> dict[str, Any]:
        """Open a pull request; without a `repository` the fork that it came from is gone."""
        number = self.number()
        pull = {
            "url": f"{self.root}/repos/{REPOSITORY}/pulls/{number}",
            "id": 1000 + number,
            "html_url": f"{self.root}/{REPOSITORY}/pull/{number}",
            "number": number,
            "state": "open",
            "locked": False,
            "title": title,
            "user": {"login": "octocat", "id": 1},
            "body": body,
            "created_at": "2026-11-21T03:00:00Z",
            "updated_at": "2026-11-21T03:00:00Z",
            "draft": False,
            "head": self._end(head, repository),
            "base": self._end(base, OWN),
        }
        self.opened.append(pull)
        return pull

    def _end(self, ref: str, repository: int) -> dict[str, Any]:
        names = {OWN: REPOSITORY, FORK: "shop/gitops-fork"}
        repo = {"id": repository, "full_name": names[repository]} if repository else None
        return {"label": f"shop:{ref}", "ref": ref, "sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e", "repo": repo}

    def reply(self, call: Call) -> Reply:
        """Answer as GitHub does."""
        if call.headers.get("authorization") != f"token {TOKEN}":
            return Reply(401, {"message": "Bad credentials", "documentation_url": _DOCS, "status": "401"})
        folder = f"/repos/{REPOSITORY}/pulls"
        if call.path == folder:
            return self._listed(call) if call.verb == "GET" else self._created(call.body)
        if call.verb == "PATCH" and call.path.startswith(f"{folder}/"):
            pull = self.opened[int(call.path.rpartition("/")[2]) - 1]
            pull.update(call.body)
            return Reply(200, pull)
        return Reply(404, {"message": "Not Found", "documentation_url": _DOCS, "status": "404"})

    def _listed(self, call: Call) -> Reply:
        asked = {key: call.query.get(key) for key in ("state", "head", "base")}
        found = [pull for pull in self.opened if _fields(pull) == asked]
        page, size = int(call.query.get("page", 1)), int(call.query.get("per_page", 30))
        query = urlencode({**call.query, "page": page + 1})
        more = len(found) > page * size
        link = {"Link": f'<{self.root}/repos/{REPOSITORY}/pulls?{query}>; rel="next"'} if more else {}
        return Reply(200, found[(page - 1) * size : page * size], link)

    def _created(self, body: dict[str, Any]) -> Reply:
        same = {"state": "open", "head": f"shop:{body['head']}", "base": body["base"]}
        if self.identical:
            return _invalid(f"No commits between {body['base']} and {body['head']}")
        if any(_fields(pull) == same and pull["head"]["repo"] == pull["base"]["repo"] for pull in self.opened):
            return _invalid(f"A pull request already exists for shop:{body['head']}.")
        return Reply(201, self.add(**body))


_DOCS = "https://docs.github.com/rest"


def _fields(pull: dict[str, Any]) -> dict[str, Any]:
    return {"state": pull["state"], "head": pull["head"]["label"], "base": pull["base"]["ref"]}


def _invalid(message: str) -> Reply:
    error = {"resource": "PullRequest", "code": "custom", "message": message}
    return Reply(422, {"message": "Validation Failed", "errors": [error], "documentation_url": _DOCS, "status": "422"})


class GitLabServer(ForgeServer):
    """https://docs.gitlab.com/api/merge_requests: those of shop/platform/gitops; a job's token may only read."""

    FOLDER: ClassVar[str] = "/api/v4/projects/shop%2Fplatform%2Fgitops/merge_requests"

    def add(
        self,
        *,
        source_branch: str,
        target_branch: str,
        title: str = "",
        description: str = "",
        project: int = OWN,
        **rest: Any,
    ) -> dict[str, Any]:
        """Open a merge request, from the project itself or from a fork."""
        number = self.number()
        request = {
            "id": 1000 + number,
            "iid": number,
            "project_id": OWN,
            "title": title,
            "description": description,
            "state": "opened",
            "created_at": "2026-11-21T03:00:00.000Z",
            "target_branch": target_branch,
            "source_branch": source_branch,
            "source_project_id": project,
            "target_project_id": OWN,
            "author": {"id": 1, "username": "octocat"},
            "draft": False,
            "merge_status": "checking",
            "web_url": f"{self.root}/{PROJECT}/-/merge_requests/{number}",
            **rest,
        }
        self.opened.append(request)
        return request

    def reply(self, call: Call) -> Reply:
        """Answer as GitLab does."""
        job = call.headers.get("job-token") == TOKEN
        if call.headers.get("private-token") != TOKEN and not (job and call.verb == "GET"):
            return Reply(401, {"message": "401 Unauthorized"})
        if call.path == self.FOLDER:
            return self._listed(call) if call.verb == "GET" else self._created(call.body)
        if call.verb == "PUT" and call.path.startswith(f"{self.FOLDER}/"):
            request = self.opened[int(call.path.rpartition("/")[2]) - 1]
            request.update(call.body)
            return Reply(200, request)
        return Reply(404, {"message": "404 Project Not Found"})

    def _listed(self, call: Call) -> Reply:
        fields = ("state", "source_branch", "target_branch")
        found = [each for each in self.opened if all(each[key] == call.query.get(key, each[key]) for key in fields)]
        page, size = int(call.query.get("page", 1)), int(call.query.get("per_page", 20))
        following = str(page + 1) if len(found) > page * size else ""
        headers = {"X-Page": str(page), "X-Per-Page": str(size), "X-Next-Page": following, "X-Total": str(len(found))}
        if following:
            query = urlencode({**call.query, "page": following})
            headers["Link"] = f'<{self.root}{self.FOLDER}?{query}>; rel="next"'
        return Reply(200, found[(page - 1) * size : page * size], headers)

    def _created(self, body: dict[str, Any]) -> Reply:
        same = {"source_branch": body["source_branch"], "target_branch": body["target_branch"]}
        same |= {"source_project_id": OWN, "state": "opened"}
        for request in self.opened:
            if same.items() <= request.items():
                words = f"Another open merge request already exists for this source branch: !{request['iid']}"
                return Reply(409, {"message": [words]})
        return Reply(201, self.add(**body))


@contextmanager
def serving(server: ForgeServer) -> Iterator[None]:
    """Run a forge on 127.0.0.1; its address is `server.root`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            url = urlsplit(self.path)
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {key: values[0] for key, values in parse_qs(url.query).items()}
            headers = {key.lower(): value for key, value in self.headers.items()}
            reply = server.answered(Call(self.command, url.path, query, headers, json.loads(data) if data else None))
            if reply is None:
                self.close_connection = True
                return
            content = reply.value if isinstance(reply.value, bytes) else json.dumps(reply.value).encode()
            self.send_response(reply.status)
            for key, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815  # http.server looks them up by these names

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as host:
        server.root = f"http://127.0.0.1:{host.server_port}"
        threading.Thread(target=host.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield
        finally:
            server.gone.set()
            host.shutdown()
