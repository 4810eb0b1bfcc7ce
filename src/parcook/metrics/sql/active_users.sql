-- title: Active people
-- question: How many people use it, in a day, in 7 days and in 28 days?
-- chart: lines
-- unit: people
-- params: from date, to date
-- tables: daily_metrics
-- looks_back: 27
-- definition: 1
-- shares: stickiness of mau
-- n: rows
-- summary: {wau:,} people were active in the 7 days to {day}.
-- summary_of: last
with days as (
    select
        d.date as day,
        d.dau as dau,
        d.wau as wau,
        d.mau as mau,
        d.visitors as visitors,
        d.complete as complete,
        sum(cast(d.dau as double)) over (order by d.date rows between 27 preceding and current row) as dau_28,
        count(d.dau) over (order by d.date rows between 27 preceding and current row) as days_28,
        min(cast(d.date as date)) over (order by d.date rows between 27 preceding and current row) as first_28
    from daily_metrics d
)
select
    day,
    dau,
    wau,
    mau,
    visitors,
    case
        when days_28 = 28 and date_diff('day', first_28, cast(day as date)) = 27
            then dau_28 / 28 / nullif(cast(mau as double), 0)
    end as stickiness,
    complete
from days
where cast(day as date) between cast(? as date) and cast(? as date)
order by day
