"""The JSON Schema of pack files for editors, made from the same table that the loader checks by."""

from __future__ import annotations

from typing import Any

from netpatrol.detect.fields import RECORDS, Field


def pack_schema() -> dict[str, Any]:
    """Return the schema of a rule pack (JSON Schema 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "netpatrol 规则包",
        **_record("pack"),
        "$defs": {name: _record(name) for name in RECORDS if name != "pack"},
    }


def _record(name: str) -> dict[str, Any]:
    table = RECORDS[name]
    schema: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: _field(spec) for key, spec in table.items()},
        "required": [key for key, spec in table.items() if spec.required],
    }
    return {"anyOf": [{"type": "string"}, schema]} if name == "example" else schema


def _field(spec: Field) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"} | ({"enum": list(spec.choices)} if spec.choices else {})
    texts = {"anyOf": [text, {"type": "array", "items": text}]}
    whole = {"type": "object", "additionalProperties": {"anyOf": [{"type": "string"}, {"type": "array"}]}}
    reference = {"$ref": f"#/$defs/{spec.of}"}
    kinds: dict[str, dict[str, Any]] = {
        "text": text,
        "texts": texts,
        "word_lists": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
        "number": {"type": "integer"},
        "flag": {"type": "boolean"},
        "day": {"type": ["string", "null"], "format": "date"},
        "lexicons": whole,
        "record": reference,
        "records": {"type": "array", "items": reference},
        "record_map": {"type": "object", "additionalProperties": reference},
    }
    return kinds[spec.kind] | ({"description": spec.note} if spec.note else {})
