"""The golden catalogue: 126 ingredients in ten groups, and 412 recipes over them, the same in every run."""

import random
from functools import cache

from parcook.catalogue.hierarchy import Usage, measure_usage

# Two spaces deeper is below; ids count from 1 in this order.
TREE = """\
Spirits
  Whiskey
    Bourbon
      Wheated bourbon
      High-rye bourbon
    Rye
    Scotch
      Islay Scotch
      Blended Scotch
      Speyside Scotch
    Irish whiskey
    Japanese whisky
  Gin
    London dry gin
    Old Tom gin
    Genever
    Navy strength gin
    Sloe gin
  Rum
    White rum
    Aged rum
      Jamaican rum
      Demerara rum
    Overproof rum
    Rhum agricole
    Spiced rum
    Cachaça
  Agave spirits
    Tequila
      Blanco tequila
      Reposado tequila
      Añejo tequila
    Mezcal
      Espadín mezcal
      Tobalá mezcal
  Brandy
    Cognac
    Pisco
    Calvados
    Armagnac
  Vodka
    Citrus vodka
    Plain vodka
Citrus
  Lime juice
  Lemon juice
  Orange juice
  Grapefruit juice
  Lime peel
  Lemon peel
  Orange peel
  Yuzu juice
Liqueurs
  Orange liqueur
    Curaçao
    Triple sec
    Blood orange liqueur
  Herbal liqueur
    Green herbal liqueur
    Yellow herbal liqueur
    Honey and herb liqueur
    Saffron liqueur
  Maraschino
  Amaretto
  Coffee liqueur
  Elderflower liqueur
  Falernum
  Crème de cassis
  Crème de violette
Syrups & sweeteners
  Simple syrup
  Rich demerara syrup
  Honey syrup
  Agave syrup
  Grenadine
  Orgeat
  Ginger syrup
  Cinnamon syrup
  Maple syrup
Fortified wine
  Vermouth
    Sweet vermouth
    Dry vermouth
    Blanc vermouth
  Sherry
    Fino sherry
    Oloroso sherry
    Pedro Ximénez
  Quinquina
  Port
Bitters
  Aromatic bitters
  Orange bitters
  Creole bitters
  Chocolate bitters
  Celery bitters
Amari & aperitifs
  Red bitter
  Orange aperitif
  Fernet
  Artichoke amaro
  Sicilian amaro
  Gentian aperitif
Mixers
  Soda water
  Tonic water
  Ginger beer
  Sparkling wine
    Prosecco
    Champagne
    Cava
  Cola
  Coconut cream
  Pineapple juice
Herbs & garnish
  Mint
  Basil
  Rosemary
  Cucumber
  Cherry
  Olive
  Jalapeño
Eggs & dairy
  Egg white
  Whole egg
  Cream
"""

TOTAL_RECIPES = 412
IN_NO_RECIPE = {"Tobalá mezcal", "Armagnac", "Saffron liqueur", "Celery bitters", "Gentian aperitif", "Cava", "Port"}

COCKTAILS: dict[str, tuple[str, ...]] = {
    "Negroni": ("London dry gin", "Red bitter", "Sweet vermouth"),
    "Margarita": ("Blanco tequila", "Triple sec", "Lime juice"),
    "Old Fashioned": ("Bourbon", "Aromatic bitters", "Simple syrup", "Orange peel"),
    "Espresso Martini": ("Plain vodka", "Coffee liqueur", "Simple syrup"),
    "Mojito": ("White rum", "Lime juice", "Mint", "Simple syrup", "Soda water"),
    "Whiskey Sour": ("Bourbon", "Lemon juice", "Simple syrup", "Egg white"),
    "Paloma": ("Blanco tequila", "Grapefruit juice", "Lime juice", "Soda water"),
    "Daiquiri": ("White rum", "Lime juice", "Simple syrup"),
    "Spritz": ("Orange aperitif", "Prosecco", "Soda water"),
    "Naked & Famous": ("Espadín mezcal", "Orange aperitif", "Yellow herbal liqueur", "Lime juice"),
    "Moscow Mule": ("Vodka", "Ginger beer", "Lime juice"),
    "Penicillin": ("Blended Scotch", "Islay Scotch", "Lemon juice", "Ginger syrup", "Honey syrup"),
}
"""The recipes that people talk about most; each is in the catalogue."""


@cache
def ingredients() -> tuple[tuple[int, str, int | None], ...]:
    """(id, name, parent id) of every ingredient, parents first."""
    found: list[tuple[int, str, int | None]] = []
    above: list[int] = []
    for number, line in enumerate(TREE.splitlines(), start=1):
        name = line.lstrip()
        depth = (len(line) - len(name)) // 2
        found.append((number, name, above[depth - 1] if depth else None))
        above[depth:] = [number]
    return tuple(found)


@cache
def recipes() -> tuple[tuple[int, ...], ...]:
    """The ingredient ids of every recipe: `COCKTAILS` first, in their order, then nameless ones."""
    ids = {name: number for number, name, _ in ingredients()}
    chance = random.Random(412)
    pool = [number for number, name, parent in ingredients() if parent and name not in IN_NO_RECIPE]
    weights = [chance.paretovariate(1.1) for _ in pool]
    named = [tuple(ids[name] for name in lines) for lines in COCKTAILS.values()]
    others = []
    for _ in range(TOTAL_RECIPES - len(named)):
        size = min(10, max(2, round(chance.gauss(4.4, 1.6))))
        others.append(tuple(dict.fromkeys(chance.choices(pool, weights, k=size))))
    return (*named, *others)


@cache
def usage() -> Usage:
    """What the product itself counts in this catalogue."""
    pairs = [(number, line) for number, lines in enumerate(recipes(), start=1) for line in lines]
    return measure_usage(ingredients(), pairs, TOTAL_RECIPES)
