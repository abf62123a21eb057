"""The made-up registry, rendered once."""

import pytest

from builder.testing.samples import files, outputs


@pytest.fixture(scope="session")
def sample() -> dict[str, bytes]:
    """Every file of the made-up registry, path -> bytes."""
    return files(outputs())
