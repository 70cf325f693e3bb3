"""CustomResourceDefinitions: from the one file that a project publishes to what kubeconform and an API server need.

Nothing here reads or writes a file but `catalog`, which looks at what lies in the folders of schemas.
"""
