CREATE DATABASE IF NOT EXISTS `parcook`;

CREATE EXTERNAL TABLE IF NOT EXISTS `parcook`.`recipe_conversations` (
  `message_id` string COMMENT 'the store’s id of the message: unique everywhere',
  `conversation_id` string COMMENT 'pseudonym of the conversation on this day',
  `ts` timestamp COMMENT 'when, in UTC, in milliseconds',
  `local_date` date COMMENT 'the report day',
  `local_hour` int COMMENT 'the hour of that day in the report zone, 0 to 23',
  `user_id` string COMMENT 'pseudonym of the person on this day; null for anonymous traffic',
  `person_kind` string COMMENT 'user or visitor; null for anonymous traffic',
  `role` string COMMENT 'user, assistant, system or tool',
  `message` string COMMENT 'redacted text; null unless PARCOOK_LAKE_TEXT=redacted',
  `message_length` int COMMENT 'characters sent; null where no text was sent: then it is no message',
  `has_recipe` boolean COMMENT 'whether a recipe is named',
  `recipe_name` string COMMENT 'its name',
  `recipe_id` bigint COMMENT 'its id in the catalogue, if it is there',
  `match_method` string COMMENT 'how the name was found: id, name, catalogue or pattern',
  `category` string COMMENT 'its category',
  `branch_ids` array<bigint> COMMENT 'the recipe’s ingredients and all their ancestors',
  `tools` array<string> COMMENT 'tools used, each once',
  `signals` array<string> COMMENT 'what the text signals, from signals.py',
  `feature` string COMMENT 'feature of the app',
  `feedback_kind` string COMMENT 'thumb, rating or cooked',
  `feedback_value` string COMMENT 'up, down, 1 to 5, or true',
  `feedback_target` string COMMENT 'pseudonym on this day of the message that is judged',
  `channel` string COMMENT 'where the conversation takes place',
  `locale` string COMMENT 'language tag'
)
PARTITIONED BY (`year` int, `month` int, `day` int)
STORED AS PARQUET
LOCATION 's3://parcook-lake/conversations/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.year.type' = 'integer',
  'projection.year.range' = '2020,2039',
  'projection.month.type' = 'integer',
  'projection.month.range' = '1,12',
  'projection.month.digits' = '2',
  'projection.day.type' = 'integer',
  'projection.day.range' = '1,31',
  'projection.day.digits' = '2',
  'storage.location.template' = 's3://parcook-lake/conversations/year=${year}/month=${month}/day=${day}'
);

CREATE EXTERNAL TABLE IF NOT EXISTS `parcook`.`tool_calls` (
  `message_id` string COMMENT 'the message that reported the call',
  `conversation_id` string COMMENT 'pseudonym of the conversation on this day',
  `user_id` string COMMENT 'pseudonym of the person on this day',
  `ts` timestamp COMMENT 'when, in UTC',
  `name` string COMMENT 'the tool',
  `ok` boolean COMMENT 'whether it succeeded; null if not reported',
  `duration_ms` double COMMENT 'how long it took; null if not reported'
)
PARTITIONED BY (`year` int, `month` int, `day` int)
STORED AS PARQUET
LOCATION 's3://parcook-lake/tool_calls/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.year.type' = 'integer',
  'projection.year.range' = '2020,2039',
  'projection.month.type' = 'integer',
  'projection.month.range' = '1,12',
  'projection.month.digits' = '2',
  'projection.day.type' = 'integer',
  'projection.day.range' = '1,31',
  'projection.day.digits' = '2',
  'storage.location.template' = 's3://parcook-lake/tool_calls/year=${year}/month=${month}/day=${day}'
);

CREATE EXTERNAL TABLE IF NOT EXISTS `parcook`.`catalogue_ingredients` (
  `id` bigint COMMENT 'the ingredient',
  `name` string COMMENT 'its name on this day',
  `parent_id` bigint COMMENT 'the ingredient above; null for a root',
  `path` string COMMENT 'ids from the root to itself: /1/23/45/',
  `hierarchical_usage` bigint COMMENT 'recipes that list it or anything below it, each once',
  `total_recipes` bigint COMMENT 'recipes in the catalogue, the same in every row'
)
PARTITIONED BY (`year` int, `month` int, `day` int)
STORED AS PARQUET
LOCATION 's3://parcook-lake/catalogue/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.year.type' = 'integer',
  'projection.year.range' = '2020,2039',
  'projection.month.type' = 'integer',
  'projection.month.range' = '1,12',
  'projection.month.digits' = '2',
  'projection.day.type' = 'integer',
  'projection.day.range' = '1,31',
  'projection.day.digits' = '2',
  'storage.location.template' = 's3://parcook-lake/catalogue/year=${year}/month=${month}/day=${day}'
);

CREATE EXTERNAL TABLE IF NOT EXISTS `parcook`.`daily_metrics` (
  `date` string COMMENT 'the report day, 2025-01-15',
  `total_conversations` bigint COMMENT 'conversations with at least one message',
  `unique_users` bigint COMMENT 'distinct non-null user_id of the day’s messages, visitors among them',
  `recipes_discussed` map<string,bigint> COMMENT 'recipe name → mentions',
  `total_messages` bigint COMMENT 'messages of users and assistants',
  `avg_conversation_length` double COMMENT 'messages / max(conversations, 1)',
  `dau` bigint COMMENT 'signed users active on this day',
  `wau` bigint COMMENT 'signed users active in the 7 days that end with it',
  `mau` bigint COMMENT '… in the 28 days',
  `people_91` bigint COMMENT '… in the 91 days',
  `visitors` bigint COMMENT 'visitors active on this day',
  `unique_recipes` bigint COMMENT 'distinct recipe names mentioned, before any is summed under …',
  `matched_mentions` bigint COMMENT 'mentions whose recipe is in the catalogue',
  `recipes_conversations` map<string,bigint> COMMENT 'recipe name → conversations that mention it',
  `recipes_user_days` map<string,bigint> COMMENT 'recipe name → people who mentioned it or were offered it that day',
  `recipes_asked` map<string,bigint> COMMENT 'recipe name → conversations in which a user named it',
  `recipes_offered` map<string,bigint> COMMENT 'recipe name → conversations in which the assistant named it',
  `categories` map<string,bigint> COMMENT 'category → recipe conversations in 1/27720, shared out where there are several',
  `hours` map<string,bigint> COMMENT 'local hour 00 to 23 → conversations that started in it',
  `hour_minutes` map<string,bigint> COMMENT 'local hour → minutes it lasted: 60, but for the days clocks change',
  `lengths` map<string,bigint> COMMENT 'messages in a conversation → conversations',
  `user_turns` map<string,bigint> COMMENT 'user messages in a conversation → conversations',
  `tools_conversations` map<string,bigint> COMMENT 'tool → conversations with at least one call',
  `tools_calls` map<string,bigint> COMMENT 'tool → calls',
  `tools_errors` map<string,bigint> COMMENT 'tool → calls that failed',
  `tools_ms` map<string,bigint> COMMENT 'tool|milliseconds → calls that took about so long: 8 logarithmic buckets an octave, by middle',
  `outcomes` map<string,bigint> COMMENT 'outcome → conversations with a recipe',
  `signals` map<string,bigint> COMMENT 'signal → assessed conversations that show it; also any_positive, any_negative, none of both',
  `feedback` map<string,bigint> COMMENT 'up, down (last vote per person and message), rating_1 to rating_5, cooked, voted',
  `gaps_requests` map<string,bigint> COMMENT 'name asked for that matches nothing, or was refused → requests',
  `gaps_user_days` map<string,bigint> COMMENT 'the same name → people who asked for it that day',
  `gaps_refused` map<string,bigint> COMMENT 'the same name → requests that were refused',
  `demand` map<string,bigint> COMMENT 'ingredient id → conversations about recipes with it or anything below it',
  `features` map<string,bigint> COMMENT 'feature → conversations that used it',
  `data_checks` map<string,bigint> COMMENT 'check → 1 passed, 0 failed',
  `revision` bigint COMMENT 'how often the numbers changed since they froze',
  `complete` boolean COMMENT 'whether the day is over and its last hour exported',
  `assessed_conversations` bigint COMMENT 'conversations whose language the signals can read',
  `recipe_conversations` bigint COMMENT 'conversations with at least one recipe named',
  `tool_conversations` bigint COMMENT 'conversations with at least one call of any tool'
)
PARTITIONED BY (`year` int, `month` int, `day` int)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES ('case.insensitive' = 'false')
LOCATION 's3://parcook-lake/aggregated/daily/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.year.type' = 'integer',
  'projection.year.range' = '2020,2039',
  'projection.month.type' = 'integer',
  'projection.month.range' = '1,12',
  'projection.month.digits' = '2',
  'projection.day.type' = 'integer',
  'projection.day.range' = '1,31',
  'projection.day.digits' = '2',
  'storage.location.template' = 's3://parcook-lake/aggregated/daily/year=${year}/month=${month}/day=${day}'
);

CREATE EXTERNAL TABLE IF NOT EXISTS `parcook`.`weekly_metrics` (
  `week` string COMMENT 'ISO week, 2025-W03',
  `week_start` string COMMENT 'its Monday, 2025-01-13',
  `people` bigint COMMENT 'signed users active in the week',
  `new_people` bigint COMMENT 'those whose first day is in the week; null until 90 days can be looked back on',
  `returning_people` bigint COMMENT 'those active also in the 4 weeks before; null until those weeks are there',
  `cohorts` map<string,bigint> COMMENT 'ISO week of first_day → people of that cohort who were active in this week',
  `feature_people` map<string,bigint> COMMENT 'feature → people who used it in the week',
  `revision` bigint COMMENT 'how often the numbers changed since they froze',
  `complete` boolean COMMENT 'whether all seven days are'
)
PARTITIONED BY (`year` int, `month` int, `day` int)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES ('case.insensitive' = 'false')
LOCATION 's3://parcook-lake/aggregated/weekly/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.year.type' = 'integer',
  'projection.year.range' = '2020,2039',
  'projection.month.type' = 'integer',
  'projection.month.range' = '1,12',
  'projection.month.digits' = '2',
  'projection.day.type' = 'integer',
  'projection.day.range' = '1,31',
  'projection.day.digits' = '2',
  'storage.location.template' = 's3://parcook-lake/aggregated/weekly/year=${year}/month=${month}/day=${day}'
);
