"""The programs Fairlead runs (kustomize, kubeconform, ...): starting, finding and installing them."""
