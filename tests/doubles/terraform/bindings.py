"""Reads a provider's schema out of the bindings that PyPI has for it.

Bindings for another language name every argument with its type and whether it is required, optional or computed; so
they hold a provider's schema nearly whole. What they leave out is in README.md.
"""

import io
import re
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_FILE = re.compile(r"package/lib/([^/]+)/(?:index|index-structs/\w+)\.js")
_CLASS = re.compile(r"^class (\w+) extends cdktn\.(\w+) \{\n", re.M)
_TYPE = re.compile(r'static tfResourceType = "(\w+)"')
_MEMBER = re.compile(
    r"^    // (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n"
    r"((?:(?!    // \w+ - computed: ).*\n){1,4})",
    re.M,
)
_NESTED = re.compile(r'= new (?!cdktn\.)(?:\w+\.)?(\w+?)(List|Map|OutputReference)\(this, "\w+"(?:, (true|false))?\)')
_SYNTHESIS = re.compile(r"^(?:function (\w+)ToHclTerraform\(struct\)|    (synthesizeHclAttributes)\(\)) \{\n", re.M)
_ENTRY = re.compile(
    r'^ +(\w+): \{\n +value: (.*),\n +isBlock: \w+,\n +type: "(\w+)",\n +storageClassType: "(\w+)",', re.M
)
_STRUCT = re.compile(r"(?<!cdktn\.)\b(\w+)ToHclTerraform\b")
_SIMPLE = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
_STORAGE = re.compile(r"(string|number|boolean|any)((?:List|Map)+)")
_MAP_CLASS = re.compile(r"= new cdktn\.(String|Number|Boolean|Any)Map(List)?\(this")
_GETTER = re.compile(r"this\.(get\w+|interpolationForAttribute)\(")
_GETTERS: dict[str, Any] = {
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
    "getStringMapAttribute": ["map", "string"],
    "getNumberMapAttribute": ["map", "number"],
    "getBooleanMapAttribute": ["map", "bool"],
    "getListAttribute": ["list", "string"],
    "getNumberListAttribute": ["list", "number"],
}


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    computed: bool
    optional: bool
    required: bool
    text: str

    @property
    def nested(self) -> tuple[str, str, bool] | None:
        """Class, kind and whether it is a set, of a member with members of its own."""
        found = _NESTED.search(self.text)
        return (found[1], found[2], found[3] == "true") if found else None

    @property
    def flags(self) -> Json:
        return {flag: True for flag in ("required", "optional", "computed") if getattr(self, flag)}


@dataclass(frozen=True, slots=True)
class _Entry:
    """How a member is written out: the expression, list, set, map, struct or simple, and its storage class."""

    value: str
    kind: str
    storage: str

    @property
    def is_block(self) -> bool:
        if "listMapperHcl(" in self.value:
            return "ToHclTerraform, true)" in self.value
        return "MapperHcl(" not in self.value and "cdktn." not in self.value and self.kind != "simple"


class Module:
    """One folder of the bindings: a resource, a data source or the provider's own configuration."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._open: list[str] = []

    def types(self) -> Iterator[tuple[str, str, Json]]:
        """Base class, Terraform's name and schema of each type that the folder declares."""
        for name, (base, body) in self._classes.items():
            declared = _TYPE.search(body)
            if declared and base in ("TerraformResource", "TerraformDataSource", "TerraformProvider"):
                found = _SYNTHESIS.search(body)
                entries = dict(_entries(body[found.end() :])) if found else {}
                yield base, declared[1], self._block(name, entries)

    @cached_property
    def _classes(self) -> dict[str, tuple[str, str]]:
        return {
            m[1]: (m[2], self._source[m.end() : self._source.find("\n}\n", m.end())])
            for m in _CLASS.finditer(self._source)
        }

    @cached_property
    def _structs(self) -> dict[str, dict[str, _Entry]]:
        return {
            m[1].lower(): dict(_entries(self._source[m.end() : self._source.find("\n}\n", m.end())]))
            for m in _SYNTHESIS.finditer(self._source)
            if m[1]
        }

    def _members(self, name: str) -> Iterator[_Member]:
        if name in self._classes:
            for m in _MEMBER.finditer(self._classes[name][1]):
                yield _Member(m[1], m[2] == "true", m[3] == "true", m[4] == "true", m[5].partition("\n    }")[0])

    def _block(self, name: str, entries: dict[str, _Entry]) -> Json:
        attributes: Json = {}
        blocks: Json = {}
        base = self._classes.get(name, ("",))[0]
        for member in self._members(name):
            entry = entries.get(member.name)
            if entry and member.nested and ((entry.is_block and entry.kind != "struct") or member.name == "timeouts"):
                blocks[member.name] = self._nested_block(member, entry)
            elif entry and (struct := _STRUCT.search(entry.value)) and not member.nested:
                blocks[member.name] = {"nesting_mode": entry.kind, "block": self._plain_block(struct[1])}
            elif member.name != "alias" or base != "TerraformProvider":  # Terraform keeps alias to itself
                attributes[member.name] = self._attribute(member, entry)
        return {"attributes": attributes, "block_types": blocks}

    def _plain_block(self, struct: str) -> Json:
        """A block of a provider's configuration, of which the bindings have no class: all in it counts as optional."""
        entries = self._structs[struct.lower()]
        members = {name: _Member(name, computed=False, optional=True, required=False, text="") for name in entries}
        return {"attributes": {name: self._attribute(members[name], entry) for name, entry in entries.items()}}

    def _nested_block(self, member: _Member, entry: _Entry) -> Json:
        assert member.nested
        struct, kind, _ = member.nested
        mode = "single" if entry.kind == "struct" else entry.kind
        if struct in self._open:  # a block that may hold itself has no end as a schema
            inner: Json = {"attributes": {}, "block_types": {}}
        else:
            self._open.append(struct)
            inner = self._block(f"{struct}OutputReference", self._structs.get(struct.lower(), {}))
            self._open.pop()
        if mode == "set" and _holds_any(inner):
            mode = "list"  # Terraform refuses a set of what has no type
        block: Json = {"nesting_mode": mode, "block": inner}
        if member.required:
            block["min_items"] = 1
        if kind == "OutputReference" and mode != "single":
            block["max_items"] = 1
        return block

    def _attribute(self, member: _Member, entry: _Entry | None) -> Json:
        if entry and member.nested and self._has_optional_members(member):
            return {"nested_type": self._nested_type(member, entry), **member.flags}
        attribute = {"type": self._type(member, entry), **member.flags}
        if entry and "markWriteOnlyAttribute" in entry.value:
            attribute["write_only"] = True
        return attribute

    def _has_optional_members(self, member: _Member) -> bool:
        """Whether it is an object of which parts may be left out, not one in the old form where all must be there."""
        assert member.nested
        struct = member.nested[0]
        inner = self._structs.get(struct.lower(), {})
        return (
            bool(inner) and struct not in self._open and not any("undefined ? null" in e.value for e in inner.values())
        )

    def _nested_type(self, member: _Member, entry: _Entry) -> Json:
        assert member.nested
        struct, kind, is_set = member.nested
        inner = self._structs[struct.lower()]
        self._open.append(struct)
        members = self._members(f"{struct}OutputReference")
        attributes = {m.name: self._attribute(m, inner.get(m.name)) for m in members}
        self._open.pop()
        mode = "map" if kind == "Map" else "single" if entry.kind == "struct" else "set" if is_set else "list"
        return {"attributes": attributes, "nesting_mode": mode}

    def _object(self, struct: str) -> Any:
        if struct in self._open:
            return "dynamic"
        self._open.append(struct)
        inner = self._structs.get(struct.lower(), {})
        found = {m.name: self._type(m, inner.get(m.name)) for m in self._members(f"{struct}OutputReference")}
        self._open.pop()
        return ["object", found]

    def _type(self, member: _Member, entry: _Entry | None) -> Any:
        if member.nested:
            struct, kind, is_set = member.nested
            shape = self._object(struct)
            if kind == "Map":
                return ["map", shape]
            if kind == "OutputReference":
                return shape if entry and entry.kind == "struct" else ["list", shape]
            return ["set" if is_set else "list", shape]
        if entry and entry.kind == "simple" and entry.storage in _SIMPLE:
            return _SIMPLE[entry.storage]
        if entry and (found := _STORAGE.fullmatch(entry.storage)):
            return _stored(found[1], re.findall("List|Map", found[2]), entry.kind)
        if found := _MAP_CLASS.search(member.text):
            mapped = ["map", _SIMPLE[found[1].lower()]]
            return [("set" if "true)" in member.text else "list"), mapped] if found[2] else mapped
        getter = _GETTER.search(member.text)
        got: Any = _GETTERS.get(getter[1], "dynamic") if getter else "dynamic"
        return ["set", got[1]] if got[0] == "list" and "Fn.tolist" in member.text else got


def _stored(element: str, layers: list[str], kind: str) -> Any:
    """The type of `stringMapList` and its like; `kind` tells whether the outermost is a set."""
    shape: Any = _SIMPLE[element]
    for layer in layers[:-1]:
        shape = [layer.lower(), shape]
    return [kind, shape]


def _entries(body: str) -> Iterator[tuple[str, _Entry]]:
    for m in _ENTRY.finditer(body):
        yield m[1], _Entry(m[2], m[3], m[4])


def _holds_any(block: Json) -> bool:
    return any("dynamic" in str(a) for a in block["attributes"].values()) or any(
        _holds_any(nested["block"]) for nested in block["block_types"].values()
    )


def modules(wheel: Path) -> Iterator[Module]:
    """The folders of the bindings in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".jsii.tgz"))
        packed = archive.read(name)
    sources: dict[str, list[str]] = {}  # types with many structs keep them in files of their own
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r|gz") as files:
        for info in files:
            found = _FILE.fullmatch(info.name)
            content = files.extractfile(info) if found else None
            if found and content:
                sources.setdefault(found[1], []).append(content.read().decode().partition("\n//# sourceMapping")[0])
    for parts in sources.values():
        yield Module("\n".join(parts))
