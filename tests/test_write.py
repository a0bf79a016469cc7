"""Writing an output folder: what is touched, what is refused, and what a crash leaves."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar

import attrs
import pytest

import attrest
from attrest.filetree import FileTree
from attrest.ledger import Ledger
from attrest.manifest import STAGING, Manifest, compose, digest, read, up_to_date
from attrest.settings import Settings
from attrest.write import BlockedError, Change, EditedError, diff, save, write

OLD = {"docs/README.md": "# Old\n", "python/a.py": "a = 1\n", "python/gone/b.py": "b = 1\n"}
NEW = {"docs/README.md": "# New\n", "python/a.py": "a = 1\n", "python/more/c.py": "c = 1\n"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    document = tmp_path / "openapi.yaml"
    document.write_text("openapi: 3.1.0\n")
    return Settings(document=document, output=tmp_path / "out")


@pytest.fixture
def output(settings: Settings) -> Path:
    return settings.output


def made(files: dict[str, str], version: str = "1") -> tuple[FileTree, Manifest]:
    hashes = {path: digest(text.encode()) for path, text in files.items()}
    return FileTree(files), Manifest(generator={"attrest": version}, settings={}, sources={}, files=hashes)


def content(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file() and file.name != "manifest.json")
    return {file.relative_to(folder).as_posix(): file.read_text() for file in files}


def folders(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_dir()}


def kinds(changes: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(change.kind, change.path) for change in changes]


class TestWriting:
    def test_writes_every_file_and_a_manifest_that_lists_them(self, output: Path) -> None:
        write(*made(OLD), output)
        manifest = read(output)
        assert content(output) == OLD
        assert manifest is not None
        assert dict(manifest.files) == {path: digest(text.encode()) for path, text in OLD.items()}

    def test_says_what_it_changed(self, output: Path) -> None:
        write(*made(OLD), output)
        assert kinds(write(*made(NEW), output)) == [
            ("changed", "docs/README.md"),
            ("stale", "python/gone/b.py"),
            ("missing", "python/more/c.py"),
            ("changed", "manifest.json"),
        ]

    def test_leaves_files_alone_that_are_right(self, output: Path) -> None:
        write(*made(OLD), output)
        before = (output / "python/a.py").stat()
        write(*made(NEW), output)
        after = (output / "python/a.py").stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)

    def test_writes_nothing_when_nothing_changed(self, output: Path) -> None:
        write(*made(OLD), output)
        before = {file: file.stat().st_ino for file in output.rglob("*")}
        assert write(*made(OLD), output) == ()
        assert {file: file.stat().st_ino for file in output.rglob("*")} == before

    def test_removes_what_is_stale_and_the_folders_that_held_it(self, output: Path) -> None:
        write(*made(OLD), output)
        write(*made(NEW), output)
        assert content(output) == NEW
        assert folders(output) == {"docs", "python", "python/more"}

    def test_keeps_files_of_somebody_else_in_the_same_folders(self, output: Path) -> None:
        write(*made(OLD), output)
        (output / "python/gone/mine.txt").write_text("mine")
        write(*made(NEW), output)
        assert content(output) == {**NEW, "python/gone/mine.txt": "mine"}

    def test_brings_back_what_was_deleted(self, output: Path) -> None:
        write(*made(OLD), output)
        (output / "python/a.py").unlink()
        assert kinds(write(*made(OLD), output)) == [("missing", "python/a.py")]
        assert content(output) == OLD

    def test_refuses_to_write_outside_of_the_output(self, output: Path) -> None:
        tree, manifest = made({"../escaped.txt": ""})
        with pytest.raises(ValueError, match=r"\.\./escaped\.txt"):
            write(tree, manifest, output)
        assert not (output.parent / "escaped.txt").exists()


class TestEditedFiles:
    def test_all_are_named_and_nothing_is_written(self, output: Path) -> None:
        write(*made(OLD), output)
        (output / "docs/README.md").write_text("edited")
        (output / "python/gone/b.py").write_text("edited too")
        with pytest.raises(EditedError) as caught:
            write(*made(NEW), output)
        assert caught.value.paths == ("docs/README.md", "python/gone/b.py")
        assert content(output) == {
            "docs/README.md": "edited",
            "python/a.py": "a = 1\n",
            "python/gone/b.py": "edited too",
        }

    def test_force_overwrites_and_removes_them(self, output: Path) -> None:
        write(*made(OLD), output)
        (output / "docs/README.md").write_text("edited")
        (output / "python/gone/b.py").write_text("edited too")
        write(*made(NEW), output, force=True)
        assert content(output) == NEW

    def test_an_edit_that_is_what_gets_generated_is_no_obstacle(self, output: Path) -> None:
        write(*made(OLD), output)
        (output / "docs/README.md").write_text(NEW["docs/README.md"])
        write(*made(NEW), output)
        assert content(output) == NEW

    def test_files_that_were_there_before_are_not_taken_over(self, output: Path) -> None:
        (output / "docs").mkdir(parents=True)
        (output / "docs/README.md").write_text("somebody's")
        with pytest.raises(EditedError, match=r"docs/README\.md"):
            write(*made(OLD), output)
        assert content(output) == {"docs/README.md": "somebody's"}
        write(*made(OLD), output, force=True)
        assert content(output) == OLD

    @pytest.mark.parametrize(
        "damage",
        [
            lambda _manifest: "<<<<<<< ours",
            lambda _manifest: "[]",
            lambda manifest: json.dumps({**manifest, "format": 2}),
            lambda manifest: json.dumps({**manifest, "files": None}),
            lambda manifest: json.dumps({**manifest, "files": {"../victim.txt": "0"}}),
            lambda manifest: json.dumps({**manifest, "files": {"/victim.txt": "0"}}),
        ],
    )
    def test_a_manifest_that_cannot_be_trusted_vouches_for_nothing(
        self, output: Path, damage: Callable[[dict[str, object]], str]
    ) -> None:
        write(*made(OLD), output)
        manifest = output / "manifest.json"
        manifest.write_text(damage(json.loads(manifest.read_text())))
        assert read(output) is None
        with pytest.raises(EditedError) as caught:
            write(*made(NEW), output)
        assert caught.value.paths == ("docs/README.md", "manifest.json")


class TestLinks:
    @pytest.fixture
    def elsewhere(self, tmp_path: Path) -> Path:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        return elsewhere

    @pytest.mark.parametrize("force", [False, True])
    def test_a_linked_folder_is_not_written_into(self, output: Path, elsewhere: Path, *, force: bool) -> None:
        output.mkdir()
        (output / "python").symlink_to(elsewhere)
        with pytest.raises(BlockedError, match=r"python/a\.py"):
            write(*made(OLD), output, force=force)
        assert list(elsewhere.iterdir()) == []

    def test_nothing_stale_is_removed_through_a_link(self, output: Path, elsewhere: Path) -> None:
        write(*made(OLD), output)
        (output / "python/gone/b.py").rename(elsewhere / "b.py")
        (output / "python/gone").rmdir()
        (output / "python/gone").symlink_to(elsewhere)
        write(*made(NEW), output)
        assert content(elsewhere) == {"b.py": "b = 1\n"}

    def test_a_linked_file_is_replaced_only_by_force_and_never_followed(self, output: Path, elsewhere: Path) -> None:
        (elsewhere / "a.py").write_text("a = 1\n")
        (output / "python").mkdir(parents=True)
        (output / "python/a.py").symlink_to(elsewhere / "a.py")
        with pytest.raises(EditedError):
            write(*made({"python/a.py": "new"}), output)
        write(*made({"python/a.py": "new"}), output, force=True)
        assert (output / "python/a.py").read_text() == "new"
        assert not (output / "python/a.py").is_symlink()
        assert (elsewhere / "a.py").read_text() == "a = 1\n"

    def test_staging_does_not_follow_a_link(self, output: Path, elsewhere: Path) -> None:
        output.mkdir()
        (output / STAGING).symlink_to(elsewhere)
        with pytest.raises(BlockedError):
            write(*made(OLD), output, force=True)
        assert list(elsewhere.iterdir()) == []

    @pytest.mark.parametrize("force", [False, True])
    def test_a_folder_in_a_files_place_is_never_removed(self, output: Path, *, force: bool) -> None:
        (output / "docs/README.md").mkdir(parents=True)
        with pytest.raises(BlockedError, match=r"docs/README\.md"):
            write(*made(OLD), output, force=force)
        assert (output / "docs/README.md").is_dir()

    @pytest.mark.parametrize("force", [False, True])
    def test_a_file_in_a_folders_place_is_never_removed(self, output: Path, *, force: bool) -> None:
        output.mkdir()
        (output / "docs").write_text("somebody's")
        with pytest.raises(BlockedError, match=r"docs/README\.md"):
            write(*made(OLD), output, force=force)
        assert (output / "docs").read_text() == "somebody's"


class TestDiff:
    def test_shows_changed_missing_and_stale_files_and_writes_nothing(self, output: Path) -> None:
        write(*made(OLD), output)
        before = content(output)
        text = "".join(change.unified() for change in diff(*made(NEW), output))
        assert "--- a/docs/README.md\n+++ b/docs/README.md\n@@ -1 +1 @@\n-# Old\n+# New\n" in text
        assert "--- a/python/gone/b.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-b = 1\n" in text
        assert "--- /dev/null\n+++ b/python/more/c.py\n@@ -0,0 +1 @@\n+c = 1\n" in text
        assert content(output) == before

    def test_says_where_a_line_has_no_end(self, output: Path) -> None:
        write(*made({"a": "x"}), output)
        change, _manifest = diff(*made({"a": "y"}), output)
        assert change.unified() == (
            "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+y\n\\ No newline at end of file\n"
        )

    def test_does_not_need_the_folder(self, output: Path) -> None:
        assert kinds(diff(*made({"a": "x"}), output)) == [("missing", "a"), ("missing", "manifest.json")]
        assert not output.exists()


class _Crash(BaseException):
    """Neither an Exception nor an interrupt: nothing catches it to carry on."""


class _Saboteur:
    """Lets so many operations on the disk pass, then fails one, or that one and all that follow."""

    _EVENTS = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"})

    def __init__(self) -> None:
        self.left = -1
        self.struck = False
        self.stays_down = True
        self.error: type[BaseException] = _Crash
        sys.addaudithook(self._watch)

    def _watch(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.left < 0 or event not in self._EVENTS or (event == "open" and arguments[1] in {"r", "rb"}):
            return
        if self.left == 0:
            self.left = 0 if self.stays_down else -1
            self.struck = True
            raise self.error
        self.left -= 1

    @contextmanager
    def strikes_after(self, operations: int, error: type[BaseException], *, stays_down: bool) -> Iterator[None]:
        self.left, self.error, self.stays_down, self.struck = operations, error, stays_down, False
        try:
            yield
        finally:
            self.left = -1


@pytest.fixture(scope="module")
def saboteur() -> _Saboteur:
    return _Saboteur()


Audit = Callable[[str, tuple[object, ...]], None]


@pytest.fixture(scope="module")
def audited() -> list[Audit]:
    """What hears of every operation; a hook, once there, is never removed."""
    listening: list[Audit] = []

    def tell(event: str, arguments: tuple[object, ...]) -> None:
        for listener in listening:
            listener(event, arguments)

    sys.addaudithook(tell)
    return listening


@pytest.fixture
def audit(audited: list[Audit]) -> Iterator[Callable[[Audit], None]]:
    """Takes what hears of every operation until the test is over."""
    yield audited.append
    audited.clear()


CRASHES = [
    pytest.param(_Crash, True, id="crash"),
    pytest.param(KeyboardInterrupt, False, id="interrupt"),
    pytest.param(OSError, False, id="disk-error"),
]


class TestCrashes:
    THIRD: ClassVar = {"docs/README.md": "# Third\n", "python/d.py": "d = 1\n"}

    @pytest.mark.parametrize(("error", "stays_down"), CRASHES)
    def test_at_any_moment_every_file_is_old_or_new_and_the_next_run_completes(
        self, tmp_path: Path, saboteur: _Saboteur, error: type[BaseException], *, stays_down: bool
    ) -> None:
        operations = 0
        saboteur.struck = True
        while saboteur.struck:
            output = tmp_path / str(operations)
            write(*made(OLD), output)
            with suppress(error), saboteur.strikes_after(operations, error, stays_down=stays_down):
                write(*made(NEW, "2"), output)
            self.assert_whole(output)
            write(*made(self.THIRD, "3"), output)
            assert content(output) == self.THIRD
            if error is not OSError:  # an empty folder that the disk would not remove stays, and does no harm
                assert folders(output) == {"docs", "python"}
            operations += 1
        assert operations > 10

    @pytest.mark.parametrize(("error", "stays_down"), CRASHES)
    def test_a_second_crash_is_survived_too(
        self, tmp_path: Path, saboteur: _Saboteur, error: type[BaseException], *, stays_down: bool
    ) -> None:
        struck = 0
        for first in range(0, 30, 2):
            for second in range(0, 30, 3):
                output = tmp_path / f"{first}-{second}"
                write(*made(OLD), output)
                for files, version, operations in ((NEW, "2", first), (self.THIRD, "3", second)):
                    with suppress(error), saboteur.strikes_after(operations, error, stays_down=stays_down):
                        write(*made(files, version), output)
                    struck += saboteur.struck
                write(*made(OLD), output)
                assert content(output) == OLD
        assert struck > 100

    def test_an_edit_after_a_crash_is_still_an_edit(self, output: Path, saboteur: _Saboteur) -> None:
        write(*made(OLD), output)
        with pytest.raises(_Crash), saboteur.strikes_after(12, _Crash, stays_down=True):
            write(*made(NEW, "2"), output)
        assert (output / STAGING).exists()
        (output / "docs/README.md").write_text("edited")
        with pytest.raises(EditedError, match=r"docs/README\.md"):
            write(*made(self.THIRD, "3"), output)

    @pytest.mark.parametrize(
        ("event", "path"),
        [
            ("open", f"{STAGING}/files/python/more/c.py"),
            ("os.rename", f"{STAGING}/files/python/more/c.py"),
            ("os.mkdir", "python/more"),
            ("os.remove", "python/gone/b.py"),
            ("open", f"{STAGING}/journal.json.new"),
        ],
    )
    def test_a_full_disk_is_explained_by_the_place_that_was_meant(
        self, output: Path, audit: Callable[[Audit], None], event: str, path: str
    ) -> None:
        def watch(happened: str, arguments: tuple[object, ...]) -> None:
            if happened == event and arguments[0] in (str(output / path), output / path):
                raise OSError(errno.ENOSPC, "No space left on device", str(arguments[0]))

        write(*made(OLD), output)
        audit(watch)
        blamed = output if path.endswith(".new") else output / path.removeprefix(f"{STAGING}/files/")
        with pytest.raises(OSError, match=rf"^cannot write {re.escape(str(blamed))}: No space left on device$"):
            write(*made(NEW, "2"), output)

    @staticmethod
    def assert_whole(output: Path) -> None:
        for path in {*OLD, *NEW}:
            file = output / path
            found = file.read_text() if file.exists() else None
            assert found in {OLD.get(path), NEW.get(path)}
        assert (output / "manifest.json").read_text() in {made(OLD)[1].to_text(), made(NEW, "2")[1].to_text()}


class TestInterrupts:
    PROGRAM: ClassVar = """\
import os, signal, sys
from pathlib import Path
from attrest.filetree import FileTree
from attrest.ledger import Ledger
from attrest.manifest import Manifest, digest
from attrest.write import write

output, number, left = Path(sys.argv[1]), signal.Signals[sys.argv[2]], int(sys.argv[3])
files = eval(sys.argv[4])

def watch(event, arguments):
    global left
    if event in {"os.rename", "os.remove", "os.rmdir", "os.mkdir"}:
        left -= 1
        if left == 0:
            print("struck", flush=True)
            os.kill(os.getpid(), number)

hashes = {path: digest(text.encode()) for path, text in files.items()}
manifest = Manifest(generator={"attrest": "2"}, settings={}, sources={}, files=hashes)
sys.addaudithook(watch)
write(FileTree(files), manifest, output)
left = 0
"""

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_leave_the_old_tree_or_the_new_one(self, tmp_path: Path, number: signal.Signals) -> None:
        old, new = (
            {f"{name}/{it}.py": f"{name} {it}" for it in "abc" for name in (which, "both")} for which in ("old", "new")
        )
        new = {path: f"{text}, new" for path, text in new.items()}
        seen = set()
        for operations in range(4, 100, 4):
            output = tmp_path / str(operations)
            write(*made(old), output)
            done = subprocess.run(
                (sys.executable, "-c", self.PROGRAM, output, number.name, str(operations), repr(new)),
                env={**os.environ, "PYTHONPATH": str(Path(attrest.__file__).parents[1])},
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
            if done.stdout != "struck\n":
                assert done.returncode == 0, done.stderr
                break
            assert done.returncode == -number, done.stderr  # it takes effect, if later
            found = {path: text for path, text in content(output).items() if not path.startswith(STAGING)}
            assert found in (old, new)
            seen.add(found == new)
        else:
            raise AssertionError("there are more operations than were tried")
        assert seen == {True, False}

    def test_are_not_touched_in_another_thread(self, output: Path) -> None:
        with ThreadPoolExecutor() as threads:
            threads.submit(write, *made(OLD), output).result()
        assert content(output) == OLD

    def test_have_their_handlers_back(self, output: Path) -> None:
        before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
        write(*made(OLD), output)
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


class TestUpToDate:
    @pytest.fixture
    def written(self, settings: Settings) -> Settings:
        tree = FileTree(OLD)
        sources = {"openapi.yaml": digest(settings.document.read_bytes())}
        write(tree, compose(settings, sources, tree, Ledger()), settings.output)
        return settings

    def test_after_writing(self, written: Settings) -> None:
        assert up_to_date(written, written.output)

    def test_not_without_a_manifest(self, settings: Settings) -> None:
        assert not up_to_date(settings, settings.output)

    @pytest.mark.parametrize(
        "change",
        [
            lambda settings: settings.document.write_text("openapi: 3.1.1\n"),
            lambda settings: settings.document.unlink(),
            lambda settings: (settings.output / "python/a.py").write_text("edited"),
            lambda settings: (settings.output / "python/a.py").unlink(),
            lambda settings: (settings.output / "manifest.json").write_text("{}"),
            lambda settings: (settings.output / STAGING).mkdir(),
        ],
        ids=["description", "no description", "output edited", "output deleted", "manifest", "cut short"],
    )
    def test_not_after_a_change_of(self, written: Settings, change: Callable[[Settings], object]) -> None:
        change(written)
        assert not up_to_date(written, written.output)

    def test_not_with_another_name(self, written: Settings) -> None:
        assert not up_to_date(attrs.evolve(written, package="other"), written.output)

    def test_not_where_validity_is_asked_for_and_was_not_before(self, written: Settings) -> None:
        assert not up_to_date(attrs.evolve(written, gate=True), written.output)

    def test_where_validity_is_not_asked_for_any_more(self, settings: Settings) -> None:
        tree = FileTree(OLD)
        sources = {"openapi.yaml": digest(settings.document.read_bytes())}
        write(tree, compose(attrs.evolve(settings, gate=True), sources, tree, Ledger()), settings.output)
        assert up_to_date(attrs.evolve(settings, gate=True), settings.output)
        assert up_to_date(settings, settings.output)

    def test_not_with_other_templates(self, written: Settings, tmp_path: Path) -> None:
        templates = tmp_path / "templates"
        templates.mkdir()
        changed = attrs.evolve(written, templates=templates)
        (templates / "model.py.jinja").write_text("{{ one }}")
        assert not up_to_date(changed, written.output)

    def test_whatever_else_lies_beside_the_templates(self, written: Settings, tmp_path: Path) -> None:
        templates = tmp_path / "templates"
        templates.mkdir()
        with_templates = attrs.evolve(written, templates=templates)
        before = compose(with_templates, {}, FileTree({}), Ledger())
        for name in (".DS_Store", ".model.py.j2.swp", "model.py.j2~", "README.md", ".hidden.j2"):
            (templates / name).write_text("noise")
        assert compose(with_templates, {}, FileTree({}), Ledger()) == before
        (templates / "model.py.j2").write_text("{{ one }}")
        assert compose(with_templates, {}, FileTree({}), Ledger()) != before

    def test_not_with_another_version_of_a_tool(self, written: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("attrest.manifest.version", lambda _tool: "0")
        assert not up_to_date(written, written.output)


class TestSave:
    def test_replaces_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "bundle.yaml"
        file.write_text("old")
        save("new", file)
        assert file.read_text() == "new"
        assert list(tmp_path.iterdir()) == [file]

    def test_leaves_the_old_file_when_the_disk_refuses(self, tmp_path: Path, saboteur: _Saboteur) -> None:
        file = tmp_path / "bundle.yaml"
        file.write_text("old")
        with pytest.raises(OSError), saboteur.strikes_after(1, OSError, stays_down=False):  # noqa: PT011  # bare on purpose
            save("new", file)
        assert file.read_text() == "old"
        assert list(tmp_path.iterdir()) == [file]

    @pytest.fixture
    def umask(self) -> Iterator[None]:
        before = os.umask(0o027)
        yield
        assert os.umask(before) == 0o027

    @pytest.mark.usefixtures("umask")
    def test_makes_a_file_as_any_program_does(self, tmp_path: Path) -> None:
        save("new", tmp_path / "bundle.yaml")
        assert (tmp_path / "bundle.yaml").stat().st_mode & 0o777 == 0o640

    @pytest.mark.usefixtures("umask")
    def test_keeps_the_mode(self, tmp_path: Path) -> None:
        file = tmp_path / "bundle.yaml"
        file.write_text("old")
        file.chmod(0o664)
        save("new", file)
        assert file.stat().st_mode & 0o777 == 0o664

    @pytest.mark.parametrize("exists", [True, False])
    def test_writes_what_a_link_leads_to(self, tmp_path: Path, *, exists: bool) -> None:
        (tmp_path / "there").mkdir()
        target = tmp_path / "there/real.yaml"
        if exists:
            target.write_text("old")
        link = tmp_path / "bundle.yaml"
        link.symlink_to("there/real.yaml")
        save("new", link)
        assert link.readlink() == Path("there/real.yaml")
        assert target.read_text() == "new"
        assert list(target.parent.iterdir()) == [target]

    def test_writes_a_file_of_several_names_under_all_of_them(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text("old")
        (tmp_path / "b.yaml").hardlink_to(tmp_path / "a.yaml")
        save("new", tmp_path / "a.yaml")
        assert (tmp_path / "b.yaml").read_text() == "new"

    @pytest.mark.parametrize("linked", [True, False])
    def test_writes_into_a_pipe(self, tmp_path: Path, *, linked: bool) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        (tmp_path / "link").symlink_to("pipe")
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            save("new", tmp_path / ("link" if linked else "pipe"))
            assert os.read(reader, 10) == b"new"
        finally:
            os.close(reader)
        assert pipe.is_fifo()
        assert (tmp_path / "link").is_symlink()

    def test_says_what_it_could_not_write_and_why(self, tmp_path: Path) -> None:
        (tmp_path / "loop").symlink_to("loop")
        (tmp_path / "file").write_text("")
        for name, reason in (
            ("nowhere/b.yaml", "No such file or directory"),
            ("file/b.yaml", "Not a directory"),
            (".", "Is a directory"),
            ("loop", "Too many levels of symbolic links"),
        ):
            with pytest.raises(OSError, match=re.escape(f"cannot write {tmp_path / name}: {reason}")):
                save("new", tmp_path / name)
