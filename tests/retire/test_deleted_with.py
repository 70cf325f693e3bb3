"""What goes with an object that Argo CD deletes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from generator.retire.deleted_with import pruned

IRREPLACEABLE = {
    "a volume claim": "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}}",
    "a volume": "{apiVersion: v1, kind: PersistentVolume, metadata: {name: a}}",
    "a stateful set with claims": (
        "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}, spec: {volumeClaimTemplates: [{}]}}"
    ),
    "a namespace": "{apiVersion: v1, kind: Namespace, metadata: {name: a}}",
    "a definition": "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a}}",
    "a database in AWS": "{apiVersion: rds.services.k8s.aws/v1alpha1, kind: DBCluster, metadata: {name: a}}",
    "an instance of one": "{apiVersion: rds.services.k8s.aws/v1alpha1, kind: DBInstance, metadata: {name: a}}",
    "a bucket": "{apiVersion: s3.services.k8s.aws/v1alpha1, kind: Bucket, metadata: {name: a}}",
    "an Application": "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a}}",
    "an ApplicationSet": "{apiVersion: argoproj.io/v1alpha1, kind: ApplicationSet, metadata: {name: a}}",
    "a snapshot": "{apiVersion: snapshot.storage.k8s.io/v1, kind: VolumeSnapshot, metadata: {name: a}}",
    "what nobody here knows": "{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: a}}",
}
SHOWN = {
    "a load balancer": "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: LoadBalancer}}",
    "an ALB of its own": (
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: {ingressClassName: alb}}"
    ),
    "a Secret that an ExternalSecret makes": (
        "{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: a}, spec: {target: {name: db}}}"
    ),
    "a database that stays in AWS": (
        "{apiVersion: rds.services.k8s.aws/v1alpha1, kind: DBCluster,"
        " metadata: {name: a, annotations: {services.k8s.aws/deletion-policy: retain}}}"
    ),
}
NOTHING = {
    "a Deployment": "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}",
    "a Service inside": "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: ClusterIP}}",
    "a stateful set without claims": "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}, spec: {}}",
    "another Ingress": (
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: {ingressClassName: nginx}}"
    ),
    "a Secret that stays": (
        "{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: a},"
        " spec: {target: {creationPolicy: Orphan}}}"
    ),
    "configuration": "{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: a}}",
    "a snapshot that is retained": (
        "{apiVersion: snapshot.storage.k8s.io/v1, kind: VolumeSnapshotContent, metadata: {name: a},"
        " spec: {deletionPolicy: Retain}}"
    ),
}


def loaded(text: str) -> Any:
    """Read an object."""
    return yaml.safe_load(text)


@pytest.mark.parametrize("text", IRREPLACEABLE.values(), ids=IRREPLACEABLE)
def test_it_has_to_be_named(text: str) -> None:
    """No commit brings it back."""
    found = pruned(loaded(text))
    assert found.irreplaceable
    assert found.loss


@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)
def test_it_is_shown(text: str) -> None:
    """Worth knowing, and possible to make again."""
    found = pruned(loaded(text))
    assert not found.irreplaceable
    assert found.loss


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_nothing_is_lost(text: str) -> None:
    """Applied again, it is as before."""
    assert pruned(loaded(text)).loss == ""


@pytest.mark.parametrize("text", IRREPLACEABLE.values(), ids=IRREPLACEABLE)
def test_what_argo_cd_does_not_delete_stays(text: str) -> None:
    """Whatever it is: `Delete=false` keeps it, and it need not be named."""
    manifest = loaded(text)
    manifest["metadata"]["annotations"] = {"argocd.argoproj.io/sync-options": "Prune=false, Delete=false"}
    found = pruned(manifest)
    assert (found.stays, found.irreplaceable) == (True, False)


def test_a_stateful_set_says_what_becomes_of_its_volumes() -> None:
    """They stay unless it says otherwise; either way nothing runs on them any more."""
    manifest = loaded(IRREPLACEABLE["a stateful set with claims"])
    assert pruned(manifest).loss == "its volumes stay behind, and nothing runs on them"
    manifest["spec"]["persistentVolumeClaimRetentionPolicy"] = {"whenDeleted": "Delete"}
    assert pruned(manifest).loss == "its volumes go with it (whenDeleted: Delete)"


def test_an_alb_that_others_share() -> None:
    """It goes with the last Ingress of its group."""
    manifest = loaded(SHOWN["an ALB of its own"])
    manifest["metadata"]["annotations"] = {"alb.ingress.kubernetes.io/group.name": "shop"}
    assert pruned(manifest).loss == "its load balancer goes, unless another Ingress is in the group shop"
