-- title: Peak hours
-- question: When do conversations begin?
-- chart: weekday by hour
-- unit: conversations an hour
-- params: from date, to date
-- tables: daily_metrics
-- definition: 1
-- n: conversations
-- summary: Most conversations begin at {hour}:00 on {weekday}s.
with days as (
    select
        day_of_week(cast(d.date as date)) as weekday,
        u.hour as hour,
        element_at(d.hour_minutes, u.hour) as minutes,
        coalesce(element_at(d.hours, u.hour), 0) as conversations
    from daily_metrics d
    cross join unnest(map_keys(d.hour_minutes)) as u(hour)
    where cast(d.date as date) between cast(? as date) and cast(? as date)
),
cells as (
    select
        weekday,
        hour,
        cast(sum(conversations) as bigint) as conversations,
        cast(sum(minutes) as double) / 60 as hours
    from days
    group by weekday, hour
)
select
    cast(weekday as bigint) as weekday,
    hour,
    conversations,
    hours,
    cast(conversations as double) / nullif(hours, 0) as per_hour
from cells
order by cast(conversations as double) / nullif(hours, 0) desc, weekday, hour
