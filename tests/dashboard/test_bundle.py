"""Modules put into one do what they did apart: what is run here is run by node."""

import subprocess

import pytest

from parcook.dashboard.bundle import bundle


def run(modules: dict[str, str], entry: str = "app.js") -> list[str]:
    """What the bundle prints."""
    done = subprocess.run(
        ["node", "--input-type=module", "-"], input=bundle(modules, entry), capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_names_reach_across_modules_under_the_names_they_are_taken_by() -> None:
    modules = {
        "app.js": 'import { double as twice, ONE } from "./kit/sums.js";\nconsole.log(twice(ONE), typeof double);\n',
        "kit/sums.js": "export const ONE = 1;\nexport function double(n) {\n  return 2 * n;\n}\n",
    }
    assert run(modules) == ["2", "undefined"]


def test_every_form_of_export_that_we_write_is_known() -> None:
    modules = {
        "app.js": 'import {\n  A,\n  b,\n  c,\n  d,\n} from "./all.js";\nconsole.log(new A().n, b, c(), await0(d));\n'
        "function await0(f) {\n  return f() instanceof Promise;\n}\n",
        "all.js": "export class A {\n  n = 1;\n}\nexport const b = 2;\nexport function c() {\n  return 3;\n}\n"
        "export async function d() {\n  return 4;\n}\n",
    }
    assert run(modules) == ["1", "2", "3", "true"]


def test_exports_at_the_end_are_known_as_bundlers_write_them() -> None:
    modules = {
        "app.js": 'import { line, area } from "./d3.js";\nconsole.log(line, area);\n',
        "d3.js": "var a=1,b=2;export{a as line,b as area};\n",
    }
    assert run(modules) == ["1", "2"]


def test_a_module_runs_once_and_before_those_that_import_it() -> None:
    modules = {
        "app.js": 'import { b } from "./b.js";\nimport { a } from "./a.js";\nconsole.log("app", a, b);\n',
        "a.js": 'console.log("a");\nexport const a = 1;\n',
        "b.js": 'import { a } from "./a.js";\nconsole.log("b");\nexport const b = a + 1;\n',
    }
    assert run(modules) == ["a", "b", "app", "1", "2"]


def test_what_is_imported_when_needed_is_there_when_needed_even_around_a_circle() -> None:
    modules = {
        "app.js": 'import { again } from "./names.js";\nagain().then(({ tell }) => tell());\nconsole.log("app");\n',
        "late.js": 'import { name } from "./names.js";\nexport function tell() {\n  console.log("late", name);\n}\n',
        "names.js": 'export const name = "x";\nexport const again = () => import("./late.js");\n',
    }
    assert run(modules) == ["app", "late", "x"]


def test_doc_comments_are_left_out_and_text_like_them_in_code_is_not() -> None:
    made = bundle({"app.js": '/** Says */\nconst x = /** @type {import("./t.js").T} */ ("a /* b */");\n'}, "app.js")

    assert "Says" not in made
    assert "@type" not in made
    assert '"a /* b */"' in made


REFUSED = {
    "a module that is not there": ('import { a } from "./none.js";\n', "there is no module none.js"),
    "an import of everything": ('import * as all from "./a.js";\n', "not a form of import or export"),
    "an import for its effect": ('import "./a.js";\n', "not a form of import or export"),
    "a default export": ("export default 1;\n", "not a form of import or export"),
    "a variable that others could see change": ("export let a = 1;\n", "not a form of import or export"),
    "an address that is not known before": ("import(`./${name}.js`);\n", "not a form of import or export"),
    "a template over lines": ("const a = `\n  b`;\n", "lose its indentation"),
    "a circle": ('import { a } from "./circle.js";\n', "in a circle"),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_it_cannot_bundle_is_refused_and_named(text: str, reason: str) -> None:
    circle = 'import { b } from "./app.js";\nexport const a = 1;\n'
    modules = {"app.js": text, "a.js": "export const a = 1;\n", "circle.js": circle}
    with pytest.raises(ValueError, match=reason):
        bundle(modules, "app.js")
