-- title: Recipe categories
-- question: What kinds of dishes are talked about?
-- chart: ring
-- unit: share of recipe conversations
-- params: from date, to date
-- tables: daily_metrics
-- definition: 1
-- shares: share of recipe_conversations
-- n: first recipe_conversations
-- summary: {category} leads the categories.
with parts as (
    select u.category as category, cast(sum(element_at(d.categories, u.category)) as bigint) as units
    from daily_metrics d
    cross join unnest(map_keys(d.categories)) as u(category)
    where cast(d.date as date) between cast(? as date) and cast(? as date)
    group by u.category
),
totals as (
    select cast(sum(units) as bigint) as units from parts
)
select
    p.category as category,
    cast(p.units as double) / 27720 as conversations,
    cast(p.units as double) / nullif(cast(t.units as double), 0) as share,
    cast(t.units / 27720 as bigint) as recipe_conversations
from parts p
cross join totals t
order by p.units desc, p.category
