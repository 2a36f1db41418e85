"""Each service stands alone: with the library and its own folder it migrates, is built and answers; nothing of the
other services is there to be imported."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from libs.common import auth

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.parent.name for path in ROOT.glob("services/*/__init__.py"))
WITHOUT_DATABASE = {"portal"}
FORGOTTEN = shutil.ignore_patterns("__pycache__", "*.sqlite")

ASK = """
import sys
from deploy.run import web_app
answer = web_app(sys.argv[1]).test_client().get("/readyz")
others = sorted({name.split(".")[1] for name in sys.modules if name.startswith("services.")} - {sys.argv[1]})
print(answer.status_code, *others)
"""


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_boots_with_its_siblings_absent(service, alone, environ):
    if service not in WITHOUT_DATABASE:
        assert run(alone, environ, "-c", ASK, service) == "503", "ready before its database was migrated"
        run(alone, environ, "-m", "deploy.run", service, "migrate")
    assert run(alone, environ, "-c", ASK, service) == "200"


@pytest.mark.parametrize("service", ["intake"])
def test_a_service_that_leans_on_another_is_noticed(service, alone, environ):
    with (alone / "services" / service / "handlers" / "registration.py").open("a") as code:
        code.write("import services.dispatch.domain.case\n")
    with pytest.raises(AssertionError, match="No module named 'services.dispatch'"):
        run(alone, environ, "-c", ASK, service)


@pytest.fixture
def alone(service, tmp_path) -> Path:
    """What the image of this service holds; see deploy/Dockerfile."""
    copied = ["libs/__init__.py", "libs/common", "services/__init__.py", f"services/{service}"]
    copied += ["deploy/__init__.py", "deploy/run.py", "deploy/gunicorn.py"]
    for path in copied:
        target = tmp_path / "app" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / path).is_dir():
            shutil.copytree(ROOT / path, target, ignore=FORGOTTEN)
        else:
            shutil.copy(ROOT / path, target)
    return tmp_path / "app"


@pytest.fixture
def environ(service, tmp_path) -> dict[str, str]:
    """Settings as a container gives them, with SQLite for PostgreSQL."""
    url = f"sqlite:///{tmp_path}/{service}.sqlite"
    auth.make_keys(tmp_path / "keys")
    siblings = {f"{name.upper()}_URL": f"http://{name}.invalid" for name in SERVICES if name != service}
    return siblings | {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": url,
        "WORKER_DATABASE_URL": url,
        "KEYS_DIR": str(tmp_path / "keys"),
        "ATTACHMENTS_DIR": str(tmp_path / "attachments"),
        "PLATFORM_KEY": "5e" * 32,
        "COOKIE_KEY": "c0" * 32,
        "PUBLIC_URL": "http://localhost",
        "SMTP_URL": "smtp://127.0.0.1:25?tls=none&sender=complaints@redress.example",
    }


def run(folder: Path, environ: dict[str, str], *words: str) -> str:
    """What a Python in `folder` prints; AssertionError with its last words when it fails."""
    program = [sys.executable, *words]
    done = subprocess.run(program, cwd=folder, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()
