-- title: Retention
-- question: Of the people who came in a week, how many are here in the weeks after?
-- chart: cohorts
-- unit: share of people
-- params: from date, to date
-- tables: weekly_metrics
-- looks_back: 6
-- definition: 1
-- people: people, cohort_people
-- tied: share to people
-- shares: share of cohort_people
-- totals: average in cohort by week_number
-- n: rows
-- summary: Of {cohort_people:,} people who came in {cohort}, {people:,} were here {week_number} weeks later.
with weeks as (
    select cast(w.week_start as date) as week_start, w.week as week, w.cohorts as cohorts, w.complete as complete
    from weekly_metrics w
),
cohorts as (
    select week_start, week, element_at(cohorts, week) as cohort_people, complete
    from weeks
    where week_start between cast(? as date) and cast(? as date)
),
numbers as (
    select v.week_number as week_number
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)) as v(week_number)
),
cells as (
    select
        c.week as cohort,
        cast(c.week_start as varchar) as cohort_start,
        n.week_number as week_number,
        c.cohort_people as cohort_people,
        case when c.complete and w.complete then coalesce(element_at(w.cohorts, c.week), 0) end as people,
        case
            when w.week_start is null then 'future'
            when c.complete and w.complete then 'complete'
            else 'partial'
        end as state
    from cohorts c
    cross join numbers n
    left join weeks w on date_diff('day', c.week_start, w.week_start) = 7 * n.week_number
    where c.cohort_people is not null
),
averages as (
    select
        'average' as cohort,
        cast(null as varchar) as cohort_start,
        week_number,
        cast(sum(case when people is not null then cohort_people end) as bigint) as cohort_people,
        cast(sum(people) as bigint) as people,
        case when count(people) > 0 then 'complete' else 'future' end as state
    from cells
    group by week_number
),
told as (
    select cohort, cohort_start, week_number, cohort_people, people, state from cells
    union all
    select cohort, cohort_start, week_number, cohort_people, people, state from averages
)
select
    cohort,
    cohort_start,
    week_number,
    cohort_people,
    people,
    cast(people as double) / nullif(cohort_people, 0) as share,
    state
from told
order by cohort_start, week_number
