"""Reads a workbook with the standard library: a second opinion on what was written."""

import io
import zipfile
from xml.etree import ElementTree as ET

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Sheet:
    """Cells by row; text is text, numbers are numbers."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml.decode()
        self.rows: list[dict[str, str | float]] = []
        for row in ET.fromstring(xml).iter(f"{_NS}row"):  # noqa: S314 - our own file
            found: dict[str, str | float] = {}
            for one in row.iter(f"{_NS}c"):
                column = one.attrib["r"].rstrip("0123456789")
                if one.attrib.get("t") == "inlineStr":
                    found[column] = "".join(part.text or "" for part in one.iter(f"{_NS}t"))
                else:
                    found[column] = float(one.findtext(f"{_NS}v") or "nan")
            self.rows.append(found)

    def named(self) -> list[dict[str, str | float]]:
        """Rows below the head, by its names."""
        head, *rows = self.rows
        return [{str(head[at]): value for at, value in row.items()} for row in rows]


def sheets(content: bytes) -> dict[str, Sheet]:
    """By name, in order."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = [
            one.attrib["name"]
            for one in ET.fromstring(book.read("xl/workbook.xml")).iter(f"{_NS}sheet")  # noqa: S314
        ]
        return {
            name: Sheet(book.read(f"xl/worksheets/sheet{at}.xml"))
            for at, name in enumerate(names, start=1)
        }
