"""The one place where ports meet what implements them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta

import boto3
from botocore.config import Config

from ..logic.apps import Apps
from ..logic.authorizations import Authorizations
from ..logic.budget import Budgets
from ..logic.changes import Changes
from ..logic.clock import Clock, SystemClock
from ..logic.connections import Connections
from ..logic.contacts import Contacts
from ..logic.documents import Documents
from ..logic.feed_reader import FeedReader
from ..logic.instances import Instances
from ..logic.invoices import Invoices
from ..logic.janitor import Janitor
from ..logic.joining import Joining
from ..logic.nudges import Nudges
from ..logic.page_reader import PageReader
from ..logic.ports import (
    AppStore,
    AuthorizationStore,
    ConnectionStore,
    DirtyStore,
    FeedStore,
    HintQueue,
    HookStore,
    InstanceStore,
    Odoo,
    ProbeStore,
    Spool,
    SyncStore,
    TokenSetStore,
    Vault,
    WebhookProbe,
    WriteStore,
    XeroApi,
    XeroIdentity,
)
from ..logic.probes import Probes
from ..logic.schedules import Schedules
from ..logic.single_calls import SingleCalls
from ..logic.sync_worker import SyncWorker
from ..logic.syncs import Syncs
from ..logic.tokens import Tokens
from ..logic.webhook_trial import WebhookTrial
from ..logic.writes import Writes
from ..odoo.nudge import HttpOdoo
from ..settings import Settings, read_settings
from ..storage.apps import DynamoApps
from ..storage.authorizations import DynamoAuthorizations
from ..storage.connections import DynamoConnections
from ..storage.dirty import DynamoDirty
from ..storage.feeds import DynamoFeeds
from ..storage.hint_queue import SqsHints
from ..storage.hooks import DynamoHooks
from ..storage.instances import DynamoInstances
from ..storage.probes import DynamoProbes
from ..storage.spool import S3Spool
from ..storage.syncs import DynamoSyncs
from ..storage.table import Table
from ..storage.token_sets import DynamoTokenSets
from ..storage.vault import KmsVault
from ..storage.writes import DynamoWrites
from ..xero.accounting import HttpXeroApi
from ..xero.identity import HttpXeroIdentity
from ..xero.webhook_probe import HttpWebhookProbe
from .build import build
from .observability import duration, observer

_AWS = Config(
    connect_timeout=3,
    read_timeout=10,
    # In all: four times three seconds and the waits between them fit an API request.
    retries={"mode": "standard", "total_max_attempts": 4},
)


@dataclass(frozen=True)
class Ports:
    """Everything the logic needs of the world."""

    instances: InstanceStore
    apps: AppStore
    authorizations: AuthorizationStore
    token_sets: TokenSetStore
    connections: ConnectionStore
    syncs: SyncStore
    dirty: DirtyStore
    feeds: FeedStore
    writes: WriteStore
    hooks: HookStore
    spool: Spool
    queue: HintQueue
    vault: Vault
    identity: XeroIdentity
    api: XeroApi
    probe: WebhookProbe
    odoo: Odoo
    probes: ProbeStore
    clock: Clock


@dataclass(frozen=True)
class Services:
    """What the handlers call."""

    settings: Settings
    instances: Instances
    apps: Apps
    webhook_trial: WebhookTrial
    changes: Changes
    tokens: Tokens
    authorizations: Authorizations
    connections: Connections
    syncs: Syncs
    schedules: Schedules
    feeds: FeedReader
    single_calls: SingleCalls
    documents: Documents
    contacts: Contacts
    invoices: Invoices
    worker: SyncWorker
    nudges: Nudges
    probes: Probes
    janitor: Janitor


def services_from_environment() -> Services:
    """Checks the settings: a function that lacks one fails at once, by name."""
    settings = read_settings(os.environ)
    return services(settings, aws_ports(settings, SystemClock()))


def aws_ports(settings: Settings, clock: Clock) -> Ports:
    table = Table(boto3.client("dynamodb", config=_AWS), settings.table_name)
    feeds, dirty = DynamoFeeds(table), DynamoDirty(table)
    seconds = float(settings.xero_timeout_seconds)
    return Ports(
        instances=DynamoInstances(table),
        apps=DynamoApps(table),
        authorizations=DynamoAuthorizations(table),
        token_sets=DynamoTokenSets(table),
        connections=DynamoConnections(table),
        syncs=DynamoSyncs(
            table,
            feeds,
            dirty,
            clock,
            log_retention=timedelta(days=settings.log_retention_days),
            feed_retention=timedelta(days=settings.feed_retention_days),
        ),
        dirty=dirty,
        feeds=feeds,
        writes=DynamoWrites(table),
        hooks=DynamoHooks(table),
        spool=S3Spool(boto3.client("s3", config=_AWS), settings.spool_bucket),
        queue=SqsHints(boto3.client("sqs", config=_AWS), settings.sync_queue_url),
        vault=KmsVault(boto3.client("kms", config=_AWS), settings.token_key_id),
        identity=HttpXeroIdentity(
            settings.xero_login_url,
            settings.xero_identity_url,
            seconds,
            observer=observer,
        ),
        api=HttpXeroApi(settings.xero_api_url, seconds, observer=observer),
        probe=HttpWebhookProbe(),
        odoo=HttpOdoo(),
        probes=DynamoProbes(table),
        clock=clock,
    )


def services(settings: Settings, ports: Ports) -> Services:
    """The logic on these ports."""
    clock = ports.clock
    stuck_after = timedelta(seconds=settings.stuck_after_seconds)
    instances = Instances(ports.instances, clock)
    apps = Apps(
        ports.apps, instances, ports.connections, ports.identity, ports.vault, clock
    )
    tokens = Tokens(
        ports.token_sets,
        ports.connections,
        apps,
        ports.identity,
        ports.vault,
        clock,
        observer,
    )
    syncs = Syncs(
        ports.syncs,
        ports.connections,
        ports.token_sets,
        ports.queue,
        clock,
        stuck_after,
    )
    connections = Connections(ports.connections, syncs, tokens, ports.api, observer)
    joining = Joining(ports.authorizations, connections, clock)
    authorizations = _authorizations(settings, ports, apps, tokens, joining)
    budgets = Budgets(ports.connections, apps, clock)
    feeds = FeedReader(
        ports.feeds, ports.spool, clock, timedelta(days=settings.feed_retention_days)
    )
    calls = SingleCalls(
        connections, ports.token_sets, tokens, ports.api, budgets, clock
    )
    writes = Writes(calls, ports.writes)
    changes = _changes(ports, apps, syncs, budgets)
    probes = Probes(ports.probes, ports.vault, ports.spool, clock, build)
    return Services(
        settings=settings,
        instances=instances,
        apps=apps,
        webhook_trial=WebhookTrial(apps, ports.probe),
        changes=changes,
        tokens=tokens,
        authorizations=authorizations,
        connections=connections,
        syncs=syncs,
        schedules=Schedules(ports.syncs, ports.connections, apps, ports.hooks, clock),
        feeds=feeds,
        single_calls=calls,
        documents=Documents(calls),
        contacts=Contacts(calls, writes),
        invoices=Invoices(calls, writes),
        worker=_worker(
            settings,
            ports,
            syncs,
            connections,
            _reader(settings, ports, connections, tokens, budgets),
            changes,
        ),
        nudges=Nudges(ports.instances, ports.odoo, clock, settings.nudge_odoo),
        probes=probes,
        janitor=Janitor(
            syncs=syncs,
            changes=changes,
            tokens=tokens,
            authorizations=authorizations,
            feeds=feeds,
            sync_store=ports.syncs,
            dirty_store=ports.dirty,
            token_store=ports.token_sets,
            authorization_store=ports.authorizations,
            feed_store=ports.feeds,
            probes=probes,
            clock=clock,
        ),
    )


def _authorizations(
    settings: Settings, ports: Ports, apps: Apps, tokens: Tokens, joining: Joining
) -> Authorizations:
    return Authorizations(
        store=ports.authorizations,
        connections=ports.connections,
        apps=apps,
        tokens=tokens,
        joining=joining,
        identity=ports.identity,
        vault=ports.vault,
        clock=ports.clock,
        pkce=settings.pkce,
    )


def _changes(ports: Ports, apps: Apps, syncs: Syncs, budgets: Budgets) -> Changes:
    return Changes(
        store=ports.dirty,
        hooks=ports.hooks,
        apps=apps,
        connections=ports.connections,
        syncs=syncs,
        budgets=budgets,
        clock=ports.clock,
        started=lambda waited: duration("WebhookLatency", waited.total_seconds()),
    )


def _worker(
    settings: Settings,
    ports: Ports,
    syncs: Syncs,
    connections: Connections,
    reader: PageReader,
    changes: Changes,
) -> SyncWorker:
    return SyncWorker(
        syncs=syncs,
        store=ports.syncs,
        connections=connections,
        reader=reader,
        spool=ports.spool,
        queue=ports.queue,
        clock=ports.clock,
        stuck_after=timedelta(seconds=settings.stuck_after_seconds),
        follow=changes.follow,
    )


def _reader(
    settings: Settings,
    ports: Ports,
    connections: Connections,
    tokens: Tokens,
    budgets: Budgets,
) -> PageReader:
    return PageReader(
        connections=connections,
        tokens=tokens,
        api=ports.api,
        budgets=budgets,
        clock=ports.clock,
        wait_in_place=timedelta(seconds=settings.wait_in_place_seconds),
        call_seconds=settings.xero_timeout_seconds,
    )
