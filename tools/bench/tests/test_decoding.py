"""The cost of photos and of web pages is printed for each of them."""

import pytest

from images.files import ImageFile
from images.models import Image
from tools.bench import hostile_pages, photo_costs
from tools.bench.memory import forget_peak, megabytes


def rows(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    """Return the cells of the table that was printed, without its head."""
    lines = capsys.readouterr().out.splitlines()
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if "|" in line][2:]


@pytest.mark.django_db(transaction=True)
def test_each_photo_is_previewed_and_saved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(photo_costs, "TIMES", 2)
    photo_costs.print_photos((64, 48), (128, 96), (256, 160))
    found = rows(capsys)
    assert [row[0] for row in found] == ["JPEG", "JPEG", "JPEG", "HEIC", "AVIF"]
    assert [row[5] for row in found] == [
        *("64 × 48", "128 × 96", "256 × 160", "64 × 48", "64 × 48")
    ]
    assert all(float(row[3]) > 0 or float(row[4]) > 0 for row in found)
    # A decoder that did nothing would have less.
    assert all(20 < int(row[6]) < 390 for row in found)
    assert not Image.objects.exists()
    assert not ImageFile.objects.exists()


def test_each_page_is_read_within_its_budget(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hostile_pages, "MAX_PAGE_BYTES", 20_000)
    monkeypatch.setattr(hostile_pages, "HOSTILE_PAGES", {"tags": "<b>", "links": "<a href=b>"})
    hostile_pages.measure()
    found = rows(capsys)
    assert {row[0] for row in found} == {"tags", "links", "**an ordinary article**"}
    assert all(row[1].endswith(" ms") and row[2].endswith(" MB") for row in found)
    monkeypatch.setattr(hostile_pages, "BUDGET", 0)
    with pytest.raises(SystemExit):
        hostile_pages.measure()


def test_the_peak_of_memory_is_forgotten() -> None:
    large = b"x" * (64 << 20)
    before = megabytes("VmHWM")
    del large
    forget_peak()
    assert megabytes("VmHWM") < before - 50
