"""Files in a bucket: put and read over S3, found in the folder where they lay before, told when it fails."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from survey.services.attach_evidence import add_evidence
from survey.services.back_up import back_up
from survey.services.errors import Refused
from survey.services.evidence_files import remove_file
from survey.services.examine import Level, examine
from survey.services.file_place import file_store, read_bucket
from survey.services.instance import DatabaseTrouble, secret_key
from survey.services.stored_files import place_of
from survey.storage.s3_store import Bucket
from tests.core.handed_files import JPEG, PDF
from tests.services.test_evidence_files import DOCUMENT, hand_in, take
from tests.services.world import World, at

SECRET = "khoa-bi-mat"


class Shelf(ThreadingHTTPServer):
    """What of S3 we use: one object is put whole under its name and got back, by those who sign."""

    objects: dict[str, bytes]
    broken = False


class Answers(BaseHTTPRequestHandler):
    server: Shelf

    def do_PUT(self) -> None:
        self.server.objects[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200)

    def do_GET(self) -> None:
        found = self.server.objects.get(self.path)
        self._answer(404 if found is None else 200, found or b"")

    def _answer(self, status: int, content: bytes = b"") -> None:
        signed = self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 Credential=tai-khoan/")
        self.send_response(status if signed and not self.server.broken else 403)
        content = content if signed else b""
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Mon, 23 Nov 2026 02:00:00 GMT")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    server = Shelf(("127.0.0.1", 0), Answers)
    server.objects, server.daemon_threads = {}, True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "instance"
    made.mkdir()
    secret_key(made)
    return made


def use(shelf: Shelf, folder: Path) -> None:
    (folder / "config.toml").write_text(
        f'[files]\nbucket = "kho"\nendpoint = "http://127.0.0.1:{shelf.server_port}"\nprefix = "danh-gia"\n'
        f'access_key = "tai-khoan"\nsecret_key = "{SECRET}"\n',
        encoding="utf-8",
    )


def levels(world: World, folder: Path) -> dict[str, Level]:
    return {finding.key: finding.level for finding in examine(world.database, folder, clock=at())}


def test_a_file_goes_to_the_bucket_and_those_of_before_are_still_read(
    world: World, folder: Path, tmp_path: Path, shelf: Shelf
) -> None:
    document = world.act(add_evidence, "clerk", DOCUMENT, ["1.1"]).id
    before = hand_in(world, folder, document, PDF).file
    use(shelf, folder)
    assert before is not None
    assert take(world, folder, document, before.id) == PDF
    after = hand_in(world, folder, document, JPEG, seen=2).file
    assert after is not None
    assert take(world, folder, document, after.id) == JPEG
    (name,) = shelf.objects
    digest = name.rpartition("/")[2]
    assert name == f"/kho/danh-gia/files/{digest[:2]}/{digest}"
    assert not place_of(folder, digest).exists()
    made = back_up(world.database, folder, tmp_path / "a.tar", clock=at())
    assert (made.files, made.missing_files) == (2, ())
    shelf.objects[name] = b"khac"
    with pytest.raises(DatabaseTrouble):
        take(world, folder, document, after.id)


def test_a_bucket_that_fails_keeps_nothing_and_is_told(world: World, folder: Path, shelf: Shelf) -> None:
    document = world.act(add_evidence, "clerk", DOCUMENT, ["1.1"]).id
    use(shelf, folder)
    shelf.broken = True
    with pytest.raises(DatabaseTrouble):
        hand_in(world, folder, document, PDF)
    shelf.broken = False
    assert hand_in(world, folder, document, PDF).revision == 2
    world.act(remove_file, "clerk", document)
    shelf.objects.clear()
    assert file_store(folder) is file_store(folder)
    assert "files_broken" in levels(world, folder)


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"files": "kho"}, "files"),
        ({"files": {}}, "bucket"),
        ({"files": {"bucket": "a/b"}}, "bucket"),
        ({"files": {"bucket": "a", "endpoint": "kho.example"}}, "endpoint"),
        ({"files": {"bucket": "a", "access_key": "b"}}, "access_key"),
        ({"files": {"bucket": "a", "secret_key": "b"}}, "access_key"),
    ],
)
def test_a_bucket_that_cannot_be_is_refused_at_its_key(config: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as caught:
        read_bucket(config, {})
    assert caught.value.field == field
    assert caught.value.sentence("vi") != caught.value.sentence("en")


def test_a_bucket_named_wrongly_keeps_nothing_and_the_doctor_says_which_key(world: World, folder: Path) -> None:
    document = world.act(add_evidence, "clerk", DOCUMENT, ["1.1"]).id
    (folder / "config.toml").write_text('[files]\nendpoint = "http://127.0.0.1:1"\n', encoding="utf-8")
    with pytest.raises(DatabaseTrouble):
        hand_in(world, folder, document, PDF)
    assert levels(world, folder)["files_config"] is Level.FAULT


def test_the_secret_may_stand_in_a_variable_and_is_never_shown() -> None:
    config = {"files": {"bucket": "a", "access_key": "b", "prefix": "/x/"}}
    found = read_bucket(config, {"SANSANGSO_S3_SECRET": SECRET})
    assert found == Bucket("a", region="us-east-1", prefix="x/", access_key="b", secret_key=SECRET)
    assert SECRET not in repr(found)
    assert read_bucket({}) is None
