-- title: Feature adoption
-- question: What share of people use each feature, before and now?
-- chart: dumbbell
-- unit: share of active people
-- params: from date, to date
-- tables: weekly_metrics
-- looks_back: 731
-- definition: 2
-- people: people, people_before
-- tied: share to people, share_before to people_before
-- shares: share of active_people, share_before of active_people_before
-- n: rows
-- summary: {feature} leads.
with asked as (
    select cast(? as date) as first_day, cast(? as date) as last_day
),
weeks as (
    select
        cast(w.week_start as date) as week_start,
        w.people as people,
        w.feature_people as feature_people,
        w.complete as complete
    from weekly_metrics w
),
features as (
    select u.feature as feature, min(w.week_start) as first_week
    from weeks w
    cross join unnest(map_keys(w.feature_people)) as u(feature)
    group by u.feature
),
shares as (
    select
        f.feature as feature,
        case when w.week_start >= a.first_day then 1 else 0 end as is_now,
        coalesce(element_at(w.feature_people, f.feature), 0) as people,
        w.people as active_people,
        cast(coalesce(element_at(w.feature_people, f.feature), 0) as double) / nullif(w.people, 0) as share
    from features f
    cross join asked a
    join weeks w on w.week_start > f.first_week
    where w.complete
        and date_diff('day', w.week_start, a.last_day) >= 6
        and (w.week_start >= a.first_day or date_diff('day', w.week_start, a.first_day) >= 7)
        and date_diff('day', w.week_start, a.first_day) <= date_diff('day', a.first_day, a.last_day) + 1
),
means as (
    select
        feature,
        avg(case when is_now = 1 then share end) as share,
        avg(case when is_now = 0 then share end) as share_before,
        max(case when is_now = 1 then people end) as people,
        max(case when is_now = 0 then people end) as people_before,
        min(case when is_now = 1 then active_people end) as active_people,
        min(case when is_now = 0 then active_people end) as active_people_before,
        count(case when is_now = 1 then 1 end) as weeks
    from shares
    group by feature
)
select feature, share, share_before, people, people_before, active_people, active_people_before, weeks
from means
where weeks > 0
order by share desc, feature
