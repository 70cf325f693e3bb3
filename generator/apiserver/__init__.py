"""A real Kubernetes API server without a cluster: started on this machine, asked by dry run, kept warm for a while."""
