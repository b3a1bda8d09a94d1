"""Which files are stored as a whole."""

from types import ModuleType

from flows.store import Store
from flows.store.files import StoredFile, file_id, save_files, stored_files
from flows.store.validators import validator


def test_a_file_is_known_by_its_stamp(store: Store, make: ModuleType) -> None:
    one, two = file_id("desk", "a.txt"), file_id("wire", "a.txt")
    assert stored_files(store, {one: "s"}) == {}
    save_files(store, [StoredFile(one, "desk", "s", 3), StoredFile(two, "wire", "s", 0)], make.minutes(1))
    assert stored_files(store, {one: "s", two: "t", "none": "s"}) == {one: 3}
    save_files(store, [StoredFile(one, "desk", "t", 4)], make.minutes(2))
    assert stored_files(store, {one: "t"}) == {one: 4}
    save_files(store, [], make.minutes(3))
    (document,) = store.find("files", {"source": "desk"})
    assert set(document) == set(validator("files")["required"])
    assert document["seen_at"] == make.minutes(2)
    store.sync()
    assert store.count("files") == 2
