"""Names of recipes that are also something else: in a sentence they need a sign that the recipe is meant."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Drinks and dishes named by common words; a capital inside a sentence is sign enough.
ORDINARY = _words(
    """abbey affinity airmail americano angel aviation bamboo barracuda bijou bishop blinker bramble breeze bronze buck
    bulldog bullet bumblebee cable casino cherry chrysanthemum cinderella cloister clover club cobbler cocktail collins
    commodore cooler cosmopolitan crush crusta cup daisy dandy delight derby diplomat dream eclipse embassy fix fizz flip
    float flurry freeze fresh friday ginger glory godfather gold grasshopper greyhound grog gunfire hammer heaven
    honeymoon hurricane illegal infante jasmine julep kamikaze lady last leap light lime magic margarita-mix matador melon
    midnight millionaire mint mist moon morning mudslide mule negus nightcap obituary opera orange painkiller palm
    parachute paradise parisian passion penicillin phoenix pink president prescription punch quarter queen refresher
    revolver rickey rose royal ruby russian rusty sangaree saturn scofflaw scorpion screwdriver seventy shandy shot shrub
    siesta silver slammer sling slush smash smoke snakebite snapper snowball sour spritz spritzer squirrel star stinger
    storm suburban sun sunrise sunset swizzle tailspin tiki toast toddy tonic toreador tuxedo twist vacation velvet
    vesper volcano water wave zombie presbyterian diamondback palmetto bosom pilot bird box bowl bomb bash bites stuffing
    surprise special supreme classic sunshine rainbow comfort harvest garden sundae parfait medley mosaic confetti heaven
    kisses kiss crunch crumble crisp crinkles clouds cloud pockets pocket boats boat nests nest logs log bundles bundle
    bark brittle divinity fudge dirt mud jam jelly relish spread dip rub brine base filling dressing gravy glaze"""
) | frozenset(
    """last word|blue moon|paper plane|leap year|old pal|gold rush|angel face|fine and dandy|test pilot|jet pilot|stone
    fence|yellow bird|sea breeze|morning glory|red hook|final ward|brown derby|hot dish|army and navy|old friend|blue
    monday|high tea|red eye|black and tan|green goddess|happy accident|rush hour|easy does it|good morning|new year|
    between the sheets|death in the afternoon""".replace("\n    ", " ")
    .replace("| ", "|")
    .split("|")
)
# Places and people; they have their capital anyway.
PROPER = _words(
    """alaska alexander algonquin barnum boston bronx brooklyn cairo california casablanca chicago cuba cuban deauville
    delmonico fanciulli fitzgerald florida france garibaldi georgia gibson greenpoint harvard havana hawaii hemingway houston
    jasper kentucky knickerbocker london louisiana madrid manhattan martinez martini-rossi memphis metropole miami milano
    monaco nevada norma oaxaca oslo panama paris phoenix rosita saratoga savannah seelbach siena tipperary tokyo toronto
    trinidad vancouver venice vermont victoria vienna waldorf barbara charlotte madeleine melba napoleon margherita caesar
    stroganoff wellington alfredo jack james john"""
)
# Before it, the name is asked for.
ASKING = _words(
    """make making made mix mixing shake shaking order ordered serve craving want wants love recipe called named try trying
    prepare preparing bake cook build drink"""
)
# After it, too.
CALLED = _words("recipe recipes cocktail cocktails drink drinks dish")
# Before it, one of them, if the phrase ends there: "a sour, please", not "a sour taste".
COUNTING = _words("a an another one two the your classic good perfect")
# After these it is in another recipe.
AMOUNT_UNITS = _words(
    """cup cups tablespoon tablespoons tbsp teaspoon teaspoons tsp ounce ounces oz pound pounds lb lbs gram grams g kg ml
    liter liters litre litres dash dashes splash drop drops pinch can cans jar jars bottle bottles package packages packet
    box slice slices stick sticks quart quarts pint pints scoop scoops part parts handful piece pieces loaf bag"""
)
# Before these it says what a part of another recipe or a vessel is for: "apple pie filling", "a martini glass".
PARTS = _words(
    """filling crust dough batter mix spice seasoning noodles sheets bun buns pan pans tin tins crumbs shell shells wrappers
    glass glasses shaker kit maker press stone cutter plate plates bowl powder"""
)
