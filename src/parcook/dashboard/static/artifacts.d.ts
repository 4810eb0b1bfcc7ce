// Made by `python -m parcook.dashboard.schemas` from artifacts/models.py; the page's modules are checked against it.

export interface Activity {
  /** the periods there is an answer for, shortest first */
  periods: PeriodActivitySummary[];
  /** in order, no day left out */
  days: ActivityDay[];
}

export interface ActivityDay {
  /** the day */
  date: string;
  /** people active that day */
  dau: number | null;
  /** people active in the 7 days to it */
  wau: number | null;
  /** people active in the 28 days to it */
  mau: number | null;
  /** visitors without an account, counted apart */
  visitors: number | null;
  /** conversations */
  conversations: number;
  /** messages */
  messages: number;
  /** it is over and exported */
  complete: boolean;
}

export interface ActivitySummary {
  /** dau is the mean of its days */
  series: "dau" | "wau" | "mau" | "stickiness";
  /** wau and mau at its last day; stickiness is mean dau of 28 days over mau */
  value: number | null;
  /** the same, one period earlier */
  previous: number | null;
}

export interface Annotation {
  /** its day */
  date: string;
  /** what happened */
  text: string;
}

export interface ByPeriodFeatureUse {
  /** the periods there is an answer for, shortest first */
  periods: PeriodFeatureUse[];
}

export interface ByPeriodGap {
  /** the periods there is an answer for, shortest first */
  periods: PeriodGap[];
}

export interface ByPeriodHourCell {
  /** the periods there is an answer for, shortest first */
  periods: PeriodHourCell[];
}

export interface ByPeriodToolUse {
  /** the periods there is an answer for, shortest first */
  periods: PeriodToolUse[];
}

export interface ByPeriodTopRecipe {
  /** the periods there is an answer for, shortest first */
  periods: PeriodTopRecipe[];
}

export interface CatalogueMetadata {
  /** the artifact's name */
  analytics_type: string;
  /** when it was cooked */
  generated_at: string;
  /** the version of these shapes */
  storage_version: string;
  /** recipes in the catalogue */
  total_recipes: number;
  /** the state of the catalogue told of */
  catalogue_version: number;
  /** read from storage, or computed now */
  source: "stored" | "live";
  /** the sentence that heads it */
  summary: string;
  /** storage failed, so this was computed */
  degraded?: boolean;
}

export interface Categories {
  /** the periods there is an answer for, shortest first */
  periods: PeriodCategoryShare[];
  /** in an order that stays: most conversations of all weeks first */
  categories: string[];
  /** in order, no week left out */
  weeks: CategoryWeek[];
  /** the sentence about what moved */
  weeks_summary: string | null;
}

export interface CategoryShare {
  /** its key, `soup_stew` */
  category: string;
  /** recipe conversations; one of several categories is divided */
  conversations: number;
  /** of all recipe conversations */
  share: number | null;
  /** in the previous period */
  share_before: number | null;
}

export interface CategoryWeek {
  /** its Monday */
  week_start: string;
  /** parallel to `categories`; they add up to 1, or all are 0 */
  shares: number[];
  /** recipe conversations */
  conversations: number;
  /** all its days are over and exported */
  complete: boolean;
}

export interface Cohort {
  /** its Monday */
  cohort: string;
  /** how many; null if withheld */
  people: number | null;
  /** weeks 0 to 12 */
  cells: CohortCell[];
}

export interface CohortCell {
  /** how many were active; null unless complete or partial */
  people: number | null;
  /** of the cohort */
  share: number | null;
  /** what kind of number this is */
  state: "complete" | "partial" | "future" | "withheld";
}

export interface ComplexityMetadata {
  /** the artifact's name */
  analytics_type: string;
  /** when it was cooked */
  generated_at: string;
  /** the version of these shapes */
  storage_version: string;
  /** recipes in the catalogue */
  total_recipes: number;
  /** the state of the catalogue told of */
  catalogue_version: number;
  /** read from storage, or computed now */
  source: "stored" | "live";
  /** the sentence that heads it */
  summary: string;
  /** storage failed, so this was computed */
  degraded?: boolean;
  /** the median number of ingredients; null without recipes */
  median: number | null;
}

export interface ComplexityShape {
  /** how many ingredients */
  ingredient_count: number;
  /** recipes that have so many */
  recipe_count: number;
}

export interface Demand {
  /** most recipes first */
  ingredients: DemandIngredient[];
  /** recipes in the catalogue */
  total_recipes: number;
  /** shortest first */
  periods: DemandPeriod[];
}

export interface DemandIngredient {
  /** its id in the catalogue */
  ingredient_id: number;
  /** its name */
  name: string;
  /** the ingredient above; null for a root */
  parent_id: number | null;
  /** ids from the root to it, `/1/23/` */
  path: string;
  /** recipes with it or anything below it, each once */
  recipes: number;
  /** of all recipes */
  supply_share: number | null;
}

export interface DemandPeriod {
  /** its length */
  days: 7 | 28 | 91 | 364;
  /** its first day */
  first: string;
  /** its last day */
  last: string;
  /** recipe conversations */
  n: number;
  /** every one of its days is over and exported */
  complete: boolean;
  /** how many cells were withheld */
  suppressed: number;
  /** the sentence that heads the card for it */
  summary: string | null;
  /** with the ingredient or anything below it, each once */
  conversations: number[];
  /** of the recipe conversations */
  demand_share: (number | null)[];
  /** in the previous period */
  demand_share_before: (number | null)[];
  /** demand_share over supply_share; null where either base is under 20 */
  lift: (number | null)[];
}

export interface FeatureUse {
  /** its name */
  feature: string;
  /** mean over whole weeks of people who used it, of people active */
  share: number | null;
  /** in the previous period, if the feature was there */
  share_before: number | null;
  /** people in its best week; null if withheld */
  people: number | null;
  /** whole weeks counted */
  weeks: number;
}

export interface Gap {
  /** what was asked for */
  name: string;
  /** no recipe has the name, or the assistant refused */
  reason: "no_match" | "refused";
  /** how often */
  requests: number;
  /** in the previous period */
  requests_before: number | null;
  /** people times days; null if withheld */
  user_days: number | null;
  /** how often the assistant refused */
  refused: number;
  /** the recipe whose name is nearest, if one is near */
  nearest: string | null;
  /** requests in the last twelve whole weeks, oldest first */
  weeks: number[];
}

export interface Growth {
  /** in order, no week left out */
  weeks: GrowthWeek[];
}

export interface GrowthWeek {
  /** its Monday */
  week_start: string;
  /** people active */
  people: number | null;
  /** of them for the first time */
  new_people: number | null;
  /** of them active in the four weeks before too */
  returning_people: number | null;
  /** per cent more people than the week before; null unless both are complete */
  growth: number | null;
  /** it is over and exported */
  complete: boolean;
}

export interface HourCell {
  /** 1 is Monday */
  weekday: number;
  /** it begins then */
  hour: number;
  /** conversations begun */
  conversations: number;
  /** how often the hour was there; not whole weeks where clocks change */
  hours: number;
  /** conversations an hour */
  per_hour: number | null;
}

export interface InsightMetadata {
  /** the artifact's name */
  analytics_type: string;
  /** the version of these shapes */
  storage_version: string;
  /** when it was cooked */
  generated_at: string;
  /** the last complete day; null before there is one */
  data_through: string | null;
  /** the first day that is not over and exported */
  incomplete_from: string | null;
  /** the report zone, an IANA name */
  timezone: string;
  /** the metrics it rests on, each with its version: `growth 1` */
  definition: string[];
  /** its numbers are estimates */
  estimate?: boolean;
  /** how an estimate is made, in one sentence */
  formula?: string | null;
  /** breakdowns count at least so many people, or they are withheld */
  min_people: number;
  /** the sentence that heads it where no period has its own */
  summary: string | null;
}

export interface KeyNumber {
  /** which; the page has its label */
  key: "people" | "conversations" | "messages_each" | "got_to_cook" | "satisfied" | "new_people" | "returning_people" | "stickiness" | "growth" | "tool_failures" | "median_tool_time" | "recipe_mentions" | "distinct_recipes" | "unmet_requests" | "matched_share";
  /** how it is written; percent is signed */
  unit: "count" | "share" | "mean" | "percent" | "ms";
  /** which way is good */
  better: "up" | "down" | "neither";
  /** the number; null with a reason */
  value: number | null;
  /** why there is none */
  reason: "not_measurable" | "too_few" | "not_yet" | null;
  /** in the previous period */
  previous: number | null;
  /** lower end of the 95 % interval of an estimated share */
  low?: number | null;
  /** upper end */
  high?: number | null;
  /** how many things it rests on */
  n: number;
  /** every day of the period is over and exported */
  complete: boolean;
  /** how many cells behind it were withheld */
  suppressed: number;
  /** it is an estimate */
  estimate: boolean;
  /** how an estimate is made, in one sentence */
  formula: string | null;
  /** the metric it rests on, with its version */
  definition: string;
  /** its course through the period, oldest first */
  spark: (number | null)[];
  /** the number, said */
  sentence: string;
}

export interface KeyNumbers {
  /** none before the first complete day */
  pages: PageNumbers[];
}

export interface Length {
  /** the periods there is an answer for, shortest first */
  periods: PeriodLengthSummary[];
  /** complete days in order, no day left out */
  days: LengthDay[];
}

export interface LengthDay {
  /** the last of the 7 days */
  day: string;
  /** conversations of the 7 days */
  conversations: number;
  /** messages per conversation */
  mean: number | null;
  /** a quarter have at most so many */
  lower_quartile: number | null;
  /** half have at most so many */
  median: number | null;
  /** three quarters have at most so many */
  upper_quartile: number | null;
  /** nine of ten have at most so many */
  p90: number | null;
}

export interface LengthSummary {
  /** messages per conversation */
  mean: number | null;
  /** in the previous period */
  mean_before: number | null;
  /** half have at most so many */
  median: number | null;
}

export interface Manifest {
  /** the version of these shapes */
  storage_version: string;
  /** when this generation was cooked */
  generated_at: string;
  /** goes up by one whenever a view changes; pages reload by it */
  generation: number;
  /** when the first generation of this version was cooked */
  storage_version_since?: string | null;
  /** the state of the catalogue told of; public manifest only */
  catalogue?: StampShape | null;
  /** a digest of the data told of; internal manifest only */
  stamp?: string | null;
  /** the last complete day; internal manifest only */
  data_through?: string | null;
  /** the first day that is not over and exported */
  incomplete_from?: string | null;
  /** the first day with any data */
  first_day?: string | null;
  /** the report zone, an IANA name */
  timezone: string;
  /** first day of the week: 1 is Monday, 7 Sunday */
  week_start: number;
  /** breakdowns count at least so many people, or they are withheld */
  min_people?: number;
  /** what the page calls itself */
  site: Site;
  /** the artifacts there are, by type */
  views: { [name: string]: View };
}

export interface Outcome {
  /** people said that they cooked it */
  confirmed_share: number | null;
  /** lower end */
  confirmed_share_low: number | null;
  /** upper end */
  confirmed_share_high: number | null;
  /** confirmed or likely */
  cooked_share: number | null;
  /** lower end */
  cooked_share_low: number | null;
  /** upper end */
  cooked_share_high: number | null;
  /** in the previous period */
  cooked_share_before: number | null;
  /** with a recipe */
  conversations: number;
}

export interface OutcomeWeek {
  /** its Monday */
  week_start: string;
  /** people said that they cooked it */
  confirmed: number;
  /** they went on to its steps, a timer or an end */
  likely: number;
  /** they asked on */
  engaged: number;
  /** they did not */
  browsed: number;
  /** the last turn was a question without an answer, or an error */
  abandoned: number;
  /** it is over and exported */
  complete: boolean;
}

export interface Outcomes {
  /** the periods there is an answer for, shortest first */
  periods: PeriodOutcome[];
  /** in order, no week left out */
  weeks: OutcomeWeek[];
  /** whether the estimate was checked against 100 labelled conversations */
  calibrated: boolean;
}

export interface PageNumbers {
  /** the page */
  page: "overview" | "audience" | "conversations" | "demand";
  /** the period's length */
  days: 7 | 28 | 91 | 364;
  /** its first day */
  first: string;
  /** its last day */
  last: string;
  /** in the order they are shown */
  numbers: KeyNumber[];
}

export interface PeriodActivitySummary {
  /** its length; the previous period is as long and ends where this begins */
  days: 7 | 28 | 91 | 364;
  /** its first day */
  first: string;
  /** its last day */
  last: string;
  /** how many things its numbers rest on, in the metric's unit */
  n: number;
  /** every one of its days is over and exported */
  complete: boolean;
  /** how many cells or rows were withheld */
  suppressed: number;
  /** the sentence that heads the card for it */
  summary: string | null;
  /** what it holds, in the order it is shown */
  rows: ActivitySummary[];
}

export interface PeriodCategoryShare {
  /** its length; the previous period is as long and ends where this begins */
  days: 7 | 28 | 91 | 364;
  /** its first day */
  first: string;
  /** its last day */
  last: string;
  /** how many things its numbers rest on, in the metric's unit */
  n: number;
  /** every one of its days is over and exported */
  complete: boolean;
  /** how many cells or rows were withheld */
  suppressed: number;
  /** the sentence that heads the card for it */
  summary: string | null;
  /** what it holds, in the order it is shown */
  rows: CategoryShare[];
}

export interface PeriodFeatureUse {
  /** its length; the previous period is as long and ends where this begins */
  days: 7 | 28 | 91 | 364;
  /** its first day */
  first: string;
  /** its last day */
  last: string;
  /** how many things its numbers rest on, in the metric's unit */
  n: number;
  /** every one of its days is over and exported */
  complete: boolean;
  /** how many cells or rows were withheld */
  suppressed: number;
  /** the sentence that heads the card for it */
  summary: string | null;
  /** what it holds, in the order it is shown */
  rows: FeatureUse[];
}

export interface PeriodGap {
  /** its length; the previous period is as long and ends where this begins */
  days: 7 | 28 | 91 | 364;
  /** its first day */
  first: string;
  /** its last day */
  last: string;
  /** how many things its numbers rest on, in the metric's unit */
  n: number;
  /** every one of its days is over and exported */
  complete: boolean;
  /** how many cells or rows were withheld */
  suppressed: number;
  /** the sentence that heads the card for it */
  summary: string | null;
  /** what it holds, in the order it is shown */
  rows: Gap[];
}

export interface PeriodHourCell {
  /** its length; the previous period is as long and ends where this begins */
  days: 7 | 28 | 91 | 364;
  /** its first day */
  first: string;
  /** its last day */
  last: string;
  /** how many things its numbers rest on, in the metric's unit */
  n: number;
  /** every one of its days is over and exported */
  complete: boolean;
  /** how many cells or rows were withheld */
  suppressed: number;
  /** the sentence that heads the card for it */
  summary: string | null;
  /** what it holds, in the order it is shown */
  rows: HourCell[];
}

export interface PeriodLengthSummary {
  /** its length; the previous period is as long and ends where this begins */
  days: 7 | 28 | 91 | 364;
  /** its first day */
  first: string;
  /** its last day */
  last: string;
  /** how many things its numbers rest on, in the metric's unit */
  n: number;
  /** every one of its days is over and exported */
  complete: boolean;
  /** how many cells or rows were withheld */
  suppressed: number;
  /** the sentence that heads the card for it */
  summary: string | null;
  /** what it holds, in the order it is shown */
  rows: LengthSummary[];
}

export interface PeriodOutcome {
  /** its length; the previous period is as long and ends where this begins */
  days: 7 | 28 | 91 | 364;
  /** its first day */
  first: string;
  /** its last day */
  last: string;
  /** how many things its numbers rest on, in the metric's unit */
  n: number;
  /** every one of its days is over and exported */
  complete: boolean;
  /** how many cells or rows were withheld */
  suppressed: number;
  /** the sentence that heads the card for it */
  summary: string | null;
  /** what it holds, in the order it is shown */
  rows: Outcome[];
}

export interface PeriodToolUse {
  /** its length; the previous period is as long and ends where this begins */
  days: 7 | 28 | 91 | 364;
  /** its first day */
  first: string;
  /** its last day */
  last: string;
  /** how many things its numbers rest on, in the metric's unit */
  n: number;
  /** every one of its days is over and exported */
  complete: boolean;
  /** how many cells or rows were withheld */
  suppressed: number;
  /** the sentence that heads the card for it */
  summary: string | null;
  /** what it holds, in the order it is shown */
  rows: ToolUse[];
}

export interface PeriodTopRecipe {
  /** its length; the previous period is as long and ends where this begins */
  days: 7 | 28 | 91 | 364;
  /** its first day */
  first: string;
  /** its last day */
  last: string;
  /** how many things its numbers rest on, in the metric's unit */
  n: number;
  /** every one of its days is over and exported */
  complete: boolean;
  /** how many cells or rows were withheld */
  suppressed: number;
  /** the sentence that heads the card for it */
  summary: string | null;
  /** what it holds, in the order it is shown */
  rows: TopRecipe[];
}

export interface Retention {
  /** oldest first */
  cohorts: Cohort[];
  /** weeks 0 to 12 of all complete cells, weighted by people; null if withheld */
  average: (number | null)[];
  /** people in all cohorts; each is in one */
  people: number | null;
  /** false where people cannot be known again */
  measurable: boolean;
  /** cells and averages withheld */
  suppressed: number;
}

export interface SeasonRow {
  /** its key */
  category: string;
  /** parallel to `months`; 100 is its mean */
  season_index: (number | null)[];
}

export interface Seasons {
  /** `2025-01`, oldest first */
  months: string[];
  /** most conversations first */
  categories: SeasonRow[];
  /** how many whole months there are */
  months_so_far: number;
}

export interface Site {
  /** the name in the header */
  title: string;
}

export interface StampShape {
  /** how many changes the catalogue has seen */
  version: number;
  /** a random word that is new with every change */
  token: string;
}

export interface ToolUse {
  /** its name */
  tool: string;
  /** conversations with at least one call */
  conversations: number;
  /** of all conversations */
  conversation_share: number | null;
  /** in the previous period */
  conversation_share_before: number | null;
  /** calls, repeated reports taken out */
  calls: number;
  /** calls that failed */
  failures: number;
  /** of the calls */
  failure_share: number | null;
  /** half of the calls took at most so many milliseconds */
  p50_ms: number | null;
  /** 19 of 20 took at most so many */
  p95_ms: number | null;
}

export interface TopRecipe {
  /** its name */
  recipe_name: string;
  /** its category */
  category: string | null;
  /** conversations about it; what it is ranked by */
  conversations: number;
  /** in the previous period; null if that is not known */
  conversations_before: number | null;
  /** messages that name it */
  mentions: number;
  /** people times days; null if withheld */
  user_days: number | null;
  /** mentions by people */
  asked: number;
  /** mentions by the assistant */
  offered: number;
  /** its rank */
  place: number;
  /** its rank in the previous period; null if it had none */
  previous_place: number | null;
}

export interface UsageShape {
  /** its id in the catalogue */
  ingredient_id: number;
  /** its name */
  ingredient_name: string;
  /** the ingredient above; null for a root */
  parent_id: number | null;
  /** ids from the root to it, `/1/23/` */
  path: string;
  /** how many ingredients stand above it */
  level: number;
  /** the same as hierarchical_usage */
  recipe_count: number;
  /** recipes that list exactly it */
  direct_usage: number;
  /** recipes that list it or anything below it, each once */
  hierarchical_usage: number;
  /** rows of recipes that list it or anything below it; they add up */
  uses: number;
  /** whether anything stands below it */
  has_children: boolean;
  /** its most used children */
  children_preview: string[];
}

export interface View {
  /** the immutable file beside the manifest, `<type>.<sha12>.json` */
  path: string;
  /** checksum of the file */
  sha256: string;
  /** its size */
  bytes: number;
  /** when it was cooked */
  generated_at: string;
  /** who may read it */
  audience: "public" | "internal";
}

export interface Artifacts {
  "ingredient-usage": { data: UsageShape[]; metadata: CatalogueMetadata; };
  "ingredient-tree": { data: UsageShape[]; metadata: CatalogueMetadata; };
  "recipe-complexity": { data: ComplexityShape[]; metadata: ComplexityMetadata; };
  "activity-daily": { data: Activity; metadata: InsightMetadata; };
  "top-recipes": { data: ByPeriodTopRecipe; metadata: InsightMetadata; };
  "recipe-categories": { data: Categories; metadata: InsightMetadata; };
  "peak-hours": { data: ByPeriodHourCell; metadata: InsightMetadata; };
  "retention": { data: Retention; metadata: InsightMetadata; };
  "growth": { data: Growth; metadata: InsightMetadata; };
  "conversation-length": { data: Length; metadata: InsightMetadata; };
  "outcomes": { data: Outcomes; metadata: InsightMetadata; };
  "tool-usage": { data: ByPeriodToolUse; metadata: InsightMetadata; };
  "feature-adoption": { data: ByPeriodFeatureUse; metadata: InsightMetadata; };
  "seasonality": { data: Seasons; metadata: InsightMetadata; };
  "catalogue-gaps": { data: ByPeriodGap; metadata: InsightMetadata; };
  "ingredient-demand": { data: Demand; metadata: InsightMetadata; };
  "annotations": { data: Annotation[]; metadata: InsightMetadata; };
  "key-numbers": { data: KeyNumbers; metadata: InsightMetadata; };
}
