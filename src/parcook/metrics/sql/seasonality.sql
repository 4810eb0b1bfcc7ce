-- title: Seasons
-- question: Which categories are wanted when?
-- chart: category by month
-- unit: index, 100 is the mean of 12 months
-- params: from date, to date
-- tables: daily_metrics
-- definition: 2
-- n: rows
-- summary: {category} has its month in {month}.
with parts as (
    select
        substr(d.date, 1, 7) as month,
        u.category as category,
        cast(sum(element_at(d.categories, u.category)) as bigint) as units
    from daily_metrics d
    cross join unnest(map_keys(d.categories)) as u(category)
    where cast(d.date as date) between cast(? as date) and cast(? as date)
    group by substr(d.date, 1, 7), u.category
),
all_months as (
    select
        month,
        cast(sum(units) as double) as units,
        row_number() over (order by month desc) as back,
        count(*) over () as months
    from parts
    group by month
),
months as (
    select month, units from all_months where back <= 12 and months >= 12
),
-- Shares need a base of 20 conversations.
categories as (
    select p.category as category
    from parts p
    join months m on m.month = p.month
    group by p.category
    having sum(p.units) >= 20 * 27720
),
shares as (
    select
        m.month as month,
        c.category as category,
        coalesce(cast(p.units as double), 0) / nullif(m.units, 0) as share
    from months m
    cross join categories c
    left join parts p on p.month = m.month and p.category = c.category
),
means as (
    select category, avg(share) as mean_share from shares group by category
),
indexed as (
    select
        s.category as category,
        s.month as month,
        s.share as share,
        s.share / nullif(a.mean_share, 0) * 1e2 as season_index
    from shares s
    join means a on a.category = s.category
)
select
    category,
    month,
    share,
    season_index,
    row_number() over (partition by category order by season_index desc, month) as place
from indexed
order by place, season_index desc, category
