"""Writes SQL tables for the models of an API, from what ``attrest show --json`` prints.

    attrest show --json | python docs/examples/sql_tables.py > tables.sql

Each model becomes a table, and each of its fields a column by its name on the wire. What has no type of its own in SQL,
such as a list or a union, is stored as JSON text.
"""

import json
import sys

FORMAT = 1  # the major version of the JSON that this script understands

TYPES = {
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
    "number": "DOUBLE PRECISION",
    "string": "TEXT",
    "date": "DATE",
    "date-time": "TIMESTAMP",
    "uuid": "UUID",
    "any": "JSON",
}
ENUM_TYPES = {"string": "TEXT", "integer": "BIGINT", "number": "DOUBLE PRECISION", "mixed": "JSON"}


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def column(field, declarations):
    type_, required = field["type"], field["required"]
    if type_["is"] == "Nullable":
        type_, required = type_["inner"], False
    if type_["is"] == "Reference" and declarations[type_["name"]]["is"] == "Enum":
        kind = ENUM_TYPES[declarations[type_["name"]]["base"]]  # other values may come: they are no constraint
    else:
        kind = TYPES.get(type_["kind"], "TEXT") if type_["is"] == "Scalar" else "JSON"
    return f"  {quoted(field['wire_name'])} {kind}{' NOT NULL' if required else ''}"


def tables(api):
    declarations = {declaration["name"]: declaration for declaration in api["declarations"]}
    for declaration in api["declarations"]:
        if declaration["is"] == "Model" and declaration["fields"]:
            columns = ",\n".join(column(field, declarations) for field in declaration["fields"])
            yield f"CREATE TABLE {quoted(declaration['name'])} (\n{columns}\n);\n"


api = json.load(sys.stdin)
if int(api["format"].split(".")[0]) != FORMAT:
    sys.exit(f"sql_tables.py: this is format {api['format']}, and format {FORMAT} is understood")
print("\n".join(tables(api)), end="")
