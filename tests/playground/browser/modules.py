"""What the page's modules import, so that the page can ask for all of them at once."""

import re
from pathlib import Path

import playground

PAGE = Path(playground.__file__).parent / "page"
STATIC = re.compile(r"^(?:import|export)\b[^'\"]*?\bfrom\s+'([^']+)'", re.MULTILINE)


def at_start(entry: Path = PAGE / "app.js") -> list[str]:
    """The addresses of all modules without which the page does not start, in no special order."""
    found: set[Path] = set()
    ahead = [entry]
    while ahead:
        module = ahead.pop()
        if module in found:
            continue
        found.add(module)
        names = STATIC.findall(module.read_text(encoding="utf-8"))
        ahead += [(module.parent / name).resolve() for name in names]
    return sorted(f"/page/{module.relative_to(PAGE).as_posix()}" for module in found)


def preloaded() -> list[str]:
    """What `index.html` asks for before it is needed."""
    text = (PAGE / "index.html").read_text(encoding="utf-8")
    return re.findall(r'<link rel="modulepreload" href="([^"]+)">', text)
