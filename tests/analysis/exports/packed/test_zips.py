"""One way to pack: piece by piece and as a whole the same bytes, which every program unpacks; what is single is private."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO

from analysis.exports.packed.zips import pieces, write_zip, zipped

WHEN = datetime(2014, 3, 9, 8, 7, 6, tzinfo=UTC)
FILES = [("甲.txt", b"a" * 5000), ("verify/responses.csv", b"x"), ("responses/q.csv", b"y"), ("leer.txt", b"")]


def test_a_piece_a_file_and_the_whole_are_the_same_bytes(tmp_path):
    found = list(pieces(iter(FILES), WHEN))
    assert len(found) == len(FILES) + 1
    assert b"".join(found) == zipped(FILES, WHEN) == write_zip(tmp_path / "a.zip", FILES, WHEN).read_bytes()


def test_what_was_packed_is_read_back_with_its_time_and_rights():
    with zipfile.ZipFile(BytesIO(zipped(FILES, WHEN))) as archive:
        assert archive.testzip() is None
        assert [(i.filename, archive.read(i)) for i in archive.infolist()] == FILES
        assert {i.date_time for i in archive.infolist()} == {(2014, 3, 9, 8, 7, 6)}
        assert [i.external_attr >> 16 for i in archive.infolist()] == [0o644, 0o600, 0o600, 0o644]


def test_a_piece_is_made_when_it_is_asked_for():
    made = []

    def files():
        for name, data in FILES:
            made.append(name)
            yield name, data

    next(pieces(files(), WHEN))
    assert made == ["甲.txt"]
