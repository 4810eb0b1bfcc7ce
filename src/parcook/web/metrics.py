"""Metrics over HTTP: the list of them, and each for a range of days, as JSON or CSV."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict

from parcook.errors import Invalid
from parcook.metrics.library import answer, find_metric, load_metrics
from parcook.web.problems import problem_docs
from parcook.web.routing import ServicesOf, ruled_router
from parcook.web.rules import BASE

router = ruled_router("metrics", prefix=BASE)


class MetricList(BaseModel):
    """What can be asked."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "name": "active_users",
                            "title": "Active people",
                            "question": "How many people use it, in a day, in 7 days and in 28 days?",
                            "chart": "lines",
                            "unit": "people",
                            "params": [{"name": "from", "type": "date", "default": None}],
                            "definition": "active_users 1",
                        }
                    ]
                }
            ]
        }
    )

    items: list[dict[str, Any]]


class MetricRows(BaseModel):
    """Rows, and how they came about: what they count, of how many, and what was withheld."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "data": [{"day": "2025-01-15", "dau": 50, "wau": 200, "mau": 500}],
                    "metadata": {
                        "metric": "active_users",
                        "definition": "active_users 1",
                        "n": 1,
                        "complete": True,
                        "suppressed": 0,
                        "exact": True,
                        "data_through": "2025-01-15",
                        "timezone": "UTC",
                        "summary": "200 people were active in the 7 days to 2025-01-15.",
                    },
                }
            ]
        }
    )

    data: list[dict[str, Any]]
    metadata: dict[str, Any]


@router.get("/metrics", responses=problem_docs(401, 403, 429))
def metrics() -> MetricList:
    """Every metric: what it asks, its parameters, its definition."""
    return MetricList(items=[metric.describe() for metric in load_metrics().values()])


@router.get(
    "/metrics/{metric_name}",
    response_model=None,
    responses={200: {"model": MetricRows}, **problem_docs(401, 403, 404, 422, 429, 503)},
)
def metric_rows(
    request: Request,
    services: ServicesOf,
    metric_name: Annotated[str, Path(max_length=64, examples=["active_users"])],
    first: Annotated[str, Query(alias="from", max_length=10, description="The first day.", examples=["2025-01-01"])],
    last: Annotated[str, Query(alias="to", max_length=10, description="The last day.", examples=["2025-01-28"])],
    limit: Annotated[
        int | None, Query(ge=1, le=10_000, description="At most so many rows, where it takes one.")
    ] = None,
    format: Annotated[Literal["json", "csv"], Query()] = "json",
) -> Response:
    """The rows of a metric from one day to another, both included."""
    if unknown := set(request.query_params) - {"from", "to", "limit", "format"}:
        raise Invalid(f"metrics take from, to, limit and format, not {len(unknown)} other parameters")
    given = {"from": first, "to": last} | ({"limit": str(limit)} if limit is not None else {})
    told = answer(
        find_metric(metric_name),
        services.engine,
        given,
        min_people=services.settings.min_people,
        timezone=services.settings.timezone,
    )
    if format == "csv":
        named = {"Content-Disposition": f'attachment; filename="{metric_name}-{first}-{last}.csv"'}
        return PlainTextResponse(told.as_csv(), media_type="text/csv", headers=named)
    return JSONResponse(told.as_dict())
