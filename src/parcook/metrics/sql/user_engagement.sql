-- title: User engagement
-- question: How many messages does a conversation have?
-- chart: table
-- unit: messages
-- params: from date, to date
-- tables: daily_metrics
-- definition: 1
-- n: total_conversations
-- summary: {avg_messages_per_conversation:.1f} messages in a conversation on {date}.
select
    d.date as date,
    d.total_conversations as total_conversations,
    d.unique_users as unique_users,
    cast(d.total_messages as double) / nullif(d.total_conversations, 0) as avg_messages_per_conversation
from daily_metrics d
where cast(d.date as date) between cast(? as date) and cast(? as date)
order by d.date desc
