"""Words of titles: what heads a section of a recipe, and what announces recipes to choose from."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A title with one of these heads a section of a recipe, or something about one.
SECTION = _words(
    """add-in add-ins adjustments allergen allergens assembly author benefits calories checklist conclusion cons
    conversions cost cuisine customization customizations difficulty direction directions doneness equipment
    essentials extras faq faqs garnish garnishes glass glassware hacks history ingredient ingredients instruction
    instructions introduction leftovers level macros measurements method methods mistake mistakes note notes
    nutrition nutritional origin overview pairing pairings principles pros reasons reheating safety schedule secrets
    serves serving servings shopping skill step steps storage storing strategy substitute substitutes substitution
    substitutions summary swap swaps technique techniques temperature temperatures timeline timing tip tips tools
    toppings trick tricks troubleshooting upgrades variation variations why yield yields"""
)
# A title made of these alone does too.
SECTION_ALONE = _words(
    """and aromatics bakery basics canned cold condiments dairy dry eggs en essential fats flavor flavors flavour
    flours fresh frozen fruit fruits grains herbs key marinade meat meats mise oils optional other pantry place
    produce protein proteins science seafood seasoning seasonings secret spices staples sweeteners texture topping
    vegetables veggies vinegars wet"""
)
# A title that begins with one of these does too.
SECTION_BEGINNING = _words(
    """add additional adjust assemble avoid bake base batter beat begin blend boil bring brown brush build chef's chill
    choose chop combine cook cook's cool cover crust cut deglaze don't dough drain dressing drizzle enjoy fill
    filling final finish fold for freeze frosting garnish gather glaze good grease great happy heat here here's how
    i icing if it keep knead layer let line make-ahead marinate melt mix muddle next no optional other pick place
    plate pour preheat prep prepare pro proof reduce refrigerate reheat remove rest return rinse sauce saute sauté
    sear season serve set shake shape sift simmer slice soak spread sprinkle start stir storage store strain sure
    taste that these they this those time toss total transfer try use want wash we what when where whisk why work
    yes you you'll you're your"""
)
# And one that begins with two of these.
SECTION_PAIRS = frozenset(
    """before you, bon appetit, cook the, cook time, cooking time, cream the, day of, fry the, grill the, let it, make
    ahead, make the, make your, mix the, poach the, prep time, prepare the, quick tips, roast the, roll out, steam
    the, the base, the batter, the dough, the filling, the sauce, the topping, to serve, toast the, top with, total
    time""".replace("\n   ", "").split(", ")
)
# A title or an intro with one of these announces recipes, if it heads no section.
OFFER = _words(
    """appetizer appetizers bake bites breakfast breakfasts brunch choices classics cocktail cocktails consider cook
    could dessert desserts dinner dinners dish dishes drink drinks enjoy favorites favourites idea ideas inspiration
    like lunch lunches mains make meal meals menu mocktail mocktails option options pastas picks plan recipe recipes
    recommend recommended salads sandwiches sides smoothies snacks soups starters suggest suggestion suggestions
    supper treats try"""
)
