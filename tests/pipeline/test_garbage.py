"""The rhythm of garbage collection is changed for a build only."""

import gc

import pytest

from builder.pipeline.garbage import THRESHOLD, seldom_collected


def test_the_rhythm_before_is_restored():
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold() == THRESHOLD
    assert gc.get_threshold() == before


def fail() -> None:
    with seldom_collected():
        raise KeyError


def test_it_is_restored_after_a_fault_too():
    before = gc.get_threshold()
    with pytest.raises(KeyError):
        fail()
    assert gc.get_threshold() == before
