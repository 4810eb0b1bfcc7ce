-- title: Daily totals
-- question: How much is it used, day by day?
-- chart: lines
-- unit: conversations
-- params: from date, to date
-- tables: daily_metrics
-- definition: 1
-- n: conversations
-- summary: {conversations:,} conversations with {messages:,} messages on {day}.
-- summary_of: last
select
    d.date as day,
    d.total_conversations as conversations,
    d.total_messages as messages,
    d.dau as people,
    d.visitors as visitors,
    d.avg_conversation_length as avg_conversation_length,
    d.complete as complete
from daily_metrics d
where cast(d.date as date) between cast(? as date) and cast(? as date)
order by d.date
