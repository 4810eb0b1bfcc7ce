"""Words that decide where a phrase that may be a name begins and ends."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Dropped from the front of a phrase.
ARTICLES = _words(
    """a an any baking cooking eating having her his making my our preparing some the their trying your"""
)
# Dropped from the front too, unless a capital makes them part of a title ("Delicious Artichoke Dip").
OPENING = _words(
    """actual also amazing another authentic awesome beautiful beginner-friendly comforting cozy crowd-pleasing decent
    delicious different family-friendly fantastic favorite favourite few flavorful foolproof good good-old great
    just kid-friendly little lovely maybe more mouthwatering new nice own perfect perhaps popular proper quick
    quick-and-easy really refreshing restaurant-style satisfying simple super super-easy tasty that these this those
    traditional very well-known wonderful yummy"""
)
# Dropped after an article: "the best macaroni salad", but "best macaroni salad".
PRAISE = _words("absolute best easiest tastiest ultimate")
# Dropped with the "of" that follows.
MEASURES = _words(
    """batch bowl bunch couple cup glass jar kind lot one pan piece pitcher plate pot slice some sort type version"""
)
# Before "recipe" or "sounds good", a name begins after the last of these.
LEADING = (
    ARTICLES
    | OPENING
    | PRAISE
    | _words(
        """about ah are at bake be but by can cook could did do does every find following for from get give got had has
    have he hello here's hi hm hmm how i i'd i'm i've if is it it's know let's like love made make makes me mmh mmm
    mmmh need no oh ok okay on one or please prepare recommend see send share sharing she show so suggest tell
    thanks them then there's they to try us use using want wants was we what what's whats which would wow yes you
    yum"""
    )
)
# A phrase ends before these.
ENDING = _words(
    """actually after again ahead also and/or are as at away based be because been before better both but by calls can
    can't combine contains correctly could crispier crunchier did do does don't easier easily either enjoy exactly
    faster first following from goes had has have he healthier her here him his hope how i i'd i'll i'm i've if
    inspired instead is it it's just later less let let's lets lighter like literally looks may maybe me might more
    must my myself need needed needs never next not now often ok okay once only or our perfectly perhaps please plus
    preheat properly quickly ready really recipe recipes requires right serves shall she should since so softer soon
    sound sounds spicier step sweeter take takes tastes than thank thanks that that's their then there these they
    thicker thinner this those till to today today's together tomorrow tomorrow's tonight tonight's too
    traditionally typically until us use used using usually versus vs was we we'll we're were what when where which
    while who whose why will without would yesterday you you'll you're you've your yourself"""
)
# Dropped from the end.
CLOSING = _words(
    """a again an and at by correctly dish for from in instead myself now of on one ones or ourselves perfectly please
    properly quickly recipe recipes thanks the then to today together tonight too with yet yourself"""
)
# A phrase goes on after these, unless one of their own words follows.
JOINING: dict[str, frozenset[str]] = {
    "and": _words(
        """a add all also an any are bake bring can cook could do don't enjoy get give have haven't he how i i'd i'm if
        is it it's leave let let's make maybe mix more my need not now one only place pour put see serve she show so
        some start stir take tell that that's the then there they this turn use want was we we'll what when where
        will would you your"""
    ),
    "&": frozenset(),
    "with": _words(
        """a all an any both confidence ease help how ingredients it just leftover leftovers less love me more my no
        only our some step that the them these this those us what whatever which you your"""
    ),
    "in": _words(
        """about advance an bulk case detail fifteen france general it italy just less mexico minutes my no one only
        order our oven season small ten that the there thirty this three time total twenty two under which your"""
    ),
    "for": _words(
        """a about all an any around at at-home beginners birthday breakfast brunch children christmas date dessert
        dinner each easter eight every everyone family father's five four friday friends fun game guests halloween
        her him holiday holidays how inspiration it kids later lunch me meal monday mother's movie my myself new now
        our party people person persons picnic potluck saturday school six some someone starters summer sunday
        supper sure tea ten thanksgiving that the them this three thursday today tomorrow tonight tuesday twelve us
        valentine's valentines wednesday week weekend weight what when which winter work xmas you your yourself"""
    ),
    "on": _words(
        """a an both each friday hand high how it low medium monday my one our saturday sunday that them this thursday
        today tonight top tuesday wednesday what your"""
    ),
    "over": _words("a an and high it low medium moderate night the them"),
}
# What a dish may be said to come in, after "in a".
JARS = _words("bag basket blanket crust cup hole jar mug pot")
# What a dish may be said to be on, after "on the".
SURFACES = _words("beach cob rocks stick")
# No name begins with these.
NO_BEGINNING = _words(
    """able about add added adding adjust after ahead all already always and anything are arrange as assemble at
    available avoid bake be because been before beforehand begin both bring brush but by can changing check checking
    chill choosing combine combined cook cool could cover cut dealing dice did directions do does done drain drizzle
    each either enough every everything find finish finished first fold follow for freeze from fun garnish get
    getting give glad going grease half happy he heat hello here here's hey hi him hours how how's i i'm idea ideas
    if in in-between ingredient ingredients instructions into is it it's keep knead last layer left less let let's
    line many marinate me mince minutes mixed more most much neither never next no not nothing of off ok okay on
    onto or other others out over peel place placed please plenty pour poured preheat prep prepare preparing
    progress put recipe recipes refrigerate reheat remove removing repeat replace rinse room same season seconds
    send sense serve set she should show simmer slice so someone something sorry sound sounds spread sprinkle start
    starting step steps stir stirred store substitute such sure swap take taste tell than thanks that that's thaw
    them then there there's these they this those to toss transfer try under until up us use used using wait was way
    we we'll what what's whatever whats when where where's which whichever whisk who who's why will with without
    would yes you you'll you're"""
)
# No name ends with these: parts of a dish, vessels, and what is no food.
NO_END = _words(
    """adjustment adjustments ahead amount amounts bag baking batter change changes choice circle circles consistency
    cooking cream-mixture creation cut cuts day decision degrees delight difference directions edges effort evening
    everyone everything experience feast filling flavor flavors foil goodness group groups half heat hole holes hour
    hours idea ideas ingredient ingredients instructions job journey knife layer layers life lifetime link links
    list masterpiece mess method minute minutes mistake mistakes mixture moment name names night note notes option
    options order oven package pan paper part parts paste people person piece pieces plan plans pot process quantity
    question questions rectangle request requests rest result results room serving servings slice slices slit slits
    space step steps stuff substitute substitution substitutions taste temperature texture thing things time times
    tip tips title topping toppings treat treats way ways website websites weekend well work"""
)
