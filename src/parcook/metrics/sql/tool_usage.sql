-- title: Tools
-- question: Which tools are used, how often do they fail, how long do they take?
-- chart: bars
-- unit: calls
-- params: from date, to date
-- tables: daily_metrics
-- definition: 1
-- shares: conversation_share of all_conversations, failure_share of calls
-- n: calls
-- summary: {tool} is used most: {calls:,} calls, {failures:,} of which failed.
with days as (
    select
        d.total_conversations as total_conversations,
        d.tools_conversations as tools_conversations,
        d.tools_calls as tools_calls,
        d.tools_errors as tools_errors,
        d.tools_ms as tools_ms
    from daily_metrics d
    where cast(d.date as date) between cast(? as date) and cast(? as date)
),
totals as (
    select cast(sum(total_conversations) as bigint) as conversations from days
),
tools as (
    select
        u.tool as tool,
        cast(sum(coalesce(element_at(d.tools_conversations, u.tool), 0)) as bigint) as conversations,
        cast(sum(element_at(d.tools_calls, u.tool)) as bigint) as calls,
        cast(sum(coalesce(element_at(d.tools_errors, u.tool), 0)) as bigint) as failures
    from days d
    cross join unnest(map_keys(d.tools_calls)) as u(tool)
    group by u.tool
),
buckets as (
    select
        split_part(u.bucket, '|', 1) as tool,
        cast(split_part(u.bucket, '|', 2) as bigint) as ms,
        cast(sum(element_at(d.tools_ms, u.bucket)) as bigint) as calls
    from days d
    cross join unnest(map_keys(d.tools_ms)) as u(bucket)
    group by split_part(u.bucket, '|', 1), cast(split_part(u.bucket, '|', 2) as bigint)
),
placed as (
    select
        tool,
        ms,
        sum(cast(calls as double)) over (partition by tool) as total,
        sum(cast(calls as double)) over (
            partition by tool order by ms rows between unbounded preceding and current row
        ) as reached
    from buckets
),
times as (
    select
        tool,
        min(case when reached >= total * 0.5e0 then ms end) as p50_ms,
        min(case when reached >= total * 0.95e0 then ms end) as p95_ms
    from placed
    group by tool
)
select
    t.tool as tool,
    t.conversations as conversations,
    n.conversations as all_conversations,
    cast(t.conversations as double) / nullif(n.conversations, 0) as conversation_share,
    t.calls as calls,
    t.failures as failures,
    cast(t.failures as double) / nullif(t.calls, 0) as failure_share,
    m.p50_ms as p50_ms,
    m.p95_ms as p95_ms
from tools t
cross join totals n
left join times m on m.tool = t.tool
order by t.calls desc, t.tool
