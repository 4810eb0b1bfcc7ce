"""English singulars and plurals by rule, for looking a word up in both forms; made-up forms are to be expected."""

_ES = ("s", "x", "z", "ch", "sh", "o")


def pluralise(word: str) -> str:
    """`word` in the plural."""
    if word.endswith("y") and word[-2:-1] not in ("", *"aeiou"):
        return word[:-1] + "ies"
    if word.endswith("f") and not word.endswith("ff"):
        return word[:-1] + "ves"
    return word + ("es" if word.endswith(_ES) else "s")


def singularise(word: str) -> str:
    """`word` in the singular, if it is a plural."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "zes", "oes", "sses")):
        return word[:-2]
    return word if word.endswith("ss") else word.removesuffix("s")


def other_forms(name: str) -> list[str]:
    """`name` with its last word in every singular and plural it might have; `name` itself is not among them."""
    start, space, word = name.rpartition(" ")
    if len(word) < 3:
        return []
    forms = [word + "s", pluralise(word)]
    if word.endswith("s") and not word.endswith("ss"):
        forms = [word[:-1]]
        if word.endswith("ies"):
            forms.append(word[:-3] + "y")
        elif word.endswith("ves"):
            forms += [word[:-3] + "f", word[:-3] + "fe"]
        elif word.endswith("es"):
            forms.append(word[:-2])
    return [start + space + form for form in dict.fromkeys(forms)]
