"""What people copy does what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.docs.console import ROOT


def test_the_quickstart_ends_with_the_version_before_in_prod(tmp_path: Path) -> None:
    environment = {**os.environ, "QUICKSTART_DIR": str(tmp_path), "QUICKSTART_BIN": str(Path(sys.executable).parent)}
    done = subprocess.run(
        ["bash", str(ROOT / "examples" / "quickstart.sh")], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    resolved = (
        done.stdout.partition("$ gitreg resolve braking#prod")[2] or done.stdout.partition("$ gitreg resolve braking\\#prod")[2]
    )
    assert resolved.split("\n")[1] == "v1.0.0"
    assert '"coefficients"' in resolved
