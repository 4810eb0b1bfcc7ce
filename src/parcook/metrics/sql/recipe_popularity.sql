-- title: Popular recipes
-- question: Which recipes are talked about most?
-- chart: ranked bars
-- unit: conversations
-- params: from date, to date, limit integer = 20
-- tables: daily_metrics
-- looks_back: period
-- definition: 2
-- people: user_days
-- n: mentions
-- summary: {recipe_name} leads, in {conversations:,} conversations.
with asked as (
    select cast(? as date) as first_day, cast(? as date) as last_day
),
days as (
    select
        case when cast(d.date as date) >= a.first_day then 1 else 0 end as is_now,
        d.recipes_discussed as mentions,
        d.recipes_conversations as conversations,
        d.recipes_user_days as user_days,
        d.recipes_asked as asked,
        d.recipes_offered as offered
    from daily_metrics d
    cross join asked a
    where cast(d.date as date) <= a.last_day
        and date_diff('day', cast(d.date as date), a.first_day) <= date_diff('day', a.first_day, a.last_day) + 1
),
spellings as (
    select
        lower(u.recipe_name) as folded,
        u.recipe_name as recipe_name,
        d.is_now as is_now,
        cast(sum(element_at(d.mentions, u.recipe_name)) as bigint) as mentions,
        cast(sum(coalesce(element_at(d.conversations, u.recipe_name), 0)) as bigint) as conversations,
        cast(sum(coalesce(element_at(d.user_days, u.recipe_name), 0)) as bigint) as user_days,
        cast(sum(coalesce(element_at(d.asked, u.recipe_name), 0)) as bigint) as asked,
        cast(sum(coalesce(element_at(d.offered, u.recipe_name), 0)) as bigint) as offered
    from days d
    cross join unnest(map_keys(d.mentions)) as u(recipe_name)
    where u.recipe_name <> '…'
    group by lower(u.recipe_name), u.recipe_name, d.is_now
),
named as (
    select
        folded,
        recipe_name,
        row_number() over (partition by folded order by conversations desc, mentions desc, recipe_name) as choice
    from spellings
    where is_now = 1
),
recipes as (
    select
        folded,
        is_now,
        cast(sum(mentions) as bigint) as mentions,
        cast(sum(conversations) as bigint) as conversations,
        cast(sum(user_days) as bigint) as user_days,
        cast(sum(asked) as bigint) as asked,
        cast(sum(offered) as bigint) as offered
    from spellings
    group by folded, is_now
),
ranked as (
    select
        folded,
        is_now,
        mentions,
        conversations,
        user_days,
        asked,
        offered,
        row_number() over (partition by is_now order by conversations desc, mentions desc, folded) as place
    from recipes
)
select
    s.recipe_name as recipe_name,
    n.mentions as mentions,
    n.user_days as user_days,
    n.conversations as conversations,
    n.asked as asked,
    n.offered as offered,
    n.place as place,
    b.place as previous_place
from ranked n
join named s on s.folded = n.folded and s.choice = 1
left join ranked b on b.folded = n.folded and b.is_now = 0
where n.is_now = 1 and n.place <= cast(? as bigint)
order by n.place
