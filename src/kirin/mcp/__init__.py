"""The Model Context Protocol: tools for agents, over HTTP at ``/mcp`` and over stdio."""
