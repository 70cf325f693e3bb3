from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator.model.project import SecretStore
from generator.render import batch, deployment, migration, secretproviderclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service

STORE = SecretStore(kind="SecretProviderClass")


def objects(placed: Callable[..., Service], keys: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return what the provider reads of a secret with these keys, and the file behind each key of the Secret."""
    (manifest,) = secretproviderclass.render(placed(f"secrets: {{db: {keys}}}", secret_store=STORE))
    (synced,) = manifest["spec"]["secretObjects"]
    return yaml.safe_load(manifest["spec"]["parameters"]["objects"]), {
        each["key"]: each["objectName"] for each in synced["data"]
    }


def test_whole(placed: Callable[..., Service]) -> None:
    """Made into a Secret of the same name, before the migrations."""
    page = "{name: orders-service, secrets: {db-credentials: {DB_URL: orders/database-url}}}"
    assert secretproviderclass.render(placed(page, secret_store=STORE)) == [
        yaml.safe_load("""
        apiVersion: secrets-store.csi.x-k8s.io/v1
        kind: SecretProviderClass
        metadata:
          name: db-credentials
          namespace: shop
          labels:
            app: orders-service
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
          annotations:
            argocd.argoproj.io/sync-wave: "-2"
        spec:
          provider: aws
          parameters:
            region: eu-west-1
            objects: |
              - objectName: orders/database-url
                objectType: secretsmanager
                objectAlias: DB_URL
          secretObjects:
          - secretName: db-credentials
            type: Opaque
            data: [{objectName: DB_URL, key: DB_URL}]
        """)
    ]


def test_an_entry_is_named_once(placed: Callable[..., Service]) -> None:
    """The provider refuses two objects of one name: all that is taken from an entry stands together."""
    found, files = objects(placed, "{ALL: web/db, COPY: web/db, USER: 'web/db#user', WORD: 'web/db#sub.pass-word'}")

    assert found == [
        {
            "objectName": "web/db",
            "objectType": "secretsmanager",
            "objectAlias": "ALL",
            "jmesPath": [
                {"path": "user", "objectAlias": "USER"},
                {"path": 'sub."pass-word"', "objectAlias": "WORD"},
            ],
        }
    ]
    assert files == {"ALL": "ALL", "COPY": "ALL", "USER": "USER", "WORD": "WORD"}


@pytest.mark.parametrize("keys", ["{a: a}", "{a: b, b: a}", "{a: 'b#a', b: c}"])
def test_no_two_names_are_equal(placed: Callable[..., Service], keys: str) -> None:
    """Names of entries and of files are one set to the provider, which refuses doubles."""
    found, files = objects(placed, keys)
    names = [each["objectName"] for each in found]
    aliases = [each["objectAlias"] for each in found if "objectAlias" in each]
    aliases += [path["objectAlias"] for each in found for path in each.get("jmesPath", ())]

    assert len({*names, *aliases}) == len(names) + len(aliases)
    assert set(files.values()) == set(aliases)


def test_an_arn_says_its_type_itself(placed: Callable[..., Service]) -> None:
    """The provider refuses another word beside it."""
    found, _ = objects(placed, "{A: 'arn:aws:ssm:eu-west-1:111122223333:parameter/db'}")

    assert "objectType" not in found[0]


def test_every_pod_that_uses_the_secret_mounts_it(placed: Callable[..., Service]) -> None:
    """The Secret is there only while a pod mounts the volume; a volume that no container mounts is left alone."""
    page = "{image: o, secrets: {db: {A: b}}, migrations: {}, cronJobs: {night: {schedule: '@daily'}}}"
    service = placed(page, secret_store=STORE)
    (nightly,) = batch.render_cron_jobs(service)
    made = [deployment.render(service), migration.render(service), nightly["spec"]["jobTemplate"]]

    for manifest in made:
        assert manifest is not None
        pod = manifest["spec"]["template"]["spec"]
        assert pod["volumes"] == [
            {
                "name": "secret-db",
                "csi": {
                    "driver": "secrets-store.csi.k8s.io",
                    "readOnly": True,
                    "volumeAttributes": {"secretProviderClass": "db"},
                },
            }
        ]
        assert pod["containers"][0]["volumeMounts"] == [
            {"name": "secret-db", "mountPath": "/mnt/secrets-store/db", "readOnly": True}
        ]


def test_no_volume_with_another_store(placed: Callable[..., Service]) -> None:
    """Their Secrets are there without a pod."""
    store = SecretStore(kind="ClusterSecretStore", name="aws")

    assert secretproviderclass.volumes(placed("secrets: {db: {A: b}}", secret_store=store)) == {}
