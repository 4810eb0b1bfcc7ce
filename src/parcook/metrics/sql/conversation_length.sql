-- title: Conversation length
-- question: How long are conversations?
-- chart: line with band
-- unit: messages
-- params: from date, to date
-- tables: daily_metrics
-- definition: 1
-- n: conversations
-- summary: A conversation had {mean:.1f} messages on {day}; half of them had up to {median:,}.
-- summary_of: last
with counted as (
    select
        d.date as day,
        cast(u.length as bigint) as length,
        element_at(d.lengths, u.length) as conversations
    from daily_metrics d
    cross join unnest(map_keys(d.lengths)) as u(length)
    where cast(d.date as date) between cast(? as date) and cast(? as date)
),
placed as (
    select
        day,
        length,
        conversations,
        sum(cast(conversations as double)) over (partition by day) as total,
        sum(cast(conversations as double)) over (
            partition by day order by length rows between unbounded preceding and current row
        ) as reached
    from counted
),
lengths as (
    select
        day,
        cast(max(total) as bigint) as conversations,
        sum(cast(length as double) * cast(conversations as double)) / max(total) as mean,
        min(case when reached >= total * 0.25e0 then length end) as lower_quartile,
        min(case when reached >= total * 0.5e0 then length end) as median,
        min(case when reached >= total * 0.75e0 then length end) as upper_quartile,
        min(case when reached >= total * 0.9e0 then length end) as p90
    from placed
    group by day
),
turns as (
    select
        d.date as day,
        sum(cast(u.turns as double) * cast(element_at(d.user_turns, u.turns) as double)) as user_turns,
        cast(sum(case when u.turns <> '0' then element_at(d.user_turns, u.turns) else 0 end) as bigint) as engaged
    from daily_metrics d
    cross join unnest(map_keys(d.user_turns)) as u(turns)
    group by d.date
)
select
    l.day as day,
    l.conversations as conversations,
    l.mean as mean,
    l.lower_quartile as lower_quartile,
    l.median as median,
    l.upper_quartile as upper_quartile,
    l.p90 as p90,
    t.user_turns / nullif(cast(t.engaged as double), 0) as user_turns,
    t.engaged as engaged_conversations
from lengths l
left join turns t on t.day = l.day
order by l.day
