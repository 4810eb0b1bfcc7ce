-- title: Asked for and not there
-- question: Which dishes do people ask for that the catalogue lacks, or the assistant refuses?
-- chart: table
-- unit: requests
-- params: from date, to date, limit integer = 50
-- tables: daily_metrics
-- looks_back: period
-- definition: 1
-- people: user_days
-- n: requests
-- summary: {name} is asked for most: {requests:,} times.
with asked as (
    select cast(? as date) as first_day, cast(? as date) as last_day
),
days as (
    select
        case when cast(d.date as date) >= a.first_day then 1 else 0 end as is_now,
        d.gaps_requests as requests,
        d.gaps_user_days as user_days,
        d.gaps_refused as refused
    from daily_metrics d
    cross join asked a
    where cast(d.date as date) <= a.last_day
        and date_diff('day', cast(d.date as date), a.first_day) <= date_diff('day', a.first_day, a.last_day) + 1
),
gaps as (
    select
        u.name as name,
        cast(sum(case when d.is_now = 1 then element_at(d.requests, u.name) else 0 end) as bigint) as requests,
        cast(sum(case when d.is_now = 0 then element_at(d.requests, u.name) else 0 end) as bigint) as requests_before,
        cast(sum(case when d.is_now = 1 then coalesce(element_at(d.user_days, u.name), 0) else 0 end) as bigint) as user_days,
        cast(sum(case when d.is_now = 1 then coalesce(element_at(d.refused, u.name), 0) else 0 end) as bigint) as refused
    from days d
    cross join unnest(map_keys(d.requests)) as u(name)
    where u.name <> '…'
    group by u.name
),
ranked as (
    select
        name,
        requests,
        requests_before,
        user_days,
        refused,
        row_number() over (order by requests desc, name) as place
    from gaps
    where requests >= 10
)
select name, requests, requests_before, user_days, refused
from ranked
where place <= cast(? as bigint)
order by place
