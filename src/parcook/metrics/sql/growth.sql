-- title: Growth
-- question: How many more people than the week before?
-- chart: columns
-- unit: per cent
-- params: from date, to date
-- tables: weekly_metrics
-- looks_back: 13
-- definition: 1
-- n: rows
-- summary: {people:,} people in {week}, {growth:+.1f} % on the week before.
-- summary_of: last
with weeks as (
    select
        cast(w.week_start as date) as week_start,
        w.week as week,
        w.people as people,
        w.complete as complete,
        lag(w.people) over (order by w.week_start) as people_before,
        lag(w.complete) over (order by w.week_start) as complete_before,
        lag(cast(w.week_start as date)) over (order by w.week_start) as start_before
    from weekly_metrics w
)
select
    week,
    cast(week_start as varchar) as week_start,
    people,
    case when date_diff('day', start_before, week_start) = 7 then people_before end as people_before,
    case
        when complete and complete_before and date_diff('day', start_before, week_start) = 7
            then cast(people - people_before as double) / nullif(people_before, 0) * 1e2
    end as growth,
    complete
from weeks
where week_start between cast(? as date) and cast(? as date)
order by week
