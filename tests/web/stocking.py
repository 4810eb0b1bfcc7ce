"""A small catalogue whose every number can be counted on the fingers, put in over HTTP."""

from typing import Any

TREE = {"Spirits": None, "Gin": "Spirits", "Dry gin": "Gin", "Rum": "Spirits", "Juice": None, "Lime": "Juice"}
RECIPES = {
    "Martini": ["Dry gin"],
    "Gimlet": ["Gin", "Lime"],
    "Dry gimlet": ["Dry gin", "Gin", "Lime"],  # two under Gin, which still counts this recipe once
    "Daiquiri": ["Rum", "Lime"],
    "Cuba": ["Rum", "Gin"],
    "Water": [],
}
# name: (direct_usage, hierarchical_usage, uses, children_preview)
USAGE = {
    "Spirits": (0, 5, 7, ["Gin", "Rum"]),
    "Juice": (0, 3, 3, ["Lime"]),
    "Gin": (3, 4, 5, ["Dry gin"]),
    "Lime": (3, 3, 3, []),
    "Rum": (2, 2, 2, []),
    "Dry gin": (2, 2, 2, []),
}
COMPLEXITY = {0: 1, 1: 1, 2: 3, 3: 1}


def stock(client: Any) -> dict[str, int]:
    """Put it in; the ids of the ingredients by name."""
    ids: dict[str, int] = {}
    for name, parent in TREE.items():
        response = client.post("/api/v1/ingredients", json={"name": name, "parent_id": ids.get(parent)})
        ids[name] = response.json()["id"]
    for name, contents in RECIPES.items():
        lines = [{"ingredient_id": ids[ingredient]} for ingredient in contents]
        response = client.post("/api/v1/recipes", json={"name": name, "ingredients": lines})
        assert response.status_code == 201, response.text
    return ids


def usage_rows(ids: dict[str, int], *names: str) -> list[dict[str, Any]]:
    """The rows of `names` as the API must tell them."""
    rows = []
    for name in names:
        direct, hierarchical, uses, preview = USAGE[name]
        ancestors = [name]
        while (parent := TREE[ancestors[0]]) is not None:
            ancestors.insert(0, parent)
        rows.append(
            {
                "ingredient_id": ids[name],
                "ingredient_name": name,
                "parent_id": ids.get(str(TREE[name])),
                "path": "/" + "".join(f"{ids[ancestor]}/" for ancestor in ancestors),
                "level": len(ancestors) - 1,
                "recipe_count": hierarchical,
                "direct_usage": direct,
                "hierarchical_usage": hierarchical,
                "uses": uses,
                "has_children": bool(preview),
                "children_preview": preview,
            }
        )
    return rows
