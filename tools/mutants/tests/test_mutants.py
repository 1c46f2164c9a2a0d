"""The list of mutants fits the code, so that `make mutants` can be run at any time."""

from tools.mutants.__main__ import ROOT, load_mutants


def test_each_mutant_changes_text_that_occurs_once_and_names_existing_tests() -> None:
    for mutant in load_mutants():
        text = (ROOT / mutant.file).read_text()
        assert mutant.mutate(text) != text, mutant.name
        assert all((ROOT / test.partition("::")[0]).is_file() for test in mutant.tests), mutant.name
