"""`python -m tests.redaction.score`: the figures of docs/redaction.md, and with `--missed` what they are made of."""

import sys

from tests.redaction.scoring import CORE, HELD_OUT, KINDS, TUNED_ON, recipe_prose, score, touched, traps

COUNT = 4_000


def main() -> None:
    seed = TUNED_ON if "--tuned" in sys.argv else HELD_OUT
    scores = {kind: score(kind, COUNT, seed) for kind in KINDS}
    for kind, own in scores.items():
        print(f"{kind:<18} recall {own.recall:7.2%}  of {own.planted:,}")
    core = [scores[kind] for kind in CORE]
    print(f"{'core':<18} recall {sum(own.gone for own in core) / sum(own.planted for own in core):7.2%}")
    for name, texts in (("clean with traps", traps(COUNT, seed)), ("recipe prose", recipe_prose())):
        count, changed = touched(texts)
        print(f"{name:<18} touched {1000 * len(changed) / count:6.2f} of 1,000, of {count:,}")
        if "--missed" in sys.argv:
            print("\n".join(f"    {before[:100]!r} -> {after[:100]!r}" for before, after in changed[:40]))
    if "--missed" in sys.argv:
        for kind, own in scores.items():
            print(kind, *(f"    {text!r}" for text in own.missed[:40]), sep="\n")


if __name__ == "__main__":
    main()
