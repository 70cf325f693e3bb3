from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from generator.render import batch

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def test_whole(base: Callable[[str], Service]) -> None:
    """A CronJob holds its schedule and a Job."""
    page = """
        image: coffeemesh-orders
        cronJobs:
          report:
            schedule: "0 3 * * *"
            timeZone: Europe/Madrid
            startingDeadlineSeconds: 600
            successfulJobsHistoryLimit: 1
            failedJobsHistoryLimit: 0
            suspend: false
            args: [report]
            backoffLimit: 1
    """
    assert batch.render_cron_jobs(base(page)) == yaml.safe_load("""
        - apiVersion: batch/v1
          kind: CronJob
          metadata:
            name: orders-report
            namespace: shop
            labels:
              app: orders
              app.kubernetes.io/part-of: coffeemesh
              app.kubernetes.io/managed-by: fairlead
          spec:
            schedule: "0 3 * * *"
            timeZone: Europe/Madrid
            concurrencyPolicy: Forbid
            startingDeadlineSeconds: 600
            suspend: false
            successfulJobsHistoryLimit: 1
            failedJobsHistoryLimit: 0
            jobTemplate:
              spec:
                backoffLimit: 1
                template:
                  metadata:
                    labels:
                      app: orders-report
                      app.kubernetes.io/part-of: coffeemesh
                      app.kubernetes.io/managed-by: fairlead
                  spec:
                    automountServiceAccountToken: false
                    enableServiceLinks: false
                    restartPolicy: Never
                    containers: [{name: report, image: coffeemesh-orders, args: [report]}]
    """)


def test_own_name(base: Callable[[str], Service]) -> None:
    """The page may name a CronJob."""
    jobs = batch.render_cron_jobs(base("cronJobs: {report: {schedule: '@daily', name: nightly}}"))

    assert [manifest["metadata"]["name"] for manifest in jobs] == ["nightly"]
