"""How often a connection can be read, and what that costs."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from ..answers import ScheduleAnswer
from ..documentation import refuses
from ..inputs import Features, Id, features_in
from ..presenting import schedule_json
from ..services import Services
from .request import Request


def schedule_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()

    @router.get("/v1/connections/<connection>/schedule")
    @refuses("not_found")
    def get_schedule(connection: Id, features: Features) -> ScheduleAnswer:
        """What syncs of these features cost at each interval, and which is proposed.

        Counted by what is due when, the sizes of the last whole reads, and what the
        latest syncs cost; Xero is not asked.
        """
        where = request.instance, connection
        return schedule_json(services.schedules.plan(*where, features_in(features)))

    return router
