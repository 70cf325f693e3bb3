"""Run the proof: `python -m tests.e2e`."""

from tests.e2e.e2e import main

main()
