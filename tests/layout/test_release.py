"""Which images a bump of a service moves."""

from __future__ import annotations

import msgspec
import yaml

from generator.layout.release import moving_images
from generator.model.page import Page


def test_containers_of_jobs_move_where_the_page_says_so() -> None:
    """A job's image moves unless told otherwise, one before or beside it only when told."""
    page = """
        image: web
        containers: {proxy: {image: web-proxy, releasedTogether: true}}
        jobs:
          seed:
            image: web-seed
            initContainers: {fetch: {image: web-fetch}}
            containers: {watch: {image: web-watch, releasedTogether: true}}
    """
    moving = moving_images(msgspec.convert(yaml.safe_load(page), Page))
    assert moving == ("web", "web-proxy", "web-seed", "web-watch")
