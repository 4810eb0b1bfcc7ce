-- title: Satisfaction
-- question: Are people content?
-- chart: shares
-- unit: share of votes
-- params: from date, to date
-- tables: daily_metrics
-- definition: 1
-- shares: up_share of votes, response_rate of conversations, positive_share of assessed, negative_share of assessed, silent_share of assessed
-- intervals: up_share of votes, positive_share of assessed, negative_share of assessed
-- n: votes
-- summary: {up_share:.0%} of {votes:,} votes are up.
with counted as (
    select
        cast(sum(coalesce(element_at(d.feedback, 'up'), 0)) as bigint) as up,
        cast(sum(coalesce(element_at(d.feedback, 'down'), 0)) as bigint) as down,
        cast(sum(coalesce(element_at(d.feedback, 'voted'), 0)) as bigint) as voted,
        cast(sum(d.total_conversations) as bigint) as conversations,
        cast(sum(d.assessed_conversations) as bigint) as assessed,
        cast(sum(coalesce(element_at(d.signals, 'any_positive'), 0)) as bigint) as positive,
        cast(sum(coalesce(element_at(d.signals, 'any_negative'), 0)) as bigint) as negative,
        cast(sum(coalesce(element_at(d.signals, 'none'), 0)) as bigint) as silent
    from daily_metrics d
    where cast(d.date as date) between cast(? as date) and cast(? as date)
)
select
    up,
    down,
    up + down as votes,
    cast(up as double) / nullif(up + down, 0) as up_share,
    conversations,
    cast(voted as double) / nullif(conversations, 0) as response_rate,
    assessed,
    cast(positive as double) / nullif(assessed, 0) as positive_share,
    cast(negative as double) / nullif(assessed, 0) as negative_share,
    cast(silent as double) / nullif(assessed, 0) as silent_share
from counted
where conversations is not null
