"""A file to import: its encoding, its delimiter, its lines with their places, and the rejects that can be mended."""

from __future__ import annotations

import codecs
import csv
import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING

from service.errors import ErrorCode, Refusal
from service.files.columns import REJECT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Bytes of one line, and bytes and lines of one record of a table: beyond, something is wrong with its quotes.
MAX_LINE_BYTES = 8 << 20
MAX_RECORD_LINES = 1_000
SAMPLE_ROWS = 200

_CHUNK = 1 << 20
_DELIMITERS = ",;\t|"
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_WINDOWS = "cp1252"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file as bytes that are UTF-8, or of one byte a character; `digest` is the SHA-256 of what it was."""

    path: Path
    encoding: str
    digest: str
    size: int
    #: Where the first line starts, after a byte order mark.
    start: int
    is_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A record: where it stands, its bytes, and its cells where it is of a table. `end` is the place after it."""

    number: int
    raw: bytes
    end: int
    lines: int
    cells: tuple[str, ...] = ()
    fault: str | None = None


@contextmanager
def opened(name: str, stream: IO[bytes], *, encoding: str | None, is_json: bool | None) -> Iterator[Source]:
    """A source to read twice; standard input and UTF-16 are copied to a temporary file first.

    Raises:
        Refusal: the file cannot be read, or the encoding is not known.
    """
    with tempfile.TemporaryDirectory(prefix="isthisyou-import-") as folder:
        try:
            path = Path(name)
            if name == "-":
                path = Path(folder) / "stdin"
                with path.open("wb") as copy:
                    shutil.copyfileobj(stream, copy, _CHUNK)
            digest = _digest(path)
            path, encoding = _readable(path, Path(folder) / "copy", encoding)
        except (OSError, LookupError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "its encoding cannot be read"
            said = "Standard input" if name == "-" else name
            raise Refusal(ErrorCode.INVALID, f"{said} cannot be read: {reason}.") from None
        with path.open("rb") as file:
            head = file.read(1 << 12)
        start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
        if is_json is None:
            is_json = _seems_json(name, head[start:])
        size = path.stat().st_size
        yield Source(path=path, encoding=encoding, digest=digest, size=size, start=start, is_json=is_json)


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _seems_json(name: str, head: bytes) -> bool:
    suffix = Path(name).suffix.lower()
    if suffix in {".csv", ".tsv", ".txt"}:
        return False
    return suffix in {".jsonl", ".ndjson", ".json"} or head.lstrip().startswith(b"{")


def _readable(path: Path, copy: Path, encoding: str | None) -> tuple[Path, str]:
    """A path whose lines end in one byte, and its encoding."""
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    wanted = codecs.lookup(encoding).name if encoding else _UTF16.get(head[:2])
    old_mac = b"\r" in head and b"\n" not in head and wanted is None
    if wanted in {None, "utf-8", "utf-8-sig"} and not old_mac:
        return path, "utf-8" if wanted else _guessed(path)
    if wanted in {_WINDOWS, "iso8859-1", "iso8859-15", "ascii"} and not old_mac:
        return path, wanted
    with (
        path.open(encoding=wanted or _guessed(path), newline=None if old_mac else "") as text,
        copy.open("w", encoding="utf-8", newline="") as out,
    ):
        shutil.copyfileobj(text, out, _CHUNK)
    return copy, "utf-8"


def _guessed(path: Path) -> str:
    """UTF-8 where most lines with more than ASCII are, else Windows-1252."""
    fits = misfits = 0
    with path.open("rb") as file:
        while line := file.readline(MAX_LINE_BYTES):
            if not line.isascii():
                try:
                    line.decode()
                    fits += 1
                except UnicodeDecodeError:
                    misfits += 1
    return "utf-8" if fits >= misfits else _WINDOWS


# --- Lines ---


def json_lines(source: Source, position: int, done: int) -> Iterator[Line]:
    """Lines from a byte position, of which `done` lines come before; empty ones are left out."""
    with source.path.open("rb") as file:
        file.seek(position)
        while raw := file.readline(MAX_LINE_BYTES):
            done += 1
            fault = None if raw.endswith(b"\n") or len(raw) < MAX_LINE_BYTES else "the line is too long"
            if raw.strip():
                yield Line(number=done, raw=raw, end=file.tell(), lines=1, fault=fault)


def table_rows(source: Source, delimiter: str, position: int, done: int) -> Iterator[Line]:
    """Rows of a table; one may go over several lines. A row that never ends is its first line alone, with a fault."""
    csv.field_size_limit(2 * MAX_LINE_BYTES)
    with source.path.open("rb") as file:
        file.seek(position)
        waiting: list[bytes] = []
        while True:
            row = _Row(file, waiting, source.encoding)
            read = row.read(delimiter)
            waiting = row.waiting
            if not row.taken:
                return
            raw = b"".join(row.taken)
            position += len(raw)
            if any(map(str.strip, read.cells)) or read.fault:
                yield Line(
                    number=done + 1,
                    raw=raw,
                    end=position,
                    lines=len(row.taken),
                    cells=read.cells,
                    fault=read.fault,
                )
            done += len(row.taken)


@dataclass(frozen=True, slots=True)
class _Read:
    cells: tuple[str, ...] = ()
    fault: str | None = None


class _EndlessError(Exception):
    """A quote that opens and does not close within reason."""


class _Row:
    """Takes the lines of one row from a file, and gives back those that it took too many."""

    def __init__(self, file: IO[bytes], waiting: list[bytes], encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self.waiting = waiting
        self.taken: list[bytes] = []

    def read(self, delimiter: str) -> _Read:
        """The cells of the next row, which are none at the end of the file."""
        try:
            cells = next(csv.reader(self._texts(), delimiter=delimiter, strict=True), [])
        except _EndlessError:
            return self._first_alone("a quote is opened and never closed")
        except UnicodeDecodeError:
            return self._first_alone(f"this is not {self._encoding}")
        except csv.Error:
            if len(self.taken) == 1:
                return self._leniently(delimiter)
            return self._first_alone("a quote is opened and never closed")
        return _Read(cells=tuple(cells))

    def _texts(self) -> Iterator[str]:
        size = 0
        while True:
            line = self.waiting.pop(0) if self.waiting else self._file.readline(MAX_LINE_BYTES)
            if not line:
                return
            self.taken.append(line)
            size += len(line)
            if len(self.taken) > MAX_RECORD_LINES or size > MAX_LINE_BYTES:
                raise _EndlessError
            yield line.decode(self._encoding, "replace" if self._encoding == _WINDOWS else "strict")

    def _leniently(self, delimiter: str) -> _Read:
        """Quotes within a cell, as spreadsheets write them by hand: taken as they are, unless the row is left open."""
        text = self.taken[0].decode(self._encoding, "replace")
        rows = list(csv.reader([text], delimiter=delimiter))
        opened = csv.reader([text, "\n", "closed"], delimiter=delimiter)
        next(opened)
        if opened.line_num > 1:
            return _Read(fault="a quote is opened and never closed")
        return _Read(cells=tuple(rows[0]))

    def _first_alone(self, fault: str) -> _Read:
        self.waiting = [*self.taken[1:], *self.waiting]
        self.taken = self.taken[:1]
        return _Read(fault=fault)


def guess_delimiter(source: Source) -> str:
    """The delimiter that splits the first rows into the most, and equally many, cells."""
    return max(_DELIMITERS, key=lambda delimiter: _evenness(source, delimiter))


def _evenness(source: Source, delimiter: str) -> tuple[int, int]:
    widths = []
    for _, row in zip(range(20), table_rows(source, delimiter, source.start, 0), strict=False):
        widths.append(len(row.cells))
    # A table has two columns.
    if not widths or widths[0] <= 1:
        return 0, 0
    return sum(width == widths[0] for width in widths), widths[0]


# --- Rejects ---

_REJECT_START = re.compile(rb'^\d+(.)"[^"]*"\1', re.DOTALL)


def reject_header(header: bytes, delimiter: str) -> bytes:
    """The header of a rejects file: two columns before those of the original."""
    prefix = delimiter.join(REJECT_COLUMNS).encode()
    return _ended(header if header.startswith(prefix) else prefix + delimiter.encode() + header)


def reject_row(line: Line, reason: str, *, delimiter: str, encoding: str) -> bytes:
    """A row as it was, after its number and what is wrong with it."""
    match = _REJECT_START.match(line.raw)
    original = line.raw[match.end() :] if match and match[1] == delimiter.encode() else line.raw
    quoted = reason.replace('"', "'")
    return f'{line.number}{delimiter}"{quoted}"{delimiter}'.encode(encoding, "replace") + _ended(original)


def reject_line(line: Line) -> bytes:
    """A JSON line as it was."""
    return _ended(line.raw)


def _ended(raw: bytes) -> bytes:
    return raw if raw.endswith(b"\n") else raw + b"\n"


def write_rejects(path: Path, size: int, rejects: Sequence[bytes]) -> int:
    """Add to the first `size` bytes of a rejects file, on disk before this returns; gives its new size."""
    if not rejects and size == 0 and not path.exists():
        return 0
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(size)
        file.seek(size)
        file.writelines(rejects)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()
