"""The rules: small values, each of which knows one fault, why it hurts and how to mend it; catalogue.py lists them."""
