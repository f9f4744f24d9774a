"""Copies a configuration with all that it reads, so that nothing is written into the repository."""

import shutil
from pathlib import Path

_LEFT = shutil.ignore_patterns(".terraform", ".terraform.lock.hcl", "*.tfstate", "*.tfstate.*")
_HIDDEN = (".git", ".venv", ".snowmelt")


def copied(folder: Path, tree: Path) -> Path:
    """The copy of a folder of configuration, at the place in `tree` that it has in its repository.

    The nearest folder above that holds an `infra` is the repository: `infra` is copied, and beside it stand links to
    whatever else there is, because templates and files are read from there. Any other folder is copied alone.
    """
    folder = folder.resolve()
    root = next((parent for parent in folder.parents if (parent / "infra") in (folder, *folder.parents)), None)
    if tree.exists():
        shutil.rmtree(tree)
    if root is None:
        shutil.copytree(folder, tree, ignore=_LEFT)
        return tree
    shutil.copytree(root / "infra", tree / "infra", ignore=_LEFT)
    for entry in root.iterdir():
        if entry.name != "infra" and entry.name not in _HIDDEN:
            (tree / entry.name).symlink_to(entry)
    return tree / folder.relative_to(root)
