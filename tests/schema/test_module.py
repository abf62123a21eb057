"""What a module takes and gives: facts of files, overrides, which files count, links, limits, memos."""

from collections.abc import Mapping

import pytest

from builder.errors import RemoteError
from builder.model.schema import ModuleSchema, SchemaLimits
from builder.model.snapshot import FileKind, MemoryTree, TreeFile
from builder.schema.module.describe import describe
from builder.schema.module.facts import FileFacts, file_facts
from builder.store import decode, encode


def schema(files: Mapping[str, str | bytes], directory: str = "", **options) -> ModuleSchema:
    return describe(MemoryTree.of(dict(files)), directory, **options).value


def main(text: str) -> ModuleSchema:
    return schema({"main.tf": text})


def told(found: ModuleSchema) -> list[tuple[str, int, str, bool]]:
    return [(d.path, d.line, d.summary, d.error) for d in found.diagnostics]


def test_a_variable_has_everything_its_block_says():
    found = main(
        'variable "a" {\n'
        "  type        = object({ b = optional(number, 1) })\n"
        "  default     = { b = 2 }\n"
        '  description = "what it is"\n'
        "  sensitive   = true\n"
        '  nullable    = "false"\n'
        "  ephemeral   = true\n"
        '  deprecated  = "use c"\n'
        "  validation {\n"
        "    condition     = var.a.b > 0\n"
        '    error_message = "Must be positive."\n'
        "  }\n"
        "  future = 1\n"
        "}\n"
    )
    (a,) = found.variables
    assert (a.type, a.type_cty) == (
        "object({ b = optional(number, 1) })",
        '["object",{"b":"number"},["b"]]',
    )
    assert (a.default, a.default_source, a.required) == ('{"b":2}', "{ b = 2 }", False)
    assert (a.description, a.deprecated) == ("what it is", "use c")
    assert (a.sensitive, a.nullable, a.ephemeral) == (True, False, True)
    assert [(v.condition, v.message) for v in a.validations] == [
        ("var.a.b > 0", "Must be positive.")
    ]
    assert (a.path, a.line, a.order) == ("main.tf", 1, 0)
    assert found.diagnostics == ()


@pytest.mark.parametrize(
    ("body", "required", "default"),
    [
        ("", True, None),
        ("default = null", False, "null"),
        ("default = 1.0", False, "1"),
        ('default = "a"', False, '"a"'),
    ],
)
def test_a_variable_is_required_when_it_has_no_default(body, required, default):
    (a,) = main(f'variable "a" {{\n  {body}\n}}\n').variables
    assert (a.required, a.default) == (required, default)


def test_a_default_that_is_no_literal_is_shown_as_its_source():
    found = main(
        'variable "a" {\n  default = max(1,\n    2)\n}\nvariable "b" {\n  default = [var.x]\n}\n'
    )
    assert [(v.default, v.default_source, v.required) for v in found.variables] == [
        (None, "max(1, 2)", False),
        (None, "[var.x]", False),
    ]
    assert told(found) == [
        ("main.tf", 2, "Function calls not allowed", True),
        ("main.tf", 6, "Variables not allowed", True),
    ]


def test_scalars_are_converted_where_a_string_is_due():
    (a,) = main('variable "a" {\n  description = true\n  deprecated = 1.50\n}\n').variables
    assert (a.description, a.deprecated) == ("true", "1.5")


def test_values_of_the_wrong_kind_are_errors_and_the_block_stays():
    found = main('output "a" {\n  description = ["b"]\n  sensitive = "maybe"\n}\n')
    assert [o.name for o in found.outputs] == ["a"]
    assert [(line, summary) for _, line, summary, _ in told(found)] == [
        (2, "Unsuitable value type"),
        (3, "Unsuitable value type"),
    ]


def test_outputs_calls_and_resources_are_read():
    found = main(
        'output "a" {\n  value = [for x in y : x.id]\n  depends_on = [aws_x.b]\n}\n'
        'module "m" {\n  source = "./modules/${var.x}"\n}\n'
        'module "n" {\n  source = "git::https://example.com/n.git?ref=v1"\n}\n'
        'resource "aws_x" "b" {}\ndata "aws_y" "c" {\n  provider = google.east\n}\n'
        'ephemeral "vault_z" "d" {}\n'
    )
    assert found.outputs[0].value == "[for x in y : x.id]"
    assert found.outputs[0].depends_on == ("aws_x.b",)
    assert found.calls[0].source == '"./modules/${var.x}"'
    assert found.calls[1].split == ("git::https://example.com/n.git", "v1")
    assert [(r.address, r.provider, r.alias) for r in found.resources] == [
        ("data.aws_y.c", "google", "east"),
        ("ephemeral.vault_z.d", "vault", ""),
        ("aws_x.b", "aws", ""),
    ]
    assert [p.name for p in found.providers] == ["aws", "google", "vault"]
    assert found.diagnostics == ()


def test_provider_requirements_add_up():
    found = main(
        'terraform {\n  required_version = ">= 1.5"\n  required_providers {\n'
        '    a = "1.0"\n'
        '    b = {\n      source = "x/b"\n      version = ">= 2"\n'
        "      configuration_aliases = [b.c, b, z.y]\n      other = 1\n    }\n"
        "    c = [1]\n  }\n}\n"
        'terraform {\n  required_providers {\n    b = {\n      source = "y/b"\n      version = "< 3"\n    }\n  }\n}\n'
        'provider "a" {\n  version = "1.1"\n  alias = "w"\n}\nprovider "d" {}\n'
    )
    assert [(p.name, p.source, p.versions, p.aliases) for p in found.providers] == [
        ("a", "", ("1.0", "1.1"), ()),
        ("b", "x/b", (">= 2", "< 3"), ("b.c",)),
        ("d", "", (), ()),
    ]
    assert found.required_core == (">= 1.5",)
    assert found.provider_configs == ("a.w", "d")
    assert [(line, summary) for _, line, summary, _ in told(found)] == [
        (8, "Invalid configuration_aliases value"),
        (11, "Invalid required_providers object"),
        (15, "Multiple provider source attributes"),
    ]


def test_wrong_labels_leave_the_block_out():
    found = main('variable {}\nvariable "a" "b" {}\nresource "x" {}\nvariable "c" {}\n')
    assert [v.name for v in found.variables] == ["c"]
    assert [(line, summary) for _, line, summary, _ in told(found)] == [
        (1, "Missing name for variable"),
        (2, "Extraneous label for variable"),
        (3, "Missing name for resource"),
    ]


def test_what_is_unknown_fails_nothing():
    found = main(
        'stack "x" {\n  y {}\n}\nvariable "a" {\n  new = foo()\n  newer {}\n}\nlocals {}\n'
    )
    assert [v.name for v in found.variables] == ["a"]
    assert found.diagnostics == ()


def test_the_last_of_two_declarations_counts_with_a_warning():
    found = main('variable "a" {\n  default = 1\n}\nvariable "a" {\n  default = 2\n}\n')
    assert [v.default for v in found.variables] == ["2"]
    assert told(found) == [("main.tf", 4, "Duplicate variable declaration", False)]


def test_overrides_change_only_the_arguments_they_set():
    found = schema(
        {
            "main.tf": 'variable "a" {\n  type = list(string)\n  default = []\n  description = "base"\n}\n'
            'module "m" {\n  source = "./m"\n  version = "1"\n}\n'
            'terraform {\n  required_version = ">= 1"\n  required_providers {\n    p = { source = "x/p", version = "1" }\n  }\n}\n',
            "z_override.tf": 'variable "a" {\n  type = string\n  default = "b"\n  validation {\n    condition = true\n'
            '    error_message = "e"\n  }\n}\n',
            "override.tf": 'module "m" {\n  version = "2"\n}\n'
            'terraform {\n  required_version = ">= 2"\n  required_providers {\n    p = { source = "y/p" }\n  }\n}\n'
            'output "missing" {}\n',
        }
    )
    (a,) = found.variables
    assert (a.type, a.type_cty, a.default, a.default_source) == ("string", '"string"', '"b"', "")
    assert (a.description, a.path, a.line, len(a.validations)) == ("base", "main.tf", 1, 1)
    assert (found.calls[0].source, found.calls[0].version) == ("./m", "2")
    assert found.required_core == (">= 2",)
    assert [(p.source, p.versions) for p in found.providers] == [("y/p", ())]
    assert told(found) == [("override.tf", 10, "Missing base output definition to override", True)]
    assert [o.name for o in found.outputs] == ["missing"]


def test_only_module_files_count_and_tofu_files_hide_theirs():
    found = schema(
        {
            "a.tf": 'variable "hidden" {}\n',
            "a.tofu": 'variable "a" {}\n',
            "b.tf.json": '{"variable": {"hidden_too": {}}}',
            "b.tofu.json": '{"variable": {"b": {}}}',
            "c.tf": 'variable "c" {}\n',
            "c.tf.json": '{"variable": {"d": {}}}',
            "x.tftest.hcl": 'variable "no" {}\n',
            ".y.tf": 'variable "no" {}\n',
            "z.tf~": 'variable "no" {}\n',
            "#z.tf#": 'variable "no" {}\n',
            "deeper/e.tf": 'variable "no" {}\n',
        }
    )
    assert [v.name for v in found.variables] == ["a", "b", "c", "d"]
    assert [v.order for v in found.variables] == [0, 1, 2, 3]


def test_a_directory_without_module_files_is_an_empty_schema():
    assert schema({"README.md": "x"}) == ModuleSchema("")


def test_links_to_module_files_of_the_tree_are_followed_by_arithmetic():
    tree = MemoryTree.of(
        {"shared/variables.tf": 'variable "a" {}\n', "secret": "x = 1\n", "modules/m/main.tf": ""},
        links={
            "modules/m/variables.tf": "../n/variables.tf",
            "modules/n/variables.tf": "../../shared/variables.tf",
            "modules/m/absolute.tf": "/etc/passwd",
            "modules/m/outside.tf": "../../../other/variables.tf",
            "modules/m/dangling.tf": "none.tf",
            "modules/m/other.tf": "../../secret",
            "modules/m/round.tf": "round.tf",
        },
    )
    checked = describe(tree, "modules/m")
    found = checked.value
    assert [(v.name, v.path) for v in found.variables] == [("a", "modules/m/variables.tf")]
    assert sorted(d.path.rpartition("/")[2] for d in found.diagnostics) == [
        "absolute.tf",
        "dangling.tf",
        "other.tf",
        "outside.tf",
        "round.tf",
    ]
    assert {i.code for i in checked.issues} == {"SCH003"}
    assert found.schema_error == ""


def test_issues_name_file_and_line():
    checked = describe(MemoryTree.of({"examples/x/main.tf": "a = 1\n!\n"}), "examples/x")
    (found,) = checked.issues
    assert (found.code, found.location.path, found.location.line) == (
        "SCH001",
        "examples/x/main.tf",
        2,
    )
    assert checked.value.schema_error.startswith(
        "examples/x/main.tf:2: Argument or block definition required"
    )


def test_files_over_a_limit_are_left_out_and_told():
    files = {"a.tf": 'variable "a" {}\n', "b.tf": "#" * 100, "c.tf": 'variable "c" {}\n'}
    found = schema(files, limits=SchemaLimits(file_bytes=50))
    assert [v.name for v in found.variables] == ["a", "c"]
    assert told(found) == [("b.tf", 0, "Module files too large", True)]
    found = schema(files, limits=SchemaLimits(module_bytes=110))
    assert [v.name for v in found.variables] == ["a"]


class Unreadable:
    """A tree whose objects are damaged."""

    def files(self):
        return [
            TreeFile("main.tf", "0" * 40, FileKind.FILE),
            TreeFile("x.tf", "1" * 40, FileKind.SYMLINK),
        ]

    def read(self, file, limit):
        raise RemoteError("damaged")


def test_a_file_that_cannot_be_read_is_told_and_nothing_is_kept():
    memo: dict[str, FileFacts] = {}
    schemas: dict[str, ModuleSchema] = {}
    checked = describe(Unreadable(), "", SchemaLimits(), memo, schemas=schemas)
    assert {i.code for i in checked.issues} == {"SCH003", "SCH005"}
    assert (memo, schemas) == ({}, {})


class Counting:
    """A tree that counts what is read of it."""

    def __init__(self, tree: MemoryTree) -> None:
        self.tree, self.reads = tree, 0

    def files(self):
        return self.tree.files()

    def read(self, file, limit):
        self.reads += 1
        return self.tree.read(file, limit)


def test_a_file_is_read_once_for_all_versions_and_places():
    text = 'variable "a" {\n  type = nothing\n}\n'
    tree = Counting(
        MemoryTree.of({"main.tf": text, "modules/m/main.tf": text, "modules/m/x.tf": ""})
    )
    memo: dict[str, FileFacts] = {}
    schemas: dict[str, ModuleSchema] = {}
    one = describe(tree, "", SchemaLimits(), memo, schemas=schemas)
    two = describe(tree, "modules/m", SchemaLimits(), memo, schemas=schemas)
    again = describe(tree, "modules/m", SchemaLimits(), memo, schemas=schemas)
    assert tree.reads == 2
    assert two.value is again.value
    assert two.issues == again.issues
    assert [i.location.path for i in (*one.issues, *two.issues)] == ["main.tf", "modules/m/main.tf"]


def test_facts_and_schemas_can_be_kept_by_the_store():
    facts = file_facts(b'variable "a" {\n  type = object({ b = string })\n}\n!\n', is_json=False)
    assert decode(type(facts), encode(facts)) == facts
    found = main('variable "a" {\n  type = object({ b = string })\n}\nprovider "p" {}\n')
    assert decode(ModuleSchema, encode(found)) == found


def test_comments_stand_in_for_descriptions_when_asked():
    text = (
        "# What\n// it is\nvariable a {}\n\n# not this\n\nvariable b {}\n# Own\nvariable c {\n"
        '  description = "d"\n}\n# terraform-docs-ignore\nvariable d {}\n'
        "# terraform-docs-ignore\nresource x y {}\n"
    )
    plain, commented = main(text), schema({"main.tf": text}, comments=True)
    assert [v.description for v in plain.variables] == ["", "", "d", ""]
    assert [(v.name, v.description) for v in commented.variables] == [
        ("a", "What it is"),
        ("b", ""),
        ("c", "d"),
    ]
    assert (len(plain.resources), len(commented.resources)) == (1, 0)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbfvariable a {}\n", []),
        (b"# \xff\nvariable a {}\n", []),
        (b'variable a {\n  description = "\xff"\n}\n', [(2, "Invalid character encoding")]),
        (b"variable a {}\n\xff\n", [(2, "Invalid character encoding")]),
    ],
)
def test_bytes_that_are_not_utf8_count_outside_comments(data, expected):
    found = schema({"main.tf": data})
    assert [v.name for v in found.variables] == ["a"]
    assert [(d.line, d.summary) for d in found.diagnostics] == expected


def test_utf16_is_an_error_and_no_crash():
    found = schema({"main.tf": 'variable "a" {}\n'.encode("utf-16")})
    assert found.schema_error
