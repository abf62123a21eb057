"""Where pages lie: every root, kind directory and language, and what is none of them."""

import pytest

from builder.model.document import CDKTF_LANGUAGES, DOC_KINDS
from builder.normalize.layouts import Area, locate, suggestion

DIRECTORIES = [(kind.key, directory) for kind in DOC_KINDS for directory in kind.directories]
TABLE = {  # the specification's table, written out: a change of the model's rows must be meant
    "r": "resources",
    "resources": "resources",
    "d": "datasources",
    "datasources": "datasources",
    "data-sources": "datasources",
    "f": "functions",
    "functions": "functions",
    "guides": "guides",
    "ephemeral": "ephemeral",
    "ephemeral-resources": "ephemeral",
    "actions": "actions",
    "listresources": "listresources",
    "list-resources": "listresources",
}


def test_the_table_of_directories_is_that_of_the_specification():
    assert {directory: key for key, directory in DIRECTORIES} == TABLE


@pytest.mark.parametrize("language", ["", *CDKTF_LANGUAGES])
@pytest.mark.parametrize(("key", "directory"), DIRECTORIES)
def test_every_directory_of_a_kind(key, directory, language):
    base = f"cdktf/{language}/" if language else ""
    place = locate(f"{base}{directory}/pet.md")
    assert (place.area, place.kind, place.language) == (Area.PAGE, key, language)
    assert place.directory == base + directory


@pytest.mark.parametrize(
    ("path", "area", "kind", "language"),
    [
        ("resources/x", Area.PAGE, "resources", ""),
        ("resources/a/b", Area.NESTED, "resources", ""),
        ("datasources/x", Area.PAGE, "datasources", ""),
        ("functions/x", Area.PAGE, "functions", ""),
        ("guides/x", Area.PAGE, "guides", ""),
        ("ephemeral/x", Area.PAGE, "ephemeral", ""),
        ("index.md", Area.INDEX, "", ""),
        ("cdktf/python/index.md", Area.INDEX, "", "python"),
        ("resources/index_resource", Area.PAGE, "resources", ""),
        ("resources/index.md", Area.PAGE, "resources", ""),
        ("cdktf/python/resources/x", Area.PAGE, "resources", "python"),
        ("unknown/x", Area.UNKNOWN, "", ""),
        ("unknown/a/b/x", Area.UNKNOWN, "", ""),
        ("", Area.STRAY, "", ""),
        ("index", Area.STRAY, "", ""),
        ("readme.md", Area.STRAY, "", ""),
        ("Index.md", Area.STRAY, "", ""),
        ("resource/test", Area.UNKNOWN, "", ""),
        ("Resources/test", Area.UNKNOWN, "", ""),
        ("resources", Area.DIRECTORY, "", ""),
        ("resources/", Area.PAGE, "resources", ""),
        ("cdktf", Area.DIRECTORY, "", ""),
        ("cdktf/python", Area.DIRECTORY, "", ""),
        ("cdktf/readme.md", Area.STRAY, "", ""),
        ("cdktf/ruby/resources/x", Area.UNKNOWN, "", ""),
        ("cdktf/index.md", Area.STRAY, "", ""),
        ("cdktf/python/cdktf/go/r/x", Area.UNKNOWN, "", "python"),
    ],
)
def test_places(path, area, kind, language):
    place = locate(path)
    assert (place.area, place.kind, place.language) == (area, kind, language)


@pytest.mark.parametrize(
    ("path", "directory"),
    [
        ("unknown/a/b", "unknown"),
        ("resources/sub/a/b", "resources/sub"),
        ("cdktf/ruby/r/x", "cdktf/ruby"),
        ("cdktf/go/img/x", "cdktf/go/img"),
    ],
)
def test_what_is_left_out_is_named_by_its_first_directory(path, directory):
    assert locate(path).directory == directory


@pytest.mark.parametrize(
    ("directory", "meant"),
    [
        ("resource", "resources"),
        ("Resources", "resources"),
        ("data_sources", "data-sources"),
        ("data-source", "data-sources"),
        ("list_resources", "list-resources"),
        ("guide", "guides"),
        ("cdktf/go/function", "functions"),
        ("cdktf/Python", "python"),
        ("cdktf/ruby", ""),
        ("images", ""),
    ],
)
def test_a_misspelled_directory_is_recognized(directory, meant):
    assert suggestion(directory) == meant
