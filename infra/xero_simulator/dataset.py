"""Organisations from a folder of JSON files in Xero's own shapes.

A folder holds `Organisation.json` (`{"Organisations": [{…}]}`) and, for each kind of
record, a file with what Xero's list of it answers, such as `Contacts.json`
(`{"Contacts": […]}`). A folder without `Organisation.json` holds such folders.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from infra.xero_simulator.store import Collection, Tenant
from infra.xero_simulator.values import Record


class DatasetError(Exception):
    """The folder cannot be served; the message names file and record."""


def load(folder: Path) -> list[Tenant]:
    """The organisations of a folder, in the order of their names."""
    if not folder.is_dir():
        raise DatasetError(f"{folder} is not a folder")
    if (folder / "Organisation.json").exists():
        return [_tenant(folder)]
    inner = sorted(path.parent for path in folder.glob("*/Organisation.json"))
    if not inner:
        raise DatasetError(f"{folder} holds no Organisation.json")
    return [_tenant(each) for each in inner]


def _tenant(folder: Path) -> Tenant:
    organisations = _records(folder / "Organisation.json", "Organisations")
    if len(organisations) != 1 or not organisations[0].get("OrganisationID"):
        raise DatasetError(
            f"{folder / 'Organisation.json'} needs one organisation with its "
            "OrganisationID"
        )
    organisation = organisations[0]
    tenant = Tenant(
        tenant_id=organisation["OrganisationID"].lower(),
        name=organisation.get("Name") or "",
        organisation=organisation,
    )
    for collection in tenant.collections.values():
        _fill(collection, folder / f"{collection.plural}.json")
    return tenant


def _fill(collection: Collection, path: Path) -> None:
    if not path.exists():
        return
    key = collection.key
    for number, record in enumerate(_records(path, collection.plural), 1):
        identifier = record.get(key)
        if not isinstance(identifier, str) or not identifier:
            raise DatasetError(f"{path}: record {number} has no {key}")
        if collection.get(identifier):
            raise DatasetError(f"{path}: {key} {identifier} is there twice")
        collection.put(record)


def _records(path: Path, plural: str) -> list[Record]:
    try:
        document: Any = json.loads(
            path.read_text(encoding="utf-8"), parse_float=Decimal
        )
    except (OSError, ValueError) as error:
        raise DatasetError(f"{path}: {error}") from error
    records = document.get(plural) if isinstance(document, dict) else None
    if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
        raise DatasetError(f'{path}: {{"{plural}": [{{…}}, …]}} is expected')
    try:
        json.dumps(records, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        raise DatasetError(f"{path} holds what is not Unicode: {error}") from error
    return records
