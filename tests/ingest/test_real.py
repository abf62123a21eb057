"""Real repositories, where they are at hand: every tag is listed and every documentation blob can be read."""

import contextlib

import pytest

from builder.ingest.source import IngestSettings, open_repository
from builder.ingest.vetting import vet
from builder.model.snapshot import FileKind, blob_id

pytestmark = pytest.mark.real


@pytest.fixture(params=["random", "google"])
def view(request, shared_data, tmp_path):
    bundles = {"https://git.example/": f"file://{shared_data}/repos/"}
    url = f"https://git.example/terraform-provider-{request.param}"
    with contextlib.closing(open_repository(url, IngestSettings(tmp_path, bundles))) as view:
        yield view


def test_every_documentation_blob_of_every_tag_is_read(view):
    tags = view.tags()
    assert len(tags) >= 20
    assert all(tag.created > "2017" for tag in tags.values())
    blobs = {}
    for tag in tags.values():
        tree = view.tree(tag.commit)
        files, faults = vet(tree.files(), 100_000)
        assert faults == ()
        pages = (
            f for f in files if f.kind is FileKind.FILE and f.path.endswith((".md", ".markdown"))
        )
        blobs.update({file.blob: (tree, file) for file in pages})
    assert len(blobs) > 100
    for blob, (tree, file) in blobs.items():
        assert blob_id(tree.read(file, 1_048_576)) == blob
