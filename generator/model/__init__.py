"""The typed model: what pages say, in Kubernetes' own words. Frozen, built once by `inputs/`, read by all else."""
