"""The commands, each with the line that `fairlead --help` shows."""

from __future__ import annotations

SUMMARY = "One page per service in, proven Kustomize for Argo CD out."

EXAMPLE = "Example: fairlead generate && fairlead validate"

# Command -> the line that `fairlead --help` shows. The module is generator.cli.<command>.
COMMANDS = {
    "generate": "Render base/, overlays/ and argocd/ from the pages.",
    "validate": "Prove what kustomize builds, and check it.",
    "explain": "Show a merged page, and the line behind each value.",
    "bump": "Put a new image tag into an environment's release record.",
    "promote": "Carry releases from one environment to the next.",
    "rollback": "Bring an earlier release back, and hold it there.",
    "hold": "Keep a service as it is in an environment.",
    "unhold": "End the hold on a service in an environment.",
    "retire": "Take a service out of an environment, or altogether.",
    "publish": "Commit what the pages render, and push it.",
    "status": "Show what runs where, since when, and what is held.",
    "history": "Show what environments had, when, and by which commit.",
    "secrets": "Print the Secrets of an environment whose values are in a file.",
    "argocd": "Show what Argo CD will do with the repository.",
    "rules": "List the rules, or explain one.",
    "schemas": "Export the schemas of pages; add those of your own CRDs.",
    "tools": "List or install the programs that Fairlead runs; end API servers.",
    "doctor": "Say what is missing here, and the command that mends it.",
    "completion": "Print the shell completion script.",
}
# What a command was called before. It goes on to run, and is not listed.
FORMER_COMMANDS = {"release": "unhold"}
