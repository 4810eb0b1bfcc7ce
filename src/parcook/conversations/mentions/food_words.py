"""Words for food and about it, by what they do to a phrase: make it a dish, dress one, or leave it vague."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# How, when or for whom, not what: with nothing else beside them there is no name.
MANNER = _words(
    """10-minute 15-minute 20-minute 30-minute 5-minute a air alcoholic alternative amazing an and another any
    authentic autumn awesome bake balanced based basic beginner beginners best better big boozy budget calorie carb
    certain cheap christmas classic cold comfort comforting complete cooked cooker cozy creamy creative crispy dairy
    dairy-free decadent delicious detailed different double easter easy elegant entire exact fall family famous
    fancy fast fat-free favorite favourite festive few filling first five five-ingredient flavorful following for
    four free fresh friendly frugal fruity fryer full fun gluten gluten-free go-to good good-looking great healthier
    healthy hearty high high-protein holiday home home-made homemade hot impressive in instant it just keto kid
    kid-friendly kids large last leftover leftovers light lighter low low-calorie low-carb low-fat made medium
    minute mixing more my new next nice no no-bake non-alcoholic not nut-free nutritious of old on one-pot or
    original other our own paleo particular party perfect plant plant-based popular protein quick raw ready real
    really refreshing rich romantic satisfying savory savoury seasonal second serving several sheet-pan signature
    similar simple simple-ish single slow small smoky soft solid some special specific spicy spring sugar-free
    summer super sweet tangy tasty thanksgiving that the these third this those three to too traditional tropical
    two unique vegan vegetarian very virgin warm weekday weekend weeknight whole wholesome winter with your yummy"""
)
# Where from: no name with an occasion ("a Thai dinner"), but with a kind of dish ("a Thai curry").
CUISINES = _words(
    """african american asian british caribbean chinese cuban eastern french german greek hawaiian indian irish italian
    japanese korean lebanese mediterranean mexican middle moroccan southern spanish thai turkish vietnamese western"""
)
COLOURS = _words("black brown dark golden green light pink purple red white yellow")
# Occasions and the like: "an easy chicken dinner" names no recipe, however it is dressed.
VAGUE = _words(
    """anything aperitif aperitifs appetizer appetizers apéritif baking base bbq beginners beverage beverages bite bites
    blend breakfast breakfasts brunch classic classics cocktail cocktails combo cooking cookout course courses
    creation cuisine dessert desserts digestif digestifs dinner dinners dish dishes drink drinks entree entrees family
    favorite favorites favourite food foods friday guests guide idea ideas ingredient ingredients instructions kids
    kind lunch lunches main mains meal meals menu mocktail mocktails monday night nightcap nightcaps one ones option
    options party pick-me-up plan prep protein recipe recipes saturday side snack snacks something staple starter
    starters steps stuff style sunday supper thing things thursday today tomorrow tonight treat treats tuesday type
    variation veggie veggies version versions wednesday"""
)
# Several of them are never a name.
SEVERAL = _words(
    """appetizers beverages breakfasts classics cocktails courses desserts dinners dishes drinks entrees favorites
    favourites foods ideas lunches mains meals mocktails options recipes snacks starters things versions"""
)
# Kinds of dish that need to be told which: "a soup" names none, "a potato soup" does.
KINDS = _words(
    """balls bar bars bean beans beer bowl bowls bread breads breast breasts broth bun buns butter cake cakes casserole
    casseroles chips chops coffee cookie cookies cream crust curries curry custard cutlets dip dips dough dressing
    dressings egg eggs fillet fillets fries frosting fry garnish glaze gravy icing jam jelly juice leg legs loin
    marinade mix muffin muffins noodle noodles omelet pasta pastas pastries pastry patties patty pie pies pudding
    rice roast roasts roll rolls rub salad salads sandwich sandwiches sauce sauces seasoning shot shots skillet
    smoothie smoothies soup soups spice spices spread squares steak steaks stew stews stir-fry stock syrup tea
    tenders thigh thighs toast topping wine wrap wraps"""
)
# Of these any word for food makes a dish: a potato soup, a cherry pie, but not a chicken broth.
HEADS = _words(
    """bread cake cakes casserole casseroles cookie cookies curries curry muffin muffins noodles pasta pie pies pudding
    puddings roast roasts rolls salad salads sandwich sandwiches smoothie smoothies soup soups stew stews tart tarts"""
)
# Cooked like this, even a plain thing is a dish: "glazed ham".
COOKED = _words(
    """air-fried baked barbecued barbequed battered bbq blackened braised breaded buttered candied caramelised
    caramelized corned creamed crusted curried deep-fried deviled devilled dilled drunken fried glazed grilled
    hasselback honey-glazed jerk loaded marinated mashed oven-roasted pan-fried pan-seared pickled planked poached
    pulled roast roasted scalloped scrambled seared slow-roasted smoked steamed stewed stir-fried stuffed tandoori
    twice-baked wrapped"""
)
# Stay with the dish that follows them.
TASTES = _words(
    """cheesy chunky classic cold creamy crispy crunchy frozen gluten-free hearty homemade hot iced keto low-carb
    old-fashioned savory savoury smoky southern spicy sticky sweet tangy vegan vegetarian"""
)
# Dishes by these words alone are ingredients or actions.
NOT_ALONE = _words(
    """ale baguette bake baked bark bean beans beer biscuit biscuits blackened boil bouillon bowl broth buttercream
    candies candy caramel cereal chew chip chips chop chops cider cocoa coffee cola cracker crackers crouton
    croutons crumble curd cutlet cutlets drop fall fillet float fool fruit fry ganache gelatin granola grill gummy
    jam jelly juice juices last liqueur loaf marshmallow marshmallows melt melts milk patties patty popcorn rib rub
    sausage sausages shake skewer skewers soda spaghetti spread sprinkle squash stock tea tender tenders thigh
    toasts tofu tortilla tortillas water wedge wedges wine wings"""
)
# More often an action than a part of a name.
ACTIONS = _words(
    """bake boil chew crumble drop fall float fry grill melt melts raw roast rub shake spread sprinkle toast"""
)
# Before it, a dish is the one being made: "the pancakes are golden".
IN_THE_PAN = _words(
    """add all both each every first last more my of other remaining second that the them these this those use used"""
)
# After a dish: what it is made in, or how far it is.
VESSELS = _words("""cutter dish done iron machine mixture mold mould plate rack ready recipe's sheet sheets tin tray""")
# In a sentence of an assistant, these tell what to do or what is needed, not which dish it is.
INSTRUCTING = _words(
    """add after bake before bowl bring combine cook cool cover cut drain fill finally form fry half heat ingredient
    ingredients instead let mix need next no now oven pan place pour preheat prepare put remove roll serve set shape
    slice spread sprinkle step stir substitute take then top until use while yes"""
)
