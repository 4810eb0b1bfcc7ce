-- title: Got to cook
-- question: How far do conversations with a recipe get?
-- chart: 100 % columns
-- unit: share of recipe conversations
-- params: from date, to date
-- tables: daily_metrics
-- definition: 1
-- shares: confirmed_share of conversations, cooked_share of conversations
-- intervals: confirmed_share of conversations, cooked_share of conversations
-- n: conversations
-- summary: An estimated {cooked_share:.0%} of recipe conversations got to cook (uncalibrated).
with outcomes as (
    select
        cast(sum(coalesce(element_at(d.outcomes, 'confirmed'), 0)) as bigint) as confirmed,
        cast(sum(coalesce(element_at(d.outcomes, 'likely'), 0)) as bigint) as likely,
        cast(sum(coalesce(element_at(d.outcomes, 'engaged'), 0)) as bigint) as engaged,
        cast(sum(coalesce(element_at(d.outcomes, 'browsed'), 0)) as bigint) as browsed,
        cast(sum(coalesce(element_at(d.outcomes, 'abandoned'), 0)) as bigint) as abandoned,
        cast(sum(d.recipe_conversations) as bigint) as conversations,
        sum(cast(d.total_messages as double)) / nullif(sum(cast(d.total_conversations as double)), 0) as mean_length
    from daily_metrics d
    where cast(d.date as date) between cast(? as date) and cast(? as date)
)
select
    conversations,
    confirmed,
    likely,
    engaged,
    browsed,
    abandoned,
    cast(confirmed as double) / nullif(conversations, 0) as confirmed_share,
    cast(confirmed + likely as double) / nullif(conversations, 0) as cooked_share,
    case
        when mean_length > 5e0 then 'High'
        when mean_length > 3e0 then 'Medium'
        when mean_length is not null then 'Low'
    end as length_band
from outcomes
where conversations is not null
