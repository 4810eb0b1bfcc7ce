"""Names of recipes that are also something else: in a sentence they need a sign that the recipe is meant."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Drinks and dishes named by common words; a capital inside a sentence is sign enough.
ORDINARY = _words(
    """abbey affinity airmail americano angel aviation bamboo bark barracuda base bash bijou bird bishop bites blinker
    boat boats bomb bosom bowl box bramble breeze brine brittle bronze buck bulldog bullet bumblebee bundle bundles
    cable casino cherry chrysanthemum cinderella classic cloister cloud clouds clover club cobbler cocktail collins
    comfort commodore confetti cooler crinkles crisp crumble crunch crush crusta cup daisy dandy delight derby
    diamondback dip diplomat dirt divinity dream dressing eclipse embassy filling fix fizz flip float flurry freeze
    fresh friday fudge garden ginger glaze glory godfather gold grasshopper gravy greyhound grog gunfire hammer
    harvest heaven honeymoon hurricane illegal infante jam jasmine jelly kamikaze kiss kisses lady last leap light
    lime log logs magic matador medley melon midnight millionaire mint mist moon morning mosaic mud mudslide mule
    negus nest nests nightcap obituary opera orange painkiller palm palmetto parachute paradise parfait parisian
    passion penicillin phoenix pilot pink pocket pockets presbyterian prescription president punch quarter queen
    rainbow refresher relish revolver rickey rose royal rub ruby russian rusty sangaree saturn scofflaw scorpion
    screwdriver seventy shandy shot shrub siesta silver slammer sling slush smash smoke snakebite snapper snowball
    sour special spread spritz spritzer squirrel star stinger storm stuffing suburban sun sundae sunrise sunset
    sunshine supreme surprise swizzle tailspin tiki toast toddy tonic toreador tuxedo twist vacation velvet vesper
    volcano water wave zombie"""
)
# And by common phrases.
ORDINARY_PHRASES = frozenset(
    """angel face, army and navy, between the sheets, black and tan, blue monday, blue moon, brown derby, death in the
    afternoon, final ward, fine and dandy, gold rush, good morning, jet pilot, last word, leap year, morning glory,
    old pal, paper plane, red eye, red hook, sea breeze, stone fence, test pilot, yellow bird""".replace(
        "\n   ", ""
    ).split(", ")
)
# Places and people; they have their capital anyway.
PROPER = _words(
    """alaska alexander alfredo algonquin barbara barnum boston bronx brooklyn caesar cairo california casablanca
    charlotte chicago cuba cuban deauville delmonico fanciulli fitzgerald florida france garibaldi georgia gibson
    greenpoint harvard havana hawaii hemingway houston jack james jasper john kentucky knickerbocker london
    louisiana madeleine madrid manhattan margherita martinez melba memphis metropole miami milano monaco napoleon
    nevada norma oaxaca oslo panama paris phoenix rosita saratoga savannah seelbach siena stroganoff tipperary tokyo
    toronto trinidad vancouver venice vermont victoria vienna waldorf wellington"""
)
# Before it, the name is asked for.
ASKING = _words(
    """bake build called cook craving drink love made make making mix mixing named order ordered prepare preparing
    recipe serve shake shaking try trying want wants"""
)
# After it, too.
CALLED = _words("cocktail cocktails dish drink drinks recipe recipes")
# Before it, one of them, if the phrase ends there: "a sour, please", not "a sour taste".
COUNTING = _words("a an another classic good one perfect two")
# After these it is in another recipe.
AMOUNT_UNITS = _words(
    """bag bottle bottles box can cans cup cups dash dashes drop drops g gram grams handful jar jars kg lb lbs liter
    liters litre litres loaf ml ounce ounces oz package packages packet part parts piece pieces pinch pint pints
    pound pounds quart quarts scoop scoops slice slices splash stick sticks tablespoon tablespoons tbsp teaspoon
    teaspoons tsp"""
)
# Before these it says what a part of another recipe or a vessel is for: "apple pie filling", "a martini glass".
PARTS = _words(
    """batter bowl bun buns crumbs crust cutter dough filling glass glasses kit maker mix noodles pan pans plate plates
    powder press seasoning shaker sheets shell shells spice stone tin tins wrappers"""
)
