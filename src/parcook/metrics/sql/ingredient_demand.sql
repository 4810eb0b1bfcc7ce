-- title: Demand and supply
-- question: Which ingredients do people ask for more, or less, than the catalogue offers them?
-- chart: demand against supply
-- unit: conversations
-- params: from date, to date
-- tables: daily_metrics, catalogue_ingredients
-- definition: 1
-- shares: demand_share of recipe_conversations, supply_share of total_recipes, lift of recipe_conversations
-- n: conversations
-- summary: {name} is in {conversations:,} of {recipe_conversations:,} recipe conversations.
with asked as (
    select cast(? as date) as first_day, cast(? as date) as last_day
),
days as (
    select d.demand as demand, d.recipe_conversations as recipe_conversations
    from daily_metrics d
    cross join asked a
    where cast(d.date as date) between a.first_day and a.last_day
),
totals as (
    select cast(sum(recipe_conversations) as bigint) as recipe_conversations from days
),
wanted as (
    select
        cast(u.ingredient_id as bigint) as ingredient_id,
        cast(sum(element_at(d.demand, u.ingredient_id)) as bigint) as conversations
    from days d
    cross join unnest(map_keys(d.demand)) as u(ingredient_id)
    group by cast(u.ingredient_id as bigint)
),
offered as (
    select
        c.id as id,
        c.name as name,
        c.parent_id as parent_id,
        c.path as path,
        c.hierarchical_usage as hierarchical_usage,
        c.total_recipes as total_recipes,
        row_number() over (partition by c.id order by c.year desc, c.month desc, c.day desc) as place
    from catalogue_ingredients c
)
select
    o.id as ingredient_id,
    o.name as name,
    o.parent_id as parent_id,
    o.path as path,
    coalesce(w.conversations, 0) as conversations,
    t.recipe_conversations as recipe_conversations,
    cast(coalesce(w.conversations, 0) as double) / nullif(t.recipe_conversations, 0) as demand_share,
    o.hierarchical_usage as recipes,
    o.total_recipes as total_recipes,
    cast(o.hierarchical_usage as double) / nullif(o.total_recipes, 0) as supply_share,
    cast(coalesce(w.conversations, 0) as double) / nullif(t.recipe_conversations, 0)
        / nullif(cast(o.hierarchical_usage as double) / nullif(o.total_recipes, 0), 0) as lift
from offered o
cross join totals t
left join wanted w on w.ingredient_id = o.id
where o.place = 1 and t.recipe_conversations is not null
order by coalesce(w.conversations, 0) desc, o.name, o.id
