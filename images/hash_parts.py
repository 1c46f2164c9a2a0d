from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import connection, models
from django.db.models import Index

from images.perceptual_hash import MAX_DISTANCE, distance, parts

if TYPE_CHECKING:
    from images.files import ImageFile

# Of the files that have a part in common with a picture, this many of the newest are compared.
COMPARED = 20


class HashPartQuerySet(models.QuerySet["HashPart"]):
    def add(self, file: "ImageFile") -> None:
        """Store the parts of the hash of a file, if it has one."""
        found = [
            self.model(number=number, file=file) for number in parts(file.perceptual_hash or "")
        ]
        self.bulk_create(found, ignore_conflicts=True)

    def similar(self, digits: str) -> list[int]:
        """Return the keys of the files that look like a picture, the most similar first."""
        hashes = self._hashes_with_parts(parts(digits)).items()
        distances = sorted((distance(digits, other), pk) for pk, other in hashes)
        return [pk for far, pk in distances if far <= MAX_DISTANCE]

    def _hashes_with_parts(self, numbers: Iterable[int]) -> dict[int, str]:
        fields = "file", "file__perceptual_hash"
        files = self.filter(file__unused_since=None).order_by("-file").values_list(*fields)
        newest = [files.filter(number=number)[:COMPARED] for number in numbers]
        if not newest:
            return {}
        # SQLite takes no limit inside a UNION, except in a subquery.
        compiled = [queryset.query.sql_with_params() for queryset in newest]
        sql = " UNION ".join(f"SELECT * FROM ({sql}) AS part" for sql, _ in compiled)  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for _, values in compiled for value in values])
            return dict(cursor.fetchall())


class HashPart(models.Model):
    """A part of the perceptual hash of a file, by which similar pictures are found."""

    number = models.IntegerField()
    file = models.ForeignKey(
        "images.ImageFile", models.DB_CASCADE, related_name="+", db_index=False
    )

    objects = HashPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="hash_part_once")]
        indexes = [Index(fields=["number", "-file"], name="hash_part_number")]

    def __str__(self) -> str:
        return f"{self.number:x}"
