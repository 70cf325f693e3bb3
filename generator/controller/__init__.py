"""What Argo CD's controllers decide: templates, globs, what a project allows, order and windows of a sync."""
