-- title: New and returning people
-- question: How many people are here for the first time, and how many come back?
-- chart: columns
-- unit: people
-- params: from date, to date
-- tables: weekly_metrics
-- looks_back: 6
-- definition: 1
-- shares: returning_share of people
-- n: rows
-- summary: {people:,} people in {week}, of whom {new_people:,} are new.
-- summary_of: last
select
    w.week as week,
    w.week_start as week_start,
    w.people as people,
    w.new_people as new_people,
    w.returning_people as returning_people,
    cast(w.returning_people as double) / nullif(w.people, 0) as returning_share,
    w.complete as complete
from weekly_metrics w
where cast(w.week_start as date) between cast(? as date) and cast(? as date)
order by w.week_start
