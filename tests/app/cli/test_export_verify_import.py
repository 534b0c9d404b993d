"""The three commands as people run them, over one small case."""

import socket
import sqlite3
import threading

import pytest

from app.__main__ import main
from tests.app.pdf_reader import sizes, texts
from tests.storage.made_case import made_setup, minute, record


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("case") / "case.sqlite"
    record(path, minute(20))
    return path.read_bytes()


@pytest.fixture
def run(whole, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "case.sqlite").write_bytes(whole)

    def bedside(*arguments, database="case.sqlite"):
        status = main(["--database", f"sqlite:///{tmp_path / database}", *map(str, arguments)])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return status, told.out + told.err

    return bedside


def test_out_and_in_again_and_verified_at_each_step(run, tmp_path):
    out = tmp_path / "out"
    assert run("export", "last", "--format", "bedside", "--out", out) == (0, f"case 1, SIMULATED: 2 files in {out}\n")
    assert run("verify", 1)[0] == run("verify", out)[0] == run("verify", out / "case.sqlite")[0] == 0
    assert run("import", out, database="new.sqlite") == (0, f"case 1: imported from {out}\n")
    assert run("verify", made_setup().uuid, database="new.sqlite")[0] == 0
    status, told = run("import", out, database="new.sqlite")
    assert (status, told.count("\n"), "here already" in told) == (2, 1, True)


def test_verify_names_the_first_altered_row_and_file(run, tmp_path):
    with sqlite3.connect(tmp_path / "case.sqlite") as connection:
        connection.execute("UPDATE numerics SET value = 70 WHERE id >= 7")
    connection.close()
    status, told = run("verify", 1)
    assert status == 1
    assert "row 7 of numerics" in told
    assert run("export", 1, "--out", tmp_path / "csv")[0] == 0
    sheet = tmp_path / "csv" / "numerics.csv"
    sheet.write_bytes(sheet.read_bytes().replace(b"70", b"71", 1))
    assert run("verify", tmp_path / "csv") == (1, "numerics.csv is not as it was written\n")


@pytest.mark.parametrize(("form", "file", "pages"), [("pdf", "report.pdf", 3), ("handover", "handover.pdf", 1)])
def test_pages_on_the_paper_that_is_asked_for_and_verified(run, tmp_path, form, file, pages):
    out = tmp_path / "out"
    assert run("export", "last", "--format", form, "--paper", "letter", "--out", out) == (0, f"case 1, SIMULATED: 2 files in {out}\n")
    data = (out / file).read_bytes()
    assert (len(texts(data)), sizes(data)) == (pages, {(612, 792)})
    assert run("verify", out)[0] == 0
    (out / file).write_bytes(data.replace(b"SIM", b"sim", 1) + b" ")
    assert run("verify", out) == (1, f"{file} is not as it was written\n")


def test_the_sites_paper_is_used_where_none_is_named(run, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = tmp_path / "config" / "bedside" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('paper = "letter"\n')
    assert run("export", 1, "--format", "handover", "--out", tmp_path / "note")[0] == 0
    assert sizes((tmp_path / "note" / "handover.pdf").read_bytes()) == {(612, 792)}
    settings.write_text('paper = "a3"\n')
    status, told = run("export", 1, "--format", "pdf", "--out", tmp_path / "report")
    assert (status, told.count("\n")) == (2, 1)
    assert "paper must be a4 or letter, not 'a3'" in told


def test_sheets_with_a_report_beside_them_are_verified_and_come_in(run, tmp_path):
    assert run("export", 1, "--out", tmp_path / "csv")[0] == 0
    assert (tmp_path / "csv" / "report.pdf").is_file()
    assert run("verify", tmp_path / "csv")[0] == 0
    assert run("import", tmp_path / "csv" / "numerics_wide.csv", database="review.sqlite")[0] == 0


def test_a_recording_comes_in_to_be_reviewed(run, tmp_path):
    assert run("export", 1, "--format", "edf", "--out", tmp_path / "edf")[0] == 0
    assert run("import", tmp_path / "edf" / "case.edf", database="review.sqlite")[0] == 0
    assert '"simulated": false' in run("cases", "--json", database="review.sqlite")[1]
    status, told = run("import", tmp_path / "edf", database="review.sqlite")
    assert (status, "--format bedside" in told) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("export", "1"), "say where to"),
        (("export", "1", "--to", "tcp:localhost:1"), "--format hl7"),
        (("export", "1", "--format", "hl7", "--to", "localhost"), "tcp:HOST:PORT"),
        (("export", "1", "--format", "bedside", "--deidentify", "--out", "x"), "nothing of it can be hidden"),
        (("import", "/nowhere/at/all"), "does not exist"),
        (("verify", "99"), "has no case 99"),
    ],
)
def test_what_cannot_be_done_is_one_line(run, arguments, says):
    status, told = run(*arguments)
    assert status == 2
    assert says in told
    assert told.count("\n") == 1


def test_messages_go_to_a_listener_and_its_refusal_is_told(run):
    for answer, status in ((b"AA", 0), (b"AE", 2)):
        with socket.create_server(("127.0.0.1", 0)) as server:
            heard: list[bytes] = []
            listener = threading.Thread(target=listen, args=(server, heard, answer), daemon=True)
            listener.start()
            place = f"tcp:127.0.0.1:{server.getsockname()[1]}"
            found, told = run("export", 1, "--format", "hl7", "--to", place)
            listener.join(5)
        assert found == status
        assert heard[0].startswith(b"\x0bMSH|^~\\&|BEDSIDE")
        assert ("messages accepted by" if status == 0 else "did not accept message") in told


def listen(server: socket.socket, heard: list[bytes], answer: bytes) -> None:
    line, _ = server.accept()
    with line:
        data = b""
        while part := line.recv(65536):
            data += part
            while b"\x1c\r" in data:
                message, _, data = data.partition(b"\x1c\r")
                heard.append(message)
                number = message.split(b"|", 10)[9]
                line.sendall(b"\x0bMSH|^~\\&|X\rMSA|" + answer + b"|" + number + b"\r\x1c\r")
