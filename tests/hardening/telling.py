"""What an application tells its operator."""

from prometheus_client.parser import text_string_to_metric_families


def value_of(metrics: str, name: str) -> float:
    """The value of the counter or gauge `name`, which has no labels, in the text of `/metrics`."""
    families = text_string_to_metric_families(metrics)
    return next(sample.value for family in families for sample in family.samples if sample.name == name)
