def test_an_edit_becomes_a_served_answer(admin):
    gin = admin.post("/api/v1/ingredients", json={"name": "Gin"}).json()
    made = admin.post("/api/v1/recipes", json={"name": "Martini", "ingredients": [{"ingredient_id": gin["id"]}]})
    assert made.status_code == 201
    answer = admin.get("/api/v1/analytics/ingredient-usage").json()
    assert [row["hierarchical_usage"] for row in answer["data"]] == [1]
    assert answer["metadata"]["source"] == "live"
