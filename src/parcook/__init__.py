"""parcook: analytics for recipe products, cooked ahead and finished to order.

The public names are resolved on first use: a script that only reads a stored artifact loads no web framework.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parcook.artifacts.storage import AnalyticsStorage
    from parcook.artifacts.triggers import trigger_analytics_refresh
    from parcook.catalogue.analytics import AnalyticsQueries
    from parcook.catalogue.store import open_catalogue
    from parcook.conversations.privacy import PrivacyManager
    from parcook.metrics.notebook import connect, metric
    from parcook.web.app import create_app, router

_HOMES = {
    "AnalyticsQueries": "parcook.catalogue.analytics",
    "AnalyticsStorage": "parcook.artifacts.storage",
    "PrivacyManager": "parcook.conversations.privacy",
    "connect": "parcook.metrics.notebook",
    "create_app": "parcook.web.app",
    "metric": "parcook.metrics.notebook",
    "open_catalogue": "parcook.catalogue.store",
    "router": "parcook.web.app",
    "trigger_analytics_refresh": "parcook.artifacts.triggers",
}

__all__ = [
    "AnalyticsQueries",
    "AnalyticsStorage",
    "PrivacyManager",
    "connect",
    "create_app",
    "metric",
    "open_catalogue",
    "router",
    "trigger_analytics_refresh",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'parcook' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
