"""Holds a JSON file against one of our JSON schemas: python3 tests/schema.py SCHEMA FILE…

Knows the words that our schemas use, and refuses a schema with any other, so that no rule is silently passed over.
Prints each fault as "file: path: text" and ends with 1 when there is one."""
import json
import re
import sys

TYPES = {"object": dict, "array": list, "string": str, "null": type(None), "boolean": bool}
NOTES = {"$schema", "title", "description", "$defs"}
KNOWN = NOTES | {"type", "required", "properties", "additionalProperties", "items", "enum", "const", "pattern", "minimum", "minLength", "minItems",
                 "maxItems", "$ref"}


def is_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def faults(root, schema, value, path):
    unknown = set(schema) - KNOWN
    if unknown:
        raise SystemExit("schema: unknown words " + ", ".join(sorted(unknown)))
    if "$ref" in schema:
        yield from faults(root, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], value, path)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_type(value, t) for t in types):
        yield f"{path}: {value!r} is no {' or '.join(types)}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{path}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{path}: {value!r} does not match {schema['pattern']}"
        if len(value) < schema.get("minLength", 0):
            yield f"{path}: too short"
    if is_type(value, "number") and "minimum" in schema and value < schema["minimum"]:
        yield f"{path}: {value} is below {schema['minimum']}"
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{path}: {len(value)} items"
        for i, item in enumerate(value):
            yield from faults(root, schema.get("items", {}), item, f"{path}[{i}]")
    if isinstance(value, dict):
        for name in schema.get("required", []):
            if name not in value:
                yield f"{path}: {name} is missing"
        more = schema.get("additionalProperties", True)
        for name, item in value.items():
            if name in schema.get("properties", {}):
                yield from faults(root, schema["properties"][name], item, f"{path}.{name}")
            elif more is False:
                yield f"{path}: {name} is not known"
            elif more is not True:
                yield from faults(root, more, item, f"{path}.{name}")


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        schema = json.load(f)
    bad = 0
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as f:
            value = json.load(f)
        for fault in faults(schema, schema, value, "$"):
            print(f"{name}: {fault}")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
