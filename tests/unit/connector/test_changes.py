"""What Xero told of is read: once, soon, and never forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lambda_connector.logic.changes import LOOK_AGAIN, UNTIL_RECONNECTED
from lambda_connector.logic.faults import Refused
from lambda_connector.logic.model.connection import Budget, Connection
from lambda_connector.logic.model.dirty import AFTER_FAILURE
from lambda_connector.logic.model.sync import Sync

from .fake_xero import ALL_SCOPES, EVERY_SCOPE
from .http_events import Api
from .telling import KEY, Telling, break_table_of, event
from .world import KAURI, TUI, World

READ = ("contacts", "invoices", "credit_notes", "overpayments", "prepayments")


@pytest.fixture
def held(world: World) -> Connection:
    """Connected, and everything was read once."""
    world.xero.scopes = EVERY_SCOPE
    world.xero.fill(30)
    connection = world.connect()
    assert world.run(connection, resources=READ).state == "done"
    world.clock.advance(minutes=10)
    world.xero.reads.clear()
    return connection


@pytest.fixture
def telling(world: World, held: Connection) -> Telling:
    return Telling(world)


def syncs(world: World, held: Connection) -> list[Sync]:
    """Those that webhooks started, newest first."""
    recent = world.services.syncs.recent(held.instance, held.id)
    return [one for one in recent if one.trigger == "webhook"]


def resources(sync: Sync) -> list[str]:
    return sorted({step.resource for step in sync.steps})


def settle(world: World, held: Connection) -> None:
    """Let everything end that has to end, within two hours."""
    world.clock.advance(seconds=2)
    for _ in range(120):
        world.deliver_all()
        row = world.ports.dirty.get(held.instance, held.id)
        live = world.ports.syncs.live(held.instance, held.id)
        if not live and not (row and row.marks):
            return
        world.clock.advance(minutes=1)
        world.janitor()
    raise AssertionError("something is left over")


def test_change_starts_a_sync_of_its_resource_alone(telling, world, held) -> None:
    taken = telling.tell("CONTACT")
    assert not taken.failed and taken.counts["started"] == 1
    (sync,) = syncs(world, held)
    assert (sync.mode, resources(sync)) == ("incremental", ["contacts"])
    world.clock.advance(seconds=2)
    world.deliver_all()
    assert world.sync(sync).state == "done"
    assert [one.path for one in world.xero.reads] == ["Contacts"]
    assert telling.marks(held) == set() and telling.row(held).wake_at is None


@pytest.mark.parametrize(
    ("category", "resource"),
    [
        ("CONTACT", "contacts"),
        ("INVOICE", "invoices"),
        ("CREDITNOTE", "credit_notes"),
        ("OVERPAYMENT", "overpayments"),
        ("PREPAYMENT", "prepayments"),
    ],
)
def test_each_category_has_its_resource(
    telling, world, held, category: str, resource: str
) -> None:
    telling.tell(category)
    assert resource in resources(syncs(world, held)[0])


def test_categories_that_are_not_read_are_counted_and_dropped(
    telling, world, held
) -> None:
    taken = telling.tell("SUBSCRIPTION", "PAYRUN", "PAYRUN")
    assert taken.counts["of_another_category"] == 3
    assert telling.row(held) is None and syncs(world, held) == []


def test_organisation_that_is_not_ours_is_counted_and_dropped(
    telling, world, held
) -> None:
    telling.post(event(organisation="tenant-of-somebody"), event())
    taken = telling.deliver()
    assert taken.counts["of_another_organisation"] == 1
    assert taken.counts["started"] == 1 and not taken.failed


def test_several_organisations_in_one_post_are_each_read(telling, world, held) -> None:
    world.xero.tenants_of_consent = [TUI]
    other = world.services.authorizations.complete(
        world.instance, world.begin(), TUI.organisation
    )
    world.run(other, resources=READ)
    telling.post(
        event("INVOICE", organisation=TUI.organisation),
        event("CONTACT", organisation=KAURI.organisation),
    )
    telling.deliver()
    assert resources(syncs(world, held)[0]) == ["contacts"]
    assert "invoices" in resources(syncs(world, other)[0])


def test_organisation_of_another_instance_is_not_reached(telling, world, held) -> None:
    """Its app was told nothing, whatever a post of ours names."""
    world.xero.client = ("other", "secret")
    made, _ = world.services.instances.create("Other", "https://other.example")
    world.services.apps.save(made.id, "other", "secret", "starter")
    world.services.apps.set_webhook_key(made.id, KEY)
    telling.post(event())
    (post,) = telling.queue.messages
    taken = telling.deliver([replace(post, instance=made.id)])
    assert taken.counts["of_another_organisation"] == 1
    world.services.apps.delete(made.id)
    taken = telling.deliver([replace(post, instance=made.id)])
    assert taken.counts["of_no_app"] == 1
    assert syncs(world, held) == []


def test_burst_of_500_costs_three_calls_at_most(telling, world, held) -> None:
    categories = ["CONTACT", "INVOICE"]
    for _ in range(5):
        telling.post(*[event(categories[n % 2]) for n in range(100)])
        world.clock.advance(seconds=0.3)
    messages = list(telling.queue.messages)
    telling.queue.messages.clear()
    world.clock.advance(seconds=3)
    # Lambda may run two batches beside each other.
    telling.deliver(messages[:3])
    telling.deliver(messages[3:])
    settle(world, held)
    assert len(syncs(world, held)) == 1
    assert len(world.xero.reads) <= 3


def test_duplicates_and_disorder_are_one_sync(telling, world, held) -> None:
    telling.post(event(at=world.clock.now()))
    telling.post(event(at=world.clock.now() - timedelta(hours=3)))
    posts = telling.queue.messages
    telling.deliver([posts[1], posts[0], posts[0], posts[1]])
    telling.deliver([posts[0]])
    settle(world, held)
    assert len(syncs(world, held)) == 1


def test_day_that_is_replayed_costs_one_sync(telling, world, held) -> None:
    told = [event(at=world.clock.now() - timedelta(hours=n)) for n in range(24)]
    telling.post(*told)
    telling.deliver()
    settle(world, held)
    assert len(syncs(world, held)) == 1 and len(world.xero.reads) == 1


def two_pages(world: World) -> None:
    world.xero.max_page_size = 20
    world.xero.fill(30)


def test_change_that_comes_while_its_resource_is_read_is_read_after(
    telling, world, held
) -> None:
    two_pages(world)
    polled = world.start(held, resources=["contacts"])
    world.deliver()
    assert world.sync(polled).is_live
    world.clock.advance(seconds=5)
    taken = telling.tell("CONTACT")
    assert taken.counts["left_to_the_live_one"] == 1
    assert syncs(world, held) == []
    while world.sync(polled).is_live:
        world.deliver()
    (sync,) = syncs(world, held)
    assert sync.created_at >= world.sync(polled).finished_at
    settle(world, held)
    assert len(syncs(world, held)) == 1


def test_change_that_came_before_its_resource_was_read_is_not_read_twice(
    telling, world, held
) -> None:
    polled = world.start(held, resources=["invoices", "contacts"])
    world.deliver()
    world.clock.advance(seconds=5)
    telling.tell("CONTACT")
    world.clock.advance(seconds=5)
    settle(world, held)
    assert world.sync(polled).state == "done"
    assert syncs(world, held) == []


def test_mark_of_the_same_second_is_read_again_for_clocks_differ(
    telling, world, held
) -> None:
    telling.tell("CONTACT")
    world.clock.advance(seconds=0.5)
    world.deliver_all()
    settle(world, held)
    assert len(syncs(world, held)) == 2


def test_what_was_never_read_is_left_to_the_first_sync(telling, world, held) -> None:
    marks = world.ports.feeds.marks[held.instance, held.id]
    del marks["invoices"]
    assert telling.tell("INVOICE").counts["never_read"] == 1
    assert syncs(world, held) == [] and telling.marks(held) == set()
    telling.tell("INVOICE", "CONTACT")
    assert resources(syncs(world, held)[0]) == ["contacts"]


def test_change_during_the_first_sync_is_read_after_it(world) -> None:
    world.xero.scopes = EVERY_SCOPE
    two_pages(world)
    held = world.connect()
    telling = Telling(world)
    first = world.start(held, resources=["contacts"])
    world.deliver()
    world.clock.advance(seconds=5)
    telling.tell("CONTACT", "INVOICE")
    world.deliver_all()
    assert world.sync(first).state == "done"
    (sync,) = syncs(world, held)
    assert resources(sync) == ["contacts"]
    settle(world, held)


def test_right_that_was_taken_away_holds_up_nothing_else(telling, world, held) -> None:
    world.xero.scopes = ALL_SCOPES
    tokens = world.ports.token_sets.get(held.instance, held.token_set)
    world.ports.token_sets.save(
        replace(tokens, version=tokens.version + 1, scopes=ALL_SCOPES)
    )
    telling.tell("INVOICE", "CONTACT")
    assert resources(syncs(world, held)[0]) == ["contacts"]


def test_next_sync_keeps_the_distance_that_the_budget_asks_for(
    telling, world, held
) -> None:
    telling.tell("CONTACT")
    world.clock.advance(seconds=2)
    world.deliver_all()
    (first,) = syncs(world, held)
    assert telling.tell("CONTACT").counts["paced"] == 1
    at = telling.row(held).wake_at
    assert at >= first.created_at + timedelta(seconds=5)
    world.clock.time = at
    assert world.janitor()["changes_started"] == 1
    settle(world, held)
    assert len(syncs(world, held)) == 2


@pytest.mark.parametrize("remaining", [0, 50])
def test_calls_that_are_kept_for_people_are_not_touched(
    telling, world, held, remaining: int
) -> None:
    now = world.clock.now()
    kept = Budget(remaining, 10, now)
    world.ports.connections.set_budget(held.instance, held.id, kept)
    assert telling.tell("CONTACT").counts["paced"] == 1
    assert telling.row(held).wake_at == now + timedelta(hours=1)
    settle(world, held)
    assert len(syncs(world, held)) == 1


def test_sync_that_failed_is_begun_again_after_a_pause(telling, world, held) -> None:
    world.xero.faults.append(Refused(400, "QueryParseException"))
    telling.tell("CONTACT")
    world.deliver_all()
    assert syncs(world, held)[0].state == "failed"
    assert telling.marks(held) == {"contacts"}
    telling.tell("CONTACT")
    assert len(syncs(world, held)) == 1
    world.clock.advance(seconds=AFTER_FAILURE.total_seconds())
    settle(world, held)
    assert [one.state for one in syncs(world, held)] == ["done", "failed"]


def test_sync_that_a_person_stopped_is_not_begun_again_at_once(
    telling, world, held
) -> None:
    telling.tell("CONTACT")
    (sync,) = syncs(world, held)
    world.services.syncs.cancel(held.instance, sync.id)
    world.clock.advance(minutes=10)
    world.janitor()
    assert len(syncs(world, held)) == 1
    settle(world, held)
    assert len(syncs(world, held)) == 2


def test_marks_outlast_a_reconnect(telling, world, held) -> None:
    stopped = held.in_state("reconnect", "reconnect_needed")
    world.ports.connections.replace(stopped)
    assert telling.tell("CONTACT").counts["stopped"] == 1
    world.reconnect(held)
    world.clock.advance(seconds=UNTIL_RECONNECTED.total_seconds())
    world.janitor()
    settle(world, held)
    assert [one.state for one in syncs(world, held)] == ["done"]


def test_disconnected_organisation_leaves_no_mark(telling, world, held) -> None:
    two_pages(world)
    world.start(held, resources=["contacts"])
    world.deliver()
    telling.tell("CONTACT")
    world.services.connections.disconnect(held.instance, held.id)
    world.clock.advance(minutes=20)
    world.janitor()
    assert telling.marks(held) == set() and telling.row(held).wake_at is None
    assert telling.tell("CONTACT").counts["of_another_organisation"] == 1


def test_janitor_goes_on_with_what_nobody_went_on_with(telling, world, held) -> None:
    """The batch function died between the mark and the start."""
    telling.post(event())
    start = world.services.syncs.start

    def die(*_: Any, **__: Any) -> None:
        raise ConnectionError("killed")

    object.__setattr__(world.services.syncs, "start", die)
    taken = telling.deliver()
    assert taken.failed == {0} and taken.errors
    object.__setattr__(world.services.syncs, "start", start)
    assert telling.marks(held) == {"contacts"}
    world.janitor()
    settle(world, held)
    assert len(syncs(world, held)) == 1


def test_while_a_sync_is_alive_the_janitor_rests(telling, world, held) -> None:
    two_pages(world)
    world.start(held, resources=["contacts"])
    world.deliver()
    telling.tell("CONTACT")
    assert telling.row(held).wake_at == world.clock.now() + LOOK_AGAIN


def test_latency_from_hearing_to_the_start_is_measured(telling, world, held) -> None:
    waits: list[timedelta] = []
    object.__setattr__(world.services.changes, "started", waits.append)
    telling.post(event())
    world.clock.advance(seconds=4)
    telling.post(event())
    telling.deliver()
    assert waits == [timedelta(seconds=4)]


def test_one_organisations_failure_fails_the_posts_that_told_of_it(
    telling, world, held, monkeypatch
) -> None:
    break_table_of(world, monkeypatch, "broken")
    telling.post(event())
    telling.post(event(organisation="broken"), event("INVOICE"))
    telling.post(event(organisation="broken"))
    taken = telling.deliver()
    assert taken.failed == {1, 2}
    assert taken.counts["started"] == 1
    assert telling.marks(held) == {"contacts", "invoices"}


class TestWhatIsShown:
    """`AppAnswer.webhooks` and the connection's `webhook_at`."""

    @staticmethod
    def shown(world: World) -> dict[str, Any]:
        return Api(world)("GET", "/v1/app").json["webhooks"]

    def test_address_is_known_before_there_is_an_app(self, world) -> None:
        """Whoever makes the app at Xero registers it there at the same time."""
        before = self.shown(world)
        assert before["address"].startswith("https://c.example/webhooks/")
        assert not any(before[name] for name in before if name != "address")
        world.set_app()
        assert self.shown(world) == before

    def test_address_stays(self, world) -> None:
        world.set_app()
        before = self.shown(world)
        assert before["address"].startswith("https://c.example/webhooks/")
        assert len(before["address"].rpartition("/")[2]) == 32
        assert before["key_set_at"] is None
        api = Api(world)
        body = {"key": KEY}
        answer = api("PUT", "/v1/app/webhooks", body).json["webhooks"]
        assert answer["key_set_at"] == "2026-11-02T09:30:00.000Z"
        world.set_app()
        assert self.shown(world) == answer
        assert api("DELETE", "/v1/app/webhooks").status == 204
        assert api("DELETE", "/v1/app/webhooks").status == 204
        assert self.shown(world) == before

    def test_another_app_has_the_address_and_no_key(self, world) -> None:
        """What the app before was told says nothing of this one."""
        world.set_app()
        before = self.shown(world)
        telling = Telling(world)
        assert telling.post() == telling.post(event()) == "accepted"
        telling.deliver()
        assert self.shown(world)["received_at"]
        world.services.apps.save(world.instance, "another", "secret", "starter")
        assert self.shown(world) == before
        world.clock.advance(minutes=1)
        assert telling.post() == "refused"

    def test_confirmed_by_an_empty_post_of_this_key_alone(self, world) -> None:
        world.set_app()
        telling = Telling(world)
        assert telling.post() == "accepted"
        telling.deliver()
        assert self.shown(world)["confirmed_at"] == "2026-11-02T09:30:00.000Z"
        world.clock.advance(seconds=10)
        world.services.apps.set_webhook_key(world.instance, KEY)
        assert self.shown(world)["confirmed_at"] is None
        world.clock.advance(seconds=10)
        telling.post()
        telling.deliver()
        assert self.shown(world)["confirmed_at"] == "2026-11-02T09:30:20.000Z"

    def test_heard_by_the_minute(self, telling, world, held) -> None:
        at = world.clock.now()
        for _ in range(7):
            telling.tell("CONTACT")
            world.clock.advance(seconds=10)
        assert self.shown(world)["received_at"] == "2026-11-02T09:41:00.000Z"
        connection = Api(world)("GET", f"/v1/connections/{held.id}").json
        assert connection["webhook_at"] == "2026-11-02T09:41:00.000Z"
        assert at.minute == 40 and self.shown(world)["confirmed_at"] is None

    def test_events_of_others_are_no_word_on_a_connection(
        self, telling, world, held
    ) -> None:
        telling.post(event(organisation="tenant-of-somebody"))
        telling.deliver()
        connection = Api(world)("GET", f"/v1/connections/{held.id}").json
        assert connection["webhook_at"] is None

    @pytest.mark.parametrize("key", ["", " ", "a b", "a\tb", "x" * 257, None, 7])
    def test_key_that_is_none_is_refused(self, world, key: Any) -> None:
        world.set_app()
        answer = Api(world)("PUT", "/v1/app/webhooks", {"key": key})
        assert (answer.status, answer.code) == (422, "request_invalid")
        assert self.shown(world)["key_set_at"] is None

    def test_key_needs_an_app(self, world) -> None:
        answer = Api(world)("PUT", "/v1/app/webhooks", {"key": KEY})
        assert answer.code == "app_not_set"
        assert Api(world)("POST", "/v1/app/webhooks/test").code == "app_not_set"

    def test_key_is_sealed_and_never_shown_or_logged(self, world, log) -> None:
        world.set_app()
        answer = Api(world)("PUT", "/v1/app/webhooks", {"key": KEY})
        Api(world)("PUT", "/v1/app/webhooks", {"key": KEY, "more": KEY})
        app = world.services.apps.required(world.instance)
        assert KEY.encode() not in app.webhook_key
        assert KEY.encode() not in answer.body
        assert KEY not in log.getvalue()
        assert world.services.apps.webhook_key(app) == KEY


class TestTest:
    """`POST /v1/app/webhooks/test`."""

    @staticmethod
    def tried(world: World) -> dict[str, Any]:
        return Api(world)("POST", "/v1/app/webhooks/test").json

    @pytest.fixture
    def telling(self, world) -> Telling:
        world.set_app()
        return Telling(world)

    @staticmethod
    def connected(world: World, telling: Telling) -> None:
        """The address leads to our own function."""

        def answer(body: bytes, signature: str) -> int:
            taken = telling.posts.take(telling.hook, body, signature)
            return 401 if taken == "refused" else 200

        world.ports.probe.answer = answer

    def test_without_a_key(self, world) -> None:
        world.set_app()
        assert self.tried(world) == {
            "reached": False,
            "accepted": False,
            "refused_wrong": False,
            "code": "webhook_key_missing",
        }
        assert world.ports.probe.posted == []

    def test_that_all_is_well(self, world, telling) -> None:
        self.connected(world, telling)
        assert self.tried(world) == {
            "reached": True,
            "accepted": True,
            "refused_wrong": True,
            "code": None,
        }
        address = TestWhatIsShown.shown(world)["address"]
        assert [one[0] for one in world.ports.probe.posted] == [address] * 2

    def test_is_no_confirmation(self, world, telling) -> None:
        self.connected(world, telling)
        self.tried(world)
        telling.deliver()
        assert TestWhatIsShown.shown(world)["confirmed_at"] is None
        assert TestWhatIsShown.shown(world)["received_at"] is None

    @pytest.mark.parametrize(
        ("answers", "code"),
        [
            ((None, None), "webhook_unreachable"),
            ((502, 502), "webhook_unreachable"),
            ((301, 301), "webhook_unreachable"),
            ((503, 401), "webhook_unreachable"),
            ((200, 200), "webhook_key_refused"),
            ((401, 401), "webhook_key_refused"),
            ((401, 200), "webhook_key_refused"),
        ],
    )
    def test_what_keeps_it_from_working(
        self, world, telling, answers: tuple[int | None, ...], code: str
    ) -> None:
        coming = iter(answers)
        world.ports.probe.answer = lambda *_: next(coming)
        assert self.tried(world)["code"] == code
