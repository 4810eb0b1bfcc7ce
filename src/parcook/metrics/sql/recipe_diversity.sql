-- title: Recipe diversity
-- question: How many different recipes are talked about?
-- chart: table
-- unit: recipes
-- params: from date, to date
-- tables: daily_metrics
-- definition: 1
-- n: total_recipe_mentions
-- summary: {unique_recipes:,} different recipes in {total_recipe_mentions:,} mentions on {date}.
with mentions as (
    select d.date as date, cast(sum(element_at(d.recipes_discussed, u.recipe_name)) as bigint) as total
    from daily_metrics d
    cross join unnest(map_keys(d.recipes_discussed)) as u(recipe_name)
    group by d.date
)
select
    d.date as date,
    d.unique_recipes as unique_recipes,
    coalesce(m.total, 0) as total_recipe_mentions
from daily_metrics d
left join mentions m on m.date = d.date
where cast(d.date as date) between cast(? as date) and cast(? as date)
order by d.date desc
