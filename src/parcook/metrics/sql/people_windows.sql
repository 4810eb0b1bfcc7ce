-- title: People over longer times
-- question: How many different people in the last 7, 28 and 91 days, and in the same time before?
-- chart: table
-- unit: people
-- params: from date, to date
-- tables: daily_metrics
-- looks_back: 91
-- definition: 1
-- n: rows
-- summary: {people:,} people in the last {days} days.
with asked as (
    select cast(? as date) as first_day, cast(? as date) as last_day
),
windows as (
    select v.days as days
    from (values (7), (28), (91), (364)) as v(days)
),
numbers as (
    select cast(d.date as date) as day, 7 as days, d.wau as people from daily_metrics d
    union all
    select cast(d.date as date) as day, 28 as days, d.mau as people from daily_metrics d
    union all
    select cast(d.date as date) as day, 91 as days, d.people_91 as people from daily_metrics d
)
select
    w.days as days,
    now_.people as people,
    before_.people as people_before,
    w.days <= 91 as measurable
from windows w
cross join asked a
left join numbers now_ on now_.days = w.days and now_.day = a.last_day
left join numbers before_
    on before_.days = w.days and date_diff('day', before_.day, a.last_day) = w.days
order by w.days
