"""What Kubernetes knows of its objects: identity, containers, images, quantities, selectors, schema packs."""
