"""The zip around an XLSX file: judged before anything in it is read."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from xml.parsers import expat

from classroom.core.errors import Refusal
from classroom.core.sheets.cells import SheetLimits

_CHUNK = 65_536
_MEMBER = b"PK\x01\x02"
Attributes = dict[str, str]


class Package:
    """The members of an XLSX file that were found harmless to open."""

    def __init__(self, archive: zipfile.ZipFile, limits: SheetLimits) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        self._left = limits.max_unpacked
        self.limits = limits

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def parse(
        self,
        name: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
        content: bytes | None = None,
    ) -> None:
        """Stream one XML member, or its `content` read before, through the handlers, names without their prefix.

        A DTD or entity is refused.
        """
        depth = 0

        def opened(tag: str, attributes: Attributes) -> None:
            nonlocal depth
            depth += 1
            if depth > self.limits.max_depth:
                raise Refusal("sheet.broken")
            start(tag.rpartition("}")[2], attributes)

        def closed(tag: str) -> None:
            nonlocal depth
            depth -= 1
            if end:
                end(tag.rpartition("}")[2])

        parser = _parser()
        parser.StartElementHandler = opened
        parser.EndElementHandler = closed
        if text:
            parser.CharacterDataHandler = text
        try:
            for chunk in self._chunks(name) if content is None else (content,):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:  # an encoding that is unknown, or no text at all
            raise Refusal("sheet.broken") from error

    def read(self, name: str) -> bytes:
        """The whole of one member, counted against what may be unpacked."""
        return b"".join(self._chunks(name))

    def _chunks(self, name: str) -> Iterator[bytes]:
        if name not in self._names:
            raise Refusal("sheet.broken")
        try:
            with self._archive.open(name) as member:
                while chunk := member.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise Refusal("sheet.unpacks_too_large")
                    yield chunk
        except (
            zipfile.BadZipFile,
            EOFError,
            NotImplementedError,
            OSError,
            RuntimeError,
            ValueError,
        ) as error:
            raise Refusal("sheet.broken") from error
        except Exception as error:
            if type(error).__module__ in ("zlib", "lzma"):
                raise Refusal("sheet.broken") from error
            raise


@contextmanager
def open_package(data: bytes, limits: SheetLimits) -> Iterator[Package]:
    """Open an XLSX file after judging its members, their declared sizes and what kind of document it is."""
    # The zip module makes an object of every member at once; a file may list hundreds of thousands.
    if data.count(_MEMBER) > limits.max_members * 10:
        raise Refusal("sheet.too_many_members")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refusal("sheet.broken") from error
    with archive:
        _check_members(archive.infolist(), len(data), limits)
        yield Package(archive, limits)


def _check_members(members: list[zipfile.ZipInfo], packed: int, limits: SheetLimits) -> None:
    if len(members) > limits.max_members:
        raise Refusal("sheet.too_many_members")
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.max_unpacked or (unpacked > limits.ratio_from and unpacked > packed * limits.max_ratio):
        raise Refusal("sheet.unpacks_too_large")
    if any(member.flag_bits & 1 for member in members):
        raise Refusal("sheet.encrypted")
    names = {member.filename for member in members}
    if len(names) != len(members):
        raise Refusal("sheet.broken")
    if any(re.search(r"vbaProject|macrosheets/", name, re.IGNORECASE) for name in names):
        raise Refusal("sheet.has_macros")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Refusal("sheet.not_a_spreadsheet", suffix="")


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_dtd
    parser.EntityDeclHandler = _refuse_dtd
    return parser


def _refuse_dtd(*_declaration: object) -> None:
    raise Refusal("sheet.has_entities")
