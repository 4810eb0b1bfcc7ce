"""Write deploy/tables.yaml: the lake's tables as Glue resources, from their declarations. With --check only compare.

A test compares too, so the file can be no other than what the code declares.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from parcook.lake.ddl import PARTITIONS, athena_type, projection
from parcook.lake.tables import Format, Table, readable_tables

TARGET = Path(__file__).parent / "tables.yaml"
_HEAD = """\
# The lake's tables for Athena, a part of template.yaml. Written by deploy/write_tables.py from their declarations.
AWSTemplateFormatVersion: "2010-09-09"
Description: "parcook: the tables of the lake"

Parameters:
  LakeDatabase:
    Type: String
  LakeUrl:
    Type: String
    Description: s3://bucket, without a slash at the end

Resources:
  Database:
    Type: AWS::Glue::Database
    Properties:
      CatalogId: !Ref AWS::AccountId
      DatabaseInput:
        Name: !Ref LakeDatabase
"""
_HIVE = "org.apache.hadoop.hive.ql.io"
_FORMATS: dict[Format, tuple[str, str, str, dict[str, str]]] = {
    "parquet": (
        f"{_HIVE}.parquet.MapredParquetInputFormat",
        f"{_HIVE}.parquet.MapredParquetOutputFormat",
        f"{_HIVE}.parquet.serde.ParquetHiveSerDe",
        {},
    ),
    "json": (
        "org.apache.hadoop.mapred.TextInputFormat",
        f"{_HIVE}.HiveIgnoreKeyTextOutputFormat",
        "org.openx.data.jsonserde.JsonSerDe",
        {"case.insensitive": "false"},
    ),
}


def template() -> str:
    """The text of the file."""
    return _HEAD + "".join(line for table in readable_tables() for line in _resource(table))


def _resource(table: Table) -> Iterator[str]:
    format = table.format or "parquet"
    reader, writer, serde, options = _FORMATS[format]
    location = "${LakeUrl}/" + table.prefix
    yield f"""
  {table.name.title().replace("_", "")}:
    Type: AWS::Glue::Table
    Properties:
      CatalogId: !Ref AWS::AccountId
      DatabaseName: !Ref Database
      TableInput:
        Name: {table.name}
        TableType: EXTERNAL_TABLE
        Parameters:
          EXTERNAL: "TRUE"
          classification: {format}
"""
    for name, value in projection(location):
        is_place = value.startswith(location)
        # What CloudFormation must leave to Glue is written with an exclamation mark.
        text = "!Sub " + value.replace("${year", "${!year").replace("${month", "${!month").replace("${day", "${!day")
        yield f"          {name}: {text if is_place else json.dumps(value)}\n"
    yield "        PartitionKeys:\n"
    yield from (f"          - {{Name: {name}, Type: int}}\n" for name in PARTITIONS)
    yield f"""\
        StorageDescriptor:
          Location: !Sub {location}/
          InputFormat: {reader}
          OutputFormat: {writer}
          SerdeInfo:
            SerializationLibrary: {serde}
            Parameters: {json.dumps(options)}
          Columns:
"""
    for column in table.columns:
        type, meaning = json.dumps(athena_type(column)), json.dumps(column.meaning, ensure_ascii=False)
        yield f"            - {{Name: {column.name}, Type: {type}, Comment: {meaning}}}\n"


def main() -> None:
    """Write the file, or compare."""
    if "--check" not in sys.argv:
        TARGET.write_text(template())
    elif TARGET.read_text() != template():
        sys.exit("deploy/tables.yaml is not what the code declares; run python deploy/write_tables.py")


if __name__ == "__main__":
    main()
