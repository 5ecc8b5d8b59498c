"""Datasets: files in Xero's shapes, served as they are."""

import json
from pathlib import Path

import pytest

from infra.xero_simulator import dataset

DESCRIBED = Path(dataset.__file__).parent / "datasets" / "described"


@pytest.fixture
def folder(tmp_path):
    """A small dataset whose files can be replaced."""

    def write(name, document, inside="."):
        (tmp_path / inside).mkdir(exist_ok=True)
        text = document if isinstance(document, str) else json.dumps(document)
        (tmp_path / inside / name).write_text(text)
        return tmp_path

    write(
        "Organisation.json", {"Organisations": [{"OrganisationID": "A", "Name": "N"}]}
    )
    return write


def test_described_dataset_is_served_record_for_record(make_xero):
    (tenant,) = dataset.load(DESCRIBED)
    written = json.loads((DESCRIBED / "Contacts.json").read_text())["Contacts"]
    caller = make_xero(
        [row.record for row in tenant.contacts.ordered("Name")]
    ).connect()
    served = caller.contacts(
        page=1, pageSize=1000, order="ContactID", includeArchived="true"
    )
    for record in written:
        record.pop("Attachments", None)
    assert served == written


def test_described_dataset_can_be_read_in_every_order(make_xero):
    (tenant,) = dataset.load(DESCRIBED)
    caller = make_xero(
        [row.record for row in tenant.contacts.ordered("Name")]
    ).connect()
    for order in ("Name", "UpdatedDateUTC DESC", "EmailAddress", "LastName"):
        answer = caller.get("Contacts", page=1, order=order, includeArchived="true")
        assert answer.json["pagination"]["itemCount"] == len(tenant.contacts) == 45
    assert caller.contacts(searchTerm="twin")


def test_digits_of_money_survive(make_xero):
    (tenant,) = dataset.load(DESCRIBED)
    caller = make_xero(
        [row.record for row in tenant.contacts.ordered("Name")]
    ).connect()
    assert b'"Outstanding": 118.90,' in caller.get("Contacts", page=1).data


@pytest.mark.parametrize("name", ["invoices", "contact_groups"])
def test_described_collections_are_held_record_for_record(name):
    (tenant,) = dataset.load(DESCRIBED)
    held = tenant.collections[name]
    path = DESCRIBED / f"{held.plural}.json"
    assert (
        json.loads(json.dumps(held.records(), default=float))
        == (json.loads(path.read_text())[held.plural])
    )


def test_folder_of_folders_is_several_organisations(folder, tmp_path):
    (tmp_path / "Organisation.json").unlink()
    for name in ("b", "a"):
        document = {"Organisations": [{"OrganisationID": name, "Name": name}]}
        folder("Organisation.json", document, inside=name)
    assert [tenant.name for tenant in dataset.load(tmp_path)] == ["a", "b"]


def test_organisation_without_contacts_file_is_empty(folder, tmp_path):
    (tenant,) = dataset.load(tmp_path)
    assert len(tenant.contacts) == 0


@pytest.mark.parametrize(
    ("name", "document", "message"),
    [
        ("Contacts.json", "{", "Contacts.json"),
        ("Contacts.json", [], "is expected"),
        ("Contacts.json", {"Contacts": None}, "is expected"),
        ("Contacts.json", {"Contacts": [{"Name": "x"}]}, "record 1 has no ContactID"),
        (
            "Contacts.json",
            {"Contacts": [{"ContactID": "a"}, {"ContactID": "A"}]},
            "A is there twice",
        ),
        ("Contacts.json", '{"Contacts": [{"ContactID": "\\ud800"}]}', "not Unicode"),
        ("Invoices.json", {"Invoices": [{}]}, "record 1 has no InvoiceID"),
        ("ContactGroups.json", {"Groups": []}, "is expected"),
        ("Organisation.json", {"Organisations": []}, "needs one organisation"),
        ("Organisation.json", {"Organisations": [{}]}, "OrganisationID"),
    ],
)
def test_file_that_cannot_be_served_is_named(folder, name, document, message):
    with pytest.raises(dataset.DatasetError, match=message):
        dataset.load(folder(name, document))


def test_folder_without_organisation_is_refused(tmp_path):
    with pytest.raises(dataset.DatasetError, match="no Organisation.json"):
        dataset.load(tmp_path)
