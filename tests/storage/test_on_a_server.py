"""What a file keeps, a PostgreSQL server keeps too: the same rows, the same seals, the same files of an export."""

import os
import shutil
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import inspect, text

from bench.postgresql import UNPRIVILEGED, NoServerError, private_server
from clinical.commands import StartCase
from clinical.messages import FromOperator, Outcome
from clinical.metrics import ECG_II
from storage import upgrade
from storage.cases import check_case, faults_of, list_cases, open_case
from storage.engine import parse_url, reading_engine, writing_engine
from storage.envelopes import Envelopes
from storage.errors import StoreError, StoreForbiddenError, StoreUnreachableError, told_plainly
from storage.export.case_csv import export_case
from storage.importing.whole_case import import_case
from storage.recorder import Recorder
from storage.schema import METADATA
from storage.server import protected
from tests.storage.made_case import START, made_setup, minute, record
from tests.storage.stores import SERVER, address_of


@pytest.fixture
def on_server(postgresql):
    held = SERVER.set(postgresql)
    yield address_of
    SERVER.reset(held)


@pytest.fixture(scope="module")
def pair(postgresql, tmp_path_factory):
    """The same case of three minutes in a file and on a server."""
    folder = tmp_path_factory.mktemp("pair")
    here = record(folder / "a.sqlite", minute(190))
    held = SERVER.set(postgresql)
    there = record(folder / "a.sqlite", minute(190))
    SERVER.reset(held)
    return here, there


def changed(address, statement):
    with writing_engine(parse_url(address)).connect() as connection, connection.begin():
        return connection.execute(text(statement)).rowcount


def test_an_export_is_the_same_to_the_byte(pair, tmp_path):
    folders = []
    for place, address in enumerate(pair):
        with open_case(address, 1) as history:
            folders.append(export_case(history, tmp_path / str(place), program_version="1"))
    names = sorted(path.relative_to(folders[0]) for path in folders[0].rglob("*") if path.is_file())
    assert Path("numerics.csv") in names
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


def test_waveforms_are_read_from_minutes_and_overviews_alike(pair):
    columns = []
    for address in pair:
        with open_case(address, 1) as history:
            envelopes = Envelopes(history)
            columns.append(
                [one.lows for one in envelopes.read(START, START.plus(190), 40)]
                + [one.highs for one in envelopes.read(START, START.plus(9), 900)]
            )
            assert len(list(history.segments())) < 30
            assert history.waveform(ECG_II, START, START.plus(190)) is not None
    assert all(np.array_equal(first, second, equal_nan=True) for first, second in zip(*columns, strict=True))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE numerics SET value = value + 1 WHERE id = 40",
        "DELETE FROM alarm_transitions WHERE id = 2",
        "UPDATE commands SET by = 'nobody' WHERE id = 3",
        "DELETE FROM seals WHERE number = 2",
        "UPDATE cases SET weight_kg = 70",
    ],
)
def test_what_is_altered_on_a_server_is_named(on_server, tmp_path, statement):
    on_server(tmp_path / "a.sqlite")
    address = record(tmp_path / "a.sqlite", minute(24))
    assert check_case(address, 1).whole
    assert changed(address, statement) == 1
    assert not check_case(address, 1).whole


def test_a_record_comes_in_whole(pair, on_server, tmp_path):
    there = on_server(tmp_path / "in.sqlite")
    number = import_case(Path(pair[0].removeprefix("sqlite:///")), there)
    assert check_case(there, number).whole
    with open_case(pair[0], 1) as here, open_case(there, number) as came:
        assert here.chain() == came.chain()


def shape(address):
    with writing_engine(parse_url(address)).connect() as connection:
        look = inspect(connection)
        tables = {
            name: {(one["name"], str(one["type"]), one["nullable"]) for one in look.get_columns(name)} for name in look.get_table_names()
        }
        indexes = {(name, one["name"], tuple(one["column_names"])) for name in tables for one in look.get_indexes(name)}
    return tables, indexes


def test_migrations_give_the_schema_of_a_new_server(on_server, tmp_path):
    migrated, new = on_server(tmp_path / "migrated"), on_server(tmp_path / "new")
    with writing_engine(parse_url(migrated)).connect() as connection, connection.begin():
        upgrade.migrate(connection)
    record(tmp_path / "new", iter(()))
    assert shape(migrated) == shape(new)
    assert set(METADATA.tables) <= set(shape(new)[0])


def test_beds_that_open_an_empty_server_at_one_moment_all_get_in(on_server, tmp_path):
    address, faults = on_server(tmp_path / "empty"), []

    def opens():
        recorder = Recorder(address)
        try:
            recorder.open()
        except StoreError as fault:
            faults.append(fault)
        recorder.close()

    threads = [threading.Thread(target=opens) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert list_cases(address) == []


@pytest.mark.usefixtures("on_server")
def test_readers_of_a_server_cannot_write_and_see_one_moment(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(3))
    url = parse_url(address)
    with reading_engine(url).connect() as reader, reader.begin():
        before = reader.execute(text("SELECT count(*) FROM cases")).scalar_one()
        other = Recorder(address)
        other.open()
        setup = made_setup(uuid="another")
        other.keep(Outcome(message=FromOperator(START, StartCase(setup=setup)), case=setup))
        other.commit()
        other.close()
        assert reader.execute(text("SELECT count(*) FROM cases")).scalar_one() == before
    with pytest.raises(StoreForbiddenError), told_plainly(url), reading_engine(url).connect() as reader, reader.begin():
        reader.execute(text("DELETE FROM gaps"))
    assert faults_of(address) == []


@pytest.mark.parametrize(
    ("address", "mode"),
    [
        ("postgresql+psycopg://u@clinic.example/bedside", "verify-full"),
        ("postgresql+psycopg://u@clinic.example/bedside?sslmode=require", "require"),
        ("postgresql+psycopg://u@localhost/bedside", None),
        ("postgresql+psycopg:///bedside?host=/run/postgresql", None),
        ("postgresql+psycopg:///bedside?host=clinic.example", "verify-full"),
    ],
)
def test_a_server_elsewhere_must_show_who_it_is(address, mode):
    assert protected(parse_url(address)).query.get("sslmode") == mode


def test_a_server_without_a_certificate_is_refused_in_one_line(postgresql):
    address = postgresql.url() + "?sslmode=verify-full"
    with pytest.raises(StoreUnreachableError, match="clinic's own server") as refused:
        list_cases(address)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_a_server_that_shows_who_it_is_is_trusted_and_an_impostor_is_not(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here to make certificates with")
    try:
        with private_server() as server:
            server.stop()
            certificate = made_certificate(server, tmp_path, "localhost")
            server.start(ssl="on", ssl_cert_file="server.crt", ssl_key_file="server.key")
            verified = f"{server.url()}?sslmode=verify-full&sslrootcert={certificate}".replace("127.0.0.1", "localhost")
            assert len(list_cases(record_at(verified))) == 1
            with reading_engine(parse_url(verified)).connect() as connection:
                assert connection.execute(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).scalar_one()
            with pytest.raises(StoreUnreachableError, match="clinic's own server"):
                list_cases(verified.replace("localhost", "127.0.0.1"))  # the certificate has another name
            (tmp_path / "other").mkdir()
            other = made_certificate(server, tmp_path / "other", "localhost")
            with pytest.raises(StoreUnreachableError, match="clinic's own server"):
                list_cases(verified.replace(str(certificate), str(other)))
    except NoServerError as missing:
        pytest.skip(str(missing))


def made_certificate(server, folder, name):
    """A key and its own certificate for the server; a copy of the certificate for who asks."""
    words = [
        "req",
        "-new",
        "-x509",
        "-nodes",
        "-days",
        "2",
        "-newkey",
        "rsa:2048",
        "-subj",
        f"/CN={name}",
        "-addext",
        f"subjectAltName=DNS:{name}",
    ]
    subprocess.run(["openssl", *words, "-keyout", folder / "key", "-out", folder / "crt"], check=True, capture_output=True)
    for part, target in (("key", "server.key"), ("crt", "server.crt")):
        path = server.folder / "data" / target
        path.write_bytes((folder / part).read_bytes())
        path.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(path, UNPRIVILEGED)
    return folder / "crt"


def record_at(address):
    recorder = Recorder(address)
    recorder.open()
    for outcome in minute(3):
        recorder.keep(outcome)
    recorder.commit()
    recorder.close()
    return address
