"""Invented organisations: the same for a seed, and like real ones."""

import re

import pytest

from infra.xero_simulator.generator.organisations import generate


def records(tenant):
    return [row.record for row in tenant.contacts.ordered("ContactID")]


@pytest.fixture(scope="module")
def many():
    return records(generate(7, 0, 3_000))


def test_same_seed_gives_the_same_organisation():
    one, two = generate(1, 0, 50), generate(1, 0, 50)
    assert one.organisation == two.organisation
    assert records(one) == records(two)


def test_another_seed_gives_another_organisation():
    one, two = generate(1, 0, 5), generate(2, 0, 5)
    assert one.tenant_id != two.tenant_id
    assert records(one) != records(two)


def test_fewer_contacts_are_the_first_of_more():
    few = {record["ContactID"]: record for record in records(generate(1, 0, 20))}
    more = {record["ContactID"]: record for record in records(generate(1, 0, 200))}
    assert few.items() <= more.items()


@pytest.mark.parametrize("count", [0, 1])
def test_smallest_organisations(count):
    assert len(generate(1, 0, count).contacts) == count


def test_organisations_stand_in_different_countries():
    made = [generate(1, index, 0) for index in range(6)]
    assert len({tenant.name for tenant in made}) == 6
    countries = [tenant.organisation["CountryCode"] for tenant in made]
    assert countries == ["NZ", "AU", "GB", "US", "NZ", "AU"]


def test_names_are_unique_and_in_xeros_form(many):
    names = [record["Name"] for record in many]
    assert len(set(names)) == len(names)
    assert not [n for n in names if n != " ".join(n.split()) or len(n) > 255]
    assert not [n for n in names if "<" in n or ">" in n]


def test_roles_and_states_are_mixed(many):
    roles = {(r["IsCustomer"], r["IsSupplier"]) for r in many}
    assert len(roles) == 4
    customers = sum(r["IsCustomer"] for r in many)
    assert 0.65 < customers / len(many) < 0.85
    archived = [r for r in many if r["ContactStatus"] == "ARCHIVED"]
    assert 0.02 < len(archived) / len(many) < 0.07
    assert any("MergedToContactID" in r for r in archived)


def test_merged_contacts_lead_to_an_active_one(many):
    active = {r["ContactID"] for r in many if r["ContactStatus"] == "ACTIVE"}
    merged = [r["MergedToContactID"] for r in many if "MergedToContactID" in r]
    assert merged
    assert active.issuperset(merged)


def test_individuals_are_named_by_first_and_last_name(many):
    people = [
        r
        for r in many
        if r["Name"] == f"{r.get('FirstName')} {r.get('LastName')}"
        and not r["ContactPersons"]
    ]
    assert 0.15 < len(people) / len(many) < 0.25


def test_at_most_five_persons(many):
    counts = {len(record["ContactPersons"]) for record in many}
    assert {0, 1, 2, 3, 5} == counts


def test_new_zealand_tax_numbers_satisfy_the_check(many):
    numbers = _tax_numbers(many, r"\d{3}-\d{3}-\d{3}")
    assert numbers
    for number in numbers:
        *base, check = number
        sums = [
            sum(w * d for w, d in zip(weights, base, strict=True)) % 11
            for weights in ((3, 2, 7, 6, 5, 4, 3, 2), (7, 4, 3, 2, 5, 2, 7, 6))
        ]
        first = (11 - sums[0]) % 11
        assert check == (first if first < 10 else (11 - sums[1]) % 11)


def test_australian_business_numbers_satisfy_the_check(many):
    weights = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
    numbers = _tax_numbers(many, r"\d{2} \d{3} \d{3} \d{3}")
    assert numbers
    for first, *rest in numbers:
        total = sum(w * d for w, d in zip(weights, (first - 1, *rest), strict=True))
        assert total % 89 == 0


def test_british_vat_numbers_satisfy_the_check(many):
    numbers = _tax_numbers(many, r"GB \d{3} \d{4} \d{2}")
    assert numbers
    for number in numbers:
        total = sum(w * d for w, d in zip(range(8, 1, -1), number[:7], strict=True))
        assert (total + 10 * number[7] + number[8]) % 97 == 0


def _tax_numbers(contacts, form):
    found = [r["TaxNumber"] for r in contacts if re.fullmatch(form, r["TaxNumber"])]
    return [[int(digit) for digit in re.sub(r"\D", "", number)] for number in found]


@pytest.mark.parametrize("count", [0, 1, 30, 500])
def test_items_are_unique_within_xeros_limits(count):
    items = generate(1, 0, 0, items=count).items.records()
    assert len(items) == count
    for name, longest in (("Code", 30), ("Name", 50), ("ItemID", 36)):
        values = [item[name] for item in items]
        assert len(set(values)) == count
        assert all(len(value) <= longest for value in values)
    assert items == generate(1, 0, 7, invoices=9, items=count).items.records()


def test_items_are_sold_bought_and_kept_in_stock():
    items = generate(1, 0, 0, items=200).items.records()
    assert {(i["IsSold"], i["IsPurchased"]) for i in items} == {
        *((True, True), (True, False), (False, True))
    }
    for item in items:
        assert bool(item["SalesDetails"]) is item["IsSold"]
        assert bool(item["PurchaseDetails"]) is item["IsPurchased"]
        assert ("QuantityOnHand" in item) is item["IsTrackedAsInventory"]


def test_lines_name_items_of_the_organisation_that_are_traded_so():
    tenant = generate(1, 0, 20, invoices=200, items=60)
    named = set()
    for invoice in tenant.invoices.records():
        traded = "IsSold" if invoice["Type"] == "ACCREC" else "IsPurchased"
        for line in invoice["LineItems"]:
            if "ItemCode" in line:
                item = tenant.items.get(line["Item"]["ItemID"])
                assert item["Code"] == line["ItemCode"] and item[traded]
                named.add(item["Code"])
    assert len(named) > 40
    without = generate(1, 0, 20, invoices=20, items=0)
    lines = [line for i in without.invoices.records() for line in i["LineItems"]]
    assert not any("ItemCode" in line for line in lines)


def test_contacts_are_the_same_whatever_else_is_invented():
    def contacts(**counts):
        records = generate(1, 0, 30, **counts).contacts.records()
        return [{k: v for k, v in r.items() if k != "Balances"} for r in records]

    many = contacts(invoices=50, items=90)
    assert many == contacts(invoices=50, items=0) == contacts(invoices=50, lines=9)
