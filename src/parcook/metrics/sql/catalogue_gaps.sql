-- title: Asked for and not there
-- question: Which dishes do people ask for that the catalogue lacks, or the assistant refuses?
-- chart: table
-- unit: requests
-- params: from date, to date, limit integer = 50
-- tables: daily_metrics
-- looks_back: period
-- definition: 2
-- people: user_days
-- least: 10 requests, min_people user_days
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
spellings as (
    select
        lower(u.name) as folded,
        u.name as name,
        cast(sum(case when d.is_now = 1 then element_at(d.requests, u.name) else 0 end) as bigint) as requests,
        cast(sum(case when d.is_now = 0 then element_at(d.requests, u.name) else 0 end) as bigint) as requests_before,
        cast(sum(case when d.is_now = 1 then coalesce(element_at(d.user_days, u.name), 0) else 0 end) as bigint) as user_days,
        cast(sum(case when d.is_now = 1 then coalesce(element_at(d.refused, u.name), 0) else 0 end) as bigint) as refused
    from days d
    cross join unnest(map_keys(d.requests)) as u(name)
    where u.name <> '…'
    group by lower(u.name), u.name
),
named as (
    select folded, name, row_number() over (partition by folded order by requests desc, name) as choice
    from spellings
),
gaps as (
    select
        folded,
        cast(sum(requests) as bigint) as requests,
        cast(sum(requests_before) as bigint) as requests_before,
        cast(sum(user_days) as bigint) as user_days,
        cast(sum(refused) as bigint) as refused
    from spellings
    group by folded
),
ranked as (
    select
        folded,
        requests,
        requests_before,
        user_days,
        refused,
        row_number() over (order by requests desc, folded) as place
    from gaps
    where requests > 0
)
select n.name as name, r.requests as requests, r.requests_before as requests_before, r.user_days as user_days, r.refused as refused
from ranked r
join named n on n.folded = r.folded and n.choice = 1
where r.place <= cast(? as bigint)
order by r.place
