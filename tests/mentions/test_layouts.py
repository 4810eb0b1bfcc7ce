import pytest

from parcook.conversations.mentions import find_names


@pytest.mark.parametrize(
    "text",
    [
        "# Fig Tart\n\n## Ingredients\n- figs",
        "## 🥧 Recipe: Fig Tart (Serves 8)\n\n**Ingredients**\n- figs",
        "**Fig Tart**\n\nIngredients:\n- figs",
        "### **Fig Tart** 🥧\n- figs",
        "Fig Tart\n========\n\nIngredients\n-----------\n* figs",
        "FIG TART\n\nINGREDIENTS\n2 cups figs",
        "Fig Tart\n\n2 cups figs\n1 cup flour",
        "> **Fig Tart**\n>\n> Serves 8",
        "Recipe: Fig Tart\nServes: 8",
        "**Name:** Fig Tart\n**Serves:** 8",
        "# How to Make a Fig Tart at Home\n\nYou'll need:\n- figs",
        "## 1. Fig Tart – An Autumn Classic\n\n### Steps\n1. Slice the figs.",
        "Here's the recipe for a classic **Fig Tart**:\n\n- figs",
        "1. **Fig Tart**\n\nSlice the figs.",
        "That's your Fig Tart!",
        "Your fig tart is ready.",
        "You could make a fig tart.",
        "A fig tart is an autumn dessert.",
        "How does a fig tart sound?",
    ],
)
def test_one_recipe_is_found_in_many_layouts(text: str):
    assert [name.lower() for name in find_names(text, "assistant")] == ["fig tart"]


@pytest.mark.parametrize(
    "text",
    [
        "Some ideas:\n\n1. **Fig Tart** – sweet\n2. **Beef Stew** – hearty\n3. **Greek Salad** – fresh",
        "Some ideas:\n- Fig Tart (40 min)\n- Beef Stew (2 h)\n- Greek Salad (5 min)",
        "### Option 1: Fig Tart\nSweet.\n\n### Option 2: Beef Stew\nHearty.\n\n### Option 3: Greek Salad\nFresh.",
        "**Dessert:** Fig Tart\n**Main:** Beef Stew\n**Salad:** Greek Salad",
        "- Monday: Fig Tart\n- Tuesday: Beef Stew\n- Wednesday: Greek Salad",
        "🥧 **Fig Tart** — sweet\n🥘 **Beef Stew** — hearty\n🥗 **Greek Salad** — fresh",
        "1️⃣ **Fig Tart**\n2️⃣ **Beef Stew**\n3️⃣ **Greek Salad**",
        "* [Fig Tart](https://a.example/1)\n* [Beef Stew](https://a.example/2)\n* [Greek Salad](https://a.example/3)",
        "You could make Fig Tart, Beef Stew, or Greek Salad.",
        "| Meal | Dish |\n|---|---|\n| Lunch | Fig Tart |\n| Dinner | Beef Stew |\n| Late | Greek Salad |",
        "Recipes I'd suggest: Fig Tart, Beef Stew, and Greek Salad.",
    ],
)
def test_several_recipes_are_found_in_many_layouts(text: str):
    assert find_names(text, "assistant") == ["Fig Tart", "Beef Stew", "Greek Salad"]


@pytest.mark.parametrize(
    "text",
    [
        "Instead of eggs:\n- **Applesauce** – ¼ cup\n- **Flax egg** – 1 tbsp",
        "## Ingredients\n### Salsa\n- tomatoes\n### Guacamole\n- avocados",
        "You'll need:\n- Pizza dough\n- Tomato sauce\n- Hamburger buns",
        "**Shopping list**\n- Tortilla chips\n- Salsa",
        "1. **Preheat the oven**\n2. **Toss the salad**\n3. **Bake**",
        "## Tips\n1. **Potato salad** keeps for three days",
        "**Why is my bread dense?**\n- Old yeast",
        "| Cut | Temperature |\n|---|---|\n| Pork chops | 145°F |",
        "### Step 2: Make the Salad\nToss everything.",
    ],
)
def test_parts_of_recipes_and_advice_are_no_names(text: str):
    assert find_names(text, "assistant") == []
