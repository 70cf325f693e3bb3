from tests.cli.depot import *
def test_x(depot):
    a = depot("promote", ONE, "--to","prod","--dry-run"); print(a.text)
    a = depot("promote", ONE, "--to","prod"); print(a.text)
    print(depot.message())
    a = depot("promote", ONE, "--to","prod"); print(a.text)
    depot.pull()
    a = depot("history", ONE); print(a.text)
    a = depot("rollback", ONE, "--env", "prod"); print(a.text)
    a = depot("promote", ONE, "--to","prod"); print(a.code, a.text)
    a = depot("promote", "--all", "--to","prod"); print(a.code, a.text)
    a = depot("release", ONE, "--env","prod"); print(a.code, a.text)
    a = depot("promote", ONE, "--to","prod", "--format", "json"); print(a.code, a.text)
    assert 0
