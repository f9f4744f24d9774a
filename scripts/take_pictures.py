"""Takes the pictures in docs/images: the dashboard as a browser shows it, light and dark, cut to its height.

Run after ``make demo``: ``.venv/bin/python scripts/take_pictures.py``. Needs Chromium.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from snowmelt.workspace import Workspace

IMAGES = Path(__file__).parents[1] / "docs" / "images"
WIDTH = 1280
SCHEMES = {"light": 1, "dark": 0}
"""Colour scheme -> Blink's number for it."""


def main() -> int:
    """Writes the pictures and gives the exit code."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    dashboard = Workspace.from_environment().reports / "dashboard.html"
    if browser is None or not dashboard.exists():
        what = f"{dashboard}: run `make demo`" if browser else "Chromium: install it (Debian: apt install chromium)"
        print(f"take_pictures: there is no {what}", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    for scheme, number in SCHEMES.items():
        take(browser, dashboard.as_uri(), IMAGES / f"dashboard-{scheme}.png", number)
    return 0


def take(browser: str, address: str, image: Path, scheme: int) -> None:
    """One picture of a page, as high as the page is."""
    height = page_height(browser, address)
    run(browser, f"--window-size={WIDTH},{height}", f"--screenshot={image}", *preferred(scheme), address)
    print(f"{image.name}: {WIDTH}x{height}")


def page_height(browser: str, address: str) -> int:
    """The height of the page's document in CSS pixels, from a first rendering."""
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "probe.html"
        probe.write_text(
            f'<iframe id=f src="{address}" width={WIDTH} height=900></iframe><script>onload=()=>setTimeout(()=>'
            "document.title=f.contentDocument.documentElement.scrollHeight,3000)</script>",
            encoding="utf-8",
        )
        dom = run(browser, "--allow-file-access-from-files", "--dump-dom", probe.as_uri())
    return int(dom.partition("<title>")[2].partition("</title>")[0])


def preferred(scheme: int) -> tuple[str, ...]:
    """The flag that makes pages see a colour scheme."""
    return (f"--blink-settings=preferredColorScheme={scheme}",)


def run(browser: str, *arguments: str) -> str:
    """What the browser prints; it runs alone, with a fresh profile and no network of its own."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"]
        command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        command += ["--virtual-time-budget=8000", f"--user-data-dir={profile}", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
