"""Words that decide where a recipe's name begins and ends, and which phrases are no name at all."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Dropped from the front of a phrase, unless a capital makes them part of a title ("Delicious Artichoke Dip").
OPENING = _words(
    """a an the some any your my our his her their this that these those another quick simple nice tasty yummy
    delicious lovely great good wonderful perfect amazing fantastic awesome really very super super-easy also maybe
    perhaps just favorite favourite own new little quick-and-easy few more different good-old
    proper actual well-known popular beautiful decent"""
)
# Dropped after an article: "the best macaroni salad", but "best macaroni salad".
PRAISE = _words("absolute best ultimate easiest tastiest")
ARTICLES = _words("a an the some any your my our his her their")
# Dropped from the front with the "of" that follows.
MEASURES = _words(
    "kind sort type lot bunch batch pot pan plate bowl glass cup one some slice piece jar couple version pitcher"
)
# Dropped from the end.
CLOSING = _words(
    """a an the and or with in for of on at to from by recipe recipes please dish one ones today tonight now then too
    again yet instead myself yourself ourselves together properly correctly perfectly quickly thanks"""
)
# Before a recipe or what sounds good, a name begins after the last of these.
LEADING = (
    OPENING
    | PRAISE
    | ARTICLES
    | _words(
        """i you we they he she it me us them have has had want wants need like love know got get give find show tell send
    make makes making made cook cooking bake baking prepare try trying is are was be do does did can could would for to on
    about from at by or but so if then what which how this that these those here's there's it's what's whats i'm i'd i've let's one
    ok okay yes no hi hello hmm hm mmm mmmh mmh oh ah wow yum yummy please thanks share sharing suggest recommend following see use using every"""
    )
)
# A phrase ends before these.
ENDING = _words(
    """is are was were be been will would can could should may might must shall that which who whose where when while
    because since if so but then than please thanks thank today tonight tomorrow yesterday today's tonight's tomorrow's now right first next step
    recipe recipes you i we they he she it there here me us him need needs needed using use used from at by as to until
    till before after without also too again instead sounds sound looks has have had do does did takes take contains
    together like maybe perhaps ok okay tastes based inspired this these those my your our their his her or what how why
    really actually literally right away ready only just quickly easily properly correctly perfectly yourself myself
    later soon i'm i'd i've i'll it's that's you're you'll you've we're we'll don't can't let lets let's not never
    preheat combine goes calls requires serves usually typically often traditionally once both either
    less more following ahead exactly hope enjoy and/or vs versus plus"""
)
# A phrase goes on after these, unless one of their own words follows.
JOINING: dict[str, frozenset[str]] = {
    "and": _words(
        """i you we it they he she the a an then what how where when is are do need want would can could tell show give
        enjoy have serve also if my was will let maybe some more now not don't haven't only this that see start get make
        cook bake all bring put take leave pour mix add stir place turn it's that's i'm i'd we'll let's there your any one so use"""
    ),
    "&": frozenset(),
    "with": _words(
        """me you us my your our the these this those that no only just what some a an it them ingredients leftover
        leftovers step less more help ease love confidence whatever all both any which how"""
    ),
    "in": _words(
        """the my your our an under less about just advance no this that case order general bulk time only one small it
        there which two three ten fifteen twenty thirty minutes oven season total detail italy france mexico"""
    ),
    "for": _words(
        """dinner lunch breakfast brunch dessert tonight today tomorrow me us my your our you him her them the a an this
        that some each every three four five six eight ten twelve people person persons kids children family friends guests party
        christmas thanksgiving easter halloween holiday holidays birthday weekend week beginners everyone someone
        monday tuesday wednesday thursday friday saturday sunday later now sure work school weight any all about around at
        xmas valentine's valentines new summer winter starters fun game meal supper tea yourself myself it inspiration
        at-home date movie potluck picnic when what which how mother's father's"""
    ),
    "on": _words(
        """my your our a an it them this that medium low high top sunday monday tuesday wednesday thursday friday saturday
        tonight today hand each both one how what"""
    ),
    "over": _words("medium low high the a an it them moderate night and"),
}
JARS = _words("jar mug hole blanket cup pot bag basket crust")
"""What a recipe's name may say it comes in, after "in a"."""
SURFACES = _words("cob beach rocks stick")
"""What a recipe's name may say it is on, after "on the"."""

# No name begins with these.
NO_BEGINNING = _words(
    """recipe recipes here's there's what's whats that's who's where's how's sounds sound of layer less ideas idea starting beforehand added put done mixed stirred combined placed poured left finished used never always already plenty
    it you'll you're we'll this that these those them something anything everything nothing someone sure use up more you me us him i we they
    he she enough fun way progress room sense what how why when where who which there here and or but if so because as to
    from is are was will can could would should do does did be been not no yes ok okay thanks hello hi hey please let
    let's it's i'm each every all both half much many most same first next last other others such ahead
    than then at by until after before into onto out off over under about using with without for in on in-between sorry
    dealing changing choosing going getting adding removing checking whatever whichever either neither happy glad
    able available preheat stir whisk fold simmer drain rinse dice slice peel mince knead
    remove transfer pour sprinkle spread drizzle garnish store reheat freeze thaw substitute replace swap avoid
    let place put set keep take bring add combine cover arrange assemble season serve adjust taste follow check wait
    start begin try heat cook preparing prep prepare bake cut toss brush line grease marinate refrigerate chill cool
    repeat finish get give show tell find send
    minutes hours seconds step steps ingredient ingredients instructions directions"""
)
# No name ends with these: they are parts of a dish, vessels, or no food.
NO_END = _words(
    """mixture filling toppings topping batter ingredient ingredients step steps layer layers paste slits slit well hole
    holes cut cuts circle circles rectangle list order note minutes minute hours hour degrees people servings serving
    instructions directions method notes tips tip time times oven pan pot knife way ways question questions
    thing things stuff idea ideas option options request requests choice part parts half rest
    difference change changes decision adjustment adjustments substitution substitutions substitute mess mistake mistakes
    plan plans space room slice slices piece pieces amount amounts quantity temperature heat edges foil paper
    package bag cream-mixture consistency texture flavor flavors taste result results day evening night weekend
    creation masterpiece cooking baking everyone everything moment process effort journey name names title
    ahead work job life lifetime experience treat treats delight feast goodness group groups person website websites link links"""
)
# Say how, where from or for whom, not what; with nothing else beside them there is no name.
MANNER = _words(
    """quick easy simple fast healthy healthier light lighter hearty cozy comforting comfort creamy crispy spicy sweet savory savoury
    tangy fresh warm hot cold hearty filling budget cheap frugal weeknight weekday weekend family kid kids friendly
    kid-friendly beginner beginners vegan vegetarian plant-based plant based keto paleo low carb low-carb high protein
    high-protein gluten free gluten-free dairy dairy-free nut-free sugar-free fat-free low-fat low-calorie calorie fancy
    traditional authentic classic basic homemade home-made home made best better good great nice tasty delicious yummy amazing
    awesome perfect favorite favourite popular famous special different another new old similar alternative
    festive christmas thanksgiving
    easter holiday summer winter fall autumn spring seasonal leftover leftovers one-pot sheet-pan slow cooker soft instant air
    fryer minute 5-minute 10-minute 15-minute 20-minute 30-minute five-ingredient big small large mixing serving medium double single full whole
    complete detailed entire exact original own first second third next last other any some more few several two three
    four five specific certain particular following good-looking fun creative unique signature go-to boozy refreshing
    nutritious balanced wholesome satisfying flavorful decadent rich party romantic elegant impressive non-alcoholic
    alcoholic virgin tropical fruity smoky stuffed ready no-bake bake no raw cooked baked simple-ish solid real and
    or with for the a an of in my your our this that these those it on to super very really not too just"""
)
# Where from: no name with an occasion ("a Thai dinner"), but with a kind of dish ("a Thai curry").
CUISINES = _words(
    """italian french mexican thai chinese japanese indian korean greek spanish american british german vietnamese asian
    african mediterranean cuban irish turkish moroccan lebanese middle eastern southern western caribbean hawaiian"""
)
COLOURS = _words("white brown red green black yellow dark light golden pink purple")
# Kinds and occasions: "an easy chicken dinner" names no recipe, however it is dressed.
VAGUE = _words(
    """dish dishes meal meals dinner dinners lunch lunches breakfast breakfasts brunch supper dessert desserts snack snacks
    drink drinks beverage beverages cocktail cocktails mocktail mocktails appetizer appetizers starter starters entree entrees side main mains
    course courses food foods recipe recipes treat treats something anything stuff thing things idea ideas option options
    version versions variation style cuisine menu plan prep bite bites night base protein veggie veggies combo blend
    classic classics staple favorite favorites favourite creation kind type one ones baking cooking cookout bbq
    ingredient ingredients instructions steps guide monday tuesday wednesday thursday friday saturday sunday tonight tomorrow today
    kids family party guests beginners"""
)
# Several of them are never a name.
SEVERAL = _words(
    """dishes meals dinners lunches breakfasts desserts snacks drinks beverages cocktails mocktails appetizers starters
    entrees mains courses foods recipes ideas options versions favorites favourites classics things"""
)
# Kinds of which other words make a dish: a potato soup, a cherry pie, but not a chicken broth.
HEADS = _words(
    """soup soups stew stews pie pies salad salads cake cakes cookie cookies curry curries pudding puddings smoothie smoothies
    casserole casseroles sandwich sandwiches tart tarts muffin muffins bread roast roasts noodles pasta rolls"""
)
# In dishes, but said alone they are an ingredient or an action.
NOT_ALONE = _words(
    """bake baked melt melts shake fry grill toasts tender tenders crumble sprinkle drop last bowl chew fool fall squash curd
    spread rub boil float bark jam wedge wedges patty patties skewer skewers bean beans cutlet cutlets thigh rib chop chops
    fillet chip chips tortilla tortillas tofu sausage sausages biscuit biscuits cracker crackers crouton croutons baguette
    juice juices milk water soda cola wine beer ale coffee tea cider gelatin bouillon cocoa candy candies gummy marshmallow marshmallows
    caramel blackened wings loaf popcorn spaghetti broth stock fruit granola cereal jelly liqueur ganache buttercream"""
)
ACTIONS = _words(
    "bake melt melts shake fry grill sprinkle drop spread rub boil chew fall float toast roast crumble raw"
)
# Before it, a dish is the one being made: "the pancakes are golden".
IN_THE_PAN = _words(
    "the all each every first second last these those this that them both other more remaining of my use used add"
)
VESSELS = _words("sheet sheets dish tin tray plate rack mold mould iron machine cutter mixture recipe's ready done")
# Kinds of dish that need to be told which: "a soup" names none, "a potato soup" does.
KINDS = _words(
    """soup soups stew stews salad salads cake cakes pie pies sauce sauces bread breads sandwich sandwiches pasta pastas
    curry curries cookie cookies dip dips dressing dressings smoothie smoothies casserole casseroles noodle noodles rice roast
    roasts steak steaks stock broth gravy marinade glaze icing frosting syrup dough crust pastry pastries juice tea coffee
    wine beer roll rolls bun buns bowl bowls wrap wraps shot shots stir-fry fry fries cream custard pudding chips bars bar squares
    muffin muffins butter jam jelly spread topping garnish rub seasoning spice spices mix egg eggs omelet toast patties patty balls skillet chops fillets fillet bean beans breasts breast thighs thigh legs leg tenders cutlets loin"""
)
# Cooked like this, even a plain thing is a dish: "glazed ham".
COOKED = _words(
    """fried baked roast roasted grilled glazed braised stuffed smoked poached steamed scrambled deviled devilled pickled
    blackened barbecued barbequed bbq candied caramelized caramelised seared stewed curried creamed mashed scalloped marinated
    jerk dilled breaded battered crusted wrapped planked buttered honey-glazed pan-seared slow-roasted oven-roasted
    deep-fried stir-fried pan-fried air-fried twice-baked loaded pulled corned drunken tandoori hasselback"""
)
# A title with one of these heads a section of a recipe, or something about it.
SECTION = _words(
    """ingredient ingredients instruction instructions direction directions method methods step steps note notes tip tips
    equipment tools nutrition nutritional macros storage storing variation variations substitution substitutions substitutes
    substitute swap swaps yield yields serving servings serves timing timeline faq faqs overview introduction conclusion summary
    pairing pairings mistakes mistake troubleshooting allergens allergen difficulty calories shopping checklist why benefits
    reasons assembly garnish garnishes toppings add-ins add-in reheating leftovers technique techniques essentials secrets
    trick tricks hacks history origin temperature temperatures doneness conversions measurements schedule strategy principles
    cons pros safety glass glassware cuisine author cost skill level adjustments customizations customization upgrades extras"""
)
# A title made of these alone does too.
SECTION_ALONE = _words(
    """produce dairy meat meats seafood protein proteins grains vegetables veggies fruit fruits herbs spices oils vinegars flours
    fats condiments sweeteners aromatics seasonings seasoning marinade topping pantry staples basics frozen bakery canned
    flavor flavors flavour texture key secret science essential eggs fresh optional dry wet other cold mise en place and"""
)
# A title that begins with one of these, of one word or two, does too.
SECTION_BEGINNING = frozenset(
    """for|to serve|what|why|when|where|how|final|enjoy|serve|store|storage|make ahead|make-ahead|prep|prep time|cook time|cooking time|total time|
    total|time|before you|if|optional|day of|next|additional|other|good|bon appetit|happy|let|want|quick tips|pro|chef's|cook's|
    gather|prepare|prepare the|cook|cook the|bake|combine|mix|mix the|add|assemble|heat|preheat|make the|make your|season|finish|simmer|sauté|saute|
    stir|whisk|blend|shape|chill|rest|let it|roast the|fry the|grill the|boil|drain|toss|slice|chop|marinate|drizzle|plate|
    garnish|strain|shake|muddle|build|pour|sear|brown|reduce|knead|proof|roll out|cut|wash|rinse|soak|set|place|bring|use|keep|
    choose|pick|try|don't|avoid|start|begin|taste|adjust|work|layer|cover|freeze|refrigerate|reheat|cool|remove|transfer|spread|
    fill|brush|line|grease|sift|cream the|beat|fold|melt|toast the|deglaze|return|top with|sprinkle|steam the|poach the|
    the sauce|the dough|the filling|the batter|the base|the topping|sauce|dressing|dough|filling|batter|base|crust|glaze|frosting|icing|
    yes|no|sure|great|here|here's|you|you'll|you're|your|it|this|that|these|those|they|i|we""".replace(
        "\n    ", ""
    ).split("|")
)
# Words of an intro or a title after which recipes are offered.
OFFER = _words(
    """recipe recipes idea ideas option options suggestion suggestions dish dishes meal meals cocktail cocktails drink drinks mocktail mocktails
    dessert desserts appetizer appetizers favorites favourites classics menu picks choices inspiration dinners lunches
    breakfasts snacks starters mains sides try make consider enjoy like bake cook soups salads sandwiches pastas smoothies treats bites
    breakfast lunch dinner brunch supper plan suggest recommend recommended could"""
)
