"""Made-up metadata in the registry's format."""

import json

import pytest

SHA = "0123456789abcdef" * 4


def make_target(os="linux", arch="amd64", **more):
    name = f"terraform-provider-kettle_1.0.0_{os}_{arch}.zip"
    url = f"https://example.com/acme/terraform-provider-kettle/releases/download/v1.0.0/{name}"
    return {"os": os, "arch": arch, "filename": name, "download_url": url, "shasum": SHA, **more}


def make_release(version="1.0.0", tag="", **more):
    base = "https://example.com/acme/terraform-provider-kettle/releases/download"
    sums = f"{base}/{tag or 'v' + version}/terraform-provider-kettle_{version}_SHA256SUMS"
    return {
        "version": version,
        "protocols": ["5.0"],
        "shasums_url": sums,
        "shasums_signature_url": f"{sums}.sig",
        "targets": [make_target()],
        **more,
    }


@pytest.fixture(scope="session")
def target():
    """A target's raw record: target("linux", "arm64", size=3)."""
    return make_target


@pytest.fixture(scope="session")
def release():
    """A provider release's raw record: release("1.0.0", tag="1.0.0", yanked="why")."""
    return make_release


@pytest.fixture
def write(tmp_path):
    """Write a file below the metadata root: bytes and texts as they are, anything else as canonical JSON."""

    def put(path, content):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content, indent=2)
            file.write_text(text, encoding="utf-8")
        return file

    return put
