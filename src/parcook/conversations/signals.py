"""What a message says about how things go, by English words: next step, thanks, done, refusal, and so on.

Figures made of these are estimates and are named so wherever they are shown.
"""

import re

SIGNALS = (
    "next_step",
    "timer",
    "done",
    "thanks",
    "saved",
    "question",
    "negative",
    "refusal",
    "error",
    "rephrase",
)
"""All there are."""

REPHRASED_WITHIN_S = 120
REPHRASED_ALIKE = 0.6
"""Of the words of two turns together, how many have to be in both."""


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})")


# All are matched against lower case with plain apostrophes.
_VERBS_DONE = (
    "added|arranged|baked|beat|beaten|blended|boiled|broiled|brought|browned|brushed|chilled|chopped|combined|cooked|cooled|"
    "covered|creamed|cut|diced|dissolved|divided|drained|dropped|flipped|folded|fried|greased|grilled|heated|kneaded|"
    "layered|let|lined|melted|minced|mixed|muddled|peeled|performed|placed|poured|preheated|prepared|pressed|put|"
    "refrigerated|removed|rinsed|rolled|seasoned|shaken|shaped|shook|sliced|spread|sprinkled|stirred|strained|took|"
    "taken|tossed|transferred|turned|warmed|washed|whisked"
)
_OF_USERS = {
    "next_step": _any_of(
        r"(?:what(?:'s| is| are|s| comes| would be)?|and|ok|the|any) next\b",
        r"next (?:step|one|instruction|ingredients?|thing|part|two|three|please)\b",
        r"next ?[?.!]*$",
        r"(?:what|and) now\b",
        r"what(?:'s| is) the (?:first|second|third|last|final|following) (?:step|thing|instruction)\b",
        r"(?:what|how) (?:should|do|can|shall|must|would) (?:i|we) (?:start|begin|proceed|continue)\b",
        r"what (?:should|do|can|shall|must|would|to) ?(?:i|we)? do (?:next|now|then|first|after|with)\b",
        r"what (?:should|do|can|shall|must) (?:i|we) do ?[?.!]*$",
        r"what else\b",
        r"(?<!have )(?<!got )(?<!suggest )(?<!recommend )anything else ?[?.!]*$",
        r"(?:anything|something) else (?:to|i should|should i|i can|i need|left)\b",
        r"(?:are|is) there (?:still |any )*(?:more|other|another) (?:ingredients?|steps?|instructions?)\b",
        r"(?:can|shall|should|could) (?:we|i) (?:please |now |already )?(?:start|begin)\b",
        r"ready to (?:start|begin|go)\b",
        r"(?:go on|keep going|carry on|move on|let's continue|please continue|continue please)\b",
        r"^continue\b",
        r"(?:what|and) (?:comes |do i do |should i do )?(?:after that|then|afterwards) ?\?",
    ),
    "timer": _any_of(
        r"(?:set|start|put|run|begin|add|cancel|stop|pause) (?:me )?(?:an?|the|another|my) "
        r"(?:[\w-]+ ){0,4}?(?:timer|alarm)\b",
        r"timer (?:for|of|to|on) \w+",
        r"\d+[ -]?(?:min|minute|hour|second|sec)s? timer\b",
        r"(?:remind|alert|notify|tell|warn|ping) me (?:in|after) (?:\w+ ){1,3}(?:min|minute|hour|second)s?\b",
        r"(?:remind|alert|notify|tell|warn|ping) me when (?:the )?(?:time|\w+ (?:minutes|hours)|timer)\b",
        r"how (?:much time|long|many minutes) (?:is |are |do i have )?(?:left|remaining)\b",
    ),
    "done": _any_of(
        r"(?:i'm|i am|we're|we are|it's|it is|that's|that is|they're|they are|all|is|are|now|ok|okay|yes|yep|and|both|"
        r"got it) (?:now |all |also |both )?(?:done|finished|completed)\b",
        r"^(?:all )?(?:done|finished|completed|ready)\b",
        r"(?:ok|okay|yes|alright|great|good|perfect|thanks|thank you)[.,! ]+(?:all )?(?:done|finished|ready)\b",
        r"(?:i|we)(?:'ve| have)? (?:(?:just|already|also|now) )?(?:did|done|finished|completed)\b(?! you)",
        rf"(?:i|we)(?:'ve| have)? (?:(?:just|already|also|now) )?(?:{_VERBS_DONE})\b",
        r"(?:i|we) (?:have|got) (?:[\w']+ ){0,6}?ready\b",
        r"(?:it's|it is|they're|they are|everything is|all is|both are|that is|that's) (?:now |all )?"
        r"(?:ready|in the oven)\b",
        r"all set\b",
    ),
    "thanks": _any_of(
        r"(?:thanks?|thank you|thank u|thx|tnx|thnx|tysm|ty|cheers|much obliged)\b",
        r"(?:much appreciated|(?:i|really) appreciate|appreciate (?:it|that|this|your)|grateful)\b",
    ),
    "saved": _any_of(
        r"(?:save|bookmark|favou?rite|star|pin) (?:this|it|that|them|both)(?: (?:one|recipe|dish|cocktail|drink))?"
        r"(?: (?:please|for later|for me|to|in|as|under)\b| ?$|[.!?,])",
        r"(?:save|bookmark|favou?rite|star|pin|keep) (?:this|that|the|my|these)(?: \w+){0,4} "
        r"(?:recipes?|cocktail|drink)\b",
        r"add (?:this|it|that|the|these|them)(?: \w+){0,4} to (?:my|our|the) (?:\w+ )?"
        r"(?:favou?rites|cookbook|collection|recipes?|recipe box|list of recipes|meal plan|library|saved)\b",
    ),
    "negative": _any_of(
        r"(?:that|this|it|you|your answer|the recipe|recipe)(?:'s| is| are|'re| was| were) "
        r"(?:so |really |totally |completely |just |very |all |a bit )?(?:wrong|incorrect|bad|stupid|gross|ridiculous|"
        r"confusing|ruined|nonsense|garbage|annoying)\b",
        r"(?:terrible|awful|horrible|disgusting|inedible|useless|rubbish|worst|unhelpful|disappoint(?:ed|ing)|"
        r"frustrat(?:ed|ing))\b",
        r"not (?:what i (?:asked|wanted|meant|need|said)|helpful|helping|useful|working|good at all|right)\b",
        r"(?:didn't|doesn't|did not|does not|isn't|won't|don't) "
        r"(?:work|help|make (?:any )?sense|turn out|come out|taste (?:good|right))",
        r"(?:you're|you are|you got (?:it|that)) wrong\b",
        r"(?:too|way too|so|very) (?:salty|bland|dry|bitter|greasy|burnt|burned|tough|soggy|mushy|watery)\b",
        r"(?:it|i|they|that) (?:is |are |was |were |got |have |just )?"
        r"(?:burnt|burned|ruined|messed up|failed|exploded)\b",
        r"i (?:really )?(?:hate|dislike|don't like|do not like|didn't like) "
        r"(?:this|it|that|your|the (?:recipe|answer|taste|result))\b",
        r"(?:forget it|waste of|wtf|for nothing|you don't understand|you didn't understand|that's not it)\b",
    ),
}
# Words of thanks that decline, and words of being done that ask, deny or tell of another time.
_THANKS = r"(?:thanks?|thank you|thx)"
_NO_THANKS = re.compile(
    rf"\b(?:no|nope|nah)[,.! ]+(?:but )?{_THANKS}\b|\b{_THANKS}[,.]? ?(?:but,? )?no\b(?! problem)|"
    rf"\b{_THANKS} for nothing\b|\b(?:didn't|don't|not|never) (?:even )?(?:say |thank)\w*"
)
_DONE = r"(?:done|finished|ready|completed)"
_NOT_DONE = re.compile(
    r"\b(?:not|[a-z]+n't|never|almost|nearly|until|till|when|if|before|once|whether|how|what|well|medium|being|be|get|"
    rf"getting)(?: [\w']+){{0,7}}? {_DONE}\b|"
    rf"\b(?:is|are|was|were) (?:it|they|this|that|we|dinner|(?:the|my) \w+)(?: \w+){{0,2}} {_DONE}\b|"
    rf"\b{_DONE} (?:yet|for|to|with|when|by)\b|"
    r"\b(?:should|can|could|may|must|do|did|didn't|haven't|have not|never|not|if|until|once|before|after|when) "
    rf"(?:i|we)(?:'ve| have)?(?: \w+)? (?:done|finished|completed|{_VERBS_DONE})\b"
)
_NOT_BAD = re.compile(r"\bnot (?:so |too |that |at all )?(?:bad|wrong|terrible|awful)\b|\bnothing (?:is )?wrong\b")
_UNMEANT = {"thanks": _NO_THANKS, "done": _NOT_DONE, "negative": _NOT_BAD}
_QUESTION = re.compile(
    r"(?:^|[.!,;:\n] ?|\b(?:ok|okay|and|so|but|hi|hello|hey|good|great|thanks|well|yes|no|then) )"
    r"(?:whats?(?! an? (?:great|nice|lovely|good|mess|shame))|how(?! (?:nice|lovely|cool|great)\b)|"
    r"when(?= (?:should|do|does|is|are|can|will|shall))|where|why|which|who|can (?:i|you|we|it|they)|"
    r"could (?:i|you|we|it)|should (?:i|we|it|they|the)|shall (?:i|we)|is (?:it|that|this|there|the)|"
    r"are (?:you|we|they|there|these|those|the)|do (?:i|you|we|they)|does (?:it|this|that|the)|did (?:i|you|it)|"
    r"will (?:it|you|this|that|they)|would (?:you|it|that)|may i|any (?:idea|tips|suggestions|recipe))\b"
)
_OF_ASSISTANTS = {
    "refusal": _any_of(
        r"(?:i|we)(?:'m| am|'re| are)? (?:really |also |afraid i |sorry,? (?:but )?i )?"
        r"(?:can't|cannot|can not|could not|couldn't|won't|will not|(?:unable|not able|not allowed|not permitted) to)"
        r"(?: also| not| really| actually| directly)? "
        r"(?:answer|help|assist|reply|respond|provide|do (?:that|this|it)|share|give|find|offer|discuss|fulfil|tell|"
        r"access|suggest|recommend|make that|comment|guarantee|create|generate|look|be of)\b",
        r"(?:i|we) (?:don't|do not|didn't|did not) (?:currently |actually |really |seem to )?"
        r"(?:have|know|find)(?: of)? (?:a|any|that|the|an|this|such)(?: \w+){0,4}? ?"
        r"(?:recipes?|answer|information|match(?:es)?|cocktails?|dish(?:es)?)\b",
        r"(?:sorry|unfortunately|honestly)[,.! ]+(?:but )?i (?:don't|do not) know\b",
        r"i (?:don't|do not) know(?:[,. ]+sorry)?\s*(?:$|[.!:])",
        r"(?:no|zero) (?:\w+ )?(?:recipes?|matches|results|dishes) (?:\w+ ){0,5}?(?:found|match|matched|matching)\b",
        r"(?:found|have) no (?:\w+ )?(?:recipes?|matches|results|match)\b",
        r"(?:that's|that is|this is) (?:outside|not something i)\b",
        r"beyond (?:my|what i)\b",
        r"(?:as an ai|against my (?:guidelines|policy)|not something i can)\b",
        r"(?:cannot|can't) (?:also |not )*(?:answer|reply to|help(?: you)? with) (?:that|this|your)\b",
    ),
    "error": _any_of(
        r"something (?:\w+ )?(?:went|has gone|is) wrong\b",
        r"(?:an?|internal|unexpected|unknown|server|network|technical|system) (?:\w+ )?(?:error|problem|issue)s? "
        r"(?:has |have |just )?(?:occurred|happened|came up|prevented|on (?:my|our) (?:end|side))\b",
        r"(?:ran into|encountered|hit|got|received|having|experiencing) (?:an? |some |a few )?(?:\w+ ){0,2}?"
        r"(?:errors?|technical \w+|connection \w+)\b",
        r"(?:internal server error|technical difficult(?:y|ies)|timed out|time-?out|rate limit)",
        r"(?:service|server|system|database|tool|search|api)s? (?:is|are|seems?(?: to be)?) "
        r"(?:currently |temporarily )?(?:unavailable|down|offline|not (?:responding|available|working))\b",
        r"(?:failed|unable|couldn't|could not|can't|cannot) (?:to )?"
        r"(?:load|fetch|connect|reach|complete|process|retrieve)\b",
        r"(?:had|having) trouble (?:connecting|loading|reaching|processing|retrieving|looking|with)\b",
        r"please (?:try|retry)(?: that)? again (?:later|in (?:a|an|\d)|shortly|soon)",
        r"(?:oops|whoops)\b.{0,20}\b(?:wrong|error|broke|failed)\b",
    ),
}
# Whatever a pattern finds holds a word, spaces around it, with one of these in it. Most words hold none, and to look a
# word up is quicker than to search a text.
_HINTS = {
    signal: tuple(hints.split("|"))
    for signal, hints in {
        "next_step": "next|now|what|else|step|ingredient|instruction|start|begin|proceed|continue|ready|go |going|"
        "carry|move|?",
        "timer": "timer|alarm|remind|alert|notify|tell|warn|ping|left|remaining",
        "done": f"done|finished|completed|ready|did|oven| set|{_VERBS_DONE}",
        "thanks": "thank|thx|tnx|thnx|ty|cheers|obliged|appreciat|grateful",
        "saved": "save|bookmark|favo|star|pin|keep|add",
        "negative": "not|n't|wrong|incorrect|bad|stupid|gross|ridiculous|confusing|ruined|nonsense|garbage|annoying|"
        "terrible|awful|horrible|disgusting|inedible|useless|rubbish|worst|unhelpful|disappoint|frustrat|salty|bland|"
        "dry|bitter|greasy|burnt|burned|tough|soggy|mushy|watery|messed|failed|exploded|hate|dislike|forget|waste|wtf",
        "refusal": "not|n't|unable|no |zero|outside|beyond| ai|against",
        "error": "not|n't|wrong|error|problem|issue|technical|connection|timed|timeout|time-out|limit|"
        "unavailable|down|offline|failed|unable|trouble|try|oops|whoops",
    }.items()
}


LONGEST_REMEMBERED, MOST_REMEMBERED = 40, 20_000  # letters, words


class _Hinted(dict[str, frozenset[str]]):
    """By word the signals that it hints at: looked for once, as people use few words, and most of them often."""

    def __missing__(self, word: str) -> frozenset[str]:
        padded = f" {word} "
        found = frozenset(signal for signal, hints in _HINTS.items() if any(hint in padded for hint in hints))
        if len(word) <= LONGEST_REMEMBERED:
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[word] = found
        return found


_HINTED = _Hinted()
# A turn with one of these is no rephrasing of the one before, however alike.
_MOVING_ON = frozenset({"next_step", "done", "timer"})
_WORD = re.compile(r"[\w']+")
_PATTERNS = {"user": _OF_USERS, "assistant": _OF_ASSISTANTS}


def find_signals(
    text: str,
    role: str,
    previous_user_text: str | None = None,
    seconds_since_previous: float | None = None,
) -> frozenset[str]:
    """The signals in `text`, said by `role`; roles other than "user" and "assistant" give none.

    `previous_user_text` is the user's turn before, `seconds_since_previous` how long ago it was; without both nothing
    is a rephrasing. Nor is a turn that moves on: "what is next?" is said at each step.
    """
    patterns = _PATTERNS.get(role)
    if patterns is None:
        return frozenset()
    lower = text.lower().replace("’", "'").strip()
    found = set()
    for signal in frozenset[str]().union(*map(_HINTED.__getitem__, set(lower.split()))):
        pattern = patterns.get(signal)
        if pattern is None or pattern.search(lower) is None:
            continue
        if signal not in _UNMEANT or pattern.search(_UNMEANT[signal].sub(" ", lower)):
            found.add(signal)
    if role == "assistant":
        return frozenset(found)
    if "?" in lower or _QUESTION.search(lower):
        found.add("question")
    if previous_user_text is not None and seconds_since_previous is not None and found.isdisjoint(_MOVING_ON):
        within = 0 <= seconds_since_previous <= REPHRASED_WITHIN_S
        if within and _alike(lower, previous_user_text.lower().replace("’", "'")) >= REPHRASED_ALIKE:
            found.add("rephrase")
    return frozenset(found)


def _alike(one: str, other: str) -> float:
    """Jaccard's index of the words of two texts."""
    words, others = set(_WORD.findall(one)), set(_WORD.findall(other))
    return len(words & others) / len(words | others) if words and others else 0.0
