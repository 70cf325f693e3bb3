"""Release edits: what the proof of a bump, promotion or rollback notices before anything is written."""

from __future__ import annotations

from generator.findings.finding import Severity
from generator.rules.rule import Rule

_HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- ../../../base/web\n"
_RECORD = 'images:\n- name: web\n  newName: registry.example.com/web\n  newTag: "1.4.3"\n'

DIF005 = Rule(
    id="DIF005",
    title="Release edit that changes something else",
    why="""A bump, a promotion or a rollback replaces the images of its services in one environment. Kustomize builds
the overlay before and after it, and every object must be what it was, with those images replaced. Anything else that
differs was never asked for, and nobody reviews a release for it: a patch that sets the image itself, a resource of
somebody's own that uses the same image, a change that slipped into the same commit.""",
    remedy="look at the files under `patches/` and `resources/`; commit other changes by themselves",
    severity=Severity.ERROR,
    stage="proof",
    bad=_HEAD + "patches:\n- path: patches/image.yaml\n" + _RECORD,
    good=_HEAD + _RECORD,
)

DIF006 = Rule(
    id="DIF006",
    title="Release edit that moves no container",
    why="""Kustomize ignores an entry of `images:` that matches no container, so the edit looks right in git and the old
image runs on. That is what happens when a patch names the image with its registry, or when the page has another image
than the files that were rendered from it.""",
    remedy="run `fairlead generate`; if a file under `patches/` sets the image, take that line out",
    severity=Severity.ERROR,
    stage="proof",
    bad=_HEAD + _RECORD.replace("name: web\n  newName", "name: wbe\n  newName"),
    good=_HEAD + _RECORD,
)
