import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.kept_key import KeptKeyError, kept_key


def test_a_key_is_made_once_and_is_ours_alone(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: kept_key("a.key", tmp_path), range(16)))
    assert len(keys) == 1
    assert len(keys.pop()) == 32
    assert [path.name for path in tmp_path.iterdir()] == ["a.key"]
    assert kept_key("b.key", tmp_path) != kept_key("a.key", tmp_path)
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "a.key").stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_key_that_others_can_read_or_that_was_cut_is_refused(tmp_path):
    kept_key("a.key", tmp_path)
    (tmp_path / "a.key").chmod(0o644)
    with pytest.raises(KeptKeyError, match="others"):
        kept_key("a.key", tmp_path)
    (tmp_path / "a.key").chmod(0o600)
    (tmp_path / "a.key").write_bytes(b"short")
    with pytest.raises(KeptKeyError, match="no key of 32 bytes"):
        kept_key("a.key", tmp_path)
