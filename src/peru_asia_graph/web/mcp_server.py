"""A Model Context Protocol server: the graph as tools for an assistant, run by confined worker processes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final

from mcp import MCPError
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import INVALID_PARAMS, CallToolResult, TextContent, ToolAnnotations
from pydantic import BeforeValidator, Field, ValidationError

from peru_asia_graph.files.signals import end_at_once_on_signals
from peru_asia_graph.web.limits import Limits
from peru_asia_graph.web.pool import WorkerPool
from peru_asia_graph.web.worker_process import Unavailable

_CLIENT: Final = "assistant"
_READ_ONLY: Final = ToolAnnotations(read_only_hint=True, open_world_hint=False)
INSTRUCTIONS: Final = """\
A cited knowledge graph of who owns which Peruvian mine and oil block, and how Peru dealt with China, Japan and Korea.
It holds several sources side by side: they may contradict each other, and nothing is added up across them. For each
fact, give the source and the page, table, row or record: every answer has `citations` and `sources`. Start with
`search` to find a thing by name, `owners` for shares, `questions` for the named questions, `differences` for
contradictions."""


def _listed(value: object) -> object:
    """Return a single text as a list, because assistants often pass the name of one source as a text."""
    return [value] if isinstance(value, str) else value


def _as_text(value: object) -> object:
    """Return a whole number as text, because assistants often pass a year as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


SourceArgument = Annotated[
    list[str] | None, BeforeValidator(_listed), Field(description="Only these sources, by name; default: all.")
]
Kinds = Annotated[list[Annotated[str, Field(max_length=2_000)]] | None, BeforeValidator(_listed)]
Limit = Annotated[int, Field(ge=1, le=1000, description="Maximum number of rows.")]
Text = Annotated[str, Field(max_length=2_000)]
TextOrNumber = Annotated[str, BeforeValidator(_as_text)]


class _StrictServer(MCPServer):
    """Rejects unknown arguments; otherwise a misspelt argument would be silently ignored. Errors say what is wrong."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        known = next(
            (list(one.input_schema["properties"]) for one in await self.list_tools() if one.name == name), None
        )
        unknown = [one for one in arguments if known is not None and one not in known]
        if unknown:
            raise ToolError(f"{name} has no argument '{unknown[0][:80]}'; it accepts {', '.join(known or ())}")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):
                raise ToolError("; ".join(map(_wrong_argument, error.__cause__.errors()))) from error
            raise

    async def get_prompt(self, name: str, arguments: dict[str, Any] | None = None, context: Any = None) -> Any:
        try:
            return await super().get_prompt(name, arguments, context)
        except ValueError as error:
            raise MCPError(INVALID_PARAMS, str(error)) from error


def _wrong_argument(error: Mapping[str, Any]) -> str:
    """Return a sentence about an argument that a tool cannot accept, such as ``limit: Field required``."""
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"


def make_server(pool: WorkerPool, version: str) -> MCPServer:
    """Return the server with its tools, resources and prompts; the caller opens and closes ``pool``."""
    server = _StrictServer(
        "peru-asia-graph",
        title="Peru–Asia knowledge graph",
        instructions=INSTRUCTIONS,
        version=version,
        log_level="ERROR",
    )
    caller = _Caller(pool)
    _add_tools(server, caller)
    _add_resources(server, caller)
    _add_prompts(server)
    return server


class _Caller:
    """Submits jobs to the workers."""

    def __init__(self, pool: WorkerPool) -> None:
        self.pool = pool

    async def run(self, job: Mapping[str, Any]) -> bytes:
        """Return the body of a job's result; raise ToolError with the message of an error."""
        data = json.dumps(job).encode()
        if len(data) > self.pool.limits.query_bytes:
            raise ToolError(f"the arguments are over {self.pool.limits.query_bytes:,} bytes")
        try:
            pending = self.pool.submit(data, _CLIENT, is_cacheable=False)
            result = await pending.result
        except Unavailable as error:
            raise ToolError(str(error)) from error
        except asyncio.CancelledError:
            self.pool.cancel(pending)
            raise
        if "error" in result.header:
            raise ToolError(str(result.header["error"]))
        return bytes(result.body)

    async def tool(self, tool: str, /, **arguments: Any) -> CallToolResult:
        """Return the answer of a tool, as text and as structured values."""
        found = json.loads(await self.run({"job": "tool", "name": tool, "arguments": arguments}))
        text = found.pop("text")
        return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=found)


def _add_tools(server: MCPServer, caller: _Caller) -> None:
    @server.tool(annotations=_READ_ONLY)
    async def search(text: Text, limit: Limit = 10) -> CallToolResult:
        """Find mines, blocks, firms, states, persons, agreements, events and statements by words of their names."""
        return await caller.tool("search", text=text, limit=limit)

    @server.tool(annotations=_READ_ONLY)
    async def show(name: Text, source: SourceArgument = None) -> CallToolResult:
        """Show what each source says about one thing, by name or id, with citations."""
        return await caller.tool("show", name=name, source=source or [])

    @server.tool(annotations=_READ_ONLY)
    async def questions(about: Text = "") -> CallToolResult:
        """List the named questions and their parameters: all, or those that match some words."""
        return await caller.tool("questions", about=about)

    @server.tool(annotations=_READ_ONLY)
    async def ask(
        question: Text,
        values: dict[str, TextOrNumber] | None = None,
        source: SourceArgument = None,
        limit: Limit = 100,
    ) -> CallToolResult:
        """Answer a named question (see `questions`) with values for its parameters, such as {"asset": "Block 8"}."""
        return await caller.tool("ask", question=question, values=values or {}, source=source or [], limit=limit)

    @server.tool(annotations=_READ_ONLY)
    async def owners(
        asset: Text,
        year: Annotated[
            TextOrNumber,
            Field(max_length=10, description="2012, 2012-05 or 2012-05-14; default: each source's last year."),
        ] = "",
        source: SourceArgument = None,
        limit: Limit = 100,
    ) -> CallToolResult:
        """Who owns an asset, directly and through chains of firms, according to each source, with citations."""
        return await caller.tool("owners", asset=asset, year=year, source=source or [], limit=limit)

    @server.tool(annotations=_READ_ONLY)
    async def differences(
        thing: Text = "", kinds: Kinds = None, source: SourceArgument = None, limit: Limit = 100
    ) -> CallToolResult:
        """Where sources agree or differ, about a thing or all; kinds: agrees refines value later silent level date."""
        return await caller.tool("differences", about=thing, kinds=kinds or [], source=source or [], limit=limit)

    @server.tool(annotations=_READ_ONLY)
    async def query(sparql: Annotated[str, Field(max_length=100_000)], limit: Limit = 100) -> CallToolResult:
        """Run a read-only SPARQL query with a time limit; prefixes such as pag:, id: and graph: are predefined."""
        return await caller.tool("query", sparql=sparql, limit=limit)


def _add_resources(server: MCPServer, caller: _Caller) -> None:
    @server.resource("pag://ontology", title="The ontology", mime_type="text/turtle")
    async def ontology() -> str:
        """Classes and properties of the graph, in Turtle."""
        text = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH graph:ontology { ?s ?p ?o } }"
        job = {"job": "query", "text": text, "default": None, "named": None, "rows": None, "graph": "turtle"}
        return (await caller.run(job)).decode()

    @server.resource("pag://questions", title="The named questions", mime_type="application/json")
    async def named_questions() -> str:
        """Every named question with its parameters."""
        return await _json(caller, "questions", about="")

    @server.resource("pag://sources", title="The sources", mime_type="application/json")
    async def sources() -> str:
        """Every source: title, date, licence, how to cite it."""
        return await _json(caller, "query", sparql="SELECT * WHERE { ?source a pag:SourceGraph }", limit=1000)


async def _json(caller: _Caller, name: str, **arguments: Any) -> str:
    found = json.loads(await caller.run({"job": "tool", "name": name, "arguments": arguments}))
    kept = {key: value for key, value in found.items() if key not in ("text", "rows", "columns", "left_out", "notes")}
    return json.dumps(kept, ensure_ascii=False, indent=1)


def _add_prompts(server: MCPServer) -> None:
    @server.prompt()
    def who_owns(asset: str) -> str:
        """Who owns a mine, block or firm, and who says so?"""
        return (
            f"Who owns {asset}, and who says so? Use `owners` and `differences`. Give each source's owners and shares "
            "separately, with page, table and row or record, and say where the sources differ."
        )

    @server.prompt()
    def where_sources_differ(thing: str) -> str:
        """Where do the sources contradict each other about a thing?"""
        return (
            f"Where do the sources differ about {thing}? Use `differences`, then `show`. Report what each says, with "
            "its citation, and whether one only covers a later time or is more precise."
        )


async def serve_stdio(where: str | None, limits: Limits, version: str) -> None:
    """Serve one assistant over standard input and output until the input ends."""
    async with _opened(where, limits) as pool:
        await make_server(pool, version).run_stdio_async()


async def serve_http(where: str | None, limits: Limits, version: str, port: int) -> None:
    """Serve assistants on this machine over HTTP, at ``/mcp``, until stopped."""
    async with _opened(where, limits) as pool:
        await make_server(pool, version).run_streamable_http_async(host="127.0.0.1", port=port)


@asynccontextmanager
async def _opened(where: str | None, limits: Limits) -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(where, limits)
    await pool.open()
    # An exception would not end the thread that waits for input. The workers end with this process.
    end_at_once_on_signals(pool.store.remove_copy)
    try:
        yield pool
    finally:
        await pool.close()
